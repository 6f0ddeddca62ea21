//! A small model made of plain data, and a worker that the test plays itself.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use classifier::{Prediction, ResNetConfig};
use dashboard::state::channel::{Channel, Job, Published};
use dashboard::{
    app::App,
    state::{
        controls::{Controls, Space},
        device::ChosenDevice,
        model::OpenModel,
    },
    theme,
};
use datasets::{
    Augmentation, DatasetInfo, Fit, Image, ImageShape, KnownDataset, LabelledImages, Preparation,
    Seed,
};
use eframe::egui::{Event, Modifiers, PointerButton, Pos2, Ui};
use egui_kittest::Harness;
use explain::Heatmap;
use latent_space::{ClassRegion, ClassRegions, Component, LatentSpace, LatentStats};
use studio::{
    Bundle, ClassifierPart, Counterfactual, CounterfactualRequest, Effects, Encoded,
    FORMAT_VERSION, FileRecord, FileRole, Frame, FrameRequest, Gallery, Manifest, ModelSource,
    Opened, Realistic, ReconstructRequest, Reconstruction, Reply, Report, Request, Timings,
    TrainingRecord, VaePart, Verdict,
};
use training::EpochRecord;
use vae_core::{Prior, VaeConfig};

/// The title of a data set whose model came without a sample.
pub const WITHOUT_SAMPLE: &str = "Letters";

/// The shape of digits.
pub fn digits() -> ImageShape {
    ImageShape::new(1, 28, 28).expect("it is in bounds")
}

/// Latent dimensions of the model; the last one is quiet.
pub const DIMS: usize = 6;

pub type Window = Harness<'static, App>;

pub fn model() -> ModelSource {
    shipped("mnist")
}

/// A model that is part of the program.
pub fn shipped(name: &str) -> ModelSource {
    ModelSource::shipped(name).expect("it is part of the program")
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

/// A window on a model from a folder that has all its answers.
pub fn window_of(space: Space, manifest: &Manifest) -> Window {
    let folder = ModelSource::Folder(PathBuf::from("/models/of/the/test"));
    let mut window = window_on(folder, space);
    serve(&mut window, manifest);
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
pub fn save_untrained_bundle(dir: &std::path::Path, manifest: Manifest) {
    let device = burn::tensor::Device::flex();
    let Manifest {
        dataset,
        vae,
        classifier,
        ..
    } = manifest;
    let mut bundle = Bundle::open_or_empty(dir, &dataset, &device).expect("the folder is empty");
    let vae = vae.expect("there is one");
    let network = vae.config.init(dataset.shape, dataset.classes(), &device);
    bundle.set_vae(network.expect("it is sound"), vae);
    if let Some(part) = classifier {
        let network = part.config.init(&device).expect("it is sound");
        bundle.set_classifier(network, part);
    }
    bundle.save(dir).expect("the folder can be written to");
}

/// A model as the session has it.
pub fn open(manifest: &Manifest) -> OpenModel {
    OpenModel::new(opened(manifest)).expect("there is a VAE")
}

/// A model as the worker opens it. A judge without classes to share with the images says colours.
fn opened(manifest: &Manifest) -> Opened {
    let names = &manifest.dataset.class_names;
    let judge_names = match &manifest.classifier {
        None => Vec::new(),
        Some(part) if part.config.classes == names.len() => names.clone(),
        Some(_) => ["red", "green", "blue"].map(str::to_owned).to_vec(),
    };
    Opened {
        manifest: manifest.clone(),
        judge_names,
        sample: sample(manifest),
    }
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
    let shape = manifest.dataset.shape;
    let image = |latent: &Vec<f32>| image(shape, latent);
    match request {
        Request::Open => Reply::Opened(Box::new(opened(manifest))),
        Request::Frame(request) => Reply::Frame(Frame {
            image: image(&request.latent),
            verdict: judge(manifest, &request.latent).map(|prediction| Verdict {
                prediction,
                predicted_map: heatmap(4, 2.5),
                target_map: request.target.map(|_| heatmap(4, -0.5)),
            }),
            timings: Timings {
                decode: Duration::from_micros(500),
                classify: Duration::from_micros(6_400),
                explain: Duration::from_micros(100),
            },
        }),
        Request::LiveFrame(_) => panic!("the app knows nothing of devices"),
        Request::Gallery(request) => Reply::Gallery(Gallery {
            images: request.latents.iter().map(image).collect(),
            predictions: judge_all(manifest, &request.latents),
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
                .map(|dim| vec![0.1 * dim as f32; shape.values()])
                .collect(),
        }),
    }
}

/// What comes with the model: the shipped sample of a known data set, or two images a class.
pub fn sample(manifest: &Manifest) -> Option<Arc<LabelledImages>> {
    static MNIST: OnceLock<Arc<LabelledImages>> = OnceLock::new();
    let info = &manifest.dataset;
    if info.title == WITHOUT_SAMPLE {
        return None;
    }
    if info.known == Some(KnownDataset::Mnist) {
        let unpack = || Arc::new(datasets::sample(KnownDataset::Mnist));
        return Some(Arc::clone(MNIST.get_or_init(unpack)));
    }
    let count = 2 * info.classes().max(3);
    let pixels = (0..count * info.shape.values()).map(|index| (index % 251) as u8);
    let pixels: Vec<u8> = pixels.collect();
    let images = if info.has_classes() {
        let last = info.classes() - 1;
        let label = |index: usize| (index / 2).min(last) as u16;
        let labels = (0..count).map(label).collect();
        LabelledImages::new(info.shape, pixels, labels, info.classes())
    } else {
        LabelledImages::unlabelled(info.shape, pixels)
    };
    Some(Arc::new(images.expect("they are sound")))
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
    manifest.vae.as_ref()?.latent.realism.as_ref()?;
    Some(Realistic {
        log_density: -latent[0],
        density_percentile: 100.0 - 10.0 * latent[0],
        drift_sigmas: latent[1],
        drift_percentile: 50.0 + latent[1],
    })
}

/// The whole way, whose last image is of the target: it ends at the anchor.
fn walk(request: &CounterfactualRequest, manifest: &Manifest) -> Counterfactual {
    let regions = &manifest.vae.as_ref().expect("it has one").latent.regions;
    let mut latents = studio::way_to_class(&request.latent, regions, request.target, request.steps);
    let said = |latent: &Vec<f32>| judge(manifest, latent).expect("there is a judge");
    let there = |latent: &Vec<f32>| said(latent).class == request.target;
    let first = latents.iter().position(there).expect("it ends there");
    latents.truncate(first + 1);
    let image = |latent: &Vec<f32>| image(manifest.dataset.shape, latent);
    Counterfactual {
        images: latents.iter().map(image).collect(),
        predictions: latents.iter().map(said).collect(),
        share: first as f32 / request.steps as f32,
        flipped: true,
        latents,
    }
}

/// Every model draws what it was given: a model of digits a little darker, any other much darker.
fn reconstruction(request: &ReconstructRequest, manifest: &Manifest) -> Reconstruction {
    let darker = if manifest.dataset.name == "mnist" {
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
    let values = request.image.values().iter();
    let values: Vec<f32> = values.map(|value| (value - darker).max(0.0)).collect();
    frame.image = Image::new(request.image.shape(), values).expect("they are in range");
    Reconstruction {
        encoded: Encoded {
            mean,
            log_var: vec![-2.0; DIMS],
        },
        squared_error: darker * darker,
        frame,
    }
}

fn image(shape: ImageShape, latent: &[f32]) -> Image {
    let level = latent.iter().sum::<f32>().abs().fract();
    Image::new(shape, vec![level; shape.values()]).expect("it is in range")
}

/// The class is the nearest whole number to the latent's first coordinate.
fn prediction_of(latent: &[f32], classes: usize) -> Prediction {
    let last = classes as f32 - 1.0;
    let class = latent[0].round().clamp(0.0, last) as usize;
    let logits: Vec<f32> = (0..classes)
        .map(|i| if i == class { 5.0 } else { 0.0 })
        .collect();
    Prediction::from_logits(&logits, 1.0)
}

/// What the model's classifier says, if it has one.
fn judge(manifest: &Manifest, latent: &[f32]) -> Option<Prediction> {
    let part = manifest.classifier.as_ref()?;
    Some(prediction_of(latent, part.config.classes))
}

fn judge_all(manifest: &Manifest, latents: &[Vec<f32>]) -> Vec<Prediction> {
    let all = latents.iter();
    all.filter_map(|latent| judge(manifest, latent)).collect()
}

fn heatmap(side: usize, top: f32) -> Heatmap {
    let mut raw = vec![-1.0; side * side];
    raw[side + 1] = top;
    Heatmap::from_raw(side, side, &raw).expect("the values are finite")
}

/// Digits in ten classes; class `c` lies around `c` in the first coordinate.
pub fn manifest(report: Option<Report>) -> Manifest {
    Manifest {
        report,
        ..manifest_of(KnownDataset::Mnist.info())
    }
}

/// Colour images of 20 x 32 pixels, in so many classes with names of different lengths. There is a classifier.
pub fn odd(classes: usize) -> Manifest {
    let names = ["circle", "a very long name that has no room anywhere", "x"];
    let name = |class: usize| match names.get(class) {
        Some(name) if classes <= names.len() => (*name).to_owned(),
        _ => format!("{} {class}", names[class % names.len()]),
    };
    manifest_of(DatasetInfo {
        name: "mnist".to_owned(),
        title: "Odd shapes".to_owned(),
        shape: ImageShape::new(3, 20, 32).expect("it is in bounds"),
        class_names: (0..classes).map(name).collect(),
        preparation: Preparation::Picture { fit: Fit::Crop },
        augmentation: Augmentation::default(),
        origin: None,
        known: None,
    })
}

/// The same pictures without labels, and so without a classifier.
pub fn unlabelled() -> Manifest {
    Manifest {
        classifier: None,
        ..odd(0)
    }
}

/// Three classes, and no classifier that came with the model.
pub fn unjudged() -> Manifest {
    Manifest {
        classifier: None,
        ..odd(3)
    }
}

fn manifest_of(dataset: DatasetInfo) -> Manifest {
    let regions = dataset.classes().max(1);
    let prior = if dataset.has_classes() {
        Prior::ClassCentres
    } else {
        Prior::Normal
    };
    let latent = LatentSpace {
        statistics: LatentStats {
            mean: vec![0.0; DIMS],
            std: vec![2.0; DIMS],
            mean_variance: (0..DIMS)
                .map(|dim| if dim + 1 == DIMS { 0.001 } else { 1.0 })
                .collect(),
            kl_nats: vec![0.5, 3.0, 1.0, 2.0, 1.5, 0.0],
            n: 1_000,
        },
        regions: ClassRegions((0..regions).map(region).collect()),
        realism: None,
    };
    let config = ResNetConfig {
        shape: dataset.shape,
        width: 4,
        classes: dataset.classes(),
        pixel_mean: vec![0.0; dataset.shape.channels()],
        pixel_std: vec![1.0; dataset.shape.channels()],
    };
    let vae_record = FileRecord {
        name: "vae.safetensors".to_owned(),
        sha256: "ab".repeat(32),
    };
    Manifest {
        format_version: FORMAT_VERSION,
        files: BTreeMap::from([(FileRole::Vae, vae_record)]),
        vae: Some(VaePart {
            config: VaeConfig {
                latent_dim: DIMS,
                channels: vec![4, 8, 8],
                prior,
                ..VaeConfig::default()
            },
            training: record(),
            labels_used: dataset.has_classes(),
            latent,
            sigma: None,
        }),
        classifier: Some(ClassifierPart {
            config,
            training: record(),
            temperature: 1.2,
        }),
        judge: None,
        report: None,
        dataset,
    }
}

fn region(class: usize) -> ClassRegion {
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
    let vae = manifest(None).vae.expect("it has one");
    let kl = vae.latent.statistics.kl_nats[dim];
    format!("z{dim}, {kl:.2} nats")
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
