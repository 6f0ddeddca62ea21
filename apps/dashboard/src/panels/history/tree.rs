//! The tree of steps: a picture each, and a line to the step before it.

use std::collections::BTreeMap;

use eframe::egui::{
    Align, Label, Layout, Pos2, Rect, RichText, ScrollArea, Sense, Stroke, TextStyle, Ui,
    UiBuilder, Vec2, pos2, vec2,
};
use studio::ModelSource;

use super::in_words;
use crate::{
    panels::{self, Context},
    state::{
        command::SceneCommand,
        sources::model_title,
        step_pictures::StepPictures,
        undo::{PlacedStep, StepId},
    },
    theme,
    widgets::{
        Tile,
        canvas::{self, Atlas},
        image_tile,
    },
};

/// From one step to the next.
const COLUMN: f32 = 98.0;
/// Height of a branch: a picture and the line under it.
pub(super) const ROW: f32 = 84.0;
/// Room for a picture.
const PICTURE: f32 = 56.0;
/// What a step's tile is narrower than its column: the line to the next one runs there.
const GAP: f32 = 10.0;

/// Textures of the pictures, one a model: models may have images of different shapes.
#[derive(Default)]
pub(super) struct Steps {
    atlases: BTreeMap<ModelSource, (Atlas, Vec<StepId>)>,
    /// The step that was scrolled to last.
    seen: Option<StepId>,
}

impl Steps {
    pub(super) fn ui(&mut self, ui: &mut Ui, context: &mut Context<'_>, placed: &[PlacedStep<'_>]) {
        self.update(ui, context.step_pictures, placed);
        let most = |place: fn(&PlacedStep<'_>) -> usize| placed.iter().map(place).max();
        let columns = most(|placed| placed.column).map_or(0, |last| last + 1);
        let rows = most(|placed| placed.row).map_or(0, |last| last + 1);
        let size = vec2(columns as f32 * COLUMN, rows as f32 * ROW);
        let mut chosen = None;
        ScrollArea::both().auto_shrink(false).show(ui, |ui| {
            let (whole, _) = ui.allocate_exact_size(size, Sense::hover());
            lines(ui, whole.min, placed);
            for placed in placed {
                let tile = tile_rect(whole.min, (placed.column, placed.row));
                let place = UiBuilder::new().max_rect(tile);
                let place = place.layout(Layout::top_down(Align::Min));
                let step = ui.scope_builder(place, |ui| self.tile(ui, context, placed));
                if step.inner {
                    chosen = Some(placed.id);
                }
            }
        });
        if let Some(step) = chosen {
            context.send(SceneCommand::GoToStep(step));
        }
    }

    fn update(&mut self, ui: &Ui, pictures: &StepPictures, placed: &[PlacedStep<'_>]) {
        let mut steps: BTreeMap<&ModelSource, Vec<StepId>> = BTreeMap::new();
        for placed in placed {
            if pictures.get(placed.id).is_some() {
                steps.entry(&placed.step.model).or_default().push(placed.id);
            }
        }
        self.atlases.retain(|model, _| steps.contains_key(model));
        for (model, steps) in steps {
            let (atlas, shown) = self.atlases.entry(model.clone()).or_default();
            let images: Vec<_> = steps.iter().filter_map(|id| pictures.get(*id)).collect();
            atlas.show_images(ui.ctx(), pictures.revision(), images.into_iter());
            *shown = steps;
        }
    }

    /// A step; whether it was clicked.
    fn tile(&mut self, ui: &mut Ui, context: &Context<'_>, placed: &PlacedStep<'_>) -> bool {
        let model = &placed.step.model;
        let none = (Atlas::default(), Vec::new());
        let (atlas, shown) = self.atlases.get(model).unwrap_or(&none);
        let index = shown.iter().position(|id| *id == placed.id);
        let shape = atlas.shape().or(panels::shape(context));
        let side = shape.map_or(PICTURE, |shape| {
            canvas::crisp_side(shape, PICTURE, ui.pixels_per_point())
        });
        let mut name = in_words(placed);
        if *model != context.controls.model {
            name = format!("{name}, {}", model_title(model));
        }
        let tile = Tile {
            atlas,
            index: index.unwrap_or(usize::MAX),
            side,
            name: &name,
            caption: "",
            right: None,
            selected: placed.is_present,
        };
        let response = image_tile(ui, tile);
        ui.spacing_mut().item_spacing.y = 2.0;
        let words = RichText::new(&placed.words).color(theme::palette(ui).text_weak);
        ui.add(Label::new(words.text_style(TextStyle::Small)).truncate());
        if placed.is_present && self.seen != Some(placed.id) {
            self.seen = Some(placed.id);
            response.scroll_to_me(None);
        }
        response.on_hover_text(name).clicked()
    }
}

/// Where the tile of a step is.
fn tile_rect(origin: Pos2, (column, row): (usize, usize)) -> Rect {
    let at = origin + vec2(column as f32 * COLUMN, row as f32 * ROW);
    Rect::from_min_size(at + Vec2::splat(3.0), vec2(COLUMN - GAP, ROW - 4.0))
}

/// From each step to the one before it: along the row, or down from where its branch begins.
fn lines(ui: &Ui, origin: Pos2, placed: &[PlacedStep<'_>]) {
    let palette = theme::palette(ui);
    let middle = |place| tile_rect(origin, place).min + Vec2::splat(PICTURE / 2.0);
    for placed in placed {
        let Some(parent) = placed.parent else {
            continue;
        };
        let (from, to) = (middle(parent), middle((placed.column, placed.row)));
        let bend = pos2(from.x + COLUMN / 2.0 + 8.0, from.y);
        let points = [from, bend, pos2(bend.x, to.y), to];
        for pair in points.windows(2) {
            ui.painter()
                .line_segment([pair[0], pair[1]], Stroke::new(1.5, palette.mark));
        }
    }
}
