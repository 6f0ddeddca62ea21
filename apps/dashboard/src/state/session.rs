//! What came back from the worker: each model's manifest and last good answers, and what is still under way.

use std::collections::{BTreeMap, BTreeSet};

use datasets::Image;
use studio::{
    Encoded, Gallery, Manifest, ModelSource, Reply, Request, SearchProgress, StudioError,
};

use super::{
    answers::Answers, compared::Compared, draw_times::DrawTimes, model::OpenModel, scene::Scene,
    shown::Shown,
};
use crate::state::channel::{Channel, Job, Published};

/// A model as far as it is known.
#[derive(Clone, Debug)]
pub enum Model {
    /// Open.
    Open(Box<OpenModel>),
    /// It could not be opened; the message says why and what to do.
    Failed(String),
}

/// What a message from the worker means for the rest of the window.
#[derive(Clone, Debug)]
pub enum SessionEvent {
    /// Of no interest any more: a newer question was asked, or another model is in front.
    Stale,
    /// The answer is in the session.
    Answered(Channel),
    /// A model is open.
    Opened(ModelSource),
    /// An image was encoded, for the scene as it was, or searched for, as far as that has come.
    Encoded {
        /// The scene as it was, started from the image.
        asked: Box<Scene>,
        /// What was found.
        encoded: Encoded,
        /// Whether it is the first that is heard of it.
        is_first: bool,
    },
    /// Images for a file, or of the steps that undo goes through.
    Drawn(Job, Gallery),
    /// Something went wrong. The last good answer stays.
    Failed(Channel, String),
}

struct PendingJob {
    job: Job,
    scene: Option<Scene>,
}

/// Everything that came back, and what is on its way.
#[derive(Default)]
pub struct Session {
    models: BTreeMap<ModelSource, Model>,
    answers: BTreeMap<ModelSource, Answers>,
    /// Jobs without an answer, oldest first.
    pending_jobs: Vec<PendingJob>,
    /// The newest job of each channel, answered or not.
    newest: Vec<Job>,
    revision: u64,
    no_answers: Answers,
    /// The last good answers of Compare.
    compared: BTreeMap<Channel, Compared>,
    /// The models that the worker was asked about for Compare, and has not closed since.
    aside: BTreeSet<ModelSource>,
    /// How long each model takes to draw a sample here.
    draw_times: BTreeMap<ModelSource, DrawTimes>,
    /// The search for the latent of an image that was heard of last.
    search: Option<Search>,
    /// The model in front, as far as the session was told.
    front: Option<ModelSource>,
}

/// A search for the latent of an image.
#[derive(Clone, Debug)]
pub struct Search {
    /// What was asked.
    job: Job,
    /// How far it is.
    pub progress: SearchProgress,
}

impl Search {
    /// Whether it is, or was, for this image.
    #[must_use]
    pub fn is_for(&self, image: &Image) -> bool {
        matches!(&self.job.request, Request::Encode(asked) if asked.image == *image)
    }

    /// Whether it goes on.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        self.progress.step < self.progress.steps
    }
}

impl Session {
    /// What is known of a model; `None` while it opens.
    #[must_use]
    pub fn model(&self, source: &ModelSource) -> Option<&Model> {
        self.models.get(source)
    }

    /// A model that is open.
    #[must_use]
    pub fn open(&self, source: &ModelSource) -> Option<&OpenModel> {
        match self.models.get(source)? {
            Model::Open(model) => Some(model),
            Model::Failed(_) => None,
        }
    }

    /// The manifest of a model that is open.
    #[must_use]
    pub fn manifest(&self, source: &ModelSource) -> Option<&Manifest> {
        self.open(source).map(|model| &model.manifest)
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

    /// The models that the worker was asked about for Compare, and has not closed since.
    pub fn aside(&self) -> impl Iterator<Item = &ModelSource> {
        self.aside.iter()
    }

    /// How long a model takes to draw a sample here, once it has drawn some.
    #[must_use]
    pub fn draw_times(&self, source: &ModelSource) -> Option<&DrawTimes> {
        self.draw_times.get(source)
    }

    /// The search for the latent of an image that was heard of last, if it was in this model.
    #[must_use]
    pub fn search(&self, source: &ModelSource) -> Option<&Search> {
        let search = self.search.as_ref();
        search.filter(|search| search.job.model == *source)
    }

    /// Whether a latent is being searched for.
    #[must_use]
    pub fn searching(&self) -> bool {
        self.search.as_ref().is_some_and(Search::goes_on)
    }

    /// Hears no more of a search. What it found stays.
    pub fn stop_search(&mut self) {
        self.forget(Channel::Encode);
        if let Some(search) = &mut self.search {
            search.progress.steps = search.progress.step;
        }
    }

    /// Whether an answer is on its way.
    #[must_use]
    pub fn working(&self) -> bool {
        !self.pending_jobs.is_empty()
    }

    /// Whether an answer is on its way in this channel.
    #[must_use]
    pub fn pending(&self, channel: Channel) -> bool {
        self.pending_jobs
            .iter()
            .any(|pending| pending.job.channel == channel)
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
        if job.channel.is_of_compare() || job.channel == Channel::CompareOpen {
            self.aside.insert(job.model.clone());
        }
        self.pending_jobs.push(PendingJob {
            job: job.clone(),
            scene: scene.cloned(),
        });
        true
    }

    /// Forgets what was asked in this channel, so that all of it can be asked again.
    pub fn forget(&mut self, channel: Channel) {
        self.newest.retain(|job| job.channel != channel);
        self.pending_jobs
            .retain(|pending| pending.job.channel != channel);
    }

    /// Forgets all that is known of `source`, so that it is opened again.
    pub fn retry(&mut self, source: &ModelSource) {
        self.models.remove(source);
        self.answers.remove(source);
        self.draw_times.remove(source);
        self.compared
            .retain(|_, answer| answer.job.model != *source);
        self.newest.retain(|job| job.model != *source);
        self.pending_jobs
            .retain(|pending| pending.job.model != *source);
    }

    /// Has a model opened again without letting go of what is known of it before the new one is there: its weights were replaced. To be
    /// followed by the question that opens it.
    pub fn refresh(&mut self, source: &ModelSource) {
        self.draw_times.remove(source);
        self.newest.retain(|job| job.model != *source);
        self.pending_jobs
            .retain(|pending| pending.job.model != *source);
    }

    /// Forgets all that is known of a model that is put away.
    pub fn close(&mut self, source: &ModelSource) {
        self.retry(source);
        self.aside.remove(source);
    }

    /// Notes which model is in front. What Compare showed beside another one is forgotten: both sides were about its image.
    pub fn bring_to_front(&mut self, source: &ModelSource) {
        if self.front.as_ref() == Some(source) {
            return;
        }
        self.front = Some(source.clone());
        let sides = [
            Channel::CompareInput,
            Channel::CompareLeft,
            Channel::CompareRight,
        ];
        for channel in sides {
            self.forget(channel);
            self.compared.remove(&channel);
        }
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
        // The thread there has opened nothing yet, and takes other times.
        self.aside.clear();
        self.draw_times.clear();
        let once = |job: &Job| {
            matches!(
                job.channel,
                Channel::Open | Channel::Encode | Channel::Export
            )
        };
        self.newest.retain(once);
        self.pending_jobs.retain(|pending| once(&pending.job));
        self.pending_jobs
            .iter()
            .map(|pending| pending.job.clone())
            .collect()
    }

    /// Takes a message from the worker. An answer replaces the last one of its channel; an error replaces nothing.
    pub fn receive(&mut self, published: Published, front: &ModelSource) -> SessionEvent {
        let Published { job, result, .. } = published;
        let Some(at) = self
            .pending_jobs
            .iter()
            .position(|pending| pending.job == job)
        else {
            return SessionEvent::Stale;
        };
        // The worker is latest-wins, so what was asked before this in the same channel never comes.
        let scene = if goes_on(&result) {
            self.pending_jobs[at].scene.clone()
        } else {
            self.pending_jobs.remove(at).scene
        };
        let mut index = 0;
        self.pending_jobs.retain(|pending| {
            index += 1;
            index > at || pending.job.channel != job.channel
        });
        // What failed once would fail again at once.
        let of_a_step = job.channel == Channel::History && result.is_ok();
        let handed_on = of_a_step
            || matches!(
                job.channel,
                Channel::Encode | Channel::Export | Channel::Close
            );
        if handed_on && !goes_on(&result) {
            // These answers are handed on and not kept, so the same may be asked again.
            self.newest.retain(|asked| *asked != job);
        }
        match result {
            Ok(Reply::Opened(opened)) => {
                let open = OpenModel::new(*opened).map(Box::new);
                let model = open.map_or_else(Model::Failed, Model::Open);
                self.models.insert(job.model.clone(), model);
                SessionEvent::Opened(job.model)
            }
            Ok(Reply::Closed) => {
                if let Request::Close(models) = &job.request {
                    self.aside.retain(|model| !models.contains(model));
                }
                SessionEvent::Answered(job.channel)
            }
            Err(error) if job.channel.opens() => {
                let message = error.to_string();
                self.models
                    .insert(job.model, Model::Failed(message.clone()));
                SessionEvent::Failed(job.channel, message)
            }
            // A file goes on being made, whatever is in front.
            Ok(Reply::Gallery(gallery))
                if matches!(job.channel, Channel::Export | Channel::History) =>
            {
                SessionEvent::Drawn(job, gallery)
            }
            Err(error) if job.channel == Channel::Export => {
                SessionEvent::Failed(job.channel, error.to_string())
            }
            // All that is compared is looked at, whichever model is in front.
            Ok(reply) if job.channel.is_of_compare() => self.keep_compared(job, reply),
            Err(error) if job.channel.is_of_compare() => {
                SessionEvent::Failed(job.channel, error.to_string())
            }
            // A map is asked for once, and kept for when its model is in front again.
            _ if job.model != *front && !job.channel.is_of_map() => SessionEvent::Stale,
            Err(error) => SessionEvent::Failed(job.channel, error.to_string()),
            Ok(reply) => match scene {
                Some(scene) => self.keep(&job, scene, reply),
                None => SessionEvent::Stale,
            },
        }
    }

    fn keep_compared(&mut self, job: Job, reply: Reply) -> SessionEvent {
        self.revision += 1;
        if let (Reply::Samples(samples), Request::Samples(request)) = (&reply, &job.request) {
            let times = self.draw_times.entry(job.model.clone()).or_default();
            times.add(samples, request.sampler.steps);
        }
        let (channel, revision) = (job.channel, self.revision);
        let answer = Compared {
            job,
            reply,
            revision,
        };
        self.compared.insert(channel, answer);
        SessionEvent::Answered(channel)
    }

    fn keep(&mut self, job: &Job, scene: Scene, reply: Reply) -> SessionEvent {
        self.revision += 1;
        if let Reply::Encoded(encoded) = reply {
            let known = self.search.take().filter(|search| search.job == *job);
            self.search = encoded.search.map(|progress| Search {
                job: job.clone(),
                progress,
            });
            return SessionEvent::Encoded {
                asked: Box::new(scene),
                encoded,
                is_first: known.is_none(),
            };
        }
        let answers = self.answers.entry(job.model.clone()).or_default();
        if answers.put(job, scene, reply, self.revision) {
            SessionEvent::Answered(job.channel)
        } else {
            SessionEvent::Stale
        }
    }
}

/// Whether there will be another answer to the same job.
fn goes_on(result: &Result<Reply, StudioError>) -> bool {
    match result {
        Ok(Reply::Encoded(encoded)) => {
            let progress = encoded.search;
            progress.is_some_and(|progress| progress.step < progress.steps)
        }
        Ok(Reply::Nearest(nearest)) => nearest.goes_on,
        _ => false,
    }
}
