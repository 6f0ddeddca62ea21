//! A drawn sign on paper, as MNIST's digits were made: found, cut out and centred.

use image::imageops;

use super::{
    Adjustments, PictureWarning, Prepared, Region,
    border::without_borders,
    from_ink,
    grey::{Plane, Sheet, quantile},
    light::{Inked, inked},
    lines::without_lines,
    marks::{Kind, Mark, Marks, Threshold, is_other},
    place::{centred, is_centred},
    prepared::{Missing, chosen, none_chosen},
    shades::Shades,
};
use crate::ImageShape;

/// Less contrast than this, in parts of the paper's light, is told.
const CLEAR: f32 = 0.12;

/// Less contrast than this is nothing.
const LEAST_CONTRAST: f32 = 0.03;

/// The share of the paper's light that may be missing at the darkest place around a sign.
const EVEN: f32 = 0.45;

/// What the score of ink is multiplied by if it may be only a frame or what reaches the edge.
const UNCERTAIN: f32 = 0.3;

/// The power of sharpness in the score of ink: the outline of a gap between strokes is open somewhere.
const SHARP: i32 = 6;

/// The sharpness of an outline that is closed.
const CLOSED: f32 = 0.9;

/// A container of this share of its box is a sheet of paper, and no stroke around a hole.
const SHEET: f32 = 0.85;

/// Pictures with a shorter side than this, in pixels, are ink and background: there is no room for light and shadow.
const TINY: u32 = 16;

/// Finds the sign in a picture.
pub(super) fn digit(
    sheet: &Sheet,
    shape: ImageShape,
    adjustments: &Adjustments,
) -> Result<Prepared, Missing> {
    if let Some(small) = small(sheet, shape, adjustments) {
        return small;
    }
    let inner = sheet.cut(without_borders(&sheet.plane));
    let found = Drawn::find(&inner.plane, adjustments).map(|drawn| (inner, drawn));
    // What goes through its picture from edge to edge leaves two bands that pass for borders.
    let whole = || Some((sheet.clone(), Drawn::find(&sheet.plane, adjustments)?));
    let (sheet, drawn) = found.or_else(whole).ok_or(Missing::Drawing)?;
    drawn.prepared(&sheet, shape, adjustments.object)
}

/// A picture that is taken as a whole: a sign that is placed in its frame already, and one with no room for light and shadow.
fn small(
    sheet: &Sheet,
    shape: ImageShape,
    adjustments: &Adjustments,
) -> Option<Result<Prepared, Missing>> {
    let (width, height) = sheet.plane.dimensions();
    let is_frame = (width as usize, height as usize) == (shape.width(), shape.height());
    let is_tiny = width.min(height) < TINY;
    if !is_frame && !is_tiny {
        return None;
    }
    let shades = Shades::find(&sheet.plane, adjustments);
    let inked = shades.and_then(|shades| Some((shades.ink(&sheet.plane)?, shades)));
    let Some((ink, shades)) = inked else {
        return Some(Err(Missing::Drawing));
    };
    let image = if is_frame && is_centred(&ink) {
        from_ink(&ink, shape)
    } else if is_tiny {
        centred(&ink, shape)
    } else {
        return None;
    };
    Some(none_chosen(adjustments.object).map(|()| Prepared::of_shades(image, &shades)))
}

/// Ink of one polarity, and the marks in it.
struct Drawn {
    inked: Inked,
    marks: Marks,
    /// The share of the first mark's outline that is an edge.
    sharpness: f32,
    score: f32,
    /// Whether there was nothing but straight lines.
    with_lines: bool,
    /// Whether the ink is darker than the paper.
    is_dark: bool,
}

impl Drawn {
    /// The marks on a sheet without ruled lines and boxes, or else those lines: a pen may be as fine.
    fn find(levels: &Plane, adjustments: &Adjustments) -> Option<Self> {
        let dark = without_lines(levels);
        let unruled = inverted(&without_lines(&inverted(&dark)));
        Self::either(&unruled, adjustments).or_else(|| {
            let with_lines = true;
            let drawn = Self::either(levels, adjustments)?;
            Some(Self {
                with_lines,
                ..drawn
            })
        })
    }

    /// The marks that are darker than the paper, or those that are lighter, whichever were drawn or are asked for.
    fn either(levels: &Plane, adjustments: &Adjustments) -> Option<Self> {
        let asked = |is_dark: bool| adjustments.invert.is_none_or(|invert| invert == is_dark);
        let of = |is_dark: bool| {
            let found = || Self::in_ink(levels, is_dark, adjustments.threshold);
            asked(is_dark).then(found).flatten()
        };
        let (dark, light) = match (of(true), of(false)) {
            (Some(dark), Some(light)) => (dark, light),
            (one, other) => return one.or(other),
        };
        if dark.lies_inside(&light) {
            return Some(if light.is_paper() { dark } else { light });
        }
        if light.lies_inside(&dark) {
            return Some(if dark.is_paper() { light } else { dark });
        }
        Some(if dark.score >= light.score {
            dark
        } else {
            light
        })
    }

    /// The chosen mark as an image, or else the first, and what is in doubt about it.
    fn prepared(
        &self,
        sheet: &Sheet,
        shape: ImageShape,
        object: Option<usize>,
    ) -> Result<Prepared, Missing> {
        let first = self.marks.objects.first().ok_or(Missing::Drawing)?;
        let others = self.marks.objects.iter();
        let found: Vec<&Mark> = others.filter(|other| is_other(first, other)).collect();
        let shown = *chosen(&found, object)?;
        let ink = self.marks.ink_of(shown, &self.inked.sharp);
        let strokes = ink.as_raw().iter().copied();
        let full = quantile(strokes.filter(|ink| *ink > self.inked.floor).collect(), 0.9);
        // It hardly differs from the paper.
        if full < LEAST_CONTRAST {
            return Err(Missing::Drawing);
        }
        let count = found.len();
        let in_doubt = count > 1 && object.is_none();
        let several = in_doubt.then_some(PictureWarning::SeveralObjects { count });
        let is_unclear = full < CLEAR || self.with_lines;
        let unclear = is_unclear.then_some(PictureWarning::Unclear);
        let is_uneven = uneven(&self.inked.paper, shown.bounds);
        let uneven = is_uneven.then_some(PictureWarning::UnevenLight);
        let in_picture = |object: &&Mark| sheet.in_picture(object.bounds);
        Ok(Prepared {
            image: centred(&stretched(ink, self.inked.floor, full), shape),
            warnings: [several, unclear, uneven].into_iter().flatten().collect(),
            objects: found.iter().map(in_picture).collect::<Vec<Region>>(),
            inverted: self.is_dark,
            threshold: Some(self.marks.lowest),
        })
    }

    /// The marks that are darker than the paper, or those that are lighter.
    fn in_ink(levels: &Plane, is_dark: bool, threshold: Option<f32>) -> Option<Self> {
        let light = (!is_dark).then(|| inverted(levels));
        let levels = light.as_ref().unwrap_or(levels);
        let mut inked = inked(levels);
        let threshold = Threshold::of(threshold, inked.floor);
        inked.floor = threshold.floor();
        let marks = Marks::find(&inked.ink, threshold, Kind::Strokes)?;
        let first = marks.objects.first()?;
        let contrast = contrast(levels, &inked, first.bounds);
        let sharpness = marks.sharpness(first, levels, contrast);
        let doubt = if marks.certain { 1.0 } else { UNCERTAIN };
        let score = first.ink * contrast * sharpness.powi(SHARP) * doubt;
        Some(Self {
            inked,
            marks,
            sharpness,
            score,
            with_lines: false,
            is_dark,
        })
    }

    /// Whether this is the hole in a stroke, or what stands on a sheet of paper.
    fn lies_inside(&self, other: &Self) -> bool {
        if other.sharpness < CLOSED || !other.marks.certain {
            return false;
        }
        let (Some(a), Some(b)) = (self.marks.objects.first(), other.marks.objects.first()) else {
            return false;
        };
        let (a, b) = (a.bounds, b.bounds);
        a.left >= b.left
            && a.top >= b.top
            && a.left + a.width <= b.left + b.width
            && a.top + a.height <= b.top + b.height
    }

    fn is_paper(&self) -> bool {
        self.marks.objects.first().is_some_and(|first| {
            let area = (first.bounds.width * first.bounds.height) as f32;
            first.ink > SHEET * area * 0.5 && first.thickness > 0.4 * first.longer()
        })
    }
}

/// How much darker than its paper a mark is, in grey levels.
fn contrast(levels: &Plane, inked: &Inked, bounds: Region) -> f32 {
    let pixels = (bounds.top..bounds.top + bounds.height)
        .flat_map(|y| (bounds.left..bounds.left + bounds.width).map(move |x| (x, y)));
    let differences = pixels
        .filter(|&(x, y)| inked.ink.get_pixel(x, y)[0] > inked.floor)
        .map(|(x, y)| inked.paper.get_pixel(x, y)[0] - levels.get_pixel(x, y)[0]);
    quantile(differences.collect(), 0.75)
}

fn uneven(paper: &Plane, bounds: Region) -> bool {
    let Region {
        left,
        top,
        width,
        height,
    } = bounds;
    let part = imageops::crop_imm(paper, left, top, width, height).to_image();
    let darkest = quantile(part.as_raw().clone(), 0.02);
    let lightest = quantile(part.into_raw(), 0.98);
    darkest < (1.0 - EVEN) * lightest
}

fn inverted(levels: &Plane) -> Plane {
    let mut inverted = levels.clone();
    for pixel in inverted.pixels_mut() {
        pixel[0] = 1.0 - pixel[0];
    }
    inverted
}

/// Takes `floor` away from all ink and stretches the rest, so that `full` becomes 1.
fn stretched(mut ink: Plane, floor: f32, full: f32) -> Plane {
    let floor = floor.min(full / 2.0);
    for pixel in ink.pixels_mut() {
        pixel[0] = ((pixel[0] - floor) / (full - floor)).clamp(0.0, 1.0);
    }
    ink
}
