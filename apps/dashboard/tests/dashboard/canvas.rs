//! Images of any shape on the screen, pixel by pixel, as the processor paints them.

use dashboard::{
    render::software::{Picture, Textures},
    theme::Palette,
    widgets::canvas::{Atlas, Canvas, Changes, Overlay},
};
use datasets::{Image, ImageShape};
use eframe::egui::{Context, RawInput, Rect, Theme, Ui, Vec2, pos2, vec2};
use explain::{ColorMap, Heatmap};

/// Width and height of the screen of these tests.
const SCREEN: [usize; 2] = [128, 96];

/// 3 channels, 20 rows, 32 columns.
fn shape() -> ImageShape {
    ImageShape::new(3, 20, 32).expect("it is in bounds")
}

/// Red grows to the right, green downwards, and blue is the same everywhere.
fn colourful() -> Image {
    let mut bytes = Vec::new();
    for plane in 0..3 {
        for row in 0..20 {
            bytes.extend((0..32).map(|column| match plane {
                0 => 8 * column,
                1 => 12 * row,
                _ => 77,
            }));
        }
    }
    Image::from_bytes(shape(), &bytes).expect("it has that shape")
}

fn pixel(row: usize, column: usize) -> [u8; 3] {
    [8 * column as u8, 12 * row as u8, 77]
}

/// What is on the screen, three bytes a pixel, after `paint` on a background that is black.
fn painted(mut paint: impl FnMut(&Ui)) -> Vec<[u8; 3]> {
    let ctx = Context::default();
    let mut textures = Textures::default();
    let mut picture = Picture::default();
    // The first pass makes the textures.
    for _ in 0..2 {
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(
                pos2(0.0, 0.0),
                vec2(SCREEN[0] as f32, SCREEN[1] as f32),
            )),
            ..RawInput::default()
        };
        let output = ctx.run_ui(input, |ui| paint(ui));
        textures.update(&output.textures_delta);
        let primitives = ctx.tessellate(output.shapes, 1.0);
        picture.paint(SCREEN, &primitives, &textures, 1.0);
    }
    let mut pixels = vec![0; SCREEN[0] * SCREEN[1]];
    picture.copy(true, &mut pixels);
    let bytes = pixels.into_iter().map(|pixel| {
        let [_, r, g, b] = pixel.to_be_bytes();
        [r, g, b]
    });
    bytes.collect()
}

fn at(screen: &[[u8; 3]], x: usize, y: usize) -> [u8; 3] {
    screen[y * SCREEN[0] + x]
}

/// A square room of 96 points in the upper left corner: three screen pixels for each of the image's 32 columns.
fn room() -> Rect {
    Rect::from_min_size(pos2(0.0, 0.0), Vec2::splat(96.0))
}

#[test]
fn every_pixel_of_a_colour_image_is_a_square_in_its_own_colour() {
    let mut canvas = Canvas::default();
    let screen = painted(|ui| canvas.paint(ui, room(), 1, &colourful(), None));
    // 20 rows of three are 60 of 96, so 18 lie above and below.
    for (x, y) in [(0, 0), (50, 17), (95, 78), (96, 40)] {
        assert_eq!(at(&screen, x, y), [0; 3], "outside at {x}, {y}");
    }
    for row in 0..20 {
        for column in 0..32 {
            for (dx, dy) in [(0, 0), (2, 0), (0, 2), (2, 2)] {
                let shown = at(&screen, 3 * column + dx, 18 + 3 * row + dy);
                assert_eq!(shown, pixel(row, column), "row {row}, column {column}");
            }
        }
    }
}

#[test]
fn evidence_is_mixed_into_the_colours_that_it_lies_on() {
    // As strong everywhere: on the square of 4 x 4 cells around the image, too.
    let heatmap = Heatmap::from_raw(4, 4, &[2.0; 16]).expect("the values are finite");
    let overlay = Overlay {
        heatmap: &heatmap,
        // White where the evidence is strongest.
        color_map: ColorMap::Greys,
        opacity: 0.5,
    };
    let mut canvas = Canvas::default();
    let screen = painted(|ui| canvas.paint(ui, room(), 1, &colourful(), Some(overlay)));
    for (row, column) in [(0, 0), (7, 11), (19, 31)] {
        let [r, g, b] = pixel(row, column).map(|under| (u16::from(under) + 255).div_ceil(2) as u8);
        let shown = at(&screen, 3 * column + 1, 18 + 3 * row + 1);
        assert_eq!(shown, [r, g, b], "row {row}, column {column}");
    }
}

#[test]
fn evidence_of_the_square_around_an_image_is_cut_to_the_image() {
    // One row of cells for eight rows of the square, which has six rows above the image: 0, 1, 1, 0 from the top.
    let rows = [0.0, 1.0, 1.0, 0.0].map(|value| [value; 4]).concat();
    let heatmap = Heatmap::from_raw(4, 4, &rows).expect("the values are finite");
    let overlay = Overlay {
        heatmap: &heatmap,
        color_map: ColorMap::Greys,
        opacity: 1.0,
    };
    let black = Image::black(shape());
    let mut canvas = Canvas::default();
    let screen = painted(|ui| canvas.paint(ui, room(), 1, &black, Some(overlay)));
    // The middle of the image is the middle of the square: full evidence, white. The middle of its first row is painted
    // from the third of four cells of the grid, 6.625 rows below the top of the square, between the centres of the map's
    // cells at 4 and 12: 2.625 / 8 of the evidence, which gives the share of its colour, too.
    assert_eq!(at(&screen, 40, 48), [255; 3]);
    let share = 2.625 / 8.0;
    let expected = f32::from(ColorMap::Greys.rgb(share)[0]) * share;
    let first = f32::from(at(&screen, 40, 19)[0]);
    assert!((first - expected).abs() <= 1.0, "{first} and {expected}");
}

#[test]
fn small_pictures_share_a_texture_and_never_show_a_neighbour() {
    let dark = Image::black(shape());
    let light = Image::new(shape(), vec![1.0; 1_920]).expect("it is in range");
    let images = [dark.clone(), light, dark.clone(), dark];
    let mut atlas = Atlas::default();
    // 20 x 32 pixels in a room of 64: twice as large, 12 below the top.
    let small = Rect::from_min_size(pos2(10.0, 5.0), Vec2::splat(64.0));
    let screen = painted(|ui| {
        atlas.show_images(ui.ctx(), 1, images.iter());
        atlas.paint(ui, small, 1);
        atlas.paint(ui, small, 9);
    });
    assert_eq!((atlas.len(), atlas.shape()), (4, Some(shape())));
    let white = screen.iter().filter(|pixel| **pixel == [255; 3]).count();
    let other = screen.iter().filter(|pixel| **pixel != [0; 3]).count();
    assert_eq!((white, other), (64 * 40, 64 * 40));
    assert_eq!(at(&screen, 10, 17), [255; 3]);
    assert_eq!(at(&screen, 73, 56), [255; 3]);
}

#[test]
fn a_change_of_colour_shows_the_colour_that_is_added() {
    let palette = Palette::of(Theme::Dark);
    // Red is added on the left, and all light is taken away on the right.
    let mut change = vec![0.0; 1_920];
    for row in 0..20 {
        change[row * 32] = 0.5;
        for plane in 0..3 {
            change[plane * 640 + row * 32 + 31] = -0.5;
        }
    }
    let mut atlas = Atlas::default();
    let screen = painted(|ui| {
        let changes = Changes {
            revision: 1,
            shape: shape(),
            largest: 0.5,
            theme: (true, palette),
        };
        atlas.show_changes(ui.ctx(), changes, std::iter::once(change.as_slice()));
        atlas.paint(ui, room(), 0);
    });
    let grey = palette.unchanged;
    assert_eq!(at(&screen, 1, 48), [255, grey, grey]);
    assert_eq!(at(&screen, 48, 48), [grey; 3]);
    assert_eq!(at(&screen, 94, 48), [0; 3]);
}

#[test]
fn an_image_with_less_room_than_pixels_is_shrunk_and_stays_inside() {
    let room = Rect::from_min_size(pos2(40.0, 40.0), Vec2::splat(16.0));
    let white = Image::new(shape(), vec![1.0; 1_920]).expect("it is in range");
    let mut atlas = Atlas::default();
    let screen = painted(|ui| {
        atlas.show_images(ui.ctx(), 1, [white.clone()].iter());
        atlas.paint(ui, room, 0);
    });
    // Half as large: 10 rows of 16, in the middle.
    let shown = screen.iter().filter(|pixel| **pixel != [0; 3]).count();
    assert_eq!(shown, 160);
    assert_eq!(at(&screen, 40, 43), [255; 3]);
    assert_eq!(at(&screen, 55, 52), [255; 3]);
}
