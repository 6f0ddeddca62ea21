//! A photograph as a person takes one, drawn from the shipped sample: a large 3 and a smaller 7 on paper, with the edge of a shadow across
//! the 7.

use datasets::{ClassId, KnownDataset, sample};
use image::{GrayImage, Luma, imageops, imageops::FilterType};

/// Width and height in pixels.
pub const SIZE: [u32; 2] = [900, 600];

/// Corners of a part that holds the 7 and nothing of the 3: left and top, right and bottom.
pub const AROUND_THE_SEVEN: [[u32; 2]; 2] = [[510, 130], [870, 490]];

/// The class, the corner and the side of each digit.
const DIGITS: [(u16, [u32; 2], u32); 2] = [(3, [40, 110], 380), (7, [530, 150], 320)];

const PAPER: f32 = 215.0;
const PEN: f32 = 35.0;

/// How much of the light a shadow leaves.
const SHADOW: f32 = 0.45;

/// The photograph.
pub fn shadowed_seven() -> GrayImage {
    let mut ink = GrayImage::new(SIZE[0], SIZE[1]);
    for (class, [left, top], side) in DIGITS {
        let digit = imageops::resize(&first_of(class), side, side, FilterType::Triangle);
        imageops::replace(&mut ink, &digit, left.into(), top.into());
    }
    GrayImage::from_fn(SIZE[0], SIZE[1], |x, y| {
        let ink = f32::from(ink.get_pixel(x, y)[0]) / 255.0;
        let level = (PAPER + (PEN - PAPER) * ink) * light(x as f32, y as f32);
        // Grain of up to four levels, from a hash of the place.
        let grain = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)) >> 7;
        Luma([level as u8 + (grain % 5) as u8])
    })
}

/// The right side lies in the shadow of a hand, whose edge is a dozen pixels wide.
fn light(x: f32, y: f32) -> f32 {
    let behind = (x - 700.0 - 0.25 * (y - 300.0)) / 12.0;
    1.0 - (1.0 - SHADOW) * behind.clamp(0.0, 1.0)
}

/// The first image of a class in the sample, white on black.
fn first_of(class: u16) -> GrayImage {
    let images = sample(KnownDataset::Mnist);
    let mut all = 0..images.len();
    let first = all.find(|&index| images.label(index) == Some(ClassId(class)));
    let image = images.image(first.expect("each class has a hundred"));
    GrayImage::from_raw(28, 28, image.to_bytes()).expect("28x28 pixels")
}
