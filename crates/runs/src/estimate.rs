//! What can be known of a run before it begins: whether it can be trained at all, and how long that will take on this machine.

use std::time::{Duration, Instant};

use studio::TrainingRun;
use training::{CancelToken, Event};

use crate::{Computing, Loaded, NetworkSettings, RunError, RunSettings, checks};

/// Steps that are not counted: memory is taken and caches are filled in them.
const WARM_UP: usize = 2;
/// Steps that are measured, at most,
const MEASURED: usize = 12;
/// and how long they may take together.
const LONGEST: Duration = Duration::from_secs(4);

/// What a few steps say about a whole run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Steps of the whole run.
    pub steps: usize,
    /// Steps that were measured.
    pub measured: usize,
    /// Images that are learned from in a second.
    pub images_per_second: f64,
    /// Seconds that the steps of the run will take. What is measured and described after them takes some more.
    pub seconds: f64,
}

/// Takes a few steps of a run into a folder that is removed again, and says how long the run will take. `None` if it was cancelled before
/// anything could be measured.
///
/// # Errors
/// [`RunError`] if the run could not be trained either.
pub fn estimate(
    network: &NetworkSettings,
    loaded: &Loaded,
    computing: &Computing,
    cancel: &CancelToken,
) -> Result<Option<Estimate>, RunError> {
    let enough = CancelToken::new();
    let (mut taken, mut began, mut ended, mut all) = (0_usize, None, None, 0);
    let mut watch = |event: Event<'_>| {
        let Event::Step(progress) = event else { return };
        taken += 1;
        all = progress.steps * progress.epochs;
        let now = Instant::now();
        let began = *began.get_or_insert(now);
        if taken == WARM_UP {
            ended = Some((now, now, 0));
        } else if let Some((start, end, count)) = &mut ended {
            (*end, *count) = (now, *count + 1);
            if *count >= MEASURED || *end - *start > LONGEST {
                enough.cancel();
            }
        }
        if cancel.is_cancelled() || now - began > LONGEST * 4 {
            enough.cancel();
        }
    };
    // Checkpoints take time that a whole run spends once an epoch.
    begin(network, loaded, computing, &enough, &mut watch)?;
    let Some((start, end, measured)) = ended.filter(|(_, _, measured)| *measured > 0) else {
        return Ok(None);
    };
    let a_step = (end - start).as_secs_f64() / measured as f64;
    let (_, batch) = network.epochs_and_batch();
    Ok(Some(Estimate {
        steps: all,
        measured,
        images_per_second: batch as f64 / a_step.max(1e-9),
        seconds: a_step * all as f64,
    }))
}

/// Makes everything that a run begins with, and takes no step: whatever a run is refused for is found out.
///
/// # Errors
/// [`RunError`] if the run could not be trained.
pub fn rehearse(
    settings: &RunSettings,
    loaded: &Loaded,
    computing: &Computing,
) -> Result<(), RunError> {
    let (network, folder) = (&settings.network, settings.images.folder());
    network.check(&settings.out)?;
    checks::refuse_unlabelled(network.network(), folder, loaded)?;
    checks::refuse_rare_classes(network.network(), folder, loaded)?;
    let at_once = CancelToken::new();
    at_once.cancel();
    begin(network, loaded, computing, &at_once, &mut |_| {})
}

/// Trains into a folder that is removed again, until it is cancelled.
fn begin(
    network: &NetworkSettings,
    loaded: &Loaded,
    computing: &Computing,
    cancel: &CancelToken,
    watch: &mut dyn FnMut(Event<'_>),
) -> Result<(), RunError> {
    let folder = tempfile::tempdir().map_err(|source| RunError::Unwritable {
        folder: std::env::temp_dir(),
        source,
    })?;
    let mut run = TrainingRun {
        dataset: &loaded.info,
        sample: None,
        train: &loaded.splits.train,
        held_out: &loaded.splits.held_out,
        command: "",
        out: folder.path(),
        resume: false,
        replace_damaged: false,
        device: &computing.device,
        device_name: &computing.device_name,
        cancel,
        steering: None,
        snapshots: None,
        watch,
    };
    network.train(&mut run)?;
    Ok(())
}
