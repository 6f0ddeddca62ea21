//! Undo: a step a gesture, in words before it is taken, also for what a person keeps and deletes.

use dashboard::state::{controls::Space, undo::History};
use eframe::egui::{Event, Key, Modifiers, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::support::{Window, double_click, latent, manifest, serve, slider, window};

fn undo(window: &mut Window) {
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    serve(window, &manifest(None));
}

fn settle(window: &mut Window) {
    serve(window, &manifest(None));
}

/// What the Undo button says under the pointer.
fn hint(window: &mut Window) -> String {
    let button = window.get_by_label("Undo").rect().center();
    window.hover_at(button);
    for _ in 0..100 {
        window.step();
        let mut hints = window.query_all_by_label_contains("(Ctrl+Z)");
        // A text is the value of its label.
        if let Some(text) = hints.find_map(|node| node.accesskit_node().value()) {
            return text;
        }
    }
    panic!("no hint came");
}

#[test]
fn a_key_that_is_held_is_one_step() {
    let mut window = window(Space::Explore, None);
    let before = latent(&window);
    window.get_by_label(&slider(3)).focus();
    window.run();
    window.key_down(Key::ArrowRight);
    window.step();
    for _ in 0..4 {
        // As a keyboard repeats it.
        window.key_down(Key::ArrowRight);
        window.step();
    }
    window.key_up(Key::ArrowRight);
    window.step();
    settle(&mut window);
    let after = latent(&window);
    assert!(after[3] > before[3] + 0.5, "{}", after[3]);
    undo(&mut window);
    assert_eq!(latent(&window), before);
}

#[test]
fn two_clicks_are_one_step() {
    let mut window = window(Space::Explore, None);
    window.get_by_label(&slider(1)).set_value_accesskit(1.5);
    settle(&mut window);
    let before = latent(&window);
    let rect = window.get_by_label(&slider(1)).rect();
    let place = rect.lerp_inside(vec2(0.2, 0.5));
    window.hover_at(place);
    window.step();
    double_click(&mut window, place);
    settle(&mut window);
    assert_eq!(latent(&window)[1], 0.0);
    // The first click had moved the slider.
    undo(&mut window);
    assert_eq!(latent(&window), before);
}

/// Something that a person does, given the label of a slider.
type Change = fn(&mut Window, &str);

#[test]
fn undo_says_what_it_takes_back() {
    let mut window = window(Space::Explore, None);
    assert!(window.get_by_label("Undo").accesskit_node().is_disabled());
    let slider = slider(3);
    let steps: [(&str, Change); 3] = [
        ("Undo the change of z3 (Ctrl+Z)", |window, slider| {
            window.get_by_label(slider).set_value_accesskit(1.0);
        }),
        ("Undo the random draw (Ctrl+Z)", |window, _| {
            window.get_by_label("Randomise").click();
        }),
        ("Undo the locks (Ctrl+Z)", |window, _| {
            window.get_by_label("lock z1").click();
        }),
    ];
    for (expected, change) in steps {
        change(&mut window, &slider);
        settle(&mut window);
        assert_eq!(hint(&mut window), expected);
    }
    assert!(History::default().undone_in_words().is_none());
}

#[test]
fn a_direction_that_was_deleted_keeps_its_place_and_comes_back() {
    let mut window = window(Space::Explore, None);
    window.get_by_label("Directions").click();
    window.run();
    for _ in 0..2 {
        window.get_by_label("keep this direction").click();
        settle(&mut window);
        window.get_by_label("direction to class").click();
        window.run();
        window.get_by_label("5").click();
        settle(&mut window);
    }
    let second = window.get_by_label("delete from 0 to 5").rect();
    window.get_by_label("delete from 0 to 3").click();
    settle(&mut window);
    assert!(window.query_by_label("from 0 to 3 (kept)").is_none());
    assert_eq!(window.get_by_label("delete from 0 to 5").rect(), second);
    window.get_by_label("bring from 0 to 3 back").click();
    settle(&mut window);
    let names = |window: &Window| {
        let first = window.get_by_label("from 0 to 3 (kept)").rect().top();
        let second = window.get_by_label("from 0 to 5 (kept)").rect().top();
        assert!(first < second);
    };
    names(&window);
    // By the keyboard as well, after the list was left.
    window.get_by_label("delete from 0 to 3").click();
    settle(&mut window);
    undo(&mut window);
    names(&window);
}

/// Shift came up before the sign did, so the window hears of an equals sign that comes up, and never of the plus.
#[test]
fn a_sign_that_seems_to_stay_down_stops_no_undo() {
    let mut window = window(Space::Explore, None);
    window.input_mut().events.push(Event::Key {
        key: Key::Plus,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::COMMAND | Modifiers::SHIFT,
    });
    window.run();
    let before = latent(&window);
    window.get_by_label(&slider(1)).set_value_accesskit(2.0);
    serve(&mut window, &manifest(None));
    assert_ne!(latent(&window), before);
    undo(&mut window);
    assert_eq!(latent(&window), before);
}
