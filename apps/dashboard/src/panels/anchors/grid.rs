//! The samples, each with what the classifier calls it.

use classifier::Prediction;
use datasets::ClassId;
use eframe::egui::{ScrollArea, Ui, vec2};

use super::AnchorsPanel;
use crate::state::channel::Channel;
use crate::{
    panels::{self, Context},
    state::{command::SceneCommand, jobs, scene::Start},
    widgets::{self, Tile, canvas, caption, image_tile, percent},
};

const GAP: f32 = 6.0;
/// Smaller pictures are hard to judge; where there is no room for larger ones, the grid scrolls.
const SMALLEST: f32 = 56.0;
const LARGEST: f32 = 140.0;

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
        let name = open.manifest.class_name(class);
        ui.horizontal(|ui| {
            widgets::title(
                ui,
                &format!("{} samples of {name}", answer.value.images.len()),
            );
            caption(ui, "click one to open it in Explore");
            if context.session.pending(Channel::Grid) {
                caption(ui, "drawing…");
            }
        });
        ui.add_space(4.0);
        let images = answer.value.images.iter().map(Vec::as_slice);
        self.grid.show_images(ui.ctx(), answer.revision, images);
        let (columns, side) = fit(ui, self.grid.len());
        let mut chosen = None;
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(GAP, GAP);
            let width = columns as f32 * (side + GAP) - GAP;
            let indent = ((ui.available_width() - width) / 2.0).max(2.0).floor();
            ui.add_space(2.0);
            for row in 0..self.grid.len().div_ceil(columns) {
                ui.horizontal(|ui| {
                    ui.add_space(indent - GAP);
                    for index in row * columns..((row + 1) * columns).min(self.grid.len()) {
                        let prediction = &answer.value.predictions[index];
                        let predicted = open.manifest.class_name(prediction.class);
                        let right = agreed(prediction, class);
                        let verdict = if right { "right" } else { "wrong" };
                        let tile = Tile {
                            atlas: &self.grid,
                            index,
                            side,
                            name: &format!("sample {}: {predicted}, {verdict}", index + 1),
                            caption: &predicted,
                            right: Some(right),
                            selected: false,
                        };
                        let confidence = percent(prediction.confidence.into());
                        let text =
                            format!("Sample {}: {predicted}, {}", index + 1, confidence.trim());
                        if image_tile(ui, tile).on_hover_text(text).clicked() {
                            chosen = Some(index);
                        }
                    }
                });
            }
        });
        if let Some(index) = chosen {
            let latents = jobs::grid(&answer.scene, &open.vae.regions);
            let start = Start::Sample { class, index };
            if let Some(latent) = latents.into_iter().nth(index) {
                context.send(SceneCommand::Explore { latent, start });
            }
        }
    }
}

/// Columns and side of the largest pictures of which `count` fit, or the smallest ones if none do.
fn fit(ui: &Ui, count: usize) -> (usize, f32) {
    let room = ui.available_size() - vec2(8.0, 4.0);
    let ppp = ui.pixels_per_point();
    let columns_of = |side: f32| (((room.x + GAP) / (side + GAP)) as usize).max(1);
    let mut best = canvas::crisp_side(SMALLEST, ppp);
    let mut side = best;
    while side <= LARGEST {
        let rows = count.div_ceil(columns_of(side));
        if rows as f32 * (Tile::size(side, true).y + GAP) - GAP <= room.y {
            best = side;
        }
        side = canvas::crisp_side(side + 28.0 / ppp, ppp);
    }
    (columns_of(best).min(count.max(1)), best)
}
