//! Answers from the worker.

use super::App;
use crate::state::channel::{Channel, Published};
use crate::state::{
    notices::{Tone, Topic},
    session::{Model, SessionEvent},
};

impl App {
    /// Takes an answer or an error from the worker.
    pub fn receive(&mut self, published: Published) {
        match self.session.receive(published, &self.controls.model) {
            // When a model does not open, its place in the window says why, and what to do.
            SessionEvent::Stale | SessionEvent::Failed(Channel::Open | Channel::CompareOpen, _) => {
            }
            SessionEvent::Answered(channel) => self.notices.clear(Topic::Channel(channel)),
            SessionEvent::Opened(model) => {
                if let Some(Model::Open(open)) = self.session.model(&model) {
                    self.controls.open(&model, open);
                    self.kept.recent.model(&model);
                    self.check_expected();
                }
            }
            SessionEvent::Encoded(asked, encoded) => {
                self.notices.clear(Topic::Channel(Channel::Encode));
                if let Some(scene) = self.controls.scene_mut() {
                    scene.go_to_encoded(encoded.mean, asked.start);
                }
            }
            SessionEvent::Drawn(job, gallery) => self.film.take(&job, gallery),
            SessionEvent::Failed(channel, message) => {
                if channel == Channel::Export {
                    self.give_film_up();
                }
                self.notices
                    .say(Topic::Channel(channel), Tone::Bad, message);
            }
        }
    }
}
