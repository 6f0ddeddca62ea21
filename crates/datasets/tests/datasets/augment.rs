//! Random changes to images: exact where they can be, bounded where they resample.

use datasets::{Augmentation, ImageShape, Outside, Seed};
use proptest::prelude::*;

/// Sides and pixels of the images here.
const SIDE: usize = 28;
const PIXELS: usize = SIDE * SIDE;

fn grey28() -> ImageShape {
    ImageShape::new(1, SIDE, SIDE).unwrap()
}

/// Images without any symmetry, of multiples of 1/255, none of them 0.
fn images(count: usize) -> Vec<f32> {
    (0..count * PIXELS)
        .map(|i| (1 + (i * 89 + i / 28) % 255) as f32 / 255.0)
        .collect()
}

fn applied(augmentation: &Augmentation, count: usize, seed: Seed) -> Vec<f32> {
    let mut pixels = images(count);
    augmentation.apply(&mut pixels, grey28(), seed);
    pixels
}

/// The image moved by whole pixels, 0 where nothing came from.
fn moved(image: &[f32], dx: isize, dy: isize) -> Vec<f32> {
    let side = SIDE as isize;
    let from = |i: usize| {
        let (x, y) = ((i % SIDE) as isize - dx, (i / SIDE) as isize - dy);
        let inside = (0..side).contains(&x) && (0..side).contains(&y);
        if inside {
            image[(y * side + x) as usize]
        } else {
            0.0
        }
    };
    (0..PIXELS).map(from).collect()
}

fn mirrored(image: &[f32]) -> Vec<f32> {
    image
        .chunks(SIDE)
        .flat_map(|row| row.iter().rev().copied())
        .collect()
}

#[test]
fn none_changes_nothing() {
    assert_eq!(Augmentation::default(), Augmentation::none());
    assert_eq!(applied(&Augmentation::none(), 3, Seed(1)), images(3));
}

#[test]
fn a_flip_mirrors_exactly_and_half_of_the_time() {
    let flip = Augmentation {
        flip: true,
        ..Augmentation::none()
    };
    let flipped = applied(&flip, 400, Seed(2));
    let mut count = 0;
    for (before, after) in images(400).chunks(PIXELS).zip(flipped.chunks(PIXELS)) {
        if after == mirrored(before) {
            count += 1;
        } else {
            assert_eq!(after, before);
        }
    }
    // 200 with a standard deviation of 10.
    assert!((160..=240).contains(&count), "{count}");
}

#[test]
fn a_shift_moves_by_whole_pixels_and_fills_with_background() {
    let shift = Augmentation {
        shift_px: 2.0,
        ..Augmentation::none()
    };
    let after = applied(&shift, 300, Seed(3));
    let mut seen = std::collections::BTreeSet::new();
    for (before, after) in images(300).chunks(PIXELS).zip(after.chunks(PIXELS)) {
        let all = (-2..=2).flat_map(|dx| (-2..=2).map(move |dy| (dx, dy)));
        let found = all
            .into_iter()
            .find(|&(dx, dy)| after == moved(before, dx, dy));
        seen.insert(found.expect("no shift by at most 2 pixels gives this image"));
    }
    // The rarest of the 25 shifts, to a corner, has a chance of 1 in 64.
    assert_eq!(seen.len(), 25, "{seen:?}");
}

#[test]
fn flipping_mirrors_half_of_the_images() {
    let flip = Augmentation {
        flip: true,
        shift_px: 2.0,
        ..Augmentation::none()
    };
    let after = applied(&flip, 60, Seed(4));
    let mut flips = 0;
    for (before, after) in images(60).chunks(PIXELS).zip(after.chunks(PIXELS)) {
        let mirror = mirrored(before);
        let all = (-2..=2).flat_map(|dx| (-2..=2).map(move |dy| (dx, dy)));
        let mut all = all.into_iter();
        let upright = all.clone().any(|(dx, dy)| after == moved(before, dx, dy));
        let flipped = all.any(|(dx, dy)| after == moved(&mirror, dx, dy));
        assert!(upright != flipped, "neither moved nor moved and mirrored");
        flips += usize::from(flipped);
    }
    assert!((10..50).contains(&flips), "{flips}");
}

/// A single bright pixel in the middle: a blur spreads it evenly to all sides, keeps its sum of 1 (nothing leaves the
/// picture) and never adds to it; half of the images stay sharp.
#[test]
fn a_blur_spreads_ink_and_loses_none() {
    /// Rounding of 49 products.
    const TOLERANCE: f32 = 1e-5;
    let middle = 14 * SIDE + 14;
    let blur = Augmentation {
        blur_px: 1.5,
        ..Augmentation::none()
    };
    let mut blurred = 0;
    for seed in 0..40 {
        let mut image = vec![0.0; PIXELS];
        image[middle] = 1.0;
        blur.apply(&mut image, grey28(), Seed(seed));
        assert!((image.iter().sum::<f32>() - 1.0).abs() < TOLERANCE);
        for (near, far) in [
            (middle - 1, middle + 1),
            (middle - SIDE, middle + SIDE),
            (middle - 1, middle - SIDE),
        ] {
            assert!((image[near] - image[far]).abs() < TOLERANCE);
        }
        assert!(
            image
                .iter()
                .all(|&value| (0.0..=image[middle]).contains(&value))
        );
        blurred += usize::from(image[middle] < 0.999);
    }
    // 20 on average, with a standard deviation of about 3
    assert!((8..=32).contains(&blurred), "{blurred}");
}

/// A square of 10x10 in the middle: a turn or a change of size keeps its centre, and its ink follows the size.
#[test]
fn turning_and_scaling_keep_the_centre() {
    let square = |i: usize| {
        let inside = |v: usize| (9..19).contains(&v);
        f32::from(u8::from(inside(i % SIDE) && inside(i / SIDE)))
    };
    let image: Vec<f32> = (0..PIXELS).map(square).collect();
    let turn = Augmentation {
        rotate_degrees: 45.0,
        scale: 0.3,
        ..Augmentation::none()
    };
    let mut areas = Vec::new();
    for seed in 0..40 {
        let mut turned = image.clone();
        turn.apply(&mut turned, grey28(), Seed(seed));
        let ink: f32 = turned.iter().sum();
        let centre = |axis: &dyn Fn(usize) -> usize| {
            let weighted = turned.iter().enumerate().map(|(i, p)| axis(i) as f32 * p);
            weighted.sum::<f32>() / ink
        };
        assert!((centre(&|i| i % SIDE) - 13.5).abs() < 0.01);
        assert!((centre(&|i| i / SIDE) - 13.5).abs() < 0.01);
        areas.push(ink);
    }
    // From (0.7 * 10)^2 = 49 to (1.3 * 10)^2 = 169, and sampling at pixels is off by a little of the edge.
    assert!(
        areas.iter().all(|area| (45.0..175.0).contains(area)),
        "{areas:?}"
    );
    let smallest = areas.iter().copied().fold(f32::INFINITY, f32::min);
    let largest = areas.iter().copied().fold(0.0, f32::max);
    assert!(
        smallest < 75.0 && largest > 140.0,
        "{smallest} to {largest}"
    );
}

#[test]
fn cutout_blanks_one_square_half_of_the_time() {
    let cutout = Augmentation {
        cutout_px: 6,
        ..Augmentation::none()
    };
    let after = applied(&cutout, 400, Seed(5));
    let (mut blanked, mut whole_squares) = (0, 0);
    for (before, after) in images(400).chunks(PIXELS).zip(after.chunks(PIXELS)) {
        // No pixel of the test images is 0 before.
        let zeros: Vec<usize> = (0..PIXELS).filter(|&i| after[i] == 0.0).collect();
        let kept = (0..PIXELS).all(|i| after[i] == 0.0 || after[i] == before[i]);
        assert!(kept, "something else was changed");
        let Some(last) = zeros.last() else { continue };
        blanked += 1;
        let columns = zeros.iter().map(|i| i % SIDE);
        let width = columns.clone().max().unwrap() - columns.min().unwrap() + 1;
        let height = last / SIDE - zeros[0] / SIDE + 1;
        assert_eq!(width * height, zeros.len(), "it is no rectangle");
        assert!(width <= 6 && height <= 6, "{width}x{height}");
        whole_squares += usize::from(zeros.len() == 36);
    }
    // 200 with a standard deviation of 10; cut off by the border are about two in five.
    assert!((160..=240).contains(&blanked), "{blanked}");
    assert!(whole_squares > blanked / 2, "{whole_squares} of {blanked}");
}

#[test]
fn the_seed_decides_and_each_image_has_its_own_change() {
    let digits = Augmentation::digits();
    assert_eq!(applied(&digits, 4, Seed(6)), applied(&digits, 4, Seed(6)));
    assert_ne!(applied(&digits, 4, Seed(6)), applied(&digits, 4, Seed(7)));
    let one = images(1);
    let mut twins = [one.clone(), one].concat();
    digits.apply(&mut twins, grey28(), Seed(6));
    assert_ne!(twins[..PIXELS], twins[PIXELS..]);
}

#[test]
fn digits_are_never_mirrored() {
    assert!(!Augmentation::digits().flip);
}

/// A picture that is one colour stays it where the edge is repeated, and gets black corners where it is not; all three
/// channels move together.
#[test]
fn what_lies_outside_is_black_or_the_edge() {
    let shape = ImageShape::new(3, 20, 32).unwrap();
    let shift = |outside| {
        let augmentation = Augmentation {
            shift_px: 5.0,
            outside,
            ..Augmentation::none()
        };
        let mut values = [vec![0.25; 640], vec![0.5; 640], vec![1.0; 640]].concat();
        augmentation.apply(&mut values, shape, Seed(3));
        values
    };
    let repeated = shift(Outside::Edge);
    assert!(
        [0.25, 0.5, 1.0]
            .iter()
            .zip(repeated.chunks(640))
            .all(|(level, plane)| plane.iter().all(|value| value == level))
    );
    let black = shift(Outside::Black);
    let outside: Vec<bool> = black[..640].iter().map(|value| *value == 0.0).collect();
    assert!(outside.contains(&true) && outside.contains(&false));
    for (level, plane) in [0.25, 0.5, 1.0].iter().zip(black.chunks(640)) {
        assert!(
            plane
                .iter()
                .zip(&outside)
                .all(|(value, outside)| *value == if *outside { 0.0 } else { *level })
        );
    }
}

proptest! {
    #[test]
    fn pixels_stay_in_range(
        flip: bool,
        shift_px in 0f32..30.0,
        rotate_degrees in 0f32..180.0,
        scale in 0f32..1.0,
        blur_px in 0f32..5.0,
        cutout_px in 0usize..40,
        seed: u64,
    ) {
        /// The shares of four pixels sum to 1 within rounding.
        const TOLERANCE: f32 = 1e-6;
        let augmentation = Augmentation {
            flip, shift_px, rotate_degrees, scale, blur_px, cutout_px, outside: Outside::Black,
        };
        let pixels = applied(&augmentation, 2, Seed(seed));
        prop_assert!(pixels.iter().all(|p| (0.0..=1.0 + TOLERANCE).contains(p)));
    }
}
