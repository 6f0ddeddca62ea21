//! Presenter mode: the picture and the verdict, by keyboard and clicker.

use dashboard::state::controls::Space;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use dashboard::state::channel::Channel;

use crate::find::open_palette;
use crate::support::{Window, latent, manifest, odd, serve, unlabelled, window, window_of};

fn press(window: &mut Window, key: Key) {
    window.key_press(key);
    serve(window, &manifest(None));
}

#[test]
fn presenting_leaves_the_picture_and_the_verdict_and_escape_brings_the_rest_back() {
    let mut window = window(Space::Explore, None);
    for key in [Key::F11, Key::F5] {
        press(&mut window, key);
        assert!(window.state().presenting());
        window.get_by_label("presented image");
        assert!(window.query_by_label("Randomise").is_none());
        assert!(window.query_by_label("File").is_none());
        press(&mut window, Key::Escape);
        assert!(window.query_by_label("presented image").is_none());
        window.get_by_label("Randomise");
    }
}

#[test]
fn digits_choose_classes_and_page_keys_step_through_bookmarks() {
    let mut window = window(Space::Anchors, None);
    press(&mut window, Key::B);
    press(&mut window, Key::F11);
    press(&mut window, Key::Num8);
    assert_eq!(latent(&window)[0], 8.0);
    window.get_by_label("Anchor of class 8");
    open_palette(&mut window, "keep this as a bookmark");
    press(&mut window, Key::Enter);
    press(&mut window, Key::PageUp);
    assert_eq!(latent(&window)[0], 3.0);
    window.get_by_label("1/2  3");
    press(&mut window, Key::PageDown);
    assert_eq!(latent(&window)[0], 8.0);
    press(&mut window, Key::ArrowLeft);
    assert_eq!(latent(&window)[0], 3.0);
    let space = window.state().controls().space;
    assert_eq!(space, Space::Anchors, "it is where it was");
}

/// The key of a clicker for it sends a full stop or a B.
#[test]
fn a_clicker_shows_black_and_the_picture_again() {
    let mut window = window(Space::Explore, None);
    press(&mut window, Key::Period);
    window.get_by_label("Randomise");
    press(&mut window, Key::F11);
    for key in [Key::Period, Key::B] {
        press(&mut window, key);
        let black = window.get_by_label("black screen").rect();
        assert_eq!(black, window.ctx.content_rect());
        assert!(window.query_by_label("presented image").is_none());
        assert!(window.query_by_label_contains("Anchor of class").is_none());
        press(&mut window, key);
        window.get_by_label("presented image");
    }
    assert!(
        window.state().controls().shelf().is_empty(),
        "B keeps none here"
    );
    // What takes the keys is seen, and the next presentation begins with the picture.
    press(&mut window, Key::Period);
    open_palette(&mut window, "undo");
    press(&mut window, Key::Escape);
    window.get_by_label("black screen");
    press(&mut window, Key::Escape);
    window.get_by_label("Randomise");
    press(&mut window, Key::F11);
    window.get_by_label("presented image");
}

#[test]
fn the_space_bar_plays_and_only_frames_are_asked_for() {
    let mut window = window(Space::Explore, None);
    press(&mut window, Key::F11);
    window.key_press(Key::Space);
    let mut channels = Vec::new();
    for _ in 0..6 {
        window.step();
        let jobs = window.state_mut().take_jobs();
        channels.extend(jobs.into_iter().map(|job| job.channel));
    }
    assert!(window.state().playing());
    assert!(channels.len() > 2, "{channels:?}");
    assert!(channels.iter().all(|channel| *channel == Channel::Frame));
    window.key_press(Key::Space);
    window.step();
    window.step();
    assert!(!window.state().playing());
}

#[test]
fn the_last_line_names_the_digits_that_lead_somewhere() {
    let cases = [
        (manifest(None), "0–9 class   PgUp"),
        (odd(3), "0–2 class   PgUp"),
        (odd(37), "0–9 class   PgUp"),
        (unlabelled(), "0 typical image   PgUp"),
    ];
    for (model, said) in cases {
        let mut window = window_of(Space::Explore, &model);
        window.key_press(Key::F11);
        serve(&mut window, &model);
        let line = window.get_by_label_contains(said).rect();
        assert!(line.right() <= 1280.0 && line.bottom() <= 720.0, "{line}");
    }
}

/// A dialog takes the keys, so it has to be seen, and both ways out of presenter mode stay open.
#[test]
fn no_key_locks_the_presenter_in() {
    let keys = [
        (Modifiers::NONE, Key::N),
        (Modifiers::COMMAND, Key::O),
        (Modifiers::COMMAND, Key::S),
        (Modifiers::COMMAND, Key::K),
        (Modifiers::NONE, Key::Questionmark),
        (Modifiers::NONE, Key::D),
    ];
    for (modifiers, key) in keys {
        for out in [Key::F11, Key::F5, Key::Escape] {
            let mut window = window(Space::Explore, None);
            press(&mut window, Key::F11);
            window.key_press_modifiers(modifiers, key);
            serve(&mut window, &manifest(None));
            assert!(window.state().presenting(), "{key:?}");
            press(&mut window, out);
            if out == Key::Escape && window.state().presenting() {
                // The first one closed the dialog.
                press(&mut window, out);
            }
            assert!(!window.state().presenting(), "{key:?}, then {out:?}");
            // What is still open is on the screen, and the next key leads out of it.
            press(&mut window, Key::Escape);
            press(&mut window, Key::Num8);
            assert_eq!(latent(&window)[0], 8.0, "{key:?}, then {out:?}");
        }
    }
}

#[test]
fn a_dialog_is_seen_while_somebody_presents() {
    for (modifiers, key, label) in [
        (Modifiers::COMMAND, Key::O, "Cancel"),
        (Modifiers::COMMAND, Key::S, "Cancel"),
        (Modifiers::NONE, Key::N, "Cancel"),
    ] {
        let mut window = window(Space::Explore, None);
        press(&mut window, Key::F11);
        window.key_press_modifiers(modifiers, key);
        serve(&mut window, &manifest(None));
        window.get_by_label("presented image");
        window.get_by_label(label);
        press(&mut window, Key::Escape);
        assert!(window.query_by_label(label).is_none(), "{key:?}");
        assert!(window.state().presenting());
    }
}
