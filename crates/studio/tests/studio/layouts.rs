//! t-SNE, by what it promises.

use std::ops::ControlFlow;

use datasets::Seed;
use rand_distr::{Distribution as _, StandardNormal};
use studio::{Tsne, TsneSettings, tsne};

/// Points a cluster.
const EACH: usize = 30;

/// Two Gaussian clusters of unit spread in five dimensions, `apart` from each other in each of them.
fn clusters(apart: f32) -> Vec<Vec<f32>> {
    let mut rng = Seed(5).rng();
    let mut point = |i: usize| {
        let middle = if i < EACH { 0.0 } else { apart };
        let mut coordinate = || {
            let draw: f32 = StandardNormal.sample(&mut rng);
            middle + draw
        };
        (0..5).map(|_| coordinate()).collect()
    };
    (0..2 * EACH).map(&mut point).collect()
}

fn lay_out(points: &[Vec<f32>], settings: &TsneSettings) -> Tsne {
    tsne(points, settings, 50, |_| ControlFlow::Continue(()))
}

fn middle(places: &[[f32; 2]]) -> [f32; 2] {
    let n = places.len() as f32;
    [0, 1].map(|axis| places.iter().map(|place| place[axis]).sum::<f32>() / n)
}

fn distance(a: [f32; 2], b: [f32; 2]) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

#[test]
fn far_clusters_stay_apart_and_each_stays_together() {
    let settings = TsneSettings {
        perplexity: 10.0,
        ..TsneSettings::default()
    };
    let Tsne { layout, .. } = lay_out(&clusters(40.0), &settings);
    let (left, right) = layout.split_at(EACH);
    let (a, b) = (middle(left), middle(right));
    for (places, own, other) in [(left, a, b), (right, b, a)] {
        for &place in places {
            assert!(
                2.0 * distance(place, own) < distance(place, other),
                "{place:?} is with its own, {own:?}, and far from {other:?}"
            );
        }
    }
}

#[test]
fn the_divergence_falls_while_a_layout_unfolds() {
    let mut seen = Vec::new();
    tsne(&clusters(6.0), &TsneSettings::default(), 100, |at| {
        seen.push((at.step, at.divergence));
        ControlFlow::Continue(())
    });
    let steps: Vec<usize> = seen.iter().map(|(step, _)| *step).collect();
    assert_eq!(steps, [0, 100, 200, 300, 400, 500]);
    let (first, last) = (seen[0].1, seen[5].1);
    assert!(last < first / 2.0, "from {first} to {last}");
    assert!(last >= 0.0, "a divergence is never negative: {last}");
}

#[test]
fn the_same_seed_gives_the_same_layout() {
    let settings = TsneSettings {
        steps: 60,
        ..TsneSettings::default()
    };
    let points = clusters(3.0);
    let again = lay_out(&points, &settings);
    assert_eq!(lay_out(&points, &settings), again);
    let other = TsneSettings {
        seed: Seed(1),
        ..settings
    };
    assert_ne!(lay_out(&points, &other).layout, again.layout);
}

#[test]
fn whoever_watches_can_stop_it() {
    let mut calls = 0;
    let at = tsne(&clusters(3.0), &TsneSettings::default(), 10, |at| {
        calls += 1;
        if at.step == 20 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert_eq!((calls, at.step), (3, 20));
}

#[test]
fn few_points_and_equal_ones_have_a_layout_too() {
    for points in [vec![], vec![vec![1.0, 2.0]], vec![vec![0.5; 3]; 4]] {
        let at = lay_out(&points, &TsneSettings::default());
        assert_eq!(at.layout.len(), points.len());
        assert!(at.layout.iter().flatten().all(|v| v.is_finite()));
    }
}
