//! What earns a GPU the models: it computes what the CPU computes, and is not slower.
//!
//! The trial runs on a thread of its own while the window already works on the CPU.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

use burn::tensor::Device;
use eframe::egui_wgpu::RenderState;
use studio::{Parity, Studio, compare, error_texts, median_frame, median_live_frame};

use super::{
    device::{self, DeviceChoice},
    health::Health,
};
use crate::state::{channel::Job, device::ChosenDevice};

/// Latents that both devices draw.
const PROBES: usize = 8;
/// Frames that each device is timed over.
const TIMED: usize = 25;

/// The device that won, or why it is the CPU.
pub type TrialOutcome = Result<(Device, ChosenDevice), Refusal>;

/// Why the models stay on the CPU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The GPU works, but is no faster.
    Slower(String),
    /// Something is wrong with the GPU.
    Failed(String),
}

impl<E: Into<anyhow::Error>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Failed(error_texts(&*error.into()).join(": "))
    }
}

/// A window's graphics, and what the person wants of it.
pub struct Graphics {
    /// What eframe draws with.
    pub state: RenderState,
    /// The watch over its device.
    pub health: Health,
    /// What was asked for.
    pub choice: DeviceChoice,
}

/// Tries the window's graphics device on the model of a job, with its judge. The outcome comes through the channel, and then `wake` is called. If
/// the thread cannot be started, the channel is closed at once.
#[must_use]
pub fn start(
    graphics: Graphics,
    job: Job,
    wake: impl Fn() + Send + 'static,
) -> Receiver<TrialOutcome> {
    let (sender, receiver) = mpsc::channel();
    let task = move || {
        let tried = catch_unwind(AssertUnwindSafe(|| run(&graphics, &job)));
        let outcome =
            tried.unwrap_or_else(|_| Err(Refusal::Failed("trying it ended in a panic".to_owned())));
        // The window may have closed meanwhile; then nobody waits for this.
        let _ = sender.send(outcome);
        wake();
    };
    // Without a thread the sender is dropped, which the receiver notices.
    let _ = thread::Builder::new()
        .name("latent-lens-trial".to_owned())
        .spawn(task);
    receiver
}

fn run(graphics: &Graphics, job: &Job) -> TrialOutcome {
    let adapter = graphics.state.adapter.get_info();
    let device = device::share(&graphics.state, &graphics.health)?;
    let open = |device| Studio::open_judged(&job.model, job.judge.as_ref(), device);
    let (on_gpu, on_cpu) = (open(&device)?, open(&device::cpu())?);
    let parity = compare(&on_cpu, &on_gpu, PROBES)?;
    if !parity.holds() {
        return Err(Refusal::Failed(format!(
            "it does not compute what the CPU computes: {}",
            differences(&parity)
        )));
    }
    let gpu = median_live_frame(&on_gpu, TIMED)?;
    let cpu = median_frame(&on_cpu, TIMED)?.total();
    let times = format!("a frame takes {} there and {} on the CPU", ms(gpu), ms(cpu));
    if graphics.choice == DeviceChoice::Auto && gpu >= cpu {
        return Err(Refusal::Slower(format!("it is no faster: {times}")));
    }
    let reason = format!(
        "It agrees with the CPU ({}); {times}.",
        differences(&parity)
    );
    Ok((
        device,
        ChosenDevice::gpu(&adapter.name, &adapter.backend.to_string(), reason),
    ))
}

fn differences(parity: &Parity) -> String {
    format!(
        "pixels differ by {:.1e} at most, logits by {:.1e}, heatmaps by {:.1e}",
        parity.image, parity.logits, parity.heatmap
    )
}

fn ms(duration: Duration) -> String {
    format!("{:.2} ms", duration.as_secs_f64() * 1e3)
}
