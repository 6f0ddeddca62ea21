//! What the network draws: the same held-out pictures and the same latents, now and at any time before.

use std::sync::Arc;

use datasets::Image;
use eframe::egui::{Rect, Role, Sense, Ui, Vec2, WidgetInfo, vec2};
use runs::Seen;

use crate::{
    state::{
        command::{Command, TrainCommand},
        train::ShownRun,
    },
    theme,
    widgets::{
        self, Tile,
        canvas::{Atlas, crisp_side, fingerprint},
        caption, image_tile, slider, thousands,
    },
};

/// Pictures side by side.
const COLUMNS: usize = 8;
const GAP: f32 = 4.0;
/// Pictures of the strip that there is room for.
const IN_STRIP: usize = 12;

/// The pictures, as textures.
#[derive(Default)]
pub(super) struct Pictures {
    originals: Atlas,
    reconstructions: Atlas,
    samples: Atlas,
    strip: Atlas,
}

impl Pictures {
    pub(super) fn ui(&mut self, ui: &mut Ui, shown: &mut ShownRun, commands: &mut Vec<Command>) {
        widgets::title(ui, "What it draws");
        let Some(seen) = shown.seen().cloned() else {
            let text = if shown.view.settings.network.network().makes_images() {
                "Pictures come with the first steps."
            } else {
                "A judge draws nothing: its accuracy is in the curves."
            };
            caption(ui, text);
            return;
        };
        let shape = match seen
            .samples
            .first()
            .or_else(|| seen.reconstructions.first())
        {
            Some(image) => image.shape(),
            None => return,
        };
        let room = (ui.available_width() + GAP) / COLUMNS as f32 - GAP;
        let side = crisp_side(shape, room, ui.pixels_per_point());
        if !seen.reconstructions.is_empty() {
            caption(ui, "Held-out pictures, and what it makes of them");
            row(
                ui,
                &mut self.originals,
                &shown.view.originals,
                side,
                "held-out picture",
            );
            row(
                ui,
                &mut self.reconstructions,
                &seen.reconstructions,
                side,
                "reconstruction",
            );
            ui.add_space(theme::GAP);
        }
        if !seen.samples.is_empty() {
            caption(ui, "New pictures, from the same latents each time");
            row(ui, &mut self.samples, &seen.samples, side, "sample");
            ui.add_space(theme::GAP);
        }
        self.time(ui, shown, &seen, commands);
    }

    /// The film strip: a slider through time, and some of its pictures.
    fn time(
        &mut self,
        ui: &mut Ui,
        shown: &mut ShownRun,
        seen: &Arc<Seen>,
        commands: &mut Vec<Command>,
    ) {
        let count = shown.view.seen.len();
        let newest = count.saturating_sub(1);
        ui.horizontal_wrapped(|ui| {
            caption(ui, format!("After {} steps", thousands(seen.step)));
            if ui
                .add_enabled(
                    shown.at.is_some(),
                    eframe::egui::Button::new("Newest").small(),
                )
                .clicked()
            {
                shown.at = None;
            }
            let save = ui.small_button("Save as GIF…");
            if save
                .on_hover_text("All of these pictures as a film")
                .clicked()
            {
                commands.push(TrainCommand::AskWhereToSaveFilm.into());
            }
        });
        if newest == 0 {
            return;
        }
        let mut at = shown.at.unwrap_or(newest).min(newest);
        ui.spacing_mut().slider_width = (ui.available_width() - GAP).max(60.0);
        let slider = slider(&mut at, 0..=newest).show_value(false);
        if ui.add(slider).accessible_name("time").changed() {
            // At its end it follows the run.
            shown.at = (at < newest).then_some(at);
        }
        self.strip(ui, shown);
    }

    fn strip(&mut self, ui: &mut Ui, shown: &mut ShownRun) {
        let all = &shown.view.seen;
        let shown_count = IN_STRIP.min(all.len());
        let last = (shown_count - 1).max(1);
        let indices: Vec<usize> = (0..shown_count)
            .map(|index| index * (all.len() - 1) / last)
            .collect();
        let first = |index: &usize| {
            let seen = &all[*index];
            seen.samples
                .first()
                .or_else(|| seen.reconstructions.first())
        };
        let images: Vec<&Image> = indices.iter().filter_map(first).collect();
        let (Some(image), true) = (images.first(), images.len() == indices.len()) else {
            return;
        };
        let shape = image.shape();
        show(&mut self.strip, ui, &images);
        let room = (ui.available_width() + GAP) / IN_STRIP as f32 - GAP;
        let side = crisp_side(shape, room, ui.pixels_per_point());
        let at = shown.at.unwrap_or(all.len() - 1);
        let mut chosen = None;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing = vec2(GAP, GAP);
            for (place, index) in indices.iter().enumerate() {
                let name = format!("picture after {} steps", thousands(all[*index].step));
                let tile = Tile {
                    atlas: &self.strip,
                    index: place,
                    side,
                    name: &name,
                    caption: "",
                    right: None,
                    selected: *index == at,
                };
                if image_tile(ui, tile).on_hover_text(&name).clicked() {
                    chosen = Some(*index);
                }
            }
        });
        if let Some(index) = chosen {
            shown.at = (index + 1 < all.len()).then_some(index);
        }
    }
}

/// Puts images into an atlas, unless they are there already.
fn show(atlas: &mut Atlas, ui: &Ui, images: &[&Image]) {
    let start = images.len() as u64;
    let revision = images.iter().fold(start, |hash, image| {
        hash.rotate_left(7) ^ fingerprint(image)
    });
    atlas.show_images(ui.ctx(), revision, images.iter().copied());
}

/// Pictures in rows.
fn row(ui: &mut Ui, atlas: &mut Atlas, images: &[Image], side: f32, name: &str) {
    let images: Vec<&Image> = images.iter().collect();
    if images.is_empty() {
        return;
    }
    show(atlas, ui, &images);
    let rows = images.len().div_ceil(COLUMNS);
    let columns = COLUMNS.min(images.len());
    let extent = |count: usize| count as f32 * (side + GAP) - GAP;
    let size = vec2(extent(columns), extent(rows));
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let label = format!("{name}s: {}", images.len());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &label));
    for index in 0..images.len() {
        let place = vec2((index % COLUMNS) as f32, (index / COLUMNS) as f32) * (side + GAP);
        let picture = Rect::from_min_size(rect.min + place, Vec2::splat(side));
        atlas.paint(ui, picture, index);
    }
    ui.add_space(GAP);
}
