//! A scripted drag of a slider in the real window: from the pointer's move to the picture on its way to the screen.
//!
//! `drag` measures the thread that owns the models. Here the window's own work comes on top: laying out, painting, and on
//! a machine without a graphics card drawing with the processor that the models compute on, too.

use std::{ffi::OsStr, time::Duration};

use super::{Bench, figure::Figure, window_process};
use crate::progress::{Progress, Unit};

/// The window reports through a pipe, and a few thousand times fit into one.
const MOST_POSITIONS: u32 = 1_000;
/// How long a window may take.
const PATIENCE: Duration = Duration::from_mins(5);

/// What a person who drags gets.
pub fn measure(bench: &Bench<'_>) -> anyhow::Result<Vec<Figure>> {
    let positions = bench.args.positions.min(MOST_POSITIONS).to_string();
    let mut progress = Progress::new("window", Unit::Items);
    progress.set(0, 1, "a window drags its own slider; leave it alone");
    let mut options = vec![OsStr::new("--report-drag"), OsStr::new(&positions)];
    if let Some(images) = &bench.args.training {
        options.extend([OsStr::new("--train-meanwhile"), images.as_os_str()]);
    }
    match window_process::report(bench, &options, PATIENCE)? {
        Ok(report) => {
            if let Some(device) = field(&report, "device") {
                progress.line(&format!("note: the window's models were on {device}"));
            }
            Ok(figures(&report))
        }
        Err(reason) => {
            progress.line(&format!("note: window is left out: {reason}"));
            Ok(Vec::new())
        }
    }
}

fn figures(report: &str) -> Vec<Figure> {
    let times = |name, word| Figure::of_times(name, &durations(field(report, word)?));
    let followed = || {
        let (followed, positions) = field(report, "followed")?.split_once(" of ")?;
        let (followed, n) = (followed.parse::<f64>().ok()?, positions.parse().ok()?);
        let share = 100.0 * followed / n as f64;
        Some(Figure::single("window.within_33ms", share, "%", n))
    };
    let training = || {
        let rate = field(report, "training")?.parse::<f64>().ok()?;
        Some(Figure::single("window.training", rate, "images/s", 1))
    };
    let input_to_draw = times("window.input_to_draw", "input_to_draw_ms");
    let pass = times("window.pass", "pass_ms");
    [input_to_draw, pass, followed(), training()]
        .into_iter()
        .flatten()
        .collect()
}

/// What follows a word at the beginning of a line.
fn field<'a>(report: &'a str, word: &str) -> Option<&'a str> {
    let mut lines = report.lines();
    lines.find_map(|line| line.strip_prefix(word)?.strip_prefix(' '))
}

fn durations(milliseconds: &str) -> Vec<Duration> {
    milliseconds
        .split(' ')
        .filter_map(|value| Duration::try_from_secs_f64(value.parse::<f64>().ok()? / 1e3).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::figures;

    #[test]
    fn a_report_is_read_by_its_words() {
        let report =
            "device CPU (Flex)\ninput_to_draw_ms 4.00 2.00 3.00\npass_ms 1.50\nfollowed 3 of 4\n";
        let figures = figures(report);
        let found = figures
            .iter()
            .map(|figure| (figure.name.as_str(), figure.value, figure.n));
        assert_eq!(
            found.collect::<Vec<_>>(),
            [
                ("window.input_to_draw", 3.0, 3),
                ("window.pass", 1.5, 1),
                ("window.within_33ms", 75.0, 4),
            ]
        );
        assert!(super::figures("nothing of it\n").is_empty());
    }
}
