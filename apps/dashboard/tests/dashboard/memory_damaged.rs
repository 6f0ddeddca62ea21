//! Files of the window that are damaged in one place: the rest goes on, and nothing is lost.

use std::fs;

use dashboard::state::{
    bookmarks::{BOOKMARKS, Lists},
    controls::Space,
    memory::{Memory, SESSION},
    notebook::{NOTEBOOK, Note, Notebook},
    scene::Start,
};
use datasets::ClassId;
use eframe::egui::Key;

use crate::{
    memory::{notices, session_of_version_1, window_in},
    support::{manifest, serve},
};

/// A session in which one thing is replaced.
fn with(from: &str, to: &str) -> String {
    let text = session_of_version_1();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

#[test]
fn of_a_damaged_session_what_is_sound_goes_on() {
    let zeros = "0.25, ".repeat(crate::support::digits().values());
    for (from, to) in [
        // An image without pixels, a number that no number can be, a letter in a list.
        (zeros.as_str(), ""),
        ("sample: 17", "sample: 99999999999999999999"),
        ("selected: 2", "selected: x"),
        ("target: 4", "target: 70000"),
    ] {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let text = with(from, to);
        fs::write(SESSION.path(folder.path()), &text).expect("it can be written");
        let window = window_in(folder.path());
        let shown = notices(&window);
        assert_eq!(shown.len(), 1, "{to}: {shown:?}");
        assert!(shown[0].contains("session.aside.ron"), "{shown:?}");
        assert!(
            shown[0].contains("without what could not be read"),
            "{shown:?}"
        );
        let controls = window.state().controls();
        assert_eq!(controls.space, Space::Explain, "{to}");
        assert_eq!(controls.view.opacity, 0.25);
        let other = controls.compare.model.as_ref();
        assert_eq!(other, Some(&crate::support::shipped("fashion-mnist")));
        // The scene is a new one.
        let scene = controls.scene().expect("it is open");
        assert_eq!(scene.start, Start::Anchor(ClassId(3)));
        let aside = fs::read_to_string(folder.path().join("session.aside.ron"));
        assert_eq!(aside.expect("it is still there"), text);
    }
}

#[test]
fn a_part_that_is_no_part_leaves_the_others() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let text = with(
        "view: (overlay: true, opacity: 0.25, color_map: Viridis)",
        "view: 7",
    );
    fs::write(SESSION.path(folder.path()), text).expect("it can be written");
    let (memory, trouble) = SESSION.read::<Memory>(folder.path());
    assert!(trouble.is_some());
    let controls = memory.expect("most of it is sound").controls;
    assert_eq!(controls.space, Space::Explain);
    assert_eq!(controls.view.opacity, 0.5, "as on the first day");
    assert_eq!(
        controls.scenes[&crate::support::shipped("mnist")].selected,
        2
    );
}

/// Numbers that are numbers and lead nowhere.
#[test]
fn what_is_out_of_range_gives_way_without_a_word() {
    for (from, to) in [
        ("sample: 17", "sample: 18446744073709551615"),
        ("latent: [2.5, ", "latent: [NaN, "),
        ("latent: [2.5, ", "latent: [inf, "),
    ] {
        let folder = tempfile::tempdir().expect("a folder for the test");
        fs::write(SESSION.path(folder.path()), with(from, to)).expect("it can be written");
        let window = window_in(folder.path());
        assert_eq!(notices(&window), Vec::<String>::new());
        let controls = window.state().controls();
        assert_eq!(controls.space, Space::Explain);
        assert_eq!(
            controls.scene().expect("it is open").start,
            Start::Anchor(ClassId(3))
        );
    }
}

#[test]
fn a_bookmark_that_is_damaged_takes_no_other_with_it() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut window = window_in(folder.path());
    for key in [Key::Num8, Key::B, Key::Num5, Key::B] {
        window.key_press(key);
        serve(&mut window, &manifest(None));
    }
    drop(window);
    let path = BOOKMARKS.path(folder.path());
    let text = fs::read_to_string(&path).expect("it was written");
    let first = text.find("latent: [").expect("a bookmark");
    let damaged = format!("{}latent: [oh, {}", &text[..first], &text[first + 9..]);
    fs::write(&path, &damaged).expect("it can be written");
    let (lists, trouble) = BOOKMARKS.read::<Lists>(folder.path());
    assert!(trouble.expect("it is damaged").aside);
    let names = |lists: &Lists| -> Vec<String> {
        lists
            .values()
            .flatten()
            .map(|kept| kept.name.clone())
            .collect()
    };
    assert_eq!(names(&lists.expect("most of it is sound")), ["5"]);
    let aside = fs::read_to_string(folder.path().join("bookmarks.aside.ron"));
    assert_eq!(aside.expect("it is still there"), damaged);
}

#[test]
fn a_note_that_is_damaged_takes_no_other_with_it() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut notebook = Notebook::after_the_tour();
    let note = |name: &str| Note {
        name: name.to_owned(),
        text: String::new(),
    };
    notebook.set_note("abc", 1, note("width"));
    notebook.set_note("abc", 2, note("height"));
    let text = NOTEBOOK.text(&notebook).expect("RON");
    let damaged = text.replacen("name: \"width\"", "name: 7", 1);
    assert_ne!(damaged, text);
    fs::write(NOTEBOOK.path(folder.path()), damaged).expect("it can be written");
    let (read, trouble) = NOTEBOOK.read::<Notebook>(folder.path());
    assert!(trouble.is_some());
    let read = read.expect("most of it is sound");
    assert!(read.tour_done);
    assert_eq!(read.note("abc", 1), None);
    assert_eq!(read.note("abc", 2), Some(&note("height")));
}

#[cfg(unix)]
#[test]
fn devices_and_pipes_do_not_hold_the_window_up() {
    for (kind, pipe) in [(SESSION, true), (BOOKMARKS, false), (NOTEBOOK, true)] {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = kind.path(folder.path());
        if pipe {
            let made = std::process::Command::new("mkfifo").arg(&path).status();
            assert!(made.expect("mkfifo is everywhere").success());
        } else {
            std::os::unix::fs::symlink("/dev/zero", &path).expect("a link");
        }
        let window = window_in(folder.path());
        let shown = notices(&window);
        assert_eq!(shown.len(), 1, "{shown:?}");
        assert!(shown[0].contains("a pipe or a device"), "{shown:?}");
    }
}

/// A path need not be Unicode, and one that is not keeps nothing else from being kept.
#[cfg(unix)]
#[test]
fn a_path_that_is_no_unicode_is_remembered() {
    use std::{ffi::OsString, os::unix::ffi::OsStringExt as _, path::PathBuf};
    let mut memory = Memory::first_day();
    let path = PathBuf::from(OsString::from_vec(b"/data/mod\xe8le".to_vec()));
    let folder = studio::ModelSource::Folder(path.clone());
    memory.recent.model(&folder);
    memory.recent.image(path);
    memory.controls.model = folder;
    let text = SESSION.text(&memory).expect("it has a form");
    assert_eq!(SESSION.parse::<Memory>(&text).expect("it is sound"), memory);
}
