//! The coarse part of the noise as a latent.

use datasets::{ImageShape, Seed};
use flow::CoarseNoise;

use crate::odd;

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The law of the latent: whatever the rest, the noise of a latent has that latent.
#[test]
fn the_noise_of_a_latent_has_that_latent_and_the_rest_follows_from_the_seed() {
    let coarse = CoarseNoise::new(odd(), 12);
    let latent: Vec<f32> = (0..12_u8).map(|i| 0.3 * f32::from(i) - 1.5).collect();
    let noises = [Seed(0), Seed(1)].map(|seed| coarse.noise(&latent, seed));
    for noise in &noises {
        for (found, wanted) in coarse.latent_of(noise).iter().zip(&latent) {
            assert!((found - wanted).abs() < 1e-4, "{found} and {wanted}");
        }
    }
    assert_ne!(noises[0], noises[1]);
    assert_eq!(coarse.noise(&latent, Seed(1)), noises[1]);
    let both = coarse.noise_of_each(&latent.repeat(2), &[Seed(0), Seed(1)]);
    assert_eq!(both, noises.concat());
}

/// Waves of length 1 at right angles to each other make noise from N(0, I) of latents from N(0, I): moving one coordinate by 1 moves
/// the noise by a vector of length 1, and no two of these vectors have anything in common.
#[test]
fn the_waves_are_orthonormal() {
    let dims = 20;
    let coarse = CoarseNoise::new(odd(), dims);
    let zero = coarse.noise(&vec![0.0; dims], Seed(5));
    let waves: Vec<Vec<f32>> = (0..dims)
        .map(|dim| {
            let mut latent = vec![0.0; dims];
            latent[dim] = 1.0;
            let moved = coarse.noise(&latent, Seed(5));
            moved.iter().zip(&zero).map(|(a, b)| a - b).collect()
        })
        .collect();
    for (i, a) in waves.iter().enumerate() {
        for (j, b) in waves.iter().enumerate() {
            let expected = if i == j { 1.0 } else { 0.0 };
            assert!((dot(a, b) - expected).abs() < 1e-4, "{i}, {j}");
        }
    }
}

/// By hand, of 8x8 grey pixels: the coarsest wave is 1/8 everywhere. Then follow half a wave from left to right and half a wave from
/// top to bottom, which is as long.
#[test]
fn the_coarsest_waves_come_first() {
    let coarse = CoarseNoise::new(ImageShape::new(1, 8, 8).expect("sound"), 3);
    let flat = vec![2.0; 64];
    // 64 values of 2 along 64 of 1/8: 16. The other waves sum to 0.
    let found = coarse.latent_of(&flat);
    assert!((found[0] - 16.0).abs() < 1e-4, "{found:?}");
    assert!(found[1].abs() < 1e-4 && found[2].abs() < 1e-4, "{found:?}");
    // Left against right changes along x alone, so the second wave sees it, and the third, along y, does not.
    let sided: Vec<f32> = (0..64)
        .map(|i| if i % 8 < 4 { 1.0 } else { -1.0 })
        .collect();
    let found = coarse.latent_of(&sided);
    assert!(found[1] > 5.0 && found[2].abs() < 1e-4, "{found:?}");
}

#[test]
fn there_are_no_more_dimensions_than_values() {
    let all = CoarseNoise::new(odd(), usize::MAX);
    assert_eq!(all.dims(), odd().values());
}
