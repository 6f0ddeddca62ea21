//! How much the maps keep when the weights are replaced by random ones (Adebayo et al. 2018).

use burn::module::Module as _;
use classifier::ResNet18;
use datasets::Seed;
use explain::faithfulness::spearman;
use studio::Figure;
use training::seeded;

use super::{Explained, METHODS, Measured, maps};
use crate::interval::mean_interval;
use crate::run::Run;
use crate::{EvaluationError, Measure, measures};

/// Networks with random weights to compare with.
const NETWORKS: u64 = 5;
/// Images that are compared, if there are so many.
const IMAGES: usize = 100;
const SEED: u64 = 0;

pub(crate) fn images(explained: usize) -> usize {
    let compared = explained.min(IMAGES);
    compared * (1 + 2 * NETWORKS as usize)
}

pub(crate) fn measure(
    run: &mut Run<'_>,
    explained: &[Explained],
    recommended: &[Vec<f32>],
) -> Result<Vec<Figure>, EvaluationError> {
    let explained = &explained[..explained.len().min(IMAGES)];
    let [pixels, grad_cam] = [&METHODS[0], &METHODS[1]];
    let judge = run.judge()?;
    let trained = maps(run, &judge.network, explained, grad_cam)?;
    let [mut signed, mut positive, mut plain] = [Vec::new(), Vec::new(), Vec::new()];
    for network in 0..NETWORKS {
        let device = run.studio.device().clone();
        let config = &judge.part.config;
        let network: ResNet18 = seeded(&device, Seed(SEED + network), || config.init(&device))?;
        // A fresh network would normalise by the batch, and remember it, wherever a gradient passes.
        let network = network.valid();
        let random = maps(run, &network, explained, pixels)?;
        for (random, map) in random.iter().zip(recommended) {
            signed.push(spearman(&random.values, map));
            positive.push(spearman(
                &positive_part(&random.values),
                &positive_part(map),
            ));
        }
        let random = maps(run, &network, explained, grad_cam)?;
        let pairs = random.iter().zip(&trained);
        plain.extend(pairs.map(|(a, b)| spearman(&a.values, &b.values)));
    }
    let images = explained.len();
    let settings = |measured: &Measured| {
        let map = measured.in_words(&judge.network);
        format!("{map}; mean over {NETWORKS} networks and the first {images} test images")
    };
    let (of_pixels, of_grad_cam) = (settings(pixels), settings(grad_cam));
    Ok(vec![
        correlation(measures::CAM_RANDOMISED_SPEARMAN, &signed, &of_pixels),
        correlation(
            measures::CAM_RANDOMISED_SPEARMAN_POSITIVE,
            &positive,
            &of_pixels,
        ),
        correlation(
            measures::CAM_RANDOMISED_SPEARMAN_GRAD_CAM,
            &plain,
            &of_grad_cam,
        ),
    ])
}

fn positive_part(map: &[f32]) -> Vec<f32> {
    map.iter().map(|value| value.max(0.0)).collect()
}

fn correlation(measure: Measure, values: &[f32], settings: &str) -> Figure {
    // A constant map has no ranks to compare.
    let finite = values.iter().filter(|value| value.is_finite());
    let values: Vec<f64> = finite.map(|&value| f64::from(value)).collect();
    let (value, low, high) = mean_interval(&values);
    Figure {
        low: Some(low),
        high: Some(high),
        seed: Some(SEED),
        protocol: measure.protocol_with(settings),
        ..measure.figure(value, values.len())
    }
}
