//! Drawing an image by hand, and pasting one.

use std::sync::Arc;

use dashboard::state::{
    controls::Space,
    scene::Start,
    sketch::{INK_SIDE, Pen, Sketch},
};
use eframe::egui::{Color32, ColorImage, Event, Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable as _;
use studio::Request;

use dashboard::state::channel::Channel;

use crate::support::{DIMS, Window, digits, last_job, latent, manifest, serve, window};

const PEN: Pen = Pen {
    width: 0.1,
    erases: false,
};

/// The ink at a share of the width and of the height.
fn ink_at(sketch: &mut Sketch, x: f32, y: f32) -> f32 {
    let pixel = |share: f32| (share * INK_SIDE as f32) as usize;
    sketch.ink()[pixel(y) * INK_SIDE + pixel(x)]
}

fn stroke(sketch: &mut Sketch, pen: Pen, places: &[[f32; 2]]) {
    sketch.begin(pen, places[0]);
    for place in &places[1..] {
        sketch.extend(*place);
    }
    sketch.end();
}

#[test]
fn a_stroke_is_as_wide_as_the_pen_and_can_be_taken_back() {
    let mut sketch = Sketch::default();
    stroke(&mut sketch, PEN, &[[0.2, 0.5], [0.8, 0.5]]);
    assert_eq!(ink_at(&mut sketch, 0.5, 0.5), 1.0);
    assert_eq!(ink_at(&mut sketch, 0.5, 0.54), 1.0, "within half the width");
    assert_eq!(ink_at(&mut sketch, 0.5, 0.57), 0.0, "and not beyond it");
    assert!(sketch.undo());
    assert!(sketch.ink().iter().all(|ink| *ink == 0.0));
    assert!(!sketch.undo(), "there is nothing left");
    assert!(sketch.redo());
    assert_eq!(ink_at(&mut sketch, 0.5, 0.5), 1.0);
}

#[test]
fn a_stroke_bends_smoothly_round_a_corner() {
    let mut sketch = Sketch::default();
    stroke(&mut sketch, PEN, &[[0.2, 0.2], [0.8, 0.2], [0.8, 0.8]]);
    // A quadratic curve from (0.5, 0.2) by (0.8, 0.2) to (0.8, 0.5) passes (0.725, 0.275), 0.106 from the corner.
    assert_eq!(ink_at(&mut sketch, 0.725, 0.275), 1.0);
    assert_eq!(ink_at(&mut sketch, 0.84, 0.16), 0.0);
    assert_eq!(
        ink_at(&mut sketch, 0.8, 0.8),
        1.0,
        "it ends where the pen did"
    );
}

#[test]
fn the_eraser_and_a_blank_sheet_are_strokes_too() {
    let mut sketch = Sketch::default();
    stroke(&mut sketch, PEN, &[[0.2, 0.5], [0.8, 0.5]]);
    let eraser = Pen {
        erases: true,
        ..PEN
    };
    stroke(&mut sketch, eraser, &[[0.5, 0.3], [0.5, 0.7]]);
    assert_eq!(ink_at(&mut sketch, 0.5, 0.5), 0.0);
    assert_eq!(ink_at(&mut sketch, 0.3, 0.5), 1.0);
    sketch.clear();
    assert!(sketch.ink().iter().all(|ink| *ink == 0.0));
    sketch.undo();
    sketch.undo();
    assert_eq!(ink_at(&mut sketch, 0.5, 0.5), 1.0);
}

#[test]
fn strokes_beyond_the_sheet_leave_it_alone() {
    let mut sketch = Sketch::default();
    stroke(&mut sketch, PEN, &[[-3.0, -2.0], [-1.0, 5.0], [4.0, 5.0]]);
    assert!(sketch.ink().iter().all(|ink| *ink == 0.0));
}

fn draw_a_line(window: &mut Window) {
    let sheet = window.get_by_label("drawing sheet").rect();
    window.drag_at(sheet.lerp_inside(vec2(0.5, 0.2)));
    for part in [0.4, 0.6, 0.8] {
        window.hover_at(sheet.lerp_inside(vec2(0.5, part)));
        window.step();
    }
}

#[test]
fn the_sliders_move_while_a_person_draws_and_undo_takes_a_stroke_back() {
    let mut window = window(Space::Explore, None);
    window.key_press(Key::D);
    window.run();
    draw_a_line(&mut window);
    let asked = last_job(&mut window, Channel::Encode);
    let Request::Encode(request) = asked.request else {
        panic!("the drawing is encoded before the pen is up")
    };
    // A line becomes 20 pixels high in the middle, as MNIST's digits are.
    let drawn = request.image.values();
    assert!(drawn[14 * 28 + 14] > 0.9);
    assert!(drawn[3 * 28 + 14] < 0.1 && drawn[14 * 28 + 6] < 0.1);
    let sheet = window.get_by_label("drawing sheet").rect();
    window.drop_at(sheet.lerp_inside(vec2(0.5, 0.8)));
    window.run();
    draw_a_line(&mut window);
    window.hover_at(sheet.lerp_inside(vec2(0.9, 0.8)));
    window.step();
    window.drop_at(sheet.lerp_inside(vec2(0.9, 0.8)));
    serve(&mut window, &manifest(None));
    assert_eq!(latent(&window), vec![1.5; DIMS], "the encoder's mean");
    let scene = window.state().controls().scene().expect("it is open");
    let Start::Image(image) = &scene.start else {
        panic!("{:?}", scene.start)
    };
    assert_eq!(
        (image.name.as_str(), image.image.shape()),
        ("Drawing", digits())
    );

    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    window.run();
    let undone = last_job(&mut window, Channel::Encode);
    let Request::Encode(fewer) = undone.request else {
        panic!("the rest is encoded again")
    };
    assert_eq!(fewer.image, request.image, "the first line alone");

    window.get_by_label("Put the sheet away").click();
    window.run();
    window.get_by_label("class 3");
}

#[test]
fn a_pasted_picture_is_encoded() {
    let mut window = window(Space::Explore, None);
    // A dark bar on light paper.
    let color = |at: usize| {
        Color32::from_gray(if (40..60).contains(&(at % 100)) {
            0
        } else {
            255
        })
    };
    let picture = ColorImage::new([100, 100], (0..10_000).map(color).collect());
    window
        .input_mut()
        .events
        .push(Event::PasteImage(Arc::new(picture)));
    for _ in 0..200 {
        window.run();
        serve(&mut window, &manifest(None));
        if latent(&window) == vec![1.5; DIMS] {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let scene = window.state().controls().scene().expect("it is open");
    let Start::Image(image) = &scene.start else {
        panic!("{:?}", scene.start)
    };
    assert_eq!(image.name, "Pasted image");
    let values = image.image.values();
    assert!(values[14 * 28 + 14] > 0.9, "ink is light, as in MNIST");
    assert!(values[14 * 28] < 0.1);
}
