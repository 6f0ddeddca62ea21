//! How smoothly the latent space changes: the largest steps of a traversal against its usual one.

use burn::tensor::Tensor;
use classifier::ResNet18;
use datasets::{Layer, Splits, image_tensor};
use latent_space::traversal;
use studio::{Detail, Figure, Studio, finite};

use crate::run::Run;
use crate::{EvaluationError, measures};

/// Test images from whose posterior means traversals start, if there are so many.
const BASES: usize = 5;
/// Frames of a traversal.
const STEPS: usize = 64;
/// How far a traversal goes to each side.
const SIGMAS: f32 = 3.0;
/// Keeps the direction of features that are all 0 defined.
const EPSILON: f32 = 1e-10;

pub(crate) fn images(studio: &Studio, data: &Splits) -> usize {
    bases(data) * STEPS * studio.generator_part().latent.statistics.active_units()
}

/// How many images traversals start from.
fn bases(data: &Splits) -> usize {
    BASES.min(data.test.len())
}

/// Distances between neighbouring frames of one traversal.
struct Steps {
    /// In the unit-normalised channels of all stages.
    perceptual: Vec<f64>,
    /// In the pooled features of the last stage.
    pooled: Vec<f64>,
}

pub(crate) fn measure(run: &mut Run<'_>) -> Result<Vec<Figure>, EvaluationError> {
    let (studio, network) = (run.studio, &run.judge()?.network);
    let stats = &studio.generator_part().latent.statistics;
    let bases: Vec<usize> = (0..bases(run.data)).collect();
    let batch = image_tensor(&run.data.test, &bases, studio.device())?;
    // A conditional model is given the image's class, on the whole walk.
    let (vae, test) = (studio.vae()?, &run.data.test);
    let posterior = vae.encode_as(batch, vae.classes_of(test, &bases));
    let means = finite(posterior.mean, "posterior")?;
    let mut walks = Vec::new();
    for (&image, base) in bases.iter().zip(means.chunks(stats.dims())) {
        let class = vae.classes_of(test, &[image]);
        for dim in (0..stats.dims()).filter(|&dim| stats.is_active(dim)) {
            let walk = traversal(base, dim, stats, SIGMAS, STEPS);
            let class = class.clone().map(|class| class.repeat_dim(0, STEPS));
            let images = vae.decode_as(studio.latents(&walk)?, class);
            walks.push(steps(network, images)?);
            run.tick(STEPS)?;
        }
    }
    let ratios: Vec<f64> = walks
        .iter()
        .map(|walk| jump_ratio(&walk.perceptual))
        .collect();
    let pooled: Vec<f64> = walks.iter().flat_map(|walk| walk.pooled.clone()).collect();
    let settings = settings(bases.len());
    Ok(vec![
        smoothness(ratios, &settings),
        pooled_ratio(&pooled, &settings),
    ])
}

fn steps(classifier: &ResNet18, images: Tensor<4>) -> Result<Steps, EvaluationError> {
    let first = Layer::default();
    let mut features = classifier.features_at(images, first);
    let mut squares = squared_steps(features.clone());
    for layer in first.index() + 1..classifier.layers().len() {
        features = classifier.next_features(features, Layer(layer - 1));
        squares = squares + squared_steps(features.clone());
    }
    let pooled = ResNet18::pool(features);
    let width = pooled.dims()[1];
    let rows = finite(pooled, "features")?;
    let rows: Vec<&[f32]> = rows.chunks(width).collect();
    Ok(Steps {
        perceptual: finite(squares, "features")?
            .into_iter()
            .map(|square| f64::from(square).sqrt())
            .collect(),
        pooled: rows
            .windows(2)
            .map(|pair| distance(pair[0], pair[1]))
            .collect(),
    })
}

/// The squared distance of the channels, scaled to unit length in each cell, between each frame and the next, mean over
/// cells: one stage's part of LPIPS without learned weights (Zhang et al. 2018, equation 1). `[n, channels, h, w] -> [n - 1]`.
fn squared_steps(features: Tensor<4>) -> Tensor<1> {
    let [n, channels, height, width] = features.dims();
    let length = (features.clone().powi_scalar(2).sum_dim(1) + EPSILON).sqrt(); // [n, 1, h, w]
    let unit = features / length;
    let all = [0..channels, 0..height, 0..width];
    let [c, h, w] = all;
    let later = unit.clone().slice([1..n, c.clone(), h.clone(), w.clone()]);
    let earlier = unit.slice([0..n - 1, c, h, w]);
    let squares = (later - earlier).powi_scalar(2).sum_dim(1); // [n - 1, 1, h, w]
    squares.mean_dims(&[2, 3]).reshape([n - 1])
}

fn distance(a: &[f32], b: &[f32]) -> f64 {
    let squares = a.iter().zip(b).map(|(a, b)| f64::from(a - b).powi(2));
    squares.sum::<f64>().sqrt()
}

/// The 99th percentile of steps over their median.
fn jump_ratio(steps: &[f64]) -> f64 {
    let mut sorted = steps.to_vec();
    sorted.sort_by(f64::total_cmp);
    quantile(&sorted, 0.99) / quantile(&sorted, 0.5).max(f64::MIN_POSITIVE)
}

/// The nearest of sorted values; 0 if there are none.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let index = (share * (sorted.len().max(1) - 1) as f64).round() as usize;
    sorted.get(index).copied().unwrap_or(0.0)
}

/// The median over traversals with its distribution-free 95 % interval: the order statistics at `n/2 -+ 0.98 sqrt(n)`.
fn smoothness(mut ratios: Vec<f64>, settings: &str) -> Figure {
    ratios.sort_by(f64::total_cmp);
    let n = ratios.len();
    let half = 0.98 / (n.max(1) as f64).sqrt();
    Figure {
        low: Some(quantile(&ratios, (0.5 - half).max(0.0))),
        high: Some(quantile(&ratios, (0.5 + half).min(1.0))),
        detail: Detail::Series(ratios.clone()),
        protocol: measures::TRAVERSAL_JUMP_RATIO.protocol_with(settings),
        ..measures::TRAVERSAL_JUMP_RATIO.figure(quantile(&ratios, 0.5), n)
    }
}

fn pooled_ratio(steps: &[f64], settings: &str) -> Figure {
    Figure {
        protocol: measures::TRAVERSAL_JUMP_RATIO_POOLED.protocol_with(settings),
        ..measures::TRAVERSAL_JUMP_RATIO_POOLED.figure(jump_ratio(steps), steps.len())
    }
}

fn settings(bases: usize) -> String {
    format!(
        "{STEPS} frames over +-{SIGMAS} sigma of every active dimension, from the posterior means of the first {bases} test \
         images"
    )
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, Tensor, TensorData};

    use super::{jump_ratio, smoothness, squared_steps};

    #[test]
    fn even_steps_have_ratio_1_and_one_jump_shows() {
        assert!((jump_ratio(&[0.25; 63]) - 1.0).abs() < 1e-12);
        // Of 63 sorted steps the 99th percentile is number 61 of 0..=62, so it takes two large ones.
        let mut steps = [1.0; 63];
        steps[10] = 7.0;
        steps[40] = 7.0;
        assert!((jump_ratio(&steps) - 7.0).abs() < 1e-12);
    }

    #[test]
    fn a_slow_dimension_does_not_make_a_fast_one_jump() {
        // Pooled, the slow one's steps are the median and the fast one's the largest: 10. Each by itself is even.
        let (slow, fast) = ([1.0; 63], [10.0; 63]);
        let ratios = vec![jump_ratio(&slow), jump_ratio(&slow), jump_ratio(&fast)];
        let figure = smoothness(ratios, "by hand");
        assert!((figure.value - 1.0).abs() < 1e-12);
        let together = [slow, slow, fast].concat();
        assert!((jump_ratio(&together) - 10.0).abs() < 1e-12);
    }

    #[test]
    fn distance_by_hand() {
        // Two channels, one cell. (3, 4) is (0.6, 0.8) at unit length, whatever its size; (5, 0) is (1, 0):
        // 0.4^2 + 0.8^2 = 0.8. Twice as bright is no step.
        let data = TensorData::new(vec![3.0_f32, 4.0, 6.0, 8.0, 5.0, 0.0], [3, 2, 1, 1]);
        let steps = squared_steps(Tensor::from_data(data, &Device::flex()));
        let steps: Vec<f32> = steps.into_data().iter::<f32>().collect();
        assert!(
            steps[0].abs() < 1e-6 && (steps[1] - 0.8).abs() < 1e-6,
            "{steps:?}"
        );
    }
}
