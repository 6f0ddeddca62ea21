//! What is painted while a person draws on the picture, pixel by pixel: the stroke in whole pixels of the image, at any zoom.

use dashboard::state::controls::Space;
use datasets::{ImageShape, KnownDataset};
use eframe::egui::{Color32, Event, Key, Modifiers, PointerButton, Pos2, Rect, Theme, Vec2, vec2};

use crate::support::{Painted, PaintedWindow, manifest_of};

const PICTURE: &str = "picture to draw on";

fn key(key: Key, modifiers: Modifiers) -> Vec<Event> {
    let event = |pressed| Event::Key {
        key,
        physical_key: None,
        pressed,
        repeat: false,
        modifiers,
    };
    vec![event(true), event(false)]
}

fn button(pos: Pos2, pressed: bool) -> Vec<Event> {
    vec![
        Event::PointerMoved(pos),
        Event::PointerButton {
            pos,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        },
    ]
}

/// The colour of each pixel of the image, each of which has to be a square of one colour on the screen.
fn pixels(painted: &Painted, picture: Rect, shape: ImageShape) -> Vec<Color32> {
    let step = picture.size() / vec2(shape.width() as f32, shape.height() as f32);
    let square = |index: usize| {
        let place = vec2(
            (index % shape.width()) as f32,
            (index / shape.width()) as f32,
        );
        let square = Rect::from_min_size(picture.min + place * step, step);
        let colors = painted.colors(square);
        assert!(colors.len() >= 4, "{} at {square}", colors.len());
        assert!(
            colors.iter().all(|color| *color == colors[0]),
            "pixel {index} is no square"
        );
        colors[0]
    };
    (0..shape.pixels()).map(square).collect()
}

/// In a usual window and in small ones that are zoomed, of digits and of pictures in colour.
#[test]
fn a_stroke_is_seen_in_whole_pixels_and_then_what_the_model_makes_of_it() {
    for known in [KnownDataset::Mnist, KnownDataset::Avatars] {
        let manifest = manifest_of(known.info());
        let shape = manifest.dataset.shape;
        for (size, pixels_per_point) in [
            ([1440.0, 900.0], 1.0),
            ([853.0, 480.0], 1.5),
            ([640.0, 400.0], 2.0),
        ] {
            let mut window =
                PaintedWindow::open(Space::Explore, Theme::Dark, size, pixels_per_point);
            window.settle(&manifest);
            // The heatmap would lie over the pixels.
            window.pass(key(Key::H, Modifiers::NONE));
            // The test draws an anchor in black, and a random latent in some grey.
            window.pass(key(Key::R, Modifiers::NONE));
            window.pass(key(Key::D, Modifiers::SHIFT));
            window.settle(&manifest);
            let picture = window.paint().place(PICTURE);
            let before = pixels(&window.paint(), picture, shape);
            assert!(before.iter().all(|color| *color == before[0]));
            // From the middle to the right, where it is held.
            window.pass(button(picture.center(), true));
            let to = picture.center() + vec2(picture.width() / 4.0, 0.0);
            window.pass(vec![Event::PointerMoved(to)]);
            // The tip of the brush lies over the picture; it goes with the pointer.
            let beside = picture.right_center() + Vec2::X;
            window.pass(vec![Event::PointerMoved(beside)]);
            let drawn = pixels(&window.paint(), picture, shape);
            let at = |x: f32, y: f32| {
                let column = (x * shape.width() as f32) as usize;
                let row = (y * shape.height() as f32) as usize;
                drawn[row * shape.width() + column]
            };
            let name = format!("{known:?}, {size:?}");
            assert_ne!(at(0.6, 0.5), before[0], "{name}");
            assert_eq!(at(0.6, 0.8), before[0], "{name}");
            assert_eq!(at(0.2, 0.5), before[0], "{name}");
            // The first colour of the row, or what is furthest from the grey of the picture.
            let is_dark = !shape.is_colour() && before[0].r() < 128;
            let expected = if is_dark {
                Color32::WHITE
            } else {
                Color32::BLACK
            };
            assert_eq!(at(0.6, 0.5), expected, "{name}");
            window.pass(button(beside, false));
            let kept = pixels(&window.paint(), picture, shape);
            assert_ne!(
                kept, before,
                "{name}: it stays until the model has answered"
            );
            window.settle(&manifest);
            // The test's model draws one grey whatever it is given.
            window.pass(vec![Event::PointerGone]);
            let answered = pixels(&window.paint(), picture, shape);
            assert!(
                answered.iter().all(|color| *color == answered[0]),
                "{name}: the decoded picture"
            );
        }
    }
}
