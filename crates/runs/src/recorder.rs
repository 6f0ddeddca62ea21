//! Keeping what is seen of a run, in memory and on the disk.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use datasets::Image;
use files::Lock;
use studio::{SNAPSHOT_MAPPED, SNAPSHOT_ORIGINALS, Snapshot, StudioError};
use training::Event;

use crate::thinned::Thinned;
use crate::view::{Curve, MOST_LOSSES, MOST_SEEN, Seen};
use crate::{Loaded, RunFolder, RunSettings, RunState, RunView, plane};

/// How often a run that goes on is written down.
const WRITTEN_EVERY: Duration = Duration::from_secs(2);

/// Keeps what is seen of a run. What cannot be written down does not stop the run.
pub struct Recorder {
    folder: RunFolder,
    view: RunView,
    losses: Thinned<Curve>,
    seen: Thinned<Arc<Seen>>,
    written: Option<Instant>,
    /// Whether the training has taken its first step, or a checkpoint up. Until then it may be refused, and nothing on the disk changes.
    begun: bool,
    /// Whether the run is taken up again.
    goes_on: bool,
    /// Held as long as the run goes on.
    lock: Lock,
}

impl Recorder {
    /// Begins with a run, or goes on with what is known of it if it is taken up again.
    pub fn start(
        settings: &RunSettings,
        goes_on: bool,
        loaded: &Loaded,
    ) -> Result<Self, StudioError> {
        let folder = RunFolder::of(settings);
        let unwritable = |error: io::Error| StudioError::Write {
            path: folder.path().to_owned(),
            reason: error.to_string(),
            source: None,
        };
        let lock = folder.lock().map_err(unwritable)?;
        let lock = lock.ok_or_else(|| StudioError::Busy {
            checkpoint: settings.checkpoint(),
        })?;
        let before = goes_on.then(|| folder.read(&[]).ok()).flatten();
        let mut recorder = Self {
            view: RunView::new(settings.clone()),
            losses: Thinned::new(MOST_LOSSES),
            seen: Thinned::new(MOST_SEEN),
            written: None,
            begun: false,
            goes_on: before.is_some(),
            lock,
            folder,
        };
        recorder.describe(loaded);
        if let Some(before) = before {
            recorder.take_up(before);
        }
        Ok(recorder)
    }

    /// What is seen of the run.
    pub fn view(&self) -> &RunView {
        &self.view
    }

    /// Where weights that are trained are saved as a model.
    pub fn live(&self) -> PathBuf {
        self.folder.live()
    }

    fn describe(&mut self, loaded: &Loaded) {
        let (train, held_out) = (&loaded.splits.train, &loaded.splits.held_out);
        let view = &mut self.view;
        view.dataset = Some(loaded.info.clone());
        view.images = [train.len(), held_out.len()];
        let shown = SNAPSHOT_ORIGINALS.min(held_out.len());
        let original = |index: usize| {
            let bytes = held_out.read(index).ok()?;
            Image::from_bytes(held_out.shape(), &bytes).ok()
        };
        view.originals = (0..shown).filter_map(original).collect();
        let labels = held_out.labels().iter().take(SNAPSHOT_MAPPED);
        view.classes = labels.copied().collect();
        let (epochs, batch) = view.settings.network.epochs_and_batch();
        view.steps = [0, epochs.saturating_mul(train.len().div_ceil(batch.max(1)))];
    }

    /// Goes on with what an earlier program saw of the run.
    fn take_up(&mut self, before: RunView) {
        self.view.history = before.history;
        for loss in before.losses {
            self.losses.push(loss);
        }
        for seen in before.seen {
            self.seen.push(seen);
        }
        self.settle();
    }

    /// Forgets what was seen after a step: from there on the run is trained again.
    fn forget_after(&mut self, step: usize) {
        let (losses, seen) = (self.losses.kept().to_vec(), self.seen.kept().to_vec());
        (self.losses, self.seen) = (Thinned::new(MOST_LOSSES), Thinned::new(MOST_SEEN));
        for loss in losses.into_iter().filter(|loss| loss.step <= step) {
            self.losses.push(loss);
        }
        for one in seen {
            if one.step <= step {
                self.seen.push(one);
            } else {
                self.folder.remove_seen(one.step);
            }
        }
        let epochs = step / self.view.steps_an_epoch().max(1);
        self.view.history.truncate(epochs);
        self.view.steps[0] = step;
        self.settle();
    }

    fn settle(&mut self) {
        self.view.losses = self.losses.kept().to_vec();
        self.view.seen = self.seen.kept().to_vec();
    }

    /// The training has begun: what an earlier run left goes, unless this one goes on with it.
    fn begin(&mut self) {
        if std::mem::replace(&mut self.begun, true) {
            return;
        }
        if !self.goes_on {
            self.note(self.folder.clear());
        }
        self.note(self.folder.write_originals(&self.view));
    }

    /// Takes in what the training tells.
    pub fn see(&mut self, event: &Event<'_>) {
        self.begin();
        match event {
            Event::Resumed { step, .. } => {
                self.forget_after(*step);
                self.view.state = RunState::Running;
            }
            Event::Step(progress) => {
                let resumes = self.view.state != RunState::Running;
                self.view.state = RunState::Running;
                let step = (progress.epoch - 1) * progress.steps + progress.step;
                self.view.steps = [step, progress.epochs * progress.steps];
                self.view.epochs = progress.epochs;
                self.view.images_per_second = progress.images_per_second;
                self.view.seconds_left = progress.eta.as_secs_f64();
                let loss = progress.loss;
                self.losses.push(Curve { step, loss });
                let due = self
                    .written
                    .is_none_or(|written| written.elapsed() > WRITTEN_EVERY);
                if due || resumes {
                    self.write();
                }
            }
            Event::Epoch(record) => {
                self.view.history.push((*record).clone());
                if self.view.history.len() >= self.view.epochs {
                    self.view.state = RunState::Saving;
                }
                self.write();
            }
            Event::Paused => self.set(RunState::Paused),
        }
        self.view.losses = self.losses.kept().to_vec();
    }

    /// Takes in what the network draws.
    pub fn look(&mut self, snapshot: Snapshot) {
        self.begin();
        let none = Vec::new();
        let before = self.seen.kept().last().map_or(&none, |seen| &seen.points);
        let seen = Seen {
            step: snapshot.step,
            points: plane(&snapshot.means, before),
            reconstructions: snapshot.reconstructions,
            samples: snapshot.samples,
        };
        match snapshot.live {
            Some(Ok(folder)) => self.view.live = Some((folder, snapshot.step)),
            Some(Err(reason)) => self.view.trouble = Some(reason),
            None => self.view.live = None,
        }
        let is_empty = seen.reconstructions.is_empty() && seen.samples.is_empty();
        if is_empty {
            return;
        }
        self.note(self.folder.write_seen(&seen));
        for gone in self.seen.push(Arc::new(seen)) {
            self.folder.remove_seen(gone.step);
        }
        self.settle();
        self.write();
    }

    /// Notes how the run ended.
    pub fn end(&mut self, state: RunState) {
        if self.begun {
            self.folder.remove_live();
        }
        self.view.live = None;
        self.set(state);
    }

    fn set(&mut self, state: RunState) {
        self.view.state = state;
        if self.begun {
            self.write();
        }
    }

    /// Lets go of the run. Of one that left nothing to go on from, nothing stays.
    pub fn close(self, leaves_something: bool) {
        let Self {
            folder,
            begun,
            lock,
            ..
        } = self;
        if begun && !leaves_something {
            folder.remove();
        }
        drop(lock);
        folder.remove_if_empty();
    }

    fn write(&mut self) {
        self.written = Some(Instant::now());
        let written = self.folder.write(&self.view);
        self.note(written);
    }

    fn note(&mut self, written: io::Result<()>) {
        if let Err(error) = written {
            let text = format!("{}: {error}", self.folder.path().display());
            self.view.trouble = Some(text);
        }
    }
}
