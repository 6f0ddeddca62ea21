//! One large picture, updated in place.
//!
//! On the CPU path a frame arrives as numbers and goes into a texture here. On the GPU path the models' own buffers are
//! painted where they are, by `live`; [`Canvas::show`] takes either.

use datasets::{Image, ImageShape};
use eframe::egui::{
    Color32, ColorImage, Rect, TextureHandle, TextureOptions, Ui, Vec2, pos2, vec2,
};
use explain::{ColorMap, Heatmap};

use super::{
    live::{self, LiveOverlay},
    pixels::{CRISP, colors, fitted, put},
};
use crate::state::{
    answers::Answer,
    controls::View,
    shown::{self, Evidence, Shown},
};

/// Texture pixels a side for each image pixel under a heatmap, so that the heatmap is smooth and the image crisp. The
/// shader of `live` has the same.
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
    /// Paints an answered frame into the middle of `room`, with its evidence over it if one is named and the frame has it.
    pub fn show(
        &mut self,
        ui: &Ui,
        room: Rect,
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
                self.paint(ui, room, answer.revision, &frame.image, overlay);
            }
            Shown::Live(frame) => {
                let map = evidence.and_then(|which| shown::live_map(frame, which));
                let overlay = map.map(|map| LiveOverlay {
                    map,
                    color_map,
                    opacity,
                });
                let rect = fitted(frame.shape(), room, ui.pixels_per_point());
                live::paint(ui, rect, frame, overlay);
            }
        }
    }

    /// Paints an image into the middle of `room`. `revision` tells pictures apart: with the same one, the image and the
    /// heatmap are taken to be the same.
    pub fn paint(
        &mut self,
        ui: &Ui,
        room: Rect,
        revision: u64,
        image: &Image,
        overlay: Option<Overlay<'_>>,
    ) {
        let now = Key {
            revision,
            overlay: overlay.map(|overlay| (overlay.color_map, overlay.opacity)),
        };
        if self.shown != Some(now) {
            let picture = match overlay {
                // A screen pixel shows one cell of the heatmap's grid, as it does in `live`.
                Some(overlay) => (overlaid(image, overlay), TextureOptions::NEAREST),
                None => (plain(image), CRISP),
            };
            put(&mut self.texture, ui.ctx(), "canvas", picture);
            self.shown = Some(now);
        }
        if let Some(texture) = &self.texture {
            let shape = image.shape();
            let rect = fitted(shape, room, ui.pixels_per_point());
            let part = WHOLE.translate(off_borders(shape));
            ui.painter().image(texture.id(), rect, part, Color32::WHITE);
        }
    }
}

/// A 64th of a cell of the heatmap's grid. Without it the centres of screen pixels lie exactly on the borders of cells at
/// half of all sizes of the picture, and rounding would decide which cell they show, on each device in its own way. The
/// shader of `live` has the same.
fn off_borders(shape: ImageShape) -> Vec2 {
    let share = |side: usize| 1.0 / (64.0 * (side * HEATMAP_SCALE) as f32);
    vec2(share(shape.width()), share(shape.height()))
}

const WHOLE: Rect = Rect {
    min: pos2(0.0, 0.0),
    max: pos2(1.0, 1.0),
};

fn plain(image: &Image) -> ColorImage {
    let shape = image.shape();
    ColorImage::new([shape.width(), shape.height()], colors(image))
}

fn overlaid(image: &Image, overlay: Overlay<'_>) -> ColorImage {
    let shape = image.shape();
    let size = [
        shape.width() * HEATMAP_SCALE,
        shape.height() * HEATMAP_SCALE,
    ];
    let mut large = Vec::with_capacity(shape.channels() * size[0] * size[1]);
    for row in image.values().chunks_exact(shape.width()) {
        let wide = || row.iter().flat_map(|&value| [value; HEATMAP_SCALE]);
        (0..HEATMAP_SCALE).for_each(|_| large.extend(wide()));
    }
    let heatmap = overlay.heatmap.over_image(shape, HEATMAP_SCALE);
    let colors = explain::overlay(&large, &heatmap, overlay.color_map, overlay.opacity);
    let pixels = colors
        .into_iter()
        .map(|[r, g, b]| Color32::from_rgb(r, g, b))
        .collect();
    ColorImage::new(size, pixels)
}
