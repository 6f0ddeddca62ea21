//! From the start of the window's process to what a person sees.

use std::{
    ffi::OsStr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use super::{Bench, figure::Figure, window_process};
use crate::progress::{Progress, Unit};

/// How long a window may take to show its picture.
const PATIENCE: Duration = Duration::from_mins(1);

/// The figures, and what the window calls them.
const FIGURES: [(&str, &str); 2] = [
    ("startup.first_frame", "first_frame_ms"),
    ("startup.first_picture", "first_picture_ms"),
];

/// The first painted frame, which shows the window, and the first one with a picture of the model in it.
pub fn measure(bench: &Bench<'_>) -> anyhow::Result<Vec<Figure>> {
    let mut times = [const { Vec::new() }; FIGURES.len()];
    let starts = bench.args.starts;
    let mut progress = Progress::new("startup", Unit::Items);
    for done in 0..starts {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
        let now = now.as_micros().to_string();
        let report = match window_process::report(
            bench,
            &[OsStr::new("--report-startup"), OsStr::new(&now)],
            PATIENCE,
        )? {
            Ok(report) => report,
            Err(reason) => {
                progress.line(&format!("note: startup is left out: {reason}"));
                return Ok(Vec::new());
            }
        };
        for (times, (_, word)) in times.iter_mut().zip(FIGURES) {
            times.extend(reported(&report, word));
        }
        progress.set(u64::from(done) + 1, starts.into(), "");
    }
    let figures = FIGURES.iter().zip(&times);
    Ok(figures
        .filter_map(|((name, _), times)| Figure::of_times(name, times))
        .collect())
}

/// The time in a line such as `first_frame_ms 812.3`.
fn reported(report: &str, word: &str) -> Option<Duration> {
    let line = report.lines().find_map(|line| line.strip_prefix(word))?;
    let milliseconds: f64 = line.trim().parse().ok()?;
    Duration::try_from_secs_f64(milliseconds / 1e3).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::reported;

    #[test]
    fn a_report_is_read_by_its_words() {
        let report = "first_frame_ms 812.5\nfirst_picture_ms -3\n";
        let frame = reported(report, "first_frame_ms");
        assert_eq!(frame, Some(Duration::from_micros(812_500)));
        assert_eq!(reported(report, "first_picture_ms"), None);
        assert_eq!(reported(report, "something_else"), None);
    }
}
