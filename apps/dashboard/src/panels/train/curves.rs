//! The curves of a run: the loss of each step while it goes on, and what was measured after each epoch.

use eframe::egui::{ComboBox, Ui};
use egui_plot::{Line, LineStyle, Points};
use runs::RunView;

use crate::{
    panels::common::{plot::plot, save},
    state::sheet::Sheet,
    theme,
    widgets::{self, KeyLine, caption, line_key},
    words::training as words,
};

/// Which figures the curves show.
#[derive(Default)]
pub(super) struct RunCurves {
    figure: Option<String>,
}

const TITLE: &str = "Curves";
/// The loss of the steps.
const LOSS: &str = "loss";
/// Widths of the lines of steps and of epochs.
const STEP_WIDTH: f32 = 1.2;
const EPOCH_WIDTH: f32 = 1.8;

impl RunCurves {
    /// Shows them. Gives them as they are to be saved, if the person asks for that.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &RunView) -> Option<Sheet> {
        let shown = ui.scope(|ui| self.plot(ui, view));
        if view.losses.is_empty() {
            return None;
        }
        let rect = shown.response.rect;
        let chosen = save::menu(ui, rect, TITLE, false)?;
        let plot = |ui: &mut Ui| self.plot(ui, view);
        Some(save::picture(ui.ctx(), rect.width(), TITLE, chosen, plot))
    }

    fn plot(&mut self, ui: &mut Ui, view: &RunView) {
        let figures = figures(view);
        let chosen = self.figure.clone().filter(|name| figures.contains(name));
        let mut figure = chosen.unwrap_or_else(|| LOSS.to_owned());
        ui.horizontal_wrapped(|ui| {
            widgets::title(ui, TITLE);
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
        let curves = curves(ui, view, &figure);
        let lines: Vec<KeyLine> = curves.iter().map(|curve| curve.line.clone()).collect();
        line_key(ui, &lines);
        let plot = plot(ui, "run curves", "epoch", &words::figure(&figure));
        plot.show(ui, |plot| {
            for Curve {
                line,
                points,
                width,
            } in curves
            {
                let shown = Line::new(line.name.clone(), points.clone())
                    .color(line.color)
                    .style(line.style);
                plot.line(shown.width(width));
                if width > STEP_WIDTH {
                    let marks = Points::new(line.name, points);
                    plot.points(marks.color(line.color).radius(2.5));
                }
            }
        });
        caption(ui, words::figure_sentence(&figure));
        self.figure = Some(figure);
    }
}

/// A line of the plot.
struct Curve {
    line: KeyLine,
    points: Vec<[f64; 2]>,
    width: f32,
}

/// What is known of a figure: of each step if it is the loss, and after each epoch.
fn curves(ui: &Ui, view: &RunView, figure: &str) -> Vec<Curve> {
    let palette = theme::palette(ui);
    let an_epoch = view.steps_an_epoch().max(1) as f64;
    let losses = view.losses.iter().filter(|_| figure == LOSS);
    let of_steps = losses.map(|at| [at.step as f64 / an_epoch, at.loss]);
    let faint = palette.accent.gamma_multiply(0.6);
    let dashed = LineStyle::dashed_dense();
    let curve = |name: &str, color, style, points, width| Curve {
        line: KeyLine::new(name, color, style),
        points,
        width,
    };
    let of_epoch = |part: &str| of_epochs(view, &format!("{part}_{figure}"));
    let (learned, held_out) = (of_epoch("train"), of_epoch("held_out"));
    let mut curves = vec![
        curve(
            "of a step",
            faint,
            LineStyle::Solid,
            of_steps.collect(),
            STEP_WIDTH,
        ),
        curve("learned from", palette.accent, dashed, learned, EPOCH_WIDTH),
        curve(
            "held out",
            palette.second,
            LineStyle::Solid,
            held_out,
            EPOCH_WIDTH,
        ),
    ];
    curves.retain(|curve| !curve.points.is_empty());
    curves
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
