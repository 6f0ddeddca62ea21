//! From the start of the window's process to what a person sees, in the program that lies beside this one.

use std::{
    env,
    io::Read as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::Context as _;
use clap::ValueEnum as _;

use super::{Bench, figure::Figure};
use crate::progress::{Progress, Unit};

/// How long a window may take to show its picture, and how often it is asked whether it has ended.
const PATIENCE: Duration = Duration::from_mins(1);
const POLL: Duration = Duration::from_millis(10);

/// The figures, and what the window calls them.
const FIGURES: [(&str, &str); 2] = [
    ("startup.first_frame", "first_frame_ms"),
    ("startup.first_picture", "first_picture_ms"),
];

/// The first painted frame, which shows the window, and the first one with a picture of the model in it.
pub fn measure(bench: &Bench<'_>) -> anyhow::Result<Vec<Figure>> {
    let program = window_program()?;
    if !program.is_file() {
        eprintln!(
            "note: startup is left out, since there is no {}: build the window, too",
            program.display()
        );
        return Ok(Vec::new());
    }
    let mut times = [const { Vec::new() }; FIGURES.len()];
    let starts = bench.args.starts;
    let mut progress = Progress::new("startup", Unit::Items);
    for done in 0..starts {
        let report = match start(bench, command(bench, &program)?)? {
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

fn window_program() -> anyhow::Result<PathBuf> {
    let this = env::current_exe().context("this system does not tell where this program lies")?;
    let name = format!("latent-lens-dashboard{}", env::consts::EXE_SUFFIX);
    Ok(this.with_file_name(name))
}

fn command(bench: &Bench<'_>, program: &Path) -> anyhow::Result<Command> {
    let device = bench.args.device.to_possible_value();
    let device = device.context("every choice has a name")?;
    let mut command = Command::new(program);
    command
        .args(["--model", &bench.args.model.to_string()])
        .args(["--device", device.get_name()])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    Ok(command)
}

/// Starts the window once: what it reports, or why it did not.
///
/// # Errors
/// [`Cancelled`](crate::failure::Cancelled) after Ctrl-C.
fn start(bench: &Bench<'_>, mut command: Command) -> anyhow::Result<Result<String, String>> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    command.args(["--report-startup", &now.as_micros().to_string()]);
    let mut window = match command.spawn() {
        Ok(window) => window,
        Err(error) => return Ok(Err(format!("the window cannot be started: {error}"))),
    };
    let begin = Instant::now();
    let ended = loop {
        match window.try_wait() {
            Ok(None) if begin.elapsed() < PATIENCE && !bench.cancel.is_cancelled() => {
                thread::sleep(POLL);
            }
            Ok(ended) => break ended,
            Err(error) => return Ok(Err(error.to_string())),
        }
    };
    let Some(status) = ended else {
        // Best effort: it may have ended by itself in the meantime.
        let _ = window.kill();
        let _ = window.wait();
        bench.check()?;
        let seconds = PATIENCE.as_secs();
        return Ok(Err(format!(
            "the window showed no picture within {seconds} s"
        )));
    };
    let (output, messages) = said(window);
    Ok(if status.success() {
        Ok(output)
    } else {
        Err(messages.trim().to_owned())
    })
}

/// What an ended window wrote to its outputs: a few lines, which fit into the pipes.
fn said(mut window: Child) -> (String, String) {
    let (mut output, mut messages) = (String::new(), String::new());
    // What cannot be read is taken as not said.
    if let Some(pipe) = &mut window.stdout {
        let _ = pipe.read_to_string(&mut output);
    }
    if let Some(pipe) = &mut window.stderr {
        let _ = pipe.read_to_string(&mut messages);
    }
    (output, messages)
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
