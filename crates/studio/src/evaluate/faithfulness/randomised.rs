//! How much the maps keep when the weights are replaced by random ones (Adebayo et al. 2018).

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
/// Images that are compared; the recommended map takes many passes.
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
    let [mut whole, mut ink, mut plain] = [Vec::new(), Vec::new(), Vec::new()];
    for network in 0..NETWORKS {
        let device = run.studio.device().clone();
        let config = &run.studio.classifier_part().config;
        let network = seeded(&device, Seed(SEED + network), || config.init(&device))?;
        let random = maps(run, &network, explained, pixels)?;
        for ((random, map), image) in random.iter().zip(recommended).zip(explained) {
            whole.push(spearman(random, map));
            ink.push(spearman(&on_ink(random, image), &on_ink(map, image)));
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
            &whole,
            with_random(pixels, "the recommended maps, whole,"),
        ),
        correlation(
            "cam_randomised_spearman_ink",
            &ink,
            with_random(
                pixels,
                "what the recommended maps add to the image (the map over the brightness, on the pixels that are not black)",
            ),
        ),
        correlation(
            "cam_randomised_spearman_grad_cam",
            &plain,
            with_random(grad_cam, "the maps before the ReLU"),
        ),
    ])
}

/// The map at the pixels that are not black, without their brightness.
fn on_ink(map: &[f32], image: &Explained) -> Vec<f32> {
    let cells = map.iter().zip(&image.pixels);
    cells
        .filter(|(_, pixel)| **pixel > 0.0)
        .map(|(value, pixel)| value / pixel)
        .collect()
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
