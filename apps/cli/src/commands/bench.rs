//! `latent-lens bench`: how fast this program is on this machine, measured through the code that people use.

mod drag;
mod figure;
mod frame;
mod grid;
mod machine;
mod memory;
mod pictures;
mod startup;
mod train;
mod window;
mod window_process;

use std::path::PathBuf;

use clap::ValueEnum;
use serde_json::json;
use studio::ModelSource;
use training::CancelToken;

use self::figure::Figure;
use crate::{
    cancel,
    device::{Chosen, DeviceChoice},
    failure::Cancelled,
    model,
    output::{print, print_json},
};

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum Part {
    /// Resident memory with all shipped models and the measured one open
    Memory,
    /// A scripted drag against the thread that owns the models
    Drag,
    /// One image: decoded, classified and explained
    Frame,
    /// Many images at once: decoded and classified
    Grid,
    /// From the start of the window's process to its first picture; needs a display
    Startup,
    /// A drag in the window, from the pointer's move to the picture; needs a display
    Window,
    /// Steps of training both networks; not measured unless it is named
    Train,
    /// Training on a folder of many pictures: its starts, and the memory that it needs; not measured unless it is named
    Pictures,
}

#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to measure; all but `train` and `pictures` if nothing is named
    #[arg(value_enum)]
    parts: Vec<Part>,

    /// Which model: a name from `latent-lens models`, or the folder of one that you trained
    #[arg(long, value_name = "NAME|DIR", value_parser = crate::model::parser(), default_value = "mnist")]
    model: ModelSource,

    /// Where to compute
    #[arg(long, value_enum, default_value_t = DeviceChoice::Auto)]
    device: DeviceChoice,

    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,

    /// Frames to time
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..))]
    frames: u32,

    /// Positions of the scripted drags; the window's has 1,000 at most
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..))]
    positions: u32,

    /// Positions a second: 1000 is the fastest that mice report
    #[arg(long, value_name = "HZ", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    rate: u32,

    /// For `window`: train a quick look on the images in this folder meanwhile [default: nothing is trained]
    #[arg(long, value_name = "DIR")]
    training: Option<PathBuf>,

    /// The largest grid, in images
    #[arg(long, value_name = "N", default_value_t = 1_024, value_parser = clap::value_parser!(u32).range(1..=1_024))]
    images: u32,

    /// Starts of the window
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    starts: u32,

    /// Training steps of each network
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    steps: u32,

    /// Images a training step
    #[arg(long, value_name = "N", default_value_t = 128, value_parser = clap::value_parser!(u32).range(1..=1_024))]
    batch_size: u32,

    /// Pictures in the folder that is made for `pictures`, which needs 20 KB of disk for each
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    pictures: u32,
}

/// What every part gets.
struct Bench<'a> {
    args: &'a Args,
    chosen: Chosen,
    cancel: CancelToken,
}

impl Bench<'_> {
    /// Ends the run here if the user wants it to stop.
    ///
    /// # Errors
    /// [`Cancelled`] after Ctrl-C.
    fn check(&self) -> anyhow::Result<()> {
        if self.cancel.is_cancelled() {
            let advice = "nothing was printed; run the same command to measure again".to_owned();
            return Err(Cancelled { advice }.into());
        }
        Ok(())
    }
}

impl Args {
    /// The parts to measure, each once. The order is fixed: what looks at the memory of the process comes before what
    /// fills it.
    fn parts(&self) -> Vec<Part> {
        let mut parts = self.parts.clone();
        if parts.is_empty() {
            parts = Part::value_variants().to_vec();
            parts.retain(|&part| !matches!(part, Part::Train | Part::Pictures));
        }
        parts.sort_unstable();
        parts.dedup();
        parts
    }
}

/// Measures what was asked for and prints it.
///
/// # Errors
///
/// If the model or the device cannot be used, and [`Cancelled`] after Ctrl-C. What this machine cannot measure is left
/// out, with a note on standard error.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let cancel = CancelToken::new();
    let stop = cancel.clone();
    cancel::on_ctrl_c("finishing the measurement under way", move || stop.cancel())?;
    let opened = model::open(&args.model, None, args.device)?;
    tell!(
        "computing on {}: {}",
        opened.chosen.label,
        opened.chosen.reason
    );
    if let Some(note) = machine::load_note() {
        tell!("note: {note}");
    }
    let model = format!(
        "{} ({})",
        opened.studio.name(),
        opened.studio.model_sha256()
    );
    let bench = Bench {
        args,
        chosen: opened.chosen,
        cancel,
    };
    drop(opened.studio);
    let mut figures = Vec::new();
    for part in args.parts() {
        bench.check()?;
        figures.extend(match part {
            Part::Memory => memory::measure(&bench)?,
            Part::Drag => drag::measure(&bench)?,
            Part::Frame => frame::measure(&bench)?,
            Part::Grid => grid::measure(&bench)?,
            Part::Startup => startup::measure(&bench)?,
            Part::Window => window::measure(&bench)?,
            Part::Train => train::measure(&bench)?,
            Part::Pictures => pictures::measure(&bench)?,
        });
    }
    bench.check()?;
    let machine = machine::text();
    let device = &bench.chosen.label;
    if args.json {
        return print_json(&json!({
            "machine": machine,
            "device": device,
            "model": model,
            "figures": figures.iter().map(Figure::to_json).collect::<Vec<_>>(),
        }));
    }
    print(&format!(
        "{machine}\ncomputing on {device}\nmodel {model}\n\n{}",
        figure::table(&figures)
    ))
}

#[cfg(test)]
mod tests {
    use super::Part;
    use clap::ValueEnum as _;

    #[test]
    fn memory_is_looked_at_before_it_is_filled() {
        let mut parts = Part::value_variants().to_vec();
        parts.sort_unstable();
        assert_eq!(parts[..2], [Part::Memory, Part::Drag]);
        assert_eq!(parts[parts.len() - 2..], [Part::Train, Part::Pictures]);
    }
}
