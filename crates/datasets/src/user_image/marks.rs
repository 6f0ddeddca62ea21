//! Connected marks of ink, those of them that are not what a person drew, and groups of those that belong together.

use image::{GrayImage, ImageBuffer, Luma};
use imageproc::{
    distance_transform::euclidean_squared_distance_transform,
    region_labelling::{Connectivity, connected_components},
};

use super::{
    Region,
    grey::{Plane, quantile},
    light::widened,
};

/// A mark has this share of the usual ink somewhere.
const CORE_SHARE: f32 = 0.5;

/// The longer side of the smallest mark, in parts of the sheet's.
const SMALLEST: f32 = 0.035;

/// Marks with less of the strongest mark's ink are specks.
const SPECK: f32 = 0.02;

/// Of this thickness, in parts of the longer side, a mark is a spot: no stroke is so thick.
const SPOT: f32 = 0.6;

/// A frame's thickness at most, in parts of its longer side.
const FRAME: f32 = 0.12;

/// A line's thickness at most, and its length at least, in parts of the sheet.
const LINE: [f32; 2] = [0.02, 0.6];

/// How far marks of one object lie apart at most, in parts of the larger one's longer side.
const GAP: f32 = 0.15;

/// The margin around a mark, in parts of its thickness, in which faint ink still belongs to it.
const MARGIN: f32 = 0.3;

/// How many marks are looked at: the strongest ones.
const MOST_MARKS: usize = 60;

/// What marks are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Strokes of a pen.
    Strokes,
    /// Objects of any form, which may be pale in part.
    Solid,
}

impl Kind {
    /// The share of the usual ink at which a mark begins.
    fn lowest_share(self) -> f32 {
        match self {
            Self::Strokes => 0.25,
            Self::Solid => 0.12,
        }
    }
}

/// How much ink counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Threshold {
    /// More than this, which noise looks like, and a share of the usual ink.
    AboveNoise(f32),
    /// As much as a person says.
    Chosen(f32),
}

impl Threshold {
    /// The person's, or else what exceeds the noise.
    pub(super) fn of(chosen: Option<f32>, noise: f32) -> Self {
        chosen.map_or(Self::AboveNoise(noise), Self::Chosen)
    }

    /// Ink below this is none.
    pub(super) fn floor(self) -> f32 {
        match self {
            Self::AboveNoise(floor) | Self::Chosen(floor) => floor,
        }
    }

    /// Where a mark begins.
    fn lowest(self, kind: Kind, usual: f32) -> f32 {
        match self {
            Self::AboveNoise(floor) => floor.max(kind.lowest_share() * usual),
            Self::Chosen(chosen) => chosen,
        }
    }
}

/// An object of at least this share of the largest one's ink and size is an object of its own.
const OTHER_INK: f32 = 0.2;
const OTHER_SIZE: f32 = 0.4;

/// Whether an object is as much of one as the first.
pub(super) fn is_other(first: &Mark, other: &Mark) -> bool {
    other.ink >= OTHER_INK * first.ink && other.longer() >= OTHER_SIZE * first.longer()
}

/// Ink that hangs together.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    /// Where it is.
    pub bounds: Region,
    /// The sum of its ink.
    pub ink: f32,
    /// The diameter of the largest circle in it.
    pub thickness: f32,
    /// Whether it reaches the edge of the sheet.
    pub touches: bool,
    /// What its pixels are called on the map of labels: several after marks were joined.
    labels: Vec<u32>,
}

impl Mark {
    /// The longer side of its box.
    pub(super) fn longer(&self) -> f32 {
        self.bounds.width.max(self.bounds.height) as f32
    }

    fn surrounds(&self, other: &Self) -> bool {
        let (a, b) = (self.bounds, other.bounds);
        a.left < b.left
            && a.top < b.top
            && a.left + a.width > b.left + b.width
            && a.top + a.height > b.top + b.height
    }
}

/// What was drawn on a sheet.
pub(super) struct Marks {
    /// The objects, the one with the most ink first.
    pub objects: Vec<Mark>,
    /// Whether they look drawn, and are not only what is left: frames, lines, spots, what reaches the edge.
    pub certain: bool,
    /// How much ink they begin with.
    pub lowest: f32,
    labels: ImageBuffer<Luma<u32>, Vec<u32>>,
}

impl Marks {
    /// Finds the marks that a person drew: not specks, nor frames, lines, spots and what reaches the edge, as long as there
    /// is anything else.
    pub(super) fn find(ink: &Plane, threshold: Threshold, kind: Kind) -> Option<Self> {
        let (marks, labels, lowest) = marks(ink, threshold, kind)?;
        let (kept, rest) = sorted_out(&marks, kind, ink.dimensions());
        let certain = !kept.is_empty();
        if !certain {
            let without = erased(ink, &labels, &rest);
            let found = Self::find(&without, threshold, kind);
            if let Some(found) = found.filter(|found| found.certain) {
                return Some(found);
            }
        }
        Some(Self {
            objects: joined(if certain { kept } else { rest }),
            certain,
            lowest,
            labels,
        })
    }

    /// The ink of one object and of nothing else, with a margin for soft edges that grows with its strokes.
    pub(super) fn ink_of(&self, object: &Mark, ink: &Plane) -> Plane {
        let (width, height) = ink.dimensions();
        let belongs = Plane::from_fn(width, height, |x, y| {
            let is_part = object.labels.contains(&self.labels.get_pixel(x, y)[0]);
            Luma([f32::from(u8::from(is_part))])
        });
        let margin = (object.thickness * MARGIN).round().max(1.0) as usize;
        let mut result = widened(&belongs, margin);
        for (pixel, ink) in result.pixels_mut().zip(ink.pixels()) {
            pixel[0] *= ink[0];
        }
        result
    }

    /// The share of an object's outline at which `levels` step by half of `contrast` or more within `radius` pixels: nearly
    /// all of a stroke's, less of a shadow's, a spot's or a gap's.
    pub(super) fn sharpness(&self, object: &Mark, levels: &Plane, contrast: f32) -> f32 {
        let (width, height) = levels.dimensions();
        let radius = (width.max(height) / 80).max(1);
        let belongs = |x: u32, y: u32| object.labels.contains(&self.labels.get_pixel(x, y)[0]);
        let Region {
            left,
            top,
            width: columns,
            height: rows,
        } = object.bounds;
        let (mut outline, mut sharp) = (0_u32, 0_u32);
        for (x, y) in (top..top + rows).flat_map(|y| (left..left + columns).map(move |x| (x, y))) {
            let inside = x > 0 && y > 0 && x + 1 < width && y + 1 < height;
            if !inside || !belongs(x, y) {
                continue;
            }
            let neighbours = [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)];
            if neighbours.into_iter().all(|(x, y)| belongs(x, y)) {
                continue;
            }
            outline += 1;
            let (mut darkest, mut lightest) = (1.0_f32, 0.0_f32);
            for y in y.saturating_sub(radius)..=(y + radius).min(height - 1) {
                for x in x.saturating_sub(radius)..=(x + radius).min(width - 1) {
                    let level = levels.get_pixel(x, y)[0];
                    darkest = darkest.min(level);
                    lightest = lightest.max(level);
                }
            }
            sharp += u32::from(lightest - darkest >= contrast / 2.0);
        }
        sharp as f32 / outline.max(1) as f32
    }
}

/// Marks that lie near each other as one, the one with the most ink first.
fn joined(marks: Vec<Mark>) -> Vec<Mark> {
    let mut objects: Vec<Mark> = Vec::new();
    for mut mark in marks {
        while let Some(near) = objects.iter().position(|object| near(object, &mark)) {
            mark = together(objects.swap_remove(near), mark);
        }
        objects.push(mark);
    }
    objects.sort_by(|a, b| b.ink.total_cmp(&a.ink));
    objects
}

/// All marks, the strongest first, the map of their labels, and how much ink they begin with; `None` if nothing does.
#[expect(clippy::type_complexity, reason = "three results of one step")]
fn marks(
    ink: &Plane,
    threshold: Threshold,
    kind: Kind,
) -> Option<(Vec<Mark>, ImageBuffer<Luma<u32>, Vec<u32>>, f32)> {
    let floor = threshold.floor();
    let strong: Vec<f32> = ink
        .as_raw()
        .iter()
        .copied()
        .filter(|ink| *ink > floor)
        .collect();
    if strong.is_empty() {
        return None;
    }
    let usual = quantile(strong, 0.9);
    let lowest = threshold.lowest(kind, usual);
    let core = floor.max(CORE_SHARE * usual);
    let (width, height) = ink.dimensions();
    let mask = GrayImage::from_fn(width, height, |x, y| {
        Luma([255 * u8::from(ink.get_pixel(x, y)[0] > lowest)])
    });
    let labels = connected_components(&mask, Connectivity::Eight, Luma([0]));
    // Distances to the nearest pixel without ink: the transform measures those to pixels that are set.
    let mut paper = mask;
    image::imageops::invert(&mut paper);
    let depths = euclidean_squared_distance_transform(&paper);
    let mut found: Vec<Building> = Vec::new();
    for (x, y, label) in labels.enumerate_pixels() {
        let label = label[0] as usize;
        if label == 0 {
            continue;
        }
        if found.len() < label {
            found.resize(label, Building::EMPTY);
        }
        found[label - 1].add([x, y], ink.get_pixel(x, y)[0], depths.get_pixel(x, y)[0]);
    }
    let smallest = SMALLEST * width.max(height) as f32;
    let numbered = (1..).zip(found);
    let marks = numbered.filter(|(_, mark)| mark.peak >= core);
    let marks = marks.map(|(label, mark)| mark.finished(label, (width, height)));
    let mut marks: Vec<Mark> = marks.filter(|mark| mark.longer() >= smallest).collect();
    marks.sort_by(|a, b| b.ink.total_cmp(&a.ink));
    marks.truncate(MOST_MARKS);
    (!marks.is_empty()).then_some((marks, labels, lowest))
}

/// A mark while its pixels are seen.
#[derive(Clone)]
struct Building {
    first: [u32; 2],
    last: [u32; 2],
    ink: f32,
    peak: f32,
    depth: f64,
}

impl Building {
    const EMPTY: Self = Self {
        first: [u32::MAX; 2],
        last: [0; 2],
        ink: 0.0,
        peak: 0.0,
        depth: 0.0,
    };

    fn add(&mut self, at: [u32; 2], ink: f32, depth: f64) {
        for (axis, at) in at.into_iter().enumerate() {
            self.first[axis] = self.first[axis].min(at);
            self.last[axis] = self.last[axis].max(at);
        }
        self.ink += ink;
        self.peak = self.peak.max(ink);
        self.depth = self.depth.max(depth);
    }

    fn finished(self, label: u32, (width, height): (u32, u32)) -> Mark {
        let ([left, top], [right, bottom]) = (self.first, self.last);
        Mark {
            bounds: Region {
                left,
                top,
                width: right - left + 1,
                height: bottom - top + 1,
            },
            ink: self.ink,
            thickness: (2.0 * self.depth.sqrt() - 1.0) as f32,
            touches: left == 0 || top == 0 || right + 1 == width || bottom + 1 == height,
            labels: vec![label],
        }
    }
}

/// Marks that a person may have drawn, and what is left: what is thick, long and thin, around others or at the edge.
fn sorted_out(marks: &[Mark], kind: Kind, (width, height): (u32, u32)) -> (Vec<Mark>, Vec<Mark>) {
    let strongest = marks.first().map_or(0.0, |mark| mark.ink);
    let [thinnest, shortest] = LINE.map(|share| share * width.max(height) as f32);
    let is_speck = |mark: &Mark| mark.ink < SPECK * strongest;
    let drawn = |mark: &&Mark| {
        let is_spot = mark.thickness > SPOT * mark.longer();
        let is_line = mark.thickness < thinnest && mark.longer() > shortest;
        let is_frame = mark.thickness < FRAME * mark.longer()
            && marks
                .iter()
                .any(|other| mark.surrounds(other) && !is_speck(other));
        let is_odd = kind == Kind::Strokes && (is_spot || is_line);
        !(mark.touches || is_odd || is_frame || is_speck(mark))
    };
    marks.iter().cloned().partition(|mark| drawn(&mark))
}

/// The ink without some marks, and without what is next to them.
fn erased(ink: &Plane, labels: &ImageBuffer<Luma<u32>, Vec<u32>>, marks: &[Mark]) -> Plane {
    let (width, height) = ink.dimensions();
    let margin = (width.max(height) / 100).max(1);
    let gone: Vec<u32> = marks.iter().flat_map(|mark| mark.labels.clone()).collect();
    let mut result = ink.clone();
    for (x, y, label) in labels.enumerate_pixels() {
        if !gone.contains(&label[0]) {
            continue;
        }
        for y in y.saturating_sub(margin)..=(y + margin).min(height - 1) {
            for x in x.saturating_sub(margin)..=(x + margin).min(width - 1) {
                result.put_pixel(x, y, Luma([0.0]));
            }
        }
    }
    result
}

/// Whether two marks belong to one object.
fn near(a: &Mark, b: &Mark) -> bool {
    let gap = |a: (u32, u32), b: (u32, u32)| {
        let (first, second) = if a.0 <= b.0 { (a, b) } else { (b, a) };
        second.0.saturating_sub(first.0 + first.1) as f32
    };
    let across = gap(
        (a.bounds.left, a.bounds.width),
        (b.bounds.left, b.bounds.width),
    );
    let down = gap(
        (a.bounds.top, a.bounds.height),
        (b.bounds.top, b.bounds.height),
    );
    across.hypot(down) <= GAP * a.longer().max(b.longer())
}

fn together(a: Mark, b: Mark) -> Mark {
    let left = a.bounds.left.min(b.bounds.left);
    let top = a.bounds.top.min(b.bounds.top);
    let right = (a.bounds.left + a.bounds.width).max(b.bounds.left + b.bounds.width);
    let bottom = (a.bounds.top + a.bounds.height).max(b.bounds.top + b.bounds.height);
    Mark {
        bounds: Region {
            left,
            top,
            width: right - left,
            height: bottom - top,
        },
        ink: a.ink + b.ink,
        thickness: a.thickness.max(b.thickness),
        touches: a.touches || b.touches,
        labels: [a.labels, b.labels].concat(),
    }
}
