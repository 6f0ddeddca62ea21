//! Colour maps and the overlay.

use explain::{ColorMap, Heatmap, overlay};
use proptest::prelude::*;

/// A map whose values are already scaled.
fn scaled(values: Vec<f32>) -> Heatmap {
    Heatmap {
        height: 1,
        width: values.len(),
        values,
        raw_max: 1.0,
        raw_min: 0.0,
    }
}

#[test]
fn ends_of_the_maps() {
    // The first and last entries of matplotlib's tables of the same names; greys run from black to white.
    let expected = [
        (ColorMap::Viridis, [68, 1, 84], [253, 231, 37]),
        (ColorMap::Inferno, [0, 0, 4], [252, 255, 164]),
        (ColorMap::Magma, [0, 0, 4], [252, 253, 191]),
        (ColorMap::Plasma, [13, 8, 135], [240, 249, 33]),
        (ColorMap::Greys, [0, 0, 0], [255, 255, 255]),
    ];
    for (map, low, high) in expected {
        assert_eq!((map.rgb(0.0), map.rgb(1.0)), (low, high), "{map}");
    }
}

#[test]
fn values_are_clamped_and_nan_is_lowest() {
    for map in ColorMap::ALL {
        assert_ne!(map.rgb(0.0), map.rgb(1.0));
        assert_eq!(map.rgb(-3.0), map.rgb(0.0));
        assert_eq!(map.rgb(7.0), map.rgb(1.0));
        assert_eq!(map.rgb(f32::NAN), map.rgb(0.0));
    }
}

#[test]
fn names_are_distinct_and_shown() {
    let mut names = ColorMap::ALL.map(ColorMap::name).to_vec();
    assert_eq!(format!("{:>8}", ColorMap::Turbo), "   Turbo");
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), ColorMap::ALL.len());
}

#[test]
fn overlay_by_hand() {
    // Viridis at 1 is (253, 231, 37). Over black (0) and white (255):
    //   value 0:                  the image
    //   value 1, opacity 1:       the colour
    //   value 1, opacity 1/2:     half way, 126.5, 115.5, 18.5 over black; 254, 243, 146 over white
    let white = [255; 3];
    let map = scaled(vec![0.0, 1.0, 0.0, 1.0]);
    let paint = |opacity| overlay(&[0.0, 0.0, 1.0, 1.0], &map, ColorMap::Viridis, opacity);
    let top = [253, 231, 37];
    assert_eq!(paint(1.0), [[0; 3], top, white, top]);
    assert_eq!(paint(0.5), [[0; 3], [127, 116, 19], white, [254, 243, 146]]);
    assert_eq!(paint(0.0), [[0; 3], [0; 3], white, white]);
}

#[test]
fn overlay_of_colours_by_hand() {
    // Two pixels, red and then white, in planes of red, green and blue. Viridis at 1 is (253, 231, 37); half of it over
    // red (255, 0, 0) is (254, 115.5, 18.5).
    let values = [1.0, 1.0, 0.0, 1.0, 0.0, 1.0];
    let paint = |evidence, opacity| overlay(&values, &scaled(evidence), ColorMap::Viridis, opacity);
    assert_eq!(paint(vec![0.0, 0.0], 1.0), [[255, 0, 0], [255; 3]]);
    assert_eq!(paint(vec![1.0, 1.0], 1.0), [[253, 231, 37]; 2]);
    assert_eq!(paint(vec![1.0, 0.0], 0.5), [[254, 116, 19], [255; 3]]);
}

#[test]
fn overlay_takes_wild_numbers() {
    let map = scaled(vec![1.0, f32::NAN, 0.0, 0.0]);
    let painted = overlay(
        &[f32::NAN, 2.0, -1.0, f32::INFINITY],
        &map,
        ColorMap::Greys,
        9.0,
    );
    assert_eq!(painted, [[255; 3], [255; 3], [0; 3], [255; 3]]);
}

#[test]
#[should_panic(expected = "resample the heatmap (1 x 2)")]
fn overlay_of_another_size() {
    let _ = overlay(&[0.0; 4], &scaled(vec![0.0, 1.0]), ColorMap::Viridis, 1.0);
}

proptest! {
    #[test]
    fn without_evidence_or_opacity_the_image_stays(pixel in 0.0_f32..=1.0, value in 0.0_f32..=1.0) {
        let grey = [(pixel * 255.0).round() as u8; 3];
        for map in ColorMap::ALL {
            prop_assert_eq!(overlay(&[pixel], &scaled(vec![0.0]), map, 1.0), [grey]);
            prop_assert_eq!(overlay(&[pixel], &scaled(vec![value]), map, 0.0), [grey]);
        }
    }
}
