//! Checkpoints: everything that a run needs to go on as if it had not been interrupted.

use std::collections::BTreeMap;
use std::fs;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use burn::module::Module;
use burn::optim::ModuleOptimizer;
use burn::store::ModuleRecord;
use burn::tensor::Bytes;
use serde::{Deserialize, Serialize};

use crate::{EpochRecord, Losses, RunIdentity, SettingChange, TrainingError};

/// All of a run that is not a tensor.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunState {
    /// What the run is; a checkpoint is only taken up by the same.
    pub identity: RunIdentity,
    /// Optimiser steps taken in all.
    pub step: usize,
    /// The loss of the first step of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_loss: Option<f64>,
    /// Sum of the losses of the steps taken in the epoch under way.
    pub epoch_loss_sum: f64,
    /// The same of each other figure that the steps give, by name; see [`Losses`](crate::Losses).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub epoch_sums: BTreeMap<String, f64>,
    /// Seconds spent so far in the epoch under way.
    pub epoch_seconds: f64,
    /// What was changed in the epoch under way, see [`EpochRecord::changes`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub epoch_changes: Vec<String>,
    /// The epochs that have ended.
    pub history: Vec<EpochRecord>,
}

impl RunState {
    /// Counts a step.
    pub(crate) fn add(&mut self, losses: &Losses) {
        self.step += 1;
        self.first_loss.get_or_insert(losses.loss);
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
    also: Vec<(String, String)>,
}

/// What a checkpoint gives back.
pub(crate) struct Loaded<M> {
    pub state: RunState,
    pub model: M,
    pub average: M,
    pub optimizer: ModuleOptimizer,
    /// The settings that are others now.
    pub changes: Vec<SettingChange>,
}

const MODEL: &str = "model.bpk";
const AVERAGE: &str = "average.bpk";
const OPTIMIZER: &str = "optimizer.bpk";

/// Largest state that is read: a record of 100,000 epochs.
const LARGEST_STATE: u64 = 64 << 20;
/// Largest file of tensors that is read.
const LARGEST_TENSORS: u64 = 8 << 30;

/// What `latest.ron` says, under a line with its checksum.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Latest {
    folder: String,
    state: RunState,
    /// SHA-256 of each file in the folder, by name. Burn's files have no checksum, and reading a damaged one can panic.
    sha256: BTreeMap<String, String>,
}

impl Checkpoints {
    /// Checkpoints in `dir`, which is made when the first one is written.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            also: Vec::new(),
        }
    }

    /// Says what else the weights follow from, besides what the training itself knows: a run with another value does not take these
    /// checkpoints up.
    #[must_use]
    pub fn depending_on(mut self, name: &str, value: impl Into<String>) -> Self {
        self.also.push((name.to_owned(), value.into()));
        self
    }

    /// Whether there is a checkpoint to take up.
    #[must_use]
    pub fn exist(&self) -> bool {
        // Whatever is there is not passed over: what is no file is an error when it is read.
        fs::symlink_metadata(self.latest()).is_ok()
    }

    /// What a run with these checkpoints is.
    pub(crate) fn identify(&self, identity: &RunIdentity) -> RunIdentity {
        let with = |identity: RunIdentity, (name, value): &(String, String)| {
            identity.with_fixed(name, value)
        };
        self.also.iter().fold(identity.clone(), with)
    }

    /// Writes a checkpoint and lets go of the one before it.
    ///
    /// # Errors
    /// [`TrainingError::Unwritable`] if a file cannot be written; the checkpoint before it stays in force.
    pub fn save<M: Module>(
        &self,
        state: &RunState,
        model: &M,
        average: &M,
        optimizer: &ModuleOptimizer,
    ) -> Result<(), TrainingError> {
        let name = self.free_name(state.step);
        let folder = self.dir.join(&name);
        files::create_folder(&folder).map_err(|e| TrainingError::unwritable(&folder, e))?;
        // Running statistics are held back one step until something asks for the validation form.
        let _ = model.valid();
        let optimizer = optimizer
            .into_bytes()
            .map_err(|e| TrainingError::checkpoint(&folder.join(OPTIMIZER), e))?;
        let tensors = [
            (MODEL, record_bytes(&folder.join(MODEL), model)?),
            (AVERAGE, record_bytes(&folder.join(AVERAGE), average)?),
            (OPTIMIZER, optimizer.to_vec()),
        ];
        let digest =
            |(file, bytes): &(&str, Vec<u8>)| ((*file).to_owned(), files::sha256_hex(bytes));
        let sha256 = tensors.iter().map(digest).collect();
        let outputs = tensors.map(|(file, bytes)| (folder.join(file), bytes));
        files::write_many(&outputs).map_err(|e| TrainingError::unwritable(&folder, e))?;
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
    /// [`TrainingError::OtherRun`] if it is that of another run, [`TrainingError::Checkpoint`] if it is damaged.
    pub(crate) fn load<M: Module>(
        &self,
        identity: &RunIdentity,
        model: M,
        average: M,
        optimizer: ModuleOptimizer,
    ) -> Result<Loaded<M>, TrainingError> {
        let latest = self.read_latest()?;
        let differences = latest.state.identity.differences(identity);
        if !differences.is_empty() {
            return Err(TrainingError::OtherRun {
                path: self.dir.clone(),
                differences,
            });
        }
        let optimizer_path = self.dir.join(&latest.folder).join(OPTIMIZER);
        Ok(Loaded {
            model: self.load_record(&latest, MODEL, model)?,
            average: self.load_record(&latest, AVERAGE, average)?,
            optimizer: load_optimizer(
                &optimizer_path,
                optimizer,
                self.read_checked(&latest, OPTIMIZER)?,
            )?,
            changes: latest.state.identity.changes(identity),
            state: latest.state,
        })
    }

    /// Removes the folder and all in it, when its run has ended. What a killed process leaves of it is no checkpoint.
    ///
    /// # Errors
    /// [`TrainingError::Unremovable`] if it cannot be removed.
    pub fn remove(&self) -> Result<(), TrainingError> {
        // What makes it a checkpoint goes first.
        files::remove(&self.latest())
            .and_then(|()| files::remove_folder(&self.dir))
            .map_err(|source| TrainingError::Unremovable {
                path: self.dir.clone(),
                source,
            })
    }

    pub(crate) fn latest(&self) -> PathBuf {
        self.dir.join("latest.ron")
    }

    fn read_latest(&self) -> Result<Latest, TrainingError> {
        let path = self.latest();
        let text = files::read_text(&path, LARGEST_STATE)
            .map_err(|e| TrainingError::checkpoint(&path, e))?;
        let body = files::checked_body(&text).map_err(|error| match error {
            files::CheckedError::NoChecksum => TrainingError::damaged(
                &path,
                "it does not start with its checksum: it is damaged, or an earlier version wrote it, which did not note all that \
                 the weights follow from",
            ),
            error @ files::CheckedError::Mismatch => TrainingError::checkpoint(&path, error),
        })?;
        let latest: Latest =
            ron::from_str(body).map_err(|e| TrainingError::checkpoint(&path, e))?;
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if latest.folder.is_empty() || !latest.folder.chars().all(plain) {
            let reason = format!("{:?} is no name of a folder beside it", latest.folder);
            return Err(TrainingError::damaged(&path, reason));
        }
        Ok(latest)
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
        let body = ron::ser::to_string_pretty(latest, ron::ser::PrettyConfig::default())
            .map_err(|e| TrainingError::checkpoint(&path, e))?;
        files::write(&path, files::checked_text(&body).as_bytes())
            .map_err(|e| TrainingError::unwritable(&path, e))
    }

    /// A folder that cannot be removed costs disk space, not correctness: nothing points to it any more. Nor do files that a
    /// killed process left.
    fn remove_all_but(&self, keep: &Path) {
        let _ = files::remove_leftovers(&self.dir);
        let Ok(entries) = fs::read_dir(&self.dir) else {
            return;
        };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() && path != keep {
                let _ = files::remove_folder(&path);
            }
        }
    }

    /// The bytes of a file of a checkpoint, if they are those that were written.
    fn read_checked(&self, latest: &Latest, file: &str) -> Result<Bytes, TrainingError> {
        let path = self.dir.join(&latest.folder).join(file);
        let expected = latest.sha256.get(file).ok_or_else(|| {
            let reason = format!("it does not name the checksum of {file}");
            TrainingError::damaged(&self.latest(), reason)
        })?;
        let bytes =
            files::read(&path, LARGEST_TENSORS).map_err(|e| TrainingError::checkpoint(&path, e))?;
        if files::sha256_hex(&bytes) == *expected {
            return Ok(Bytes::from_bytes_vec(bytes));
        }
        let reason = "it is damaged: its contents are not those that were written";
        Err(TrainingError::damaged(&path, reason))
    }

    fn load_record<M: Module>(
        &self,
        latest: &Latest,
        file: &str,
        module: M,
    ) -> Result<M, TrainingError> {
        let path = self.dir.join(&latest.folder).join(file);
        let record = ModuleRecord::from_bytes(self.read_checked(latest, file)?)
            .map_err(|e| TrainingError::checkpoint(&path, e))?;
        module
            .try_load_record(record)
            .map_err(|e| TrainingError::checkpoint(&path, e))
    }
}

/// The optimiser with the state in these bytes. Burn panics on bytes that hold no state of an optimiser, even if their checksum
/// is right.
fn load_optimizer(
    path: &Path,
    optimizer: ModuleOptimizer,
    bytes: Bytes,
) -> Result<ModuleOptimizer, TrainingError> {
    let load = AssertUnwindSafe(|| optimizer.from_bytes(bytes));
    let loaded = catch_unwind(load).map_err(|_| {
        TrainingError::damaged(path, "it holds no state of an optimiser".to_owned())
    })?;
    loaded.map_err(|e| TrainingError::checkpoint(path, e))
}

fn record_bytes<M: Module>(path: &Path, module: &M) -> Result<Vec<u8>, TrainingError> {
    let bytes = module.clone().into_record().into_bytes();
    let bytes = bytes.map_err(|e| TrainingError::checkpoint(path, e))?;
    Ok(bytes.to_vec())
}
