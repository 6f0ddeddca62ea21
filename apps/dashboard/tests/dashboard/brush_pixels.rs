//! What a stroke makes of the pixels that it lies on.

use dashboard::state::{
    brush::{Brush, PictureStroke, color_at},
    sketch::Pen,
};
use datasets::{Image, ImageShape};

use crate::support::digits;

const BRUSH: Brush = Brush {
    pen: Pen {
        width: 0.25,
        erases: false,
    },
    color: [255, 0, 0],
};

fn eraser() -> Brush {
    let pen = Pen {
        erases: true,
        ..BRUSH.pen
    };
    Brush { pen, ..BRUSH }
}

/// What a stroke from one place to another makes of a picture.
fn drawn(brush: Brush, picture: &Image, from: [f32; 2], to: [f32; 2]) -> Image {
    let mut stroke = PictureStroke::begin(brush, from, Some(picture.clone()));
    stroke.extend(to);
    stroke.end();
    stroke.drawn().expect("it knows its picture").clone()
}

/// Everything in one grey.
fn grey(level: f32) -> Image {
    Image::new(digits(), vec![level; digits().values()]).expect("it is in range")
}

#[test]
fn on_a_grey_picture_the_brush_is_unlike_the_background() {
    for (level, painted) in [(0.1, 1.0), (0.8, 0.0)] {
        let picture = drawn(BRUSH, &grey(level), [0.25, 0.5], [0.75, 0.5]);
        let at = |row: usize, column: usize| picture.values()[row * 28 + column];
        // 7 pixels wide: from 10.5 to 17.5.
        assert_eq!(at(14, 14), painted);
        assert_eq!(at(11, 14), painted);
        assert_eq!(at(9, 14), level, "above the stroke");
        assert_eq!(at(18, 14), level, "below it");
        assert_eq!(at(14, 1), level, "left of it");
        // Half of this row is covered.
        let half = f32::midpoint(level, painted);
        assert!((at(10, 14) - half).abs() < 0.05, "{}", at(10, 14));
    }
}

#[test]
fn the_eraser_paints_the_background_of_the_edge() {
    let mut values = vec![0.2; digits().values()];
    values[14 * 28 + 5..14 * 28 + 23].fill(0.9);
    // One spot on the edge is no background.
    values[0] = 1.0;
    let picture = Image::new(digits(), values).expect("it is in range");
    let erased = drawn(eraser(), &picture, [0.5, 0.3], [0.5, 0.7]);
    let at = |column: usize| erased.values()[14 * 28 + column];
    assert_eq!((at(14), at(6), at(22)), (0.2, 0.9, 0.9));
}

#[test]
fn on_a_picture_in_colour_the_brush_has_its_colour_and_lies_where_it_is_drawn() {
    // 20 rows of 32: the square around them has six rows above and below.
    let shape = ImageShape::new(3, 20, 32).expect("it is in bounds");
    let blue = [0.0, 0.0, 1.0].map(|value| [value; 640]).concat();
    let picture = Image::new(shape, blue).expect("it is in range");
    let drawn = drawn(BRUSH, &picture, [0.125, 0.25], [0.125, 0.25]);
    let rgb = drawn.to_rgb();
    // Column 4 and row 8 of the square, which is row 2 of the picture; the brush has a radius of 4.
    assert_eq!(rgb[2 * 32 + 4], [255, 0, 0]);
    assert_eq!(rgb[4 * 32 + 4], [255, 0, 0]);
    assert_eq!(rgb[7 * 32 + 4], [0, 0, 255]);
    assert_eq!(rgb[2 * 32 + 9], [0, 0, 255]);
    assert_eq!(color_at(&drawn, [0.15, 0.15]), Some([255, 0, 0]));
    assert_eq!(color_at(&drawn, [0.99, 0.99]), Some([0, 0, 255]));
    assert_eq!(color_at(&drawn, [1.0, 0.5]), None);
}

#[test]
fn a_stroke_that_changes_nothing_says_so() {
    let mut stroke = PictureStroke::begin(eraser(), [0.5, 0.5], Some(grey(0.3)));
    assert!(!stroke.changes());
    let mut stroke = PictureStroke::begin(BRUSH, [0.5, 0.5], None);
    assert!(stroke.waits() && stroke.drawn().is_none());
    stroke.lies_on(grey(0.3));
    assert!(stroke.changes() && !stroke.waits());
}
