//! Ink scaled and put into the frame of an image.

use image::imageops::{self, FilterType};

use super::{from_ink, grey::Plane, rounded_share};
use crate::{Image, ImageShape};

/// The longer side of a digit, in parts of the frame's shorter side: 20 of 28 pixels in MNIST.
const CONTENT_SHARE: [u32; 2] = [20, 28];

/// The share of all ink that may stay outside the box on each side: keeps out specks but no stroke's end.
const OUTSIDE_SHARE: f32 = 2e-4;

/// The ink's box scaled to its share of the frame, with its centre of mass in the middle.
pub(super) fn centred(ink: &Plane, shape: ImageShape) -> Image {
    let (left, width) = extent(&sums(ink, |x, _| x, ink.width()));
    let (top, height) = extent(&sums(ink, |_, y| y, ink.height()));
    let cut = imageops::crop_imm(ink, left, top, width, height).to_image();
    let [content, whole] = CONTENT_SHARE;
    let shorter = shape.width().min(shape.height()) as u32;
    let longest = rounded_share(shorter, content, whole);
    let longer = width.max(height);
    let scaled = |side: u32| rounded_share(side, longest, longer);
    let small = scale(&cut, scaled(width), scaled(height));
    let left = start(&sums(&small, |x, _| x, small.width()), shape.width());
    let top = start(&sums(&small, |_, y| y, small.height()), shape.height());
    // Scaling down thins a fine pen's stroke to a light grey; digits in MNIST reach full ink.
    let strokes = small.as_raw().iter().copied();
    let peak = strokes.fold(f32::MIN_POSITIVE, f32::max);
    let mut frame = Plane::new(shape.width() as u32, shape.height() as u32);
    for (x, y, pixel) in small.enumerate_pixels() {
        frame.get_pixel_mut(left + x, top + y)[0] = pixel[0] / peak;
    }
    from_ink(&frame, shape)
}

/// How far a centred sign may lie from the middle, in parts of the frame's shorter side.
const OFF_CENTRE: f32 = 0.055;

/// How far its size may be from [`CONTENT_SHARE`], in parts of the frame's shorter side.
const OTHER_SIZE: f32 = 0.16;

/// Ink that counts where a sign begins, as in MNIST's soft edges.
const SOFT: f32 = 0.1;

/// The share of a frame's side that an object which fills it covers at least.
const FILLED: f32 = 0.85;

/// Whether ink in a frame is placed as [`centred`] places it, more or less.
pub(super) fn is_centred(ink: &Plane) -> bool {
    let shorter = ink.width().min(ink.height()) as f32;
    let inked = |sums: &[f32]| {
        let first = sums.iter().position(|sum| *sum > SOFT);
        let last = sums.iter().rposition(|sum| *sum > SOFT);
        first.zip(last).map_or(0, |(first, last)| last + 1 - first)
    };
    let columns = sums(ink, |x, _| x, ink.width());
    let rows = sums(ink, |_, y| y, ink.height());
    let [content, whole] = CONTENT_SHARE;
    let size = inked(&columns).max(inked(&rows)) as f32 / shorter;
    let off = |sums: &[f32]| (centre(sums) - sums.len() as f32 / 2.0).abs() / shorter;
    (size - content as f32 / whole as f32).abs() < OTHER_SIZE
        && off(&columns).max(off(&rows)) < OFF_CENTRE
}

/// Whether what is in a frame reaches from one side to the opposite one, or nearly.
pub(super) fn fills(ink: &Plane) -> bool {
    let inked = |sums: &[f32]| {
        let first = sums.iter().position(|sum| *sum > SOFT)?;
        let last = sums.iter().rposition(|sum| *sum > SOFT)?;
        Some((last + 1 - first) as f32 / sums.len() as f32)
    };
    let across = inked(&sums(ink, |x, _| x, ink.width()));
    let down = inked(&sums(ink, |_, y| y, ink.height()));
    [across, down]
        .into_iter()
        .flatten()
        .any(|share| share >= FILLED)
}

/// The ink in each column or row, as `axis` picks.
fn sums(ink: &Plane, axis: impl Fn(u32, u32) -> u32, len: u32) -> Vec<f32> {
    let mut sums = vec![0.0; len as usize];
    for (x, y, pixel) in ink.enumerate_pixels() {
        sums[axis(x, y) as usize] += pixel[0];
    }
    sums
}

/// Start and length of the part that holds all but [`OUTSIDE_SHARE`] of the ink on either side; at least 1 long.
fn extent(sums: &[f32]) -> (u32, u32) {
    let allowed = sums.iter().sum::<f32>() * OUTSIDE_SHARE;
    let outside = |sums: &mut dyn Iterator<Item = &f32>| {
        let mut seen = 0.0;
        sums.take_while(|&&sum| {
            seen += sum;
            seen <= allowed
        })
        .count()
    };
    let before = outside(&mut sums.iter());
    let after = outside(&mut sums.iter().rev());
    (before as u32, (sums.len() - before - after) as u32)
}

/// Where a strip of ink starts within `length` pixels so that its centre of mass comes to the middle, as far as it stays
/// inside.
///
/// The middle of 28 pixels is taken to be 14, where MNIST's digits have it on average. Of 1,000 test digits, enlarged and
/// put on a larger page, 98.5 % come back with a cosine similarity above 0.9, the rest one pixel aside; with 13.98 or
/// 14.02 it is 95.5 %.
fn start(sums: &[f32], length: usize) -> u32 {
    let wanted = (length as f32 / 2.0 - centre(sums)).round();
    // A negative or undefined wish becomes 0.
    (wanted as u32).min((length - sums.len()) as u32)
}

/// The centre of mass along a strip; not a number without ink.
fn centre(sums: &[f32]) -> f32 {
    let mass: f32 = sums.iter().sum();
    let moments = sums.iter().enumerate().map(|(at, sum)| at as f32 * sum);
    moments.sum::<f32>() / mass
}

/// The ink in the middle of the smallest sheet around it that has the proportions of `frame` (width and height).
pub(super) fn padded(ink: &Plane, frame: (u32, u32)) -> Plane {
    let (width, height) = ink.dimensions();
    let (wide, high) = (
        u64::from(width) * u64::from(frame.1),
        u64::from(height) * u64::from(frame.0),
    );
    let sheet = if wide >= high {
        (
            width,
            (wide.div_ceil(u64::from(frame.0)) as u32).max(height),
        )
    } else {
        (
            (high.div_ceil(u64::from(frame.1)) as u32).max(width),
            height,
        )
    };
    let mut padded = Plane::new(sheet.0, sheet.1);
    let (left, top) = ((sheet.0 - width) / 2, (sheet.1 - height) / 2);
    imageops::replace(&mut padded, ink, i64::from(left), i64::from(top));
    padded
}

/// Catmull-Rom widens with the reduction, so it averages instead of skipping. It gives MNIST's digits back more closely
/// than a triangle filter, and rings less than Lanczos.
pub(super) fn scale(ink: &Plane, width: u32, height: u32) -> Plane {
    imageops::resize(ink, width, height, FilterType::CatmullRom)
}
