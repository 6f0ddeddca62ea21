//! How much the maps keep when the weights are replaced by random ones (Adebayo et al. 2018).

use burn::module::Module as _;
use datasets::Seed;
use explain::faithfulness::spearman;
use training::seeded;

use super::{Explained, METHODS, Measured, maps};
use crate::evaluate::latent::mean_interval;
use crate::evaluate::run::Run;
use crate::evaluate::test_figure;
use crate::{Figure, StudioError};

/// Networks with random weights to compare with.
const NETWORKS: u64 = 5;
/// Images that are compared.
const IMAGES: usize = 100;
const SEED: u64 = 0;

pub(super) fn images(explained: usize) -> usize {
    let compared = explained.min(IMAGES);
    compared * (1 + 2 * NETWORKS as usize)
}

pub(super) fn measure(
    run: &mut Run<'_>,
    explained: &[Explained],
    recommended: &[Vec<f32>],
) -> Result<Vec<Figure>, StudioError> {
    let explained = &explained[..explained.len().min(IMAGES)];
    let [pixels, grad_cam] = [&METHODS[0], &METHODS[1]];
    let trained = maps(run, run.studio.classifier(), explained, grad_cam)?;
    let [mut signed, mut positive, mut plain] = [Vec::new(), Vec::new(), Vec::new()];
    for network in 0..NETWORKS {
        let device = run.studio.device().clone();
        let config = &run.studio.classifier_part().config;
        let network = seeded(&device, Seed(SEED + network), || config.init(&device))?;
        // A fresh network would normalise by the batch, and remember it, wherever a gradient passes.
        let network = network.valid();
        let random = maps(run, &network, explained, pixels)?;
        for (random, map) in random.iter().zip(recommended) {
            signed.push(spearman(random, map));
            positive.push(spearman(&positive_part(random), &positive_part(map)));
        }
        let random = maps(run, &network, explained, grad_cam)?;
        plain.extend(random.iter().zip(&trained).map(|(a, b)| spearman(a, b)));
    }
    let with_random = |measured: &Measured, what: &str| {
        format!(
            "rank correlation of {what} by {} at {} for the predicted class with those of {NETWORKS} networks with random \
             weights; mean over networks and the first {IMAGES} test images",
            measured.method, measured.layer
        )
    };
    Ok(vec![
        correlation(
            "cam_randomised_spearman",
            &signed,
            with_random(pixels, "the recommended maps before the ReLU"),
        ),
        correlation(
            "cam_randomised_spearman_positive",
            &positive,
            with_random(
                pixels,
                "the recommended maps after it (0 wherever the image is black, whatever the weights are)",
            ),
        ),
        correlation(
            "cam_randomised_spearman_grad_cam",
            &plain,
            with_random(grad_cam, "the maps before the ReLU"),
        ),
    ])
}

fn positive_part(map: &[f32]) -> Vec<f32> {
    map.iter().map(|value| value.max(0.0)).collect()
}

fn correlation(name: &str, values: &[f32], protocol: String) -> Figure {
    // A constant map has no ranks to compare.
    let finite = values.iter().filter(|value| value.is_finite());
    let values: Vec<f64> = finite.map(|&value| f64::from(value)).collect();
    let (value, low, high) = mean_interval(&values);
    Figure {
        low: Some(low),
        high: Some(high),
        seed: Some(SEED),
        ..test_figure(name, value, values.len(), protocol)
    }
}
