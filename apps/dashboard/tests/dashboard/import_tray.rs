//! The import card with several pictures, in windows of any size, and for models of every family.

use std::path::{Path, PathBuf};

use dashboard::state::{controls::Space, scene::Start};
use eframe::egui::Key;
use egui_kittest::kittest::Queryable as _;
use studio::Manifest;

use crate::{
    files::drop_file,
    import_support::{extent, import, is_settled, settle, shown, two_bars, until, use_it, written},
    support::{
        self, Window, diffusion, gan, manifest, scene, serve, window, window_of, window_sized,
    },
};

/// Three files, of which the middle one is text.
fn tray(folder: &Path) -> Vec<PathBuf> {
    let bars = two_bars();
    let notes = folder.join("notes.png");
    std::fs::write(&notes, "this is text").expect("it can be written");
    vec![
        written(folder, "first.png", &bars),
        notes,
        written(folder, "last.png", &image::imageops::rotate90(&bars)),
    ]
}

#[test]
fn several_pictures_become_a_tray() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut window = window(Space::Explore, None);
    for path in tray(folder.path()) {
        drop_file(&mut window, path);
    }
    until(
        &mut window,
        &manifest(None),
        "all were looked at",
        |window| {
            is_settled(window)
                && window
                    .query_by_label_contains("picture 2 of 3: notes.png, cannot be read")
                    .is_some()
        },
    );
    window.get_by_label("1 of 3");
    assert_eq!(
        window.state().notices().shown().count(),
        0,
        "it stops nothing"
    );
    window.get_by_label("picture 3 of 3: last.png").click();
    until(
        &mut window,
        &manifest(None),
        "the last one is shown",
        |window| is_settled(window) && window.query_by_label("3 of 3").is_some(),
    );
    assert_eq!(extent(&shown(&window)), (20, 5), "a bar that was turned");
    use_it(&mut window);
    let said = window
        .state()
        .notices()
        .last()
        .expect("it says something")
        .1;
    assert_eq!(said, "last.png: used. 1 more in the tray: press I.");
    // The next one that was not used comes by itself.
    window.key_press(Key::I);
    until(
        &mut window,
        &manifest(None),
        "the first one is shown",
        |window| is_settled(window) && window.query_by_label("1 of 3").is_some(),
    );
    window.get_by_label("picture 3 of 3: last.png, used");
    // Pictures that are dropped on the card join it.
    let more = written(folder.path(), "more.png", &two_bars());
    drop_file(&mut window, more);
    until(&mut window, &manifest(None), "there are four", |window| {
        is_settled(window) && window.query_by_label("4 of 4").is_some()
    });
}

/// From a small window to a large one, also zoomed: the picture and the buttons are there, and nothing leaves the window.
#[test]
fn the_card_fits_into_any_window() {
    for (size, zoom) in [
        ([640.0, 400.0], 1.0),
        ([1440.0, 900.0], 1.0),
        ([733.0, 427.0], 1.5),
        ([480.0, 300.0], 3.0),
        ([3840.0, 2160.0], 1.0),
    ] {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let mut window = window_sized(Space::Explore, size, zoom);
        serve(&mut window, &manifest(None));
        for path in tray(folder.path()) {
            drop_file(&mut window, path);
        }
        settle(&mut window);
        serve(&mut window, &manifest(None));
        let screen = window.ctx.content_rect();
        let rects: Vec<_> = [
            "picture to crop",
            "Use it",
            "Cancel",
            "reset the adjustments",
        ]
        .map(|label| window.get_by_label(label).rect())
        .to_vec();
        for (index, rect) in rects.iter().enumerate() {
            assert!(screen.contains_rect(*rect), "{size:?}: {rect}");
            for other in &rects[index + 1..] {
                assert!(
                    !rect.intersect(*other).is_positive(),
                    "{size:?}: {rect} and {other}"
                );
            }
        }
        // Enough of the picture to see what is on it.
        assert!(
            rects[0].width() >= 150.0 && rects[0].height() >= 40.0,
            "{size:?}: {}",
            rects[0]
        );
    }
}

/// Drops the page on a model, and waits for the card.
fn card_of(manifest: &Manifest) -> Window {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = written(folder.path(), "bars.png", &two_bars());
    let mut window = window_of(Space::Explore, manifest);
    drop_file(&mut window, path);
    until(&mut window, manifest, "it is shown or used", |window| {
        is_settled(window) || matches!(scene(window).start, Start::Image(_))
    });
    if !import(&window).is_open {
        window.key_press(Key::I);
        until(&mut window, manifest, "it is shown", is_settled);
    }
    window
}

#[test]
fn a_model_in_colour_has_no_threshold() {
    let mut window = card_of(&support::unjudged());
    assert!(window.query_by_label("By hand").is_none());
    // In the card, and behind it.
    let unjudged = "No classifier came with this model; choose a judge.";
    assert_eq!(window.query_all_by_label(unjudged).count(), 2);
    window.get_by_label("On").click();
    until(
        &mut window,
        &support::unjudged(),
        "it is settled",
        is_settled,
    );
    // Paper of 230 becomes 25 of 255.
    assert!(shown(&window).values()[0] < 0.11);
}

#[test]
fn a_model_without_an_encoder_takes_a_picture_as_far_as_it_can() {
    let mut window = card_of(&gan());
    // In the card, and behind it.
    let searches = window.query_all_by_label_contains("it searches for a latent");
    assert_eq!(searches.count(), 2);
    window.key_press(Key::Enter);
    until(&mut window, &gan(), "it is used", |window| {
        matches!(scene(window).start, Start::Image(_))
    });

    let mut window = card_of(&diffusion());
    let cannot = window.query_all_by_label_contains("A diffusion has no encoder");
    assert_eq!(cannot.count(), 2);
    let before = scene(&window);
    window.key_press(Key::Enter);
    serve(&mut window, &diffusion());
    assert_eq!(scene(&window), before);
    assert!(import(&window).is_open);
}
