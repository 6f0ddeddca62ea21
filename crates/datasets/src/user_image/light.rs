//! Ink on paper that is not evenly lit: what is darker than the paper around it.
//!
//! The paper's level at a pixel is a morphological closing: the darkest level of the lightest squares that hold the pixel.
//! Strokes are narrower than the square and vanish in it, while a shadow with a sharp edge, dark corners, a bright spot or a
//! border, which are wider, stay. Ink is the share of the paper's light that is missing, so a stroke in the shadow has as
//! much of it as one beside it.

use std::collections::VecDeque;

use image::Luma;
use imageproc::filter::gaussian_blur_f32;

use super::grey::{Plane, quantile};

/// Half of the square's side, in parts of the picture's shorter side: strokes of two fifths of the picture still vanish.
const RADIUS_SHARE: f32 = 0.2;

/// Below this level the paper is taken to be as light as this: the share of next to no light is noise.
const DARKEST_PAPER: f32 = 0.15;

/// Standard deviations of the paper's noise that ink has to exceed.
const NOISE_DEVIATIONS: f32 = 6.0;

/// Added to that: the noise of a picture whose levels mostly round to the same value.
const LEAST_INK: f32 = 0.012;

/// The blur before anything is measured, in pixels: takes the grain of a photograph away and leaves strokes.
const BLUR: f32 = 0.8;

/// Pictures smaller than this, on the shorter side, are not blurred: their strokes are a pixel wide.
const SMALL_SIDE: u32 = 64;

/// Ink on its paper.
pub(super) struct Inked {
    /// How much of the paper's light is missing, from 0 to 1, without the grain of a photograph: for finding marks.
    pub ink: Plane,
    /// The same with the grain, and with edges as sharp as they were.
    pub sharp: Plane,
    /// The level of the paper.
    pub paper: Plane,
    /// How much ink (0 to 1) noise looks like.
    pub floor: f32,
}

/// What is darker than its surroundings.
pub(super) fn inked(levels: &Plane) -> Inked {
    let shorter = levels.width().min(levels.height());
    let smooth = if shorter < SMALL_SIDE {
        levels.clone()
    } else {
        gaussian_blur_f32(levels, BLUR)
    };
    let radius = ((shorter as f32 * RADIUS_SHARE) as usize).max(1);
    let paper = closed(&smooth, radius);
    let sharp = missing_light(levels, &paper);
    let ink = missing_light(&smooth, &paper);
    let usual = quantile(ink.as_raw().clone(), 0.5);
    let deviations = ink.as_raw().iter().map(|ink| (ink - usual).abs());
    let deviation = 1.4826 * quantile(deviations.collect(), 0.5);
    let floor = usual + NOISE_DEVIATIONS * deviation + LEAST_INK;
    Inked {
        ink,
        sharp,
        paper,
        floor,
    }
}

fn missing_light(levels: &Plane, paper: &Plane) -> Plane {
    let mut ink = levels.clone();
    for (pixel, level) in ink.pixels_mut().zip(paper.pixels()) {
        pixel[0] = ((level[0] - pixel[0]) / level[0].max(DARKEST_PAPER)).max(0.0);
    }
    ink
}

/// The morphological closing by a square of `2 * radius + 1` pixels; what lies outside the picture counts as nothing.
pub(super) fn closed(levels: &Plane, radius: usize) -> Plane {
    let lightest = extreme(levels, radius, |a, b| a > b);
    extreme(&lightest, radius, |a, b| a < b)
}

/// For each pixel the largest value in the square of `2 * radius + 1` pixels around it.
pub(super) fn widened(plane: &Plane, radius: usize) -> Plane {
    extreme(plane, radius, |a, b| a > b)
}

/// For each pixel the value in the square around it that wins over all others.
fn extreme(plane: &Plane, radius: usize, wins: fn(f32, f32) -> bool) -> Plane {
    let width = plane.width();
    let mut result = plane.clone();
    let mut line = Vec::new();
    for row in result
        .as_flat_samples_mut()
        .samples
        .chunks_exact_mut(width as usize)
    {
        line.clear();
        line.extend_from_slice(row);
        for (at, value) in along(&line, radius, wins).enumerate() {
            row[at] = value;
        }
    }
    upwards(&result, radius, wins)
}

/// For each pixel the value above and below it that wins over all others.
fn upwards(plane: &Plane, radius: usize, wins: fn(f32, f32) -> bool) -> Plane {
    let mut result = plane.clone();
    let mut line = Vec::new();
    for x in 0..plane.width() {
        line.clear();
        line.extend((0..plane.height()).map(|y| plane.get_pixel(x, y)[0]));
        for (y, value) in along(&line, radius, wins).enumerate() {
            result.put_pixel(x, y as u32, Luma([value]));
        }
    }
    result
}

/// The winners of all windows along a line: a queue holds those that may still win, strongest first.
fn along(
    line: &[f32],
    radius: usize,
    wins: fn(f32, f32) -> bool,
) -> impl Iterator<Item = f32> + '_ {
    let mut queue: VecDeque<usize> = VecDeque::new();
    let mut next = 0;
    (0..line.len()).map(move |at| {
        while next < line.len() && next <= at + radius {
            while queue
                .back()
                .is_some_and(|&last| !wins(line[last], line[next]))
            {
                queue.pop_back();
            }
            queue.push_back(next);
            next += 1;
        }
        while queue.front().is_some_and(|&first| first + radius < at) {
            queue.pop_front();
        }
        queue.front().map_or(0.0, |&first| line[first])
    })
}

/// The morphological closing by an upright line of `2 * radius + 1` pixels.
pub(super) fn closed_upwards(levels: &Plane, radius: usize) -> Plane {
    let lightest = upwards(levels, radius, |a, b| a > b);
    upwards(&lightest, radius, |a, b| a < b)
}
