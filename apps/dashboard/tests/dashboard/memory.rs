//! What the window remembers, and what it does with a file that it cannot use.

use std::{fs, path::Path};

use dashboard::{
    app::{App, recall::recall},
    state::{
        controls::{Controls, Space},
        device::ChosenDevice,
        memory::{Given, Memory, SESSION, ThemeChoice},
        notebook::{NOTEBOOK, Notebook},
        scene::{InputImage, Start},
    },
    theme,
};
use datasets::{ClassId, Seed};
use eframe::egui::{Key, Modifiers, Ui};
use egui_kittest::{Harness, kittest::Queryable as _};

use crate::support::{Window, latent, manifest, model, serve, slider};

/// A window that remembers in `folder`, on an open model, of a person who has seen the tour.
pub fn window_in(folder: &Path) -> Window {
    let notebook = Notebook::after_the_tour();
    let path = NOTEBOOK.path(folder);
    if !path.exists() {
        fs::create_dir_all(folder).expect("a folder for the test");
        let text = NOTEBOOK.text(&notebook).expect("RON");
        fs::write(path, text).expect("a file for the test");
    }
    first_window_in(folder)
}

/// The same, whoever the person is.
pub fn first_window_in(folder: &Path) -> Window {
    let recalled = recall(Some(folder), &Given::default());
    let mut app = App::new(
        Controls::new(model(), Space::Explore, Seed(7)),
        ChosenDevice::cpu("as the test says"),
    );
    app.recall(recalled);
    let mut window = Harness::builder()
        .with_size([1280.0, 720.0])
        .with_max_steps(32)
        .with_context_setup(theme::install)
        .build_ui_state(|ui: &mut Ui, app: &mut App| app.ui(ui), app);
    serve(&mut window, &manifest(None));
    window
}

pub fn notices(window: &Window) -> Vec<String> {
    let shown = window.state().notices().shown();
    shown.map(|notice| notice.text.clone()).collect()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("readable").file_name();
    let mut names: Vec<_> = entries
        .map(|entry| name(entry).to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn the_next_window_shows_what_this_one_did() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut first = window_in(folder.path());
    first.get_by_label(&slider(3)).set_value_accesskit(1.25);
    first.get_by_label("lock z2").click();
    first.key_press(Key::H);
    serve(&mut first, &manifest(None));
    first.get_by_label("Anchors").click();
    serve(&mut first, &manifest(None));
    let before = first.state().controls().clone();
    // Closing the window writes what is left.
    drop(first);
    assert_eq!(names(folder.path()), ["notebook.ron", "session.ron"]);

    let second = window_in(folder.path());
    assert_eq!(*second.state().controls(), before);
    assert_eq!(before.space, Space::Anchors);
    assert!(!before.view.overlay);
    assert!((latent(&second)[3] - 2.5).abs() < 1e-6, "1.25 sigma of 2");
    assert!(before.scene().expect("it is open").locked[2]);
    assert_eq!(notices(&second), Vec::<String>::new());
}

#[test]
fn files_that_cannot_be_used_are_set_aside_and_named() {
    let cases = [
        (
            "damaged",
            "// Latent Lens session, version 1\n(controls: (model: Ship",
        ),
        ("version 99", "// Latent Lens session, version 99\n()"),
        ("no session", "\u{0}\u{1}garbage"),
    ];
    for (reason, text) in cases {
        let folder = tempfile::tempdir().expect("a folder for the test");
        fs::write(SESSION.path(folder.path()), text).expect("it can be written");
        let window = window_in(folder.path());
        let shown = notices(&window);
        assert_eq!(shown.len(), 1, "{shown:?}");
        assert!(shown[0].contains(reason), "{shown:?}");
        assert!(shown[0].contains("session.aside.ron"), "{shown:?}");
        drop(window);
        let aside = fs::read_to_string(folder.path().join("session.aside.ron"));
        assert_eq!(aside.expect("it is still there"), text);
        assert_eq!(
            names(folder.path()),
            ["notebook.ron", "session.aside.ron", "session.ron"]
        );
    }
}

/// A session as version 1 wrote it: layers had names, images no shape, and models were data sets.
pub fn session_of_version_1() -> String {
    let zeros = "0.0, ".repeat(crate::support::DIMS - 1);
    let pixels = "0.25, ".repeat(crate::support::digits().values());
    let locked = "false, ".repeat(crate::support::DIMS);
    let scene = format!(
        "(latent: [2.5, {zeros}], locked: [{locked}], selected: 2, seed: 9, target: 4, layer: Stage3, method: LayerCam, \
         contrast: true, start: Image((name: \"mine.png\", label: Some(4), pixels: [{pixels}])), origin: [1.5, {zeros}], \
         sample: 17, anchors: (class: 6, noise: 0.5, count: 16, seed: 3), morph: (from: 1, to: 2, path: Linear, step: 7))"
    );
    format!(
        "// Latent Lens session, version 1\n(controls: (model: Shipped(mnist), space: Explain, seed: 5, scenes: \
         {{Shipped(mnist): {scene}}}, view: (overlay: true, opacity: 0.25, color_map: Viridis), compare: (with: Model, model: \
         Some(Shipped(r#fashion-mnist)))), theme: Dark, recent: (models: [], images: []))"
    )
}

#[test]
fn a_session_of_version_1_goes_on() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let text = session_of_version_1();
    fs::write(SESSION.path(folder.path()), text).expect("it can be written");
    let window = window_in(folder.path());
    assert_eq!(notices(&window), Vec::<String>::new());
    let controls = window.state().controls();
    assert_eq!(
        (controls.space, &controls.model),
        (Space::Explain, &crate::support::shipped("mnist"))
    );
    let other = controls.compare.model.as_ref();
    assert_eq!(other, Some(&crate::support::shipped("fashion-mnist")));
    let scene = controls.scene().expect("it is open");
    assert_eq!(scene.layer, datasets::Layer(2), "the third stage");
    assert_eq!((scene.latent[0], scene.target), (2.5, ClassId(4)));
    let Start::Image(image) = &scene.start else {
        panic!("{:?}", scene.start)
    };
    assert_eq!(image.image.shape(), crate::support::digits());
    assert!(image.image.values().iter().all(|value| *value == 0.25));
}

#[test]
fn an_image_of_any_shape_is_remembered() {
    let shape = datasets::ImageShape::new(3, 20, 32).expect("it is in bounds");
    let values: Vec<f32> = (0..shape.values()).map(|i| i as f32 / 1_919.0).collect();
    let image = InputImage {
        name: "mine".to_owned(),
        label: None,
        encoded_as: None,
        drawn_on: false,
        image: datasets::Image::new(shape, values).expect("they are in range"),
    };
    let text = SESSION.text(&image).expect("it has a form");
    let back: InputImage = SESSION.parse(&text).expect("it is sound");
    assert_eq!(back, image);
}

#[test]
fn a_second_damaged_file_does_not_replace_the_first() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    for text in ["first", "second"] {
        fs::write(SESSION.path(folder.path()), text).expect("it can be written");
        let (memory, trouble) = SESSION.read::<Memory>(folder.path());
        assert!(memory.is_none() && trouble.is_some(), "it is damaged");
    }
    assert_eq!(
        names(folder.path()),
        ["session.aside-2.ron", "session.aside.ron"]
    );
}

#[test]
fn a_scene_that_fits_no_more_gives_way_to_a_new_one() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    drop(window_in(folder.path()));
    let path = SESSION.path(folder.path());
    let text = fs::read_to_string(&path).expect("it was written");
    // A class that the model does not have would be out of every list.
    let changed = text.replace("start: Anchor((3))", "start: Anchor((77))");
    let changed = changed.replace("start: Anchor(3)", "start: Anchor(77)");
    assert_ne!(changed, text);
    fs::write(&path, changed).expect("it can be written");
    let window = window_in(folder.path());
    let scene = window.state().controls().scene().expect("it is open");
    assert_eq!(scene.start, Start::Anchor(ClassId(3)));
}

#[test]
fn what_was_given_wins_and_a_fresh_start_reads_nothing() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut window = window_in(folder.path());
    window.get_by_label("Explain").click();
    serve(&mut window, &manifest(None));
    drop(window);
    let written = fs::read_to_string(SESSION.path(folder.path())).expect("it was written");

    let given = Given {
        model: Some(crate::support::shipped("fashion-mnist")),
        seed: Some(Seed(42)),
        ..Given::default()
    };
    let memory = recall(Some(folder.path()), &given).memory;
    assert_eq!(memory.controls.space, Space::Explain, "it was not given");
    assert_eq!(
        memory.controls.model,
        crate::support::shipped("fashion-mnist")
    );
    assert_eq!(memory.controls.seed, Seed(42));
    assert_eq!(memory.controls.scenes[&model()].seed, Seed(42));

    let given = Given {
        theme: Some(ThemeChoice::Light),
        ..Given::default()
    };
    let fresh = recall(None, &given);
    assert_eq!(fresh.memory.controls.space, Space::Explore);
    assert_eq!(fresh.memory.theme, ThemeChoice::Light);
    assert!(fresh.keeping.is_none());
    let after = fs::read_to_string(SESSION.path(folder.path())).expect("it is still there");
    assert_eq!(after, written);
}

#[test]
fn a_forgotten_session_starts_over_and_undo_brings_the_scene_back() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut window = window_in(folder.path());
    window.get_by_label(&slider(3)).set_value_accesskit(1.25);
    serve(&mut window, &manifest(None));
    let before = latent(&window);
    window.get_by_label("File").click();
    window.run();
    window.get_by_label("Delete session").click();
    serve(&mut window, &manifest(None));
    assert_eq!(latent(&window)[3], 0.0);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    serve(&mut window, &manifest(None));
    assert_eq!(latent(&window), before);
}
