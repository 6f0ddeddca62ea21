//! What is measured to know that a step is done: from what is set, and from what the models answered to exactly that.

use serde::Deserialize;

use super::limits;
use crate::state::{
    answers::{Answers, judged},
    class_strip::StripKind,
    controls::{CompareWith, Controls, Space},
    model::OpenModel,
    notebook::{self, Notebook},
    scene::{Scene, Start},
    session::Session,
};

/// What a check looks at.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    /// What is set.
    pub controls: &'a Controls,
    /// What came back.
    pub session: &'a Session,
    /// What the person noted down.
    pub notebook: &'a Notebook,
}

/// Something that is measured.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Check {
    /// A space is in front.
    Space(Space),
    /// The classifier takes the picture for this class, at least so surely.
    Predicted {
        /// Its name.
        class: String,
        /// The confidence, in 0..1.
        #[serde(default, deserialize_with = "limits::share")]
        at_least: f32,
    },
    /// The classifier takes the picture for another class than this, at least so surely.
    PredictedOther {
        /// Its name.
        than: String,
        /// The confidence, in 0..1.
        #[serde(default, deserialize_with = "limits::share")]
        at_least: f32,
    },
    /// The classifier takes the picture for something, at least so surely.
    Sure {
        /// The confidence, in 0..1.
        #[serde(deserialize_with = "limits::share")]
        at_least: f32,
    },
    /// The classifier takes the picture for another class than the one that it was drawn as.
    Disagrees {
        /// The confidence, in 0..1.
        #[serde(default, deserialize_with = "limits::share")]
        at_least: f32,
    },
    /// The gauge of rarity shows so many percent.
    Rarity {
        /// The least.
        #[serde(default, deserialize_with = "limits::percent")]
        at_least: f32,
        /// The most.
        #[serde(default = "all", deserialize_with = "limits::percent")]
        at_most: f32,
    },
    /// A slider was moved since the latent began, by so many standard deviations.
    Moved {
        /// Which one, counted from the top; any of them if none is named.
        #[serde(default, deserialize_with = "limits::some_place")]
        slider: Option<usize>,
        /// How far.
        #[serde(deserialize_with = "limits::distance")]
        sigmas: f32,
    },
    /// The strip under the picture shows where this slider leads.
    Walked(#[serde(deserialize_with = "limits::place")] usize),
    /// The latent began like this.
    Began(Beginning),
    /// The noise of the samples in Anchors.
    Noise {
        /// The least.
        #[serde(default, deserialize_with = "limits::noise")]
        at_least: f32,
    },
    /// So many of the samples in Anchors are taken for another class than the one that they were drawn as.
    WrongSamples {
        /// How many.
        #[serde(deserialize_with = "limits::place")]
        at_least: usize,
    },
    /// Explain shows a walk on which the prediction changes.
    Changed,
    /// Compare shows this.
    Comparing(CompareWith),
    /// A refiner or a diffusion draws in so many steps.
    Steps {
        /// The least.
        #[serde(default)]
        at_least: usize,
        /// The most.
        #[serde(default = "any_number")]
        at_most: usize,
    },
    /// A refiner or a diffusion draws with other chance than usual.
    OtherDetail,
    /// A slider has a name that the person gave it.
    Named(#[serde(deserialize_with = "limits::place")] usize),
    /// The heatmap lies on the picture, or not.
    Heatmap(bool),
    /// All of these hold.
    All(Vec<Check>),
    /// One of these holds.
    Any(Vec<Check>),
}

/// How a latent began.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub enum Beginning {
    /// From a class.
    Class(String),
    /// From an image that was encoded.
    Image,
    /// From a sample in Anchors.
    Sample,
    /// From a random draw.
    Random,
    /// From the mean of all images.
    Mean,
}

fn all() -> f32 {
    100.0
}

fn any_number() -> usize {
    usize::MAX
}

impl<'a> Seen<'a> {
    /// The model in front, once it is open.
    #[must_use]
    pub fn open(self) -> Option<&'a OpenModel> {
        self.session.open(&self.controls.model)
    }

    fn answers(self) -> &'a Answers {
        self.session.answers(&self.controls.model)
    }

    /// What the classifier says of the picture that is set, and how surely: nothing as long as the answer is about another one.
    fn said(self, scene: &Scene) -> Option<(String, f32)> {
        let answer = self.answers().frame.as_ref()?;
        let prediction = answer.value.prediction()?;
        let name = self.open()?.judged_name(prediction.class);
        answer
            .scene
            .looks_like(scene)
            .then_some((name, prediction.confidence))
    }

    /// Training images, in percent, that are less rare than the latent that is set.
    fn rarity(self, scene: &Scene) -> Option<f32> {
        let answer = self.answers().realism.as_ref()?;
        let same = answer.scene.looks_like(scene);
        same.then_some(100.0 - answer.value.density_percentile)
    }

    /// How far a dimension is from where it began, in standard deviations.
    fn moved(self, scene: &Scene, dim: usize) -> Option<f32> {
        let stats = &self.open()?.space.statistics;
        let at = |latent: &[f32]| Some(stats.to_sigmas(dim, *latent.get(dim)?));
        Some((at(&scene.latent)? - at(&scene.origin)?).abs())
    }

    /// Samples that the classifier takes for another class than theirs.
    fn wrong_samples(self, scene: &Scene) -> Option<usize> {
        let open = self.open().filter(|open| open.judge_knows_drawn())?;
        let answer = self.answers().grid.as_ref()?;
        let asked = answer.scene.anchors == scene.anchors;
        let predictions = judged(&answer.value).filter(|_| asked)?;
        let class = open.drawn_name(scene.anchors.class);
        let wrong = |said: &&classifier::Prediction| open.judged_name(said.class) != class;
        Some(predictions.iter().filter(wrong).count())
    }
}

impl Check {
    /// Whether it holds. Without an open model, or before its answer, it does not.
    #[must_use]
    pub fn holds(&self, seen: Seen<'_>) -> bool {
        match self {
            Self::All(checks) => return checks.iter().all(|check| check.holds(seen)),
            Self::Any(checks) => return checks.iter().any(|check| check.holds(seen)),
            Self::Space(space) => return seen.controls.space == *space,
            Self::Comparing(with) => return comparing(seen.controls, *with),
            Self::Heatmap(on) => return seen.controls.view.overlay == *on,
            _ => {}
        }
        let scene = seen.controls.scene();
        scene.is_some_and(|scene| self.holds_of(seen, scene).unwrap_or(false))
    }

    fn holds_of(&self, seen: Seen<'_>, scene: &Scene) -> Option<bool> {
        let open = seen.open()?;
        Some(match self {
            Self::Predicted { class, at_least } => {
                let (name, confidence) = seen.said(scene)?;
                name == *class && confidence >= *at_least
            }
            Self::PredictedOther { than, at_least } => {
                let (name, confidence) = seen.said(scene)?;
                name != *than && confidence >= *at_least
            }
            Self::Sure { at_least } => seen.said(scene)?.1 >= *at_least,
            Self::Disagrees { at_least } => {
                let (name, confidence) = seen.said(scene)?;
                let drawn = open.drawn_name(scene.start.class()?);
                open.judge_knows_drawn() && name != drawn && confidence >= *at_least
            }
            Self::Rarity { at_least, at_most } => {
                (*at_least..=*at_most).contains(&seen.rarity(scene)?)
            }
            Self::Moved { slider, sigmas } => match slider {
                Some(place) => seen.moved(scene, seen.dimension(*place)?)? >= *sigmas,
                None => (0..scene.latent.len())
                    .any(|dim| seen.moved(scene, dim).is_some_and(|by| by >= *sigmas)),
            },
            Self::Walked(place) => walked(seen, scene, seen.dimension(*place)?),
            Self::Began(from) => began(from, &scene.start, open),
            Self::Noise { at_least } => scene.anchors.noise >= *at_least,
            Self::WrongSamples { at_least } => seen.wrong_samples(scene)? >= *at_least,
            Self::Changed => changed(seen, scene)?,
            Self::Steps { at_least, at_most } => {
                (*at_least..=*at_most).contains(&scene.sampler.steps)
            }
            Self::OtherDetail => scene.sampler.seed != open.usual_sampler().seed,
            Self::Named(place) => {
                let weights = notebook::weights(&open.manifest);
                let note = seen.notebook.note(weights, seen.dimension(*place)?)?;
                !note.name.trim().is_empty()
            }
            Self::All(_)
            | Self::Any(_)
            | Self::Space(_)
            | Self::Comparing(_)
            | Self::Heatmap(_) => false,
        })
    }
}

fn comparing(controls: &Controls, with: CompareWith) -> bool {
    controls.space == Space::Compare && controls.compare.with == with
}

/// Whether the strip shows this dimension from where the latent is now.
fn walked(seen: Seen<'_>, scene: &Scene, dim: usize) -> bool {
    let strip = seen.answers().strip.as_ref();
    let kind = seen.open().map(|open| seen.controls.class_strip.kind(open));
    seen.controls.space == Space::Explore
        && kind == Some(StripKind::Walk)
        && scene.selected == dim
        && strip.is_some_and(|strip| strip.scene.selected == dim && strip.scene.looks_like(scene))
}

fn began(from: &Beginning, start: &Start, open: &OpenModel) -> bool {
    match (from, start) {
        (Beginning::Class(name), Start::Anchor(class)) => open.drawn_name(*class) == *name,
        (Beginning::Image, Start::Image(_))
        | (Beginning::Sample, Start::Sample { .. })
        | (Beginning::Random, Start::Prior(_))
        | (Beginning::Mean, Start::Center) => true,
        _ => false,
    }
}

/// Whether Explain shows a walk from this latent to this class, on which the prediction changed.
fn changed(seen: Seen<'_>, scene: &Scene) -> Option<bool> {
    let answer = seen.answers().counterfactual.as_ref()?;
    let same = answer.scene.looks_like(scene) && answer.scene.target == scene.target;
    let shown = seen.controls.space == Space::Explain && seen.controls.counterfactual;
    Some(shown && same && answer.value.flipped)
}
