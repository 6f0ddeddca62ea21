//! Ruled lines and the boxes of forms: thin straight lines across most of a picture, also a little tilted.

use std::ops::Range;

use image::{Luma, imageops};

use super::{grey::Plane, light::closed_upwards};

/// Half of a line's thickness, in parts of the picture's longer side. A pen's stroke is thicker, measured against its digit.
const RADIUS_SHARE: f32 = 0.012;

/// How much darker than the paper a line is at least.
const CONTRAST: f32 = 0.035;

/// The share of the picture's width that a line covers at least: more than any digit's stroke of that thinness.
const COVERED: f32 = 0.6;

/// The steepest line, in pixels up or down a pixel to the right, and the step between slopes that are tried.
const STEEPEST: f32 = 0.06;
const SLOPES: i32 = 12;

/// Takes away straight thin lines that are darker than their surroundings, level or upright.
///
/// Each pixel of a line becomes what is above or below it, so a stroke that crosses the line stays whole.
pub(super) fn without_lines(levels: &Plane) -> Plane {
    let once = without_level_lines(levels);
    imageops::rotate270(&without_level_lines(&imageops::rotate90(&once)))
}

fn without_level_lines(levels: &Plane) -> Plane {
    let (width, height) = levels.dimensions();
    let radius = (width.max(height) as f32 * RADIUS_SHARE).ceil().max(1.0) as usize;
    let paper = closed_upwards(levels, radius);
    let is_thin = |x: u32, y: u32| paper.get_pixel(x, y)[0] - levels.get_pixel(x, y)[0] > CONTRAST;
    let marked: Vec<bool> = (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .map(|(x, y)| is_thin(x, y))
        .collect();
    let mut result = levels.clone();
    if (marked.iter().filter(|marked| **marked).count() as f32) < COVERED * width as f32 {
        return result;
    }
    let thin = Thin {
        marked,
        width,
        height,
    };
    for step in -SLOPES..=SLOPES {
        let slope = STEEPEST * step as f32 / SLOPES as f32;
        for start in 0..height {
            for (x, run) in thin.line(start, slope) {
                for y in run.start.saturating_sub(1)..(run.end + 1).min(height) {
                    result.put_pixel(x, y, Luma([paper.get_pixel(x, y)[0]]));
                }
            }
        }
    }
    result
}

/// Pixels that are darker than what is above and below them.
struct Thin {
    marked: Vec<bool>,
    width: u32,
    height: u32,
}

impl Thin {
    /// The rows of a line in each column, if enough of a line is there. Where a stroke runs along the line or crosses it slanting,
    /// there are more dark rows than the line is thick, and they are left out.
    fn line(&self, start: u32, slope: f32) -> Vec<(u32, Range<u32>)> {
        let middle = self.width as f32 / 2.0;
        let at = |x: u32| {
            let y = start as f32 + (slope * (x as f32 - middle)).round();
            let inside = (0.0..self.height as f32).contains(&y);
            (inside && self.is_marked(x, y as u32)).then_some((x, y as u32))
        };
        let on_line: Vec<(u32, u32)> = (0..self.width).filter_map(at).collect();
        if (on_line.len() as f32) < self.width as f32 * COVERED {
            return Vec::new();
        }
        let runs = on_line.into_iter().map(|(x, y)| (x, self.run(x, y)));
        let runs: Vec<(u32, Range<u32>)> = runs.collect();
        let mut thicknesses: Vec<usize> = runs.iter().map(|(_, run)| run.len()).collect();
        thicknesses.sort_unstable();
        let thickest = thicknesses[thicknesses.len() / 2] + 1;
        runs.into_iter()
            .filter(|(_, run)| run.len() <= thickest)
            .collect()
    }

    fn is_marked(&self, x: u32, y: u32) -> bool {
        self.marked[(y * self.width + x) as usize]
    }

    /// The dark rows around a dark pixel.
    fn run(&self, x: u32, y: u32) -> Range<u32> {
        let above = (0..y).rev().take_while(|&y| self.is_marked(x, y)).count() as u32;
        let below = (y..self.height)
            .take_while(|&y| self.is_marked(x, y))
            .count() as u32;
        y - above..y + below
    }
}
