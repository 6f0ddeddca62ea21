//! Files of pictures and films: their recipes come back, and every colour stays exact.

use std::fs;

use dashboard::files::picture_file::{Film, FilmProgress, Raster, read_recipe, save_gif, save_png};
use datasets::{Image, ImageShape};

use crate::{films::frames, support::digits};

#[test]
fn recipes_come_back_from_their_files_and_greys_stay_exact() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (png, gif) = (folder.path().join("a.png"), folder.path().join("a.gif"));
    // Longer than one block of a comment, and with more than letters.
    let recipe = format!("// Latent Lens {} – “é”", "x".repeat(700));
    let bytes: Vec<u8> = (0..digits().values()).map(|i| (i % 256) as u8).collect();
    let image = Image::from_bytes(digits(), &bytes).expect("it has that shape");
    save_png(&png, &Raster::image(&image, 2), &recipe).expect("it can be written");
    assert_eq!(read_recipe(&png), Some(recipe.clone()));
    let film = Film {
        images: vec![image, Image::black(digits())],
        order: vec![0, 1, 0],
        scale: 2,
        delay: 5,
    };
    let progress = FilmProgress::default();
    assert!(save_gif(&gif, &film, &recipe, &progress).expect("it can be written"));
    assert_eq!(read_recipe(&gif), Some(recipe));
    let frames = frames(&gif);
    assert_eq!(frames.len(), 3);
    for (x, y, pixel) in frames[2].buffer().enumerate_pixels() {
        let index = (y / 2 * 28 + x / 2) as usize;
        assert_eq!(usize::from(pixel.0[0]), index % 256);
    }
    fs::write(&png, "this is text").expect("it can be written");
    assert_eq!(read_recipe(&png), None);
}

#[test]
fn colours_stay_exact_in_a_sheet_and_in_a_film() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (png, gif) = (folder.path().join("a.png"), folder.path().join("a.gif"));
    let shape = ImageShape::new(3, 20, 32).expect("it is in bounds");
    // 160 colours: red by columns of two, green by rows of two, and always some blue.
    let color = |x: u32, y: u32| [(x / 2) as u8 * 15, (y / 2) as u8 * 25, 99];
    let plane =
        |channel: usize| (0..640_u32).map(move |pixel| color(pixel % 32, pixel / 32)[channel]);
    let bytes: Vec<u8> = (0..3).flat_map(plane).collect();
    let image = Image::from_bytes(shape, &bytes).expect("it has that shape");
    let images = [image.clone(), Image::black(shape), image.clone()];
    save_png(&png, &Raster::sheet(&images, 2, 3), "").expect("it can be written");
    let read = image::open(&png).expect("it is a PNG").into_rgb8();
    // Two images of 32 x 20 and two pixels between them, three times as large.
    assert_eq!(read.dimensions(), (3 * 66, 3 * 42));
    for (x, y) in [(0, 0), (17, 9), (31, 19)] {
        let expected = color(x, y);
        assert_eq!(read.get_pixel(3 * x + 1, 3 * y + 2).0, expected);
        assert_eq!(read.get_pixel(3 * (34 + x), 3 * y).0, [0; 3]);
        assert_eq!(read.get_pixel(3 * x, 3 * (22 + y)).0, expected);
    }
    let film = Film {
        images: images.to_vec(),
        order: vec![1, 0],
        scale: 2,
        delay: 5,
    };
    let progress = FilmProgress::default();
    assert!(save_gif(&gif, &film, "a recipe", &progress).expect("it can be written"));
    let frames = frames(&gif);
    let frame = frames[1].buffer();
    assert_eq!(frame.dimensions(), (64, 40));
    for (x, y, pixel) in frame.enumerate_pixels() {
        assert_eq!(pixel.0[..3], color(x / 2, y / 2), "{x}, {y}");
    }
}
