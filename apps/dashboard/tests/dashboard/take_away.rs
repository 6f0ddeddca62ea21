//! Pictures out of the window, each with the scene that it shows.

use std::{path::Path, sync::Arc, thread::sleep, time::Duration};

use dashboard::{
    files::picture_file::read_recipe,
    state::{
        controls::Space,
        recipe::{PictureKind, Recipe},
    },
};
use datasets::{ClassId, ImageShape, Seed};
use eframe::egui::accesskit::Role;
use eframe::egui::{
    Color32, ColorImage, Event, Key, Modifiers, ScreenshotCallback, ViewportCommand,
};
use egui_kittest::kittest::Queryable as _;
use image::RgbImage;
use recipe::Picture;

use crate::{
    files::drop_file,
    memory::window_in,
    support::{
        DIMS, Window, click, latent, manifest, odd, save, save_as, scene, serve, slider,
        until_restored, until_told, window, window_of,
    },
};

/// Width and height of a picture in a file.
fn size_of(path: &Path) -> (u32, u32) {
    let saved = image::open(path).expect("the file is there");
    (saved.width(), saved.height())
}

/// The recipe in a file of a picture.
fn recipe_in(path: &Path) -> Recipe {
    Recipe::parse(&read_recipe(path).expect("it has one")).expect("it is whole")
}

#[test]
fn a_saved_image_brings_its_scene_back_instead_of_being_encoded() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("three.png");
    let mut window = window(Space::Explore, None);
    window.get_by_label(&slider(3)).set_value_accesskit(1.25);
    window.get_by_label("lock z2").click();
    serve(&mut window, &manifest(None));
    let before = scene(&window);
    click(&mut window, "File");
    click(&mut window, "Save image as PNG…");
    window.get_by_label("scale").set_value_accesskit(3.0);
    window.run();
    window.key_press(Key::Escape);
    window.run();
    save(&mut window, "Save image as PNG…", &path);
    until_told(&mut window, "Saved");
    assert_eq!(size_of(&path), (448, 448));

    window.key_press(Key::Num8);
    click(&mut window, "Anchors");
    drop_file(&mut window, path);
    until_restored(&mut window, &before);
    assert_eq!(window.state().controls().space, Space::Explore);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    serve(&mut window, &manifest(None));
    assert_eq!(latent(&window)[0], 8.0, "it can be undone");
}

#[test]
fn a_picture_has_the_size_that_was_asked_for() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("small.png");
    let mut window = window(Space::Explore, None);
    click(&mut window, "File");
    click(&mut window, "Save image as PNG…");
    window.get_by_label("scale").set_value_accesskit(3.0);
    window.run();
    save_as(&mut window, &path);
    until_told(&mut window, "Saved");
    assert_eq!(size_of(&path), (84, 84));
}

#[test]
fn the_grid_is_saved_with_all_its_samples() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("grid.png");
    let mut window = window(Space::Anchors, None);
    save(&mut window, "Save grid as PNG…", &path);
    until_told(&mut window, "Saved");
    // Six rows of six, 28 pixels each with 2 between, four times as large.
    assert_eq!(size_of(&path), (712, 712));
    let recipe = recipe_in(&path);
    assert_eq!(recipe.shows, PictureKind::Grid);
    assert_eq!(recipe.model, "mnist-plain");
    assert_eq!(recipe.model_sha256, manifest(None).model_sha256());
    assert_eq!(recipe.scene, scene(&window));
}

/// Waits until the window asks for its own picture.
fn screenshot(window: &mut Window) -> ScreenshotCallback {
    for _ in 0..500 {
        window.step();
        let viewports = window.output().viewport_output.values();
        let mut commands = viewports.flat_map(|viewport| viewport.commands.clone());
        let asked = commands.find_map(|command| match command {
            ViewportCommand::Screenshot(callback) => Some(callback),
            _ => None,
        });
        if let Some(asked) = asked {
            return asked;
        }
        sleep(Duration::from_millis(10));
    }
    panic!("the window never asks for its picture");
}

#[test]
fn the_window_is_photographed() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("window.png");
    let mut window = window(Space::Explain, None);
    save(&mut window, "Save window as PNG…", &path);
    let asked = screenshot(&mut window);
    let picture = ColorImage::filled([4, 2], Color32::from_rgb(10, 20, 30));
    asked.complete(Arc::new(picture));
    until_told(&mut window, "Saved");
    let saved = image::open(&path).expect("the file is there").into_rgb8();
    assert_eq!(saved.dimensions(), (4, 2));
    assert_eq!(saved.get_pixel(3, 1).0, [10, 20, 30]);
    let recipe = recipe_in(&path);
    assert_eq!(
        (recipe.shows, recipe.space),
        (PictureKind::Window, Space::Explain)
    );
}

#[test]
fn pictures_that_were_opened_are_listed_for_the_next_window() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("seven.png");
    let drawn = image::GrayImage::from_fn(60, 60, |x, _| {
        image::Luma([if (20..40).contains(&x) { 0 } else { 255 }])
    });
    drawn.save(&path).expect("it can be written");
    let kept = tempfile::tempdir().expect("a folder for the test");
    let mut first = window_in(kept.path());
    drop_file(&mut first, path.clone());
    for _ in 0..200 {
        serve(&mut first, &manifest(None));
        if latent(&first)[0] == 1.5 {
            break;
        }
        sleep(Duration::from_millis(20));
    }
    drop(first);
    let mut second = window_in(kept.path());
    second.get_by_label("Explore").click();
    click(&mut second, "File");
    click(&mut second, "Recent images");
    second.get_by_role_and_label(Role::Button, &path.display().to_string());
}

#[test]
fn a_grid_that_is_no_square_lies_in_the_smallest_one_that_holds_it() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("five.png");
    let mut window = window(Space::Explore, None);
    let recipe = recipe::Recipe {
        recipe_version: recipe::VERSION,
        program: "latent-lens 0.1.0".to_owned(),
        model: "mnist-plain".to_owned(),
        model_sha256: manifest(None).model_sha256(),
        judge: None,
        scale: None,
        sampler: None,
        picture: recipe::Picture::Anchors(recipe::Anchors {
            latent: vec![6.0; DIMS],
            classes: vec![ClassId(6)],
            noise: 0.5,
            count: 5,
            seed: Seed(9),
        }),
        window: None,
    };
    window.event(Event::Paste(recipe.text()));
    serve(&mut window, &manifest(None));
    assert_eq!(scene(&window).anchors.count, 5);
    save(&mut window, "Save grid as PNG…", &path);
    until_told(&mut window, "Saved");
    // Three and two of 28 pixels each with 2 between, four times as large.
    assert_eq!(size_of(&path), (352, 232));
}

#[test]
fn a_picture_is_enlarged_no_more_than_its_recipe_can_say() {
    let mut manifest = odd(3);
    let shape = ImageShape::new(3, 8, 8).expect("it is in bounds");
    manifest.dataset.shape = shape;
    let classifier = manifest.classifier.as_mut();
    classifier.expect("it has one").config.shape = shape;
    let mut window = window_of(Space::Explore, &manifest);
    window.get_by_label("Save image").click();
    window.run();
    window.get_by_label("scale").set_value_accesskit(500.0);
    window.run();
    // 64 screen pixels for each of 8.
    window.get_by_label("512 × 512");
}

/// Saves the image as one of the choices in the question says; `None` leaves the first one.
fn saved_as(choice: Option<&str>, window: &mut Window, path: &Path) -> RgbImage {
    click(window, "File");
    click(window, "Save image as PNG…");
    if let Some(choice) = choice {
        window.get_by_label(choice).click();
        window.run();
    }
    window.get_by_label("scale").set_value_accesskit(1.0);
    window.run();
    save_as(window, path);
    until_told(window, "Saved");
    image::open(path).expect("the file is there").into_rgb8()
}

#[test]
fn a_heatmap_that_is_on_the_screen_is_on_the_picture() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = |name: &str| folder.path().join(name);
    let plain = saved_as(
        Some("Image"),
        &mut window(Space::Explore, None),
        &path("plain.png"),
    );
    let over = saved_as(None, &mut window(Space::Explore, None), &path("over.png"));
    let both = saved_as(
        Some("Both"),
        &mut window(Space::Explore, None),
        &path("both.png"),
    );
    assert_eq!(
        (plain.dimensions(), over.dimensions()),
        ((28, 28), (28, 28))
    );
    assert_ne!(plain, over);
    // Two images, and two pixels between them.
    assert_eq!(both.dimensions(), (58, 28));
    let part = |left| image::imageops::crop_imm(&both, left, 0, 28, 28).to_image();
    assert_eq!((part(0), part(30)), (plain, over));
}

#[test]
fn without_a_heatmap_on_the_screen_the_image_is_saved_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = |name: &str| folder.path().join(name);
    let plain = saved_as(
        Some("Image"),
        &mut window(Space::Explore, None),
        &path("plain.png"),
    );
    let mut off = window(Space::Explore, None);
    click(&mut off, "Heatmap");
    assert_eq!(saved_as(None, &mut off, &path("off.png")), plain);
}

#[test]
fn a_picture_with_its_heatmap_brings_the_look_of_that_back() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("over.png");
    let mut first = window(Space::Explore, None);
    let opacity = first.get_by_label("heatmap opacity");
    opacity.set_value_accesskit(0.25);
    first.get_by_label(&slider(3)).set_value_accesskit(1.25);
    serve(&mut first, &manifest(None));
    saved_as(None, &mut first, &path);
    let recipe = recipe_in(&path);
    assert_eq!(recipe.shows, PictureKind::Overlay);
    let Picture::Cam(cam) = recipe::Recipe::parse(&recipe.text().unwrap())
        .unwrap()
        .picture
    else {
        panic!("the command line draws it as evidence");
    };
    assert!(cam.alone && !cam.contrast);
    assert_eq!((cam.opacity, cam.layer), (0.25, 4));
    let mut second = window(Space::Map, None);
    drop_file(&mut second, path);
    until_restored(&mut second, &scene(&first));
    assert_eq!(
        second.state().controls().view,
        first.state().controls().view
    );
}
