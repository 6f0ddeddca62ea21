//! Whether the heatmaps name the pixels that the prediction depends on.

use burn::tensor::activation::softmax;
use burn::tensor::{Device, Tensor, TensorData};
use classifier::ResNet18;
use datasets::{PIXELS, SIDE, Seed, image_tensor};
use explain::faithfulness::{
    centred_gaussian_ranking, deletion_insertion, random_ranking, spearman,
};
use explain::{heatmaps, pooled_linear_cam};
use training::seeded;

use super::judge::CHUNK;
use super::latent::mean_interval;
use super::run::Run;
use crate::studio::finite;
use crate::{Detail, Figure, StudioError};

/// Test images that are explained.
const IMAGES: usize = 500;
/// Steps from no pixel to all.
const STEPS: usize = 28;
/// What a removed pixel becomes: the background of these images.
const BLANK: f32 = 0.0;
/// Networks with random weights to compare with.
const RANDOM_NETWORKS: u64 = 5;
const SEED: u64 = 0;

pub(super) fn images(data: &datasets::Splits) -> usize {
    data.test.len().min(IMAGES) * (4 * 2 * (STEPS + 1) + 1 + RANDOM_NETWORKS as usize)
}

pub(super) fn measure(run: &mut Run<'_>) -> Result<Vec<Figure>, StudioError> {
    let explained = explained(run)?;
    let maps: Vec<Vec<f32>> = explained
        .iter()
        .map(|image| large(&image.map))
        .collect::<Result<_, _>>()?;
    let gaussian = centred_gaussian_ranking(SIDE, SIDE);
    let mut figures = vec![
        curves(
            run,
            &explained,
            "cam_insertion_deletion",
            "Grad-CAM at the last stage",
            |i| maps[i].clone(),
        )?,
        curves(run, &explained, "cam_random", "a random ranking", |i| {
            random_ranking(PIXELS, i as u64)
        })?,
        curves(
            run,
            &explained,
            "cam_gaussian",
            "a centred Gaussian",
            |_| gaussian.clone(),
        )?,
        curves(
            run,
            &explained,
            "cam_intensity",
            "the image's own intensities",
            |i| explained[i].pixels.clone(),
        )?,
    ];
    figures.push(randomised(run, &explained)?);
    Ok(figures)
}

/// An image with what is to be explained.
struct Explained {
    pixels: Vec<f32>,
    /// The predicted class.
    class: usize,
    /// Its evidence map before the `ReLU`, at the last stage's size.
    map: Vec<f32>,
}

fn explained(run: &mut Run<'_>) -> Result<Vec<Explained>, StudioError> {
    let test = &run.data.test;
    let all: Vec<usize> = (0..test.len().min(IMAGES)).collect();
    let mut found = Vec::new();
    for chunk in all.chunks(CHUNK) {
        let batch = image_tensor(test, chunk, run.studio.device());
        let pixels = finite(batch.clone(), "images")?;
        let network = run.studio.classifier();
        let features = network.features(batch);
        let logits = finite(network.head(features.clone()), "logits")?;
        let classes: Vec<usize> = logits
            .chunks(network.classes())
            .map(|row| run.studio.predict(row).class.index())
            .collect();
        let maps = class_maps(network, features, &classes)?;
        for ((pixels, class), map) in pixels.chunks(PIXELS).zip(classes).zip(maps) {
            found.push(Explained {
                pixels: pixels.to_vec(),
                class,
                map,
            });
        }
        run.tick(chunk.len())?;
    }
    Ok(found)
}

/// Each image's evidence map for its class.
fn class_maps(
    network: &ResNet18,
    features: Tensor<4>,
    classes: &[usize],
) -> Result<Vec<Vec<f32>>, StudioError> {
    let raw = pooled_linear_cam(features, network.fc.weight.val()); // [n, classes, h, w]
    let [_, all, height, width] = raw.dims();
    let values = finite(raw, "heatmap")?;
    let cells = height * width;
    let of = |(image, class): (&[f32], &usize)| image[class * cells..(class + 1) * cells].to_vec();
    Ok(values.chunks(all * cells).zip(classes).map(of).collect())
}

/// A raw map as the window shows it: cut off below 0, at the image's size.
fn large(map: &[f32]) -> Result<Vec<f32>, StudioError> {
    let side = map.len().isqrt();
    let raw =
        Tensor::<1>::from_data(TensorData::from(map), &Device::flex()).reshape([1, 1, side, side]);
    let mut found = heatmaps(raw).map_err(|e| StudioError::NotFinite(e.to_string()))?;
    let map = found.pop().and_then(|mut maps| maps.pop());
    Ok(map.map_or_else(Vec::new, |map| map.resampled(SIDE, SIDE).values))
}

fn curves(
    run: &mut Run<'_>,
    explained: &[Explained],
    name: &str,
    what: &str,
    ranking: impl Fn(usize) -> Vec<f32>,
) -> Result<Figure, StudioError> {
    let mut differences = Vec::new();
    for (i, image) in explained.iter().enumerate() {
        let score = |images: &[Vec<f32>]| scores(run, images, image.class);
        let found = deletion_insertion(&image.pixels, &ranking(i), BLANK, STEPS, score)?;
        differences.push(f64::from(found.insertion_minus_deletion()));
    }
    let (value, low, high) = mean_interval(&differences);
    Ok(Figure {
        low: Some(low),
        high: Some(high),
        ..figure(
            name,
            value,
            explained.len(),
            format!(
                "area under the insertion curve less that under the deletion curve, pixels taken in the order of {what}: \
                 softmax probability of the predicted class, {STEPS} steps, blank pixels {BLANK}, first {IMAGES} test \
                 images"
            ),
        )
    })
}

/// The calibrated probability of a class for each image.
fn scores(run: &mut Run<'_>, images: &[Vec<f32>], class: usize) -> Result<Vec<f32>, StudioError> {
    let data = TensorData::new(images.concat(), [images.len(), 1, SIDE, SIDE]);
    let batch = Tensor::from_data(data, run.studio.device());
    let network = run.studio.classifier();
    let probabilities = softmax(
        network.forward(batch) / run.studio.classifier_part().temperature,
        1,
    );
    let values = finite(probabilities, "probabilities")?;
    run.tick(images.len())?;
    Ok(values
        .chunks(network.classes())
        .map(|row| row[class])
        .collect())
}

/// How much the maps keep when the weights are replaced by random ones (Adebayo et al. 2018).
fn randomised(run: &mut Run<'_>, explained: &[Explained]) -> Result<Figure, StudioError> {
    let device = run.studio.device().clone();
    let mut correlations = Vec::new();
    for network in 0..RANDOM_NETWORKS {
        let config = &run.studio.classifier_part().config;
        let network = seeded(&device, Seed(SEED + network), || config.init(&device))?;
        for chunk in explained.chunks(CHUNK) {
            let pixels: Vec<f32> = chunk
                .iter()
                .flat_map(|image| image.pixels.clone())
                .collect();
            let data = TensorData::new(pixels, [chunk.len(), 1, SIDE, SIDE]);
            let features = network.features(Tensor::from_data(data, &device));
            let classes: Vec<usize> = chunk.iter().map(|image| image.class).collect();
            for (map, image) in class_maps(&network, features, &classes)?.iter().zip(chunk) {
                correlations.push(f64::from(spearman(map, &image.map)));
            }
            run.tick(chunk.len())?;
        }
    }
    // A constant map has no ranks to compare.
    correlations.retain(|value| value.is_finite());
    let (value, low, high) = mean_interval(&correlations);
    Ok(Figure {
        low: Some(low),
        high: Some(high),
        seed: Some(SEED),
        ..figure(
            "cam_randomised_spearman",
            value,
            correlations.len(),
            format!(
                "rank correlation of the evidence maps of the predicted class, before the ReLU, with those of \
                 {RANDOM_NETWORKS} networks with random weights; mean over networks and the first {IMAGES} test images"
            ),
        )
    })
}

fn figure(name: &str, value: f64, n: usize, protocol: String) -> Figure {
    Figure {
        name: name.to_owned(),
        value,
        unit: String::new(),
        low: None,
        high: None,
        n,
        seed: None,
        split: "test".to_owned(),
        protocol,
        detail: Detail::None,
    }
}
