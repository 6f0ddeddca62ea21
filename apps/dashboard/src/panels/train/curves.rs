//! The curves of a run: the loss of each step while it goes on, and what was measured after each epoch.

use eframe::egui::{ComboBox, Ui};
use egui_plot::{Corner, Line, PlotPoints, Points};
use runs::RunView;

use crate::{
    panels::common::plot::{legend, plot},
    theme,
    widgets::{self, caption},
    words::training as words,
};

/// Which figures the curves show.
#[derive(Default)]
pub(super) struct RunCurves {
    figure: Option<String>,
}

/// The loss of the steps.
const LOSS: &str = "loss";

impl RunCurves {
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &RunView) {
        let figures = figures(view);
        let chosen = self.figure.clone().filter(|name| figures.contains(name));
        let mut figure = chosen.unwrap_or_else(|| LOSS.to_owned());
        ui.horizontal_wrapped(|ui| {
            widgets::title(ui, "Curves");
            let combo = ComboBox::from_id_salt("run figure")
                .selected_text(words::figure(&figure))
                .width(180.0);
            let response = combo.show_ui(ui, |ui| {
                for name in &figures {
                    ui.selectable_value(&mut figure, name.clone(), words::figure(name));
                }
            });
            response.response.accessible_name("figure of the curves");
        });
        if view.losses.is_empty() {
            caption(ui, "They begin with the first step.");
            self.figure = Some(figure);
            return;
        }
        let palette = theme::palette(ui);
        let an_epoch = view.steps_an_epoch().max(1) as f64;
        let plot = plot(ui, "run curves", "epoch", &words::figure(&figure));
        plot.legend(legend(Corner::RightTop)).show(ui, |plot| {
            if figure == LOSS {
                let losses = view.losses.iter();
                let points: PlotPoints<'_> = losses
                    .map(|at| [at.step as f64 / an_epoch, at.loss])
                    .collect();
                let line = Line::new("of a step", points).color(palette.accent.gamma_multiply(0.6));
                plot.line(line.width(1.2));
            }
            for (name, label, color) in [
                (format!("train_{figure}"), "learned from", palette.accent),
                (format!("held_out_{figure}"), "held out", palette.second),
            ] {
                let points = of_epochs(view, &name);
                if points.is_empty() {
                    continue;
                }
                let line = Line::new(label, PlotPoints::from(points.clone()));
                plot.line(line.color(color).width(1.8));
                plot.points(Points::new(label, points).color(color).radius(2.5));
            }
        });
        caption(ui, words::figure_sentence(&figure));
        self.figure = Some(figure);
    }
}

/// A figure after each epoch.
fn of_epochs(view: &RunView, name: &str) -> Vec<[f64; 2]> {
    let history = view.history.iter();
    let points = history.filter_map(|record| {
        let value = *record.metrics.get(name)?;
        Some([record.epoch as f64, value])
    });
    points.collect()
}

/// What can be shown: the loss, and whatever was measured, on images that were learned from or held out.
fn figures(view: &RunView) -> Vec<String> {
    let names = view.history.iter().flat_map(|record| record.metrics.keys());
    let mut figures: Vec<String> = names
        .filter_map(|name| {
            let of_part = |part: &str| name.strip_prefix(part);
            of_part("train_").or_else(|| of_part("held_out_"))
        })
        .filter(|name| *name != LOSS)
        .map(str::to_owned)
        .collect();
    figures.sort_unstable();
    figures.dedup();
    figures.insert(0, LOSS.to_owned());
    figures
}
