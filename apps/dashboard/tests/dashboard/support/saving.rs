//! The menu that saves, and waiting for what the window does then.

use std::{path::Path, thread::sleep, time::Duration};

use dashboard::state::scene::Scene;
use eframe::egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::Queryable as _;

use super::{
    manifests::manifest,
    person::scene,
    windows::{Window, serve},
    worker::{answer, published},
};

/// Clicks on what has this label, and serves what that asks for.
pub fn click(window: &mut Window, label: &str) {
    window.get_by_label(label).click();
    serve(window, &manifest(None));
}

/// Chooses an entry of the menu, types a path and saves there.
pub fn save(window: &mut Window, entry: &str, path: &Path) {
    click(window, "File");
    click(window, entry);
    save_as(window, path);
}

/// Types a path into the dialog that is open, and saves there.
pub fn save_as(window: &mut Window, path: &Path) {
    window.get_by_label("path").focus();
    window.run();
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    let text = path.display().to_string();
    window.get_by_label("path").type_text(&text);
    window.run();
    window.get_by_role_and_label(Role::Button, "Save").click();
    window.step();
}

/// Serves the window until it says something that begins like this.
pub fn until_told(window: &mut Window, start: &str) -> String {
    for _ in 0..500 {
        window.step();
        for job in window.state_mut().take_jobs() {
            let reply = answer(&job.request, &manifest(None));
            let answer = published(job, Ok(reply));
            window.state_mut().receive(answer);
        }
        let shown = window.state().notices().shown();
        let found = shown.map(|notice| notice.text.clone());
        if let Some(text) = found.into_iter().find(|text| text.starts_with(start)) {
            return text;
        }
        sleep(Duration::from_millis(10));
    }
    panic!("it never said {start}");
}

/// Serves the window until its scene is this one.
pub fn until_restored(window: &mut Window, expected: &Scene) {
    for _ in 0..500 {
        serve(window, &manifest(None));
        if scene(window) == *expected {
            return;
        }
        sleep(Duration::from_millis(10));
    }
    assert_eq!(scene(window), *expected);
}

/// Serves the window until something in it has a label that contains this.
pub fn until_shown(window: &mut Window, label: &str) {
    for _ in 0..500 {
        window.step();
        if window.query_all_by_label_contains(label).next().is_some() {
            return;
        }
        sleep(Duration::from_millis(10));
    }
    panic!("it never showed {label}");
}
