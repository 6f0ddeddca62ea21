//! Text as pixels, for pictures that are saved: with the fonts of the window, which has them as pixels already.

use std::sync::Arc;

use eframe::egui::{
    Color32, ColorImage, Context, FontId, Galley,
    text::{LayoutJob, TextWrapping},
};

use crate::files::labelled_sheet::Lettering;

/// Lines of text in type of this size, in pixels. Each is at most so many pixels wide; of a longer one the start is shown, and a
/// sign that there is more.
pub(super) fn letter(ctx: &Context, size: f32, lines: &[(String, usize)]) -> Vec<Lettering> {
    let scale = ctx.pixels_per_point();
    ctx.fonts_mut(|fonts| {
        let galleys: Vec<Arc<Galley>> = lines
            .iter()
            .map(|(text, most)| {
                let font = FontId::proportional(size / scale);
                let mut job = LayoutJob::simple_singleline(text.clone(), font, Color32::WHITE);
                job.wrap = TextWrapping::truncate_at_width(*most as f32 / scale);
                fonts.layout_job(job)
            })
            .collect();
        // Only now are all letters in it.
        let atlas = fonts.image();
        let lines = galleys.iter().map(|galley| pixels(galley, &atlas, scale));
        lines.collect()
    })
}

/// Copies the letters of a line from the picture that holds each letter once.
fn pixels(galley: &Galley, atlas: &ColorImage, scale: f32) -> Lettering {
    let size = (galley.size() * scale).ceil();
    let (width, height) = (size.x as usize, size.y as usize);
    let mut cover = vec![0; width * height];
    for row in &galley.rows {
        for glyph in &row.glyphs {
            let source = glyph.uv_rect;
            let corner = (row.pos + glyph.pos.to_vec2() + source.offset) * scale;
            let [left, top] = [corner.x, corner.y].map(|at| at.round() as i32);
            let [columns, rows] = [0, 1].map(|axis| source.min[axis]..source.max[axis]);
            for (y, line) in rows.zip(top..) {
                for (x, column) in columns.clone().zip(left..) {
                    let inside = [column, line].map(usize::try_from);
                    let [Ok(column), Ok(line)] = inside else {
                        continue;
                    };
                    if column < width && line < height {
                        let letter = atlas[(usize::from(x), usize::from(y))].a();
                        let pixel: &mut u8 = &mut cover[line * width + column];
                        *pixel = (*pixel).max(letter);
                    }
                }
            }
        }
    }
    Lettering {
        width,
        height,
        cover,
    }
}
