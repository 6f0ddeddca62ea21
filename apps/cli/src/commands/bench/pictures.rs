//! A folder of many pictures: how long the first and the second start of a training take, and how much memory all of it needs.
//!
//! The training is the one of `latent-lens train`, in a process of its own, so that its memory is counted from nothing.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use image::{Rgb, RgbImage};
use rayon::prelude::*;

use super::{Bench, figure::Figure, machine};

/// Sides of the pictures, in pixels, and their classes.
const SIDE: u32 = 64;
const CLASSES: u32 = 10;

/// How a training tells that its pictures are ready.
const READY: &str = "training the ";

/// How often a training's memory is looked at. What it needed most so far is counted by the system.
const EVERY: Duration = Duration::from_millis(100);

/// The network is small, because memory and starts are what is measured: its own memory hardly counts, and an epoch takes minutes.
const TRAINING: &str = "train vae --dataset folder --device cpu --epochs 1 --width 1 --blocks 0 --latent-dim 2 --batch-size 256";

/// Writes the pictures, trains on them for an epoch, and begins a second training.
pub fn measure(bench: &Bench<'_>) -> anyhow::Result<Vec<Figure>> {
    let dir = tempfile::tempdir().context(
        "there is no room for the pictures: make some, or set TMPDIR to a folder that has it",
    )?;
    let count = bench.args.pictures;
    tell!(
        "pictures: writing {count} pictures of {SIDE}x{SIDE} to {}",
        dir.path().display()
    );
    let data = dir.path().join("pictures");
    write(&data, count)?;
    bench.check()?;
    tell!("pictures: training on them for an epoch");
    let first = Training::start(dir.path(), "first")?.finish(bench)?;
    tell!("pictures: beginning again");
    let second = Training::start(dir.path(), "second")?.until_ready(bench)?;
    let n = count as usize;
    let mut figures = vec![
        Figure::single("pictures.first_start", first.ready.as_secs_f64(), "s", n),
        Figure::single("pictures.second_start", second.as_secs_f64(), "s", n),
        Figure::single("pictures.whole_run", first.whole.as_secs_f64(), "s", n),
    ];
    match first.peak_mb {
        Some(peak) => figures.push(Figure::single("pictures.resident_peak_mb", peak, "MB", n)),
        None => tell!("note: this system does not tell how much memory a process uses; left out"),
    }
    Ok(figures)
}

/// Writes pictures in colour, no two alike, into a folder a class.
fn write(data: &Path, count: u32) -> anyhow::Result<()> {
    let class = |number: u32| data.join(format!("class-{}", number % CLASSES));
    for number in 0..CLASSES {
        files::create_folder(&class(number))?;
    }
    (0..count).into_par_iter().try_for_each(|number| {
        let path = class(number).join(format!("{number:07}.png"));
        picture(number)
            .save(&path)
            .with_context(|| format!("{} cannot be written", path.display()))
    })
}

/// Stripes whose angle is the class, at a place and in colours that follow from the number.
fn picture(number: u32) -> RgbImage {
    let mixed = number.wrapping_mul(2_654_435_761);
    let [red, green, blue, shift] = mixed.to_le_bytes();
    let angle = f64::from(number % CLASSES) * std::f64::consts::PI / f64::from(CLASSES);
    RgbImage::from_fn(SIDE, SIDE, |x, y| {
        let along = f64::from(x) * angle.cos() + f64::from(y) * angle.sin() + f64::from(shift);
        let light = 0.5 + 0.5 * (along / 5.0).sin();
        Rgb([red, green, blue].map(|level| (light * f64::from(level)) as u8))
    })
}

/// A training under way.
struct Training {
    child: Child,
    started: Instant,
    /// The lines that it tells.
    lines: mpsc::Receiver<String>,
}

/// What a whole training took.
struct Taken {
    /// Until its pictures were ready.
    ready: Duration,
    whole: Duration,
    /// The most memory that it had at once.
    peak_mb: Option<f64>,
}

impl Training {
    /// Starts a training on the pictures in `dir`, with a cache there.
    fn start(dir: &Path, name: &str) -> anyhow::Result<Self> {
        let started = Instant::now();
        let mut child = Command::new(std::env::current_exe()?)
            .args(TRAINING.split(' '))
            .arg("--data")
            .arg(dir.join("pictures"))
            .arg("--out")
            .arg(dir.join(name))
            .env("XDG_CACHE_HOME", dir.join("cache"))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let told = child.stderr.take().context("standard error is a pipe")?;
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            // Nobody listens any more once the training has been given up.
            let mut lines = BufReader::new(told).lines().map_while(Result::ok);
            let _ = lines.try_for_each(|line| sender.send(line));
        });
        Ok(Self {
            child,
            started,
            lines,
        })
    }

    /// Waits until its pictures are ready, and ends it.
    fn until_ready(mut self, bench: &Bench<'_>) -> anyhow::Result<Duration> {
        let mut told = Vec::new();
        while self.child.try_wait()?.is_none() {
            bench.check()?;
            told.extend(self.lines.recv_timeout(EVERY));
            if told.last().is_some_and(|line| line.starts_with(READY)) {
                return Ok(self.started.elapsed());
            }
        }
        bail!("the training ended before it began:\n{}", told.join("\n"))
    }

    /// Waits until it has ended.
    fn finish(mut self, bench: &Bench<'_>) -> anyhow::Result<Taken> {
        let (mut told, mut ready, mut peak_mb) = (Vec::new(), None, None);
        let status = loop {
            bench.check()?;
            if let Ok(line) = self.lines.recv_timeout(EVERY) {
                if line.starts_with(READY) {
                    ready = Some(self.started.elapsed());
                }
                told.push(line);
            }
            peak_mb = machine::peak_mb(self.child.id()).or(peak_mb);
            if let Some(status) = self.child.try_wait()? {
                break status;
            }
        };
        told.extend(self.lines.try_iter());
        match ready {
            Some(ready) if status.success() => Ok(Taken {
                ready,
                whole: self.started.elapsed(),
                peak_mb,
            }),
            _ => bail!("the training failed:\n{}", told.join("\n")),
        }
    }
}

impl Drop for Training {
    fn drop(&mut self) {
        // What it leaves behind lies in a folder that is removed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
