//! The table of figures: what was measured, how much, how sure, on what.

use eframe::egui::{Align, Label, Layout, Response, RichText, Sense, Ui};
use egui_extras::{Column, TableBuilder, TableRow};
use evaluation::{Measure, measures};
use studio::{Figure, ModelSource, Report};

use crate::{
    panels::{
        Context,
        common::figure_text::{is_share, number, protocol, value_text},
    },
    state::sources::model_title,
    theme,
    widgets::{self, caption, percent, thousands},
    words::{self, WORDS, known, title},
};

const NOT_FOR_THIS_MODEL: &str =
    "Figures that need labels or a classifier are not here: this model does not have both.";
const VALUE: f32 = 92.0;
const INTERVAL: f32 = 126.0;
const COUNT: f32 = 50.0;
/// Where the names of figures would have less, the intervals are left out: they are in the tooltips.
const LEAST_NAME: f32 = 130.0;
/// These are curves, and have cards of their own.
const CURVES: [Measure; 2] = [measures::NOISE_SWEEP, measures::KL_PER_DIMENSION];

/// The table, or how to get one.
pub(super) fn ui(ui: &mut Ui, context: &Context<'_>) {
    widgets::title(ui, "Measured");
    let source = &context.controls.model;
    let Some(model) = context.session.open(source) else {
        return;
    };
    let judge = model.judge.as_ref();
    let borrowed = judge.and_then(|judge| judge.borrowed.as_ref());
    let Some(report) = &model.manifest.report else {
        let what = "This model has not been evaluated yet.";
        missing(ui, source, borrowed, what);
        return;
    };
    origin(ui, report);
    if let Some(borrowed) = borrowed {
        caption(ui, whose(report, borrowed));
    }
    ui.add_space(theme::GAP);
    table(ui, report);
    let unmeasured = WORDS
        .iter()
        .filter(|words| words.measure.of(report).is_none());
    let (possible, impossible): (Vec<_>, Vec<_>) =
        unmeasured.partition(|words| words.measure.why_absent(&model.manifest).is_none());
    if !impossible.is_empty() && !model.judge_knows_drawn() {
        ui.add_space(theme::GAP);
        caption(ui, NOT_FOR_THIS_MODEL);
    }
    let absent: Vec<&str> = possible.iter().map(|words| words.title).collect();
    if !absent.is_empty() {
        ui.add_space(theme::GAP);
        let what = format!("Not measured yet: {}.", absent.join(", "));
        missing(ui, source, borrowed, &what);
    }
}

fn origin(ui: &mut Ui, report: &Report) {
    let hash = report
        .model_sha256
        .get(..12)
        .unwrap_or(&report.model_sha256);
    let text = format!(
        "Model {hash} on {}, {}. Point at a row for its protocol.",
        report.dataset, report.device
    );
    caption(ui, text).on_hover_text(&report.model_sha256);
}

/// Whose classifier the report is about, where that of another model judges now.
fn whose(report: &Report, borrowed: &ModelSource) -> String {
    let needs_judge = |figure: &Figure| {
        let measure = measures::find(&figure.name);
        measure.is_some_and(|measure| measure.needs.judge())
    };
    let who = if report.figures.iter().any(needs_judge) {
        "These figures were measured with the model's own classifier."
    } else {
        "None of these figures needed a judge."
    };
    let judge = model_title(borrowed);
    format!("{who} In this window the classifier of {judge} judges now.")
}

/// How to measure what is not here. A report is about a model's own classifier: with another one it is only printed.
fn missing(ui: &mut Ui, source: &ModelSource, borrowed: Option<&ModelSource>, what: &str) {
    let palette = theme::palette(ui);
    ui.label(RichText::new(what).color(palette.text));
    let model = argument(source);
    let is_shipped = matches!(source, ModelSource::Shipped(_));
    let (how, command) = match borrowed {
        None if is_shipped => (
            "Measure it where the data is. The command prints the figures; a model inside the program cannot keep them:",
            format!("latent-lens evaluate --model {model} --data DIR"),
        ),
        None => (
            "Measure it where the data is, and it appears here:",
            format!("latent-lens evaluate --model {model} --data DIR --write"),
        ),
        Some(judge) => (
            "Measure it where the data is. The command prints the figures; what the classifier of another model says is not \
             kept with this one, so they do not appear here:",
            format!(
                "latent-lens evaluate --model {model} --judge {} --data DIR",
                argument(judge)
            ),
        ),
    };
    caption(ui, how);
    ui.label(
        RichText::new(&command)
            .monospace()
            .size(12.0)
            .color(palette.accent),
    );
    if ui.button("Copy command").clicked() {
        ui.ctx().copy_text(command);
    }
}

/// A model as it stands in a command.
fn argument(source: &ModelSource) -> String {
    match source {
        ModelSource::Shipped(model) => model.name().to_owned(),
        ModelSource::Folder(folder) => runs::quoted(folder),
    }
}

/// What stands over the columns, and what it means.
const HEADS: [(&str, &str); 3] = [
    ("Value", ""),
    ("95 % interval", words::INTERVAL.sentence),
    ("n", "Images, or samples, that were measured."),
];

fn table(ui: &mut Ui, report: &Report) {
    let ordered = WORDS.iter().filter_map(|words| words.measure.of(report));
    let others = report
        .figures
        .iter()
        .filter(|figure| known(&figure.name).is_none());
    let shown = ordered
        .chain(others)
        .filter(|figure| !CURVES.iter().any(|curve| curve.name == figure.name));
    let room = ui.available_width() - VALUE - INTERVAL - COUNT;
    let (exact, heads) = if room >= LEAST_NAME {
        (&[VALUE, INTERVAL, COUNT][..], &HEADS[..])
    } else {
        (&[VALUE, COUNT][..], &[HEADS[0], HEADS[2]][..])
    };
    let mut table = TableBuilder::new(ui)
        .id_salt("figures")
        .striped(true)
        .sense(Sense::hover())
        .vscroll(false)
        .cell_layout(Layout::left_to_right(Align::Center))
        .column(Column::remainder().clip(true));
    for width in exact {
        table = table.column(Column::exact(*width));
    }
    let table = table.header(22.0, |mut header| {
        header.col(|ui| {
            caption(ui, "Figure");
        });
        for (head, words) in heads.iter().copied() {
            header.col(|ui| {
                right(ui, |ui| {
                    let head = caption(ui, head);
                    if words.is_empty() {
                        head
                    } else {
                        head.on_hover_text(words)
                    }
                });
            });
        }
    });
    table.body(|mut body| {
        for figure in shown {
            body.row(26.0, |mut row| {
                figure_cells(&mut row, figure, heads.len() == HEADS.len());
                row.response().on_hover_text(protocol(figure));
            });
        }
    });
}

fn figure_cells(row: &mut TableRow<'_, '_>, figure: &Figure, with_interval: bool) {
    let title = title(&figure.name);
    row.col(|ui| {
        let color = theme::palette(ui).text;
        ui.add(Label::new(RichText::new(title).color(color)).truncate());
    });
    row.col(|ui| {
        let color = theme::palette(ui).text_strong;
        right(ui, |ui| {
            ui.label(RichText::new(value_text(figure)).monospace().color(color))
        });
    });
    let interval = with_interval.then(|| interval_text(figure));
    for text in interval.into_iter().chain([thousands(figure.n)]) {
        row.col(|ui| {
            let color = theme::palette(ui).text_weak;
            right(ui, |ui| {
                ui.label(RichText::new(&text).monospace().size(11.5).color(color))
            });
        });
    }
}

fn right(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> Response) {
    ui.with_layout(Layout::right_to_left(Align::Center), add);
}

fn interval_text(figure: &Figure) -> String {
    match (figure.low, figure.high) {
        (Some(low), Some(high)) if is_share(figure) => {
            format!("{:.1}–{}", low * 100.0, percent(high).trim())
        }
        (Some(low), Some(high)) => format!("{} to {}", number(low), number(high)),
        _ => String::new(),
    }
}
