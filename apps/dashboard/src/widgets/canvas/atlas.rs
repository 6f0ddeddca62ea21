//! Many small pictures in one texture.

use datasets::SIDE;
use eframe::egui::{Color32, ColorImage, Context, Painter, Rect, TextureHandle, Ui, pos2};

use super::pixels::{byte, put};

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
