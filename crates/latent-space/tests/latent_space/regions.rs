//! Sampling from class regions.

use datasets::{ClassId, Seed};
use latent_space::{ClassRegion, ClassRegions, Component};

const CLASS: ClassId = ClassId(0);

/// Class 0: a quarter around (2, -1) with covariance [[1, 1], [1, 5]] (its factor is [[1, 0], [1, 2]]), the rest around
/// (-2, 3) with [[0.25, 0], [0, 0.25]]. Class 1: one point.
fn regions() -> ClassRegions {
    let component = |weight, mean: [f32; 2], cholesky: [f32; 3]| Component {
        weight,
        mean: mean.to_vec(),
        cholesky: cholesky.to_vec(),
    };
    let tilted = component(0.25, [2.0, -1.0], [1.0, 1.0, 2.0]);
    let round = component(0.75, [-2.0, 3.0], [0.5, 0.0, 0.5]);
    let point = component(1.0, [7.0, 8.0], [0.0, 0.0, 0.0]);
    ClassRegions(vec![
        ClassRegion {
            images: 40,
            components: vec![tilted, round],
        },
        ClassRegion {
            images: 1,
            components: vec![point],
        },
    ])
}

/// The mean is 0.25 (2, -1) + 0.75 (-2, 3) = (-1, 2). The covariance is that within the components,
/// 0.25 [[1, 1], [1, 5]] + 0.75 [[0.25, 0], [0, 0.25]] = [[0.4375, 0.25], [0.25, 1.4375]], and that of their means,
/// 0.25 * 0.75 (4, -4) (4, -4)' = [[3, -3], [-3, 3]]: together [[3.4375, -2.75], [-2.75, 4.4375]].
#[test]
fn many_samples_have_the_mean_and_covariance_of_the_mixture() {
    const DRAWS: usize = 40_000;
    /// The seed is fixed; of all seeds, one in 3,000 would be further out in one of the five figures.
    const STANDARD_ERRORS: f64 = 4.0;
    let samples = regions().sample(CLASS, 1.0, DRAWS, Seed(3));
    let n = DRAWS as f64;
    let mean = |f: &dyn Fn(&[f32]) -> f64| samples.iter().map(|z| f(z)).sum::<f64>() / n;
    let expected_mean = [-1.0, 2.0];
    let expected = [[3.4375, -2.75], [-2.75, 4.4375]];
    for i in 0..2 {
        let error = mean(&|z| f64::from(z[i])) - expected_mean[i];
        let off = error / (expected[i][i] / n).sqrt();
        assert!(
            off.abs() < STANDARD_ERRORS,
            "mean of {i}: {off} standard errors off"
        );
    }
    for (i, j) in [(0, 0), (0, 1), (1, 1)] {
        let product =
            |z: &[f32]| (f64::from(z[i]) - expected_mean[i]) * (f64::from(z[j]) - expected_mean[j]);
        let covariance = mean(&product);
        let spread = (mean(&|z| product(z).powi(2)) - covariance * covariance).sqrt();
        let off = (covariance - expected[i][j]) / (spread / n.sqrt());
        assert!(
            off.abs() < STANDARD_ERRORS,
            "covariance {i} {j}: {off} standard errors off"
        );
    }
}

/// A share has a standard error of sqrt(0.25 * 0.75 / 10,000) = 0.0043.
#[test]
fn without_noise_samples_are_component_means_by_their_weights() {
    const TOLERANCE: f64 = 4.0 * 0.0043;
    let samples = regions().sample(CLASS, 0.0, 10_000, Seed(4));
    let tilted = samples.iter().filter(|z| **z == [2.0, -1.0]).count();
    let round = samples.iter().filter(|z| **z == [-2.0, 3.0]).count();
    assert_eq!(tilted + round, 10_000);
    let share = tilted as f64 / 10_000.0;
    assert!((share - 0.25).abs() < TOLERANCE, "{share}");
}

#[test]
fn noise_moves_each_sample_along_a_line() {
    /// Rounding of coordinates up to about 20.
    const TOLERANCE: f32 = 1e-5;
    let at = |noise| regions().sample(CLASS, noise, 200, Seed(5));
    let (still, normal, strong) = (at(0.0), at(1.0), at(2.5));
    assert_ne!(still, normal);
    for ((still, normal), strong) in still.iter().zip(&normal).zip(&strong) {
        for dim in 0..2 {
            let expected = still[dim] + 2.5 * (normal[dim] - still[dim]);
            assert!((strong[dim] - expected).abs() < TOLERANCE);
        }
    }
}

#[test]
fn the_seed_decides_the_samples() {
    let of = |class, count, seed| regions().sample(class, 1.0, count, seed);
    assert_eq!(of(CLASS, 20, Seed(6)), of(CLASS, 20, Seed(6)));
    assert_ne!(of(CLASS, 20, Seed(6)), of(CLASS, 20, Seed(7)));
    // More samples do not change those before them.
    assert_eq!(of(CLASS, 20, Seed(6))[..5], of(CLASS, 5, Seed(6)));
    // Classes do not share their draws: the same component under another class number gives other samples.
    let twice = ClassRegions(vec![regions().0[0].clone(), regions().0[0].clone()]);
    let other = twice.sample(ClassId(1), 1.0, 20, Seed(6));
    assert_ne!(twice.sample(CLASS, 1.0, 20, Seed(6)), other);
}

#[test]
fn the_mean_of_a_class_lies_between_its_gaussians_and_the_anchor_in_the_heaviest() {
    assert_eq!(regions().mean(CLASS), [-1.0, 2.0]);
    assert_eq!(regions().anchor(CLASS), [-2.0, 3.0]);
    assert_eq!(regions().mean(ClassId(1)), [7.0, 8.0]);
    assert_eq!(regions().anchor(ClassId(1)), [7.0, 8.0]);
}

#[test]
fn an_unknown_class_has_no_samples() {
    assert_eq!(regions().classes(), 2);
    assert!(regions().sample(ClassId(2), 1.0, 5, Seed(0)).is_empty());
    assert!(regions().anchor(ClassId(2)).is_empty());
    assert!(regions().mean(ClassId(2)).is_empty());
    assert!(regions().sample(CLASS, 1.0, 0, Seed(0)).is_empty());
    // A class without components is not sound, but must not panic either.
    let empty = ClassRegions(vec![ClassRegion {
        images: 0,
        components: vec![],
    }]);
    assert!(empty.sample(CLASS, 1.0, 5, Seed(0)).is_empty());
    assert!(empty.anchor(CLASS).is_empty());
    assert!(empty.mean(CLASS).is_empty());
}

type Defect = (&'static str, fn(&mut ClassRegion));

#[test]
fn every_defect_is_noticed() {
    let sound = || {
        let mut regions = regions();
        // A point has no density; this is a Gaussian around it.
        regions.0[1].components[0].cholesky = vec![1.0, 0.0, 1.0];
        regions
    };
    assert!(sound().is_sound(2, 2));
    assert!(!sound().is_sound(1, 2));
    assert!(!sound().is_sound(3, 2));
    assert!(!sound().is_sound(2, 3));
    let defects: [Defect; 12] = [
        ("no component", |r| r.components.clear()),
        ("weights below 1", |r| r.components[0].weight = 0.2),
        ("weights above 1", |r| r.components[0].weight = 0.3),
        ("a weight of NaN", |r| r.components[0].weight = f32::NAN),
        ("a negative weight", |r| {
            r.components[0].weight = -0.25;
            r.components[1].weight = 1.25;
        }),
        ("a short mean", |r| r.components[1].mean.truncate(1)),
        ("a long mean", |r| r.components[1].mean.push(0.0)),
        ("a short factor", |r| r.components[1].cholesky.truncate(2)),
        ("a mean of infinity", |r| {
            r.components[1].mean[0] = f32::INFINITY;
        }),
        ("a factor of NaN", |r| {
            r.components[1].cholesky[2] = f32::NAN;
        }),
        ("a spread of 0", |r| r.components[1].cholesky[2] = 0.0),
        ("a negative spread", |r| r.components[0].cholesky[0] = -1.0),
    ];
    for (name, damage) in defects {
        let mut broken = sound();
        damage(&mut broken.0[0]);
        assert!(!broken.is_sound(2, 2), "{name}");
    }
}

#[test]
fn regions_survive_being_written_down() {
    let text = ron::to_string(&regions()).unwrap();
    assert_eq!(ron::from_str::<ClassRegions>(&text).unwrap(), regions());
    let unknown = text.replacen("weight:", "height:1.0,weight:", 1);
    assert!(ron::from_str::<ClassRegions>(&unknown).is_err());
}

#[test]
fn all_regions_are_sampled_in_equal_parts() {
    let regions = regions();
    let seed = Seed(4);
    let all = regions.sample_all(7, seed);
    // 7 in turn over two classes: 4 of the first and 3 of the second, each as that class alone gives them.
    let first = regions.sample(ClassId(0), 1.0, 4, seed);
    let second = regions.sample(ClassId(1), 1.0, 4, seed);
    assert_eq!(all.len(), 7);
    assert_eq!(
        all.iter().step_by(2).collect::<Vec<_>>(),
        first.iter().collect::<Vec<_>>()
    );
    assert_eq!(all[1], second[0]);
    assert_eq!(all[5], second[2]);
    assert!(ClassRegions(Vec::new()).sample_all(3, seed).is_empty());
}

/// At its mean the round component of class 0 has ln 0.75 - ln(2 pi 0.25), about -0.739265, and the tilted one
/// ln 0.25 - ln(2 pi 2) - |y|^2 / 2 with y = (-4, (4 + 4) / 2): -3.917319 - 16. Together ln(e^-0.739265 + e^-19.917319) =
/// -0.739265 in class 0; of two classes, of which the other is nowhere near, half: -0.739265 - ln 2.
#[test]
fn densities_are_those_of_the_mixture() {
    const TOLERANCE: f64 = 1e-5;
    let mut regions = regions();
    // A point has no density; this is a Gaussian around it.
    regions.0[1].components[0].cholesky = vec![1.0, 0.0, 1.0];
    let found = regions.log_density(&[-2.0, 3.0]);
    assert!(
        (found - (-0.739_265 - 2f64.ln())).abs() < TOLERANCE,
        "{found}"
    );
    let sure = regions.class_probabilities(&[-2.0, 3.0]);
    assert!((sure[0] - 1.0).abs() < TOLERANCE && sure[1] < TOLERANCE);
    assert!(regions.class_probabilities(&[6.0, 7.5])[1] > 0.99);
    assert!(
        ClassRegions(Vec::new())
            .class_probabilities(&[0.0])
            .is_empty()
    );
}

/// Two unit Gaussians at 0 and 2: at x their densities have the ratio exp(-x^2/2 + (x-2)^2/2) = exp(2 - 2x), so at 0.5 it is
/// e and class 0 has e / (1 + e) = 0.731059.
#[test]
fn class_probabilities_follow_bayes_rule() {
    let at = |mean: f32| ClassRegion {
        images: 1,
        components: vec![Component {
            weight: 1.0,
            mean: vec![mean],
            cholesky: vec![1.0],
        }],
    };
    let found = ClassRegions(vec![at(0.0), at(2.0)]).class_probabilities(&[0.5]);
    assert!((found[0] - 0.731_059).abs() < 1e-6, "{found:?}");
    assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-12);
}

#[test]
fn a_numbered_sample_depends_on_its_number_alone() {
    let regions = regions();
    let at = |class, seed, index| regions.sample_at(ClassId(class), 1.0, Seed(seed), index);
    let forwards: Vec<_> = (0..50).map(|index| at(0, 3, index)).collect();
    let mut backwards: Vec<_> = (0..50).rev().map(|index| at(0, 3, index)).collect();
    backwards.reverse();
    assert_eq!(forwards, backwards);
    let mut distinct = forwards;
    distinct.extend((0..50).map(|index| at(0, 4, index)));
    distinct.push(at(0, 3, u64::MAX));
    let count = distinct.len();
    distinct.sort_by(|a, b| a.partial_cmp(b).expect("numbers"));
    distinct.dedup();
    assert_eq!(distinct.len(), count, "two samples are the same");
    assert_eq!(at(1, 3, 7), Some(vec![7.0, 8.0]), "a class of one point");
    assert_eq!(at(2, 3, 7), None, "there are two classes");
}

/// As above: a share has a standard error of sqrt(0.25 * 0.75 / 10,000) = 0.0043.
#[test]
fn numbered_samples_come_from_the_components_by_their_weights() {
    const TOLERANCE: f64 = 4.0 * 0.0043;
    let regions = regions();
    let drawn = (0..10_000).filter_map(|index| regions.sample_at(CLASS, 0.0, Seed(4), index));
    let tilted = drawn.filter(|z| *z == [2.0, -1.0]).count();
    let share = tilted as f64 / 10_000.0;
    assert!((share - 0.25).abs() < TOLERANCE, "{share}");
}
