//! The parts of the window that need no window: undo, pictures, files, notices, figures in words.

use std::{
    fs,
    time::{Duration, Instant},
};

use dashboard::{
    files::picture_file::{Raster, save_png},
    state::{
        controls::{Controls, Space},
        notebook::Notebook,
        notices::{Notices, Tone, Topic},
        scene::{AnchorControls, MorphControls, Scene, Start},
        session::Session,
        undo::{Hands, History},
    },
    widgets::{canvas, number, percent, thousands},
};
use datasets::{ClassId, Image, ImageShape, Layer, Seed};
use eframe::egui::{Color32, Rect, pos2, vec2};
use latent_space::Path;

use crate::support::{digits, model};

/// A shape that is not square, in colour.
fn odd() -> ImageShape {
    ImageShape::new(3, 20, 32).expect("it is in bounds")
}

pub fn controls() -> Controls {
    let mut controls = Controls::new(model(), Space::Explore, Seed(0));
    let class = ClassId(0);
    let scene = Scene {
        condition: None,
        sampler: studio::Sampler::default(),
        latent: vec![0.0; 2],
        locked: vec![false; 2],
        selected: 0,
        seed: Seed(0),
        target: class,
        target_is_chosen: false,
        layer: Layer(3),
        method: explain::Method::GradCam,
        contrast: false,
        start: Start::Center,
        origin: vec![0.0; 2],
        sample: 0,
        anchors: AnchorControls {
            class,
            noise: 1.0,
            count: 16,
            seed: Seed(0),
        },
        morph: MorphControls {
            from: class,
            to: class,
            path: Path::Linear,
            step: 0,
        },
        other: None,
        pad: dashboard::state::pad::PadControls::default(),
    };
    controls.scenes.insert(model(), scene);
    controls
}

fn set(controls: &mut Controls, value: f32) {
    controls.scene_mut().expect("there is a scene").latent[0] = value;
}

fn get(controls: &Controls) -> f32 {
    controls.scene().expect("there is a scene").latent[0]
}

fn observe(history: &mut History, controls: &Controls, hold: bool) {
    let hands = Hands {
        hold,
        ..Hands::default()
    };
    history.observe(controls, &Notebook::default(), &Session::default(), hands);
}

#[test]
fn a_drag_is_one_step_of_undo() {
    let mut controls = controls();
    let mut history = History::default();
    observe(&mut history, &controls, false);
    for step in 1..=5 {
        set(&mut controls, step as f32);
        observe(&mut history, &controls, true);
    }
    observe(&mut history, &controls, false);
    history.undo(&mut controls, &mut Notebook::default(), &Session::default());
    assert_eq!(get(&controls), 0.0);
    assert!(!history.can_undo());
    history.redo(&mut controls, &mut Notebook::default(), &Session::default());
    assert_eq!(get(&controls), 5.0);
    assert!(!history.can_redo());
}

#[test]
fn a_new_change_forgets_what_was_undone() {
    let mut controls = controls();
    let mut history = History::default();
    for value in [0.0, 1.0, 2.0] {
        set(&mut controls, value);
        observe(&mut history, &controls, false);
    }
    history.undo(&mut controls, &mut Notebook::default(), &Session::default());
    observe(&mut history, &controls, false);
    assert!(history.can_redo(), "restoring is no change");
    set(&mut controls, 9.0);
    observe(&mut history, &controls, false);
    assert!(!history.can_redo());
    history.undo(&mut controls, &mut Notebook::default(), &Session::default());
    assert_eq!(get(&controls), 1.0);
}

#[test]
fn numbers_are_read_with_a_point_or_a_comma() {
    for (text, value) in [
        ("0.5", 0.5),
        ("0,5", 0.5),
        (" -1,25 ", -1.25),
        ("\u{2212}2", -2.0),
        ("3", 3.0),
    ] {
        assert_eq!(number(text), Some(value), "{text}");
    }
    for text in ["", "1,2,3", "1.2,3", "a", "NaN", "inf"] {
        assert_eq!(number(text), None, "{text}");
    }
}

#[test]
fn messages_have_no_numbers_of_the_system() {
    let text =
        "could not open a.png: No such file or directory (os error 2); and b: Denied (os error 13)";
    let plain = "could not open a.png: No such file or directory; and b: Denied";
    let mut notices = Notices::default();
    notices.say(Topic::File, Tone::Bad, text);
    let shown: Vec<&str> = notices.shown().map(|notice| notice.text.as_str()).collect();
    assert_eq!(shown, [plain]);
}

#[test]
fn pixels_stay_square_and_whole() {
    assert_eq!(canvas::crisp_side(digits(), 300.0, 1.0), 280.0);
    assert_eq!(
        canvas::crisp_side(digits(), 300.0, 2.0),
        294.0,
        "21 screen pixels each"
    );
    assert_eq!(
        canvas::crisp_side(digits(), 20.0, 1.0),
        20.0,
        "shrunk where not even one screen pixel each fits"
    );
    assert_eq!(
        canvas::crisp_side(digits(), -3.0, 1.0),
        1.0,
        "never nothing"
    );
    // The longer side counts: 4 x 64, and 9 x 32.
    let faces = ImageShape::new(3, 64, 64).expect("it is in bounds");
    assert_eq!(canvas::crisp_side(faces, 300.0, 1.0), 256.0);
    assert_eq!(canvas::crisp_side(odd(), 300.0, 1.0), 288.0);
}

#[test]
fn an_image_that_is_not_square_lies_in_the_middle_of_its_room() {
    let room = Rect::from_min_size(pos2(10.0, 20.0), vec2(288.0, 288.0));
    // Nine screen pixels each: 288 x 180, with 54 above and below.
    let fitted = canvas::fitted(odd(), room, 1.0);
    let expected = Rect::from_min_size(pos2(10.0, 74.0), vec2(288.0, 180.0));
    assert_eq!(fitted, expected);
    assert_eq!(canvas::fitted(digits(), room, 1.0), room);
}

/// Rows of 64 values are as long as a word has bits, so what changes in two of them must not cancel out.
#[test]
fn pictures_are_told_apart_where_rows_change_in_pairs() {
    let shape = ImageShape::new(1, 64, 64).expect("it is in bounds");
    let with_rows = |rows: std::ops::Range<usize>| {
        let mut values = vec![0.5; shape.values()];
        values[rows.start * 64..rows.end * 64].fill(0.0);
        canvas::fingerprint(&Image::new(shape, values).expect("it is in range"))
    };
    let marks = [0..0, 10..12, 10..14, 20..22, 30..31, 31..32].map(with_rows);
    for (index, mark) in marks.iter().enumerate() {
        assert!(!marks[..index].contains(mark), "{index}");
    }
}

#[test]
fn enlarging_repeats_pixels() {
    let mut pixels = vec![0.0; digits().values()];
    pixels[28 + 2] = 1.0;
    let image = Image::new(digits(), pixels).expect("it is in range");
    let image = canvas::enlarged(&image, 3);
    assert_eq!(image.size, [84, 84]);
    for y in 0..84 {
        for x in 0..84 {
            let white = image.pixels[y * 84 + x] == Color32::WHITE;
            assert_eq!(
                white,
                (6..9).contains(&x) && (3..6).contains(&y),
                "{x}, {y}"
            );
        }
    }
}

#[test]
fn a_saved_png_holds_the_pixels_and_nothing_else_is_left() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("image.png");
    fs::write(&path, "an older file").expect("it can be written");
    let bytes: Vec<u8> = (0..digits().values()).map(|i| (i % 256) as u8).collect();
    let image = Image::from_bytes(digits(), &bytes).expect("it has that shape");
    let raster = Raster::image(&image, 16);
    save_png(&path, &raster, "a recipe").expect("it can be written");
    let read = image::open(&path).expect("it is a PNG").into_luma8();
    assert_eq!(read.dimensions(), (448, 448));
    for (x, y, pixel) in read.enumerate_pixels() {
        let index = (y / 16 * 28 + x / 16) as usize;
        assert_eq!(usize::from(pixel.0[0]), index % 256);
    }
    assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 1);
}

#[test]
fn a_folder_that_is_missing_is_named() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("missing").join("image.png");
    let error = save_png(&path, &Raster::image(&Image::black(digits()), 1), "")
        .expect_err("the folder is not there");
    let text = format!("{error:#}");
    assert!(
        text.contains("missing") && text.contains("choose another"),
        "{text}"
    );
}

#[test]
fn a_newer_message_on_the_same_topic_replaces_the_older() {
    let mut notices = Notices::default();
    notices.say(Topic::File, Tone::Bad, "no such file");
    notices.say(Topic::Clipboard, Tone::Good, "copied");
    notices.say(Topic::File, Tone::Good, "saved");
    let texts: Vec<_> = notices.shown().map(|notice| notice.text.as_str()).collect();
    assert_eq!(texts, ["copied", "saved"]);
}

#[test]
fn good_news_goes_and_bad_news_stays() {
    let mut notices = Notices::default();
    notices.say(Topic::File, Tone::Bad, "no such file");
    notices.say(Topic::Clipboard, Tone::Good, "copied");
    assert!(notices.expire(Instant::now()).is_some());
    assert_eq!(
        notices.expire(Instant::now() + Duration::from_mins(1)),
        None
    );
    let texts: Vec<_> = notices.shown().map(|notice| notice.text.as_str()).collect();
    assert_eq!(texts, ["no such file"]);
    assert_eq!(notices.last(), Some((Tone::Good, "copied")));
}

#[test]
fn figures_have_one_width_and_thousands_stand_apart() {
    let pairs = [(0.0, "  0.0 %"), (0.9876, " 98.8 %"), (1.0, "100.0 %")];
    for (share, text) in pairs {
        assert_eq!(percent(share), text);
    }
    let pairs = [
        (0, "0"),
        (999, "999"),
        (1_000, "1,000"),
        (10_000, "10,000"),
        (1_234_567, "1,234,567"),
    ];
    for (number, text) in pairs {
        assert_eq!(thousands(number), text);
    }
}
