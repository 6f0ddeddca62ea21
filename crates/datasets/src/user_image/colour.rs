//! Pictures that keep their colours: scaled to the size of an image, and cut into planes of one channel each.

use image::{DynamicImage, Rgb, RgbImage, imageops, imageops::FilterType};

use super::{
    Adjustments, Prepared,
    grey::Sheet,
    object::{any_object, small_object},
    prepared::{Missing, chosen, none_chosen},
};
use crate::{Fit, Image, ImageShape};

/// How far apart, in levels of 255, the channels of a grey picture may lie: JPEG leaves traces of colour.
const GREY_TOLERANCE: u8 = 12;

/// An object that takes at most this share of both sides of a picture is cut out of it, where pictures keep their background.
const SMALL_OBJECT: f32 = 0.6;

/// The side of that cut, in parts of the object's longer side.
const AROUND_OBJECT: f32 = 1.2;

/// The whole picture or a person's crop of it, or the small object that stands alone on it.
pub(super) fn in_colour(
    picture: &DynamicImage,
    sheet: &Sheet,
    fit: Fit,
    shape: ImageShape,
    adjustments: &Adjustments,
) -> Result<Prepared, Missing> {
    let is_cut = adjustments.crop.is_some() && adjustments.object.is_none();
    let find = || match fit {
        Fit::Object => any_object(sheet, adjustments),
        _ => small_object(sheet, SMALL_OBJECT, adjustments),
    };
    let found = (!is_cut).then(find).flatten();
    let (planes, objects, warnings) = match found {
        None => {
            none_chosen(adjustments.object)?;
            (picture_planes(picture, fit, shape), Vec::new(), Vec::new())
        }
        Some((objects, warnings)) => {
            let shown = chosen(&objects, adjustments.object)?;
            let part = shown.around(AROUND_OBJECT, picture.width(), picture.height());
            let cut = picture_planes(&part.cut_out_of(picture), Fit::Pad, shape);
            (cut, objects, warnings)
        }
    };
    let inverted = adjustments.invert.unwrap_or(false);
    let level = |byte: u8| f32::from(if inverted { 255 - byte } else { byte }) / 255.0;
    let values: Vec<f32> = planes.into_iter().map(level).collect();
    let image = Image::new(shape, values).expect("as many planes as the shape has channels");
    Ok(Prepared {
        warnings,
        objects,
        inverted,
        ..Prepared::whole(image)
    })
}

/// The whole picture scaled to `shape` as `fit` says, as bytes `[channels, height, width]`.
pub(crate) fn picture_planes(picture: &DynamicImage, fit: Fit, shape: ImageShape) -> Vec<u8> {
    let (width, height) = (shape.width() as u32, shape.height() as u32);
    let picture = opaque(picture);
    let scaled = match fit {
        Fit::Stretch => resized(picture, width, height),
        Fit::Crop => resized(cropped(&picture, width, height), width, height),
        Fit::Pad | Fit::Object => padded(picture, width, height),
    };
    planes(&DynamicImage::ImageRgb8(scaled), shape.channels())
}

/// The bytes of a picture, `[channels, height, width]`: luminance, or red, green and blue in front of white.
pub(crate) fn planes(picture: &DynamicImage, channels: usize) -> Vec<u8> {
    let picture = opaque(picture);
    if channels == 1 {
        return DynamicImage::ImageRgb8(picture).to_luma8().into_raw();
    }
    (0..channels)
        .flat_map(|channel| picture.pixels().map(move |pixel| pixel[channel]))
        .collect()
}

/// Whether a picture shows any colour.
pub(crate) fn is_coloured(picture: &DynamicImage) -> bool {
    picture.color().has_color()
        && opaque(picture).pixels().any(|Rgb(levels)| {
            let brightest = levels.iter().max().unwrap_or(&0);
            let darkest = levels.iter().min().unwrap_or(&0);
            brightest - darkest > GREY_TOLERANCE
        })
}

/// The picture in front of white.
fn opaque(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let picture = picture.to_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0.map(u32::from);
        let blend = |level: u32| ((level * alpha + 255 * (255 - alpha) + 127) / 255) as u8;
        Rgb([blend(red), blend(green), blend(blue)])
    })
}

fn resized(picture: RgbImage, width: u32, height: u32) -> RgbImage {
    if picture.dimensions() == (width, height) {
        return picture;
    }
    imageops::resize(&picture, width, height, FilterType::CatmullRom)
}

/// `side * of / to`, rounded, at least 1.
fn part(side: u32, of: u32, to: u32) -> u32 {
    ((u64::from(side) * u64::from(of) + u64::from(to) / 2) / u64::from(to)).max(1) as u32
}

/// The largest part in the middle with the proportions of `width` to `height`.
fn cropped(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    let (whole_width, whole_height) = picture.dimensions();
    let cut_width = whole_width.min(part(whole_height, width, height));
    let cut_height = whole_height.min(part(whole_width, height, width));
    let (left, top) = (
        (whole_width - cut_width) / 2,
        (whole_height - cut_height) / 2,
    );
    imageops::crop_imm(picture, left, top, cut_width, cut_height).to_image()
}

/// The whole picture in the middle of a sheet of `width` and `height`, in the mean colour of its edge. It is scaled before
/// it is padded: a sheet around a panorama at its full size would be many times as large as the panorama.
fn padded(picture: RgbImage, width: u32, height: u32) -> RgbImage {
    let (whole_width, whole_height) = picture.dimensions();
    let fit_width = width.min(part(whole_width, height, whole_height));
    let fit_height = height.min(part(whole_height, width, whole_width));
    let mut sheet = RgbImage::from_pixel(width, height, edge_colour(&picture));
    let left = i64::from((width - fit_width) / 2);
    let top = i64::from((height - fit_height) / 2);
    let picture = resized(picture, fit_width, fit_height);
    imageops::replace(&mut sheet, &picture, left, top);
    sheet
}

fn edge_colour(picture: &RgbImage) -> Rgb<u8> {
    let (width, height) = picture.dimensions();
    let mut sums = [0_u64; 3];
    let mut count = 0;
    for (x, y, pixel) in picture.enumerate_pixels() {
        if x == 0 || y == 0 || x + 1 == width || y + 1 == height {
            count += 1;
            for (sum, level) in sums.iter_mut().zip(pixel.0) {
                *sum += u64::from(level);
            }
        }
    }
    Rgb(sums.map(|sum| (sum / count.max(1)) as u8))
}
