//! What a lesson has the window do: what a person could do as well, through the same commands and the same controls.

use datasets::{ClassId, Seed};
use latent_space::Path;
use serde::Deserialize;
use studio::Sampler;

use super::{Seen, limits};
use crate::state::{
    classes::class_id,
    command::{Command, CompareCommand, NotebookCommand, SceneCommand, WindowCommand},
    controls::{CompareWith, Controls, Space},
    model::OpenModel,
    samples,
    scene::{Scene, Start},
};

/// Something that the window does.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Action {
    /// Bring a space to the front.
    Open(Space),
    /// Start from a class; a model that is given the class draws it.
    Start(String),
    /// Start from an image of the model's sample, by its number in the window.
    TestImage(#[serde(deserialize_with = "limits::place")] usize),
    /// Draw every unlocked dimension at random.
    Randomise,
    /// Put every unlocked dimension on its mean.
    Mean,
    /// Back to where the latent came from.
    Back,
    /// Put a slider somewhere.
    Move {
        /// Which one, counted from the top.
        #[serde(deserialize_with = "limits::place")]
        slider: usize,
        /// Where, in standard deviations from its mean.
        #[serde(deserialize_with = "limits::sigmas")]
        to: f32,
    },
    /// Choose a slider, so that the strip shows where it leads.
    Walk(#[serde(deserialize_with = "limits::place")] usize),
    /// Go to a place between two classes.
    Between {
        /// Where the way starts.
        from: String,
        /// Where it ends.
        to: String,
        /// How far along it, in 0..1.
        #[serde(deserialize_with = "limits::share")]
        share: f32,
    },
    /// Draw samples of this class in Anchors.
    Samples(String),
    /// Spread them so far.
    Noise(#[serde(deserialize_with = "limits::noise")] f32),
    /// Open the first sample in Explore that the classifier takes for another class.
    WrongSample,
    /// The class to explain.
    Target(String),
    /// Whether Explain asks what would have to change.
    WhatIf(bool),
    /// Show this in Compare.
    Compare(CompareWith),
    /// Draw in so many steps, where a refiner or a diffusion draws.
    Steps(usize),
    /// Draw with other chance, where a refiner or a diffusion draws.
    OtherDetail,
    /// Ask for the name of a slider.
    Name(#[serde(deserialize_with = "limits::place")] usize),
    /// Show the heatmap, or hide it.
    Heatmap(bool),
}

/// What follows from an action.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// Commands to carry out.
    Send(Vec<Command>),
    /// The scene in front as it is to be: what a slider or a list would have set.
    Scene(Box<Scene>),
    /// Whether Explain asks what would have to change.
    WhatIf(bool),
    /// Whether the heatmap lies on the picture.
    Heatmap(bool),
}

impl Action {
    /// What to do with the model in front.
    ///
    /// # Errors
    /// If the model has no such class, slider or image; the message says so.
    pub fn deed(&self, seen: Seen<'_>) -> Result<Deed, String> {
        let (Some(open), Some(scene)) = (seen.open(), seen.controls.scene()) else {
            return Err("the model is not open".to_owned());
        };
        let dimension = |place: usize| {
            let dim = seen.dimension(place);
            dim.ok_or_else(|| format!("the model has no slider {place}"))
        };
        Ok(match self {
            Self::Open(space) => send(WindowCommand::GoTo(*space)),
            Self::Start(name) => start(class(open, name)?, open),
            Self::TestImage(number) => {
                let count = open.sample.as_ref().map_or(0, |sample| sample.len());
                if *number > count || !open.finds_images() {
                    return Err(format!("the model has no test image {number}"));
                }
                send(SceneCommand::StartFromSample(number - 1))
            }
            Self::Randomise => send(SceneCommand::Randomise),
            Self::Mean => send(SceneCommand::Reset),
            Self::Back => send(SceneCommand::BackToStart),
            Self::Move { slider, to } => {
                let dim = dimension(*slider)?;
                changed(scene, |scene| {
                    scene.latent[dim] = open.space.statistics.from_sigmas(dim, *to);
                    scene.selected = dim;
                })
            }
            Self::Walk(slider) => send(SceneCommand::ShowDimension(dimension(*slider)?)),
            Self::Between { from, to, share } => {
                between([class(open, from)?, class(open, to)?], *share, open)?
            }
            Self::Samples(name) => {
                let class = class(open, name)?;
                changed(scene, |scene| scene.anchors.class = class)
            }
            Self::Noise(noise) => changed(scene, |scene| scene.anchors.noise = *noise),
            Self::WrongSample => wrong_sample(seen, open)?,
            Self::Target(name) => {
                let class = judged(open, name)?;
                changed(scene, |scene| scene.aim_at(Some(class)))
            }
            Self::WhatIf(on) => Deed::WhatIf(*on),
            Self::Compare(with) => send(CompareCommand::Show(*with)),
            Self::Steps(steps) => drawn(open, scene, |sampler| sampler.steps = *steps)?,
            Self::OtherDetail => drawn(open, scene, |sampler| {
                sampler.seed = Seed(sampler.seed.0.wrapping_add(1));
            })?,
            Self::Name(slider) => send(NotebookCommand::AskForName(dimension(*slider)?)),
            Self::Heatmap(on) => Deed::Heatmap(*on),
        })
    }
}

impl Deed {
    /// Sets what is set; gives back the commands that are left to carry out.
    pub fn set(self, controls: &mut Controls) -> Vec<Command> {
        match self {
            Self::Send(commands) => return commands,
            Self::Scene(new) => {
                if let Some(scene) = controls.scene_mut() {
                    *scene = *new;
                }
            }
            Self::WhatIf(on) => controls.counterfactual = on,
            Self::Heatmap(on) => controls.view.overlay = on,
        }
        Vec::new()
    }
}

fn send(command: impl Into<Command>) -> Deed {
    Deed::Send(vec![command.into()])
}

fn changed(scene: &Scene, change: impl FnOnce(&mut Scene)) -> Deed {
    let mut scene = scene.clone();
    change(&mut scene);
    Deed::Scene(Box::new(scene))
}

/// Only a refiner and a diffusion can draw in another way.
fn drawn(
    open: &OpenModel,
    scene: &Scene,
    change: impl FnOnce(&mut Sampler),
) -> Result<Deed, String> {
    if !open.has_refiner() && !open.is_diffusion() {
        return Err("the model has neither a refiner nor a diffusion".to_owned());
    }
    let mut sampler = scene.sampler;
    change(&mut sampler);
    let sampler = open.sampler(sampler);
    Ok(changed(scene, |scene| scene.sampler = sampler))
}

fn class(open: &OpenModel, name: &str) -> Result<ClassId, String> {
    let names = open.drawn_names().iter();
    let place = names.into_iter().position(|drawn| drawn == name);
    let class = place.and_then(|index| open.drawn(index));
    class.ok_or_else(|| format!("the model draws no “{name}”"))
}

/// A class of the judge, which may know others than are drawn.
fn judged(open: &OpenModel, name: &str) -> Result<ClassId, String> {
    let names = open.judge.iter().flat_map(|judge| &judge.class_names);
    let place = names.into_iter().position(|known| known == name);
    let class = place.and_then(class_id);
    class.ok_or_else(|| format!("the classifier knows no “{name}”"))
}

fn start(class: ClassId, open: &OpenModel) -> Deed {
    let anchor = SceneCommand::StartFromAnchor(class).into();
    let given = open.given(Some(class));
    let draw = given.map(|class| SceneCommand::DrawAs(Some(class)).into());
    Deed::Send(draw.into_iter().chain([anchor]).collect())
}

/// Only where latent space is divided into classes does a way lead from one to the other.
fn between([from, to]: [ClassId; 2], share: f32, open: &OpenModel) -> Result<Deed, String> {
    if open.is_conditional() {
        return Err("the classes of this model all lie in one place".to_owned());
    }
    let latent =
        latent_space::interpolate(&open.anchor(from), &open.anchor(to), share, Path::Spherical);
    let start = Start::Morph { from, to, t: share };
    Ok(send(SceneCommand::Explore {
        latent,
        condition: None,
        start,
    }))
}

fn wrong_sample(seen: Seen<'_>, open: &OpenModel) -> Result<Deed, String> {
    let answers = seen.session.answers(&seen.controls.model);
    let grid = answers.grid.as_ref().ok_or("there are no samples yet")?;
    let class = grid.scene.anchors.class;
    let name = open.drawn_name(class);
    let mut said = grid.value.predictions.iter();
    let wrong = said.position(|said| open.judged_name(said.class) != name);
    let sample = wrong.and_then(|index| samples::explore(&grid.scene, open, index));
    let sample = sample.ok_or("the classifier agrees with every sample: turn the noise up")?;
    Ok(send(sample))
}
