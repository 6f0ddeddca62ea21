//! Pins: pictures of the person's own that stay on the map.

use dashboard::state::{
    map::{MOST_PINS, MapNotes, Pin},
    scene::{InputImage, Start},
};
use datasets::Image;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::{
    deeper::kept,
    files::drop_file,
    memory::window_in,
    support::{DIMS, Window, digits, latent, manifest, scene, serve},
};

/// Presses a button of the panel, also one that has to be scrolled to.
fn press(window: &mut Window, label: &str) {
    window.get_by_label(label).click_accesskit();
    serve(window, &manifest(None));
}

fn weights() -> String {
    "ab".repeat(32)
}

/// Drops a picture on the window and waits until it was encoded.
fn open_picture(window: &mut Window, folder: &std::path::Path, name: &str) {
    let path = folder.join(name);
    let drawn = image::GrayImage::from_fn(60, 60, |x, _| {
        image::Luma([if (20..40).contains(&x) { 0 } else { 255 }])
    });
    drawn.save(&path).expect("it can be written");
    drop_file(window, path);
    for _ in 0..200 {
        serve(window, &manifest(None));
        if matches!(&scene(window).start, Start::Image(image) if image.name == name) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("it was never encoded");
}

fn on_the_map(window: &mut Window) {
    window.key_press(Key::F4);
    serve(window, &manifest(None));
}

#[test]
fn a_picture_of_mine_is_pinned_found_again_and_taken_away() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut window = window_in(folder.path());
    on_the_map(&mut window);
    let pin = window.get_by_label("Pin this picture");
    assert!(
        pin.accesskit_node().is_disabled(),
        "the latent came from a class"
    );
    open_picture(&mut window, folder.path(), "seven.png");
    on_the_map(&mut window);
    press(&mut window, "Pin this picture");
    window.key_press(Key::F1);
    window.key_press(Key::Num2);
    serve(&mut window, &manifest(None));
    on_the_map(&mut window);
    assert_ne!(latent(&window), vec![1.5; DIMS]);
    press(&mut window, "go to seven.png");
    assert_eq!(latent(&window), vec![1.5; DIMS]);
    assert!(matches!(&scene(&window).start, Start::Image(image) if image.name == "seven.png"));
    drop(window);
    assert_eq!(kept(folder.path()).map_notes(&weights()).pins.len(), 1);

    let mut window = window_in(folder.path());
    on_the_map(&mut window);
    press(&mut window, "take the pin seven.png away");
    assert!(window.query_by_label("go to seven.png").is_none());
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    serve(&mut window, &manifest(None));
    window.get_by_label("go to seven.png");
}

#[test]
fn what_i_open_is_pinned_if_i_ask_for_it_and_test_images_never() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut window = window_in(folder.path());
    on_the_map(&mut window);
    press(&mut window, "Pin what I open");
    window.key_press(Key::F1);
    serve(&mut window, &manifest(None));
    press(&mut window, "next test image");
    open_picture(&mut window, folder.path(), "seven.png");
    on_the_map(&mut window);
    window.get_by_label("go to seven.png");
    let pins = window.query_all_by_label_contains("go to ").count();
    assert_eq!(pins, 1, "the test image is none of mine");
    press(&mut window, "Pin what I open");
    open_picture(&mut window, folder.path(), "eight.png");
    on_the_map(&mut window);
    assert!(window.query_by_label("go to eight.png").is_none());
}

#[test]
fn a_map_holds_so_many_pins_and_the_oldest_gives_way() {
    let pin = |name: String| Pin {
        latent: vec![0.0; DIMS],
        image: InputImage {
            name: name.clone(),
            label: None,
            encoded_as: None,
            drawn_on: false,
            image: Image::black(digits()),
        },
        name,
    };
    let mut notes = MapNotes::default();
    for at in 0..=MOST_PINS {
        notes.pin(pin(at.to_string()));
    }
    notes.pin(pin("7".to_owned()));
    assert_eq!(notes.pins.len(), MOST_PINS);
    assert_eq!(notes.pins[0].name, "1");
    assert_eq!(notes.pins[MOST_PINS - 1].name, "7", "it was pinned again");
    assert!(notes.pins[0].fits(DIMS) && !notes.pins[0].fits(DIMS + 1));
}
