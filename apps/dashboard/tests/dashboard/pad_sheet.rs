//! The sheet of the pad: the images over two axes, each with its prediction.

use std::path::Path;

use dashboard::{
    files::{
        labelled_sheet::{LabelledSheet, Lettering, SheetLabel},
        picture_file::read_recipe,
    },
    state::{
        controls::Space,
        recipe::{PictureKind, Recipe},
        walks,
    },
    theme::Palette,
};
use datasets::{ClassId, Image};
use eframe::egui::{Color32, Key, Theme};
use egui_kittest::kittest::Queryable as _;

use crate::{
    files::drop_file,
    support::{
        click, digits, manifest, open, save, save_as, scene, serve, unjudged, until_restored,
        until_shown, until_told, window, window_of,
    },
};

fn text(width: usize, height: usize) -> Lettering {
    Lettering {
        width,
        height,
        cover: vec![255; width * height],
    }
}

fn grey(level: f32) -> Image {
    Image::new(digits(), vec![level; digits().values()]).expect("it is in range")
}

#[test]
fn images_stand_in_rows_with_what_is_said_of_them() {
    let label = |red: u8| SheetLabel {
        color: Color32::from_rgb(red, 0, 0),
        text: text(10, 9),
    };
    let sheet = LabelledSheet {
        images: [0.0, 0.2, 0.4, 0.6].map(grey).to_vec(),
        scale: 2,
        title: text(30, 12),
        columns: vec![text(8, 10); 2],
        rows: vec![text(20, 10); 2],
        labels: [50, 100, 150, 200].map(label).to_vec(),
    };
    let raster = sheet.raster();
    // Margin 14, row texts 20 and 6 between: images begin at 40. Two of 56 with 6 after each, and a margin.
    // Margin 14, title 12 and 6 between: they begin at 32. Two of 56 with 11 for a label and 6, column texts, a margin.
    assert_eq!(
        (raster.width, raster.height),
        (40 + 124 + 14, 32 + 146 + 10 + 14)
    );
    let pixel = |x: usize, y: usize| {
        let at = 3 * (y * raster.width + x);
        [raster.bytes[at], raster.bytes[at + 1], raster.bytes[at + 2]]
    };
    for (index, level) in [0, 51, 102, 153].into_iter().enumerate() {
        let (x, y) = (40 + index % 2 * 62, 32 + index / 2 * 73);
        assert_eq!(pixel(x, y), [level; 3]);
        assert_eq!(pixel(x + 55, y + 55), [level; 3]);
        // The mark has two thirds of the text's height and lies in its middle, two under the image.
        let red = [50, 100, 150, 200][index];
        assert_eq!(pixel(x, y + 59), [red, 0, 0]);
        assert_eq!(pixel(x + 5, y + 64), [red, 0, 0]);
        assert_eq!(pixel(x + 6, y + 62), [255; 3]);
        // The text follows six further.
        assert_eq!(pixel(x + 12, y + 58), [0; 3]);
    }
    assert_eq!(pixel(14, 14), [0; 3], "the title");
    // Right before the images, and in the middle of the first row: 32 + 28 - 5.
    assert_eq!(pixel(33, 55), [0; 3]);
    assert_eq!(pixel(34, 55), [255; 3]);
    // In the middle of the first column, under two rows of 73: 40 + 28 - 4.
    assert_eq!(pixel(64, 178), [0; 3]);
    assert_eq!(pixel(0, 0), [255; 3]);
}

#[test]
fn the_sheet_goes_from_low_to_high_on_both_axes() {
    let model = open(&manifest(None));
    let window = window(Space::Explore, None);
    let scene = scene(&window);
    let walk = walks::pad(&scene, &model);
    assert_eq!(walk.frames.len(), 81);
    // Across is z1, up is z3, in sigma of 2; the first row is the highest.
    let at = |index: usize| {
        let latent = &walk.frames[index].latent;
        [latent[1], latent[3]]
    };
    assert_eq!(at(0), [-6.0, 6.0]);
    assert_eq!(at(8), [6.0, 6.0]);
    assert_eq!(at(40), [0.0, 0.0]);
    assert_eq!(at(72), [-6.0, -6.0]);
    assert!(walk.frames.iter().all(|frame| frame.latent[0] == 3.0));
}

/// The colours in a picture file, and how often each is there.
fn colors(path: &Path) -> std::collections::BTreeMap<[u8; 3], usize> {
    let mut colors = std::collections::BTreeMap::new();
    for pixel in image::open(path).expect("it is there").into_rgb8().pixels() {
        *colors.entry(pixel.0).or_default() += 1;
    }
    colors
}

#[test]
fn the_sheet_is_saved_with_its_predictions_and_brings_its_scene_back() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("sheet.png");
    let mut window = window(Space::Explore, None);
    window.key_press(Key::P);
    serve(&mut window, &manifest(None));
    // Across moves what the judge of the test looks at.
    click(&mut window, "pad, across");
    click(&mut window, "z0");
    window
        .get_by_label("images a side of the sheet")
        .set_value_accesskit(3.0);
    serve(&mut window, &manifest(None));
    let before = scene(&window);
    window.get_by_label("Save sheet…").click();
    window.run();
    save_as(&mut window, &path);
    until_shown(&mut window, "Drawing the sheet of the pad");
    until_told(&mut window, "Saved");
    let recipe = read_recipe(&path).expect("it has one");
    let recipe = Recipe::parse(&recipe).expect("it is whole");
    assert_eq!((recipe.shows, &recipe.scene), (PictureKind::Pad, &before));
    // -6, 0 and 6 in the first coordinate are the classes 0, 0 and 6; three rows of each, with marks of nine pixels at least.
    let colors = colors(&path);
    let marks = |class: u16| {
        let color = Palette::of(Theme::Light).class(ClassId(class)).to_array();
        colors.get(&color[..3]).copied().unwrap_or(0)
    };
    assert!(marks(6) >= 3 * 81, "{}", marks(6));
    assert_eq!(marks(0), 2 * marks(6));
    assert_eq!(marks(3), 0);

    window.key_press(Key::Num8);
    click(&mut window, "pad, across");
    click(&mut window, "z2");
    window.key_press(Key::P);
    serve(&mut window, &manifest(None));
    drop_file(&mut window, path);
    until_restored(&mut window, &before);
    assert!(window.state().controls().pad_unfolded);
    window.get_by_label("pad of z0 and z3");
}

#[test]
fn nothing_is_said_where_nobody_judges() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("sheet.png");
    let mut window = window_of(Space::Explore, &unjudged());
    save(&mut window, "Save pad's sheet as PNG…", &path);
    for _ in 0..200 {
        serve(&mut window, &unjudged());
        if path.is_file() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    // Greys alone: images, paper and letters.
    assert!(colors(&path).keys().all(|[r, g, b]| r == g && g == b));
}
