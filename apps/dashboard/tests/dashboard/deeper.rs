//! Exploring deeper: names for dimensions, directions besides the axes, fine drags.

use std::path::Path;

use dashboard::state::{
    controls::Space,
    notebook::{NOTEBOOK, Note, Notebook},
};
use eframe::egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable as _;

use crate::{
    memory::window_in,
    support::{double_click, latent, manifest, serve, slider, window},
};

/// The notebook that is kept in `folder`.
pub fn kept(folder: &Path) -> Notebook {
    let (read, trouble) = NOTEBOOK.read(folder);
    assert_eq!(trouble, None);
    read.unwrap_or_default()
}

#[test]
fn a_name_stays_with_the_model_from_one_window_to_the_next() {
    let folder = tempfile::tempdir().expect("there is room");
    let weights = "ab".repeat(32);
    let mut first = window_in(folder.path());
    // The selected dimension is the one that carries most, z1.
    first.key_press(Key::N);
    first.run();
    let field = first.get_by_label("name of the dimension");
    field.focus();
    field.type_text("slant");
    first.run();
    first.get_by_label("Keep").click();
    first.run();
    first.run();
    first.get_by_label("z1 slant, 3.00 nats");
    // Closing the window writes what is left.
    drop(first);
    let note = kept(folder.path()).note(&weights, 1).cloned();
    assert_eq!(note.map(|note| note.name).as_deref(), Some("slant"));

    let mut second = window_in(folder.path());
    second.get_by_label("z1 slant, 3.00 nats");
    second.key_press(Key::N);
    second.run();
    second.get_by_label("Delete").click();
    second.run();
    second.run();
    second.get_by_label(&slider(1));
    drop(second);
    assert_eq!(kept(folder.path()).note(&weights, 1), None);
}

#[test]
fn a_notebook_is_read_as_it_was_written() {
    let mut notebook = Notebook::default();
    let note = Note {
        name: "slant".to_owned(),
        text: "to the \"left\"\nand back".to_owned(),
    };
    notebook.set_note("abc", 4, note.clone());
    let text = NOTEBOOK.text(&notebook).expect("RON");
    let read: Notebook = NOTEBOOK.parse(&text).expect("it is whole");
    assert_eq!(read, notebook);
    assert_eq!(read.note("abc", 4), Some(&note));
    assert_eq!(read.note("another", 4), None);
    notebook.set_note("abc", 4, Note::default());
    assert_eq!(
        notebook,
        Notebook::default(),
        "an empty note leaves nothing behind"
    );
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
    double_click(&mut window, place);
    serve(&mut window, &manifest(None));
    assert_eq!(latent(&window)[1], 0.0);
}

#[test]
fn a_direction_is_kept_with_the_model_and_forgotten() {
    let folder = tempfile::tempdir().expect("there is room");
    let mut first = window_in(folder.path());
    first.get_by_label("Directions").click();
    first.run();
    first.get_by_label("keep this direction").click();
    serve(&mut first, &manifest(None));
    drop(first);
    let mut second = window_in(folder.path());
    second.get_by_label("Directions").click();
    second.run();
    let before = latent(&second);
    second
        .get_by_label("from 0 to 3 (kept)")
        .set_value_accesskit(-1.0);
    serve(&mut second, &manifest(None));
    assert_ne!(latent(&second), before);
    second.get_by_label("delete from 0 to 3").click();
    serve(&mut second, &manifest(None));
    assert!(second.query_by_label("from 0 to 3 (kept)").is_none());
}
