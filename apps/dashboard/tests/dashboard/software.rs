//! The processor's painting, pixel by pixel.

use dashboard::render::software::{Area, Picture, Textures};
use eframe::egui::{
    ClippedPrimitive, Color32, ColorImage, Context, Mesh, RawInput, Rect, TextureOptions,
    emath::Rot2, pos2, vec2,
};
use eframe::epaint::Primitive;

/// What a mesh looks like on 8 x 8 pixels, without the alpha.
fn painted(mesh: Mesh, clip: Rect, pixels_per_point: f32) -> Vec<u32> {
    painted_with(&Context::default(), mesh, clip, pixels_per_point)
}

fn painted_with(ctx: &Context, mesh: Mesh, clip: Rect, pixels_per_point: f32) -> Vec<u32> {
    let mut picture = Picture::default();
    let layers = [layer(mesh, clip)];
    picture.paint([8, 8], &layers, &textures(ctx), pixels_per_point);
    let mut pixels = vec![0; 64];
    let areas = picture.copy(true, &mut pixels);
    assert_eq!(areas, [area(0..8, 0..8)]);
    pixels.iter().map(|pixel| pixel & 0x00ff_ffff).collect()
}

/// The textures that the context has made, its own with the white texel among them.
fn textures(ctx: &Context) -> Textures {
    let mut textures = Textures::default();
    let output = ctx.run_ui(RawInput::default(), |_| {});
    textures.update(&output.textures_delta);
    textures
}

fn layer(mesh: Mesh, clip_rect: Rect) -> ClippedPrimitive {
    ClippedPrimitive {
        clip_rect,
        primitive: Primitive::Mesh(mesh),
    }
}

fn square(left: f32, top: f32, side: f32, color: Color32) -> Mesh {
    let mut mesh = Mesh::default();
    mesh.add_colored_rect(
        Rect::from_min_size(pos2(left, top), vec2(side, side)),
        color,
    );
    mesh
}

fn area(columns: std::ops::Range<usize>, rows: std::ops::Range<usize>) -> Area {
    Area { columns, rows }
}

#[test]
fn a_square_covers_its_pixels_once() {
    // Half see-through twice would be three quarters where the two triangles meet.
    let half = Color32::from_rgba_premultiplied(0, 0, 128, 128);
    let pixels = painted(square(1.0, 2.0, 4.0, half), Rect::EVERYTHING, 1.0);
    for (i, pixel) in pixels.iter().enumerate() {
        let inside = (1..5).contains(&(i % 8)) && (2..6).contains(&(i / 8));
        assert_eq!(*pixel, if inside { 0x80 } else { 0 }, "pixel {i}");
    }
}

#[test]
fn pixels_outside_of_the_clip_stay() {
    let clip = Rect::from_min_max(pos2(0.0, 0.0), pos2(2.0, 1.0));
    let pixels = painted(square(0.0, 0.0, 4.0, Color32::WHITE), clip, 2.0);
    // 2 x 1 points at 2 pixels a point
    let white: Vec<usize> = (0..64).filter(|&i| pixels[i] != 0).collect();
    assert_eq!(white, [0, 1, 2, 3, 8, 9, 10, 11]);
}

#[test]
fn a_pixel_belongs_to_what_covers_its_centre() {
    let pixels = painted(square(0.4, 0.6, 1.0, Color32::WHITE), Rect::EVERYTHING, 1.0);
    // Columns 0.4 to 1.4 cover the centre 0.5; rows 0.6 to 1.6 cover the centre 1.5.
    let white: Vec<usize> = (0..64).filter(|&i| pixels[i] != 0).collect();
    assert_eq!(white, [8]);
}

#[test]
fn a_gradient_runs_from_corner_to_corner() {
    let mut mesh = Mesh::default();
    for (x, y, grey) in [
        (0.0, 0.0, 0),
        (8.0, 0.0, 240),
        (0.0, 8.0, 0),
        (8.0, 8.0, 240),
    ] {
        mesh.colored_vertex(pos2(x, y), Color32::from_gray(grey));
    }
    mesh.add_triangle(0, 1, 2);
    mesh.add_triangle(2, 1, 3);
    let pixels = painted(mesh, Rect::EVERYTHING, 1.0);
    // 30 a pixel, and 15 at the centre of the first.
    let row: Vec<u32> = pixels[56..].iter().map(|pixel| pixel & 0xff).collect();
    assert_eq!(row, [15, 45, 75, 105, 135, 165, 195, 225]);
}

#[test]
fn texels_stay_apart_or_run_into_each_other() {
    for (options, expected) in [
        (TextureOptions::NEAREST, [0, 0, 0, 0, 255, 255, 255, 255]),
        // The texels' centres lie at 2 and 6, and the pixels' first between them an eighth of the way.
        (TextureOptions::LINEAR, [0, 0, 32, 96, 159, 223, 255, 255]),
    ] {
        let ctx = Context::default();
        let image = ColorImage::new([2, 1], vec![Color32::BLACK, Color32::WHITE]);
        let texture = ctx.load_texture("two", image, options);
        let mut mesh = Mesh::with_texture(texture.id());
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        let place = Rect::from_min_size(pos2(0.0, 0.0), vec2(8.0, 8.0));
        mesh.add_rect_with_uv(place, whole, Color32::WHITE);
        let pixels = painted_with(&ctx, mesh, Rect::EVERYTHING, 1.0);
        let row: Vec<u32> = pixels[..8].iter().map(|pixel| pixel & 0xff).collect();
        assert_eq!(row, expected);
    }
}

#[test]
fn a_picture_that_is_turned_is_painted_turned() {
    let ctx = Context::default();
    // Black over white.
    let image = ColorImage::new([1, 2], vec![Color32::BLACK, Color32::WHITE]);
    let texture = ctx.load_texture("two", image, TextureOptions::LINEAR);
    let mut mesh = Mesh::with_texture(texture.id());
    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    let place = Rect::from_min_size(pos2(0.0, 0.0), vec2(8.0, 8.0));
    mesh.add_rect_with_uv(place, whole, Color32::WHITE);
    mesh.rotate(
        Rot2::from_angle(-std::f32::consts::FRAC_PI_2),
        place.center(),
    );
    let pixels = painted_with(&ctx, mesh, Rect::EVERYTHING, 1.0);
    // Turned to the left, what was above is on the left: in each row the same as in a column of the upright picture.
    for row in pixels.chunks(8) {
        let expected: [u32; 8] = [0, 0, 32, 96, 159, 223, 255, 255];
        for (pixel, expected) in row.iter().zip(expected) {
            // The corners of a mesh that was turned are a rounding away from whole pixels.
            assert!((pixel & 0xff).abs_diff(expected) <= 1, "{row:x?}");
        }
    }
}

#[test]
fn only_what_changed_is_handed_over() {
    let textures = textures(&Context::default());
    let mut picture = Picture::default();
    // Tiles are 128 x 64: two columns and two rows of them, the last ones narrower.
    let size = [200, 100];
    let mut pixels = vec![0; 200 * 100];
    let mut areas = |left: f32, top: f32, color| {
        let layers = [layer(square(left, top, 20.0, color), Rect::EVERYTHING)];
        picture.paint(size, &layers, &textures, 1.0);
        (picture.copy(false, &mut pixels), pixels.clone())
    };
    let (all, _) = areas(10.0, 10.0, Color32::WHITE);
    assert_eq!(all.len(), 4, "nothing was there before");
    let (none, _) = areas(10.0, 10.0, Color32::WHITE);
    assert_eq!(none, []);
    let (one, after) = areas(10.0, 10.0, Color32::RED);
    assert_eq!(one, [area(0..128, 0..64)]);
    assert_eq!(after[15 * 200 + 15] & 0x00ff_ffff, 0x00ff_0000);
    let (moved, after) = areas(150.0, 70.0, Color32::RED);
    assert_eq!(moved, [area(0..128, 0..64), area(128..200, 64..100)]);
    assert_eq!(after[15 * 200 + 15] & 0x00ff_ffff, 0);
    assert_eq!(after[75 * 200 + 155] & 0x00ff_ffff, 0x00ff_0000);
}
