//! Shapes as SVG: each stays what it is, and texts stay texts.
//!
//! What egui draws with an image keeps that image. Bands and what only a graphics card can draw are left out: no plot has any.

use std::{collections::HashMap, fmt::Write as _};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use eframe::egui::{
    Color32, FontFamily, ImageData, Pos2, Rect, Shape, Stroke, TextureId, TexturesDelta, Vec2,
    epaint::{
        CircleShape, ClippedShape, ColorMode, Mesh, PathShape, PathStroke, RectShape, TextShape,
    },
};
use image::{ExtendedColorType, ImageEncoder as _, codecs::png::PngEncoder};

/// The images that shapes are painted with, as PNG. Letters come from one as well, which nobody needs here.
#[derive(Default)]
pub(super) struct Images(HashMap<TextureId, Vec<u8>>);

impl Images {
    /// Takes what changed since the last pass.
    pub fn update(&mut self, delta: &TexturesDelta) {
        for (id, changes) in &delta.set {
            let whole = changes.iter().rfind(|change| change.pos.is_none());
            let Some(change) = whole.filter(|_| *id != TextureId::default()) else {
                continue;
            };
            let ImageData::Color(image) = &change.image;
            let colors = image.pixels.iter();
            let bytes: Vec<u8> = colors.flat_map(Color32::to_srgba_unmultiplied).collect();
            let [width, height] = image.size.map(|side| side as u32);
            let mut png = Vec::new();
            let written = PngEncoder::new(&mut png).write_image(
                &bytes,
                width,
                height,
                ExtendedColorType::Rgba8,
            );
            if written.is_ok() {
                self.0.insert(*id, png);
            }
        }
    }
}

/// A document of this size, in points.
pub(super) fn write(size: Vec2, title: &str, shapes: &[ClippedShape], images: &Images) -> String {
    let mut svg = Svg {
        text: String::new(),
        images,
    };
    let (width, height) = (size.x, size.y);
    svg.add(format_args!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n\
         <title>{}</title>\n",
        escaped(title)
    ));
    let page = Rect::from_min_size(Pos2::ZERO, size);
    for (number, clipped) in shapes.iter().enumerate() {
        let clip = clipped.clip_rect.intersect(page);
        if clip.is_positive() && !matches!(clipped.shape, Shape::Noop) {
            svg.clipped(number, clip, &clipped.shape);
        }
    }
    svg.text.push_str("</svg>\n");
    svg.text
}

struct Svg<'a> {
    text: String,
    images: &'a Images,
}

impl Svg<'_> {
    fn add(&mut self, text: std::fmt::Arguments<'_>) {
        // A string takes all.
        let _ = self.text.write_fmt(text);
    }

    fn clipped(&mut self, number: usize, clip: Rect, shape: &Shape) {
        if clip.contains_rect(shape.visual_bounding_rect()) {
            return self.shape(shape);
        }
        let place = place(clip);
        self.add(format_args!(
            "<clipPath id=\"c{number}\"><rect {place}/></clipPath>\n\
             <g clip-path=\"url(#c{number})\">\n"
        ));
        self.shape(shape);
        self.text.push_str("</g>\n");
    }

    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| self.shape(shape)),
            Shape::Circle(circle) => self.circle(*circle),
            Shape::LineSegment { points, stroke } => {
                let path = PathShape::line(points.to_vec(), *stroke);
                self.path(&path);
            }
            Shape::Path(path) => self.path(path),
            Shape::Rect(rect) => self.rect(rect),
            Shape::Text(text) => self.words(text),
            Shape::Mesh(mesh) => self.mesh(mesh),
            Shape::Ellipse(ellipse) => {
                let (center, radius) = (ellipse.center, ellipse.radius);
                let look = look(ellipse.fill, ellipse.stroke);
                self.add(format_args!(
                    "<ellipse cx=\"{}\" cy=\"{}\" rx=\"{}\" ry=\"{}\"{look}/>\n",
                    center.x, center.y, radius.x, radius.y
                ));
            }
            Shape::QuadraticBezier(curve) => {
                let points = curve.flatten(None);
                self.path(&PathShape {
                    points,
                    closed: curve.closed,
                    fill: curve.fill,
                    stroke: curve.stroke.clone(),
                });
            }
            Shape::CubicBezier(curve) => {
                let points = curve.flatten(None);
                self.path(&PathShape {
                    points,
                    closed: curve.closed,
                    fill: curve.fill,
                    stroke: curve.stroke.clone(),
                });
            }
            Shape::Noop | Shape::Band(_) | Shape::Callback(_) => {}
        }
    }

    fn circle(&mut self, circle: CircleShape) {
        let look = look(circle.fill, circle.stroke);
        self.add(format_args!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\"{look}/>\n",
            circle.center.x, circle.center.y, circle.radius
        ));
    }

    fn path(&mut self, path: &PathShape) {
        let around = Rect::from_points(&path.points);
        let look = look(path.fill, solid(&path.stroke, around));
        let name = if path.closed { "polygon" } else { "polyline" };
        let points = points(&path.points);
        self.add(format_args!("<{name} points=\"{points}\"{look}/>\n"));
    }

    fn rect(&mut self, shape: &RectShape) {
        let rect = shape.rect;
        let place = place(rect);
        let image = shape.brush.as_ref().map(|brush| brush.fill_texture_id);
        if let Some(png) = image.and_then(|id| self.images.0.get(&id)) {
            return self.image(rect, png);
        }
        let (corner, look) = (shape.corner_radius.nw, look(shape.fill, shape.stroke));
        self.add(format_args!("<rect {place} rx=\"{corner}\"{look}/>\n"));
    }

    fn image(&mut self, rect: Rect, png: &[u8]) {
        let (place, data) = (place(rect), BASE64_STANDARD.encode(png));
        self.add(format_args!(
            "<image {place} preserveAspectRatio=\"none\" image-rendering=\"pixelated\" href=\"data:image/png;base64,{data}\"/>\n"
        ));
    }

    /// Triangles, each in one colour: that of its middle. An image is drawn as two of them.
    fn mesh(&mut self, mesh: &Mesh) {
        if let Some(png) = self.images.0.get(&mesh.texture_id) {
            return self.image(mesh.calc_bounds(), png);
        }
        for corners in mesh.indices.chunks_exact(3) {
            let corners = [corners[0], corners[1], corners[2]];
            let vertices = corners.map(|index| mesh.vertices[index as usize]);
            let look = look(mean(vertices.map(|vertex| vertex.color)), Stroke::NONE);
            let points = points(&vertices.map(|vertex| vertex.pos));
            self.add(format_args!("<polygon points=\"{points}\"{look}/>\n"));
        }
    }

    /// A row of a text after the other, each as wide as it was laid out, whatever font there is.
    fn words(&mut self, shape: &TextShape) {
        let Some(section) = shape.galley.job.sections.first() else {
            return;
        };
        let format = &section.format;
        let own = if format.color == Color32::PLACEHOLDER {
            shape.fallback_color
        } else {
            format.color
        };
        let color = shape.override_text_color.unwrap_or(own);
        let look = look(color.gamma_multiply(shape.opacity_factor), Stroke::NONE);
        let family = match format.font_id.family {
            FontFamily::Monospace => "Hack, monospace",
            _ => "Ubuntu, sans-serif",
        };
        let (size, degrees) = (format.font_id.size, shape.angle.to_degrees());
        let Pos2 { x, y } = shape.pos;
        for placed in &shape.galley.rows {
            let row: String = placed.row.glyphs.iter().map(|glyph| glyph.chr).collect();
            let (Some(first), Some(last)) = (placed.row.glyphs.first(), placed.row.glyphs.last())
            else {
                continue;
            };
            let at = placed.pos + first.pos.to_vec2();
            let width = last.pos.x + last.advance_width - first.pos.x;
            self.add(format_args!(
                "<text transform=\"translate({x} {y}) rotate({degrees})\" x=\"{}\" y=\"{}\" font-family=\"{family}\" \
                 font-size=\"{size}\" textLength=\"{width}\"{look}>{}</text>\n",
                at.x,
                at.y,
                escaped(&row)
            ));
        }
    }
}

/// The one colour of a line.
fn solid(stroke: &PathStroke, around: Rect) -> Stroke {
    let color = match &stroke.color {
        ColorMode::Solid(color) => *color,
        ColorMode::UV(color) => color(around, around.center()),
    };
    Stroke::new(stroke.width, color)
}

/// Attributes for how something is filled and outlined.
fn look(fill: Color32, stroke: Stroke) -> String {
    let fill = if fill == Color32::TRANSPARENT {
        " fill=\"none\"".to_owned()
    } else {
        painted("fill", fill)
    };
    if stroke.is_empty() {
        return fill;
    }
    let line = painted("stroke", stroke.color);
    format!("{fill}{line} stroke-width=\"{}\"", stroke.width)
}

fn painted(what: &str, color: Color32) -> String {
    let [red, green, blue, alpha] = color.to_srgba_unmultiplied();
    let opacity = f32::from(alpha) / f32::from(u8::MAX);
    format!(" {what}=\"#{red:02x}{green:02x}{blue:02x}\" {what}-opacity=\"{opacity:.3}\"")
}

fn place(rect: Rect) -> String {
    let (x, y, width, height) = (rect.left(), rect.top(), rect.width(), rect.height());
    format!("x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"")
}

fn points(points: &[Pos2]) -> String {
    let pairs: Vec<String> = points
        .iter()
        .map(|at| format!("{},{}", at.x, at.y))
        .collect();
    pairs.join(" ")
}

fn mean(colors: [Color32; 3]) -> Color32 {
    let of = |channel: usize| {
        let sum: u32 = colors.iter().map(|color| u32::from(color[channel])).sum();
        (sum / 3) as u8
    };
    Color32::from_rgba_premultiplied(of(0), of(1), of(2), of(3))
}

/// As XML needs it. What a terminal or a parser would trip over is left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            letter if letter.is_control() => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}
