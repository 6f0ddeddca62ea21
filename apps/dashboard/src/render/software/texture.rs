//! Textures as the processor samples them: what egui sends, kept by its id.

use std::collections::HashMap;

use eframe::egui::{ImageData, Pos2, TextureFilter, TextureId, TexturesDelta, epaint::ImageDelta};

use super::color::packed;

/// A picture that triangles are painted with.
pub struct Texture {
    width: usize,
    height: usize,
    pixels: Vec<u32>,
    /// Whether enlarged pixels run into each other.
    pub smooth: bool,
    /// Whether neighbours are mixed where not every pixel has room.
    pub smooth_when_shrunk: bool,
    /// Counts up with each change of any texture.
    pub revision: u64,
}

/// egui's textures.
#[derive(Default)]
pub struct Textures {
    by_id: HashMap<TextureId, Texture>,
    unused: Vec<TextureId>,
    revision: u64,
}

impl Textures {
    /// Takes what changed since the last pass. Call [`forget_unused`](Self::forget_unused) once it is painted.
    pub fn update(&mut self, delta: &TexturesDelta) {
        for (&id, changes) in &delta.set {
            for change in changes {
                self.revision += 1;
                match (change.pos, self.by_id.get_mut(&id)) {
                    (Some(pos), Some(texture)) => texture.patch(pos, change, self.revision),
                    _ => drop(self.by_id.insert(id, Texture::new(change, self.revision))),
                }
            }
        }
        self.unused.extend(&delta.free);
    }

    /// Forgets the textures that the pass painted for the last time.
    pub fn forget_unused(&mut self) {
        for id in self.unused.drain(..) {
            self.by_id.remove(&id);
        }
    }

    pub(super) fn get(&self, id: TextureId) -> Option<&Texture> {
        self.by_id.get(&id)
    }
}

impl Texture {
    fn new(change: &ImageDelta, revision: u64) -> Self {
        let ImageData::Color(image) = &change.image;
        Self {
            width: image.width(),
            height: image.height(),
            pixels: image.pixels.iter().copied().map(packed).collect(),
            smooth: change.options.magnification == TextureFilter::Linear,
            smooth_when_shrunk: change.options.minification == TextureFilter::Linear,
            revision,
        }
    }

    fn patch(&mut self, [left, top]: [usize; 2], change: &ImageDelta, revision: u64) {
        let ImageData::Color(image) = &change.image;
        let rows = image.pixels.chunks_exact(image.width().max(1));
        for (y, row) in rows.enumerate() {
            let start = (top + y) * self.width + left;
            let to = self.pixels.get_mut(start..start + row.len());
            for (to, color) in to.into_iter().flatten().zip(row) {
                *to = packed(*color);
            }
        }
        self.revision = revision;
    }

    /// `uv`, shares of the sides, in texels.
    #[inline]
    pub fn texels(&self, uv: Pos2) -> [f32; 2] {
        [uv.x * self.width as f32, uv.y * self.height as f32]
    }

    /// A row of texels, or the last one for rows beyond it. Empty if the texture is.
    #[inline]
    pub fn row(&self, y: usize) -> &[u32] {
        let y = y.min(self.height.saturating_sub(1));
        self.pixels
            .get(y * self.width..(y + 1) * self.width)
            .unwrap_or_default()
    }
}

/// A texel of a row, or the last one for places beyond it.
#[inline]
pub fn texel(row: &[u32], x: usize) -> u32 {
    let x = x.min(row.len().saturating_sub(1));
    row.get(x).copied().unwrap_or_default()
}
