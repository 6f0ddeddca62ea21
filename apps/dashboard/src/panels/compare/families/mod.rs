//! All models of a domain side by side: the same class, noise and seed drawn by each, its figures, and what it cannot do.

mod column;
mod figures;
mod plot;
mod settings;

use datasets::ImageShape;
use eframe::egui::{Align, Layout, ScrollArea, Stroke, Ui, UiBuilder, vec2};

pub(super) use settings::{models as choose_models, ui as settings};

use super::ComparePanel;
use crate::{
    panels::{self, Context},
    state::families::{self, Column},
    theme,
    widgets::{canvas, caption},
    words::families::{ALL_HIDDEN, ALONE},
};

/// Samples beside each other in a column.
const ACROSS: usize = 3;
/// Between the samples of a column.
const TILE_GAP: f32 = 2.0;
/// Between columns, and where many stand beside each other.
const COLUMN_GAP: f32 = 24.0;
const SMALL_GAP: f32 = 6.0;
/// The figures of a column need the smaller width, and its samples are no larger than the other allows.
const LEAST_WIDTH: f32 = 172.0;
const MOST_WIDTH: f32 = 264.0;
/// In a low window samples are smaller, so that all are seen, but no smaller than this.
const LEAST_SIDE: f32 = 56.0;
/// The plot stands beside the columns if it has so much width there, and else under them.
const LEAST_PLOT: f32 = 260.0;
const MOST_PLOT: f32 = 620.0;

/// Where columns are.
#[derive(Clone, Copy)]
struct Sizes {
    /// Width of a column.
    width: f32,
    /// Between columns.
    gap: f32,
    /// Width and height of a sample.
    side: f32,
    /// Width of the plot beside the columns; `None` if it is under them.
    plot: Option<f32>,
}

impl Sizes {
    /// For so many columns; `height` is what is seen of them at once.
    fn new(ui: &Ui, shape: ImageShape, columns: usize, height: f32) -> Self {
        let room = ui.available_width();
        let count = columns.max(1) as f32;
        let share = |gap: f32| (room + gap) / count - gap;
        let gap = if share(COLUMN_GAP) < LEAST_WIDTH {
            SMALL_GAP
        } else {
            COLUMN_GAP
        };
        let gaps = TILE_GAP * (ACROSS - 1) as f32;
        let widest = share(gap).clamp(LEAST_WIDTH, MOST_WIDTH);
        let high = (height - column::HEADER - gaps) / ACROSS as f32;
        let side = ((widest - gaps) / ACROSS as f32).min(high.max(LEAST_SIDE));
        let side = canvas::crisp_side(shape, side, ui.pixels_per_point());
        // As wide as its samples, so that the figures end where they do.
        let width = (ACROSS as f32 * side + gaps).max(LEAST_WIDTH);
        let beside = room - count * (width + gap);
        Self {
            width,
            gap,
            side,
            plot: (beside >= LEAST_PLOT).then_some(beside.min(MOST_PLOT)),
        }
    }
}

impl ComparePanel {
    pub(super) fn families(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let Some(shape) = panels::shape(context) else {
            return;
        };
        let columns = families::columns(context.controls, context.session);
        self.columns
            .retain(|place, _| columns.iter().any(|column| column.place == *place));
        settings::class_row(ui, context);
        let height = ui.available_height();
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            if columns.is_empty() {
                caption(ui, ALL_HIDDEN);
                return;
            }
            if families::all(context.controls, context.session).len() < 2 {
                caption(ui, ALONE);
                ui.add_space(theme::GAP);
            }
            let sizes = Sizes::new(ui, shape, columns.len(), height);
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = sizes.gap;
                self.row(ui, context, &columns, sizes);
                if let Some(width) = sizes.plot {
                    ui.vertical(|ui| {
                        ui.set_width(width);
                        plot::ui(ui, context, &columns);
                    });
                }
            });
            if sizes.plot.is_none() {
                ui.add_space(theme::GROUP_GAP);
                plot::ui(ui, context, &columns);
            }
        });
    }

    /// The columns beside each other. Where they are too many for the window they can be scrolled.
    fn row(&mut self, ui: &mut Ui, context: &mut Context<'_>, columns: &[Column], sizes: Sizes) {
        let area = ScrollArea::horizontal()
            .id_salt("families")
            .auto_shrink([true, true]);
        area.show(ui, |ui| {
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing = vec2(sizes.gap, 4.0);
                let line = Stroke::new(1.0, theme::palette(ui).line);
                for (index, column) in columns.iter().enumerate() {
                    // Told apart by their places: what is in them is not.
                    let own = UiBuilder::new().id_salt(column.place);
                    let own = own.layout(Layout::top_down(Align::Min));
                    let shown = ui.scope_builder(own, |ui| {
                        ui.set_width(sizes.width);
                        let atlas = self.columns.entry(column.place).or_default();
                        column::ui(ui, context, column, atlas, sizes);
                    });
                    if index > 0 {
                        let rect = shown.response.rect;
                        let x = rect.left() - sizes.gap / 2.0;
                        ui.painter().vline(x, rect.y_range(), line);
                    }
                }
            });
        });
    }
}
