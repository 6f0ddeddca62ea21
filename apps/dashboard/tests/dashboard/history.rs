//! The history that one can see: every step as a picture, on branches, and a click goes there.

use std::collections::BTreeSet;

use dashboard::state::{
    channel::Channel,
    controls::Space,
    notebook::Notebook,
    session::Session,
    undo::{Hands, History, LIMIT},
};
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use studio::Request;

use crate::{
    memory::window_in,
    parts::controls,
    small::{check, combinations},
    support::{Window, answer, latent, manifest, published, serve, slider, window, window_sized},
};

fn settle(window: &mut Window) {
    serve(window, &manifest(None));
}

fn move_to(window: &mut Window, dim: usize, sigmas: f32) {
    window
        .get_by_label(&slider(dim))
        .set_value_accesskit(sigmas.into());
    settle(window);
}

fn undo(window: &mut Window) {
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(window);
}

/// What the steps are called, in their order.
fn steps(window: &Window) -> BTreeSet<String> {
    let steps = window.query_all_by(|node| {
        let label = node.label().unwrap_or_default();
        label.starts_with("step ") && label.contains(": ")
    });
    steps
        .filter_map(|node| node.accesskit_node().label())
        .collect()
}

fn is_present(window: &Window, step: &str) -> bool {
    let node = window.get_by_label(step).accesskit_node();
    node.toggled() == Some(eframe::egui::accesskit::Toggled::True)
}

#[test]
fn every_step_is_there_and_a_click_goes_to_it() {
    let mut window = window(Space::Explore, None);
    assert!(steps(&window).is_empty(), "folded on the first day");
    window.get_by_label("History").click();
    settle(&mut window);
    move_to(&mut window, 3, 1.0);
    move_to(&mut window, 1, 2.0);
    let there = latent(&window);
    undo(&mut window);
    window.get_by_label("Randomise").click();
    settle(&mut window);
    let [first, moved, other, branch] = [
        "step 1: the beginning",
        "step 2: moved z3",
        "step 3: moved z1",
        "step 3, branch 2: drew at random",
    ];
    let expected: BTreeSet<String> = [first, moved, other, branch].map(str::to_owned).into();
    assert_eq!(steps(&window), expected);
    assert!(is_present(&window, branch) && !is_present(&window, other));
    // What undo alone would have lost.
    let drawn = latent(&window);
    window.get_by_label(other).click();
    settle(&mut window);
    assert_eq!(latent(&window), there);
    assert!(is_present(&window, other) && !is_present(&window, branch));
    assert_eq!(steps(&window), expected, "going there is no step");
    // Undo goes along the branch that the person is on, and redo comes back to it.
    undo(&mut window);
    assert!(is_present(&window, moved));
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    settle(&mut window);
    assert!(is_present(&window, other));
    window.get_by_label(branch).click();
    settle(&mut window);
    assert_eq!(latent(&window), drawn);
    window.get_by_label(first).click();
    settle(&mut window);
    assert_eq!(latent(&window)[3], 0.0);
    // The first step leads to the branch that was seen last.
    for _ in 0..2 {
        window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
        settle(&mut window);
    }
    assert!(is_present(&window, branch));
}

#[test]
fn the_keyboard_alone_unfolds_it_and_goes_to_a_step() {
    let mut window = window(Space::Explore, None);
    move_to(&mut window, 3, 1.0);
    window.key_press(Key::U);
    settle(&mut window);
    let first = "step 1: the beginning";
    window.get_by_label(first).focus();
    settle(&mut window);
    window.key_press(Key::ArrowRight);
    settle(&mut window);
    assert!(window.get_by_label("step 2: moved z3").is_focused());
    window.key_press(Key::ArrowLeft);
    window.key_press(Key::Enter);
    settle(&mut window);
    assert_eq!(latent(&window)[3], 0.0);
    window.key_press(Key::U);
    settle(&mut window);
    assert!(steps(&window).is_empty());
}

/// The pictures are asked for last of all, and only once the person looks.
#[test]
fn pictures_wait_for_everything_else_and_are_drawn_once() {
    let mut window = window(Space::Explore, None);
    move_to(&mut window, 3, 1.0);
    window.key_press(Key::U);
    window.run();
    let jobs = window.state_mut().take_jobs();
    let history: Vec<_> = jobs
        .iter()
        .filter(|job| job.channel == Channel::History)
        .collect();
    assert_eq!(history.len(), 1);
    let Request::Gallery(request) = &history[0].request else {
        panic!("{:?}", history[0]);
    };
    assert_eq!(request.latents.len(), 2);
    for channel in [
        Channel::Frame,
        Channel::Strip,
        Channel::Map,
        Channel::Thumbnails,
    ] {
        assert!(channel < Channel::History, "{channel:?} is more urgent");
    }
    let job = history[0].clone();
    let reply = answer(&job.request, &manifest(None));
    window.state_mut().receive(published(job, Ok(reply)));
    settle(&mut window);
    // Only what is new is asked for.
    move_to_without_answers(&mut window);
    let jobs = window.state_mut().take_jobs();
    let asked = jobs.iter().find(|job| job.channel == Channel::History);
    let Request::Gallery(request) = &asked.expect("it is asked for").request else {
        panic!("{asked:?}");
    };
    assert_eq!(request.latents.len(), 1);
}

fn move_to_without_answers(window: &mut Window) {
    window.get_by_label(&slider(1)).set_value_accesskit(2.0);
    window.run();
}

#[test]
fn it_stays_unfolded_for_the_next_window() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut first = window_in(folder.path());
    first.key_press(Key::U);
    settle(&mut first);
    drop(first);
    let second = window_in(folder.path());
    assert!(second.state().controls().history_unfolded);
    second.get_by_label("Fold the history");
}

#[test]
fn it_lies_on_nothing_in_any_window_at_any_zoom() {
    for (size, pixels_per_point) in combinations() {
        let mut window = window_sized(Space::Explore, size, pixels_per_point);
        settle(&mut window);
        window.key_press(Key::U);
        settle(&mut window);
        for key in [Key::R, Key::Num3, Key::R] {
            window.key_press(key);
            settle(&mut window);
        }
        undo(&mut window);
        window.key_press(Key::Num5);
        settle(&mut window);
        check(&window, &format!("{size:?}"));
        let screen = window.ctx.content_rect();
        if screen.height() >= 480.0 {
            assert!(is_present(&window, "step 4, branch 2: began with a class"));
            continue;
        }
        // Where it has no room its steps are in a menu.
        assert!(steps(&window).is_empty());
        window.get_by_label("File").click();
        window.run();
        window.get_by_label_contains("History").scroll_to_me();
        window.run();
        window.get_by_label_contains("History").click();
        window.run();
        window.get_by_label("step 2: drew at random").click();
        settle(&mut window);
        let start = window
            .state()
            .controls()
            .scene()
            .expect("open")
            .start
            .clone();
        assert_eq!(format!("{start:?}"), "Prior(Seed(7))");
    }
}

/// However long a person works, and wherever they went back, no more steps are kept than the limit, and the present one is among them.
#[test]
fn no_more_steps_are_kept_than_the_limit() {
    let mut controls = controls();
    let mut history = History::default();
    let (mut notebook, session) = (Notebook::default(), Session::default());
    for step in 0..3 * LIMIT {
        if step % 7 == 3 {
            for _ in 0..3 {
                history.undo(&mut controls, &mut notebook, &session);
            }
        }
        controls.scene_mut().expect("there is a scene").latent[0] = step as f32;
        history.observe(&controls, &notebook, &session, Hands::default());
        let placed = history.placed();
        assert!(placed.len() <= LIMIT);
        let present: Vec<_> = placed.iter().filter(|step| step.is_present).collect();
        assert_eq!(present.len(), 1);
        assert_eq!(present[0].step.scene.latent[0], step as f32);
        // Every one but the first hangs on another, which stands before it.
        let roots = placed.iter().filter(|step| step.parent.is_none()).count();
        assert_eq!(roots, 1, "at {step}");
        let places: BTreeSet<_> = placed.iter().map(|step| (step.column, step.row)).collect();
        assert_eq!(places.len(), placed.len(), "each has a place of its own");
        for placed in &placed {
            if let Some((column, row)) = placed.parent {
                assert!(places.contains(&(column, row)));
                assert_eq!(column + 1, placed.column);
            }
        }
    }
    assert_eq!(history.placed().len(), LIMIT);
    // All of them can be reached.
    let ids: Vec<_> = history.placed().iter().map(|step| step.id).collect();
    for id in ids {
        history.go_to(id, (&mut controls, &mut notebook), &session);
        let placed = history.placed();
        let present = placed.iter().find(|step| step.is_present).expect("one is");
        assert_eq!(present.id, id);
        let latent = &controls.scene().expect("there is a scene").latent;
        assert_eq!(present.step.scene.latent, *latent);
    }
}
