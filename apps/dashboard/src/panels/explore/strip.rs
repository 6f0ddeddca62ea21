//! The strip under the image: the walk along the selected dimension, or of a conditional model the latent as each class.

use eframe::egui::{Rect, Ui, vec2};

use super::ExplorePanel;
use crate::{
    panels::{self, Context, Open},
    state::{
        controls::{RANGE_SIGMAS, STRIP_STEPS},
        model::OpenModel,
    },
    theme,
    widgets::{self, Sign, Tile, canvas, image_tile, segments, sign_button},
};

const GAP: f32 = 4.0;
/// Where the pictures of the walk would be narrower, every other one is left out.
const LEAST_TILE: f32 = 36.0;
const TITLE: f32 = 20.0 + theme::GAP;
/// Where there is a choice in the title.
const CHOICE: f32 = 36.0;

/// How the pictures of the strip lie.
#[derive(Clone, Copy)]
pub(super) struct Strip {
    /// Width and height of each.
    side: f32,
    /// Every so many steps of the walk are shown.
    every: usize,
    /// How far from the left the first one is.
    indent: f32,
    /// Width of the strip, and height of its title.
    width: f32,
    title: f32,
}

impl Strip {
    /// In so much room for image and strip. The strip yields to the image where the window is low.
    pub(super) fn new(whole: Rect, model: &OpenModel, pixels_per_point: f32) -> Self {
        let room = |count: usize| (whole.width() + GAP) / count as f32 - GAP;
        let every = if room(STRIP_STEPS) < LEAST_TILE { 2 } else { 1 };
        let count = STRIP_STEPS / every;
        let side = room(count).min(whole.height() / 7.0);
        let side = canvas::crisp_side(model.shape(), side, pixels_per_point);
        let walk = count as f32 * (side + GAP) - GAP;
        let indent = ((whole.width() - walk) / 2.0).max(0.0).floor();
        Self {
            side,
            every,
            indent,
            width: whole.width(),
            title: if model.is_conditional() {
                CHOICE
            } else {
                TITLE
            },
        }
    }

    /// Height of the title and the pictures.
    pub(super) fn height(self) -> f32 {
        self.title + Tile::size(self.side, true).y
    }

    /// The steps of the walk that are shown: all, or those of which one is in the middle, too.
    fn steps(self) -> impl Iterator<Item = usize> {
        (self.every - 1..STRIP_STEPS).step_by(self.every)
    }

    /// How many pictures there is room for.
    fn room(self) -> usize {
        ((self.width - self.indent + GAP) / (self.side + GAP)) as usize
    }
}

impl ExplorePanel {
    pub(super) fn strip(&mut self, ui: &mut Ui, context: &mut Context<'_>, strip: Strip) {
        let model = context.session.open(&context.controls.model);
        let conditional = model.is_some_and(OpenModel::is_conditional);
        ui.spacing_mut().item_spacing = vec2(GAP, 0.0);
        ui.horizontal(|ui| {
            ui.set_height(strip.title - 2.0);
            ui.add_space(strip.indent);
            title(ui, context, conditional);
        });
        if conditional && context.controls.class_strip.shown {
            self.as_classes(ui, context, strip);
        } else {
            self.walk(ui, context, strip);
        }
    }

    fn walk(&mut self, ui: &mut Ui, context: &mut Context<'_>, strip: Strip) {
        let Some(open) = panels::open(context.controls, context.session) else {
            return;
        };
        let (scene, stats) = (open.scene, &open.model.space.statistics);
        let Some(answer) = &open.answers.strip else {
            return;
        };
        let dim = answer.scene.selected;
        let images = answer.value.images.iter();
        self.strip.show_images(ui.ctx(), answer.revision, images);
        let now = stats.to_sigmas(dim, scene.latent[dim]);
        let step = 2.0 * RANGE_SIGMAS / (STRIP_STEPS - 1) as f32;
        let mut chosen = None;
        ui.horizontal(|ui| {
            ui.add_space(strip.indent);
            for index in strip.steps().filter(|&index| index < self.strip.len()) {
                let sigmas = index as f32 * step - RANGE_SIGMAS;
                let tile = Tile {
                    atlas: &self.strip,
                    index,
                    side: strip.side,
                    name: &format!("z{dim} at {sigmas:+.1} sigma"),
                    caption: &in_sigma(sigmas),
                    right: None,
                    selected: (now - sigmas).abs() < step / 2.0,
                };
                if image_tile(ui, tile).clicked() {
                    chosen = Some(sigmas);
                }
            }
        });
        if let Some(sigmas) = chosen {
            scene.selected = dim;
            scene.latent[dim] = stats.from_sigmas(dim, sigmas);
        }
    }

    /// The same latent as each class of the page.
    fn as_classes(&mut self, ui: &mut Ui, context: &mut Context<'_>, strip: Strip) {
        let chosen = context.controls.scene().and_then(|scene| scene.condition);
        context.controls.class_strip.fit(strip.room(), chosen);
        let Some(Open {
            model,
            answers,
            scene,
            ..
        }) = panels::open(context.controls, context.session)
        else {
            return;
        };
        let Some(answer) = &answers.classes else {
            return;
        };
        let images = answer.value.gallery.images.iter();
        self.classes.show_images(ui.ctx(), answer.revision, images);
        ui.horizontal(|ui| {
            ui.add_space(strip.indent);
            // An answer from when there was more room goes on to the edge.
            let classes = answer.value.classes.iter().take(strip.room());
            for (index, class) in classes.enumerate() {
                let name = class.map_or_else(String::new, |class| model.drawn_name(class));
                let tile = Tile {
                    atlas: &self.classes,
                    index,
                    side: strip.side,
                    name: &format!("this latent as {name}"),
                    caption: &name,
                    right: None,
                    selected: scene.condition == *class,
                };
                if image_tile(ui, tile).on_hover_text(&name).clicked() {
                    scene.draw_as(*class);
                }
            }
        });
    }
}

/// What the strip shows; of a conditional model it can be chosen.
fn title(ui: &mut Ui, context: &mut Context<'_>, conditional: bool) {
    let shown = conditional && context.controls.class_strip.shown;
    // While the classes are shown nobody asks for the walk, and its last answer may be of another dimension.
    let answer = context.answers().strip.as_ref().filter(|_| !shown);
    let scene = answer
        .map(|answer| &answer.scene)
        .or(context.controls.scene());
    let Some(dim) = scene.map(|scene| scene.selected) else {
        return;
    };
    let (walk, narrow) = (format!("Walk along z{dim}"), theme::is_narrow(ui));
    let strip = &mut context.controls.class_strip;
    if shown && narrow {
        // The pages need the room.
        if ui.button("Walk").accessible_name(&walk).clicked() {
            strip.shown = false;
        }
    } else if conditional {
        let choices = [(false, walk), (true, "Classes".to_owned())];
        strip.shown = segments(ui, strip.shown, choices).unwrap_or(strip.shown);
    } else {
        widgets::title(ui, &walk);
    }
    if shown {
        pages(ui, context);
    } else if !narrow {
        ui.add_space(theme::GAP);
        widgets::caption(ui, "in sigma; click one to go there");
    }
}

/// Turns the page where not all classes have room.
fn pages(ui: &mut Ui, context: &mut Context<'_>) {
    let model = context.session.open(&context.controls.model);
    let all = model.map_or(0, |model| model.drawn_names().len());
    let (strip, narrow) = (&mut context.controls.class_strip, theme::is_narrow(ui));
    ui.add_space(theme::GAP);
    let page = strip.page(all);
    if page.len() < all {
        if sign_button(ui, Sign::Previous, "previous classes").clicked() {
            strip.turn(-1, all);
        }
        if sign_button(ui, Sign::Next, "next classes").clicked() {
            strip.turn(1, all);
        }
        if let (Some(first), Some(last), false) = (page.first(), page.last(), narrow) {
            ui.add_space(GAP);
            let (first, last) = (first.index() + 1, last.index() + 1);
            widgets::caption(ui, format!("{first}–{last} of {all}"));
        }
    } else if !narrow {
        widgets::caption(ui, "click one to draw it so");
    }
}

fn in_sigma(sigmas: f32) -> String {
    if sigmas.abs() < 0.05 {
        "0".to_owned()
    } else {
        format!("{sigmas:+.1}")
    }
}
