//! Films out of the window, and their scenes back into it.

use std::{fs::File, io::BufReader, path::Path};

use dashboard::state::{controls::Space, scene::MORPH_STEPS, timeline::Stops};
use eframe::egui::{Key, accesskit::Role};
use egui_kittest::kittest::Queryable as _;
use image::{AnimationDecoder as _, Frame, codecs::gif::GifDecoder};

use crate::{
    files::drop_file,
    support::{
        Window, click, manifest, save_as, scene, serve, until_restored, until_shown, until_told,
        window,
    },
};

/// Chooses a film of the menu, types a path and saves there.
fn film(window: &mut Window, entry: &str, path: &Path) {
    click(window, "File");
    click(window, "Films");
    click(window, entry);
    save_as(window, path);
}

/// The images of a film in a file.
pub fn frames(path: &Path) -> Vec<Frame> {
    let reader = BufReader::new(File::open(path).expect("the file is there"));
    let decoder = GifDecoder::new(reader).expect("it is a GIF");
    let frames = decoder.into_frames().collect_frames();
    frames.expect("all whole")
}

#[test]
fn a_film_of_the_morph_goes_there_and_back_and_brings_its_scene_back() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("morph.gif");
    let mut window = window(Space::Anchors, None);
    let before = scene(&window);
    film(&mut window, "Save morph as GIF…", &path);
    until_shown(&mut window, "Drawing the morph");
    until_told(&mut window, "Saved");
    assert!(window.query_by_label("Cancel film").is_none());
    let frames = frames(&path);
    assert_eq!(frames.len(), 2 * MORPH_STEPS - 2);
    assert_eq!(frames[0].buffer().dimensions(), (224, 224));

    window.key_press(Key::Num8);
    serve(&mut window, &manifest(None));
    drop_file(&mut window, path);
    until_restored(&mut window, &before);
}

#[test]
fn a_film_that_is_cancelled_leaves_no_file() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("walk.gif");
    let mut window = window(Space::Explore, None);
    film(&mut window, "Save walk as GIF…", &path);
    until_shown(&mut window, "Cancel film");
    // A panel takes a pass to find its size.
    window.step();
    window.get_by_label("Cancel film").click();
    window.step();
    window.step();
    assert!(window.query_by_label("Cancel film").is_none());
    assert!(!path.exists());
    // The same film can be asked for again, though its first images were asked for already.
    film(&mut window, "Save walk as GIF…", &path);
    until_told(&mut window, "Saved");
    assert!(path.is_file());
    film(&mut window, "Save walk as GIF…", &path);
    window.step();
    until_told(&mut window, "Saved");
}

#[test]
fn a_film_of_a_show_brings_its_bookmarks_along() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("show.gif");
    let mut first = window(Space::Explore, None);
    for key in [Key::B, Key::Num8, Key::B] {
        first.key_press(key);
        serve(&mut first, &manifest(None));
    }
    first.get_by_label("stops of the show").click();
    first.run();
    first
        .get_by_role_and_label(Role::Button, "Bookmarks")
        .click();
    serve(&mut first, &manifest(None));
    let before = scene(&first);
    film(&mut first, "Save show as GIF…", &path);
    until_told(&mut first, "Saved");

    let mut second = window(Space::Explore, None);
    drop_file(&mut second, path);
    until_restored(&mut second, &before);
    let controls = second.state().controls();
    assert_eq!(controls.timeline.stops, Stops::Bookmarks);
    let shelf = controls.shelf();
    let names: Vec<_> = shelf.iter().map(|kept| kept.name.as_str()).collect();
    assert_eq!(names, ["3", "8"]);
}
