//! Bookmarks, and the show through them.

use dashboard::state::{
    bookmarks::BOOKMARKS,
    controls::Space,
    scene::Start,
    timeline::{STEPS, Stops},
};
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use latent_space::Path;

use dashboard::state::channel::Channel;

use crate::{
    memory::window_in,
    support::{DIMS, Window, latent, manifest, serve, slider, window},
};

fn names(window: &Window) -> Vec<String> {
    let shelf = window.state().controls().shelf();
    shelf.iter().map(|kept| kept.name.clone()).collect()
}

fn press(window: &mut Window, key: Key) {
    window.key_press(key);
    serve(window, &manifest(None));
}

fn click(window: &mut Window, label: &str) {
    window.get_by_label(label).click();
    serve(window, &manifest(None));
}

/// Bookmarks of the anchors of the classes 3 and 8.
fn two_bookmarks(window: &mut Window) {
    press(window, Key::B);
    press(window, Key::Num8);
    press(window, Key::B);
}

#[test]
fn a_bookmark_brings_the_whole_scene_back() {
    let mut window = window(Space::Explore, None);
    window.get_by_label(&slider(3)).set_value_accesskit(1.25);
    window.get_by_label("lock z2").click();
    serve(&mut window, &manifest(None));
    press(&mut window, Key::B);
    let before = window.state().controls().scene().cloned();
    assert_eq!(names(&window), ["3, edited"]);
    press(&mut window, Key::Num8);
    click(&mut window, "Unfold bookmarks");
    click(&mut window, "bookmark 1: 3, edited");
    assert_eq!(window.state().controls().scene().cloned(), before);
}

#[test]
fn bookmarks_are_named_deleted_and_brought_back() {
    let mut window = window(Space::Explore, None);
    two_bookmarks(&mut window);
    click(&mut window, "Unfold bookmarks");
    window.get_by_label("name of the bookmark").focus();
    window.run();
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window
        .get_by_label("name of the bookmark")
        .type_text("a fine eight");
    window.run();
    press(&mut window, Key::Enter);
    assert_eq!(names(&window), ["3", "a fine eight"]);
    click(&mut window, "bookmark 2: a fine eight");
    click(&mut window, "Delete bookmark");
    assert_eq!(names(&window), ["3"]);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    serve(&mut window, &manifest(None));
    assert_eq!(names(&window), ["3", "a fine eight"]);
}

#[test]
fn their_pictures_are_asked_for_once_they_are_to_be_seen() {
    let mut window = window(Space::Explore, None);
    two_bookmarks(&mut window);
    let answers = |window: &Window| {
        let model = crate::support::model();
        let answers = window.state().session().answers(&model).clone();
        answers.thumbnails.map(|answer| answer.value.images.len())
    };
    assert_eq!(answers(&window), None);
    click(&mut window, "Unfold bookmarks");
    assert_eq!(answers(&window), Some(2));
    assert!(!window.state().session().pending(Channel::Thumbnails));
}

#[test]
fn page_keys_step_through_the_bookmarks() {
    let mut window = window(Space::Explain, None);
    two_bookmarks(&mut window);
    let mut seen = Vec::new();
    for key in [Key::PageUp, Key::PageUp, Key::PageDown, Key::PageDown] {
        press(&mut window, key);
        seen.push(latent(&window)[0]);
    }
    // It stays at either end.
    assert_eq!(seen, [3.0, 3.0, 8.0, 8.0]);
}

#[test]
fn bookmarks_stay_for_the_next_window_and_outlive_a_forgotten_session() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut first = window_in(folder.path());
    two_bookmarks(&mut first);
    let shelf = first.state().controls().shelf();
    click(&mut first, "File");
    click(&mut first, "Delete session");
    drop(first);
    assert!(BOOKMARKS.path(folder.path()).is_file());
    let second = window_in(folder.path());
    assert_eq!(second.state().controls().shelf(), shelf);
}

#[test]
fn a_damaged_file_of_bookmarks_is_set_aside() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = BOOKMARKS.path(folder.path());
    std::fs::write(&path, "not mine").expect("it can be written");
    let window = window_in(folder.path());
    let text = window.state().notices().last().expect("it is told").1;
    assert!(text.contains("bookmarks.aside.ron"), "{text}");
    assert!(folder.path().join("bookmarks.aside.ron").is_file());
}

#[test]
fn a_show_plays_pauses_and_ends_in_one_step_of_undo() {
    let mut window = window(Space::Explore, None);
    let before = latent(&window);
    window.get_by_label("Play").click();
    window.step();
    window.step();
    assert!(window.state().playing());
    // A quarter of a second a pass, two seconds a stop: 7.5 steps of 60 a pass.
    for _ in 0..4 {
        window.step();
    }
    let step = window.state().controls().timeline.step;
    assert!((22..=38).contains(&step), "{step}");
    let scene = window.state().controls().scene().expect("it is open");
    assert!(
        matches!(&scene.start, Start::Between { from, to, .. } if from == "0" && to == "1"),
        "{:?}",
        scene.start
    );
    window.get_by_label("Pause").click();
    window.step();
    window.step();
    assert!(!window.state().playing());
    serve(&mut window, &manifest(None));
    let paused = window.state().controls().timeline.step;
    window.run_steps(4);
    assert_eq!(window.state().controls().timeline.step, paused);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    serve(&mut window, &manifest(None));
    assert_eq!(latent(&window), before);
}

#[test]
fn taking_hold_of_a_slider_pauses_the_show() {
    let mut window = window(Space::Explore, None);
    window.key_press(Key::Space);
    window.step();
    window.step();
    assert!(window.state().playing());
    window.get_by_label(&slider(3)).set_value_accesskit(1.25);
    window.step();
    window.step();
    window.step();
    assert!(!window.state().playing());
    assert!((latent(&window)[3] - 2.5).abs() < 1e-6, "1.25 sigma of 2");
}

#[test]
fn the_scrubber_and_the_stops_go_to_places_that_depend_on_nothing_else() {
    let mut window = window(Space::Explore, None);
    // Half way from the anchor of 4, at 4 on the first axis, to that of 5; on one line both paths agree.
    window
        .get_by_label("show position")
        .set_value_accesskit((4 * STEPS + STEPS / 2) as f64);
    serve(&mut window, &manifest(None));
    assert_eq!(latent(&window)[0], 4.5);
    click(&mut window, "next stop");
    assert_eq!(latent(&window)[0], 5.0);
    click(&mut window, "previous stop");
    assert_eq!(latent(&window)[0], 4.0);
}

#[test]
fn the_same_seed_gives_the_same_show() {
    let open = crate::support::open(&manifest(None));
    let mut controls = window(Space::Explore, None).state().controls().clone();
    controls.timeline.stops = Stops::Draws;
    controls.timeline.path = Path::Spherical;
    let show = |controls: &dashboard::state::controls::Controls| -> Vec<Vec<f32>> {
        let stops = dashboard::state::show::stops(controls, &open);
        let last = controls.timeline.last_step(stops.len());
        let at = |step| controls.timeline.at(&stops, step).expect("a step").0.latent;
        (0..=last).map(at).collect()
    };
    let first = show(&controls);
    assert_eq!(first.len(), 8 * STEPS + 1);
    assert_eq!(first[0], first[8 * STEPS], "a loop ends where it began");
    assert_eq!(
        first[0],
        latent_space::sample_prior(DIMS, 8, datasets::Seed(7))[0]
    );
    assert_eq!(show(&controls), first);
    controls.scene_mut().expect("it is open").seed = datasets::Seed(8);
    assert_ne!(show(&controls), first);
}
