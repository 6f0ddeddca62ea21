//! What the worker is asked.

use eframe::egui;
use studio::Manifest;

use super::App;
use crate::state::channel::Channel;
use crate::state::{compare, jobs, session::Model};

impl App {
    /// The manifest of the model in front, once it is open.
    pub(super) fn manifest(&self) -> Option<&Manifest> {
        self.session.manifest(&self.controls.model)
    }

    /// Asks the worker for what the controls now need. A job that was asked for already is not asked for again.
    pub(super) fn ask(&mut self, ctx: &egui::Context, gesture: bool) {
        let model = &self.controls.model;
        let jobs = match self.session.model(model) {
            None => vec![jobs::open(model)],
            Some(Model::Failed(_)) => Vec::new(),
            Some(Model::Open(manifest)) => {
                if let Some(dataset) = manifest.known_dataset()
                    && self.samples.asked.insert(dataset)
                {
                    self.tasks.unpack_sample(ctx, dataset);
                }
                let mut jobs = jobs::wanted(&self.controls, manifest, gesture);
                jobs.extend(self.map_jobs(manifest));
                jobs.extend(compare::wanted(&self.controls, &self.session));
                jobs
            }
        };
        for job in jobs {
            // Nothing else is to be seen.
            if self.show.presenting && !matches!(job.channel, Channel::Open | Channel::Frame) {
                continue;
            }
            if self.session.submit(&job, self.controls.scene()) {
                self.outbox.push(job);
            }
        }
    }
}
