//! Two windows at once: what each keeps stays, whoever writes last. And a file that is there is replaced only by who was told.

use std::fs;

use dashboard::state::{
    bookmarks::{BOOKMARKS, Lists},
    controls::Space,
    notebook::{NOTEBOOK, Note, Notebook},
};
use eframe::egui::{Key, accesskit::Role};
use egui_kittest::kittest::Queryable as _;

use crate::{
    memory::window_in,
    support::{Window, click, manifest, model, save_as, serve, until_shown, until_told, window},
};

fn keep(window: &mut Window, digit: Key) {
    window.key_press(digit);
    serve(window, &manifest(None));
    window.key_press(Key::B);
    serve(window, &manifest(None));
}

fn names(folder: &std::path::Path) -> Vec<String> {
    let text = fs::read_to_string(BOOKMARKS.path(folder)).expect("it was written");
    let lists: Lists = BOOKMARKS.parse(&text).expect("it can be read");
    lists[&model()].iter().map(|b| b.name.clone()).collect()
}

#[test]
fn bookmarks_of_two_windows_are_all_kept() {
    let folder = tempfile::tempdir().expect("there is room");
    let mut before = window_in(folder.path());
    keep(&mut before, Key::Num1);
    drop(before);
    let mut one = window_in(folder.path());
    let mut other = window_in(folder.path());
    keep(&mut one, Key::Num2);
    keep(&mut other, Key::Num3);
    drop(other);
    drop(one);
    assert_eq!(names(folder.path()), ["1", "3", "2"]);
    let left: Vec<_> = fs::read_dir(folder.path()).expect("a folder").collect();
    assert_eq!(left.len(), 3, "the lock is gone: {left:?}");
}

/// Two windows, of which the first notes one dimension and the second another; a deletion counts as a change, too.
#[test]
fn names_of_two_windows_are_all_kept() {
    let note = |name: &str| Note {
        name: name.to_owned(),
        text: String::new(),
    };
    let with = |notes: &[(usize, &str)]| {
        let mut book = Notebook::default();
        for (dim, name) in notes {
            book.set_note("weights", *dim, note(name));
        }
        book
    };
    let before = with(&[(1, "slant"), (2, "width")]);
    let now = with(&[(2, "weight"), (3, "loop")]);
    let there = with(&[(1, "slant"), (2, "width"), (4, "hook")]);
    let merged = dashboard::state::notebook::merged(&before, &now, there);
    assert_eq!(merged, with(&[(2, "weight"), (3, "loop"), (4, "hook")]));

    let folder = tempfile::tempdir().expect("there is room");
    let written = std::sync::Mutex::new(Notebook::default());
    for (dim, book) in [(1, with(&[(1, "a")])), (2, with(&[(2, "b")]))] {
        let written = if dim == 1 {
            &written
        } else {
            // Another window, which read nothing.
            &std::sync::Mutex::new(Notebook::default())
        };
        let merge = dashboard::state::notebook::merged;
        let kept = NOTEBOOK.merge(folder.path(), written, book, merge);
        assert_eq!(kept, Ok(()));
    }
    let text = fs::read_to_string(NOTEBOOK.path(folder.path())).expect("it was written");
    let both: Notebook = NOTEBOOK.parse(&text).expect("it can be read");
    assert_eq!(both, with(&[(1, "a"), (2, "b")]));
}

#[test]
fn a_file_that_is_there_is_replaced_only_by_who_was_told() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("seven.png");
    fs::write(&path, "mine").expect("a file");
    let mut window = window(Space::Explore, None);
    click(&mut window, "File");
    click(&mut window, "Save image as PNG…");
    save_as(&mut window, &path);
    until_shown(&mut window, "There is a seven.png already.");
    assert_eq!(fs::read_to_string(&path).expect("a file"), "mine");
    // Enter does not replace it.
    window.get_by_label("path").focus();
    window.run();
    window.key_press(Key::Enter);
    window.run();
    assert_eq!(fs::read_to_string(&path).expect("a file"), "mine");
    // Another name is free.
    let other = folder.path().join("eight.png");
    save_as(&mut window, &other);
    until_told(&mut window, "Saved");
    assert!(other.is_file());
    // Who was told may replace it.
    click(&mut window, "File");
    click(&mut window, "Save image as PNG…");
    save_as(&mut window, &path);
    until_shown(&mut window, "There is a seven.png already.");
    let replace = window.get_by_role_and_label(Role::Button, "Replace it");
    replace.click();
    window.step();
    until_told(&mut window, &format!("Saved {}", path.display()));
    assert_ne!(fs::read(&path).expect("a file"), b"mine");
}
