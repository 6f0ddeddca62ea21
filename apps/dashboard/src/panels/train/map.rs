//! Where held-out images lie while the latent space forms.

use datasets::ClassId;
use eframe::egui::Ui;
use egui_plot::{Plot, PlotPoints, Points};

use crate::{
    panels::common::plot::plot,
    state::train::ShownRun,
    theme,
    widgets::{self, caption},
};

pub(super) fn ui(ui: &mut Ui, shown: &ShownRun) {
    let Some(seen) = shown.seen().filter(|seen| !seen.points.is_empty()) else {
        return;
    };
    widgets::title(ui, "Map of the held-out images");
    let palette = theme::palette(ui);
    let classes = &shown.view.classes;
    let names = shown.view.dataset.as_ref().map(|info| &info.class_names);
    let count = classes
        .iter()
        .max()
        .map_or(1, |last| usize::from(*last) + 1);
    let plot: Plot<'_> = plot(ui, "run map", "", "").data_aspect(1.0);
    plot.show(ui, |plot| {
        for class in 0..count {
            let is_of = |index: usize| {
                let label = classes.get(index).copied().unwrap_or_default();
                usize::from(label) == class
            };
            let points = seen.points.iter().enumerate();
            let points: Vec<[f64; 2]> = points
                .filter(|(index, _)| is_of(*index))
                .map(|(_, [x, y])| [f64::from(*x), f64::from(*y)])
                .collect();
            let name = names.and_then(|names| names.get(class)).cloned();
            let id = u16::try_from(class).unwrap_or_default();
            let color = if classes.is_empty() {
                palette.accent
            } else {
                palette.class(ClassId(id))
            };
            let points = Points::new(name.unwrap_or_default(), PlotPoints::from(points));
            plot.points(points.color(color).radius(2.6));
        }
    });
    caption(
        ui,
        "The means of their posteriors on the two principal directions, turned so that each picture follows from the one before.",
    );
}
