//! Checkpoints: everything that a run needs to go on as if it had not been interrupted.

use std::collections::BTreeMap;
use std::fs;
use std::mem;
use std::path::{Path, PathBuf};

use burn::module::Module;
use burn::optim::ModuleOptimizer;
use burn::store::ModuleRecord;
use serde::{Deserialize, Serialize};

use crate::{EpochRecord, Losses, TrainingError};

/// All of a run that is not a tensor.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunState {
    /// The settings of the run, in words; a checkpoint is only taken up by a run with the same.
    pub fingerprint: String,
    /// Optimiser steps taken in all.
    pub step: usize,
    /// Sum of the losses of the steps taken in the epoch under way.
    pub epoch_loss_sum: f64,
    /// The same of each other figure that the steps give, by name; see [`Losses`](crate::Losses). Absent where there are none, as
    /// in earlier versions.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub epoch_sums: BTreeMap<String, f64>,
    /// Seconds spent so far in the epoch under way.
    pub epoch_seconds: f64,
    /// The epochs that have ended.
    pub history: Vec<EpochRecord>,
}

impl RunState {
    /// Counts a step.
    pub(crate) fn add(&mut self, losses: &Losses) {
        self.step += 1;
        self.epoch_loss_sum += losses.loss;
        for (name, value) in &losses.others {
            *self.epoch_sums.entry((*name).to_owned()).or_default() += value;
        }
    }

    /// The sums of the epoch under way by name, which begin again at 0 with the next.
    pub(crate) fn end_epoch(&mut self) -> BTreeMap<String, f64> {
        let mut sums = mem::take(&mut self.epoch_sums);
        sums.insert("loss".to_owned(), mem::take(&mut self.epoch_loss_sum));
        self.epoch_seconds = 0.0;
        sums
    }
}

/// A folder of checkpoints of one run, of which only the newest is kept.
///
/// Each is written to a folder of its own and becomes current by one atomic write of `latest.ron`; a process that is
/// killed half-way leaves the one before it in force.
#[derive(Debug, Clone)]
pub struct Checkpoints {
    dir: PathBuf,
}

const MODEL: &str = "model.bpk";
const AVERAGE: &str = "average.bpk";
const OPTIMIZER: &str = "optimizer.bpk";

/// What `latest.ron` says.
#[derive(Serialize, Deserialize)]
struct Latest {
    folder: String,
    state: RunState,
    /// SHA-256 of each file in the folder, by name. Burn's files have no checksum, and reading a damaged one can panic.
    /// Absent in checkpoints from before it was written down.
    #[serde(default)]
    sha256: BTreeMap<String, String>,
}

impl Checkpoints {
    /// Checkpoints in `dir`, which is made when the first one is written.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// Whether there is a checkpoint to take up.
    #[must_use]
    pub fn exist(&self) -> bool {
        self.latest().is_file()
    }

    /// Writes a checkpoint and lets go of the one before it.
    ///
    /// # Errors
    /// [`TrainingError::Checkpoint`] if a file cannot be written; the checkpoint before it stays in force.
    pub fn save<M: Module>(
        &self,
        state: &RunState,
        model: &M,
        average: &M,
        optimizer: &ModuleOptimizer,
    ) -> Result<(), TrainingError> {
        let name = self.free_name(state.step);
        let folder = self.dir.join(&name);
        fs::create_dir_all(&folder).map_err(|e| TrainingError::checkpoint(&folder, e))?;
        // Running statistics are held back one step until something asks for the validation form.
        let _ = model.valid();
        save_record(&folder.join(MODEL), model.clone().into_record())?;
        save_record(&folder.join(AVERAGE), average.clone().into_record())?;
        let path = folder.join(OPTIMIZER);
        let _ = fs::remove_file(&path);
        optimizer
            .save(&path)
            .map_err(|e| TrainingError::checkpoint(&path, e))?;
        let mut sha256 = BTreeMap::new();
        for file in [MODEL, AVERAGE, OPTIMIZER] {
            sha256.insert(file.to_owned(), checksum(&folder.join(file))?);
        }
        self.point_to(&Latest {
            folder: name,
            state: state.clone(),
            sha256,
        })?;
        self.remove_all_but(&folder);
        Ok(())
    }

    /// Takes up the newest checkpoint: fresh networks and optimiser in, their saved forms out.
    ///
    /// # Errors
    /// [`TrainingError::OtherRun`] if it was made with other settings, [`TrainingError::Checkpoint`] if it is damaged.
    pub fn load<M: Module>(
        &self,
        fingerprint: &str,
        model: M,
        average: M,
        optimizer: ModuleOptimizer,
    ) -> Result<(RunState, M, M, ModuleOptimizer), TrainingError> {
        let latest = self.read_latest()?;
        if latest.state.fingerprint != fingerprint {
            return Err(TrainingError::OtherRun {
                path: self.dir.clone(),
                found: latest.state.fingerprint,
                expected: fingerprint.to_owned(),
            });
        }
        let folder = self.dir.join(&latest.folder);
        for (file, expected) in &latest.sha256 {
            let path = folder.join(file);
            if checksum(&path)? != *expected {
                let reason = "it is damaged: its contents are not those that were written";
                return Err(TrainingError::damaged(&path, reason));
            }
        }
        let model = load_record(&folder.join(MODEL), model)?;
        let average = load_record(&folder.join(AVERAGE), average)?;
        let path = folder.join(OPTIMIZER);
        let optimizer = optimizer
            .load(&path)
            .map_err(|e| TrainingError::checkpoint(&path, e))?;
        Ok((latest.state, model, average, optimizer))
    }

    /// Removes the folder and all in it, when its run has ended.
    ///
    /// # Errors
    /// [`TrainingError::Checkpoint`] if it cannot be removed.
    pub fn remove(&self) -> Result<(), TrainingError> {
        if !self.dir.exists() {
            return Ok(());
        }
        fs::remove_dir_all(&self.dir).map_err(|e| TrainingError::checkpoint(&self.dir, e))
    }

    pub(crate) fn latest(&self) -> PathBuf {
        self.dir.join("latest.ron")
    }

    fn read_latest(&self) -> Result<Latest, TrainingError> {
        let path = self.latest();
        let text = fs::read_to_string(&path).map_err(|e| TrainingError::checkpoint(&path, e))?;
        ron::from_str(&text).map_err(|e| TrainingError::checkpoint(&path, e))
    }

    /// A folder name that is not in force: the checkpoint in force stays whole until the next one is complete, also when
    /// a run is cancelled before it takes a step and saves the same one again.
    fn free_name(&self, step: usize) -> String {
        let name = format!("step-{step:08}");
        match self.read_latest() {
            Ok(latest) if latest.folder == name => format!("{name}-again"),
            _ => name,
        }
    }

    fn point_to(&self, latest: &Latest) -> Result<(), TrainingError> {
        let path = self.latest();
        let text = ron::ser::to_string_pretty(latest, ron::ser::PrettyConfig::default())
            .map_err(|e| TrainingError::checkpoint(&path, e))?;
        files::write(&path, text.as_bytes()).map_err(|e| TrainingError::checkpoint(&path, e))
    }

    /// A folder that cannot be removed costs disk space, not correctness: nothing points to it any more.
    fn remove_all_but(&self, keep: &Path) {
        let Ok(entries) = fs::read_dir(&self.dir) else {
            return;
        };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() && path != keep {
                let _ = fs::remove_dir_all(path);
            }
        }
    }
}

fn checksum(path: &Path) -> Result<String, TrainingError> {
    let bytes = fs::read(path).map_err(|e| TrainingError::checkpoint(path, e))?;
    Ok(files::sha256_hex(&bytes))
}

fn save_record(path: &Path, record: ModuleRecord) -> Result<(), TrainingError> {
    // A checkpoint of the same step may be left from a run that was killed before it became current.
    let _ = fs::remove_file(path);
    record
        .save(path)
        .map_err(|e| TrainingError::checkpoint(path, e))
}

fn load_record<M: Module>(path: &Path, module: M) -> Result<M, TrainingError> {
    let record = ModuleRecord::load(path).map_err(|e| TrainingError::checkpoint(path, e))?;
    module
        .try_load_record(record)
        .map_err(|e| TrainingError::checkpoint(path, e))
}
