//! Fetching a known data set for Train.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use datasets::{DatasetError, FetchOptions, FetchProgress, KnownDataset};
use eframe::egui::Context;

use crate::app::App;
use crate::state::{
    notices::{Tone, Topic},
    train::{Fetching, Images, TrainDone},
};

/// Stops a fetch.
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// What arrived is kept.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl App {
    pub(super) fn start_fetch(&mut self, ctx: &Context) {
        let Images::Known(dataset) = self.training.form.images else {
            return;
        };
        let Some(data) = self.training.data() else {
            let text = "There is no folder of your own to fetch data sets into.";
            return self.notices.say(Topic::Train, Tone::Bad, text);
        };
        if self.training.fetch.is_some() {
            return;
        }
        self.notices.clear(Topic::Train);
        let options = FetchOptions::default();
        self.train.fetch = Some(Cancel(Arc::clone(&options.cancel)));
        self.training.fetch = Some(Fetching {
            dataset,
            text: "Looking for a mirror".to_owned(),
            share: None,
        });
        let (sender, waker) = (self.tasks.sender(), ctx.clone());
        self.tasks.run(ctx, "fetch the data set", move || {
            let fetched = datasets::fetch(dataset, &data, &options, &mut |step| {
                let fetching = in_words(dataset, &step);
                // The window may have closed meanwhile; then nobody waits for this.
                let _ = sender.send(TrainDone::Fetching(fetching).into());
                waker.request_repaint();
            });
            let result = match fetched {
                Ok(_) | Err(DatasetError::Cancelled) => Ok(()),
                Err(error) => Err(error.to_string()),
            };
            Some(TrainDone::Fetched(result).into())
        });
    }

    pub(super) fn fetched(&mut self, result: Result<(), String>) {
        (self.train.fetch, self.training.fetch) = (None, None);
        if let Err(reason) = result {
            self.notices.say(Topic::Train, Tone::Bad, reason);
        }
    }
}

/// How far a download is, in words.
fn in_words(dataset: KnownDataset, step: &FetchProgress) -> Fetching {
    let total = step.total_bytes.filter(|total| *total > 0);
    let share = total.map(|total| step.done_bytes as f32 / total as f32);
    let mebibytes = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    let done = mebibytes(step.done_bytes);
    let size = match total {
        Some(total) => format!("{done:.1} of {:.1} MiB", mebibytes(total)),
        None => format!("{done:.1} MiB"),
    };
    let place = (step.file_index + 1, step.file_count);
    Fetching {
        dataset,
        text: format!("File {} of {}: {size}", place.0, place.1),
        share,
    }
}
