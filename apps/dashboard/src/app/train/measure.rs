//! Measuring a model that was trained here: a few figures at a time, each part saved as it comes.

use std::path::Path;

use burn::tensor::Device;
use eframe::egui::Context;
use evaluation::{EvaluateOptions, EvaluateProgress, EvaluationError, evaluate, measures, merged};
use runs::{RunSettings, RunState};
use studio::{ModelSource, Studio, error_texts};
use training::CancelToken;

use super::trainer::cache;
use crate::app::App;
use crate::state::{
    notices::{Tone, Topic},
    train::{Measuring, TrainDone},
};

/// Figures that are measured before what was found is saved.
const AT_A_TIME: usize = 6;

impl App {
    /// Measures the model that the shown run has made.
    pub(super) fn measure_model(&mut self, ctx: &Context) {
        let shown = self.training.shown.as_ref();
        let finished = shown.filter(|shown| shown.view.state == RunState::Finished);
        let (Some(shown), Some(device)) = (finished, self.train.device.clone()) else {
            return;
        };
        if self.training.measuring.is_some() {
            return;
        }
        self.training.measuring = Some(Measuring::default());
        let cancel = CancelToken::new();
        self.train.measuring = Some(cancel.clone());
        let settings = shown.view.settings.clone();
        let cache = cache(self.training.home.as_deref());
        let (sender, waker) = (self.tasks.sender(), ctx.clone());
        self.tasks.run(ctx, "measure the model", move || {
            let mut tell = |measuring: Measuring| {
                // The window may have closed meanwhile; then nobody waits for this.
                let _ = sender.send(TrainDone::Measuring(measuring).into());
                waker.request_repaint();
            };
            let measured = measure(&settings, &device, cache, &cancel, &mut tell);
            Some(TrainDone::Measured(measured).into())
        });
    }

    pub(super) fn measured(&mut self, result: Result<bool, String>) {
        (self.train.measuring, self.training.measuring) = (None, None);
        match result {
            Ok(_) => {
                if let Some(shown) = &self.training.shown {
                    // Its report is another one now.
                    self.session.retry(&shown.model());
                }
            }
            Err(reason) => self.notices.say(Topic::Train, Tone::Bad, reason),
        }
    }
}

/// Measures all that can be measured in reasonable time; false if it was stopped.
fn measure(
    settings: &RunSettings,
    device: &Device,
    cache: Option<datasets::Cache>,
    cancel: &CancelToken,
    tell: &mut dyn FnMut(Measuring),
) -> Result<bool, String> {
    let in_words = |error: &(dyn std::error::Error + 'static)| error_texts(error).join(": ");
    let source = ModelSource::Folder(settings.out.clone());
    let studio = Studio::open(&source, device).map_err(|error| in_words(&error))?;
    let loaded = settings.images.load(cache);
    let splits = loaded.map_err(|error| in_words(&error))?.splits;
    let names: Vec<String> = measures::all()
        .into_iter()
        .filter(|measure| !measure.is_slow() && measure.why_absent(studio.manifest()).is_none())
        .filter(|measure| measure.too_few(splits.test.len()).is_none())
        .map(|measure| measure.name.to_owned())
        .collect();
    for (part, only) in names.chunks(AT_A_TIME).enumerate() {
        let options = EvaluateOptions {
            only: only.to_vec(),
            cancel: cancel.clone(),
        };
        let before = (part * AT_A_TIME) as f32;
        let of_part = only.len() as f32;
        let mut progress = |step: EvaluateProgress| {
            let share = step.done as f32 / step.total.max(1) as f32;
            tell(Measuring {
                figure: step.figure,
                share: (before + share * of_part) / names.len() as f32,
            });
        };
        match evaluate(&studio, &splits, &options, &mut progress) {
            Ok(report) => save(&settings.out, &studio, report)?,
            Err(EvaluationError::Cancelled) => return Ok(false),
            Err(error) => return Err(in_words(&error)),
        }
    }
    Ok(true)
}

fn save(out: &Path, studio: &Studio, report: studio::Report) -> Result<(), String> {
    let saved = studio::write_merged_report(out, studio.manifest(), report, merged);
    saved.map_err(|error| error_texts(&error).join(": "))
}
