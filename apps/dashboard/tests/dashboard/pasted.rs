//! Paths on the clipboard: what desktops and terminals put there when a file is copied.

use std::path::PathBuf;

use dashboard::state::{controls::Space, pasted::paths, scene::Start};
use eframe::egui::Event;

use crate::support::{manifest, scene, serve, window};

#[test]
fn paths_are_plain_in_quotes_or_addresses() {
    let one = |path: &str| Some(vec![PathBuf::from(path)]);
    for (text, expected) in [
        ("/tmp/a b.png", one("/tmp/a b.png")),
        ("  '/tmp/a b.png'\n", one("/tmp/a b.png")),
        ("\"/tmp/a.png\"", one("/tmp/a.png")),
        ("file:///tmp/a%20b%C3%A9.png", one("/tmp/a bé.png")),
        ("file://localhost/tmp/100%25.png", one("/tmp/100%.png")),
        ("file:///tmp/50%", one("/tmp/50%")),
        (
            "copy\nfile:///tmp/a.png\nfile:///tmp/b.png",
            Some(vec!["/tmp/a.png".into(), "/tmp/b.png".into()]),
        ),
        ("a.png", None),
        ("/tmp/a.png\nand some words", None),
        ("", None),
    ] {
        assert_eq!(paths(text), expected, "{text}");
    }
}

#[test]
fn a_copied_file_is_opened() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("a bar.png");
    // A bar in the middle of white paper, which leaves no doubt.
    let drawn = image::GrayImage::from_fn(60, 60, |x, y| {
        let ink = (26..34).contains(&x) && (10..50).contains(&y);
        image::Luma([if ink { 0 } else { 255 }])
    });
    drawn.save(&path).expect("it can be written");
    let address = format!("file://{}", path.display()).replace(' ', "%20");
    for text in [address, format!("'{}'", path.display())] {
        let mut window = window(Space::Explore, None);
        window.event(Event::Paste(text));
        for _ in 0..500 {
            window.step();
            serve(&mut window, &manifest(None));
            if matches!(scene(&window).start, Start::Image(_)) {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        let Start::Image(image) = scene(&window).start else {
            panic!("it was not opened");
        };
        assert_eq!(image.name, "a bar.png");
    }
}
