//! A piece of the interface laid out by itself, larger or smaller than on the screen, and without a pointer over it.

use eframe::egui::{
    Color32, ColorImage, Context, FullOutput, Pos2, RawInput, Rect, Ui, UiBuilder, Vec2,
    ViewportId, ViewportInfo, epaint::ClippedShape, vec2,
};

use super::{
    software::{Picture, Textures},
    svg::{self, Images},
};
use crate::theme;

/// egui guesses sizes at first, and knows them after so many passes.
const PASSES: usize = 3;
/// A piece may be so high, in points.
const ROOM: f32 = 4000.0;

/// What was laid out.
pub struct Drawing {
    ctx: Context,
    size: Vec2,
    pixels_per_point: f32,
    shapes: Vec<ClippedShape>,
    textures: Textures,
    images: Images,
}

/// Lays out what `add` adds in a place of so many points of width, in the theme of `like`. `add` is called for every pass.
pub fn draw(
    like: &Context,
    width: f32,
    pixels_per_point: f32,
    mut add: impl FnMut(&mut Ui),
) -> Drawing {
    let ctx = Context::default();
    theme::install(&ctx);
    ctx.set_theme(like.theme());
    // What is folded up on a small screen is on this one, too.
    let room = vec2(like.content_rect().width().max(width), ROOM);
    let (mut textures, mut images) = (Textures::default(), Images::default());
    let (mut size, mut last) = (Vec2::ZERO, FullOutput::default());
    for pass in 0..PASSES {
        last = ctx.run_ui(input(room, pixels_per_point, pass), |ui| {
            let place = Rect::from_min_size(Pos2::ZERO, vec2(width, ROOM));
            let mut ui = ui.new_child(UiBuilder::new().max_rect(place));
            ui.set_width(width);
            let ground = theme::palette(&ui).background;
            ui.painter().rect_filled(place, 0.0, ground);
            add(&mut ui);
            size = vec2(width, ui.min_rect().height().min(ROOM));
        });
        textures.update(&last.textures_delta);
        images.update(&last.textures_delta);
    }
    Drawing {
        size,
        pixels_per_point: last.pixels_per_point,
        shapes: last.shapes,
        textures,
        images,
        ctx,
    }
}

fn input(room: Vec2, pixels_per_point: f32, pass: usize) -> RawInput {
    let place = Rect::from_min_size(Pos2::ZERO, room);
    let viewport = ViewportInfo {
        native_pixels_per_point: Some(pixels_per_point),
        inner_rect: Some(place),
        ..ViewportInfo::default()
    };
    RawInput {
        screen_rect: Some(place),
        // Whatever moves by itself has come to rest.
        time: Some(pass as f64),
        viewports: [(ViewportId::ROOT, viewport)].into_iter().collect(),
        ..RawInput::default()
    }
}

impl Drawing {
    /// Painted by the processor.
    #[must_use]
    pub fn pixels(&self) -> ColorImage {
        let [width, height] = [self.size.x, self.size.y]
            .map(|points| (points * self.pixels_per_point).round().max(1.0) as usize);
        let layers = self
            .ctx
            .tessellate(self.shapes.clone(), self.pixels_per_point);
        let mut picture = Picture::default();
        picture.paint(
            [width, height],
            &layers,
            &self.textures,
            self.pixels_per_point,
        );
        let mut pixels = vec![0; width * height];
        picture.copy(true, &mut pixels);
        let colors = pixels.into_iter().map(|pixel: u32| {
            let [_, red, green, blue] = pixel.to_be_bytes();
            Color32::from_rgb(red, green, blue)
        });
        ColorImage::new([width, height], colors.collect())
    }

    /// Written down as shapes, so that it is sharp at every size and can be edited.
    #[must_use]
    pub fn svg(&self, title: &str) -> String {
        svg::write(self.size, title, &self.shapes, &self.images)
    }
}
