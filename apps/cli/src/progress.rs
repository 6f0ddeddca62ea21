//! Progress on standard error: a bar with the time left in a terminal, a plain line now and then in a log.

use std::{
    io::{self, IsTerminal as _},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

/// How often a plain line is printed where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// How often a bar is drawn again while nothing happens.
const TICK: Duration = Duration::from_millis(250);

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Steps, images, samples: printed as they are.
    Items,
    /// Bytes: printed as MiB.
    Bytes,
}

/// One run of work with a known end.
pub struct Progress {
    display: Display,
    unit: Unit,
    label: String,
}

enum Display {
    /// In a terminal: a bar, which appears as soon as there is something to show.
    Bar(Option<ProgressBar>),
    /// Elsewhere: lines, and when the last one was printed.
    Lines(Option<Instant>),
}

impl Progress {
    /// Progress of what `label` names. Nothing is shown yet.
    pub fn new(label: &str, unit: Unit) -> Self {
        Self {
            display: if io::stderr().is_terminal() {
                Display::Bar(None)
            } else {
                Display::Lines(None)
            },
            unit,
            label: label.to_owned(),
        }
    }

    /// Names what is being worked on now. A new name gets its line at once.
    pub fn relabel(&mut self, label: &str) {
        if self.label == label {
            return;
        }
        label.clone_into(&mut self.label);
        match &mut self.display {
            Display::Bar(Some(bar)) => bar.set_prefix(label.to_owned()),
            Display::Bar(None) => {}
            Display::Lines(last) => *last = None,
        }
    }

    /// Shows that `done` of `total` are done, and a note such as the speed and the time left.
    pub fn set(&mut self, done: u64, total: u64, note: &str) {
        match &mut self.display {
            Display::Bar(bar) => {
                let bar = bar.get_or_insert_with(|| new_bar(self.unit, &self.label));
                bar.set_length(total);
                bar.set_position(done);
                bar.set_message(note.to_owned());
            }
            Display::Lines(last) => {
                if last.is_some_and(|last| last.elapsed() < LINE_EVERY) {
                    return;
                }
                *last = Some(Instant::now());
                let amount = match self.unit {
                    Unit::Items => format!("{done} of {total}"),
                    Unit::Bytes => format!("{} of {}", mebibytes(done), mebibytes(total)),
                };
                let separator = if note.is_empty() { "" } else { ", " };
                tell!("{}: {amount}{separator}{note}", self.label);
            }
        }
    }

    /// Prints a line that stays.
    pub fn line(&self, text: &str) {
        match &self.display {
            Display::Bar(Some(bar)) => bar.suspend(|| tell!("{text}")),
            _ => tell!("{text}"),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        // What is printed next must not share its line with a bar.
        if let Display::Bar(Some(bar)) = &self.display {
            bar.finish_and_clear();
        }
    }
}

fn new_bar(unit: Unit, label: &str) -> ProgressBar {
    let bar = ProgressBar::new(0)
        .with_style(style(unit))
        .with_prefix(label.to_owned());
    bar.enable_steady_tick(TICK);
    bar
}

fn style(unit: Unit) -> ProgressStyle {
    let template = match unit {
        Unit::Items => "{prefix}  {wide_bar} {pos}/{len}  {msg}",
        Unit::Bytes => "{prefix}  {wide_bar} {bytes}/{total_bytes}  {msg}",
    };
    ProgressStyle::with_template(template).expect("the templates are fixed and tested")
}

/// The time left as people say it: `1h05m`, `3m20s`, `45s`.
pub fn duration_text(duration: Duration) -> String {
    let seconds = duration.as_secs_f64().round() as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}h{minutes:02}m")
    } else if minutes > 0 {
        format!("{minutes}m{seconds:02}s")
    } else {
        format!("{seconds}s")
    }
}

/// An amount of bytes in MiB.
pub fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Unit, duration_text, style};

    #[test]
    fn durations_read_well() {
        let text = |seconds| duration_text(Duration::from_secs_f64(seconds));
        assert_eq!(text(0.4), "0s");
        assert_eq!(text(59.6), "1m00s");
        assert_eq!(text(200.0), "3m20s");
        assert_eq!(text(3_900.0), "1h05m");
    }

    #[test]
    fn styles_are_valid() {
        let _ = (style(Unit::Items), style(Unit::Bytes));
    }
}
