//! What the map computes: planes, places between points, groups, and the view.

use dashboard::state::map::{Cloud, Group, MapPoint, Viewport, inside, latent_at, place_of};
use datasets::ClassId;
use eframe::egui::{Rect, Vec2, pos2, vec2};

use crate::{map::plane, support::DIMS};

#[test]
fn a_plane_is_left_only_along_itself() {
    let plane = plane();
    let latent: Vec<f32> = (0..DIMS).map(|dim| dim as f32 / 3.0 - 1.0).collect();
    let free = vec![false; DIMS];
    let moved = plane.moved(&latent, &free, [1.5, -0.5]);
    let place = plane.place_of(&moved);
    assert!((place[0] - 1.5).abs() < 1e-4 && (place[1] + 0.5).abs() < 1e-4);
    let again = plane.moved(&moved, &free, plane.place_of(&latent));
    let apart = again.iter().zip(&latent).map(|(a, b)| (a - b).abs());
    assert!(apart.fold(0.0, f32::max) < 1e-4, "there and back");
    let locked = vec![true; DIMS];
    assert_eq!(plane.moved(&latent, &locked, [9.0, 9.0]), latent);
}

#[test]
fn a_place_between_points_mixes_the_nearest() {
    // Ten points on a line, a unit apart, and their latents ten times as far.
    let layout: Vec<MapPoint> = (0..10).map(|i| [i as f32, 0.0]).collect();
    let latents: Vec<Vec<f32>> = (0..10).map(|i| vec![10.0 * i as f32, 1.0]).collect();
    let at = |place| latent_at(place, &latents, &layout).expect("there are points");
    let on_it = at([4.0, 0.0]);
    assert!((on_it[0] - 40.0).abs() < 1e-2 && (on_it[1] - 1.0).abs() < 1e-5);
    let between = at([4.5, 0.0]);
    assert!((between[0] - 45.0).abs() < 1e-2, "as near to both sides");
    let back = place_of(&on_it, &latents, &layout);
    assert!((back[0] - 4.0).abs() < 1e-2 && back[1] == 0.0);
    assert_eq!(latent_at([0.0; 2], &[], &[]), None);
}

#[test]
fn a_line_encloses_what_is_inside_it() {
    // An L of three unit squares.
    let line = [
        [0.0, 0.0],
        [2.0, 0.0],
        [2.0, 1.0],
        [1.0, 1.0],
        [1.0, 2.0],
        [0.0, 2.0],
    ];
    assert!(inside(&line, [0.5, 1.5]) && inside(&line, [1.5, 0.5]));
    assert!(!inside(&line, [1.5, 1.5]) && !inside(&line, [-0.5, 0.5]));
    assert!(!inside(&[], [0.0, 0.0]));

    let cloud = Cloud {
        latents: vec![vec![1.0, 0.0], vec![3.0, 4.0], vec![9.0, 9.0]],
        classes: vec![ClassId(2), ClassId(0), ClassId(1)],
    };
    let group = Group::of(&cloud, vec![0, 1]).expect("two points");
    assert_eq!(group.counts, [1, 0, 1]);
    assert_eq!(group.mean, [2.0, 2.0]);
    assert_eq!(Group::of(&cloud, vec![]), None);
}

#[test]
fn zooming_keeps_what_is_under_the_pointer() {
    let places = [[-3.0, -1.0], [5.0, 2.0]];
    let rect = Rect::from_min_size(pos2(10.0, 20.0), Vec2::new(800.0, 500.0));
    let mut viewport = Viewport::default();
    let camera = viewport.camera(rect, &places);
    let fits = |place: &MapPoint| rect.contains(camera.to_screen(*place));
    assert!(places.iter().all(fits));
    let pointer = pos2(300.0, 200.0);
    let under = camera.to_map(pointer);
    viewport.zoom(&camera, pointer, 4.0);
    let nearer = viewport.camera(rect, &places);
    assert!(nearer.to_screen(under).distance(pointer) < 0.1);
    assert!((nearer.units(40.0) - camera.units(10.0)).abs() < 1e-5);
    viewport.pan(&nearer, vec2(25.0, -10.0));
    let moved = viewport.camera(rect, &places);
    assert!(moved.to_screen(under).distance(pointer + vec2(25.0, -10.0)) < 0.1);
}
