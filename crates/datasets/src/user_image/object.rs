//! An object in front of a plain background: found, and cut out.

use image::{Luma, Rgb32FImage};

use super::{
    Adjustments, PictureWarning, Prepared, Region,
    border::without_borders,
    from_ink,
    grey::{Plane, Sheet, quantile},
    marks::{Kind, Mark, Marks, Threshold, is_other},
    place::{fills, padded, scale},
    prepared::{Missing, chosen, none_chosen},
    shades::Shades,
    surface::{Sample, Surface},
};
use crate::ImageShape;

/// Less contrast than this is told.
const CLEAR: f32 = 0.08;

/// The share of an object's ink below the level that becomes full ink.
const FULL: f32 = 0.98;

/// Ink is stretched to four times at most: what is paler is hardly there.
const PALEST: f32 = 0.25;

/// An object of this share of the sheet's sides that reaches the edge is the whole picture.
const WHOLE: f32 = 0.9;

/// The share of the sheet, along its edge, that is taken for background at first.
const EDGE: f32 = 0.04;

/// Standard deviations of the background that an object differs by at least.
const DEVIATIONS: f32 = 5.0;

/// Added to that, in levels of `[0, 1]`: what JPEG leaves around an object.
const LEAST_DIFFERENCE: f32 = 0.03;

/// The share of the edge that the background explains at least where there is one.
const PLAIN: f32 = 0.6;

/// Samples that a surface is fitted to: enough for six terms many times over.
const SAMPLES: usize = 6_000;

/// Finds the object in a picture and cuts it out; the whole picture where there is no plain background.
pub(super) fn object(
    sheet: &Sheet,
    shape: ImageShape,
    adjustments: &Adjustments,
) -> Result<Prepared, Missing> {
    let frame = (shape.width() as u32, shape.height() as u32);
    let whole = || {
        let shades = Shades::find(&sheet.plane, adjustments).ok_or(Missing::Drawing)?;
        let ink = shades.ink(&sheet.plane).ok_or(Missing::Drawing)?;
        none_chosen(adjustments.object).map(|()| (ink, shades))
    };
    if sheet.plane.dimensions() == frame {
        let (ink, shades) = whole()?;
        if fills(&ink) {
            return Ok(Prepared::of_shades(from_ink(&ink, shape), &shades));
        }
    }
    let in_frame = |ink: &Plane| scale(&padded(ink, frame), frame.0, frame.1);
    let Some(objects) = Objects::find(sheet, adjustments).filter(|objects| !objects.is_whole())
    else {
        let (ink, shades) = whole()?;
        let image = from_ink(&in_frame(&ink), shape);
        return Ok(Prepared::of_shades(image, &shades));
    };
    let others = objects.others();
    let shown = chosen(&others, adjustments.object)?.bounds;
    let ink = objects.ink(shown).ok_or(Missing::Drawing)?;
    Ok(Prepared {
        image: from_ink(&full_range(in_frame(&ink)), shape),
        warnings: objects.warnings(adjustments.object),
        objects: objects.regions(),
        inverted: objects.darker,
        threshold: Some(objects.lowest),
    })
}

/// The objects in front of a plain background, and what is in doubt about the first or the chosen one; `None` unless the first
/// stands alone, and takes at most this share of each of the picture's sides.
pub(super) fn small_object(
    sheet: &Sheet,
    share: f32,
    adjustments: &Adjustments,
) -> Option<(Vec<Region>, Vec<PictureWarning>)> {
    let objects = Objects::find(sheet, &Adjustments::default())?;
    let first = objects.found.first()?;
    let (width, height) = objects.sheet.plane.dimensions();
    let is_small = first.bounds.width as f32 <= share * width as f32
        && first.bounds.height as f32 <= share * height as f32;
    let stands_out = is_small && !first.touches && objects.contrast >= CLEAR;
    stands_out.then(|| (objects.regions(), objects.warnings(adjustments.object)))
}

/// The objects in front of a plain background, of any size, with what is in doubt about the first or the chosen one; `None` if none
/// stands out clearly, or it is all of the picture.
pub(super) fn any_object(
    sheet: &Sheet,
    adjustments: &Adjustments,
) -> Option<(Vec<Region>, Vec<PictureWarning>)> {
    let objects = Objects::find(sheet, &Adjustments::default())?;
    let stands_out = objects.contrast >= CLEAR && !objects.is_whole();
    stands_out.then(|| (objects.regions(), objects.warnings(adjustments.object)))
}

/// Stretches ink so that nearly all of it is used: every image of Fashion-MNIST reaches full ink somewhere.
fn full_range(mut ink: Plane) -> Plane {
    let values = ink.as_raw().iter().copied().filter(|ink| *ink > 0.0);
    let full = quantile(values.collect(), FULL).max(PALEST);
    for pixel in ink.pixels_mut() {
        pixel[0] = (pixel[0] / full).min(1.0);
    }
    ink
}

/// Objects on a sheet.
struct Objects {
    /// The sheet without its borders.
    sheet: Sheet,
    /// The objects, the largest first.
    found: Vec<Mark>,
    /// How far each pixel differs from the background, of 1, and from where on that is no noise.
    difference: Plane,
    floor: f32,
    /// From which difference on a pixel belongs to an object.
    lowest: f32,
    /// The background's luminance at each pixel.
    background: Plane,
    /// Whether the first object is darker than the background.
    darker: bool,
    /// How far the first object differs from the background, of 1.
    contrast: f32,
}

impl Objects {
    /// Finds what is in front of a plain background. `None` if the background is not plain, or there is nothing on it.
    fn find(sheet: &Sheet, adjustments: &Adjustments) -> Option<Self> {
        let part = without_borders(&sheet.plane);
        let cut = sheet.cut(part);
        let colours = &cut.colours;
        let surfaces = background(colours)?;
        let difference = difference(colours, &surfaces);
        let spread = surfaces.iter().map(|surface| surface.deviation);
        let noise = DEVIATIONS * spread.fold(0.0, f32::max) + LEAST_DIFFERENCE;
        let threshold = Threshold::of(adjustments.threshold, noise);
        let floor = threshold.floor();
        let marks = Marks::find(&difference, threshold, Kind::Solid)?;
        let (width, height) = cut.plane.dimensions();
        let background = Plane::from_fn(width, height, |x, y| {
            let place = place([x, y], [width, height]);
            let [red, green, blue] = surfaces.map(|surface| surface.at(place));
            // ITU-R BT.709, as the sheet's luminance.
            Luma([(0.2126 * red + 0.7152 * green + 0.0722 * blue).clamp(0.0, 1.0)])
        });
        let first = marks.objects.first()?;
        let inside = marks.ink_of(first, &difference);
        let values = inside
            .as_raw()
            .iter()
            .copied()
            .filter(|value| *value > floor);
        let contrast = quantile(values.collect(), 0.75);
        let is_darker = || is_darker(&cut.plane, &background, &inside, floor);
        let darker = adjustments.invert.unwrap_or_else(is_darker);
        Some(Self {
            sheet: cut,
            found: marks.objects,
            difference,
            floor,
            lowest: marks.lowest,
            background,
            darker,
            contrast,
        })
    }

    /// The first object, and all that are as much of one.
    fn others(&self) -> Vec<&Mark> {
        let first = &self.found[0];
        let others = self.found.iter();
        others.filter(|other| is_other(first, other)).collect()
    }

    /// Where they are in the picture.
    fn regions(&self) -> Vec<Region> {
        let others = self.others().into_iter();
        others
            .map(|object| self.sheet.in_picture(object.bounds))
            .collect()
    }

    /// What is in doubt.
    fn warnings(&self, object: Option<usize>) -> Vec<PictureWarning> {
        let count = self.others().len();
        let in_doubt = count > 1 && object.is_none();
        let several = in_doubt.then_some(PictureWarning::SeveralObjects { count });
        let unclear = (self.contrast < CLEAR).then_some(PictureWarning::Unclear);
        several.into_iter().chain(unclear).collect()
    }

    /// Whether the first object is all of the picture, and reaches its edge.
    fn is_whole(&self) -> bool {
        let (width, height) = self.sheet.plane.dimensions();
        self.found.first().is_some_and(|first| {
            let share = |part: u32, whole: u32| part as f32 / whole as f32;
            let across = share(first.bounds.width, width);
            let down = share(first.bounds.height, height);
            first.touches && across.min(down) > WHOLE
        })
    }

    /// How far each pixel of a part of the sheet is from the background (0) towards black or white (1), in the direction in
    /// which the first object differs, or in that which a person asked for; `None` if nothing differs in that direction.
    fn ink(&self, part: Region) -> Option<Plane> {
        let ink = Plane::from_fn(part.width, part.height, |x, y| {
            let (x, y) = (part.left + x, part.top + y);
            if self.difference.get_pixel(x, y)[0] <= self.floor {
                return Luma([0.0]);
            }
            let level = self.sheet.plane.get_pixel(x, y)[0];
            let background = self.background.get_pixel(x, y)[0];
            let ink = if self.darker {
                (background - level) / background.max(f32::MIN_POSITIVE)
            } else {
                (level - background) / (1.0 - background).max(f32::MIN_POSITIVE)
            };
            Luma([ink.clamp(0.0, 1.0)])
        });
        ink.as_raw().iter().any(|ink| *ink > 0.0).then_some(ink)
    }
}

/// A pixel's place, from -1 to 1.
fn place(at: [u32; 2], sides: [u32; 2]) -> [f64; 2] {
    let along = |axis: usize| 2.0 * f64::from(at[axis]) / f64::from(sides[axis].max(2) - 1) - 1.0;
    [along(0), along(1)]
}

/// The background's red, green and blue; `None` unless it explains most of the edge.
fn background(colours: &Rgb32FImage) -> Option<[Surface; 3]> {
    let (width, height) = colours.dimensions();
    let margin = ((width.min(height) as f32 * EDGE) as u32).max(1);
    let at_edge =
        |x: u32, y: u32| x < margin || y < margin || x + margin >= width || y + margin >= height;
    let edge: Vec<[u32; 2]> = pixels(colours).filter(|&[x, y]| at_edge(x, y)).collect();
    let first = surfaces(colours, &edge)?;
    let explains = |surfaces: &[Surface; 3], at: [u32; 2]| {
        distance(colours, surfaces, at)
            < DEVIATIONS * surfaces.iter().map(|s| s.deviation).fold(0.0, f32::max)
                + LEAST_DIFFERENCE
    };
    let explained = edge.iter().filter(|at| explains(&first, **at)).count();
    if (explained as f32) < PLAIN * edge.len() as f32 {
        return None;
    }
    let plain: Vec<[u32; 2]> = pixels(colours).filter(|&at| explains(&first, at)).collect();
    surfaces(colours, &plain)
}

fn pixels(colours: &Rgb32FImage) -> impl Iterator<Item = [u32; 2]> {
    let (width, height) = colours.dimensions();
    (0..height).flat_map(move |y| (0..width).map(move |x| [x, y]))
}

fn surfaces(colours: &Rgb32FImage, at: &[[u32; 2]]) -> Option<[Surface; 3]> {
    let sides = [colours.width(), colours.height()];
    let step = (at.len() / SAMPLES).max(1);
    let fit = |channel: usize| {
        let samples: Vec<Sample> = at
            .iter()
            .step_by(step)
            .map(|&at| {
                let level = colours.get_pixel(at[0], at[1])[channel];
                (place(at, sides), f64::from(level))
            })
            .collect();
        Surface::fit(&samples)
    };
    Some([fit(0)?, fit(1)?, fit(2)?])
}

/// The largest difference between a pixel and the background, over the channels.
fn distance(colours: &Rgb32FImage, surfaces: &[Surface; 3], at: [u32; 2]) -> f32 {
    let place = place(at, [colours.width(), colours.height()]);
    let levels = colours.get_pixel(at[0], at[1]).0;
    let channels = levels.iter().zip(surfaces);
    let differences = channels.map(|(level, surface)| (level - surface.at(place)).abs());
    differences.fold(0.0, f32::max)
}

fn difference(colours: &Rgb32FImage, surfaces: &[Surface; 3]) -> Plane {
    Plane::from_fn(colours.width(), colours.height(), |x, y| {
        Luma([distance(colours, surfaces, [x, y]).min(1.0)])
    })
}

/// Whether an object is darker than the background, on the whole.
fn is_darker(levels: &Plane, background: &Plane, inside: &Plane, floor: f32) -> bool {
    let pixels = levels.as_raw().iter().zip(background.as_raw());
    let pixels = pixels
        .zip(inside.as_raw())
        .filter(|(_, inside)| **inside > floor);
    pixels
        .map(|((level, background), _)| level - background)
        .sum::<f32>()
        < 0.0
}
