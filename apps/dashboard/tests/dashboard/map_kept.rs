//! Groups that are kept with the model, and the direction from one to another.

use dashboard::state::{
    controls::Space,
    map::{Group, KeptGroup, MapNotes},
    notebook::{NOTEBOOK, Notebook, merged},
};
use eframe::egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::Queryable as _;
use latent_space::Direction;

use crate::{
    deeper::kept,
    map::map_window,
    map_groups::around,
    memory::window_in,
    support::{Window, click, drag, latent, manifest, means, serve},
};

/// Presses a button of the panel, also one that has to be scrolled to.
fn press(window: &mut Window, label: &str) {
    window.get_by_label(label).click_accesskit();
    serve(window, &manifest(None));
}

fn weights() -> String {
    "ab".repeat(32)
}

/// Draws a line around the points of one class and keeps them as a group.
pub fn keep_class(window: &mut Window, class: usize) {
    let others = (0..10).filter(|other| *other != class);
    let others: Vec<String> = others.map(|other| format!("points of {other}")).collect();
    for other in &others {
        click(window, other);
    }
    window.key_press(Key::L);
    window.run();
    let line = around(window);
    drag(window, &line);
    press(window, "Keep the group");
    window.key_press(Key::Escape);
    serve(window, &manifest(None));
    for other in &others {
        click(window, other);
    }
}

fn mean_of(class: usize) -> Vec<f32> {
    let all = means(1_000);
    let of_class = &all[100 * class..100 * (class + 1)];
    let sum = |dim: usize| {
        of_class
            .iter()
            .map(|latent| f64::from(latent[dim]))
            .sum::<f64>()
    };
    (0..all[0].len())
        .map(|dim| (sum(dim) / 100.0) as f32)
        .collect()
}

#[test]
fn one_lasso_minus_another_is_a_slider_in_explore() {
    let mut window = map_window();
    keep_class(&mut window, 3);
    keep_class(&mut window, 8);
    press(&mut window, "Keep as a direction");
    window.key_press(Key::F1);
    serve(&mut window, &manifest(None));
    click(&mut window, "Directions");
    let before = latent(&window);
    window
        .get_by_label("Group 1 minus Group 2 (kept)")
        .set_value_accesskit(1.0);
    serve(&mut window, &manifest(None));
    let after = latent(&window);
    // Plus one is as far along the line as the mean of the first group.
    let line = Direction::between(&mean_of(8), &mean_of(3));
    let at = line.position(&after).expect("it leads somewhere");
    assert!((at - 1.0).abs() < 1e-3, "{at}");
    let apart = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum::<f32>();
    assert!(apart(&after, &line.moved(&before, 1.0)) < 1e-3);
    // Undo takes the direction back, and with it the groups one by one.
    for gone in ["Group 1 minus Group 2 (kept)"] {
        for _ in 0..2 {
            window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
            serve(&mut window, &manifest(None));
        }
        assert!(window.query_by_label(gone).is_none());
    }
}

#[test]
fn groups_are_renamed_recoloured_and_deleted_and_each_of_it_is_undone() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut window = window_in(folder.path());
    window.key_press(Key::F4);
    serve(&mut window, &manifest(None));
    keep_class(&mut window, 3);
    let name = window.get_by_label("name of Group 1");
    name.focus();
    window.run();
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.get_by_label("name of Group 1").type_text("threes");
    window.run();
    window.key_press(Key::Enter);
    serve(&mut window, &manifest(None));
    window.get_by_label("name of threes");
    window.get_by_label("colour of threes").click_accesskit();
    window.run();
    window
        .get_by_role_and_label(Role::Button, "colour 5")
        .click();
    serve(&mut window, &manifest(None));
    press(&mut window, "delete threes");
    assert!(window.query_by_label("name of threes").is_none());
    let undo = |window: &mut Window| {
        window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        serve(window, &manifest(None));
    };
    undo(&mut window);
    window.get_by_label("name of threes");
    drop(window);
    let book = kept(folder.path());
    let groups = &book.map_notes(&weights()).groups;
    assert_eq!(groups.len(), 1);
    assert_eq!((groups[0].name.as_str(), groups[0].color), ("threes", 4));
    assert_eq!(groups[0].group.counts, [0, 0, 0, 100]);

    // The next window has it, and shows its points again.
    let mut window = window_in(folder.path());
    window.key_press(Key::F4);
    serve(&mut window, &manifest(None));
    press(&mut window, "show the 100 points of threes");
    window.get_by_label("100 of 3 in the group");
    window.get_by_label("Mean of 100");
}

#[test]
fn a_group_has_a_name_and_a_colour_of_its_own() {
    let group = |mean: f32| Group {
        members: vec![0, 1],
        counts: vec![2],
        mean: vec![mean, 0.0],
    };
    let mut notes = MapNotes::default();
    let names: Vec<String> = (0..3)
        .map(|at| notes.keep_group(group(at as f32)))
        .collect();
    assert_eq!(names, ["Group 1", "Group 2", "Group 3"]);
    notes.delete_group("Group 2");
    notes.rename_group("Group 3", "Group 1");
    assert_eq!(notes.keep_group(group(9.0)), "Group 3");
    let all: Vec<(&str, usize)> = notes
        .groups
        .iter()
        .map(|g| (g.name.as_str(), g.color))
        .collect();
    assert_eq!(all, [("Group 1", 0), ("Group 2", 2), ("Group 3", 1)]);
    notes.rename_group("Group 1", "  ");
    assert_eq!(notes.groups[0].name, "Group 1");
    let (name, line) = notes
        .difference("Group 1", "Group 2")
        .expect("both are there");
    assert_eq!(name, "Group 1 minus Group 2");
    assert_eq!(line.position(&[0.0, 0.0]), Some(1.0));
    assert_eq!(line.position(&[2.0, 0.0]), Some(-1.0));
    assert_eq!(notes.difference("Group 1", "Group 1"), None);
    assert_eq!(notes.difference("Group 1", "another"), None);
}

fn book(groups: &[(&str, usize)]) -> Notebook {
    let mut book = Notebook::after_the_tour();
    let groups = groups.iter().map(|(name, color)| KeptGroup {
        name: (*name).to_owned(),
        color: *color,
        group: Group {
            members: vec![1, 2],
            counts: vec![2],
            mean: vec![0.5; 6],
        },
    });
    let notes = MapNotes {
        groups: groups.collect(),
        pins: Vec::new(),
    };
    book.set_map_notes("weights", &notes);
    book
}

#[test]
fn groups_of_two_windows_are_all_kept_and_a_damaged_one_is_left_out() {
    let before = book(&[("a", 0), ("b", 1)]);
    let now = book(&[("a", 5), ("c", 2)]);
    let there = book(&[("a", 0), ("b", 1), ("d", 3)]);
    let names = |book: &Notebook| -> Vec<(String, usize)> {
        let groups = book.map_notes("weights").groups.iter();
        groups.map(|kept| (kept.name.clone(), kept.color)).collect()
    };
    let all = [("d", 3), ("a", 5), ("c", 2)].map(|(name, color)| (name.to_owned(), color));
    assert_eq!(names(&merged(&before, &now, there)), all);

    let folder = tempfile::tempdir().expect("a folder for the test");
    let text = NOTEBOOK.text(&now).expect("RON");
    let damaged = text.replacen("color: 5", "color: \"blue\"", 1);
    assert_ne!(damaged, text);
    std::fs::write(NOTEBOOK.path(folder.path()), damaged).expect("it can be written");
    let (read, trouble) = NOTEBOOK.read::<Notebook>(folder.path());
    assert!(trouble.is_some());
    assert_eq!(
        names(&read.expect("most of it is sound")),
        [("c".to_owned(), 2)]
    );
}

/// A group of another sample says so, and paints nothing.
#[test]
fn a_group_of_other_points_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut book = Notebook::after_the_tour();
    let group = Group {
        members: vec![5_000],
        counts: vec![1],
        mean: vec![0.0; 6],
    };
    book.change_map(&weights(), |notes| notes.keep_group(group));
    let text = NOTEBOOK.text(&book).expect("RON");
    std::fs::write(NOTEBOOK.path(folder.path()), text).expect("it can be written");
    let mut window = window_in(folder.path());
    window.key_press(Key::F4);
    serve(&mut window, &manifest(None));
    window.get_by_label("Group 1: of other points than these");
    assert_eq!(window.state().controls().space, Space::Map);
}
