//! One large picture, updated in place.
//!
//! On the CPU path a frame arrives as numbers and goes into a texture here. On the GPU path the models' own buffers are
//! painted where they are, by `live`; [`Canvas::show`] takes either.

use datasets::{PIXELS, SIDE};
use eframe::egui::{Color32, ColorImage, Rect, TextureHandle, Ui, Vec2, pos2};
use explain::{ColorMap, Heatmap};

use super::{
    live::{self, LiveOverlay},
    pixels::{enlarged, put},
};
use crate::state::{
    answers::Answer,
    controls::View,
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
                live::paint(ui, rect, frame, overlay);
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

/// A 64th of a cell of the heatmap's grid. Without it the centres of screen pixels lie exactly on the borders of cells at
/// half of all sizes of the picture, and rounding would decide which cell they show, on each device in its own way. The
/// shader of `live` has the same.
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
