//! The thread that owns the models.
//!
//! Burn orders its work by thread, and a window must never wait for a model, so all requests go to one named thread.
//! Each [`Channel`] holds one pending job: a newer one replaces it, so a drag never builds a queue and the newest
//! position is always the next to be computed. Results carry the job they answer, so that a late one is recognised.
//!
//! Galleries, effect maps and many encodings are worked in steps of a few images. Between two steps a job of a more urgent channel is
//! answered, and the one that was interrupted goes on afterwards; a newer job of its own channel takes its place. But a
//! job that took the place of another in this way is finished: while a person drags a setting of a grid, each new grid
//! would otherwise drop the one before, and none would be seen until the hand rests.

mod task;

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use burn::tensor::Device;

use crate::{
    Counterfactual, CounterfactualRequest, Effects, EffectsRequest, EncodeManyRequest,
    EncodeRequest, Encoded, Frame, FrameRequest, Gallery, GalleryRequest, LiveFrame, Manifest,
    ModelSource, Realistic, ReconstructRequest, Reconstruction, Studio, StudioError,
};
use task::{Task, take_up};

/// What the models are asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// Open the model and say what it is.
    Open,
    /// See [`Studio::frame`].
    Frame(FrameRequest),
    /// See [`Studio::live_frame`].
    LiveFrame(FrameRequest),
    /// See [`Studio::gallery`].
    Gallery(GalleryRequest),
    /// See [`Studio::encode`].
    Encode(EncodeRequest),
    /// See [`Studio::encode_many`].
    EncodeMany(EncodeManyRequest),
    /// See [`Studio::effects`].
    Effects(EffectsRequest),
    /// How usual this latent is, see [`Studio::realism`].
    Realism(Vec<f32>),
    /// See [`Studio::counterfactual`].
    Counterfactual(CounterfactualRequest),
    /// See [`Studio::reconstruct`].
    Reconstruct(ReconstructRequest),
}

/// What the models answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// The model is open.
    Opened(Box<Manifest>),
    /// To [`Request::Frame`].
    Frame(Frame),
    /// To [`Request::LiveFrame`].
    LiveFrame(Box<LiveFrame>),
    /// To [`Request::Gallery`].
    Gallery(Gallery),
    /// To [`Request::Encode`].
    Encoded(Encoded),
    /// To [`Request::EncodeMany`]: the mean of each posterior.
    EncodedMany(Vec<Vec<f32>>),
    /// To [`Request::Effects`].
    Effects(Effects),
    /// To [`Request::Realism`]; `None` if the model does not say what is usual.
    Realism(Option<Realistic>),
    /// To [`Request::Counterfactual`].
    Counterfactual(Counterfactual),
    /// To [`Request::Reconstruct`].
    Reconstructed(Reconstruction),
}

/// What a job is for. Jobs of one channel replace each other; channels are served in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// Opening a model.
    Open,
    /// The image under the sliders.
    Frame,
    /// An image that was dropped in.
    Encode,
    /// How usual the image under the sliders is.
    Realism,
    /// The image that both sides of a comparison are given.
    CompareInput,
    /// The left side of a comparison.
    CompareLeft,
    /// The right side of a comparison.
    CompareRight,
    /// The traversal under the image.
    Strip,
    /// The way between two anchors.
    Morph,
    /// Samples around an anchor.
    Grid,
    /// The walk to another class.
    Counterfactual,
    /// The effect maps.
    Effects,
    /// The mean of a group of points of the map.
    Group,
    /// The points of the map.
    Map,
    /// Small pictures of latents that were kept.
    Thumbnails,
    /// Pictures for a file.
    Export,
}

/// A request, the model it is for and the channel it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// The model.
    pub model: ModelSource,
    /// The channel.
    pub channel: Channel,
    /// The request.
    pub request: Request,
}

/// An answered job.
#[derive(Debug, Clone)]
pub struct Published {
    /// The job that this answers.
    pub job: Job,
    /// The answer.
    pub result: Result<Reply, StudioError>,
    /// When the job was submitted.
    pub received: Instant,
}

/// The handle to the model thread. Dropping it ends the thread after the step under way.
#[derive(Debug)]
pub struct Worker {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    news: Condvar,
}

#[derive(Debug, Default)]
struct State {
    pending: BTreeMap<Channel, (Job, Instant)>,
    /// The last job accepted on each channel, to leave out repetitions.
    last: BTreeMap<Channel, Job>,
    published: BTreeMap<Channel, Published>,
    closed: bool,
}

impl Worker {
    /// Starts the thread. `wake` is called on it whenever something was published.
    ///
    /// # Errors
    /// [`StudioError::Worker`] if the system refuses another thread.
    pub fn spawn(device: Device, wake: impl Fn() + Send + 'static) -> Result<Self, StudioError> {
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("latent-lens-models".to_owned())
            .spawn(move || serve(&theirs, &device, &wake))
            .map_err(|e| StudioError::Worker(e.to_string()))?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// Hands a job over and returns at once. A job that equals the last one of its channel changes nothing; any other
    /// replaces the one that is pending there.
    pub fn submit(&self, job: Job) {
        let mut state = self.shared.lock();
        if state.last.get(&job.channel) == Some(&job) {
            return;
        }
        state.last.insert(job.channel, job.clone());
        state.pending.insert(job.channel, (job, Instant::now()));
        drop(state);
        self.shared.news.notify_one();
    }

    /// Takes what was published since the last call, the newest of each channel, without waiting.
    #[must_use]
    pub fn take_published(&self) -> Vec<Published> {
        let mut state = self.shared.lock();
        std::mem::take(&mut state.published).into_values().collect()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.news.notify_one();
        if let Some(thread) = self.thread.take() {
            // Panics inside jobs are caught and published, so there is nothing to learn from the result.
            let _ = thread.join();
        }
    }
}

impl Shared {
    /// No code panics while it holds the lock, so a poisoned lock still guards a sound state.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the most urgent task, new or begun; `None` when the handle was dropped.
    fn next(&self, tasks: &mut BTreeMap<Channel, Task>) -> Option<Task> {
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            take_up(tasks, &mut state.pending);
            if let Some((_, task)) = tasks.pop_first() {
                return Some(task);
            }
            state = self
                .news
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn publish(&self, published: Published) {
        let mut state = self.lock();
        if published.result.is_err() {
            // A failed job may be tried again.
            state.last.remove(&published.job.channel);
        }
        state.published.insert(published.job.channel, published);
    }
}

fn serve(shared: &Shared, device: &Device, wake: &impl Fn()) {
    let mut studios = BTreeMap::new();
    let mut tasks = BTreeMap::new();
    while let Some(mut task) = shared.next(&mut tasks) {
        let stepped = catch_unwind(AssertUnwindSafe(|| step(&mut studios, device, &mut task)));
        let stepped = stepped.unwrap_or_else(|panic| {
            // Whatever the panic left behind is not used again.
            studios.remove(&task.job.model);
            Err(StudioError::Worker(message(panic.as_ref())))
        });
        let Some(result) = stepped.transpose() else {
            tasks.insert(task.job.channel, task);
            continue;
        };
        shared.publish(Published {
            job: task.job,
            result,
            received: task.received,
        });
        wake();
    }
}

fn step(
    studios: &mut BTreeMap<ModelSource, Studio>,
    device: &Device,
    task: &mut Task,
) -> Result<Option<Reply>, StudioError> {
    let job = &task.job;
    if !studios.contains_key(&job.model) || job.request == Request::Open {
        let studio = Studio::open(&job.model, device)?;
        studios.insert(job.model.clone(), studio);
    }
    task.step(&studios[&task.job.model])
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".to_owned())
}
