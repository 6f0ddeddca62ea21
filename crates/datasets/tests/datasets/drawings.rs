//! What a person draws, prepared as the data set's images were.

use datasets::{Fit, ImageShape, Preparation, drawing};

use crate::pages::{bounds, grey28};

#[test]
fn a_drawing_keeps_its_polarity_even_where_it_covers_the_edge() {
    // Ink everywhere but for a hole of 28 x 28 in the middle of 112 x 112: a picture would be taken for a dark hole on
    // light paper and inverted.
    let hole = |v: usize| (42..70).contains(&v);
    let ink: Vec<f32> = (0..112 * 112)
        .map(|at| f32::from(!(hole(at % 112) && hole(at / 112))))
        .collect();
    let whole = drawing(&ink, 112, Preparation::Object, grey28()).unwrap();
    assert!(whole.values()[0] > 0.99);
    assert!(whole.values()[14 * 28 + 14] < 0.01, "the hole stays a hole");
    let centred = drawing(&ink, 112, Preparation::Digit, grey28()).unwrap();
    // Its box is the whole sheet, which becomes 20 x 20 around 14: from 14 - 9.5, rounded.
    assert_eq!(bounds(&centred), [5, 24, 5, 24]);
}

#[test]
fn a_drawing_is_placed_as_the_digits_were() {
    // A bar, 16 wide and 80 high, at the left edge: 4 wide and 20 high, from 14 - 1.5 and 14 - 9.5, rounded.
    let ink: Vec<f32> = (0..112 * 112)
        .map(|at| f32::from(at % 112 < 16 && (10..90).contains(&(at / 112))))
        .collect();
    let image = drawing(&ink, 112, Preparation::Digit, grey28()).unwrap();
    assert_eq!(bounds(&image), [13, 16, 5, 24]);
}

#[test]
fn a_blank_sheet_is_no_drawing() {
    assert!(drawing(&[0.0; 16], 4, Preparation::Digit, grey28()).is_none());
    assert!(
        drawing(&[1.0; 15], 4, Preparation::Object, grey28()).is_none(),
        "a pixel is missing"
    );
}

#[test]
fn a_drawing_for_pictures_is_black_on_white() {
    let mut ink = vec![0.0; 64];
    ink[0] = 1.0;
    let shape = ImageShape::new(3, 8, 8).unwrap();
    let image = drawing(&ink, 8, Preparation::Picture { fit: Fit::Crop }, shape).unwrap();
    assert_eq!(image.to_rgb()[0], [0; 3]);
    assert_eq!(image.to_rgb()[63], [255; 3]);
}
