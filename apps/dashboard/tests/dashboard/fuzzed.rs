//! Changed files of the window's own: it opens with each, and draws. See the library of `acceptance-tests`.

use std::fs;

use acceptance_tests::{Seeds, fuzz};
use dashboard::state::{
    bookmarks::{BOOKMARKS, lists},
    controls::Space,
    memory::SESSION,
    notebook::{NOTEBOOK, Notebook},
};
use eframe::egui::Key;

use crate::{
    memory::{session_of_version_1, window_in},
    support::{manifest, serve, window},
};

/// Opening a window takes some hundredths of a second.
const CHANGES: usize = 60;

/// Opens a window on each changed file in this place.
fn open_with(target: &str, seed: String, path: impl Fn(&std::path::Path) -> std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let files = [seed.into_bytes()];
    let seeds = Seeds {
        changes: CHANGES,
        ..Seeds::text(target, &files)
    };
    fuzz(&seeds, |bytes| {
        // What is set aside would make the next one a second damaged file.
        for entry in fs::read_dir(folder.path()).expect("the folder") {
            fs::remove_file(entry.expect("a file").path()).expect("it can be removed");
        }
        fs::write(path(folder.path()), bytes).expect("a file");
        let mut window = window_in(folder.path());
        window.step();
        window.step();
    });
}

#[test]
fn sessions() {
    open_with("session", session_of_version_1(), |folder| {
        SESSION.path(folder)
    });
}

#[test]
fn notebooks() {
    let text = NOTEBOOK
        .text(&Notebook::after_the_tour())
        .expect("it has a form");
    let text = text.replace("notes: {}", "notes: {\"ab\": {3: (name: \"size\")}}");
    open_with("notebook", text, |folder| NOTEBOOK.path(folder));
}

#[test]
fn bookmarks() {
    let mut window = window(Space::Explore, None);
    for _ in 0..2 {
        window.key_press(Key::B);
        serve(&mut window, &manifest(None));
    }
    let kept = lists(&window.state().controls().bookmarks);
    assert_eq!(kept.values().map(Vec::len).sum::<usize>(), 2);
    let text = BOOKMARKS.text(&kept).expect("it has a form");
    open_with("bookmarks", text, |folder| BOOKMARKS.path(folder));
}
