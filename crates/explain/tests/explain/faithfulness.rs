//! Curves, rankings and correlations against numbers by hand, and laws that hold for any.

use std::convert::Infallible;

use explain::faithfulness::{
    Curves, auc, centred_gaussian_ranking, deletion_insertion, intensity_ranking, random_ranking,
    spearman,
};
use proptest::prelude::*;

/// Sums of a few hundred `f32` values.
const ROUNDING: f32 = 1e-5;

#[expect(
    clippy::unnecessary_wraps,
    reason = "scorers may fail, this one cannot"
)]
fn total(images: &[Vec<f32>]) -> Result<Vec<f32>, Infallible> {
    Ok(images.iter().map(|image| image.iter().sum()).collect())
}

fn curves(image: &[f32], ranking: &[f32], baseline: f32, steps: usize) -> Curves {
    let Ok(curves) = deletion_insertion(image, ranking, &[baseline], steps, total);
    curves
}

/// Scored by the sum of its pixels; its ranking has a tie of pixels 1 and 2, which pixel 1 wins.
const IMAGE: [f32; 4] = [0.5, 0.125, 0.375, 0.0];
const RANKING: [f32; 4] = [3.0, 1.0, 1.0, 0.0];

#[test]
fn curves_by_hand() {
    // Order 0, 1, 2, 3, four steps of 1/4:
    //   insertion 0, 1/2, 5/8, 1, 1:  area 1/4 (0/2 + 1/2 + 5/8 + 1 + 1/2) = 21/32
    //   deletion  1, 1/2, 3/8, 0, 0:  area 1/4 (1/2 + 1/2 + 3/8 + 0 + 0/2) = 11/32
    let curves = curves(&IMAGE, &RANKING, 0.0, 4);
    assert_eq!(curves.fractions, [0.0, 0.25, 0.5, 0.75, 1.0]);
    assert_eq!(curves.insertion, [0.0, 0.5, 0.625, 1.0, 1.0]);
    assert_eq!(curves.deletion, [1.0, 0.5, 0.375, 0.0, 0.0]);
    assert_eq!(curves.insertion_auc(), 21.0 / 32.0);
    assert_eq!(curves.deletion_auc(), 11.0 / 32.0);
    assert_eq!(curves.insertion_minus_deletion(), 10.0 / 32.0);
}

#[test]
fn areas_use_the_true_fractions() {
    // Three steps over four pixels perturb round(4/3) = 1, round(8/3) = 3 and 4 of them:
    //   insertion 0, 1/2, 1, 1:  area 1/4 * 1/4 + 1/2 * 3/4 + 1/4 * 1 = 11/16 (equal thirds would give 2/3)
    let curves = curves(&IMAGE, &RANKING, 0.0, 3);
    assert_eq!(curves.fractions, [0.0, 0.25, 0.75, 1.0]);
    assert_eq!(curves.insertion, [0.0, 0.5, 1.0, 1.0]);
    assert_eq!(curves.insertion_auc(), 11.0 / 16.0);
}

#[test]
fn the_scorer_sees_insertion_then_deletion_in_one_call() {
    let mut calls = Vec::new();
    let result = deletion_insertion(&[0.1, 0.2], &[0.0, 1.0], &[0.5], 9, |images| {
        calls.push(images.to_vec());
        Ok::<_, Infallible>(vec![0.0; images.len()])
    });
    let Ok(curves) = result;
    assert_eq!(
        curves.fractions,
        [0.0, 0.5, 1.0],
        "no more steps than pixels"
    );
    let [blank, image] = [vec![0.5, 0.5], vec![0.1, 0.2]];
    let insertion = [blank.clone(), vec![0.5, 0.2], image.clone()];
    let deletion = [image, vec![0.1, 0.5], blank];
    assert_eq!(calls, [[insertion, deletion].concat()]);
}

#[test]
fn all_channels_of_a_pixel_come_and_go_together() {
    // Two pixels in planes of red, green and blue; the second is the more important one, and a blank one is
    // (0, 1/2, 1).
    let image = [0.1, 0.2, 0.3, 0.4, 0.6, 0.7];
    let mut seen = Vec::new();
    let result = deletion_insertion(&image, &[0.0, 1.0], &[0.0, 0.5, 1.0], 2, |images| {
        seen = images.to_vec();
        Ok::<_, Infallible>(vec![0.0; images.len()])
    });
    let Ok(curves) = result;
    assert_eq!(curves.fractions, [0.0, 0.5, 1.0]);
    let blank = vec![0.0, 0.0, 0.5, 0.5, 1.0, 1.0];
    let insertion = [
        blank.clone(),
        vec![0.0, 0.2, 0.5, 0.4, 1.0, 0.7],
        image.to_vec(),
    ];
    let deletion = [image.to_vec(), vec![0.1, 0.0, 0.3, 0.5, 0.6, 1.0], blank];
    assert_eq!(seen, [insertion, deletion].concat());
}

#[test]
fn an_error_of_the_scorer_comes_through() {
    let result = deletion_insertion(&IMAGE, &RANKING, &[0.0], 4, |_| Err("device lost"));
    assert_eq!(result, Err("device lost"));
}

#[test]
fn nan_is_the_least_important() {
    let curves = curves(&IMAGE, &[f32::NAN, 1.0, 2.0, 3.0], 0.0, 4);
    assert_eq!(curves.insertion, [0.0, 0.0, 0.375, 0.5, 1.0]);
}

#[test]
#[should_panic(expected = "the ranking needs one value a pixel")]
fn a_ranking_of_another_size() {
    let _ = curves(&IMAGE, &[1.0], 0.0, 4);
}

#[test]
fn random_rankings_are_seeded_and_know_nothing() {
    let ranking = random_ranking(784, 5);
    assert_eq!(ranking, random_ranking(784, 5));
    assert_ne!(ranking, random_ranking(784, 6));
    assert!(ranking.iter().all(|value| (0.0..1.0).contains(value)));
    // Spearman's rho of independent rankings has a standard deviation of 1 / sqrt(783) = 0.036: four of them.
    assert!(spearman(&ranking, &random_ranking(784, 6)).abs() < 0.15);
}

#[test]
#[should_panic(expected = "the ranking needs one value a pixel")]
fn a_baseline_of_other_channels() {
    let _ = deletion_insertion(&IMAGE, &RANKING, &[0.0; 3], 4, total);
}

#[test]
fn intensities_are_the_mean_of_the_channels() {
    assert_eq!(intensity_ranking(&IMAGE, 1), IMAGE);
    // Red (1, 0, 0), white and black: 1/3, 1 and 0.
    let colours = [1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0];
    assert_eq!(intensity_ranking(&colours, 3), [1.0 / 3.0, 1.0, 0.0]);
}

#[test]
fn the_gaussian_sits_in_the_middle() {
    // A 2 x 4 image: in standard deviations the rows lie at +-1, the columns at +-1.5 and +-0.5, so the exponents are
    // -(1 + 2.25) / 2 and -(1 + 0.25) / 2.
    let [outer, inner] = [(-1.625_f32).exp(), (-0.625_f32).exp()];
    let row = [outer, inner, inner, outer];
    assert_eq!(centred_gaussian_ranking(2, 4), [row, row].concat());
    assert_eq!(centred_gaussian_ranking(3, 3)[4], 1.0);
}

#[test]
fn spearman_by_hand() {
    // Without ties 1 - 6 sum d^2 / (n (n^2 - 1)): d = -1, 1, -1, 1 gives 1 - 24 / 60.
    assert!((spearman(&[1.0, 2.0, 3.0, 4.0], &[2.0, 1.0, 4.0, 3.0]) - 0.6).abs() < ROUNDING);
    // With ties: ranks 1..5 and (1, 2, 3.5, 5, 3.5), less their mean 3: covariance 8, variances 10 and 9.5 (all times
    // 5), so 8 / sqrt(95).
    let tied = spearman(&[1.0, 2.0, 3.0, 4.0, 5.0], &[5.0, 6.0, 7.0, 8.0, 7.0]);
    assert!((tied - 8.0 / 95.0_f32.sqrt()).abs() < ROUNDING);
    // Both zeros are one value.
    assert_eq!(spearman(&[0.0, -0.0, 1.0], &[2.0, 2.0, 3.0]), 1.0);
}

#[test]
fn spearman_is_nan_where_there_is_no_order() {
    let cases: [(&[f32], &[f32]); 4] = [
        (&[1.0, 1.0, 1.0], &[1.0, 2.0, 3.0]),
        (&[1.0, 2.0, f32::NAN], &[1.0, 2.0, 3.0]),
        (&[1.0], &[2.0]),
        (&[], &[]),
    ];
    for (a, b) in cases {
        assert!(spearman(a, b).is_nan());
    }
}

/// An image, a ranking, a baseline and a number of steps.
fn any_case() -> impl Strategy<Value = (Vec<f32>, Vec<f32>, f32, usize)> {
    (1_usize..60).prop_flat_map(|pixels| {
        let image = prop::collection::vec(0.0_f32..=1.0, pixels);
        // Few distinct values, so that ties are common.
        let ranking = prop::collection::vec((0_u8..6).prop_map(f32::from), pixels);
        (image, ranking, 0.0_f32..=1.0, 1_usize..80)
    })
}

/// Two rankings of the same pixels, with ties.
fn any_pair() -> impl Strategy<Value = (Vec<f32>, Vec<f32>)> {
    (2_usize..60).prop_flat_map(|pixels| {
        let ranking = || prop::collection::vec((-9_i8..9).prop_map(f32::from), pixels);
        (ranking(), ranking())
    })
}

proptest! {
    #[test]
    fn areas_of_probabilities_are_probabilities((image, ranking, baseline, steps) in any_case()) {
        let mean = |images: &[Vec<f32>]| {
            Ok::<_, Infallible>(images.iter().map(|x| x.iter().sum::<f32>() / x.len() as f32).collect())
        };
        let Ok(curves) = deletion_insertion(&image, &ranking, &[baseline], steps, mean);
        for area in [curves.insertion_auc(), curves.deletion_auc()] {
            prop_assert!((0.0..=1.0 + ROUNDING).contains(&area));
        }
    }

    #[test]
    fn curves_run_from_nothing_to_everything((image, ranking, baseline, steps) in any_case()) {
        let curves = curves(&image, &ranking, baseline, steps);
        let points = steps.min(image.len()) + 1;
        prop_assert_eq!(curves.fractions.len(), points);
        prop_assert_eq!((curves.fractions[0], curves.fractions[points - 1]), (0.0, 1.0));
        prop_assert!(curves.fractions.windows(2).all(|pair| pair[0] < pair[1]));

        let Ok(ends) = total(&[vec![baseline; image.len()], image]);
        prop_assert_eq!(vec![curves.insertion[0], curves.insertion[points - 1]], ends.clone());
        prop_assert_eq!(vec![curves.deletion[points - 1], curves.deletion[0]], ends);
    }

    #[test]
    fn putting_in_and_taking_away_add_up_for_a_linear_score((image, ranking, baseline, steps) in any_case()) {
        let curves = curves(&image, &ranking, baseline, steps);
        let whole = curves.insertion[0] + curves.deletion[0];
        for (put_in, taken) in curves.insertion.iter().zip(&curves.deletion) {
            prop_assert!((put_in + taken - whole).abs() <= ROUNDING * (1.0 + whole));
        }
    }

    #[test]
    fn no_ranking_beats_the_pixels_own_share_of_a_linear_score((image, ranking, _, steps) in any_case()) {
        let best = curves(&image, &image, 0.0, steps).insertion_minus_deletion();
        let other = curves(&image, &ranking, 0.0, steps).insertion_minus_deletion();
        prop_assert!(best >= other - ROUNDING * image.len() as f32);
    }

    #[test]
    fn area_of_a_constant_is_the_constant(score in 0.0_f32..=1.0, points in 2_usize..50) {
        let fractions: Vec<f32> = (0..points).map(|i| i as f32 / (points - 1) as f32).collect();
        prop_assert!((auc(&fractions, &vec![score; points]) - score).abs() <= ROUNDING);
    }

    #[test]
    fn spearman_is_symmetric_odd_and_blind_to_scale((a, b) in any_pair()) {
        let rho = spearman(&a, &b);
        prop_assume!(!rho.is_nan());
        prop_assert!((-1.0..=1.0).contains(&rho));
        prop_assert!((spearman(&b, &a) - rho).abs() <= ROUNDING);
        prop_assert!((spearman(&a, &a) - 1.0).abs() <= ROUNDING);
        let negated: Vec<f32> = b.iter().map(|value| -value).collect();
        prop_assert!((spearman(&a, &negated) + rho).abs() <= ROUNDING);
        let cubed: Vec<f32> = b.iter().map(|value| value.powi(3)).collect();
        prop_assert!((spearman(&a, &cubed) - rho).abs() <= ROUNDING);
    }
}
