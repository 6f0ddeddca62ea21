//! Pictures on the screen: crisp pixels, one texture each, updated in place.
//!
//! On the CPU path a frame arrives as numbers and goes into a texture here. On the GPU path the models' own buffers are
//! painted where they are, by [`crate::live_canvas`]; [`Canvas::show`] takes either.

use datasets::{PIXELS, SIDE};
use eframe::egui::{
    Color32, ColorImage, Context, Painter, Rect, TextureHandle, TextureOptions, Ui, Vec2, pos2,
};
use explain::{ColorMap, Heatmap};

use crate::{
    controls::View,
    live_canvas::{self, LiveOverlay},
    session::Answer,
    shown::{self, Evidence, Shown},
};

/// Texture pixels a side for each image pixel under a heatmap, so that the heatmap is smooth and the image crisp.
const HEATMAP_SCALE: usize = 4;

/// What to paint over an image.
#[derive(Clone, Copy, Debug)]
pub struct Overlay<'a> {
    /// The evidence.
    pub heatmap: &'a Heatmap,
    /// Its colours.
    pub color_map: ColorMap,
    /// Its largest share of a pixel, in 0..1.
    pub opacity: f32,
}

/// One large picture.
#[derive(Default)]
pub struct Canvas {
    texture: Option<TextureHandle>,
    shown: Option<Key>,
}

/// All that a picture depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Key {
    revision: u64,
    overlay: Option<(ColorMap, f32)>,
}

impl Canvas {
    /// Paints an answered frame into `rect`, with its evidence over it if one is named and the frame has it.
    pub fn show(
        &mut self,
        ui: &Ui,
        rect: Rect,
        answer: &Answer<Shown>,
        evidence: Option<Evidence>,
        view: View,
    ) {
        let View {
            color_map, opacity, ..
        } = view;
        match &answer.value {
            Shown::Host(frame) => {
                let heatmap = evidence.and_then(|which| shown::heatmap(frame, which));
                let overlay = heatmap.map(|heatmap| Overlay {
                    heatmap,
                    color_map,
                    opacity,
                });
                self.paint(ui, rect, answer.revision, &frame.image, overlay);
            }
            Shown::Live(frame) => {
                let map = evidence.and_then(|which| shown::live_map(frame, which));
                let overlay = map.map(|map| LiveOverlay {
                    map,
                    color_map,
                    opacity,
                });
                live_canvas::paint(ui, rect, frame, overlay);
            }
        }
    }

    /// Paints `pixels` (784 in 0..1, row by row) into `rect`. `revision` tells pictures apart: with the same one, the
    /// pixels and the heatmap are taken to be the same.
    pub fn paint(
        &mut self,
        ui: &Ui,
        rect: Rect,
        revision: u64,
        pixels: &[f32],
        overlay: Option<Overlay<'_>>,
    ) {
        let now = Key {
            revision,
            overlay: overlay.map(|overlay| (overlay.color_map, overlay.opacity)),
        };
        if self.shown != Some(now) {
            let image = match overlay {
                Some(overlay) => overlaid(pixels, overlay),
                None => grey(pixels),
            };
            put(&mut self.texture, ui.ctx(), "canvas", image);
            self.shown = Some(now);
        }
        if let Some(texture) = &self.texture {
            ui.painter().image(
                texture.id(),
                rect,
                WHOLE.translate(OFF_BORDERS),
                Color32::WHITE,
            );
        }
    }
}

/// Many small pictures in one texture.
#[derive(Default)]
pub struct Atlas {
    texture: Option<TextureHandle>,
    shown: Option<(u64, bool)>,
    count: usize,
}

impl Atlas {
    /// Puts grey images (784 in 0..1 each) into the texture, unless `revision` is there already.
    pub fn show_images<'a>(
        &mut self,
        ctx: &Context,
        revision: u64,
        images: impl ExactSizeIterator<Item = &'a [f32]>,
    ) {
        self.show(ctx, (revision, false), images, |value| {
            Color32::from_gray(byte(value))
        });
    }

    /// Puts signed images (784 each) into the texture, coloured by `color`, unless `revision` is there already.
    /// `dark` tells the two themes' colours apart.
    pub fn show_signed<'a>(
        &mut self,
        ctx: &Context,
        (revision, dark): (u64, bool),
        images: impl ExactSizeIterator<Item = &'a [f32]>,
        color: impl Fn(f32) -> Color32,
    ) {
        self.show(ctx, (revision, dark), images, color);
    }

    fn show<'a>(
        &mut self,
        ctx: &Context,
        key: (u64, bool),
        images: impl ExactSizeIterator<Item = &'a [f32]>,
        color: impl Fn(f32) -> Color32,
    ) {
        if self.shown == Some(key) {
            return;
        }
        self.count = images.len();
        let (columns, rows) = self.grid();
        let size = [columns * SIDE, rows * SIDE];
        let mut atlas = ColorImage::filled(size, Color32::BLACK);
        for (index, image) in images.enumerate() {
            let start = index / columns * SIDE * size[0] + index % columns * SIDE;
            for (row, values) in image.chunks_exact(SIDE).take(SIDE).enumerate() {
                let line = &mut atlas.pixels[start + row * size[0]..][..SIDE];
                for (pixel, &value) in line.iter_mut().zip(values) {
                    *pixel = color(value);
                }
            }
        }
        put(&mut self.texture, ctx, "atlas", atlas);
        self.shown = Some(key);
    }

    /// Whether the grey images of `revision` are in the texture.
    #[must_use]
    pub fn shows(&self, revision: u64) -> bool {
        self.shown == Some((revision, false))
    }

    /// How many pictures there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is no picture.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Paints picture `index` into `rect`. A picture that is not there is not painted.
    pub fn paint(&self, ui: &Ui, rect: Rect, index: usize) {
        self.paint_with(ui.painter(), rect, index, Color32::WHITE);
    }

    /// As [`Self::paint`], in another colour than white.
    pub fn paint_with(&self, painter: &Painter, rect: Rect, index: usize, tint: Color32) {
        if let Some(texture) = self.texture.as_ref().filter(|_| index < self.count) {
            painter.image(texture.id(), rect, self.uv(index), tint);
        }
    }

    fn grid(&self) -> (usize, usize) {
        let columns = self.count.isqrt().max(1);
        (columns, self.count.div_ceil(columns).max(1))
    }

    /// The part of the texture that holds picture `index`, a little less than all of it so that rounding never shows a
    /// neighbour's pixels.
    fn uv(&self, index: usize) -> Rect {
        const INSET: f32 = 1.0 / 256.0;
        let (columns, rows) = self.grid();
        let (width, height) = (columns as f32, rows as f32);
        let (x, y) = ((index % columns) as f32, (index / columns) as f32);
        let inset = INSET / SIDE as f32;
        Rect::from_min_max(
            pos2((x + inset) / width, (y + inset) / height),
            pos2((x + 1.0 - inset) / width, (y + 1.0 - inset) / height),
        )
    }
}

/// A number for [`Canvas::paint`] to tell images by that come from no answer.
#[must_use]
pub fn fingerprint(pixels: &[f32]) -> u64 {
    pixels.iter().fold(0, |hash: u64, value| {
        hash.rotate_left(5) ^ u64::from(value.to_bits())
    })
}

/// The largest side that fits into `available` points with every image pixel the same whole number of screen pixels.
#[must_use]
pub fn crisp_side(available: f32, pixels_per_point: f32) -> f32 {
    let side = SIDE as f32;
    let scale = (available * pixels_per_point / side).floor().max(1.0);
    scale * side / pixels_per_point
}

/// The image `scale` times as large, in grey.
#[must_use]
pub fn enlarged(pixels: &[f32], scale: usize) -> ColorImage {
    let side = SIDE * scale;
    let color = |index: usize| {
        let (row, column) = (index / side / scale, index % side / scale);
        Color32::from_gray(byte(
            pixels.get(row * SIDE + column).copied().unwrap_or(0.0),
        ))
    };
    ColorImage::new([side, side], (0..side * side).map(color).collect())
}

/// A 64th of a cell of the heatmap's grid. Without it the centres of screen pixels lie exactly on the borders of cells at
/// half of all sizes of the picture, and rounding would decide which cell they show, on each device in its own way. The
/// shader of [`live_canvas`] has the same.
const OFF_BORDERS: Vec2 = Vec2::splat(1.0 / (64.0 * (SIDE * HEATMAP_SCALE) as f32));

const WHOLE: Rect = Rect {
    min: pos2(0.0, 0.0),
    max: pos2(1.0, 1.0),
};

fn grey(pixels: &[f32]) -> ColorImage {
    enlarged(pixels, 1)
}

fn overlaid(pixels: &[f32], overlay: Overlay<'_>) -> ColorImage {
    if pixels.len() != PIXELS {
        return grey(pixels);
    }
    let side = SIDE * HEATMAP_SCALE;
    let mut large = Vec::with_capacity(side * side);
    for row in pixels.chunks_exact(SIDE) {
        let wide = || row.iter().flat_map(|&value| [value; HEATMAP_SCALE]);
        (0..HEATMAP_SCALE).for_each(|_| large.extend(wide()));
    }
    let heatmap = overlay.heatmap.resampled(side, side);
    let colors = explain::overlay(&large, &heatmap, overlay.color_map, overlay.opacity);
    let pixels = colors
        .into_iter()
        .map(|[r, g, b]| Color32::from_rgb(r, g, b))
        .collect();
    ColorImage::new([side, side], pixels)
}

/// Updates a texture in place, or makes it.
fn put(texture: &mut Option<TextureHandle>, ctx: &Context, name: &str, image: ColorImage) {
    match texture {
        Some(texture) => texture.set(image, TextureOptions::NEAREST),
        None => *texture = Some(ctx.load_texture(name, image, TextureOptions::NEAREST)),
    }
}

fn byte(value: f32) -> u8 {
    (value.clamp(0.0, 1.0) * 255.0).round() as u8
}
