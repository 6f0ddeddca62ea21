//! `latent-lens doctor`: what this machine has, what the program makes of it, and whether the shipped models work.

mod layout;
mod machine;

use std::time::{Duration, Instant};

use anyhow::bail;
use burn::tensor::wgpu::wgpu::AdapterInfo;
use datasets::{ClassId, KnownDataset};
use studio::{FrameRequest, ModelSource, Parity, Studio, Timings};

use crate::{
    device::{self, Chosen, DeviceChoice},
    model::PROBES,
    output::{print, print_json},
};

/// Frames drawn before the clock starts, and frames timed.
const WARM_UP: usize = 3;
const TIMED: usize = 15;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,

    /// Also draw on the graphics adapter, even a software one, and compare with the CPU
    #[arg(long)]
    check_gpu: bool,
}

/// All findings, before they are laid out.
struct Findings {
    adapters: Vec<AdapterInfo>,
    auto: Chosen,
    models: Vec<ModelCheck>,
    /// The label of the graphics adapter, and the comparison or why there is none.
    gpu: Option<Result<(String, Parity), String>>,
}

/// One shipped model.
struct ModelCheck {
    dataset: KnownDataset,
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
        .then(|| check_gpu(&auto).map_err(|error| format!("{error:#}")));
    let findings = Findings {
        adapters: device::adapters(),
        auto,
        models: KnownDataset::ALL.map(check_model).into(),
        gpu,
    };
    if args.json {
        print_json(&layout::to_json(&findings))?;
    } else {
        print(&layout::text(&findings))?;
    }
    verdict(&findings)
}

fn check_model(dataset: KnownDataset) -> ModelCheck {
    let opened = || -> anyhow::Result<Opened> {
        let clock = Instant::now();
        let studio = Studio::open(
            &ModelSource::Shipped(dataset),
            &Chosen::cpu("to time it").device,
        )?;
        let open = clock.elapsed();
        Ok(Opened {
            model_sha256: studio.model_sha256().to_owned(),
            open,
            frame: median_frame(&studio)?,
        })
    };
    ModelCheck {
        dataset,
        result: opened().map_err(|error| format!("{error:#}")),
    }
}

fn median_frame(studio: &Studio) -> anyhow::Result<Timings> {
    let request = FrameRequest::new(studio.vae_part().regions.anchor(ClassId(0)));
    let mut timings = Vec::new();
    for _ in 0..WARM_UP + TIMED {
        timings.push(studio.frame(&request)?.timings);
    }
    let median = |stage: fn(&Timings) -> Duration| {
        let mut values: Vec<_> = timings[WARM_UP..].iter().map(stage).collect();
        values.sort_unstable();
        values[values.len() / 2]
    };
    Ok(Timings {
        decode: median(|timings| timings.decode),
        classify: median(|timings| timings.classify),
        explain: median(|timings| timings.explain),
    })
}

fn check_gpu(auto: &Chosen) -> anyhow::Result<(String, Parity)> {
    // One adapter cannot be opened twice in a process.
    let chosen = if auto.is_gpu {
        auto.clone()
    } else {
        device::open(DeviceChoice::Gpu)?
    };
    let source = ModelSource::Shipped(KnownDataset::Mnist);
    let on_gpu = Studio::open(&source, &chosen.device)?;
    let on_cpu = Studio::open(&source, &Chosen::cpu("to compare with").device)?;
    Ok((chosen.label, studio::compare(&on_cpu, &on_gpu, PROBES)?))
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
        Some(Ok((_, parity))) if !parity.holds() => bail!(
            "the graphics adapter computes something else than the CPU: update its driver, or use --device cpu"
        ),
        _ => Ok(()),
    }
}
