//! Directions besides the axes.

use latent_space::{
    ClassRegion, ClassRegions, Component, Direction, interpolate, moved_along, principal_directions,
};

fn region(mean: [f32; 2], cholesky: [f32; 3]) -> ClassRegion {
    ClassRegion {
        images: 1,
        components: vec![Component {
            weight: 1.0,
            mean: mean.to_vec(),
            cholesky: cholesky.to_vec(),
        }],
    }
}

fn close(a: &[f32], b: &[f32]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5)
}

#[test]
fn principal_directions_are_those_of_the_mixture() {
    // Two unit Gaussians at (-3, 0) and (3, 0). Mean (0, 0); variance along x is 1 + 9 = 10, along y 1.
    let regions = ClassRegions(vec![
        region([-3.0, 0.0], [1.0, 0.0, 1.0]),
        region([3.0, 0.0], [1.0, 0.0, 1.0]),
    ]);
    let found = principal_directions(&regions, 2);
    assert!(close(&found[0].direction.origin, &[0.0, 0.0]));
    assert!(close(&found[0].direction.step, &[10.0_f32.sqrt(), 0.0]));
    assert!(close(&found[1].direction.step, &[0.0, 1.0]));
    assert!((found[0].share - 10.0 / 11.0).abs() < 1e-6);
    assert_eq!(principal_directions(&regions, 1).len(), 1);
}

#[test]
fn a_correlation_turns_the_first_direction() {
    // L = [[1, 0], [1, 1]], so L L' = [[1, 1], [1, 2]]: eigenvalues (3 +- sqrt 5) / 2.
    let regions = ClassRegions(vec![region([2.0, 1.0], [1.0, 1.0, 1.0])]);
    let found = principal_directions(&regions, 2);
    let first = &found[0].direction.step;
    let square: f32 = first.iter().map(|s| s * s).sum();
    assert!((square - f32::midpoint(3.0, 5.0_f32.sqrt())).abs() < 1e-5);
    // The golden ratio: (1, phi) is the eigenvector of the larger eigenvalue, phi + 1.
    assert!((first[1] / first[0] - 1.618_034).abs() < 1e-4);
    assert!(
        first[1] > 0.0,
        "it points to where the largest coordinate grows"
    );
}

#[test]
fn no_region_has_no_direction() {
    assert!(principal_directions(&ClassRegions(Vec::new()), 3).is_empty());
}

#[test]
fn moving_to_a_position_is_found_there_and_keeps_what_lies_across() {
    let (from, to) = ([0.0, 0.0, 1.0], [2.0, 0.0, 1.0]);
    let direction = Direction::between(&from, &to);
    assert_eq!(direction.position(&from), Some(-1.0));
    assert_eq!(direction.position(&to), Some(1.0));
    let moved = direction.moved(&[0.5, 7.0, -2.0], 1.0);
    assert_eq!(moved, [2.0, 7.0, -2.0]);
    // On the line itself it is the linear path.
    let half = interpolate(&from, &to, 0.75, latent_space::Path::Linear);
    assert_eq!(direction.moved(&from, 0.5), half);
}

#[test]
fn held_coordinates_do_not_move() {
    let direction = Direction::between(&[0.0, 0.0], &[2.0, 4.0]).holding(&[false, true]);
    assert_eq!(direction.moved(&[0.0, 0.5], 1.0), [2.0, 0.5]);
    let stuck = direction.holding(&[true, true]);
    assert_eq!(stuck.position(&[0.0, 0.0]), None);
    assert_eq!(stuck.moved(&[3.0, 4.0], 1.0), [3.0, 4.0]);
}

#[test]
fn moving_along_two_directions_stands_where_both_were_asked_for() {
    let line = |step: [f32; 3]| Direction {
        origin: vec![1.0, 1.0, 1.0],
        step: step.to_vec(),
    };
    // 45 degrees between them: each moves the position on the other.
    let (u, v) = (line([2.0, 0.0, 0.0]), line([1.0, 1.0, 0.0]));
    let start = [0.3, -0.7, 5.0];
    let moved = moved_along([&u, &v], &start, [1.5, -2.0]).expect("they differ");
    // x = 1 + 1.5 * 2 = 4; the position on v is (x - 1 + y - 1) / 2 = -2, so y = -6. What lies across both stays.
    assert!(close(&moved, &[4.0, -6.0, 5.0]), "{moved:?}");
    assert!((u.position(&moved).expect("a line") - 1.5).abs() < 1e-5);
    assert!((v.position(&moved).expect("a line") + 2.0).abs() < 1e-5);
}

#[test]
fn two_directions_that_are_one_lead_to_no_plane() {
    let line = |step: [f32; 2]| Direction {
        origin: vec![0.0; 2],
        step: step.to_vec(),
    };
    let along = line([1.0, 2.0]);
    let back = line([-3.0, -6.0]);
    for other in [&along, &back, &line([0.0, 0.0])] {
        assert_eq!(moved_along([&along, other], &[1.0, 1.0], [0.0, 1.0]), None);
    }
    assert!(moved_along([&along, &line([1.0, 1.9])], &[1.0, 1.0], [0.0, 1.0]).is_some());
}
