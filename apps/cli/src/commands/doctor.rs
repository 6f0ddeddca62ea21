//! `latent-lens doctor`: what this machine has, what the program makes of it, and whether the shipped models work.

mod layout;
mod machine;

use std::time::{Duration, Instant};

use anyhow::bail;
use studio::{ModelSource, Parity, ShippedModel, Studio, Timings, median_frame, median_live_frame};

use crate::{
    device::{self, Adapter, Chosen, DeviceChoice},
    failure::in_one_line,
    model::PROBES,
    output::{print, print_json},
};

/// Frames timed.
const TIMED: usize = 25;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,

    /// Also compute on the graphics adapter if it is a software one, and compare with the CPU
    #[arg(long)]
    check_gpu: bool,

    /// The model to check the graphics adapter with: a name from `latent-lens models`, or a folder
    #[arg(long, default_value = "mnist", value_parser = crate::model::parser())]
    model: ModelSource,
}

/// All findings, before they are laid out.
struct Findings {
    adapters: Vec<Adapter>,
    auto: Chosen,
    models: Vec<ModelCheck>,
    /// What the graphics adapter did, or why it did nothing. `None` if it was not tried.
    gpu: Option<Result<GpuCheck, String>>,
}

/// A model on the graphics adapter and on the CPU.
struct GpuCheck {
    label: String,
    parity: Parity,
    /// Median of each stage over [`TIMED`] frames whose every part is copied to the host.
    frame: Timings,
    /// Median of the whole over [`TIMED`] frames whose pictures stay on the adapter, as the window draws them.
    live: Duration,
    /// As `frame`, on the CPU.
    cpu: Timings,
}

impl GpuCheck {
    /// Whether the window is better off with the adapter.
    fn wins(&self) -> bool {
        self.parity.holds() && self.live < self.cpu.total()
    }
}

/// One shipped model.
struct ModelCheck {
    model: ShippedModel,
    result: Result<Opened, String>,
}

struct Opened {
    model_sha256: String,
    open: Duration,
    /// Median of each stage over [`TIMED`] frames on the CPU.
    frame: Timings,
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let auto = device::open(DeviceChoice::Auto)?;
    // A GPU that `auto` takes has to earn it; another one is only tried when asked.
    let gpu = (args.check_gpu || auto.is_gpu)
        .then(|| check_gpu(&auto, &args.model).map_err(|error| in_one_line(&error)));
    let findings = Findings {
        adapters: device::adapters(),
        auto,
        models: ShippedModel::all().map(check_model).collect(),
        gpu,
    };
    if args.json {
        print_json(&layout::to_json(&findings))?;
    } else {
        print(&layout::text(&findings))?;
    }
    verdict(&findings)
}

fn check_model(model: ShippedModel) -> ModelCheck {
    let opened = || -> anyhow::Result<Opened> {
        let clock = Instant::now();
        let studio = Studio::open(
            &ModelSource::Shipped(model),
            &Chosen::cpu("to time it").device,
        )?;
        let open = clock.elapsed();
        Ok(Opened {
            model_sha256: studio.model_sha256().to_owned(),
            open,
            frame: median_frame(&studio, TIMED)?,
        })
    };
    ModelCheck {
        model,
        result: opened().map_err(|error| in_one_line(&error)),
    }
}

fn check_gpu(auto: &Chosen, source: &ModelSource) -> anyhow::Result<GpuCheck> {
    // One adapter cannot be opened twice in a process.
    let chosen = if auto.is_gpu {
        auto.clone()
    } else {
        device::open(DeviceChoice::Gpu)?
    };
    let on_gpu = Studio::open(source, &chosen.device)?;
    let on_cpu = Studio::open(source, &Chosen::cpu("to compare with").device)?;
    Ok(GpuCheck {
        label: chosen.label,
        parity: studio::compare(&on_cpu, &on_gpu, PROBES)?,
        frame: median_frame(&on_gpu, TIMED)?,
        live: median_live_frame(&on_gpu, TIMED)?,
        cpu: median_frame(&on_cpu, TIMED)?,
    })
}

/// An error if something is broken, after everything was told.
fn verdict(findings: &Findings) -> anyhow::Result<()> {
    let broken = findings
        .models
        .iter()
        .filter(|check| check.result.is_err())
        .count();
    if broken > 0 {
        bail!(
            "{broken} of the models inside this program cannot be used: build or download the program again"
        );
    }
    match &findings.gpu {
        Some(Err(_)) => bail!("the graphics adapter could not be checked: use --device cpu"),
        Some(Ok(check)) if !check.parity.holds() => bail!(
            "the graphics adapter computes something else than the CPU: update its driver, or use --device cpu"
        ),
        _ => Ok(()),
    }
}
