//! What a stroke inks: its way, and how much of each pixel it covers.

use datasets::ImageShape;

use super::{INK_SIDE, Pen, SketchPoint};

/// Inks a stroke, or takes the ink away.
pub(super) fn stroke(ink: &mut [f32], pen: Pen, places: &[SketchPoint]) {
    let way = smooth(places);
    if let [only] = way[..] {
        line(ink, pen, only, only);
    }
    for pair in way.windows(2) {
        line(ink, pen, pair[0], pair[1]);
    }
}

/// The mean of the ink on each pixel of an image in the middle of the sheet.
pub(super) fn shares(ink: &[f32], shape: ImageShape) -> Vec<f32> {
    let (height, width) = (shape.height(), shape.width());
    let side = shape.square_side();
    let columns: Vec<_> = (0..width)
        .map(|column| cells(column, width, side))
        .collect();
    let mut shares = Vec::with_capacity(height * width);
    for row in 0..height {
        let rows = cells(row, height, side);
        for columns in &columns {
            let (mut inked, mut area) = (0.0, 0.0);
            for &(y, part_y) in &rows {
                for &(x, part_x) in columns {
                    inked += ink[y * INK_SIDE + x] * part_x * part_y;
                    area += part_x * part_y;
                }
            }
            shares.push(inked / area);
        }
    }
    shares
}

/// The rows of ink under a row of pixels, and how much of each: of an image with so many rows, in a square with `side` of them.
/// Columns alike.
fn cells(pixel: usize, pixels: usize, side: usize) -> Vec<(usize, f32)> {
    let scale = INK_SIDE as f32 / side as f32;
    let before = (side - pixels) as f32 / 2.0;
    let [from, to] = [pixel, pixel + 1].map(|edge| (before + edge as f32) * scale);
    let last = (to.ceil() as usize).min(INK_SIDE);
    let part = |cell: usize| (to.min(cell as f32 + 1.0) - from.max(cell as f32)).max(0.0);
    (from as usize..last)
        .map(|cell| (cell, part(cell)))
        .collect()
}

/// The way through the middles between neighbouring places, each place bending it as the control point of a quadratic
/// Bezier curve; it starts at the first place and ends at the last.
fn smooth(places: &[SketchPoint]) -> Vec<SketchPoint> {
    let (Some(&first), Some(&last)) = (places.first(), places.last()) else {
        return Vec::new();
    };
    let mut way = vec![first];
    for three in places.windows(3) {
        let (from, to) = (middle(three[0], three[1]), middle(three[1], three[2]));
        let length = (distance(from, three[1]) + distance(three[1], to)) * INK_SIDE as f32;
        let pieces = (length / 3.0).ceil().clamp(1.0, 32.0);
        for piece in 0..=pieces as usize {
            let t = piece as f32 / pieces;
            let (a, b) = (mix(from, three[1], t), mix(three[1], to, t));
            way.push(mix(a, b, t));
        }
    }
    if places.len() > 1 {
        way.push(last);
    }
    way
}

/// Inks all pixels nearer to the line than half the pen's width, those on the border in part.
fn line(ink: &mut [f32], pen: Pen, from: SketchPoint, to: SketchPoint) {
    let scale = INK_SIDE as f32;
    let (from, to) = (from.map(|v| v * scale), to.map(|v| v * scale));
    let radius = pen.width * scale / 2.0;
    let range = |axis: usize| {
        let low = from[axis].min(to[axis]) - radius - 1.0;
        let high = from[axis].max(to[axis]) + radius + 1.0;
        // Beyond the sheet this saturates to an empty range.
        (low.max(0.0) as usize)..(high.max(0.0) as usize).min(INK_SIDE)
    };
    for y in range(1) {
        for x in range(0) {
            let center = [x as f32 + 0.5, y as f32 + 0.5];
            let cover = (radius + 0.5 - distance_to_line(center, from, to)).clamp(0.0, 1.0);
            let pixel = &mut ink[y * INK_SIDE + x];
            *pixel = if pen.erases {
                pixel.min(1.0 - cover)
            } else {
                pixel.max(cover)
            };
        }
    }
}

fn distance_to_line(point: SketchPoint, from: SketchPoint, to: SketchPoint) -> f32 {
    let way = [to[0] - from[0], to[1] - from[1]];
    let square = way[0] * way[0] + way[1] * way[1];
    let along = (point[0] - from[0]) * way[0] + (point[1] - from[1]) * way[1];
    let t = if square > 0.0 {
        (along / square).clamp(0.0, 1.0)
    } else {
        0.0
    };
    distance(point, mix(from, to, t))
}

pub(super) fn distance(a: SketchPoint, b: SketchPoint) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

fn middle(a: SketchPoint, b: SketchPoint) -> SketchPoint {
    mix(a, b, 0.5)
}

fn mix(a: SketchPoint, b: SketchPoint, t: f32) -> SketchPoint {
    [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
}
