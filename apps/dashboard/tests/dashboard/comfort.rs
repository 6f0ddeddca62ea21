//! Comfort: zoom, themes, and names for everything that can be used.

use std::collections::HashSet;

use dashboard::state::controls::Space;
use eframe::egui::{Key, Memory, Modifiers, ThemePreference, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::support::{Window, window};

const CONTROLS: [Role; 9] = [
    Role::Button,
    Role::CheckBox,
    Role::Slider,
    Role::SpinButton,
    Role::ComboBox,
    Role::RadioButton,
    Role::TextInput,
    Role::Link,
    Role::ListBoxOption,
];

/// Looks at everything a screen reader finds; how many controls there are.
fn check_names(window: &Window, place: &str) -> usize {
    let mut count = 0;
    let mut ahead = vec![window.root()];
    while let Some(node) = ahead.pop() {
        ahead.extend(node.children());
        let access = node.accesskit_node();
        if !CONTROLS.contains(&access.role()) {
            continue;
        }
        count += 1;
        let named = [access.label(), access.value()]
            .into_iter()
            .flatten()
            .any(|name| !name.trim().is_empty());
        let rect = node.rect();
        assert!(
            named,
            "{place}: a {:?} at {rect} has no name",
            access.role()
        );
    }
    count
}

#[test]
fn every_control_of_every_space_has_a_name() {
    for space in Space::ALL {
        let window = window(space, None);
        let count = check_names(&window, space.title());
        // The tabs, the models and the buttons on top are twelve.
        assert!(count >= 12, "{}: only {count} controls", space.title());
    }
}

#[test]
fn what_opens_over_the_window_has_names_too() {
    let mut window = window(Space::Explore, None);
    let mut check = |place: &str, open: &mut dyn FnMut(&mut Window)| {
        open(&mut window);
        window.run();
        check_names(&window, place);
        window.key_press(Key::Escape);
        window.run();
    };
    check("palette", &mut |window| {
        window.key_press_modifiers(Modifiers::COMMAND, Key::K);
    });
    check("name", &mut |window| window.key_press(Key::N));
    check("help", &mut |window| window.key_press(Key::Questionmark));
    check("path", &mut |window| {
        window.key_press_modifiers(Modifiers::COMMAND, Key::O);
    });
    check("sheet", &mut |window| window.key_press(Key::D));
    check("directions", &mut |window| {
        window.get_by_label("Directions").click();
    });
    check("what if", &mut |window| {
        window.key_press(Key::F3);
        window.run();
        window.get_by_label("What if").click();
    });
}

#[test]
fn the_keyboard_zooms_in_out_and_back() {
    let mut window = window(Space::Explore, None);
    let zoom = |window: &Window| window.ctx.zoom_factor();
    window.key_press_modifiers(Modifiers::COMMAND, Key::Plus);
    window.run();
    assert!(zoom(&window) > 1.0);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num0);
    window.run();
    assert_eq!(zoom(&window), 1.0);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Minus);
    window.run();
    assert!(zoom(&window) < 1.0);
}

#[test]
fn the_theme_is_dark_light_or_the_systems() {
    let mut window = window(Space::Explore, None);
    for (name, theme) in [
        ("Light", ThemePreference::Light),
        ("Dark", ThemePreference::Dark),
        ("As the system", ThemePreference::System),
    ] {
        window.get_by_label("Theme").click();
        window.run();
        window.get_by_label(name).click();
        window.run();
        let now = window.ctx.options(|options| options.theme_preference);
        assert_eq!(now, theme);
    }
}

#[test]
fn the_tab_key_goes_through_the_controls() {
    let mut window = window(Space::Explore, None);
    let mut seen = HashSet::new();
    for _ in 0..8 {
        window.key_press(Key::Tab);
        window.run();
        let focused = window.ctx.memory(Memory::focused);
        seen.insert(focused.expect("something has the focus"));
    }
    assert_eq!(seen.len(), 8, "each step goes to another control");
}

#[test]
fn what_opens_over_a_small_window_fits_into_it() {
    for (key, modifiers, label) in [
        (Key::Questionmark, Modifiers::NONE, "This list"),
        (Key::K, Modifiers::COMMAND, "search commands"),
        (Key::D, Modifiers::NONE, "drawing sheet"),
        (Key::N, Modifiers::NONE, "Keep"),
    ] {
        let mut window = window(Space::Explore, None);
        window.key_press_modifiers(modifiers, key);
        window.run();
        let screen = window.ctx.content_rect();
        let rect = window.get_by_label(label).rect();
        assert!(screen.contains_rect(rect), "{label} at {rect}");
        if let Some(close) = window.query_by_label("Close") {
            assert!(screen.contains_rect(close.rect()));
        }
    }
}
