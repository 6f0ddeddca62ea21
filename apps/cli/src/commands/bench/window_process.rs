//! The window as a process of its own: it measures itself, reports and closes. It is the program that lies beside this one, or else
//! this one again.

use std::{
    env,
    ffi::OsStr,
    io::Read as _,
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use clap::ValueEnum as _;

use super::Bench;

/// How often the window is asked whether it has ended.
const POLL: Duration = Duration::from_millis(10);

/// Starts the window with these `options` and gives what it reports, or why it reports nothing, such as a missing
/// display. It may take as long as `patience`.
///
/// # Errors
/// [`Cancelled`](crate::failure::Cancelled) after Ctrl-C.
pub fn report(
    bench: &Bench<'_>,
    options: &[&OsStr],
    patience: Duration,
) -> anyhow::Result<Result<String, String>> {
    let mut window = match window_program()? {
        Ok(window) => window,
        Err(missing) => {
            let missing = missing.display();
            return Ok(Err(format!("there is no {missing}: build the window, too")));
        }
    };
    let device = bench.args.device.to_possible_value();
    let device = device.context("every choice has a name")?;
    let window = window
        .args(["--model", &bench.args.model.to_string()])
        .args(["--device", device.get_name()])
        .args(options)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    match window {
        Ok(window) => wait(bench, window, patience),
        Err(error) => Ok(Err(format!("the window cannot be started: {error}"))),
    }
}

/// What starts the window, or the program that would.
fn window_program() -> anyhow::Result<Result<Command, PathBuf>> {
    let this = env::current_exe().context("this system does not tell where this program lies")?;
    let name = format!("latent-lens-dashboard{}", env::consts::EXE_SUFFIX);
    let beside = this.with_file_name(name);
    if beside.is_file() {
        return Ok(Ok(Command::new(beside)));
    }
    if cfg!(feature = "dashboard") {
        let mut command = Command::new(this);
        command.arg("dashboard");
        return Ok(Ok(command));
    }
    Ok(Err(beside))
}

fn wait(
    bench: &Bench<'_>,
    mut window: Child,
    patience: Duration,
) -> anyhow::Result<Result<String, String>> {
    let begin = Instant::now();
    let ended = loop {
        match window.try_wait() {
            Ok(None) if begin.elapsed() < patience && !bench.cancel.is_cancelled() => {
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
        let seconds = patience.as_secs();
        return Ok(Err(format!("the window did not end within {seconds} s")));
    };
    let (output, messages) = said(window);
    Ok(if status.success() {
        Ok(output)
    } else {
        Err(messages.trim().to_owned())
    })
}

/// What an ended window wrote to its outputs, which fits into the pipes.
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
