//! Many small pictures of one shape in one texture.

use datasets::{Image, ImageShape};
use eframe::egui::{Color32, ColorImage, Context, Painter, Rect, TextureHandle, Ui, pos2};

use super::pixels::{CRISP, colors, fitted, put};
use crate::theme::Palette;

/// Many small pictures of one shape in one texture.
#[derive(Default)]
pub struct Atlas {
    texture: Option<TextureHandle>,
    shown: Option<Key>,
    shape: Option<ImageShape>,
    count: usize,
}

/// What is in the texture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    /// The images of an answer.
    Images(u64),
    /// The changes of an answer, in the colours of the dark theme or of the light one.
    Changes(u64, bool),
}

/// Changes of images, as pictures.
#[derive(Clone, Copy, Debug)]
pub struct Changes<'a> {
    /// The answer that they are from.
    pub revision: u64,
    /// The shape of the images.
    pub shape: ImageShape,
    /// The change that is painted in the strongest colour.
    pub largest: f32,
    /// Whether the theme is dark, and its colours.
    pub theme: (bool, &'a Palette),
}

impl Atlas {
    /// Puts images into the texture, unless those of `revision` are there already. One of another shape than the first
    /// stays black.
    pub fn show_images<'a>(
        &mut self,
        ctx: &Context,
        revision: u64,
        images: impl ExactSizeIterator<Item = &'a Image> + Clone,
    ) {
        let key = Key::Images(revision);
        if self.shown == Some(key) {
            return;
        }
        let Some(shape) = images.clone().next().map(Image::shape) else {
            self.count = 0;
            return;
        };
        let pictures = images.map(|image| {
            if image.shape() == shape {
                colors(image)
            } else {
                Vec::new()
            }
        });
        self.show(ctx, key, shape, pictures);
    }

    /// Puts changes of images into the texture, unless they are there already: `[channels, height, width]` values each, in
    /// `[-1, 1]`.
    pub fn show_changes<'a>(
        &mut self,
        ctx: &Context,
        changes: Changes<'_>,
        maps: impl ExactSizeIterator<Item = &'a [f32]>,
    ) {
        let Changes {
            revision,
            shape,
            largest,
            theme: (dark, palette),
        } = changes;
        let key = Key::Changes(revision, dark);
        if self.shown == Some(key) {
            return;
        }
        let area = shape.pixels();
        let color = |map: &[f32], pixel: usize| {
            let at = |channel: usize| map.get(channel * area + pixel).copied().unwrap_or(0.0);
            if shape.is_colour() {
                palette.change([at(0), at(1), at(2)].map(|value| value / largest))
            } else {
                palette.diverging(at(0) / largest)
            }
        };
        let pictures = maps.map(|map| (0..area).map(|pixel| color(map, pixel)).collect());
        self.show(ctx, key, shape, pictures);
    }

    fn show(
        &mut self,
        ctx: &Context,
        key: Key,
        shape: ImageShape,
        pictures: impl ExactSizeIterator<Item = Vec<Color32>>,
    ) {
        (self.count, self.shape) = (pictures.len(), Some(shape));
        let (columns, rows) = self.grid();
        let (height, width) = (shape.height(), shape.width());
        let line = columns * width;
        let mut atlas = ColorImage::filled([line, rows * height], Color32::BLACK);
        for (index, picture) in pictures.enumerate() {
            let start = index / columns * height * line + index % columns * width;
            for (row, pixels) in picture.chunks_exact(width).take(height).enumerate() {
                atlas.pixels[start + row * line..][..width].copy_from_slice(pixels);
            }
        }
        put(&mut self.texture, ctx, "atlas", (atlas, CRISP));
        self.shown = Some(key);
    }

    /// Whether the images of `revision` are in the texture.
    #[must_use]
    pub fn shows(&self, revision: u64) -> bool {
        self.shown == Some(Key::Images(revision))
    }

    /// Whether the changes of `revision` are in the texture, in the colours of this theme.
    #[must_use]
    pub fn shows_changes(&self, revision: u64, dark: bool) -> bool {
        self.shown == Some(Key::Changes(revision, dark))
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

    /// The shape of the pictures, once there are any.
    #[must_use]
    pub fn shape(&self) -> Option<ImageShape> {
        self.shape
    }

    /// Paints picture `index` into the middle of `room`. A picture that is not there is not painted.
    pub fn paint(&self, ui: &Ui, room: Rect, index: usize) {
        self.paint_with(ui.painter(), room, index, Color32::WHITE);
    }

    /// As [`Self::paint`], in another colour than white.
    pub fn paint_with(&self, painter: &Painter, room: Rect, index: usize, tint: Color32) {
        let texture = self.texture.as_ref().filter(|_| index < self.count);
        if let (Some(texture), Some(shape)) = (texture, self.shape) {
            let rect = fitted(shape, room, painter.ctx().pixels_per_point());
            painter.image(texture.id(), rect, self.uv(shape, index), tint);
        }
    }

    fn grid(&self) -> (usize, usize) {
        let columns = self.count.isqrt().max(1);
        (columns, self.count.div_ceil(columns).max(1))
    }

    /// The part of the texture that holds picture `index`, a little less than all of it so that rounding never shows a
    /// neighbour's pixels.
    fn uv(&self, shape: ImageShape, index: usize) -> Rect {
        const INSET: f32 = 1.0 / 256.0;
        let (columns, rows) = self.grid();
        let (width, height) = (columns as f32, rows as f32);
        let (x, y) = ((index % columns) as f32, (index / columns) as f32);
        let (in_x, in_y) = (INSET / shape.width() as f32, INSET / shape.height() as f32);
        Rect::from_min_max(
            pos2((x + in_x) / width, (y + in_y) / height),
            pos2((x + 1.0 - in_x) / width, (y + 1.0 - in_y) / height),
        )
    }
}
