//! Answers from the worker.

use studio::Encoded;

use super::App;
use crate::state::channel::{Channel, Published};
use crate::state::{
    jobs,
    notices::{Tone, Topic},
    scene::{InputImage, Scene, Start},
    session::{Model, SessionEvent},
};

impl App {
    /// Takes an answer or an error from the worker.
    pub fn receive(&mut self, published: Published) {
        match self.session.receive(published, &self.controls.model) {
            // When a model beside others does not open, its place says why, and what to do.
            SessionEvent::Stale | SessionEvent::Failed(Channel::CompareOpen, _) => {}
            SessionEvent::Failed(Channel::Open, message) => self.not_opened(&message),
            SessionEvent::Answered(channel) => self.notices.clear(Topic::Channel(channel)),
            SessionEvent::Opened(model) => {
                // Its weights may be others than before.
                self.step_pictures.forget_model(&self.history, &model);
                if let Some(Model::Open(open)) = self.session.model(&model) {
                    self.controls.open(&model, open);
                    self.kept.recent.model(&model);
                    self.check_expected();
                }
            }
            SessionEvent::Encoded {
                asked,
                encoded,
                is_first,
            } => self.take_encoded(*asked, encoded, is_first),
            SessionEvent::Drawn(job, gallery) if job.channel == Channel::History => {
                self.step_pictures.take(&self.history, &job, gallery);
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

    /// Goes to the latent of an image. While that is searched for, only as long as the person leaves it alone.
    fn take_encoded(&mut self, asked: Scene, encoded: Encoded, is_first: bool) {
        self.notices.clear(Topic::Channel(Channel::Encode));
        let Some(scene) = self.controls.scene() else {
            return;
        };
        if !is_first && (scene.start != asked.start || scene.edited()) {
            return self.stop_search();
        }
        if let Some(image) = self.own_picture(&asked) {
            self.pin(image, encoded.mean.clone());
        }
        if let Some(scene) = self.controls.scene_mut() {
            scene.go_to_encoded(encoded.mean, asked.start);
        }
    }

    /// The picture that a scene started from, if the person wants such pictures pinned and it is none of the sample.
    fn own_picture(&self, asked: &Scene) -> Option<InputImage> {
        let Start::Image(image) = &asked.start else {
            return None;
        };
        let sample = self.open_model()?.sample.as_deref();
        let of_sample = sample.is_some_and(|images| {
            asked.sample < images.len() && images.image(asked.sample) == image.image
        });
        (self.controls.map.pin_opened && !of_sample).then(|| image.clone())
    }

    /// Ends the search for the latent of an image; what it found stays.
    pub(super) fn stop_search(&mut self) {
        if self.session.searching() {
            self.session.stop_search();
            self.outbox.push(jobs::stop_search(&self.controls));
        }
    }
}
