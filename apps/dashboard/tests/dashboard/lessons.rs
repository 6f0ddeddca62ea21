//! Lessons as a person meets them: where they are found, how they go on next time, and a teacher's own.

use std::{fs, path::Path};

use dashboard::state::controls::Space;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use crate::{
    deeper::kept,
    find::open_palette,
    memory::{first_window_in, window_in},
    support::{Window, manifest, serve, slider, until_shown, window},
};

const FIRST: &str = "Make a 4 become a 9";

fn settle(window: &mut Window) {
    serve(window, &manifest(None));
}

fn click(window: &mut Window, label: &str) {
    window.get_by_label(label).click();
    settle(window);
}

/// The step in front, from 0; `None` if no lesson is under way.
fn step(window: &Window) -> Option<usize> {
    window.state().lesson().map(|running| running.step)
}

/// What it is called, and how a person goes it.
type Way = (&'static str, fn(&mut Window));

#[test]
fn lessons_are_reached_from_everywhere() {
    let begin = format!("Begin: {FIRST}");
    let ways: [Way; 5] = [
        ("Start", |window| click(window, "Lessons")),
        ("the key", |window| window.key_press(Key::F9)),
        ("the menu", |window| {
            click(window, "File");
            let entries = window.get_all_by_label("Lessons");
            // The one in the menu is the topmost.
            let top = entries.min_by(|a, b| a.rect().top().total_cmp(&b.rect().top()));
            top.expect("it is there").click();
        }),
        ("the help", |window| {
            window.key_press(Key::Questionmark);
            settle(window);
            let entries = window.get_all_by_label("Lessons");
            // Start has one, too, further to the right.
            let left = entries.min_by(|a, b| a.rect().left().total_cmp(&b.rect().left()));
            left.expect("it is there").click();
        }),
        ("the palette", |window| {
            open_palette(window, "lessons");
            window.key_press(Key::Enter);
        }),
    ];
    for (way, open) in ways {
        let mut window = window(Space::Explore, None);
        open(&mut window);
        settle(&mut window);
        assert!(window.query_by_label(&begin).is_some(), "by {way}");
        // Escape puts the list away, and nothing has begun.
        window.key_press(Key::Escape);
        settle(&mut window);
        assert!(window.query_by_label(&begin).is_none(), "by {way}");
        assert_eq!(step(&window), None);
    }
}

/// Wherever the focus was, the list can be used by the keyboard at once.
#[test]
fn enter_begins_the_first_lesson_of_the_list() {
    let mut window = window(Space::Explore, None);
    window.get_by_label(&slider(3)).focus();
    window.run();
    window.key_press(Key::F9);
    settle(&mut window);
    assert!(window.get_by_label(&format!("Begin: {FIRST}")).is_focused());
    window.key_press(Key::Enter);
    settle(&mut window);
    assert_eq!(step(&window), Some(0));
}

#[test]
fn the_tour_ends_with_the_lessons() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = first_window_in(folder.path());
    for _ in 0..4 {
        click(&mut window, "Next");
    }
    let lessons = window.get_all_by_label("Lessons");
    // Start has one as well, further down.
    let top = lessons.min_by(|a, b| a.rect().top().total_cmp(&b.rect().top()));
    top.expect("it is there").click();
    settle(&mut window);
    assert!(window.query_by_label("5 of 5").is_none());
    click(&mut window, &format!("Begin: {FIRST}"));
    assert_eq!(step(&window), Some(0));
    drop(window);
    assert!(kept(folder.path()).tour_done);
}

#[test]
fn a_lesson_goes_on_where_it_was_left() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut first = window_in(folder.path());
    first.key_press(Key::F9);
    settle(&mut first);
    click(&mut first, &format!("Begin: {FIRST}"));
    assert_eq!(
        first.state().controls().scene().expect("open").latent[0],
        0.0
    );
    first.key_press(Key::Num4);
    settle(&mut first);
    first.get_by_label("this step is done");
    click(&mut first, "Next in the lesson");
    // What was not done can be skipped, and seen again as it began.
    click(&mut first, "Skip in the lesson");
    click(&mut first, "Back in the lesson");
    assert_eq!(step(&first), Some(1));
    assert!(first.query_by_label("this step is done").is_none());
    click(&mut first, "Leave the lesson");
    assert_eq!(step(&first), None);
    assert!(first.query_by_label("Next in the lesson").is_none());
    drop(first);

    let mut second = window_in(folder.path());
    second.key_press(Key::F9);
    settle(&mut second);
    second.get_by_label("At step 2 of 5; 1 ticked.");
    click(&mut second, &format!("Go on: {FIRST}"));
    assert_eq!(step(&second), Some(1));
    click(&mut second, "Back in the lesson");
    second.get_by_label("this step is done");
    // From the beginning on request, with nothing ticked.
    second.key_press(Key::F9);
    settle(&mut second);
    click(&mut second, &format!("Begin: {FIRST}"));
    second.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    settle(&mut second);
    second.key_press(Key::F9);
    settle(&mut second);
    click(&mut second, &format!("Begin anew: {FIRST}"));
    assert_eq!(step(&second), Some(0));
    assert!(second.query_by_label("this step is done").is_none());
}

/// What a person does with another model is not measured, and the way back is a button.
#[test]
fn another_model_in_front_is_told() {
    let mut window = window(Space::Explore, None);
    open_palette(&mut window, "lesson make a 4");
    window.key_press(Key::Enter);
    settle(&mut window);
    open_palette(&mut window, "model avatars");
    window.key_press(Key::Enter);
    settle(&mut window);
    window.get_by_label_contains("This lesson is made for the model mnist-plain");
    window.key_press(Key::Num4);
    settle(&mut window);
    assert!(window.query_by_label("this step is done").is_none());
    click(&mut window, "Open its model");
    let controls = window.state().controls();
    assert_eq!(controls.model.short_name(), "mnist-plain");
    window.get_by_label_contains("Begin with a 4");
}

fn own(folder: &Path, file: &str, text: &str) {
    let lessons = folder.join("lessons");
    fs::create_dir_all(&lessons).expect("a folder for the test");
    fs::write(lessons.join(file), text).expect("a file for the test");
}

const OWN: &str = "// Latent Lens lesson, version 1
(
    title: \"The tenth letter\",
    goal: \"Nothing much.\",
    model: \"mnist-plain\",
    steps: [(text: \"Go to the map.\", check: Space(Map))],
)
";

#[test]
fn a_teachers_lessons_stand_beside_the_others_and_damaged_ones_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    own(folder.path(), "tenth.ron", OWN);
    own(folder.path(), "broken.ron", &OWN.replace("goal", "gaol"));
    own(folder.path(), "notes.txt", "no lesson");
    fs::create_dir(folder.path().join("lessons/folder.ron")).expect("a folder");
    let mut window = window_in(folder.path());
    window.key_press(Key::F9);
    until_shown(&mut window, "Begin: The tenth letter");
    let told = window.get_by_label_contains("broken.ron, line 4: “gaol” is not known here");
    assert!(window.ctx.content_rect().contains_rect(told.rect()));
    window.get_by_label_contains("folder.ron, it could not be read");
    assert!(window.query_by_label_contains("notes.txt").is_none());
    // Whoever mends it sees it when the list is opened again.
    own(folder.path(), "broken.ron", &OWN.replace("tenth", "first"));
    for _ in 0..2 {
        window.key_press(Key::F9);
        window.key_press(Key::Escape);
        window.run();
    }
    window.key_press(Key::F9);
    until_shown(&mut window, "Begin: The first letter");
    click(&mut window, "Begin: The tenth letter");
    window.key_press(Key::F4);
    settle(&mut window);
    window.get_by_label("this step is done");
    drop(window);
    assert!(
        kept(folder.path()).lessons["own/tenth.ron"]
            .done
            .contains(&0)
    );
}

#[test]
fn an_example_is_saved_for_who_wants_to_write_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window_in(folder.path());
    for name in ["example.ron", "example-2.ron"] {
        open_palette(&mut window, "save an example");
        window.key_press(Key::Enter);
        until_shown(&mut window, &format!("{name}. Open it in any editor."));
    }
    let text = fs::read_to_string(folder.path().join("lessons/example.ron"));
    assert_eq!(
        text.expect("it is there"),
        dashboard::state::lesson::EXAMPLE
    );
    window.key_press(Key::F9);
    until_shown(&mut window, "Begin: From shoe to boot");
}
