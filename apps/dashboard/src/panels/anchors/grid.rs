//! The samples, each with what the classifier calls it.

use classifier::Prediction;
use datasets::{ClassId, ImageShape};
use eframe::egui::{ScrollArea, Ui, vec2};

use super::AnchorsPanel;
use crate::state::channel::Channel;
use crate::{
    panels::{self, Context},
    state::{answers::judged, model::OpenModel, samples},
    theme,
    widgets::{self, Tile, caption, image_tile, percent},
};

const GAP: f32 = 6.0;
/// Much smaller pictures are hard to judge; where there is no room for larger ones, the grid scrolls.
const SMALLEST: f32 = 56.0;
const LARGEST: f32 = 160.0;

/// Whether the classifier takes a sample for the class that it was drawn from.
pub(super) fn agreed(prediction: &Prediction, class: ClassId) -> bool {
    prediction.class == class
}

impl AnchorsPanel {
    pub(super) fn grid(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let Some(open) = panels::open(context.controls, context.session) else {
            return;
        };
        let Some(answer) = &open.answers.grid else {
            caption(ui, "Drawing the first samples…");
            return;
        };
        let class = answer.scene.anchors.class;
        let name = open.model.drawn_name(class);
        ui.horizontal(|ui| {
            let count = answer.value.images.len();
            let title = if open.model.draws_classes() {
                format!("{count} samples of {name}")
            } else {
                format!("{count} samples")
            };
            widgets::title(ui, &title);
            if !theme::is_narrow(ui) {
                caption(ui, "click one to open it in Explore");
            }
            if context.session.pending(Channel::Grid) {
                caption(ui, "drawing…");
            }
        });
        ui.add_space(4.0);
        let images = answer.value.images.iter();
        self.grid.show_images(ui.ctx(), answer.revision, images);
        let judged = judged(&answer.value);
        let shape = open.model.shape();
        let (columns, side) = fit(ui, shape, self.grid.len(), judged.is_some());
        let mut chosen = None;
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(GAP, GAP);
            let width = columns as f32 * (side + GAP) - GAP;
            let indent = ((ui.available_width() - width) / 2.0).max(GAP).floor();
            ui.add_space(2.0);
            for row in 0..self.grid.len().div_ceil(columns) {
                ui.horizontal(|ui| {
                    ui.add_space(indent - GAP);
                    for index in row * columns..((row + 1) * columns).min(self.grid.len()) {
                        let prediction = judged.and_then(|judged| judged.get(index));
                        let said = Said::of(open.model, prediction, class);
                        let tile = Tile {
                            atlas: &self.grid,
                            index,
                            side,
                            name: &said.name(index),
                            caption: &said.predicted,
                            right: said.right,
                            selected: false,
                        };
                        let text = said.hint(index);
                        if image_tile(ui, tile).on_hover_text(text).clicked() {
                            chosen = Some(index);
                        }
                    }
                });
            }
        });
        let chosen = chosen.and_then(|index| samples::explore(&answer.scene, open.model, index));
        context.commands.extend(chosen.map(Into::into));
    }
}

/// What the judge says of a sample; nothing where nobody judges.
struct Said {
    predicted: String,
    confidence: String,
    /// Whether it is right, where the judge knows the classes that samples are drawn from.
    right: Option<bool>,
}

impl Said {
    fn of(model: &OpenModel, prediction: Option<&Prediction>, class: ClassId) -> Self {
        let Some(prediction) = prediction else {
            return Self {
                predicted: String::new(),
                confidence: String::new(),
                right: None,
            };
        };
        let comparable = model.judge_knows_drawn();
        Self {
            predicted: model.judged_name(prediction.class),
            confidence: percent(prediction.confidence.into()),
            right: comparable.then(|| agreed(prediction, class)),
        }
    }

    fn name(&self, index: usize) -> String {
        let number = index + 1;
        match self.right {
            Some(true) => format!("sample {number}: {}, right", self.predicted),
            Some(false) => format!("sample {number}: {}, wrong", self.predicted),
            None if self.predicted.is_empty() => format!("sample {number}"),
            None => format!("sample {number}: {}", self.predicted),
        }
    }

    fn hint(&self, index: usize) -> String {
        let number = index + 1;
        if self.predicted.is_empty() {
            return format!("Sample {number}");
        }
        format!(
            "Sample {number}: {}, {}",
            self.predicted,
            self.confidence.trim()
        )
    }
}

/// Columns and side of the largest pictures of which `count` fit, or the smallest ones if none do.
fn fit(ui: &Ui, shape: ImageShape, count: usize, captioned: bool) -> (usize, f32) {
    // Less the bar to scroll with, and a gap on each side.
    let room = ui.available_size() - vec2(8.0 + 2.0 * GAP, 4.0);
    let columns_of = |side: f32| (((room.x + GAP) / (side + GAP)) as usize).max(1);
    let fits = |side: f32| {
        let rows = count.div_ceil(columns_of(side));
        rows as f32 * (Tile::size(side, captioned).y + GAP) - GAP <= room.y
    };
    // One screen pixel a pixel of the image, two, and so on.
    let one = shape.square_side() as f32 / ui.pixels_per_point();
    let smallest = (SMALLEST / one).round().max(1.0) as usize;
    let largest = (LARGEST / one) as usize;
    let scale = (smallest..=largest)
        .rev()
        .find(|&scale| fits(scale as f32 * one));
    let side = scale.unwrap_or(smallest) as f32 * one;
    (columns_of(side).min(count.max(1)), side)
}
