//! The figures under a column: from the model's report, its record, and what this window timed. Nothing is filled in.

use evaluation::{Measure, measures};
use studio::Report;

use crate::{
    panels::common::figure_text::{protocol, value_text},
    state::{draw_times::DrawTimes, family_controls::FeaturesOf, model::OpenModel},
    widgets::thousands,
    words::families::{HOW_TO_MEASURE, NOT_MEASURED, TIMES},
};

/// One figure.
pub(super) struct Line {
    pub title: &'static str,
    /// What it is; `None` if it was not measured.
    pub value: Option<String>,
    /// How it was measured.
    pub hint: String,
}

/// What was measured of every family alike, and what to call it where there is little room.
const MEASURED: [(&str, Measure); 5] = [
    ("Agreement", measures::ANCHORED_AGREEMENT),
    ("  second judge", measures::SECOND_ANCHORED_AGREEMENT),
    ("Variance ratio", measures::ANCHORED_VARIANCE_RATIO),
    ("Frechet distance", measures::CLASSIFIER_FD),
    ("  second judge", measures::SECOND_FD),
];

/// The lines of a model, the same for every model in the same order.
pub(super) fn lines(model: &OpenModel, times: Option<&DrawTimes>) -> Vec<Line> {
    let report = model.manifest.report.as_ref();
    let measured = MEASURED.iter();
    let mut lines: Vec<Line> = measured
        .map(|&(title, measure)| line(title, measure, report))
        .collect();
    lines.push(time(times));
    let generator = model.manifest.generator.as_ref();
    lines.push(Line {
        title: "Parameters",
        value: generator.map(|_| thousands(model.manifest.generator_parameters())),
        hint: "Numbers in the networks that make the images.".to_owned(),
    });
    let labels = generator.map(|part| if part.labels_used { "yes" } else { "no" });
    lines.push(Line {
        title: "Labels in training",
        value: labels.map(str::to_owned),
        hint: "Whether the training of the network that makes the images looked at labels."
            .to_owned(),
    });
    lines
}

fn line(title: &'static str, measure: Measure, report: Option<&Report>) -> Line {
    let figure = report.and_then(|report| measure.of(report));
    let mut hint = figure.map_or_else(|| HOW_TO_MEASURE.to_owned(), protocol);
    let floor = report.zip(floor_of(measure));
    if let Some(floor) = floor.and_then(|(report, floor)| floor.of(report)) {
        hint = format!("{hint}\nReal training images: {}", value_text(floor));
    }
    Line {
        title,
        value: figure.map(value_text),
        hint,
    }
}

fn time(times: Option<&DrawTimes>) -> Line {
    let median = times.and_then(|times| Some((times, times.median()?)));
    Line {
        title: "ms an image, here",
        value: median.map(|(_, median)| milliseconds(1e3 * median.as_secs_f64())),
        hint: median.map_or_else(|| TIMES.to_owned(), |(times, _)| how_timed(times)),
    }
}

fn how_timed(times: &DrawTimes) -> String {
    let count = times.count();
    match times.batch() {
        1 => format!("{TIMES} Of {count} samples, drawn one by one."),
        batch => {
            format!("{TIMES} Of {count} samples, drawn {batch} at a time: a share of the batch.")
        }
    }
}

/// Three digits at most.
pub(super) fn milliseconds(value: f64) -> String {
    let decimals = match value {
        value if value >= 100.0 => 0,
        value if value >= 10.0 => 1,
        _ => 2,
    };
    format!("{value:.decimals$}")
}

/// What stands where a value would.
pub(super) fn value_of(line: &Line) -> &str {
    line.value.as_deref().unwrap_or(NOT_MEASURED)
}

/// The distance to real images in the features of a judge.
pub(super) fn distance(features: FeaturesOf) -> Measure {
    match features {
        FeaturesOf::Classifier => measures::CLASSIFIER_FD,
        FeaturesOf::SecondJudge => measures::SECOND_FD,
    }
}

/// The same distance of real training images, for a distance: what no generator can go below.
pub(super) fn floor_of(measure: Measure) -> Option<Measure> {
    match measure {
        measures::CLASSIFIER_FD => Some(measures::CLASSIFIER_FD_FLOOR),
        measures::SECOND_FD => Some(measures::SECOND_FD_FLOOR),
        _ => None,
    }
}
