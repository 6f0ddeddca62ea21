//! The models behind the window: on the CPU from the start, on the GPU once it has earned them, and back if it fails.
//!
//! The app asks for frames and knows nothing of devices. Here a frame for the GPU becomes a live one, whose pictures stay
//! there, and its answer is given back as that to the question of the app.

use std::{
    sync::{
        Arc,
        mpsc::{Receiver, TryRecvError},
    },
    thread,
    time::Duration,
};

use burn::tensor::Device;
use studio::{Reply, Request, StudioError, Worker};

use super::{
    device,
    trial::{self, Graphics, Refusal, TrialOutcome},
};
use crate::state::channel::{Channel, Job, Published};
use crate::state::device::{ChosenDevice, DeviceChange};

/// How long a pass waits for an answer, so as to show it: laid out and painted, it still has its place in a screen's 16.7 ms.
const PATIENCE: Duration = Duration::from_millis(7);
/// How many questions are not waited for after one that was answered later than that.
const AFTER_A_SLOW_ANSWER: usize = 30;

/// How threads wake the window.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// The models of one window.
pub struct Models {
    worker: Worker<Channel>,
    live: bool,
    wake: Wake,
    /// Until the GPU is tried, which waits for the first frame so as not to delay it.
    untried: Option<Graphics>,
    trial: Option<Receiver<TrialOutcome>>,
    /// The GPU's worker, until it has answered.
    candidate: Option<(Worker<Channel>, ChosenDevice)>,
    last_frame: Option<Job>,
    failure: Option<String>,
    /// How many of the next questions are not waited for, because the last answer was too slow.
    unhurried: usize,
}

impl Models {
    /// Models on the CPU, and a GPU to try.
    ///
    /// # Errors
    /// [`StudioError::Worker`] if the system refuses another thread.
    pub fn start(graphics: Option<Graphics>, wake: Wake) -> Result<Self, StudioError> {
        Ok(Self {
            worker: spawn(device::cpu(), &wake)?,
            live: false,
            wake,
            untried: graphics,
            trial: None,
            candidate: None,
            last_frame: None,
            failure: None,
            unhurried: 0,
        })
    }

    /// Whether the models are on the window's graphics device.
    #[must_use]
    pub fn live(&self) -> bool {
        self.live
    }

    /// Whether the GPU is in use, or may still come to be.
    #[must_use]
    pub fn use_gpu(&self) -> bool {
        self.live || self.untried.is_some() || self.trial.is_some() || self.candidate.is_some()
    }

    /// Hands a job over and returns at once.
    pub fn submit(&mut self, job: Job) {
        let job = self.on_device(job);
        self.worker.submit(job);
    }

    /// Hands a job over and waits for its answer, as long as a pass has time for it. `None` if it comes later.
    pub fn ask(&mut self, job: Job) -> Option<Published> {
        if self.unhurried > 0 {
            self.unhurried -= 1;
            self.submit(job);
            return None;
        }
        let job = self.on_device(job);
        let Some(answer) = self.worker.ask(job, PATIENCE) else {
            self.unhurried = AFTER_A_SLOW_ANSWER;
            return None;
        };
        self.taken(vec![answer]).pop()
    }

    /// The job as the device in use answers it.
    fn on_device(&mut self, mut job: Job) -> Job {
        if let Request::Frame(request) = &job.request
            // The sides of a comparison are numbers on the host on both devices.
            && job.channel == Channel::Frame
        {
            self.last_frame = Some(job.clone());
            if self.live {
                job.request = Request::LiveFrame(request.clone());
            }
        }
        job
    }

    /// What was answered since the last call. Never waits.
    #[must_use]
    pub fn take_published(&mut self) -> Vec<Published> {
        let published = self.worker.take_published();
        self.taken(published)
    }

    /// Answers as those to the questions of the app, without failures that another device may not have.
    fn taken(&mut self, mut published: Vec<Published>) -> Vec<Published> {
        for answer in &mut published {
            if let Request::LiveFrame(request) = &answer.job.request {
                answer.job.request = Request::Frame(request.clone());
            }
        }
        if self.live {
            published.retain(|answer| match &answer.result {
                Err(error) if is_the_devices_fault(error) => {
                    self.failure = Some(error.to_string());
                    false
                }
                _ => true,
            });
        }
        let framed = |answer: &Published| answer.job.channel == Channel::Frame;
        if published.iter().any(framed)
            && let (Some(graphics), Some(job)) = (self.untried.take(), &self.last_frame)
        {
            let wake = Arc::clone(&self.wake);
            self.trial = Some(trial::start(graphics, job.clone(), move || wake()));
        }
        published
    }

    /// Looks whether the models are to be elsewhere. Never waits.
    pub fn change(&mut self) -> Option<DeviceChange> {
        if let Some(failure) = self.failure.take() {
            return Some(self.fall_back(&failure));
        }
        if let Some(trial) = &self.trial {
            let outcome = match trial.try_recv() {
                Err(TryRecvError::Empty) => return None,
                Err(TryRecvError::Disconnected) => Err(failed("there was no thread to try it")),
                Ok(outcome) => outcome,
            };
            self.trial = None;
            match outcome.and_then(|won| self.warm_up(won)) {
                Ok(()) => {}
                Err(refusal) => return Some(stay(refusal)),
            }
        }
        let (worker, _) = self.candidate.as_ref()?;
        let answer = worker.take_published().pop()?;
        let (worker, chosen) = self.candidate.take()?;
        match answer.result {
            Ok(Reply::LiveFrame(_)) => {
                retire(std::mem::replace(&mut self.worker, worker));
                self.live = true;
                Some(DeviceChange {
                    chosen,
                    moved: true,
                    failed: false,
                })
            }
            Ok(_) => Some(stay(failed("it did not answer with a frame"))),
            Err(error) => {
                retire(worker);
                Some(stay(failed(&error.to_string())))
            }
        }
    }

    /// Opens the model on the GPU and draws a frame there, so that the first that a person sees is not the slow one.
    fn warm_up(&mut self, (device, chosen): (Device, ChosenDevice)) -> Result<(), Refusal> {
        let Some(Job {
            model,
            judge,
            request: Request::Frame(frame),
            ..
        }) = &self.last_frame
        else {
            return Err(failed("there is nothing to draw"));
        };
        let worker = spawn(device, &self.wake)?;
        worker.submit(Job {
            model: model.clone(),
            judge: judge.clone(),
            channel: Channel::Frame,
            request: Request::LiveFrame(frame.clone()),
        });
        self.candidate = Some((worker, chosen));
        Ok(())
    }

    /// Back to the CPU, for good.
    pub fn fall_back(&mut self, reason: &str) -> DeviceChange {
        self.untried = None;
        self.trial = None;
        if let Some((worker, _)) = self.candidate.take() {
            retire(worker);
        }
        let moved = std::mem::take(&mut self.live);
        if moved {
            match spawn(device::cpu(), &self.wake) {
                Ok(worker) => retire(std::mem::replace(&mut self.worker, worker)),
                Err(error) => {
                    self.live = true;
                    return DeviceChange {
                        chosen: ChosenDevice::cpu(error.to_string()),
                        moved: false,
                        failed: true,
                    };
                }
            }
        }
        DeviceChange::back_to_cpu(reason, moved)
    }
}

/// Whether the CPU may do better. What is wrong with a request or a file is wrong there, too.
fn is_the_devices_fault(error: &StudioError) -> bool {
    matches!(
        error,
        StudioError::Worker(_) | StudioError::NotFinite { .. } | StudioError::Explain(_)
    )
}

fn stay(refusal: Refusal) -> DeviceChange {
    let failed = matches!(refusal, Refusal::Failed(_));
    let (Refusal::Slower(reason) | Refusal::Failed(reason)) = refusal;
    DeviceChange {
        chosen: ChosenDevice::cpu(format!("The GPU is not used: {reason}.")),
        moved: false,
        failed,
    }
}

fn failed(reason: &str) -> Refusal {
    Refusal::Failed(reason.to_owned())
}

fn spawn(device: Device, wake: &Wake) -> Result<Worker<Channel>, StudioError> {
    let wake = Arc::clone(wake);
    Worker::spawn(device, move || wake())
}

/// Dropping a worker waits for the step under way, and the window does not.
fn retire(worker: Worker<Channel>) {
    let dropped = thread::Builder::new()
        .name("latent-lens-retire".to_owned())
        .spawn(move || drop(worker));
    // Without a thread the closure, and the worker in it, was dropped here and now.
    let _ = dropped;
}
