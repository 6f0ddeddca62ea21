//! The strip under the image: the walk along the selected dimension, of a conditional model the latent as each class, or of a diffusion
//! the way from noise.

use eframe::egui::{Rect, Ui, vec2};

use super::ExplorePanel;
use crate::{
    panels::{self, Context, Open},
    state::{
        class_strip::StripKind,
        controls::{RANGE_SIGMAS, STRIP_STEPS},
        model::OpenModel,
    },
    theme,
    widgets::{self, Sign, Tile, canvas, image_tile, percent, segments, sign_button},
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
            title: if StripKind::choices(model).len() > 1 {
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
        let session = context.session;
        let Some(model) = session.open(&context.controls.model) else {
            return;
        };
        ui.spacing_mut().item_spacing = vec2(GAP, 0.0);
        ui.horizontal(|ui| {
            ui.set_height(strip.title - 2.0);
            ui.add_space(strip.indent);
            title(ui, context, model);
        });
        match context.controls.class_strip.kind(model) {
            StripKind::Walk => self.walk(ui, context, strip),
            StripKind::Classes => self.as_classes(ui, context, strip),
            StripKind::FromNoise => self.way_from_noise(ui, context, strip),
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

    /// The way from noise to the image, with the judge's opinion at every step.
    fn way_from_noise(&mut self, ui: &mut Ui, context: &mut Context<'_>, strip: Strip) {
        let session = context.session;
        let Some(model) = session.open(&context.controls.model) else {
            return;
        };
        let Some(answer) = &context.answers().path else {
            return;
        };
        let (images, opinions) = (&answer.value.images, &answer.value.predictions);
        self.path
            .show_images(ui.ctx(), answer.revision, images.iter());
        ui.horizontal(|ui| {
            ui.add_space(strip.indent);
            for index in evenly(images.len(), strip.room()) {
                let opinion = opinions.get(index).map(|opinion| {
                    let name = model.judged_name(opinion.class);
                    (
                        format!("{name}, {}", percent(f64::from(opinion.confidence))),
                        name,
                    )
                });
                let (said, caption) = opinion.unwrap_or_default();
                let tile = Tile {
                    atlas: &self.path,
                    index,
                    side: strip.side,
                    name: &format!("step {index} of {}: {said}", images.len() - 1),
                    caption: &caption,
                    right: None,
                    selected: index + 1 == images.len(),
                };
                let what = format!("Step {index} of {}. {said}", images.len() - 1);
                image_tile(ui, tile).on_hover_text(what);
            }
        });
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

/// What the strip shows, to choose where there is a choice.
fn title(ui: &mut Ui, context: &mut Context<'_>, model: &OpenModel) {
    let kind = context.controls.class_strip.kind(model);
    // While something else is shown nobody asks for the walk, and its last answer may be of another dimension.
    let answer = context.answers().strip.as_ref();
    let scene = answer
        .filter(|_| kind == StripKind::Walk)
        .map(|answer| &answer.scene)
        .or(context.controls.scene());
    let Some(dim) = scene.map(|scene| scene.selected) else {
        return;
    };
    let (walk, narrow) = (format!("Walk along z{dim}"), theme::is_narrow(ui));
    let strip = &mut context.controls.class_strip;
    let choices = StripKind::choices(model);
    let many = choices.len() > 2;
    if kind == StripKind::Classes && narrow {
        // The pages need the room.
        if ui.button("Walk").accessible_name(&walk).clicked() {
            strip.chosen_kind = StripKind::Walk;
        }
    } else if choices.len() > 1 {
        let named = choices.into_iter().map(|kind| {
            let name = match kind {
                // In a narrow window three names need the room.
                StripKind::Walk if narrow && many => "Walk".to_owned(),
                StripKind::Walk => walk.clone(),
                StripKind::Classes => "Classes".to_owned(),
                StripKind::FromNoise => "From noise".to_owned(),
            };
            (kind, name)
        });
        strip.chosen_kind = segments(ui, kind, named).unwrap_or(strip.chosen_kind);
    } else {
        widgets::title(ui, &walk);
    }
    match kind {
        StripKind::Classes => pages(ui, context),
        _ if narrow => {}
        StripKind::Walk => {
            ui.add_space(theme::GAP);
            widgets::caption(ui, "in sigma; click one to go there");
        }
        StripKind::FromNoise => {
            ui.add_space(theme::GAP);
            widgets::caption(ui, "step by step, with what the judge says");
        }
    }
}

/// As many of `count` pictures as there is room for, evenly, the first and the last among them.
fn evenly(count: usize, room: usize) -> Vec<usize> {
    if count <= room {
        return (0..count).collect();
    }
    let last = room.max(2) - 1;
    (0..=last).map(|i| i * (count - 1) / last).collect()
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

#[cfg(test)]
mod tests {
    use super::evenly;

    #[test]
    fn all_pictures_are_shown_or_the_first_the_last_and_some_between() {
        assert_eq!(evenly(4, 6), [0, 1, 2, 3]);
        // 20 spaces between 21 pictures, cut into 4.
        assert_eq!(evenly(21, 5), [0, 5, 10, 15, 20]);
        assert_eq!(evenly(11, 1), [0, 10]);
    }
}
