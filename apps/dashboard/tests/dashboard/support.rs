//! A small model made of plain data, and a worker that the test plays itself.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    time::{Duration, Instant},
};

use classifier::{Prediction, ResNetConfig};
use dashboard::state::channel::{Channel, Job, Published};
use dashboard::{
    app::App,
    state::{
        controls::{Controls, Space},
        device::ChosenDevice,
    },
    theme,
};
use datasets::{KnownDataset, PIXELS, Seed};
use eframe::egui::{Event, Modifiers, PointerButton, Pos2, Ui};
use egui_kittest::Harness;
use explain::Heatmap;
use studio::{
    Bundle, ClassifierPart, Counterfactual, CounterfactualRequest, Effects, Encoded, Frame,
    FrameRequest, Gallery, Manifest, ModelSource, Realistic, ReconstructRequest, Reconstruction,
    Reply, Report, Request, Timings, TrainingRecord, VaePart,
};
use training::EpochRecord;
use vae_core::{ClassRegion, ClassRegions, Component, LatentStats, VaeConfig};

/// Latent dimensions of the model; the last one is quiet.
pub const DIMS: usize = 6;

pub type Window = Harness<'static, App>;

pub fn model() -> ModelSource {
    ModelSource::Shipped(KnownDataset::Mnist)
}

/// A window of 1280 x 720 points, without answers from any worker yet.
pub fn closed_window(space: Space) -> Window {
    window_on(model(), space)
}

/// As [`closed_window`], on any model.
pub fn window_on(model: ModelSource, space: Space) -> Window {
    let app = App::new(
        Controls::new(model, space, Seed(7)),
        ChosenDevice::cpu("as the test says"),
    );
    Harness::builder()
        .with_size([1280.0, 720.0])
        .with_max_steps(32)
        .with_context_setup(theme::install)
        .build_ui_state(|ui: &mut Ui, app: &mut App| app.ui(ui), app)
}

/// A window on an open model that has all its answers.
pub fn window(space: Space, report: Option<Report>) -> Window {
    let mut window = closed_window(space);
    let manifest = manifest(report);
    serve(&mut window, &manifest);
    window
}

/// Answers every job of the app, until it has no more.
pub fn serve(window: &mut Window, manifest: &Manifest) {
    for _ in 0..8 {
        window.run();
        let jobs = window.state_mut().take_jobs();
        if jobs.is_empty() {
            return;
        }
        for job in jobs {
            let reply = answer(&job.request, manifest);
            window.state_mut().receive(published(job, Ok(reply)));
        }
    }
    panic!("the app never stops asking");
}

/// A whole bundle in `dir`, with small networks that were never trained.
pub fn save_untrained_bundle(dir: &std::path::Path) {
    let device = burn::tensor::Device::flex();
    let Manifest {
        dataset,
        class_names,
        vae,
        classifier,
        ..
    } = manifest(None);
    let mut bundle =
        Bundle::open_or_empty(dir, &dataset, &class_names, &device).expect("the folder is empty");
    let vae = vae.expect("there is one");
    let network = vae.config.init(class_names.len(), &device);
    bundle.set_vae(network.expect("it is sound"), vae);
    let classifier = classifier.expect("there is one");
    bundle.set_classifier(
        classifier.config.init(&device).expect("it is sound"),
        classifier,
    );
    bundle.save(dir).expect("the folder can be written to");
}

pub fn published(job: Job, result: Result<Reply, studio::StudioError>) -> Published {
    Published {
        job,
        result,
        received: Instant::now(),
    }
}

/// An error as the library makes it.
pub fn some_error() -> studio::StudioError {
    let source = ModelSource::Folder(PathBuf::from("/no/such/model"));
    Manifest::read(&source).expect_err("there is no such folder")
}

/// What the test's worker answers: simple, but different for every latent.
pub fn answer(request: &Request, manifest: &Manifest) -> Reply {
    match request {
        Request::Open => Reply::Opened(Box::new(manifest.clone())),
        Request::Frame(request) => Reply::Frame(Frame {
            image: image(&request.latent),
            prediction: prediction(&request.latent),
            predicted_map: heatmap(4, 2.5),
            target_map: request.target.map(|_| heatmap(4, -0.5)),
            timings: Timings {
                decode: Duration::from_micros(500),
                classify: Duration::from_micros(6_400),
                explain: Duration::from_micros(100),
            },
        }),
        Request::LiveFrame(_) => panic!("the app knows nothing of devices"),
        Request::Gallery(request) => Reply::Gallery(Gallery {
            images: request.latents.iter().map(|latent| image(latent)).collect(),
            predictions: request
                .latents
                .iter()
                .map(|latent| prediction(latent))
                .collect(),
        }),
        Request::Encode(_) => Reply::Encoded(Encoded {
            mean: vec![1.5; DIMS],
            log_var: vec![-2.0; DIMS],
        }),
        Request::EncodeMany(request) => Reply::EncodedMany(means(request.images.len())),
        Request::Reconstruct(request) => Reply::Reconstructed(reconstruction(request, manifest)),
        Request::Realism(latent) => Reply::Realism(realism(latent, manifest)),
        Request::Counterfactual(request) => Reply::Counterfactual(walk(request, manifest)),
        Request::Effects(_) => Reply::Effects(Effects {
            maps: (0..DIMS)
                .map(|dim| vec![0.1 * dim as f32; PIXELS])
                .collect(),
        }),
    }
}

/// The images of the sample come class by class: each class lies around its number in the first coordinate, spread in the
/// others.
pub fn means(count: usize) -> Vec<Vec<f32>> {
    let each = count.div_ceil(10).max(1);
    let mean = |index: usize| {
        let coordinate = |dim: usize| match dim {
            0 => (index / each) as f32 + ((index * 7) % 11) as f32 / 50.0,
            _ => ((index * (dim + 3) * 5) % 23) as f32 / 10.0 - 1.1,
        };
        (0..DIMS).map(coordinate).collect()
    };
    (0..count).map(mean).collect()
}

/// Every sigma in the first coordinate is rarer by ten percent; the drift is the second coordinate.
fn realism(latent: &[f32], manifest: &Manifest) -> Option<Realistic> {
    manifest.vae.as_ref()?.realism.as_ref()?;
    Some(Realistic {
        log_density: -latent[0],
        density_percentile: 100.0 - 10.0 * latent[0],
        drift_sigmas: latent[1],
        drift_percentile: 50.0 + latent[1],
    })
}

/// The whole way, whose last image is of the target: it ends at the anchor.
fn walk(request: &CounterfactualRequest, manifest: &Manifest) -> Counterfactual {
    let regions = &manifest.vae.as_ref().expect("it has one").regions;
    let mut latents = studio::way_to_class(&request.latent, regions, request.target, request.steps);
    let there = |latent: &Vec<f32>| prediction(latent).class == request.target;
    let first = latents.iter().position(there).expect("it ends there");
    latents.truncate(first + 1);
    Counterfactual {
        images: latents.iter().map(|latent| image(latent)).collect(),
        predictions: latents.iter().map(|latent| prediction(latent)).collect(),
        share: first as f32 / request.steps as f32,
        flipped: true,
        latents,
    }
}

/// Every model draws what it was given: a model of digits a little darker, any other much darker.
fn reconstruction(request: &ReconstructRequest, manifest: &Manifest) -> Reconstruction {
    let darker = if manifest.dataset == "mnist" {
        0.1
    } else {
        0.5
    };
    let mean = vec![1.5; DIMS];
    let Reply::Frame(mut frame) =
        answer(&Request::Frame(FrameRequest::new(mean.clone())), manifest)
    else {
        panic!("a frame was asked for")
    };
    frame.image = request.pixels.iter().map(|pixel| pixel - darker).collect();
    Reconstruction {
        encoded: Encoded {
            mean,
            log_var: vec![-2.0; DIMS],
        },
        squared_error: darker * darker,
        frame,
    }
}

fn image(latent: &[f32]) -> Vec<f32> {
    let level = latent.iter().sum::<f32>().abs().fract();
    vec![level; PIXELS]
}

/// The class is the nearest whole number to the latent's first coordinate.
pub fn prediction(latent: &[f32]) -> Prediction {
    let class = latent[0].round().clamp(0.0, 9.0) as usize;
    let logits: Vec<f32> = (0..10)
        .map(|i| if i == class { 5.0 } else { 0.0 })
        .collect();
    Prediction::from_logits(&logits, 1.0)
}

fn heatmap(side: usize, top: f32) -> Heatmap {
    let mut raw = vec![-1.0; side * side];
    raw[side + 1] = top;
    Heatmap::from_raw(side, side, &raw).expect("the values are finite")
}

/// Ten classes; class `c` lies around `c` in the first coordinate.
pub fn manifest(report: Option<Report>) -> Manifest {
    let region = |class: usize| {
        let mut mean = vec![0.0; DIMS];
        mean[0] = class as f32;
        let mut cholesky = Vec::new();
        for row in 0..DIMS {
            cholesky.extend((0..=row).map(|column| if row == column { 0.4 } else { 0.0 }));
        }
        ClassRegion {
            images: 1,
            components: vec![Component {
                weight: 1.0,
                mean,
                cholesky,
            }],
        }
    };
    let latent = LatentStats {
        mean: vec![0.0; DIMS],
        std: vec![2.0; DIMS],
        mean_variance: (0..DIMS)
            .map(|dim| if dim + 1 == DIMS { 0.001 } else { 1.0 })
            .collect(),
        kl_nats: vec![0.5, 3.0, 1.0, 2.0, 1.5, 0.0],
        n: 1_000,
    };
    Manifest {
        format_version: 1,
        dataset: "mnist".to_owned(),
        class_names: KnownDataset::Mnist
            .class_names()
            .map(str::to_owned)
            .to_vec(),
        files: BTreeMap::from([("vae.safetensors".to_owned(), "ab".repeat(32))]),
        vae: Some(VaePart {
            config: VaeConfig {
                latent_dim: DIMS,
                channels: [4, 8, 8],
                ..VaeConfig::default()
            },
            training: record(),
            latent,
            regions: ClassRegions((0..10).map(region).collect()),
            realism: None,
            sigma: None,
        }),
        classifier: Some(ClassifierPart {
            config: ResNetConfig {
                width: 4,
                ..ResNetConfig::default()
            },
            training: record(),
            temperature: 1.2,
        }),
        report,
    }
}

fn record() -> TrainingRecord {
    let epoch = |epoch: usize| EpochRecord {
        epoch,
        seconds: 1.0,
        metrics: BTreeMap::from([
            ("train_loss".to_owned(), 100.0 / epoch as f64),
            ("held_out_loss".to_owned(), 110.0 / epoch as f64),
        ]),
    };
    TrainingRecord {
        command: "latent-lens train vae --dataset mnist".to_owned(),
        seed: Seed(0),
        epochs: 3,
        settings: "as the test says".to_owned(),
        images: 55_000,
        parameters: 1_234_567,
        device: "CPU".to_owned(),
        history: (1..=3).map(epoch).collect(),
    }
}

pub fn latent(window: &Window) -> Vec<f32> {
    window
        .state()
        .controls()
        .scene()
        .expect("the model is open")
        .latent
        .clone()
}

pub fn last_job(window: &mut Window, channel: Channel) -> Job {
    let jobs = window.state_mut().take_jobs();
    jobs.into_iter()
        .rfind(|job| job.channel == channel)
        .expect("the app asked in this channel")
}

/// The slider of a dimension; the model's KL stands in its label.
pub fn slider(dim: usize) -> String {
    let kl = manifest(None).vae.expect("it has one").latent.kl_nats[dim];
    format!("z{dim}, {kl:.2} nats")
}

/// The sample is unpacked on a thread.
pub fn wait_for_sample(window: &mut Window) {
    for _ in 0..200 {
        window.run();
        if window.state().has_sample(KnownDataset::Mnist) {
            window.run();
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("the sample was never unpacked");
}

/// Clicks twice on a place of the window.
pub fn double_click(window: &mut Window, place: Pos2) {
    // A press and a release in each step: two steps are near enough in time.
    for _ in 0..2 {
        for pressed in [true, false] {
            window.input_mut().events.push(Event::PointerButton {
                pos: place,
                button: PointerButton::Primary,
                pressed,
                modifiers: Modifiers::NONE,
            });
        }
        window.step();
    }
}
