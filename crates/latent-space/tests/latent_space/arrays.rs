//! Spaces as named arrays: exact there and back, and every defect is noticed.

use std::collections::BTreeMap;

use latent_space::{
    Array, ClassRegion, ClassRegions, Component, LatentSpace, LatentSpaceError, LatentStats,
    Realism, TypicalChoice,
};
use proptest::prelude::*;

/// Two dimensions; a class of two Gaussians and one of a single one.
fn space() -> LatentSpace {
    let component = |weight, mean: [f32; 2], cholesky: [f32; 3]| Component {
        weight,
        mean: mean.to_vec(),
        cholesky: cholesky.to_vec(),
    };
    let choice = |threshold, held_out, right| TypicalChoice {
        threshold,
        held_out,
        right,
    };
    LatentSpace {
        statistics: LatentStats {
            mean: vec![0.1, -0.2],
            std: vec![1.0, 2.0],
            mean_variance: vec![0.5, 0.25],
            kl_nats: vec![1.5, 0.75],
            n: 60_000,
        },
        regions: ClassRegions(vec![
            ClassRegion {
                images: 40,
                components: vec![
                    component(0.25, [1.0, 2.0], [3.0, -4.0, 5.0]),
                    component(0.75, [6.0, 7.0], [8.0, 9.0, 10.0]),
                ],
            },
            ClassRegion {
                images: 30,
                components: vec![component(1.0, [11.0, 12.0], [13.0, 14.0, 15.0])],
            },
        ]),
        typical: vec![choice(0.9, 60, 59), choice(0.0, 50, 50)],
        realism: Some(Realism::of(vec![-3.0, -1.0], vec![0.5, 0.75])),
    }
}

#[test]
fn the_arrays_have_names_and_shapes() {
    let arrays = space().to_arrays();
    let shapes: Vec<(&str, &[usize])> = arrays
        .iter()
        .map(|(name, array)| (name.as_str(), array.shape.as_slice()))
        .collect();
    let expected: [(&str, &[usize]); 16] = [
        ("realism.drift", &[101]),
        ("realism.images", &[1]),
        ("realism.log_density", &[101]),
        ("regions.cholesky", &[3, 3]),
        ("regions.components", &[2]),
        ("regions.images", &[2]),
        ("regions.means", &[3, 2]),
        ("regions.weights", &[3]),
        ("statistics.images", &[1]),
        ("statistics.kl_nats", &[2]),
        ("statistics.mean", &[2]),
        ("statistics.mean_variance", &[2]),
        ("statistics.std", &[2]),
        ("typical.held_out", &[2]),
        ("typical.right", &[2]),
        ("typical.threshold", &[2]),
    ];
    assert_eq!(shapes, expected);
    assert_eq!(arrays["regions.components"].values, [2.0, 1.0]);
    assert_eq!(arrays["regions.images"].values, [40.0, 30.0]);
    assert_eq!(arrays["regions.weights"].values, [0.25, 0.75, 1.0]);
    assert_eq!(
        arrays["regions.means"].values,
        [1.0, 2.0, 6.0, 7.0, 11.0, 12.0]
    );
    assert_eq!(
        arrays["regions.cholesky"].values,
        [3.0, -4.0, 5.0, 8.0, 9.0, 10.0, 13.0, 14.0, 15.0]
    );
    assert_eq!(arrays["statistics.images"].values, [60_000.0]);
    assert_eq!(arrays["typical.threshold"].values, [0.9, 0.0]);
    assert_eq!(arrays["typical.held_out"].values, [60.0, 50.0]);
    assert_eq!(arrays["typical.right"].values, [59.0, 50.0]);
}

#[test]
fn what_was_not_measured_is_left_out() {
    let space = LatentSpace {
        typical: Vec::new(),
        realism: None,
        ..space()
    };
    let arrays = space.to_arrays();
    assert_eq!(arrays.len(), 10);
    assert_eq!(LatentSpace::from_arrays(arrays), Ok(space));
}

#[test]
fn a_missing_or_a_strange_array_is_named() {
    let named = |arrays, expected: &str| match LatentSpace::from_arrays(arrays) {
        Err(LatentSpaceError::Array { name, .. }) => assert_eq!(name, expected),
        other => panic!("{expected}: {other:?}"),
    };
    for name in space().to_arrays().into_keys() {
        let mut arrays = space().to_arrays();
        arrays.remove(&name);
        named(arrays, &name);
        let mut arrays = space().to_arrays();
        arrays.get_mut(&name).unwrap().values[0] = f32::NAN;
        named(arrays, &name);
        let mut arrays = space().to_arrays();
        arrays.get_mut(&name).unwrap().values.pop();
        named(arrays, &name);
        let mut arrays = space().to_arrays();
        arrays.get_mut(&name).unwrap().shape.push(1);
        named(arrays, &name);
    }
    let mut arrays = space().to_arrays();
    let one = Array {
        shape: vec![1],
        values: vec![1.0],
    };
    arrays.insert("regions.colour".to_owned(), one);
    named(arrays, "regions.colour");
}

#[test]
fn impossible_numbers_are_refused() {
    let defects: [(&str, usize, f32, &str); 13] = [
        ("statistics.std", 1, 0.0, "not above 0"),
        ("statistics.std", 1, -1.0, "not above 0"),
        ("statistics.images", 0, 1.5, "no count"),
        ("regions.cholesky", 3, 0.0, "not above 0"),
        ("regions.cholesky", 5, -10.0, "not above 0"),
        ("regions.weights", 0, 0.3, "sum to 1"),
        ("regions.weights", 2, -1.0, "below 0"),
        ("regions.components", 0, 3.0, "share out 3"),
        ("regions.components", 1, 0.0, "share out 3"),
        ("regions.images", 0, -1.0, "no count"),
        ("realism.drift", 0, 9.0, "ascending"),
        ("typical.threshold", 1, 1.5, "outside of 0..1"),
        ("typical.right", 1, 51.0, "more images"),
    ];
    for (name, at, value, words) in defects {
        let mut arrays = space().to_arrays();
        arrays.get_mut(name).unwrap().values[at] = value;
        let error = LatentSpace::from_arrays(arrays).unwrap_err();
        let LatentSpaceError::Array {
            name: found,
            reason,
        } = &error
        else {
            panic!("{error:?}");
        };
        assert_eq!(found, name);
        assert!(reason.contains(words), "{name}: {reason}");
    }
}

#[test]
fn a_shape_that_overflows_is_refused() {
    let mut arrays = space().to_arrays();
    arrays.get_mut("regions.means").unwrap().shape = vec![usize::MAX, usize::MAX];
    assert!(LatentSpace::from_arrays(arrays).is_err());
    assert!(LatentSpace::from_arrays(BTreeMap::new()).is_err());
}

/// Any finite number, of all magnitudes and with both zeros.
fn finite() -> impl Strategy<Value = f32> {
    prop::num::f32::NORMAL | prop::num::f32::SUBNORMAL | prop::num::f32::ZERO
}

fn positive() -> impl Strategy<Value = f32> {
    finite()
        .prop_map(f32::abs)
        .prop_filter("not above 0", |v| *v > 0.0)
}

/// A Gaussian in `dims` dimensions with a weight that is yet to be divided by the sum.
fn component(dims: usize) -> impl Strategy<Value = Component> {
    let row = |row: usize| {
        let before = prop::collection::vec(finite(), row);
        (before, positive()).prop_map(|(mut before, diagonal)| {
            before.push(diagonal);
            before
        })
    };
    let rows: Vec<_> = (0..dims).map(row).collect();
    (0.1f32..1.0, prop::collection::vec(finite(), dims), rows).prop_map(|(weight, mean, rows)| {
        Component {
            weight,
            mean,
            cholesky: rows.concat(),
        }
    })
}

fn region(dims: usize) -> impl Strategy<Value = ClassRegion> {
    let components = prop::collection::vec(component(dims), 1..4);
    (components, 0..100_000_usize).prop_map(|(mut components, images)| {
        let total: f32 = components.iter().map(|c| c.weight).sum();
        for component in &mut components {
            component.weight /= total;
        }
        ClassRegion { images, components }
    })
}

fn choice() -> impl Strategy<Value = TypicalChoice> {
    (0.0f32..=1.0, 0..10_000_usize, 0.0..=1.0).prop_map(|(threshold, held_out, share)| {
        TypicalChoice {
            threshold,
            held_out,
            right: (share * held_out as f64) as usize,
        }
    })
}

fn any_space() -> impl Strategy<Value = LatentSpace> {
    (1usize..5).prop_flat_map(|dims| {
        let list = || prop::collection::vec(finite(), dims);
        let std = prop::collection::vec(positive(), dims);
        let statistics = (list(), std, list(), list(), 0..1_000_000_usize).prop_map(
            |(mean, std, mean_variance, kl_nats, n)| LatentStats {
                mean,
                std,
                mean_variance,
                kl_nats,
                n,
            },
        );
        let regions = prop::collection::vec(region(dims), 1..5).prop_map(ClassRegions);
        let measured = prop::collection::vec((finite(), finite()), 1..200);
        let realism = prop::option::of(measured.prop_map(|pairs| {
            let (densities, drifts) = pairs.into_iter().unzip();
            Realism::of(densities, drifts)
        }));
        let choices = prop::collection::vec(choice(), 5);
        (statistics, regions, prop::option::of(choices), realism).prop_map(
            |(statistics, regions, choices, realism)| LatentSpace {
                typical: choices
                    .map_or_else(Vec::new, |choices| choices[..regions.classes()].to_vec()),
                statistics,
                regions,
                realism,
            },
        )
    })
}

/// The bits of all numbers, so that -0 is not taken for 0.
fn bits(arrays: &BTreeMap<String, Array>) -> Vec<u32> {
    let values = arrays.values().flat_map(|array| &array.values);
    values.map(|value| value.to_bits()).collect()
}

proptest! {
    #[test]
    fn arrays_give_the_space_back_exactly(space in any_space()) {
        let arrays = space.to_arrays();
        let back = LatentSpace::from_arrays(arrays.clone()).unwrap();
        prop_assert_eq!(&back, &space);
        prop_assert_eq!(bits(&back.to_arrays()), bits(&arrays));
    }
}
