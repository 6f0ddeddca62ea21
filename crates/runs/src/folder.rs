//! What a run leaves on the disk, beside its checkpoint: `run/NAME` in the model's folder, where NAME is that of the network.
//!
//! `run.ron` says what the run is and how far it has come; it is written whole each time. Each snapshot is a PNG file with images in a row and
//! a few numbers beside it. The program that trains holds the lock, so whoever looks on knows whether the run goes on.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datasets::{DatasetInfo, Image, ImageShape};
use files::Lock;
use serde::{Deserialize, Serialize};
use training::EpochRecord;

use crate::view::{Curve, Seen};
use crate::{RunSettings, RunState, RunView, Sheet, sheet_of};

/// The folder of all runs of a model, below the model's.
const RUNS: &str = "run";
const RECORD: &str = "run.ron";
const LOCK: &str = "lock";
const ORIGINALS: &str = "originals.png";
/// The model of weights that are still trained.
const LIVE: &str = "live";

/// The first line of `run.ron`, so that a later version knows what it reads.
const HEADING: &str = "// Latent Lens run, version 1\n";

/// Largest record and picture that are read, in bytes.
const LARGEST_RECORD: u64 = 16 << 20;
const LARGEST_PICTURE: u64 = 64 << 20;

/// How deep below a folder models are looked for.
const DEPTH: usize = 3;

/// The folder of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunFolder(PathBuf);

/// `run.ron`.
#[derive(Serialize, Deserialize)]
struct Record {
    settings: RunSettings,
    state: RunState,
    dataset: Option<DatasetInfo>,
    images: [usize; 2],
    steps: [usize; 2],
    epochs: usize,
    images_per_second: f64,
    seconds_left: f64,
    losses: Vec<Curve>,
    history: Vec<EpochRecord>,
    classes: Vec<u16>,
    /// The steps of the snapshots.
    seen: Vec<usize>,
    live: Option<usize>,
}

/// The numbers of a snapshot.
#[derive(Serialize, Deserialize)]
struct SeenNumbers {
    /// How many of the images are reconstructions; the others are samples.
    reconstructions: usize,
    points: Vec<[f32; 2]>,
}

impl RunFolder {
    /// Where the run of these settings is kept.
    #[must_use]
    pub fn of(settings: &RunSettings) -> Self {
        let name = settings.network.network().name();
        Self(settings.out.join(RUNS).join(name))
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Where weights that are still trained are saved as a model.
    #[must_use]
    pub fn live(&self) -> PathBuf {
        self.0.join(LIVE)
    }

    /// Makes the folder and keeps other programs from running this run; `None` if one does.
    pub(crate) fn lock(&self) -> io::Result<Option<Lock>> {
        files::create_folder(&self.0)?;
        Lock::try_take(&self.0.join(LOCK))
    }

    /// Whether a program is at work on the run.
    #[must_use]
    pub fn is_held(&self) -> bool {
        let path = self.0.join(LOCK);
        path.is_file() && matches!(Lock::try_take(&path), Ok(None))
    }

    /// Removes all that an earlier run left, but not the lock.
    pub(crate) fn clear(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.0)? {
            let path = entry?.path();
            if path.is_dir() {
                files::remove_folder(&path)?;
            } else if path.file_name().is_some_and(|name| name != LOCK) {
                files::remove(&path)?;
            }
        }
        Ok(())
    }

    /// Removes all that there is of a run.
    pub(crate) fn remove(&self) {
        let _ = files::remove_folder(&self.0);
        self.remove_if_empty();
    }

    /// Removes the folder if there is nothing in it, and that of all runs if it was the only one.
    pub(crate) fn remove_if_empty(&self) {
        for folder in self.0.ancestors().take(2) {
            // Only removes what is empty.
            let _ = fs::remove_dir(folder);
        }
    }

    /// Removes the model of weights that are no longer trained.
    pub(crate) fn remove_live(&self) {
        let _ = files::remove_folder(&self.live());
    }

    /// Writes all that is known but the pictures.
    pub(crate) fn write(&self, view: &RunView) -> io::Result<()> {
        let record = Record {
            settings: view.settings.clone(),
            state: view.state.clone(),
            dataset: view.dataset.clone(),
            images: view.images,
            steps: view.steps,
            epochs: view.epochs,
            images_per_second: view.images_per_second,
            seconds_left: view.seconds_left,
            losses: view.losses.clone(),
            history: view.history.clone(),
            classes: view.classes.clone(),
            seen: view.seen.iter().map(|seen| seen.step).collect(),
            live: view.live.as_ref().map(|(_, step)| *step),
        };
        let text = ron::to_string(&record).map_err(io::Error::other)?;
        files::write(
            &self.0.join(RECORD),
            format!("{HEADING}{text}\n").as_bytes(),
        )
    }

    /// Writes the pictures that are in every snapshot.
    pub(crate) fn write_originals(&self, view: &RunView) -> io::Result<()> {
        match sheet_of(&view.originals) {
            Some(Sheet(bytes)) => files::write(&self.0.join(ORIGINALS), &bytes),
            None => Ok(()),
        }
    }

    /// Writes a snapshot.
    pub(crate) fn write_seen(&self, seen: &Seen) -> io::Result<()> {
        let images = seen.reconstructions.iter().chain(&seen.samples);
        let images: Vec<Image> = images.cloned().collect();
        if let Some(Sheet(bytes)) = sheet_of(&images) {
            files::write(&self.picture(seen.step), &bytes)?;
        }
        let numbers = SeenNumbers {
            reconstructions: seen.reconstructions.len(),
            points: seen.points.clone(),
        };
        let text = ron::to_string(&numbers).map_err(io::Error::other)?;
        files::write(&self.numbers(seen.step), text.as_bytes())
    }

    /// Removes a snapshot that is not kept any more.
    pub(crate) fn remove_seen(&self, step: usize) {
        let _ = files::remove(&self.picture(step));
        let _ = files::remove(&self.numbers(step));
    }

    fn picture(&self, step: usize) -> PathBuf {
        self.0.join(format!("{step:08}.png"))
    }

    fn numbers(&self, step: usize) -> PathBuf {
        self.0.join(format!("{step:08}.ron"))
    }

    /// What is on the disk. Snapshots that were read `before` are not read again; those that cannot be read are left out.
    ///
    /// # Errors
    /// If there is no run, or its record is damaged or of a newer version.
    pub fn read(&self, before: &[Arc<Seen>]) -> io::Result<RunView> {
        self.read_with(Some(before))
    }

    /// The same without the pictures.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn summary(&self) -> io::Result<RunView> {
        self.read_with(None)
    }

    fn read_with(&self, before: Option<&[Arc<Seen>]>) -> io::Result<RunView> {
        let path = self.0.join(RECORD);
        let text = files::read_text(&path, LARGEST_RECORD)?;
        let wrong = |what: &str| {
            let text = format!("{}: {what}", path.display());
            io::Error::new(io::ErrorKind::InvalidData, text)
        };
        let body = text.strip_prefix(HEADING);
        let body = body.ok_or_else(|| wrong("it is no record of a run that this version knows"))?;
        let record: Record = ron::from_str(body).map_err(|e| wrong(&e.to_string()))?;
        let shape = record.dataset.as_ref().map(|info| info.shape);
        let known: BTreeMap<usize, &Arc<Seen>> = before
            .unwrap_or_default()
            .iter()
            .map(|seen| (seen.step, seen))
            .collect();
        let wanted = before.map_or(&[][..], |_| record.seen.as_slice());
        let seen = |step: &usize| match known.get(step) {
            Some(seen) => Some(Arc::clone(seen)),
            None => self.read_seen(*step, shape?).map(Arc::new),
        };
        let shown = shape.filter(|_| before.is_some());
        let originals = shown.and_then(|shape| read_sheet(&self.0.join(ORIGINALS), shape));
        let state = match record.state {
            state if state.is_active() && !self.is_held() => RunState::Crashed,
            state => state,
        };
        Ok(RunView {
            seen: wanted.iter().filter_map(seen).collect(),
            originals: originals.unwrap_or_default(),
            live: record.live.map(|step| (self.live(), step)),
            settings: record.settings,
            state,
            dataset: record.dataset,
            images: record.images,
            steps: record.steps,
            epochs: record.epochs,
            images_per_second: record.images_per_second,
            seconds_left: record.seconds_left,
            losses: record.losses,
            history: record.history,
            classes: record.classes,
            trouble: None,
        })
    }

    fn read_seen(&self, step: usize, shape: ImageShape) -> Option<Seen> {
        let text = files::read_text(&self.numbers(step), LARGEST_RECORD).ok()?;
        let numbers: SeenNumbers = ron::from_str(&text).ok()?;
        let mut images = read_sheet(&self.picture(step), shape).unwrap_or_default();
        let samples = images.split_off(numbers.reconstructions.min(images.len()));
        Some(Seen {
            step,
            reconstructions: images,
            samples,
            points: numbers.points,
        })
    }
}

fn read_sheet(path: &Path, shape: ImageShape) -> Option<Vec<Image>> {
    Sheet(files::read(path, LARGEST_PICTURE).ok()?).images(shape)
}

/// A run that was found on the disk.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundRun {
    /// Where it is.
    pub folder: RunFolder,
    /// What is seen of it, or why that cannot be read.
    pub view: Result<RunView, String>,
}

/// The runs of all models in `folder` and below it, in the order of their paths. What cannot be listed is passed over.
#[must_use]
pub fn list(folder: &Path) -> Vec<FoundRun> {
    let mut found = Vec::new();
    add_runs(folder, DEPTH, &mut found);
    found.sort();
    let view = |folder: RunFolder| FoundRun {
        view: folder.summary().map_err(|error| error.to_string()),
        folder,
    };
    found
        .into_iter()
        .map(|path| view(RunFolder(path)))
        .collect()
}

fn add_runs(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    for below in folders_in(&folder.join(RUNS)) {
        if below.join(RECORD).is_file() {
            found.push(below);
        }
    }
    if folder.join(RECORD).is_file() && !found.contains(&folder.to_owned()) {
        found.push(folder.to_owned());
    }
    if depth > 0 {
        for below in folders_in(folder) {
            if below.file_name().is_some_and(|name| name != RUNS) {
                add_runs(&below, depth - 1, found);
            }
        }
    }
}

fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let is_folder = |entry: &fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
    let folders = entries.flatten().filter(is_folder);
    folders.map(|entry| entry.path()).collect()
}
