//! The format of lessons: what is read, and how an error is told to somebody who writes one.

use std::fs;

use acceptance_tests::{Seeds, fuzz};
use dashboard::state::{
    controls::Space,
    lesson::{Action, Beginning, Check, EXAMPLE, Named, Point, WorksWith, parse, shipped},
};
use eframe::egui::accesskit::Role;

const FIRST: &str = "// Latent Lens lesson, version 1\n";

/// A lesson of one step, with these fields besides its text.
fn with_step(fields: &str) -> String {
    format!(
        "{FIRST}(\n    title: \"A\",\n    goal: \"B\",\n    model: \"mnist\",\n    steps: [\n        (text: \"C\", {fields}),\n    ],\n)"
    )
}

#[test]
fn a_lesson_says_what_the_window_does_and_what_is_measured() {
    let text = with_step(
        "point: [Picture, Label(\"noise\")], first: [Open(Anchors), Noise(1.5)], check: Any([Began(Class(\"4\")), Moved(sigmas: 2)]), \
         show: [Move(slider: 2, to: -1.5)]",
    );
    let lesson = parse(&text).expect("it is sound");
    let step = &lesson.steps[0];
    assert_eq!(
        step.point,
        [Point::Picture, Point::Label("noise".to_owned())]
    );
    assert_eq!(
        step.first,
        [Action::Open(Space::Anchors), Action::Noise(1.5)]
    );
    let began = Check::Began(Beginning::Class("4".to_owned()));
    let moved = Check::Moved {
        slider: None,
        sigmas: 2.0,
    };
    assert_eq!(step.check, Some(Check::Any(vec![began, moved])));
    let slider = Action::Move {
        slider: 2,
        to: -1.5,
    };
    assert_eq!(step.show, [slider]);
    // A text may be broken into lines, wherever that suits who writes it.
    let broken = parse(&text.replace("\"C\"", "\"C\n      d\"")).expect("it is sound");
    assert_eq!(broken.steps[0].text, "C d");
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_what_to_do() {
    let lesson = with_step("");
    for (text, line, told) in [
        (
            lesson.replace(FIRST, ""),
            1,
            "begin the file with // Latent Lens lesson, version 1",
        ),
        (
            lesson.replace("version 1", "version 7"),
            1,
            "use a newer program",
        ),
        (
            lesson.replace("title: \"A\",", ""),
            8,
            "“title” is missing: add it",
        ),
        (lesson.replace("\"B\",", "\"B\""), 4, "missing comma"),
        (
            lesson.replace("goal", "gaol"),
            3,
            "“gaol” is not known here: write one of title, goal",
        ),
        (lesson.replace("\"C\"", "\"  \""), 7, "this text is empty"),
        (
            lesson.replace("\"C\"", &format!("\"{}\"", "x".repeat(401))),
            7,
            "400 have room",
        ),
        (
            with_step("check: Spase(Explore)"),
            7,
            "“Spase” is not known here: write one of Space",
        ),
        (
            with_step("check: Space(Exploer)"),
            7,
            "“Exploer” is not known here: write one of Explore",
        ),
        (
            with_step("check: Sure(at_least: 99)"),
            7,
            "99 is no number from 0 to 1",
        ),
        (
            with_step("check: Noise(at_least: inf)"),
            7,
            "no number from 0 to 2",
        ),
        (
            with_step("check: Sure(at_leats: 0.9)"),
            7,
            "“at_leats” is not known here: write one of at_least",
        ),
        (with_step("point: [Slider(0)]"), 7, "this counts from 1"),
        (
            with_step("first: [Move(slider: 1, to: 12)]"),
            7,
            "no number from -9 to 9",
        ),
        (lesson.replace("\"C\"", "\"C"), 7, "quote"),
        (
            format!("{FIRST}(title: \"A\", goal: \"B\", model: \"m\", steps: [])"),
            2,
            "there is no step",
        ),
    ] {
        let error = parse(&text).expect_err(&text);
        assert!(error.text.contains(told), "{}\n{text}", error.text);
        assert!(
            error.line.abs_diff(line) <= 1,
            "{error:?}, not {line}\n{text}"
        );
    }
}

#[test]
fn a_name_that_only_begins_alike_is_another() {
    let begins = Named {
        role: None,
        text: "z1".to_owned(),
        begins: true,
    };
    for (name, is) in [
        ("z1", true),
        ("z1, 3.00 nats", true),
        ("z1 slant, 3.00 nats", true),
        ("z10, 0.20 nats", false),
        ("z1/6", false),
        ("select z1", false),
    ] {
        assert_eq!(begins.is(Role::Slider, name), is, "{name}");
    }
    let whole = Named {
        role: Some(Role::Button),
        begins: false,
        ..begins
    };
    assert!(whole.is(Role::Button, "z1"));
    assert!(!whole.is(Role::Label, "z1") && !whole.is(Role::Button, "z1, 3.00 nats"));
}

#[test]
fn every_lesson_of_the_program_is_read_and_there_are_no_others() {
    let library = shipped();
    assert_eq!(library.damaged, []);
    let keys: Vec<&str> = library.lessons.iter().map(|l| l.key.as_str()).collect();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/lessons");
    let files = fs::read_dir(folder)
        .expect("the folder")
        .filter_map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name()?.to_str()?.strip_suffix(".ron")?;
            Some(name.to_owned())
        });
    let mut files: Vec<String> = files.collect();
    let mut sorted = keys.clone();
    files.sort();
    sorted.sort_unstable();
    assert_eq!(files, sorted);
    assert_eq!(keys.len(), 5);
    for listed in &library.lessons {
        let lesson = &listed.lesson;
        // Three minutes: who reads slowly reads three words a second, and has as much time to do something.
        let texts = lesson.steps.iter().map(|step| step.text.as_str());
        let words: usize = texts.map(|text| text.split_whitespace().count()).sum();
        assert!((4..=7).contains(&lesson.steps.len()), "{}", lesson.title);
        assert!(words <= 300, "{}: {words} words", lesson.title);
        for step in &lesson.steps {
            assert!(!step.point.is_empty(), "{}: {}", lesson.title, step.text);
            // Whoever is stuck can be shown.
            let stuck = step.check.is_some() && step.show.is_empty() && step.first.is_empty();
            assert!(!stuck, "{}: {}", lesson.title, step.text);
        }
    }
}

/// The page for teachers has the example that the window saves, and names every part of the format.
#[test]
fn the_page_about_lessons_holds_the_example() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/lessons.md");
    let page = fs::read_to_string(page).expect("the page");
    let after = page.split_once("```ron\n").expect("an example").1;
    let example = after.split_once("```").expect("its end").0;
    assert_eq!(example, EXAMPLE);
    let lesson = parse(example).expect("it is sound");
    assert_eq!(lesson.steps.len(), 3);
    let works_with = [
        WorksWith::Model("fashion-mnist".to_owned()),
        WorksWith::Classes(vec!["Sneaker".to_owned(), "Ankle boot".to_owned()]),
    ];
    assert_eq!(lesson.works_with, works_with);
    for listed in shipped().lessons {
        assert!(
            page.contains(&listed.lesson.title),
            "{}",
            listed.lesson.title
        );
    }
    // What is not known is answered with all that is.
    for fields in ["check: X", "first: [X]", "point: [X]"] {
        let error = parse(&with_step(fields)).expect_err("there is no X");
        let known = error.text.split_once("one of ").expect("a list").1;
        for name in known.split(", ") {
            assert!(
                page.contains(name),
                "{fields}: the page does not say {name}"
            );
        }
    }
}

#[test]
fn changed_lessons_never_end_the_program() {
    let files: Vec<Vec<u8>> = vec![EXAMPLE.as_bytes().to_vec()];
    let seeds = Seeds {
        changes: 2000,
        ..Seeds::text("lesson", &files)
    };
    fuzz(&seeds, |bytes| {
        if let Ok(text) = std::str::from_utf8(bytes) {
            // Only a panic would be wrong.
            let _ = parse(text);
        }
    });
    let deep = format!(
        "check: {}Space(Map){}",
        "All([".repeat(500),
        "])".repeat(500)
    );
    assert!(parse(&with_step(&deep)).is_err());
}
