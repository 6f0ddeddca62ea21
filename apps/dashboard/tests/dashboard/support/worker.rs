//! What the worker answers, which the test plays itself.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use classifier::Prediction;
use dashboard::state::channel::{Job, Published};
use datasets::{Image, ImageShape};
use explain::Heatmap;
use studio::{
    ClassSample, Counterfactual, CounterfactualRequest, Effects, Encoded, Frame, FrameRequest,
    Gallery, Manifest, ModelSource, Nearest, Neighbour, Neighbours, Realistic, ReconstructRequest,
    Reconstruction, Reply, Request, SampleRequest, Samples, StudioError, Survey, SurveyRequest,
    Timings, Verdict,
};

use super::{manifests::DIMS, models::opened};

pub fn published(job: Job, result: Result<Reply, StudioError>) -> Published {
    Published {
        job,
        result,
        received: Instant::now(),
    }
}

/// An error as the library makes it.
pub fn some_error() -> StudioError {
    let source = ModelSource::Folder(PathBuf::from("/no/such/model"));
    Manifest::read(&source).expect_err("there is no such folder")
}

/// What the test's worker answers: simple, but different for every latent.
pub fn answer(request: &Request, manifest: &Manifest) -> Reply {
    let shape = manifest.dataset.shape;
    let dims = dims_of(manifest);
    let image = |latent: &Vec<f32>| image(shape, latent);
    match request {
        Request::Open => Reply::Opened(Box::new(opened(manifest))),
        Request::Frame(request) => Reply::Frame(Frame {
            image: image(&request.latent),
            verdict: judge(manifest, &request.latent).map(|prediction| Verdict {
                prediction,
                predicted_map: heatmap(4, 2.5),
                target_map: (request.target.is_some() || request.runner_up)
                    .then(|| heatmap(4, -0.5)),
            }),
            own_head: own_head(manifest, &request.latent),
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
        Request::Path(request) => {
            let steps = 0..=request.sampler.steps;
            let along = |step: usize| {
                let t = step as f32 / request.sampler.steps as f32;
                request.latent.iter().map(|z| z * t).collect()
            };
            let points: Vec<Vec<f32>> = steps.map(along).collect();
            Reply::Gallery(Gallery {
                images: points.iter().map(image).collect(),
                predictions: judge_all(manifest, &points),
            })
        }
        Request::Encode(_) => Reply::Encoded(Encoded {
            mean: vec![1.5; dims],
            log_var: vec![-2.0; dims],
            search: None,
        }),
        Request::Judge(image) => Reply::Judged(judged(manifest, image)),
        Request::EncodeMany(request) => {
            let mut means = means(request.images.len());
            for mean in &mut means {
                mean.truncate(dims);
            }
            Reply::EncodedMany(means)
        }
        Request::Reconstruct(request) => Reply::Reconstructed(reconstruction(request, manifest)),
        Request::ReconstructMany(request) => {
            let again = request.images.iter().map(|image| darker(image, manifest));
            Reply::ReconstructedMany(again.collect())
        }
        Request::Samples(request) => Reply::Samples(samples(request, shape)),
        Request::Survey(request) => Reply::Survey(survey(request, manifest)),
        Request::Nearest(request) => Reply::Nearest(nearest(request.count, manifest)),
        Request::Close(_) => Reply::Closed,
        Request::Realism(request) => Reply::Realism(realism(&request.latent, manifest)),
        Request::Counterfactual(request) => Reply::Counterfactual(walk(request, manifest)),
        Request::Effects(_) => Reply::Effects(Effects {
            maps: (0..dims)
                .map(|dim| vec![0.1 * dim as f32; shape.values()])
                .collect(),
        }),
    }
}

fn dims_of(manifest: &Manifest) -> usize {
    let vae = manifest.generator.as_ref();
    vae.map_or(DIMS, |part| part.architecture.latent_dim())
}

/// The judge is right about every image, surer of each than of the one before; errors and rarities count up, too.
fn survey(request: &SurveyRequest, manifest: &Manifest) -> Survey {
    let count = request.latents.len();
    let share = |index: usize| index as f32 / count as f32;
    let said = |(index, latent): (usize, &Vec<f32>)| {
        let prediction = judge(manifest, latent)?;
        let confidence = 0.5 + 0.5 * share(index);
        Some(Prediction {
            confidence,
            ..prediction
        })
    };
    let all = request.latents.iter().enumerate();
    let of_sample = |values: Vec<f32>| {
        if request.of_sample {
            values
        } else {
            Vec::new()
        }
    };
    let usual = manifest
        .generator
        .as_ref()
        .and_then(|part| part.latent.realism.as_ref());
    Survey {
        predictions: all.filter(|_| request.of_sample).filter_map(said).collect(),
        squared_errors: of_sample((0..count).map(|index| 0.1 * share(index)).collect()),
        density_percentiles: usual.map_or_else(Vec::new, |_| {
            (0..count).map(|index| 100.0 * share(index)).collect()
        }),
    }
}

/// In pixels the images 120, 121 and so on, and those from 350 on to the judge.
fn nearest(count: usize, manifest: &Manifest) -> Nearest {
    let from = |first: usize, step: f32| Neighbours {
        nearest: (0..count)
            .map(|place| Neighbour {
                index: first + place,
                distance: step * (place + 1) as f32,
            })
            .collect(),
        usual: Some(4.0 * step),
    };
    Nearest {
        among: 1_000,
        in_pixels: from(120, 0.05),
        in_features: manifest.classifier.as_ref().map(|_| from(350, 2.0)),
        goes_on: false,
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
    manifest.generator.as_ref()?.latent.realism.as_ref()?;
    Some(Realistic {
        log_density: -latent[0],
        density_percentile: 100.0 - 10.0 * latent[0],
        drift_sigmas: latent[1],
        drift_percentile: 50.0 + latent[1],
    })
}

/// The whole way, whose last image is of the target: it ends at the anchor.
fn walk(request: &CounterfactualRequest, manifest: &Manifest) -> Counterfactual {
    let regions = &manifest
        .generator
        .as_ref()
        .expect("it has one")
        .latent
        .regions;
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

/// Each sample as bright as its place in the row, drawn one by one, each in two milliseconds.
fn samples(request: &SampleRequest, shape: ImageShape) -> Samples {
    let level = |sample: &ClassSample| sample.index as f32 / 10.0;
    let each = request.samples.iter();
    let image =
        |sample| Image::new(shape, vec![level(sample); shape.values()]).expect("it is in range");
    Samples {
        images: each.map(image).collect(),
        times: vec![Duration::from_millis(2); request.samples.len()],
        batch: 1,
    }
}

/// Every model draws what it was given: a model of digits a little darker, any other much darker.
fn darker(image: &Image, manifest: &Manifest) -> Image {
    let darker = darkening(manifest);
    let values = image.values().iter();
    let values: Vec<f32> = values.map(|value| (value - darker).max(0.0)).collect();
    Image::new(image.shape(), values).expect("they are in range")
}

fn darkening(manifest: &Manifest) -> f32 {
    if manifest.dataset.name == "mnist" {
        0.1
    } else {
        0.5
    }
}

fn reconstruction(request: &ReconstructRequest, manifest: &Manifest) -> Reconstruction {
    let squared_error = darkening(manifest).powi(2);
    let mean = vec![1.5; dims_of(manifest)];
    let Reply::Frame(mut frame) =
        answer(&Request::Frame(FrameRequest::new(mean.clone())), manifest)
    else {
        panic!("a frame was asked for")
    };
    frame.image = darker(&request.image, manifest);
    Reconstruction {
        encoded: Encoded {
            mean,
            log_var: vec![-2.0; dims_of(manifest)],
            search: None,
        },
        squared_error,
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

/// What a joint model's own head says: always the last class, whatever the judge says.
fn own_head(manifest: &Manifest, latent: &[f32]) -> Option<Prediction> {
    manifest.generator.as_ref()?.vae()?.config.head?;
    let last = manifest.dataset.classes() - 1;
    let mut latent = latent.to_vec();
    latent[0] = last as f32;
    Some(prediction_of(&latent, last + 1))
}

/// The class is the tenth of the image's pixels that are inked.
fn judged(manifest: &Manifest, image: &Image) -> Option<Prediction> {
    let inked = image.values().iter().filter(|value| **value > 0.5).count();
    let tenths = 10.0 * inked as f32 / image.values().len() as f32;
    judge(manifest, &[tenths.floor()])
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
