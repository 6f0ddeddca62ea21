//! One triangle: which pixels it covers, and their colours. A pixel belongs to the triangle that covers its centre.

use std::ops::Range;

use eframe::egui::vec2;
use eframe::epaint::Vertex;

use super::{
    color::{blended, mixed, multiplied, packed},
    texture::{Texture, texel},
};

/// Corners in pixels, from the highest to the lowest.
pub struct Triangle<'a> {
    corners: [Vertex; 3],
    values: [Plane; 6],
    shade: Shade<'a>,
}

/// More texels than this to a pixel, and some would be left out; a little more than one, for rounding.
const SHRUNK: f32 = 1.001;

/// Rows of texels that a pixel to the right may lie further down while a picture still counts as upright.
const UPRIGHT: f32 = 1e-4;

/// How the pixels get their colours.
enum Shade<'a> {
    /// All have this one.
    Solid(u32),
    /// From those of the corners.
    Gradient,
    /// From the texture, multiplied with one colour. Enlarged texels run into each other if `smooth`.
    Textured {
        texture: &'a Texture,
        color: u32,
        smooth: bool,
    },
}

/// A value that changes evenly over a triangle.
#[derive(Clone, Copy, Default)]
struct Plane {
    at: f32,
    dx: f32,
    dy: f32,
}

/// A part of the picture that triangles are painted into, `0x00RRGGBB` a pixel.
pub struct Target<'a> {
    pub pixels: &'a mut [u32],
    /// The columns and rows of the picture that it holds.
    pub columns: Range<usize>,
    pub rows: Range<usize>,
}

impl<'a> Triangle<'a> {
    /// `None` if it covers nothing.
    pub fn new(mut corners: [Vertex; 3], texture: &'a Texture) -> Option<Self> {
        // Two triangles that share a side see its ends in the same order, and so agree on what lies on which side of it.
        corners.sort_by(|a, b| {
            let by_row = a.pos.y.total_cmp(&b.pos.y);
            by_row.then(a.pos.x.total_cmp(&b.pos.x))
        });
        let area = area(&corners);
        if !(area.abs() > 0.0 && area.is_finite()) {
            return None;
        }
        let values = values(&corners, texture, area);
        let [.., u, _] = values;
        let shrunk = u.dx.abs() > SHRUNK;
        Some(Self {
            values,
            shade: shade(&corners, texture, shrunk),
            corners,
        })
    }

    /// Paints what lies within `columns` and `rows`, which are no more than those of the target.
    pub fn paint(&self, target: &mut Target<'_>, columns: &Range<usize>, rows: &Range<usize>) {
        let [a, b, c] = &self.corners;
        let (a, b, c) = (a.pos, b.pos, c.pos);
        let width = target.columns.len();
        for row in within(a.y, c.y, rows) {
            let y = row as f32 + 0.5;
            let long = a.x + (y - a.y) * ((c.x - a.x) / (c.y - a.y));
            let short = if y < b.y {
                a.x + (y - a.y) * ((b.x - a.x) / (b.y - a.y))
            } else {
                b.x + (y - b.y) * ((c.x - b.x) / (c.y - b.y))
            };
            let span = within(long.min(short), long.max(short), columns);
            if !span.is_empty() {
                let start = (row - target.rows.start) * width + span.start - target.columns.start;
                let pixels = &mut target.pixels[start..start + span.len()];
                self.span(pixels, [span.start as f32 + 0.5, y]);
            }
        }
    }

    /// Paints pixels of one row, the first of which has its centre at `at`.
    fn span(&self, pixels: &mut [u32], at: [f32; 2]) {
        let [.., u, v] = self.values;
        match self.shade {
            Shade::Solid(color) if color >> 24 == 255 => pixels.fill(color),
            Shade::Solid(color) => {
                for pixel in pixels {
                    *pixel = blended(*pixel, color);
                }
            }
            Shade::Gradient => self.gradient(pixels, at),
            Shade::Textured {
                texture,
                color,
                smooth,
            } => {
                let u = u.along(at);
                if v.dx.abs() > UPRIGHT {
                    return turned(pixels, color, texture, [u, v.along(at)]);
                }
                // Most of what egui draws is upright, so a row of pixels lies in a row of texels.
                let v = v.value(at);
                if smooth {
                    blurred(pixels, color, texture, u, v);
                } else {
                    let row = texture.row(v as usize);
                    textured(pixels, color, u, |x| texel(row, (x >> 32) as usize));
                }
            }
        }
    }

    fn gradient(&self, pixels: &mut [u32], at: [f32; 2]) {
        let [red, green, blue, alpha, ..] = &self.values;
        let byte =
            |value: &Plane, i: f32| (value.value(at) + i * value.dx + 0.5).clamp(0.0, 255.0) as u32;
        for (i, pixel) in pixels.iter_mut().enumerate() {
            let i = i as f32;
            let rgb = (byte(red, i) << 16) | (byte(green, i) << 8) | byte(blue, i);
            *pixel = blended(*pixel, (byte(alpha, i) << 24) | rgb);
        }
    }
}

/// As [`blurred`], where rows of pixels cross the rows of texels: text that reads upwards or downwards.
fn turned(pixels: &mut [u32], color: u32, texture: &Texture, [u, v]: [Plane; 2]) {
    for (i, pixel) in pixels.iter_mut().enumerate() {
        let i = i as f32;
        let (left, right) = split(u.at + i * u.dx - 0.5);
        let (above, down) = split(v.at + i * v.dx - 0.5);
        let of = |row| mixed(texel(row, left), texel(row, left + 1), right);
        let found = mixed(of(texture.row(above)), of(texture.row(above + 1)), down);
        *pixel = blended(*pixel, multiplied(found, color));
    }
}

/// From the four texels around each place.
fn blurred(pixels: &mut [u32], color: u32, texture: &Texture, u: Plane, v: f32) {
    let (above, down) = split(v - 0.5);
    let (upper, lower) = (texture.row(above), texture.row(above + 1));
    let u = Plane {
        at: u.at - 0.5,
        ..u
    };
    textured(pixels, color, u, |x| {
        let (left, right) = ((x >> 32) as usize, (x >> 24) as u32 & 0xff);
        let of = |row| mixed(texel(row, left), texel(row, left + 1), right);
        mixed(of(upper), of(lower), down)
    });
}

/// The whole part, and 256ths of the way to the next. Before the first texel's centre there is only that texel.
fn split(place: f32) -> (usize, u32) {
    let place = place.max(0.0);
    let whole = place as usize;
    (whole, ((place - whole as f32) * 256.0) as u32)
}

/// `texel` gets places along the row in 2^-32 of a texel, never before the first one.
fn textured(pixels: &mut [u32], color: u32, u: Plane, texel: impl Fn(i64) -> u32) {
    let plain = color == u32::MAX;
    let fixed = |value: f32| (f64::from(value) * f64::from(1 << 16) * f64::from(1 << 16)) as i64;
    let (mut place, step) = (fixed(u.at), fixed(u.dx));
    for pixel in pixels {
        let texel = texel(place.max(0));
        place = place.wrapping_add(step);
        // Most of a glyph's texels are empty.
        if texel != 0 {
            let over = if plain {
                texel
            } else {
                multiplied(texel, color)
            };
            *pixel = blended(*pixel, over);
        }
    }
}

/// Whether texels lie exactly on pixels, as those of text do: then each is its own mixture.
fn is_aligned(corners: &[Vertex; 3], texture: &Texture) -> bool {
    let apart = |corner: &Vertex| {
        let [u, v] = texture.texels(corner.uv);
        vec2(u - corner.pos.x, v - corner.pos.y)
    };
    let first = apart(&corners[0]);
    let between = |value: f32| (0.01..0.99).contains(&(value - value as i32 as f32).abs());
    let same = |corner: &Vertex| (apart(corner) - first).length_sq() < 1e-4;
    !between(first.x) && !between(first.y) && same(&corners[1]) && same(&corners[2])
}

/// The pixels whose centres lie from `from` to before `to`, as far as they are allowed.
fn within(from: f32, to: f32, allowed: &Range<usize>) -> Range<usize> {
    // `ceil` is a call of a function on processors as old as this program may run on.
    let first = |edge: f32| {
        let centre = (edge - 0.5).max(0.0);
        let whole = centre as usize;
        whole + usize::from(centre > whole as f32)
    };
    first(from).max(allowed.start)..first(to).min(allowed.end)
}

/// Twice the area, with a sign.
fn area([a, b, c]: &[Vertex; 3]) -> f32 {
    let (ab, ac) = (b.pos - a.pos, c.pos - a.pos);
    ab.x * ac.y - ac.x * ab.y
}

/// Red, green, blue and alpha in 0..255, and the place in the texture in texels.
fn values(corners: &[Vertex; 3], texture: &Texture, area: f32) -> [Plane; 6] {
    let of = |corner: &Vertex| {
        let color = corner.color;
        let [u, v] = texture.texels(corner.uv);
        let byte = f32::from;
        [
            byte(color.r()),
            byte(color.g()),
            byte(color.b()),
            byte(color.a()),
            u,
            v,
        ]
    };
    let (a, b, c) = (of(&corners[0]), of(&corners[1]), of(&corners[2]));
    let origin = corners[0].pos;
    let (ab, ac) = (corners[1].pos - origin, corners[2].pos - origin);
    let mut values = [Plane::default(); 6];
    // Spelled out, as all that is done for each triangle and pixel: `map` is not inlined here.
    for (i, value) in values.iter_mut().enumerate() {
        let (to_b, to_c) = (b[i] - a[i], c[i] - a[i]);
        value.dx = (to_b * ac.y - to_c * ab.y) / area;
        value.dy = (to_c * ab.x - to_b * ac.x) / area;
        value.at = a[i] - value.dx * origin.x - value.dy * origin.y;
    }
    values
}

/// `shrunk` says whether there are more texels than pixels.
fn shade<'a>(corners: &[Vertex; 3], texture: &'a Texture, shrunk: bool) -> Shade<'a> {
    let [a, b, c] = corners;
    let smooth = if shrunk {
        texture.smooth_when_shrunk
    } else {
        texture.smooth
    };
    let one_color = a.color == b.color && b.color == c.color;
    // Shapes without a picture have all their corners on one white texel.
    match (a.uv == b.uv && b.uv == c.uv, one_color) {
        (true, true) => {
            let [u, v] = texture.texels(a.uv);
            let texel = texel(texture.row(v as usize), u as usize);
            Shade::Solid(multiplied(texel, packed(a.color)))
        }
        (true, false) => Shade::Gradient,
        (false, _) => Shade::Textured {
            texture,
            color: packed(a.color),
            smooth: smooth && !is_aligned(corners, texture),
        },
    }
}

impl Plane {
    fn value(self, [x, y]: [f32; 2]) -> f32 {
        self.at + self.dx * x + self.dy * y
    }

    /// The same with its beginning at a place.
    fn along(self, at: [f32; 2]) -> Self {
        Self {
            at: self.value(at),
            ..self
        }
    }
}
