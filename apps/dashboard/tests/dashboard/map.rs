//! The map: where images lie, and a cursor to drag.

use dashboard::state::{
    channel::Channel,
    controls::Space,
    map::{MapPoint, Plane, Viewport},
    scene::Start,
};
use datasets::ClassId;
use eframe::egui::{Event, Key, Modifiers, Pos2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use studio::Request;

use crate::support::{
    Window, answer, double_click, drag, last_job, latent, manifest, means, odd, published, scene,
    serve, some_error, window, window_of, with_dims,
};

/// What the map is called.
pub const MAP: &str = "map of latent space";

/// A window on a map that has its points.
pub fn map_window() -> Window {
    let mut window = window(Space::Map, None);
    serve(&mut window, &manifest(None));
    window
}

pub fn plane() -> Plane {
    let vae = manifest(None).generator.expect("it has one");
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

fn click(window: &mut Window, at: Pos2) {
    window.hover_at(at);
    window.step();
    window.drag_at(at);
    window.drop_at(at);
    window.step();
    serve(window, &manifest(None));
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
    let reply = answer(&job.request, &manifest(None));
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
fn one_dimension_has_no_map_and_the_window_says_so() {
    let manifest = with_dims(odd(3), 1);
    let mut window = window_of(Space::Explore, &manifest);
    window.key_press(Key::F4);
    window.run();
    let jobs = window.state_mut().take_jobs();
    assert!(jobs.iter().all(|job| job.channel != Channel::Map));
    window.get_by_label("A map needs at least two latent dimensions, and this model has one.");
    for label in [MAP, "The images could not be encoded. Try again"] {
        assert!(window.query_by_label(label).is_none(), "{label}");
    }
}
