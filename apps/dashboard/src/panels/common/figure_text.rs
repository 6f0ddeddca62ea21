//! Figures of a report in words: with their units, and with all that is to be known about how they were measured.

use evaluation::{Unit, measures};
use studio::Figure;

use crate::{
    widgets::thousands,
    words::{known, title},
};

/// All that is to be known about how a figure was measured.
pub(in crate::panels) fn protocol(figure: &Figure) -> String {
    let (title, sentence) = (
        title(&figure.name),
        known(&figure.name).map_or("", |words| words.sentence),
    );
    let seed = figure
        .seed
        .map_or_else(|| "no randomness".to_owned(), |seed| format!("seed {seed}"));
    let n = thousands(figure.n);
    format!(
        "{title}\n{sentence}\n\n{}\n\nn = {n}, {} split, {seed}\n{}",
        figure.protocol, figure.split, figure.name
    )
}

/// A figure with its unit; proportions as percentages.
#[must_use]
pub(in crate::panels) fn value_text(figure: &Figure) -> String {
    if is_share(figure) {
        return format!("{:.2} %", figure.value * 100.0);
    }
    // The title says these already.
    let unit = match figure.unit.as_str() {
        "dimensions" | "per pixel" => "",
        unit => unit,
    };
    format!("{} {unit}", number(figure.value))
        .trim_end()
        .to_owned()
}

/// Whether a figure is a share, which people read as a percentage.
pub(in crate::panels) fn is_share(figure: &Figure) -> bool {
    measures::find(&figure.name).is_some_and(|measure| measure.unit == Unit::Share)
}

/// Four significant digits, three below 1 (five decimals at most), or all digits of a whole number.
pub(in crate::panels) fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e9 {
        return format!("{value:.0}");
    }
    let digits = if value.abs() < 1.0 { 2.0 } else { 3.0 };
    let decimals = (digits - value.abs().max(1e-9).log10().floor()).clamp(0.0, 5.0) as usize;
    format!("{value:.decimals$}")
}
