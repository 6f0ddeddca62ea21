//! Training runs that end in a bundle.

mod diffusion;
mod gan;
mod judges;
mod refiner;
mod snapshot;
mod vae;

pub use diffusion::train_diffusion;
pub use gan::train_gan;
pub use judges::{train_classifier, train_second_judge};
pub use refiner::train_refiner;
pub use snapshot::{SNAPSHOT_MAPPED, SNAPSHOT_ORIGINALS, SNAPSHOT_SAMPLES, Snapshot, Snapshots};
pub use vae::{fit_regions, train_vae};

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use datasets::{DatasetInfo, LabelledImages, Seed};
use training::{CancelToken, Checkpoints, EpochRecord, Event, Fit, Look, Outcome, Steering};

use crate::folder::lock_saves;
use crate::{Bundle, StudioError, TrainingRecord};

/// What a training run is given besides its settings.
pub struct TrainingRun<'a> {
    /// The data set.
    pub dataset: &'a DatasetInfo,
    /// Images to train on.
    pub train: &'a LabelledImages,
    /// Images to measure on after each epoch.
    pub held_out: &'a LabelledImages,
    /// Images of the data set of which the bundle carries a few, see [`Bundle::set_sample`]; best those that were held
    /// out for testing.
    pub sample: Option<&'a LabelledImages>,
    /// The command that does this run again, for the record.
    pub command: &'a str,
    /// The bundle's folder.
    pub out: &'a Path,
    /// Take the newest checkpoint up.
    pub resume: bool,
    /// Replace what is damaged in the folder, and keep what is sound.
    pub replace_damaged: bool,
    /// Where to compute.
    pub device: &'a Device,
    /// The device in words, for the record.
    pub device_name: &'a str,
    /// Asks the run to stop after the step under way.
    pub cancel: &'a CancelToken,
    /// Has the run wait between two steps, or end early.
    pub steering: Option<&'a Steering>,
    /// Who sees what the network draws meanwhile. A judge draws nothing.
    pub snapshots: Option<Snapshots<'a>>,
    /// Called after every step and every epoch.
    pub watch: &'a mut dyn FnMut(Event<'_>),
}

impl TrainingRun<'_> {
    /// What the loop of a training is given, with its checkpoints. `draw` makes a snapshot of the network, and saves it in a folder if
    /// it is given one.
    fn fit<'a, M: 'a>(
        &'a mut self,
        checkpoints: &'a Checkpoints,
        draw: impl Fn(&M, usize, Option<PathBuf>) -> Snapshot + 'a,
    ) -> Fit<'a, M> {
        let look = self.snapshots.as_mut().map(|snapshots| {
            let every = snapshots.every;
            let see = move |network: &M, step: usize| {
                let snapshot = draw(network, step, (snapshots.live)());
                (snapshots.see)(snapshot);
            };
            Look::new(every, see)
        });
        Fit {
            checkpoints: Some(checkpoints),
            resume: self.resume,
            cancel: self.cancel,
            steering: self.steering,
            look,
            watch: &mut *self.watch,
        }
    }

    /// The record of a network that this run has trained.
    fn record(
        &self,
        settings: String,
        (seed, epochs): (Seed, usize),
        parameters: usize,
        history: Vec<EpochRecord>,
    ) -> TrainingRecord {
        TrainingRecord {
            command: self.command.to_owned(),
            settings,
            seed,
            epochs,
            images: self.train.len(),
            parameters,
            device: self.device_name.to_owned(),
            history,
        }
    }
}

/// Refuses before hours of training what would be refused after them. Nobody saves there meanwhile: of a first save there are weights before
/// there is a manifest.
fn refuse_early(run: &TrainingRun<'_>) -> Result<(), StudioError> {
    let _saving = lock_saves(run.out)?;
    open_for(run).map(drop)
}

/// The bundle that a run's network goes into. A folder whose bundle is of another data set, or damaged and not to be replaced, is refused.
fn open_for(run: &TrainingRun<'_>) -> Result<Bundle, StudioError> {
    if run.replace_damaged {
        return Bundle::open_or_salvage(run.out, run.dataset, run.device);
    }
    Bundle::open_or_empty(run.out, run.dataset, run.device)
}

/// Puts what was trained into the bundle as it is now, since another run may have saved the other network there while this
/// one trained, and saves it.
fn finish(
    run: &TrainingRun<'_>,
    checkpoints: &Checkpoints,
    put: impl FnOnce(&mut Bundle),
) -> Result<Outcome, StudioError> {
    let _lock = lock_saves(run.out)?;
    let mut bundle = open_for(run)?;
    put(&mut bundle);
    if let Some(images) = run.sample {
        bundle.set_sample(images)?;
    }
    bundle.save_locked(run.out)?;
    checkpoints.remove()?;
    Ok(Outcome::Finished)
}
