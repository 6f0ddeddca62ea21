//! The map: where images lie, a cursor to drag, a lasso, t-SNE.

use std::{thread::sleep, time::Duration};

use dashboard::state::{
    controls::Space,
    map::{Cloud, Group, MapPoint, Plane, Viewport, inside, latent_at, place_of},
    scene::{Scene, Start},
};
use datasets::ClassId;
use eframe::egui::{Event, Key, Modifiers, Pos2, Rect, Vec2, pos2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use studio::{Manifest, Request};

use dashboard::state::channel::Channel;

use crate::support::{
    DIMS, WITHOUT_SAMPLE, Window, closed_window, double_click, last_job, latent, manifest, means,
    published, serve, slider, some_error, window,
};

const MAP: &str = "map of latent space";

/// A window on a map that has its points.
fn map_window() -> Window {
    let mut window = window(Space::Map, None);
    serve(&mut window, &manifest(None));
    window
}

/// A model that came without a sample.
fn without_sample() -> Manifest {
    let mut manifest = manifest(None);
    WITHOUT_SAMPLE.clone_into(&mut manifest.dataset.title);
    manifest
}

fn scene(window: &Window) -> Scene {
    let controls = window.state().controls();
    controls.scene().expect("the model is open").clone()
}

fn plane() -> Plane {
    let vae = manifest(None).vae.expect("it has one");
    Plane::new(&vae.latent.regions).expect("it has six dimensions")
}

fn places() -> Vec<MapPoint> {
    let plane = plane();
    means(1_000)
        .iter()
        .map(|latent| plane.place_of(latent))
        .collect()
}

/// Where a place is on the screen while all points are in view.
fn on_screen(window: &Window, place: MapPoint) -> Pos2 {
    let rect = window.get_by_label(MAP).rect();
    let camera = Viewport::default().camera(rect, &places());
    camera.to_screen(place)
}

fn drag(window: &mut Window, way: &[Pos2]) {
    let (first, last) = (way[0], way[way.len() - 1]);
    window.hover_at(first);
    window.step();
    window.drag_at(first);
    window.step();
    for &at in way {
        window.hover_at(at);
        window.step();
    }
    window.drop_at(last);
    window.step();
    serve(window, &manifest(None));
}

fn click(window: &mut Window, at: Pos2) {
    window.hover_at(at);
    window.step();
    window.drag_at(at);
    window.drop_at(at);
    window.step();
    serve(window, &manifest(None));
}

/// Around everything on the map.
fn around(window: &Window) -> [Pos2; 5] {
    let rect = window.get_by_label(MAP).rect().shrink(4.0);
    [
        rect.left_top(),
        rect.right_top(),
        rect.right_bottom(),
        rect.left_bottom(),
        rect.left_top() + vec2(0.0, 8.0),
    ]
}

#[test]
fn a_map_asks_for_its_points_once() {
    let mut window = window(Space::Explore, None);
    window.key_press(Key::F4);
    window.run();
    let job = last_job(&mut window, Channel::Map);
    match &job.request {
        Request::EncodeMany(request) => assert_eq!(request.images.len(), 1_000),
        other => panic!("{other:?}"),
    }
    window.get_by_label("Encoding the images…");
    let reply = crate::support::answer(&job.request, &manifest(None));
    window.state_mut().receive(published(job, Ok(reply)));
    serve(&mut window, &manifest(None));
    assert!(window.query_by_label("Encoding the images…").is_none());
    for key in [Key::F1, Key::F4] {
        window.key_press(key);
        window.run();
        let jobs = window.state_mut().take_jobs();
        assert!(jobs.iter().all(|job| job.channel != Channel::Map));
    }
}

#[test]
fn points_that_did_not_come_can_be_asked_for_again() {
    let mut window = window(Space::Explore, None);
    window.key_press(Key::F4);
    window.run();
    let job = last_job(&mut window, Channel::Map);
    window
        .state_mut()
        .receive(published(job, Err(some_error())));
    window.run();
    assert!(
        window.state_mut().take_jobs().is_empty(),
        "not by themselves"
    );
    window
        .get_by_label("The images could not be encoded. Try again")
        .click();
    window.run();
    last_job(&mut window, Channel::Map);
}

#[test]
fn dragging_the_cursor_moves_the_latent_in_one_step() {
    let mut window = map_window();
    let plane = plane();
    let before = latent(&window);
    let start = on_screen(&window, plane.place_of(&before));
    let end = start + vec2(90.0, -40.0);
    drag(&mut window, &[start, start + vec2(30.0, 0.0), end]);
    let after = latent(&window);
    let there = on_screen(&window, plane.place_of(&after));
    assert!(there.distance(end) < 0.1, "{there} is not {end}");
    assert_eq!(window.state().controls().space, Space::Map);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    serve(&mut window, &manifest(None));
    assert_eq!(latent(&window), before);
}

#[test]
fn locked_dimensions_stay_while_the_cursor_is_dragged() {
    let mut window = window(Space::Explore, None);
    // The first direction of the map is mostly this one.
    window.get_by_label("lock z0").click();
    window.run();
    window.key_press(Key::F4);
    serve(&mut window, &manifest(None));
    let before = latent(&window);
    let start = on_screen(&window, plane().place_of(&before));
    drag(&mut window, &[start, start + vec2(-60.0, -80.0)]);
    let after = latent(&window);
    assert_eq!(after[0], before[0]);
    assert_ne!(after, before);
}

#[test]
fn a_click_on_a_point_goes_to_its_image() {
    let mut window = map_window();
    let at = on_screen(&window, places()[250]);
    window.hover_at(at);
    window.run();
    assert!(window.query_by_label_contains("Test image ").is_some());
    click(&mut window, at);
    let scene = scene(&window);
    assert_eq!(scene.latent, means(1_000)[scene.sample]);
    let hit = on_screen(&window, places()[scene.sample]);
    assert!(hit.distance(at) < 8.0);
    let Start::Image(image) = &scene.start else {
        panic!("{:?}", scene.start)
    };
    assert_eq!(image.label, Some(ClassId((scene.sample / 100) as u16)));
    assert_eq!(window.state().controls().space, Space::Map);
}

#[test]
fn arrow_keys_move_the_cursor() {
    let mut window = map_window();
    window.get_by_label(MAP).focus();
    window.run();
    let before = on_screen(&window, plane().place_of(&latent(&window)));
    for (key, step) in [
        (Key::ArrowRight, vec2(6.0, 0.0)),
        (Key::ArrowUp, vec2(6.0, -6.0)),
    ] {
        window.key_press(key);
        serve(&mut window, &manifest(None));
        let now = on_screen(&window, plane().place_of(&latent(&window)));
        assert!(now.distance(before + step) < 0.1, "{key:?}: {now}");
    }
}

#[test]
fn the_map_zooms_and_a_double_click_fits_all_of_it() {
    let mut window = map_window();
    let enabled = |window: &Window| {
        !window
            .get_by_label("Fit all")
            .accesskit_node()
            .is_disabled()
    };
    assert!(!enabled(&window));
    window.get_by_label("zoom in").click();
    window.run();
    assert!(enabled(&window));
    window.get_by_label("Fit all").click();
    window.run();
    assert!(!enabled(&window));

    let before = latent(&window);
    let place = window.get_by_label(MAP).rect().center() + vec2(150.0, 30.0);
    window.hover_at(place);
    window.event(Event::Zoom(3.0));
    window.step();
    window.run();
    assert!(enabled(&window));
    double_click(&mut window, place);
    serve(&mut window, &manifest(None));
    assert!(!enabled(&window));
    assert_eq!(
        latent(&window),
        before,
        "the first click counts for nothing"
    );
}

#[test]
fn a_lasso_counts_what_is_inside_and_leads_to_the_mean() {
    let mut window = map_window();
    window.key_press(Key::L);
    window.run();
    let line = around(&window);
    drag(&mut window, &line);
    window.get_by_label("100 of 3 in the group");
    window.get_by_label("decoded mean of the group");
    window.get_by_label("Go to the mean").click();
    serve(&mut window, &manifest(None));
    let scene = scene(&window);
    assert_eq!(scene.start, Start::Group { count: 1_000 });
    let all = means(1_000);
    let mean = all.iter().map(|latent| latent[0]).sum::<f32>() / 1_000.0;
    assert!((scene.latent[0] - mean).abs() < 1e-3);
    window.key_press(Key::Escape);
    window.run();
    assert!(window.query_by_label("Go to the mean").is_none());
    window.get_by_label("Mean of a group of 1000 on the map");
}

#[test]
fn a_class_that_is_hidden_is_left_out() {
    let mut window = map_window();
    window.get_by_label("points of 3").click();
    window.run();
    window.get_by_label("Lasso").click();
    window.run();
    let line = around(&window);
    drag(&mut window, &line);
    window.get_by_label("100 of 4 in the group");
    assert!(window.query_by_label("100 of 3 in the group").is_none());
    window.get_by_label("Clear the group").click();
    window.run();
    window.get_by_label("points of 3").click();
    window.run();
    drag(&mut window, &line);
    window.get_by_label("100 of 3 in the group");
}

/// Waits for the thread that works a layout out.
fn wait_for_layout(window: &mut Window) {
    for _ in 0..3_000 {
        window.run();
        if window.query_by_label("Cancel t-SNE").is_none() {
            return;
        }
        sleep(Duration::from_millis(20));
    }
    panic!("t-SNE never ends");
}

#[test]
fn a_model_without_a_sample_has_a_map_of_drawn_latents_which_unfolds() {
    let unknown = without_sample();
    let mut window = closed_window(Space::Map);
    serve(&mut window, &unknown);
    window.get_by_label_contains("40 latents drawn from each class region");
    window.get_by_label("t-SNE").click();
    window.run();
    window.get_by_label("progress of t-SNE");
    wait_for_layout(&mut window);
    window.get_by_label_contains("t-SNE lays points out so that neighbours stay together");

    // A place on the map is a mix of latents that lie near it, so it is no further out than they are.
    let rect = window.get_by_label(MAP).rect();
    let before = latent(&window);
    drag(
        &mut window,
        &[rect.center(), rect.center() + vec2(80.0, 50.0)],
    );
    let after = latent(&window);
    assert_ne!(after, before);
    assert!((-2.0..11.0).contains(&after[0]), "{after:?}");

    // It is kept: nothing is worked out again.
    for projection in ["PCA", "t-SNE"] {
        window.get_by_label(projection).click();
        window.run();
    }
    assert!(window.query_by_label("Cancel t-SNE").is_none());
}

#[test]
fn an_unfolding_map_can_be_given_up() {
    let mut window = map_window();
    window.get_by_label("t-SNE").click();
    window.run();
    window.get_by_label("Cancel t-SNE").click();
    window.run();
    assert!(window.query_by_label("progress of t-SNE").is_none());
    window.get_by_label_contains("On a map along two of them");
}

#[test]
fn a_group_is_a_start_that_is_kept_and_named() {
    let mut window = map_window();
    window.key_press(Key::L);
    window.run();
    let line = around(&window);
    drag(&mut window, &line);
    window.get_by_label("Go to the mean").click();
    serve(&mut window, &manifest(None));
    let text = ron::to_string(&scene(&window)).expect("plain data");
    let back: Scene = ron::from_str(&text).expect("its own text");
    assert_eq!(back, scene(&window));
    let open = crate::support::open(&manifest(None));
    assert!(dashboard::state::validation::fits(&back, &open));
    window.key_press(Key::F1);
    serve(&mut window, &manifest(None));
    window.get_by_label(&slider(1));
    window.get_by_label("Mean of a group of 1000 on the map");
}

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
