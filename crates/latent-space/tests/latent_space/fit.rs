//! Fitting a latent space to numbers that are known.

use datasets::{ClassId, Seed};
use latent_space::{Encodings, LatentSpace, LatentSpaceError, RegionConfig};

use crate::assert_close;

fn gaussians(components: usize) -> RegionConfig {
    RegionConfig {
        components,
        ..RegionConfig::default()
    }
}

/// 200 images in two dimensions: the first half at (-2, 0), the second at (2, 0), with a posterior variance of 0.04. The
/// samples lie 0.2 to the left, right, below and above in turn, which gives a variance of 0.04 / 2 in each dimension.
fn two_blobs(classes: usize) -> Encodings {
    let is_right = |image: usize| image >= 100;
    let mean = |image: usize| [if is_right(image) { 2.0 } else { -2.0 }, 0.0];
    let offsets = [[-0.2, 0.0], [0.2, 0.0], [0.0, -0.2], [0.0, 0.2]];
    let sample = |image: usize| {
        let (mean, offset) = (mean(image), offsets[image % 4]);
        [mean[0] + offset[0], mean[1] + offset[1]]
    };
    Encodings {
        dims: 2,
        means: (0..200).flat_map(mean).collect(),
        log_vars: vec![0.04f32.ln(); 400],
        samples: (0..200).flat_map(sample).collect(),
        labels: (0..200).map(|i| ClassId((i / 100) as _)).collect(),
        classes,
    }
}

fn fit(encodings: &Encodings, components: usize) -> Result<LatentSpace, LatentSpaceError> {
    let as_they_are = |_: &[usize], means: &[f32]| means.to_vec();
    LatentSpace::fit([encodings; 2], gaussians(components), Seed(1), as_they_are)
}

/// Variances of the means: 4 and 0. Aggregate: 4.04 and 0.04, whose roots are 2.009975 and 0.2. Information:
/// ln(4.04 / 0.04) / 2 = 2.307560 and nothing.
#[test]
fn statistics_and_regions_by_hand() {
    /// Single-precision rounding of ln 0.04.
    const TOLERANCE: f32 = 1e-5;
    let space = fit(&two_blobs(2), 1).unwrap();
    space.check(2, 2).unwrap();
    let stats = &space.statistics;
    assert_eq!((space.dims(), stats.n), (2, 200));
    assert_close(&stats.mean, &[0.0, 0.0], TOLERANCE);
    assert_close(&stats.mean_variance, &[4.0, 0.0], TOLERANCE);
    assert_close(&stats.std, &[2.009_975, 0.2], TOLERANCE);
    assert_close(&stats.kl_nats, &[2.307_56, 0.0], TOLERANCE);
    assert_close(&space.regions.anchor(ClassId(0)), &[-2.0, 0.0], TOLERANCE);
    assert_close(&space.regions.anchor(ClassId(1)), &[2.0, 0.0], TOLERANCE);
    // 0.02 and the ridge of 0.0001: the root is 0.141774.
    let factor = &space.regions.0[1].components[0].cholesky;
    assert_close(factor, &[0.141_774, 0.0, 0.141_774], TOLERANCE);
}

#[test]
fn regions_are_held_against_images_that_they_were_not_fitted_on() {
    let images = two_blobs(2);
    let space = fit(&images, 1).unwrap();
    // The variance is 0.0201 in both dimensions, and every sample lies 0.2 from the middle of its class:
    // -ln 2 pi - ln 0.0201 - 0.04 / (2 * 0.0201) = -1.837877 + 3.907036 - 0.995025.
    let nats = images.log_likelihood(&space.regions);
    assert!((nats - 1.074_134).abs() < 1e-3, "{nats}");
    // Of the other class all are 4 away, to the left or to the right: 16 / (2 * 0.0201) less at least.
    let swapped = Encodings {
        labels: images
            .labels
            .iter()
            .map(|class| ClassId(1 - class.0))
            .collect(),
        ..images
    };
    assert!(swapped.log_likelihood(&space.regions) < nats - 390.0);
}

#[test]
fn without_labels_one_region_covers_all_images() {
    const TOLERANCE: f32 = 1e-4;
    let unlabelled = Encodings {
        labels: Vec::new(),
        ..two_blobs(0)
    };
    let space = fit(&unlabelled, 2).unwrap();
    space.check(2, 0).unwrap();
    let [region] = &space.regions.0[..] else {
        panic!("{:?}", space.regions);
    };
    assert_eq!(region.images, 200);
    let mut components = region.components.clone();
    components.sort_by(|a, b| a.mean[0].total_cmp(&b.mean[0]));
    let weights: Vec<f32> = components.iter().map(|c| c.weight).collect();
    assert_close(&weights, &[0.5, 0.5], TOLERANCE);
    assert_close(&components[0].mean, &[-2.0, 0.0], TOLERANCE);
    assert_close(&components[1].mean, &[2.0, 0.0], TOLERANCE);
    // Labels that nobody asked for make no difference.
    assert_eq!(fit(&two_blobs(0), 2).unwrap(), space);
    assert_eq!(space.regions.class_probabilities(&[9.0, 9.0]), [1.0]);
}

/// The encoder finds every latent again half a unit to the right: 0.5 / 2.009975 in one of two dimensions, so
/// sqrt(0.248759^2 / 2) = 0.175899.
#[test]
fn drift_is_measured_with_what_encodes_again() {
    let mut asked = 0;
    let space = LatentSpace::fit(
        [&two_blobs(2); 2],
        gaussians(1),
        Seed(1),
        |chosen, means| {
            // Of 200 images all are asked for.
            assert_eq!(chosen, (0..200).collect::<Vec<_>>());
            asked = means.len();
            let moved = |pair: &[f32]| [pair[0] + 0.5, pair[1]];
            means.chunks(2).flat_map(moved).collect()
        },
    );
    let realism = space.unwrap().realism.unwrap();
    assert_eq!(asked, 400);
    assert_eq!(realism.n, 200);
    assert_close(&realism.drift, &[0.175_899; 101], 1e-5);
}

#[test]
fn numbers_that_do_not_fit_together_are_refused() {
    type Damage = fn(&mut Encodings);
    let damages: [(&str, Damage); 7] = [
        ("0 images", |e| e.means.clear()),
        ("0 dimensions", |e| e.dims = 0),
        ("399 samples", |e| e.samples.truncate(399)),
        ("398 log-variances", |e| e.log_vars.truncate(398)),
        ("401 means", |e| e.means.push(0.0)),
        ("199 labels", |e| e.labels.truncate(199)),
        ("label 2 among 2", |e| e.labels[7] = ClassId(2)),
    ];
    for (words, damage) in damages {
        let mut encodings = two_blobs(2);
        damage(&mut encodings);
        let error = fit(&encodings, 1).unwrap_err();
        assert!(matches!(error, LatentSpaceError::Encodings(_)), "{error:?}");
        assert!(error.to_string().contains(words), "{error}");
    }
    let mut wild = two_blobs(2);
    wild.means[3] = f32::NAN;
    assert_eq!(fit(&wild, 1), Err(LatentSpaceError::NotFinite));
}

#[test]
fn a_region_needs_two_images_and_says_which_has_not() {
    let mut encodings = two_blobs(3);
    let error = fit(&encodings, 1).unwrap_err().to_string();
    assert!(error.contains("class 2 has 0 images"), "{error}");
    encodings.labels[0] = ClassId(2);
    let error = fit(&encodings, 1).unwrap_err().to_string();
    assert!(error.contains("class 2 has 1 images"), "{error}");
    let one = Encodings {
        dims: 2,
        means: vec![0.0; 2],
        log_vars: vec![0.0; 2],
        samples: vec![0.0; 2],
        ..Encodings::default()
    };
    let error = fit(&one, 1).unwrap_err().to_string();
    assert!(error.contains("the set has 1 images"), "{error}");
}

#[test]
fn a_space_is_held_against_what_is_expected() {
    let space = fit(&two_blobs(2), 1).unwrap();
    let says = |dims, classes, words: &str| {
        let error = space.check(dims, classes).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    };
    says(3, 2, "latent dimensions is 2, and 3");
    says(2, 3, "regions is 2, and 3");
    says(2, 0, "regions is 2, and 1");
    let mut flat = space.clone();
    flat.statistics.std[0] = 0.0;
    assert!(
        flat.check(2, 2)
            .unwrap_err()
            .to_string()
            .contains("statistics")
    );
}
