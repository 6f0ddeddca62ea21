//! The pad: two dimensions or directions under one hand.

use dashboard::state::{
    controls::Space,
    kept_direction::KeptDirection,
    notebook::Notebook,
    pad::{PadAxis, PadControls, PadPlane},
};
use eframe::egui::{Key, Modifiers, Pos2, Rect, pos2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use latent_space::{Direction, LatentStats};

use crate::{
    memory::window_in,
    support::{Window, click, double_click, drag, latent, manifest, scene, serve, slider, window},
};

/// Of these six dimensions the second and the fourth carry most.
fn stats() -> LatentStats {
    let part = manifest(None).generator.expect("it has one");
    part.latent.statistics
}

fn z(dim: usize) -> PadAxis {
    PadAxis::Dimension(dim)
}

fn line(name: &str, step: [f32; 6]) -> PadAxis {
    PadAxis::Direction(KeptDirection {
        name: name.to_owned(),
        direction: Direction {
            origin: vec![0.0; 6],
            step: step.to_vec(),
        },
    })
}

#[test]
fn the_axes_are_those_that_carry_most_until_a_person_chooses() {
    let stats = stats();
    let mut pad = PadControls::default();
    assert_eq!(pad.axes(&stats), Some([z(1), z(3)]));
    pad.choose(0, z(3), &stats);
    assert_eq!(pad.axes(&stats), Some([z(3), z(1)]), "they change places");
    pad.choose(1, z(0), &stats);
    assert_eq!(pad.axes(&stats), Some([z(3), z(0)]));
    // Of a model with fewer dimensions, and of one that has no two.
    assert_eq!(pad.clone().sound(2).axes, [None, Some(z(0))]);
    let one = LatentStats::standard_normal(1);
    assert_eq!(PadControls::default().axes(&one), None);
    let twice = PadControls {
        axes: [Some(z(2)), Some(z(2))],
        side: 900,
    };
    let sound = twice.sound(6);
    assert_eq!(sound.axes(&stats), Some([z(2), z(1)]));
    assert_eq!(sound.side, 15);
    let short = PadControls {
        axes: [Some(line("l", [1.0; 6])), None],
        side: 1,
    };
    assert_eq!(short.clone().sound(6).axes, short.axes);
    assert_eq!(
        short.sound(5),
        PadControls {
            axes: [None, None],
            side: 2
        }
    );
}

#[test]
fn a_lock_holds_what_a_direction_would_move() {
    let stats = stats();
    let both = [z(0), line("l", [1.0, 1.0, 0.0, 0.0, 0.0, 0.0])];
    let free = PadPlane::new(&both, &stats, &[false; 6]);
    // 2 is one of the dimension's standard deviations, and the mean of 2 and 0 is 1.
    let latent = [2.0, 0.0, 5.0, 0.0, 0.0, 0.0];
    assert_eq!(free.position(&latent), Some([1.0, 1.0]));
    let mut locked = [false; 6];
    locked[0] = true;
    let held = PadPlane::new(&both, &stats, &locked);
    let moved = held.moved(&latent, [1.0, 3.0]).expect("they differ");
    assert_eq!(moved, [2.0, 3.0, 5.0, 0.0, 0.0, 0.0]);
    locked[1] = true;
    let still = PadPlane::new(&both, &stats, &locked);
    assert_eq!(still.position(&latent), None);
}

fn unfolded() -> Window {
    let mut window = window(Space::Explore, None);
    window.key_press(Key::P);
    serve(&mut window, &manifest(None));
    window
}

fn pad_rect(window: &Window) -> Rect {
    window.get_by_label("pad of z1 and z3").rect()
}

/// The place of two values on the pad. They end ten points before its edge.
fn place(pad: Rect, across: f32, up: f32) -> Pos2 {
    let travel = pad.shrink(10.0);
    let share = vec2(across, -up) / 6.0 + vec2(0.5, 0.5);
    travel.lerp_inside(share)
}

fn value(window: &Window, name: &str) -> f64 {
    let label = format!("{name} on the pad");
    let field = window.get_by_label(&label);
    field.accesskit_node().numeric_value().expect("a number")
}

#[test]
fn a_drag_moves_both_dimensions_and_is_one_step_of_undo() {
    let mut window = unfolded();
    let before = latent(&window);
    let pad = pad_rect(&window);
    let way = [(0.5, 0.5), (1.0, -0.5), (1.5, -2.0)];
    drag(&mut window, &way.map(|(across, up)| place(pad, across, up)));
    let after = latent(&window);
    // In sigma of 2.
    assert!((after[1] - 3.0).abs() < 0.1, "{after:?}");
    assert!((after[3] + 4.0).abs() < 0.1, "{after:?}");
    assert_eq!([after[0], after[2]], [before[0], before[2]]);
    assert!((value(&window, "z1") - f64::from(after[1] / 2.0)).abs() < 1e-4);
    let said = window
        .get_by_label("pad of z1 and z3")
        .accesskit_node()
        .value();
    let said = said.expect("a screen reader is told where it is");
    assert!(
        said.starts_with("z1 +1.") && said.contains("z3 -2.0"),
        "{said}"
    );
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    serve(&mut window, &manifest(None));
    assert_eq!(latent(&window), before);
    // Beyond the edge it stays on it.
    let out = pos2(pad.right() + 500.0, pad.center().y);
    drag(&mut window, &[pad.center(), out]);
    assert!((latent(&window)[1] - 6.0).abs() < 1e-4, "3 sigma");
}

#[test]
fn the_frame_follows_while_the_pad_is_dragged() {
    let mut window = unfolded();
    let pad = pad_rect(&window);
    window.drag_at(place(pad, 0.0, 0.0));
    window.step();
    window.state_mut().take_jobs();
    window.hover_at(place(pad, 2.0, 2.0));
    window.step();
    let jobs = window.state_mut().take_jobs();
    assert!(jobs.iter().any(|job| {
        matches!(&job.request, studio::Request::Frame(frame) if frame.latent[1] > 3.0 && frame.latent[3] > 3.0)
    }));
    window.drop_at(place(pad, 2.0, 2.0));
    serve(&mut window, &manifest(None));
}

#[test]
fn arrow_keys_move_it_and_a_double_click_goes_back_to_the_start() {
    let mut window = unfolded();
    window.get_by_label("pad of z1 and z3").focus();
    window.run();
    for key in [Key::ArrowRight, Key::ArrowRight, Key::ArrowDown] {
        window.key_press(key);
        serve(&mut window, &manifest(None));
    }
    let moved = latent(&window);
    // Tenths of a sigma of 2.
    assert!(
        (moved[1] - 0.4).abs() < 1e-5 && (moved[3] + 0.2).abs() < 1e-5,
        "{moved:?}"
    );
    window.key_press_modifiers(Modifiers::SHIFT, Key::ArrowUp);
    serve(&mut window, &manifest(None));
    assert!((latent(&window)[3] + 0.18).abs() < 1e-5);
    // The start is an anchor, at 0 in both.
    let there = place(pad_rect(&window), -2.0, 1.0);
    double_click(&mut window, there);
    serve(&mut window, &manifest(None));
    let back = latent(&window);
    assert!(back[1].abs() < 1e-5 && back[3].abs() < 1e-5, "{back:?}");
    window
        .get_by_label("z1 on the pad")
        .set_value_accesskit(1.25);
    serve(&mut window, &manifest(None));
    assert!((latent(&window)[1] - 2.5).abs() < 1e-5);
    window.get_by_label("pad of z1 and z3").focus();
    window.run();
    window.key_press(Key::Delete);
    serve(&mut window, &manifest(None));
    assert!(latent(&window)[1].abs() < 1e-5);
}

/// A pad whose second axis is the direction from class 0 to class 3, which was kept.
fn along_a_direction(mut window: Window) -> Window {
    click(&mut window, "Directions");
    click(&mut window, "keep this direction");
    click(&mut window, "Axes");
    click(&mut window, "Pad");
    click(&mut window, "pad, up");
    click(&mut window, "from 0 to 3");
    window
}

#[test]
fn a_direction_that_was_kept_can_be_an_axis() {
    let mut window = along_a_direction(window(Space::Explore, None));
    let pad = window.get_by_label("pad of z1 and from 0 to 3").rect();
    let before = latent(&window);
    drag(&mut window, &[pad.center(), place(pad, 1.0, -1.0)]);
    let after = latent(&window);
    // At -1 of the direction stands class 0, whose anchor is 0 in the first coordinate.
    assert!(
        after[0].abs() < 0.1 && (after[1] - 2.0).abs() < 0.1,
        "{after:?}"
    );
    assert_eq!(after[2], before[2]);
    // The choice is a step of its own.
    for expected in [Some(before), None] {
        window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        serve(&mut window, &manifest(None));
        if let Some(expected) = expected {
            assert_eq!(latent(&window), expected);
        }
    }
    window.get_by_label("pad of z1 and z3");
}

#[test]
fn what_is_locked_along_both_is_said() {
    let mut window = window(Space::Explore, None);
    // The classes of the test differ in this dimension alone.
    click(&mut window, "lock z0");
    let window = along_a_direction(window);
    window.get_by_label_contains("Nothing moves here");
    assert!(window.query_by_label("pad of z1 and from 0 to 3").is_none());
}

#[test]
fn the_pad_and_its_axes_are_there_in_the_next_window() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut first = window_in(folder.path());
    first.get_by_label("Pad").click();
    serve(&mut first, &manifest(None));
    click(&mut first, "pad, across");
    click(&mut first, "z4");
    first
        .get_by_label("images a side of the sheet")
        .set_value_accesskit(5.0);
    serve(&mut first, &manifest(None));
    let pad = scene(&first).pad;
    drop(first);
    let mut second = window_in(folder.path());
    assert!(second.state().controls().pad_unfolded);
    assert_eq!(scene(&second).pad, pad);
    assert_eq!((pad.axes, pad.side), ([Some(z(4)), Some(z(3))], 5));
    second.get_by_label("pad of z4 and z3");
    second.key_press(Key::P);
    serve(&mut second, &manifest(None));
    assert!(second.query_by_label("pad of z4 and z3").is_none());
    second.get_by_label(&slider(1));
}

#[test]
fn a_dimension_is_called_as_the_person_called_it() {
    let mut notebook = Notebook::after_the_tour();
    let note = dashboard::state::notebook::Note {
        name: " slant ".to_owned(),
        text: String::new(),
    };
    notebook.set_note("abc", 1, note);
    assert_eq!(notebook.axis_called("abc", &z(1)), "z1 slant");
    assert_eq!(notebook.axis_called("abc", &z(2)), "z2");
    assert_eq!(
        notebook.axis_called("abc", &line("to the 3", [1.0; 6])),
        "to the 3"
    );
}
