//! The models on a thread of their own: what they can be asked, and which thread answers.
//!
//! Burn orders its work by thread, and a window must never wait for a model, so all requests go to one named thread.
//! How jobs replace and interrupt each other is the [`worker`] crate's; what they are for is the caller's, who defines the
//! keys.

mod progress;

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use burn::tensor::Device;
use datasets::{Image, LabelledImages};

use crate::cause::Cause;
use crate::{
    Counterfactual, CounterfactualRequest, Effects, EffectsRequest, EncodeManyRequest,
    EncodeRequest, Encoded, Frame, FrameRequest, Gallery, GalleryRequest, LiveFrame, Manifest,
    ModelSource, Nearest, NearestRequest, PathRequest, Prediction, RealismRequest, Realistic,
    ReconstructRequest, Reconstruction, SampleRequest, Samples, Studio, StudioError, Survey,
    SurveyRequest,
};
use progress::Progress;
use worker::Step;

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
    /// See [`Studio::path`].
    Path(PathRequest),
    /// See [`Studio::encode`].
    Encode(EncodeRequest),
    /// See [`Studio::encode_many`].
    EncodeMany(EncodeManyRequest),
    /// See [`Studio::effects`].
    Effects(EffectsRequest),
    /// See [`Studio::judge_image`].
    Judge(Image),
    /// How usual this latent is, see [`Studio::realism`].
    Realism(RealismRequest),
    /// See [`Studio::counterfactual`].
    Counterfactual(CounterfactualRequest),
    /// See [`Studio::reconstruct`].
    Reconstruct(ReconstructRequest),
    /// See [`Studio::reconstruct_many`].
    ReconstructMany(EncodeManyRequest),
    /// See [`Studio::sample_images`].
    Samples(SampleRequest),
    /// See [`Studio::survey`].
    Survey(SurveyRequest),
    /// See [`Studio::nearest`].
    Nearest(NearestRequest),
    /// Close these models and give their memory back. The job's own model is not looked at, and nothing that is not open is
    /// opened for it; whatever is asked of a closed model opens it again.
    Close(Vec<ModelSource>),
}

/// What is known of a model once it is open.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// What the bundle says about itself, its latent space among it.
    pub manifest: Manifest,
    /// What its judge calls the classes; none without a judge.
    pub judge_names: Vec<String>,
    /// A few images of its data set, if it carries any. Shared, because it may be some megabytes.
    pub sample: Option<Arc<LabelledImages>>,
}

/// What the models answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// The model is open.
    Opened(Box<Opened>),
    /// To [`Request::Frame`].
    Frame(Frame),
    /// To [`Request::LiveFrame`].
    LiveFrame(Box<LiveFrame>),
    /// To [`Request::Gallery`] and [`Request::Path`].
    Gallery(Gallery),
    /// To [`Request::Encode`]. While a latent is searched for, what was found so far.
    Encoded(Encoded),
    /// To [`Request::EncodeMany`]: the mean of each posterior.
    EncodedMany(Vec<Vec<f32>>),
    /// To [`Request::Judge`]; `None` if nobody judges.
    Judged(Option<Prediction>),
    /// To [`Request::Effects`].
    Effects(Effects),
    /// To [`Request::Realism`]; `None` if the model does not say what is usual.
    Realism(Option<Realistic>),
    /// To [`Request::Counterfactual`].
    Counterfactual(Counterfactual),
    /// To [`Request::Reconstruct`].
    Reconstructed(Reconstruction),
    /// To [`Request::ReconstructMany`].
    ReconstructedMany(Vec<Image>),
    /// To [`Request::Samples`].
    Samples(Samples),
    /// To [`Request::Survey`].
    Survey(Survey),
    /// To [`Request::Nearest`]. While what is needed of the sample is computed, as far as that is.
    Nearest(Nearest),
    /// To [`Request::Close`].
    Closed,
}

/// A request and the model it is for.
#[derive(Debug, Clone, PartialEq)]
pub struct Job<K> {
    /// The model.
    pub model: ModelSource,
    /// Another model whose classifier is to judge the images, see [`Studio::open_judged`].
    pub judge: Option<ModelSource>,
    /// What the job is for. Jobs of one channel replace each other; the smallest channel is the most urgent.
    pub channel: K,
    /// The request.
    pub request: Request,
}

impl<K: Copy + Ord + Send + 'static> worker::Job for Job<K> {
    type Key = K;

    fn key(&self) -> K {
        self.channel
    }
}

/// An answered job.
pub type Published<K> = worker::Published<Job<K>, Reply, StudioError>;

/// The handle to the thread that owns the models. Dropping it ends the thread after the step under way.
pub struct Worker<K: Copy + Ord + Send + 'static>(worker::Worker<Models<K>>);

impl<K: Copy + Ord + Send + 'static> Worker<K> {
    /// Starts the thread. `wake` is called on it whenever something was published.
    ///
    /// # Errors
    /// [`StudioError::Worker`] if the system refuses another thread.
    pub fn spawn(device: Device, wake: impl Fn() + Send + 'static) -> Result<Self, StudioError> {
        let make = || Models {
            device,
            studios: BTreeMap::new(),
            keys: PhantomData,
        };
        worker::Worker::spawn("latent-lens-models", make, wake)
            .map(Self)
            .map_err(|e| StudioError::Worker(Cause::new(e)))
    }

    /// Hands a job over and returns at once, see [`worker::Worker::submit`].
    pub fn submit(&self, job: Job<K>) {
        self.0.submit(job);
    }

    /// Hands a job over and waits for its answer, but no longer than `patience`, see [`worker::Worker::ask`].
    #[must_use]
    pub fn ask(&self, job: Job<K>, patience: Duration) -> Option<Published<K>> {
        self.0.ask(job, patience)
    }

    /// Takes what was published since the last call, the newest of each channel, without waiting.
    #[must_use]
    pub fn take_published(&self) -> Vec<Published<K>> {
        self.0.take_published()
    }
}

/// The open models of a device.
struct Models<K> {
    device: Device,
    /// By model and judge.
    studios: BTreeMap<(ModelSource, Option<ModelSource>), Studio>,
    keys: PhantomData<fn() -> K>,
}

impl<K: Copy + Ord + Send + 'static> worker::Work for Models<K> {
    type Job = Job<K>;
    type Reply = Reply;
    type Error = StudioError;
    type Progress = Progress;

    fn step(&mut self, job: &Job<K>, progress: &mut Progress) -> Result<Step<Reply>, StudioError> {
        if let Request::Close(models) = &job.request {
            self.studios.retain(|(model, _), _| !models.contains(model));
            return Ok(Step::Done(Reply::Closed));
        }
        let key = (job.model.clone(), job.judge.clone());
        if !self.studios.contains_key(&key) || job.request == Request::Open {
            let studio = Studio::open_judged(&job.model, job.judge.as_ref(), &self.device)?;
            self.studios.insert(key.clone(), studio);
        }
        progress.step(&self.studios[&key], &job.request)
    }

    fn recover(&mut self, job: &Job<K>) {
        self.studios.remove(&(job.model.clone(), job.judge.clone()));
    }
}

impl From<worker::Panicked> for StudioError {
    fn from(panicked: worker::Panicked) -> Self {
        Self::Worker(Cause::new(panicked))
    }
}
