//! Exploring deeper: names for dimensions, directions besides the axes, fine drags.

use std::{fs, path::Path};

use dashboard::{
    app::App,
    controls::{Controls, Space},
    device::Chosen,
    memory::{Memory, Note},
    theme,
};
use datasets::Seed;
use eframe::egui::{Event, Key, Modifiers, PointerButton, Ui, vec2};
use egui_kittest::{Harness, kittest::Queryable as _};

use crate::support::{Window, latent, manifest, model, serve, slider, window};

/// A window that remembers what is in the file at `path`, on an open model.
pub fn remembering(path: &Path) -> Window {
    let controls = Controls::new(model(), Space::Explore, Seed(7));
    let app = App::new(controls, Chosen::cpu("as the test says")).remembering(path.to_owned());
    let mut window = Harness::builder()
        .with_size([1280.0, 720.0])
        .with_max_steps(32)
        .with_context_setup(theme::install)
        .build_ui_state(|ui: &mut Ui, app: &mut App| app.ui(ui), app);
    serve(&mut window, &manifest(None));
    window
}

/// Files are written on a thread.
pub fn wait_for(window: &mut Window, what: impl Fn() -> bool) {
    for _ in 0..200 {
        window.run();
        if what() {
            window.run();
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("it was never written");
}

fn seen() -> Memory {
    let mut memory = Memory::default();
    memory.tour_done = true;
    memory
}

#[test]
fn a_name_stays_with_the_model_from_one_window_to_the_next() {
    let dir = tempfile::tempdir().expect("there is room");
    let path = dir.path().join("latent-lens").join("window.ron");
    seen().write(&path).expect("it can be written");
    let mut first = remembering(&path);
    // The selected dimension is the one that carries most, z1.
    first.key_press(Key::N);
    first.run();
    let field = first.get_by_label("name of the dimension");
    field.focus();
    field.type_text("slant");
    first.run();
    first.get_by_label("Keep").click();
    let weights = "ab".repeat(32);
    wait_for(&mut first, || {
        let kept = Memory::read(&path).expect("it is whole");
        kept.note(&weights, 1).is_some()
    });
    first.get_by_label("z1 slant, 3.00 nats");

    let mut second = remembering(&path);
    second.get_by_label("z1 slant, 3.00 nats");
    second.key_press(Key::N);
    second.run();
    second.get_by_label("Forget").click();
    wait_for(&mut second, || {
        let kept = Memory::read(&path).expect("it is whole");
        kept.note(&weights, 1).is_none()
    });
    second.get_by_label(&slider(1));
}

#[test]
fn a_memory_that_cannot_be_understood_is_left_alone() {
    let dir = tempfile::tempdir().expect("there is room");
    let path = dir.path().join("window.ron");
    for text in ["not a memory", "(version: 99)"] {
        fs::write(&path, text).expect("it can be written");
        let mut window = remembering(&path);
        let (_, notice) = window.state().notices().last().expect("it is said");
        assert!(notice.contains("window.ron"), "{notice}");
        window.key_press(Key::N);
        window.run();
        window
            .get_by_label("name of the dimension")
            .type_text("slant");
        window.run();
        window.get_by_label("Keep").click();
        window.run();
        assert_eq!(fs::read_to_string(&path).expect("it is there"), text);
    }
}

#[test]
fn the_memory_is_read_as_it_was_written() {
    let dir = tempfile::tempdir().expect("there is room");
    let path = dir.path().join("window.ron");
    assert_eq!(
        Memory::read(&path).expect("none is empty"),
        Memory::default()
    );
    let mut memory = seen();
    let note = Note {
        name: "slant".to_owned(),
        text: "to the \"left\"\nand back".to_owned(),
    };
    memory.set_note("abc", 4, note.clone());
    memory.write(&path).expect("it can be written");
    let read = Memory::read(&path).expect("it is whole");
    assert_eq!(read, memory);
    assert_eq!(read.note("abc", 4), Some(&note));
    assert_eq!(read.note("another", 4), None);
    memory.set_note("abc", 4, Note::default());
    assert_eq!(memory, seen(), "an empty note leaves nothing behind");
}

#[test]
fn a_slider_leads_from_one_class_to_another() {
    let mut window = window(Space::Explore, None);
    window.get_by_label("Directions").click();
    window.run();
    // The anchors of classes 0 and 3 are at 0 and 3 in the first coordinate; the scene is at 3.
    window.get_by_label("from 0 to 3").set_value_accesskit(-1.0);
    serve(&mut window, &manifest(None));
    assert!(latent(&window)[0].abs() < 1e-5, "at the anchor of class 0");
    window.get_by_label("from 0 to 3").set_value_accesskit(0.0);
    serve(&mut window, &manifest(None));
    assert!((latent(&window)[0] - 1.5).abs() < 1e-5, "half way");

    // The classes spread most along the first coordinate, around 4.5 with a variance of 8.25 + 0.16.
    window.get_by_label("direction 1").set_value_accesskit(1.0);
    serve(&mut window, &manifest(None));
    assert!((latent(&window)[0] - 4.5 - 8.41_f32.sqrt()).abs() < 1e-4);

    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    serve(&mut window, &manifest(None));
    assert!(
        (latent(&window)[0] - 1.5).abs() < 1e-5,
        "undo knows directions"
    );
}

#[test]
fn a_direction_leaves_locked_dimensions_alone() {
    let mut window = window(Space::Explore, None);
    window.get_by_label("lock z0").click();
    window.run();
    window.get_by_label("Directions").click();
    window.run();
    assert!(
        window.query_by_label("from 0 to 3").is_none(),
        "these classes differ in z0 alone"
    );
    window.get_by_label("from 0 to 3: leads nowhere, or every dimension is locked");
}

#[test]
fn shift_makes_a_drag_and_the_arrow_keys_fine() {
    let mut window = window(Space::Explore, None);
    window.get_by_label(&slider(1)).focus();
    window.run();
    window.key_press_modifiers(Modifiers::SHIFT, Key::ArrowRight);
    serve(&mut window, &manifest(None));
    assert!(
        (latent(&window)[1] - 0.02).abs() < 1e-6,
        "a hundredth of a sigma of 2"
    );
}

#[test]
fn a_double_click_puts_a_slider_on_its_mean() {
    let mut window = window(Space::Explore, None);
    let rect = window.get_by_label(&slider(1)).rect();
    let place = rect.lerp_inside(vec2(0.8, 0.5));
    window.hover_at(place);
    window.step();
    // A press and a release in each step: two steps are near enough in time.
    for _ in 0..2 {
        for pressed in [true, false] {
            window.input_mut().events.push(Event::PointerButton {
                pos: place,
                button: PointerButton::Primary,
                pressed,
                modifiers: Modifiers::NONE,
            });
        }
        window.step();
    }
    serve(&mut window, &manifest(None));
    assert_eq!(latent(&window)[1], 0.0);
}
