//! Looking at a run of another program, from the files that it writes.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use eframe::egui::Context;
use runs::{RunFolder, RunView, list};

use crate::app::App;
use crate::app::tasks::Done;
use crate::state::{
    notices::{Tone, Topic},
    train::{ShownRun, TrainDone},
};

/// How often the files are read.
const READ_EVERY: Duration = Duration::from_secs(1);
/// How often a thread that waits looks whether it is still wanted.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// A thread that reads the files of a run. Dropping it ends the thread soon.
pub struct Watcher(Arc<AtomicBool>);

impl Drop for Watcher {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl App {
    pub(super) fn watch(&mut self, ctx: &Context, folder: PathBuf) {
        if self.training.is_busy() {
            return;
        }
        self.put_away();
        let over = Arc::new(AtomicBool::new(false));
        self.train.watcher = Some(Watcher(Arc::clone(&over)));
        let (sender, waker) = (self.tasks.sender(), ctx.clone());
        self.tasks.run(ctx, "watch a run", move || {
            follow(&folder, &over, &sender, &waker);
            None
        });
    }

    pub(super) fn watched(&mut self, found: Result<Box<RunView>, String>) {
        if self.train.watcher.is_none() || self.training.is_busy() {
            return;
        }
        match found {
            Ok(view) => {
                if let Some(shown) = &mut self.training.shown {
                    shown.view = *view;
                } else {
                    let folder = RunFolder::of(&view.settings);
                    self.training.shown = Some(ShownRun::watched(*view, folder));
                }
            }
            Err(reason) => {
                self.train.watcher = None;
                self.notices.say(Topic::Train, Tone::Bad, reason);
            }
        }
    }
}

/// The newest run of a model, or the run whose folder it is.
fn run_in(folder: &Path) -> Result<RunFolder, String> {
    let found = list(folder);
    let active = |run: &&runs::FoundRun| run.view.as_ref().is_ok_and(|view| view.state.is_active());
    let run = found.iter().find(active).or_else(|| found.first());
    let run = run.ok_or_else(|| {
        let folder = folder.display();
        format!("There is no run in {folder}: name the folder that a run trains its model into.")
    })?;
    Ok(run.folder.clone())
}

/// Reads the files of a run until it has ended or nobody looks any more.
fn follow(folder: &Path, over: &AtomicBool, sender: &Sender<Done>, waker: &Context) {
    let tell = |done: TrainDone| {
        let told = sender.send(done.into()).is_ok();
        waker.request_repaint();
        told
    };
    let run = match run_in(folder) {
        Ok(run) => run,
        Err(reason) => {
            tell(TrainDone::Watched(Err(reason)));
            return;
        }
    };
    let mut seen = Vec::new();
    while !over.load(Ordering::Relaxed) {
        match run.read(&seen) {
            Ok(view) => {
                let active = view.state.is_active();
                seen.clone_from(&view.seen);
                if !tell(TrainDone::Watched(Ok(Box::new(view)))) || !active {
                    return;
                }
            }
            Err(error) => {
                tell(TrainDone::Watched(Err(error.to_string())));
                return;
            }
        }
        let mut waited = Duration::ZERO;
        while waited < READ_EVERY && !over.load(Ordering::Relaxed) {
            thread::sleep(LOOK_AGAIN);
            waited += LOOK_AGAIN;
        }
    }
}
