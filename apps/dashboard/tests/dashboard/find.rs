//! Finding things: the command palette, shortcuts, the tour, explanations.

use dashboard::{
    state::{
        command::{Command, SceneCommand, WindowCommand},
        controls::Space,
        finder::{find, score},
        scene::Start,
        shortcuts,
    },
    words::{DRIFT, TERMS, WORDS},
};
use datasets::ClassId;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use crate::{
    deeper::kept,
    memory::first_window_in,
    support::{Window, latent, manifest, serve, window},
};

#[test]
fn letters_are_found_in_their_order_and_starts_of_words_count_most() {
    assert_eq!(score("", "Anything"), Some(0));
    assert_eq!(score("xyz", "Randomise"), None);
    assert_eq!(score("mr", "Randomise"), None, "in another order");
    // Two starts of words: 2 letters, 8 more for each.
    assert_eq!(score("sf", "Start from 3"), Some(18));
    // Three neighbours from the start of a word: 3 letters, 8 for the start, 9 for each neighbour.
    assert_eq!(score("RAN", "Randomise"), Some(29));
    let titles = [
        ("Last figure", ""),
        ("Start from 3", "anchor"),
        ("Randomise", "dice draw"),
    ];
    assert_eq!(find("stf", titles.into_iter()), [1, 0]);
    assert_eq!(find("", titles.into_iter()), [0, 1, 2]);
    assert_eq!(find("di", titles.into_iter()), [2], "another word for it");
    assert!(
        find("ice", titles.into_iter()).is_empty(),
        "which is not seen"
    );
}

pub fn open_palette(window: &mut Window, text: &str) {
    window.key_press_modifiers(Modifiers::COMMAND, Key::K);
    window.run();
    window.get_by_label("search commands").type_text(text);
    window.run();
}

#[test]
fn the_palette_finds_a_command_and_does_it() {
    let mut window = window(Space::Explore, None);
    open_palette(&mut window, "start from 8");
    window.key_press(Key::Enter);
    serve(&mut window, &manifest(None));
    assert_eq!(latent(&window)[0], 8.0);
    let scene = window.state().controls().scene().expect("it is open");
    assert_eq!(scene.start, Start::Anchor(ClassId(8)));
    assert!(window.query_by_label("search commands").is_none());
}

#[test]
fn arrow_keys_choose_and_escape_changes_nothing() {
    let mut window = window(Space::Explore, None);
    open_palette(&mut window, "go to");
    window.key_press(Key::ArrowDown);
    window.key_press(Key::ArrowDown);
    window.run();
    window.key_press(Key::Enter);
    serve(&mut window, &manifest(None));
    assert_eq!(window.state().controls().space, Space::Explain, "the third");
    open_palette(&mut window, "go to anchors");
    window.key_press(Key::Escape);
    window.run();
    assert!(window.query_by_label("search commands").is_none());
    assert_eq!(window.state().controls().space, Space::Explain);
}

#[test]
fn a_question_is_answered_where_it_is_asked() {
    let mut window = window(Space::Explore, None);
    open_palette(&mut window, "what is drift");
    window.get_by_label(DRIFT.sentence);
    window.key_press(Key::Enter);
    window.run();
    window.get_by_label("search commands");
    window.get_by_label(DRIFT.question).click();
    window.run();
    window.get_by_label(DRIFT.sentence);
}

#[test]
fn keys_are_named_beside_what_they_do() {
    let keys = |command: &Command| shortcuts::keys(command);
    assert_eq!(
        keys(&Command::Scene(SceneCommand::Undo)).as_deref(),
        Some("Ctrl+Z")
    );
    assert_eq!(
        keys(&Command::Window(WindowCommand::GoTo(Space::Explain))).as_deref(),
        Some("F3")
    );
    assert_eq!(
        keys(&Command::Scene(SceneCommand::StartFromAnchor(ClassId(4)))).as_deref(),
        Some("4")
    );
    assert_eq!(
        keys(&Command::Scene(SceneCommand::Randomise)).as_deref(),
        Some("R")
    );
    assert_eq!(keys(&Command::Scene(SceneCommand::UnlockAll)), None);
}

#[test]
fn the_tour_comes_once_and_can_be_taken_again() {
    let dir = tempfile::tempdir().expect("there is room");
    let mut first = first_window_in(dir.path());
    first.get_by_label("1 of 5");
    for step in 2..=5 {
        first.get_by_label("Next").click();
        first.run();
        first.get_by_label(&format!("{step} of 5"));
    }
    first.get_by_label("Done").click();
    first.run();
    assert!(first.query_by_label("5 of 5").is_none());

    // Closing the window writes what is left.
    drop(first);
    assert!(kept(dir.path()).tour_done);

    let mut second = first_window_in(dir.path());
    assert!(second.query_by_label("1 of 5").is_none());
    open_palette(&mut second, "tour");
    second.key_press(Key::Enter);
    second.run();
    second.get_by_label("1 of 5");
    second.get_by_label("Skip").click();
    second.run();
    assert!(second.query_by_label("1 of 5").is_none());
}

#[test]
fn escape_ends_the_tour() {
    let dir = tempfile::tempdir().expect("there is room");
    let mut window = first_window_in(dir.path());
    window.get_by_label("1 of 5");
    window.key_press(Key::Escape);
    window.run();
    window.run();
    assert!(window.query_by_label("1 of 5").is_none());
    drop(window);
    assert!(kept(dir.path()).tour_done);
}

#[test]
fn a_window_that_remembers_nothing_has_no_tour() {
    let window = window(Space::Explore, None);
    assert!(window.query_by_label("1 of 5").is_none());
}

#[test]
fn every_term_and_every_figure_is_explained_once() {
    let mut sentences: Vec<&str> = TERMS.iter().map(|term| term.sentence).collect();
    sentences.extend(WORDS.iter().map(|words| words.sentence));
    for sentence in &sentences {
        assert!(sentence.len() > 10 && sentence.ends_with('.'), "{sentence}");
    }
    let count = sentences.len();
    sentences.sort_unstable();
    sentences.dedup();
    assert_eq!(sentences.len(), count);
    assert!(TERMS.iter().all(|term| term.question.ends_with('?')));
}
