//! A run from its manifest to its end: draw what is missing, write it, tell how far it is.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use datasets::Image;
use runs::MIN_FOLDER_IMAGES;
use studio::{SampleRequest, Sampler, Studio};
use training::CancelToken;

use super::{destination::Destination, idx::IdxFile, manifest::Manifest, writer::Writer};
use crate::{
    cancel,
    command_line::{self, quoted},
    failure::Cancelled,
    output::print,
    progress::{Progress, Unit, duration_text},
};

/// Images drawn and written at a time.
const BATCH: usize = 256;

/// Images that the manifest has the checksum of.
const FIRST: u64 = 16;

/// What a run works with.
pub struct Run<'a> {
    pub studio: &'a Studio,
    pub destination: &'a Destination,
    /// Whether to print the manifest instead of text.
    pub json: bool,
}

impl Run<'_> {
    /// Draws what is missing, and tells the end.
    ///
    /// # Errors
    ///
    /// If an image cannot be drawn or written, and [`Cancelled`] after Ctrl-C.
    pub fn complete(&self, mut manifest: Manifest) -> anyhow::Result<()> {
        let cancel = CancelToken::new();
        let stop = cancel.clone();
        cancel::on_ctrl_c("finishing the images under way", move || stop.cancel())?;
        let start = Instant::now();
        let mut writer = self.destination.writer(&manifest)?;
        let drawn = self.draw(&manifest, writer.as_mut(), &cancel)?;
        writer.finish()?;
        drop(writer);
        if !manifest.complete {
            manifest.complete = true;
            manifest.write(&self.destination.manifest())?;
        }
        if self.json {
            return print(&manifest.text()?);
        }
        print(&self.end(&manifest, drawn, start.elapsed()))
    }

    /// Draws and writes all images that are missing, and counts them.
    fn draw(
        &self,
        manifest: &Manifest,
        writer: &mut dyn Writer,
        cancel: &CancelToken,
    ) -> anyhow::Result<u64> {
        let mut progress = Progress::new("generate", Unit::Items);
        let mut pace = Pace::start();
        for start in (0..manifest.count).step_by(BATCH) {
            progress.set(start, manifest.count, &pace.note(manifest.count - start));
            if cancel.is_cancelled() {
                drop(progress);
                return Err(self.stopped(start, manifest.count));
            }
            let end = manifest.count.min(start + BATCH as u64);
            let missing = writer.missing(start..end);
            if !missing.is_empty() {
                writer.write(&missing, &images(self.studio, manifest, &missing)?)?;
                pace.drawn += missing.len() as u64;
            }
        }
        Ok(pace.drawn)
    }

    fn stopped(&self, done: u64, count: u64) -> anyhow::Error {
        let advice = format!(
            "{done} of {count} images are in {}; go on with:\n  {}",
            self.destination.out().display(),
            command_line::without("--force")
        );
        Cancelled { advice }.into()
    }

    /// What was written, and what can be done with it.
    fn end(&self, manifest: &Manifest, drawn: u64, took: Duration) -> String {
        let [channels, height, width] = manifest.shape;
        let has_classes = manifest.classes.iter().any(|record| record.class.is_some());
        let is_enough = manifest.count >= MIN_FOLDER_IMAGES as u64;
        let (labels, next) = match self.destination {
            Destination::Folder(dir) if is_enough => {
                let data = quoted(pictures(dir, manifest));
                let train = "latent-lens train vae --dataset folder --data";
                (
                    String::new(),
                    format!("\nnext: {train} {data} --out my-model"),
                )
            }
            Destination::Idx(file) if has_classes => {
                let labels = IdxFile::labels(file);
                let labels = format!(", their labels in {}", labels.display());
                (labels, String::new())
            }
            _ => (String::new(), String::new()),
        };
        format!(
            "{} images of {channels}x{height}x{width} are in {}{labels}; {}{next}",
            manifest.count,
            self.destination.out().display(),
            drawn_text(drawn, took)
        )
    }
}

/// How many images were drawn and how fast.
fn drawn_text(drawn: u64, took: Duration) -> String {
    if drawn == 0 {
        return "all were there".to_owned();
    }
    let rate = drawn as f64 / took.as_secs_f64();
    format!(
        "{drawn} drawn in {}, {rate:.0} images/s",
        duration_text(took)
    )
}

/// The folder that training takes: with a folder a class, or of the images themselves if they have no classes.
fn pictures(dir: &Path, manifest: &Manifest) -> PathBuf {
    let unlabelled = manifest
        .classes
        .iter()
        .find(|record| record.class.is_none());
    match unlabelled.and_then(|record| record.folder.as_deref()) {
        Some(folder) => dir.join(folder),
        None => dir.to_owned(),
    }
}

/// The images at some positions of a run.
fn images(studio: &Studio, manifest: &Manifest, positions: &[u64]) -> anyhow::Result<Vec<Image>> {
    let turns = manifest.turns();
    Ok(studio.sample_images(&SampleRequest {
        samples: positions.iter().filter_map(|&at| turns.at(at)).collect(),
        noise: manifest.noise,
        seed: manifest.seed,
        sampler: Sampler {
            steps: manifest.steps,
            guidance: manifest.guidance,
            ..Sampler::default()
        },
    })?)
}

/// SHA-256 of the bytes of the first images of a run.
///
/// # Errors
///
/// If they cannot be drawn.
pub fn first_images_sha256(studio: &Studio, manifest: &Manifest) -> anyhow::Result<String> {
    let positions: Vec<u64> = (0..manifest.count.min(FIRST)).collect();
    let images = images(studio, manifest, &positions)?;
    let bytes: Vec<u8> = images.iter().flat_map(Image::to_bytes).collect();
    Ok(files::sha256_hex(&bytes))
}

/// How fast images are drawn in this run. Those of earlier runs do not count.
struct Pace {
    start: Instant,
    drawn: u64,
}

impl Pace {
    fn start() -> Self {
        Self {
            start: Instant::now(),
            drawn: 0,
        }
    }

    /// The speed and the time left, once they are known.
    fn note(&self, left: u64) -> String {
        if self.drawn == 0 {
            return String::new();
        }
        let rate = self.drawn as f64 / self.start.elapsed().as_secs_f64();
        let eta = Duration::try_from_secs_f64(left as f64 / rate).unwrap_or(Duration::MAX);
        format!("{rate:.0} images/s, {} left", duration_text(eta))
    }
}
