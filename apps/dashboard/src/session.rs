//! What came back from the worker: each model's manifest and last good answers, and what is still under way.

use std::collections::BTreeMap;

use crate::channel::{Channel, Job, Published};
use studio::{
    Counterfactual, Effects, Encoded, Gallery, Manifest, ModelSource, Realistic, Reply, Request,
};

use crate::{
    compare::{self, Compared},
    controls::Scene,
    shown::Shown,
};

/// An answer with what it was asked for.
#[derive(Clone, Debug)]
pub struct Answer<T> {
    /// The scene as it was when the question was asked.
    pub scene: Scene,
    /// What came back.
    pub value: T,
    /// Counts up with each answer: whoever keeps a picture of one compares it.
    pub revision: u64,
}

/// The last good answers of one model.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// Image, prediction and heatmaps.
    pub frame: Option<Answer<Shown>>,
    /// The traversal of the selected dimension.
    pub strip: Option<Answer<Gallery>>,
    /// The grid of samples.
    pub grid: Option<Answer<Gallery>>,
    /// The walk between two anchors.
    pub morph: Option<Answer<Gallery>>,
    /// What each dimension changes.
    pub effects: Option<Answer<Effects>>,
    /// The pictures of the bookmarks.
    pub thumbnails: Option<Answer<Gallery>>,
    /// The walk to another class.
    pub counterfactual: Option<Answer<Counterfactual>>,
    /// How usual the latent is.
    pub realism: Option<Answer<Realistic>>,
    /// Where the images of the sample lie, for the map.
    pub encoded: Option<Answer<Vec<Vec<f32>>>>,
    /// The pictures of a map that was drawn from the class regions.
    pub drawn: Option<Answer<Gallery>>,
    /// The mean of a group of points of the map.
    pub group: Option<Answer<Gallery>>,
}

/// A model as far as it is known.
#[derive(Clone, Debug)]
pub enum Model {
    /// Open.
    Open(Box<Manifest>),
    /// It could not be opened; the message says why and what to do.
    Failed(String),
}

/// What a message from the worker means for the rest of the window.
#[derive(Clone, Debug)]
pub enum News {
    /// Of no interest any more: a newer question was asked, or another model is in front.
    Stale,
    /// The answer is in the session.
    Answered(Channel),
    /// A model is open.
    Opened(ModelSource),
    /// An image was encoded, for the scene as it was.
    Encoded(Box<Scene>, Encoded),
    /// Images for a file.
    Drawn(Job, Gallery),
    /// Something went wrong. The last good answer stays.
    Failed(Channel, String),
}

struct Flight {
    job: Job,
    scene: Option<Scene>,
}

/// Everything that came back, and what is on its way.
#[derive(Default)]
pub struct Session {
    models: BTreeMap<ModelSource, Model>,
    answers: BTreeMap<ModelSource, Answers>,
    /// Jobs without an answer, oldest first.
    flights: Vec<Flight>,
    /// The newest job of each channel, answered or not.
    newest: Vec<Job>,
    revision: u64,
    no_answers: Answers,
    /// The last good answers of Compare.
    compared: BTreeMap<Channel, Compared>,
}

impl Session {
    /// What is known of a model; `None` while it opens.
    #[must_use]
    pub fn model(&self, source: &ModelSource) -> Option<&Model> {
        self.models.get(source)
    }

    /// The manifest of a model that is open.
    #[must_use]
    pub fn manifest(&self, source: &ModelSource) -> Option<&Manifest> {
        match self.models.get(source)? {
            Model::Open(manifest) => Some(manifest),
            Model::Failed(_) => None,
        }
    }

    /// Every model that was opened or tried.
    pub fn sources(&self) -> impl Iterator<Item = &ModelSource> {
        self.models.keys()
    }

    /// The last good answers of a model.
    #[must_use]
    pub fn answers(&self, source: &ModelSource) -> &Answers {
        self.answers.get(source).unwrap_or(&self.no_answers)
    }

    /// The last good answer in one of Compare's channels, of whatever model.
    #[must_use]
    pub fn compared(&self, channel: Channel) -> Option<&Compared> {
        self.compared.get(&channel)
    }

    /// Whether an answer is on its way.
    #[must_use]
    pub fn working(&self) -> bool {
        !self.flights.is_empty()
    }

    /// Whether an answer is on its way in this channel.
    #[must_use]
    pub fn pending(&self, channel: Channel) -> bool {
        self.flights
            .iter()
            .any(|flight| flight.job.channel == channel)
    }

    /// Whether the newest question of this channel was about this model, answered or not.
    #[must_use]
    pub fn asked(&self, source: &ModelSource, channel: Channel) -> bool {
        let about = |job: &Job| job.channel == channel && job.model == *source;
        self.newest.iter().any(about)
    }

    /// Notes that `job` goes to the worker for `scene`; false if it is the newest of its channel already, so that
    /// nothing needs to be sent: its answer is here or on its way.
    pub fn submit(&mut self, job: &Job, scene: Option<&Scene>) -> bool {
        if self.newest.contains(job) {
            return false;
        }
        self.newest.retain(|old| old.channel != job.channel);
        self.newest.push(job.clone());
        self.flights.push(Flight {
            job: job.clone(),
            scene: scene.cloned(),
        });
        true
    }

    /// Forgets what was asked in this channel, so that all of it can be asked again.
    pub fn forget(&mut self, channel: Channel) {
        self.newest.retain(|job| job.channel != channel);
        self.flights.retain(|flight| flight.job.channel != channel);
    }

    /// Forgets what went wrong with `source`, so that it is opened again.
    pub fn retry(&mut self, source: &ModelSource) {
        self.models.remove(source);
        self.newest.retain(|job| job.model != *source);
        self.flights.retain(|flight| flight.job.model != *source);
    }

    /// The models are on another device. What only has an answer there is forgotten, and everything can be asked again.
    /// These are the unanswered jobs that do not follow from the controls: they have to be handed over again.
    #[must_use]
    pub fn move_models(&mut self) -> Vec<Job> {
        for answers in self.answers.values_mut() {
            if matches!(&answers.frame, Some(answer) if matches!(answer.value, Shown::Live(_))) {
                answers.frame = None;
            }
        }
        let once = |job: &Job| {
            matches!(
                job.channel,
                Channel::Open | Channel::Encode | Channel::Export
            )
        };
        self.newest.retain(once);
        self.flights.retain(|flight| once(&flight.job));
        self.flights
            .iter()
            .map(|flight| flight.job.clone())
            .collect()
    }

    /// Takes a message from the worker. An answer replaces the last one of its channel; an error replaces nothing.
    pub fn receive(&mut self, published: Published, front: &ModelSource) -> News {
        let Published { job, result, .. } = published;
        let Some(at) = self.flights.iter().position(|flight| flight.job == job) else {
            return News::Stale;
        };
        // The worker is latest-wins, so what was asked before this in the same channel never comes.
        let scene = self.flights.remove(at).scene;
        let mut index = 0;
        self.flights.retain(|flight| {
            index += 1;
            index > at || flight.job.channel != job.channel
        });
        if matches!(job.channel, Channel::Encode | Channel::Export) {
            // These answers are handed on and not kept, so the same may be asked again.
            self.newest.retain(|asked| *asked != job);
        }
        let opening = matches!(job.request, Request::Open);
        match result {
            Ok(Reply::Opened(manifest)) => {
                self.models.insert(job.model.clone(), Model::Open(manifest));
                News::Opened(job.model)
            }
            Err(error) if opening => {
                let message = error.to_string();
                self.models
                    .insert(job.model, Model::Failed(message.clone()));
                News::Failed(job.channel, message)
            }
            // A file goes on being made, whatever is in front.
            Ok(Reply::Gallery(gallery)) if job.channel == Channel::Export => {
                News::Drawn(job, gallery)
            }
            Err(error) if job.channel == Channel::Export => {
                News::Failed(job.channel, error.to_string())
            }
            // Both sides of a comparison are looked at, whichever model is in front.
            Ok(reply) if compare::CHANNELS.contains(&job.channel) => {
                self.revision += 1;
                let (channel, revision) = (job.channel, self.revision);
                let answer = Compared {
                    job,
                    reply,
                    revision,
                };
                self.compared.insert(channel, answer);
                News::Answered(channel)
            }
            Err(error) if compare::CHANNELS.contains(&job.channel) => {
                News::Failed(job.channel, error.to_string())
            }
            // A map is asked for once, and kept for when its model is in front again.
            _ if job.model != *front && job.channel != Channel::Map => News::Stale,
            Err(error) => News::Failed(job.channel, error.to_string()),
            Ok(reply) => match scene {
                Some(scene) => self.keep(job, scene, reply),
                None => News::Stale,
            },
        }
    }

    fn keep(&mut self, job: Job, scene: Scene, reply: Reply) -> News {
        self.revision += 1;
        let revision = self.revision;
        let channel = job.channel;
        let answers = self.answers.entry(job.model).or_default();
        match reply {
            Reply::Frame(frame) => {
                let value = Shown::Host(frame);
                answers.frame = Some(Answer {
                    scene,
                    value,
                    revision,
                });
            }
            Reply::LiveFrame(frame) => {
                let value = Shown::Live(frame);
                answers.frame = Some(Answer {
                    scene,
                    value,
                    revision,
                });
            }
            Reply::Effects(value) => {
                answers.effects = Some(Answer {
                    scene,
                    value,
                    revision,
                });
            }
            Reply::Gallery(value) => {
                let slot = match channel {
                    Channel::Strip => &mut answers.strip,
                    Channel::Grid => &mut answers.grid,
                    Channel::Morph => &mut answers.morph,
                    Channel::Thumbnails => &mut answers.thumbnails,
                    Channel::Map => &mut answers.drawn,
                    Channel::Group => &mut answers.group,
                    _ => return News::Stale,
                };
                *slot = Some(Answer {
                    scene,
                    value,
                    revision,
                });
            }
            Reply::Encoded(encoded) => {
                return News::Encoded(Box::new(scene), encoded);
            }
            Reply::EncodedMany(value) => {
                answers.encoded = Some(Answer {
                    scene,
                    value,
                    revision,
                });
            }
            Reply::Counterfactual(value) => {
                answers.counterfactual = Some(Answer {
                    scene,
                    value,
                    revision,
                });
            }
            Reply::Realism(value) => {
                answers.realism = value.map(|value| Answer {
                    scene,
                    value,
                    revision,
                });
            }
            Reply::Opened(_) | Reply::Reconstructed(_) => return News::Stale,
        }
        News::Answered(channel)
    }
}
