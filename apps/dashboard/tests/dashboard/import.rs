//! The import card: opened by a doubt or a key, cropped, turned and used, and the tray of several pictures.

use std::path::{Path, PathBuf};

use dashboard::state::{controls::Space, import::Import, scene::Start};
use datasets::{Adjustments, Image, Region};
use eframe::egui::{Color32, ColorImage, Event, Key, Modifiers, Pos2, accesskit::Role, pos2};
use egui_kittest::kittest::Queryable as _;
use image::{GrayImage, Luma};
use studio::Manifest;

use crate::{
    files::drop_file,
    support::{
        DIMS, Window, diffusion, gan, latent, manifest, scene, serve, unjudged, window, window_of,
        window_sized,
    },
};

/// A page of 600x200 with an upright bar of 30x120 and a level one of 100x30.
pub fn two_bars() -> GrayImage {
    GrayImage::from_fn(600, 200, |x, y| {
        let upright = (120..150).contains(&x) && (40..160).contains(&y);
        let level = (400..500).contains(&x) && (80..110).contains(&y);
        Luma([if upright || level { 30 } else { 230 }])
    })
}

fn written(folder: &Path, name: &str, picture: &GrayImage) -> PathBuf {
    let path = folder.join(name);
    picture.save(&path).expect("it can be written");
    path
}

/// Serves the window until something is so.
fn until(window: &mut Window, manifest: &Manifest, what: &str, done: impl Fn(&Window) -> bool) {
    for _ in 0..500 {
        serve(window, manifest);
        if done(window) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("waited in vain until {what}");
}

fn import(window: &Window) -> &Import {
    window.state().import()
}

fn adjustments(window: &Window) -> Adjustments {
    let card = import(window).card.as_ref().expect("a picture is in it");
    card.adjustments
}

/// Whether what was decided last has been looked at.
fn is_settled(window: &Window) -> bool {
    let card = import(window).card.as_ref();
    card.is_some_and(|card| {
        let ready = card.ready();
        ready.is_some_and(|ready| ready.adjustments == card.adjustments)
    })
}

fn settle(window: &mut Window) {
    until(window, &manifest(None), "the card is settled", is_settled);
}

/// A window whose card shows the page with two bars, and the folder that the page is in.
fn with_card() -> (Window, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = written(folder.path(), "bars.png", &two_bars());
    let mut window = window(Space::Anchors, None);
    drop_file(&mut window, path);
    settle(&mut window);
    assert!(import(&window).is_open);
    (window, folder)
}

/// What the model gets, as the card shows it.
fn shown(window: &Window) -> Image {
    let card = import(window).card.as_ref().expect("a picture is in it");
    card.image().expect("it was made ready").clone()
}

/// How wide and how high the ink is.
fn extent(image: &Image) -> (usize, usize) {
    let inked = || (0..784).filter(|&at| image.values()[at] > 0.5);
    let span = |of: fn(usize) -> usize| {
        let (first, last) = (inked().map(of).min(), inked().map(of).max());
        last.expect("ink") - first.expect("ink") + 1
    };
    (span(|at| at % 28), span(|at| at / 28))
}

fn use_it(window: &mut Window) -> Image {
    window.key_press(Key::Enter);
    until(window, &manifest(None), "the picture is used", |window| {
        matches!(scene(window).start, Start::Image(_))
    });
    let Start::Image(image) = scene(window).start else {
        unreachable!("just seen")
    };
    image.image
}

/// Where a pixel of the page lies on the screen.
fn on_screen(window: &Window, x: f32, y: f32) -> Pos2 {
    // Ten points around the picture belong to it, so that its edges can be gripped.
    let rect = window.get_by_label("picture to crop").rect().shrink(10.0);
    pos2(
        rect.left() + rect.width() * x / 600.0,
        rect.top() + rect.height() * y / 200.0,
    )
}

fn drag(window: &mut Window, way: [(f32, f32); 2]) {
    let [from, to] = way.map(|(x, y)| on_screen(window, x, y));
    window.hover_at(from);
    window.step();
    window.drag_at(from);
    window.step();
    window.hover_at(from.lerp(to, 0.5));
    window.step();
    window.hover_at(to);
    window.step();
    window.drop_at(to);
    window.step();
    settle(window);
}

#[test]
fn a_doubt_opens_the_card_and_nothing_changes_until_the_picture_is_used() {
    let (mut window, _folder) = with_card();
    let before = scene(&window);
    assert_eq!(window.state().controls().space, Space::Anchors);
    window.get_by_label(
        "There are several objects, 2 in all, and the largest was taken; choose another one, or crop the picture to it.",
    );
    window.get_by_label("bars.png");
    assert_eq!(extent(&shown(&window)), (5, 20), "the larger one");
    let used = use_it(&mut window);
    assert_eq!(extent(&used), (5, 20));
    assert_eq!(latent(&window), vec![1.5; DIMS]);
    assert_eq!(window.state().controls().space, Space::Explore);
    assert!(
        window.query_by_label("Use it").is_none(),
        "the card is gone"
    );
    assert_ne!(scene(&window), before);
}

#[test]
fn escape_changes_nothing_and_a_key_opens_the_card_again() {
    let (mut window, _folder) = with_card();
    let before = scene(&window);
    window.get_by_label("object 2 of 2").click();
    settle(&mut window);
    window.key_press(Key::Escape);
    serve(&mut window, &manifest(None));
    assert!(window.query_by_label("Use it").is_none());
    assert_eq!(scene(&window), before);
    window.key_press(Key::I);
    settle(&mut window);
    assert_eq!(adjustments(&window).object, Some(1), "what was set stays");
    window.get_by_label("Cancel").click();
    serve(&mut window, &manifest(None));
    assert_eq!(scene(&window), before);
}

#[test]
fn without_a_picture_the_key_says_how_to_bring_one() {
    let mut window = window(Space::Explore, None);
    window.key_press(Key::I);
    serve(&mut window, &manifest(None));
    let text = window
        .state()
        .notices()
        .last()
        .expect("it says something")
        .1;
    assert!(text.contains("Ctrl+O") && text.contains("drop"), "{text}");
}

#[test]
fn a_picture_without_a_doubt_can_be_adjusted_afterwards() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let page = image::imageops::crop_imm(&two_bars(), 0, 0, 300, 200).to_image();
    let path = written(folder.path(), "bar.png", &page);
    let mut window = window(Space::Explore, None);
    drop_file(&mut window, path);
    until(&mut window, &manifest(None), "it is used", |window| {
        matches!(scene(window).start, Start::Image(_))
    });
    assert!(window.query_by_label("Use it").is_none());
    window.key_press(Key::I);
    settle(&mut window);
    window.get_by_label("turn right").click();
    settle(&mut window);
    assert_eq!(extent(&shown(&window)), (20, 5));
}

#[test]
fn objects_are_chosen_by_a_click_by_tab_and_by_their_number() {
    let (mut window, _folder) = with_card();
    window.get_by_label("object 1 of 2");
    window.get_by_label("object 2 of 2").click();
    settle(&mut window);
    assert_eq!(extent(&shown(&window)), (20, 6));
    let doubt = window.query_by_label_contains("There are several");
    assert!(doubt.is_none(), "a person has chosen");
    window.key_press(Key::Num1);
    settle(&mut window);
    assert_eq!(extent(&shown(&window)), (5, 20));
    // Anywhere on it.
    let middle = on_screen(&window, 450.0, 95.0);
    window.hover_at(middle);
    window.step();
    window.drag_at(middle);
    window.step();
    window.drop_at(middle);
    settle(&mut window);
    assert_eq!(adjustments(&window).object, Some(1));
    window.key_press(Key::Num1);
    settle(&mut window);
    // From the picture to the first number, and to the second.
    for _ in 0..2 {
        window.key_press(Key::Tab);
        window.step();
    }
    settle(&mut window);
    assert_eq!(adjustments(&window).object, Some(1));
    assert_eq!(extent(&use_it(&mut window)), (20, 6));
}

#[test]
fn a_drag_on_the_picture_crops_it() {
    let (mut window, _folder) = with_card();
    drag(&mut window, [(350.0, 30.0), (550.0, 180.0)]);
    let crop = adjustments(&window).crop.expect("it was drawn");
    let near = |found: u32, expected: u32| found.abs_diff(expected) <= 2;
    assert!(near(crop.left, 350) && near(crop.top, 30), "{crop:?}");
    assert!(near(crop.width, 200) && near(crop.height, 150), "{crop:?}");
    assert_eq!(
        extent(&shown(&window)),
        (20, 6),
        "only the level bar is left"
    );
    // Its middle moves it, and its corner resizes it.
    drag(&mut window, [(450.0, 60.0), (460.0, 70.0)]);
    let moved = adjustments(&window).crop.expect("it is there");
    assert!(
        near(moved.left, crop.left + 10) && near(moved.top, crop.top + 10),
        "{moved:?}"
    );
    assert_eq!((moved.width, moved.height), (crop.width, crop.height));
    let corner = (
        (moved.left + moved.width) as f32,
        (moved.top + moved.height) as f32,
    );
    drag(&mut window, [corner, (corner.0 - 30.0, corner.1 - 20.0)]);
    let resized = adjustments(&window).crop.expect("it is there");
    assert_eq!((resized.left, resized.top), (moved.left, moved.top));
    assert!(near(resized.width, moved.width - 30), "{resized:?}");
    window.get_by_label("whole picture").click();
    settle(&mut window);
    assert_eq!(adjustments(&window).crop, Some(Region::whole(600, 200)));
}

#[test]
fn arrow_keys_and_fields_crop() {
    let (mut window, _folder) = with_card();
    // The picture has the focus from the start. A step is a hundredth of 600 pixels.
    for _ in 0..3 {
        window.key_press_modifiers(Modifiers::SHIFT, Key::ArrowLeft);
    }
    window.key_press_modifiers(Modifiers::SHIFT, Key::ArrowUp);
    window.step();
    let crop = |left, top, width, height| {
        Some(Region {
            left,
            top,
            width,
            height,
        })
    };
    assert_eq!(adjustments(&window).crop, crop(0, 0, 582, 194));
    window.key_press(Key::ArrowRight);
    window.key_press(Key::ArrowDown);
    window.step();
    assert_eq!(adjustments(&window).crop, crop(6, 6, 582, 194));
    window.key_press_modifiers(Modifiers::COMMAND, Key::ArrowLeft);
    window.step();
    assert_eq!(adjustments(&window).crop, crop(5, 6, 582, 194));
    for (field, value) in [
        ("crop left", "300"),
        ("crop width", "250"),
        ("crop top", "20"),
    ] {
        window.get_by_label(field).click();
        window.run();
        window.key_press_modifiers(Modifiers::COMMAND, Key::A);
        window.get_by_label(field).type_text(value);
        window.run();
        window.key_press(Key::Enter);
        window.run();
    }
    assert!(import(&window).is_open, "Enter ended the typing");
    settle(&mut window);
    assert_eq!(adjustments(&window).crop, crop(300, 20, 250, 180));
    assert_eq!(extent(&use_it(&mut window)), (20, 6));
}

#[test]
fn a_picture_is_turned_by_quarters_and_freely() {
    let (mut window, _folder) = with_card();
    window.get_by_label("turn left").click();
    settle(&mut window);
    assert_eq!(adjustments(&window).quarter_turns, 3);
    assert_eq!(extent(&shown(&window)), (20, 5), "the upright bar lies");
    window.get_by_label("turn right").click();
    settle(&mut window);
    assert_eq!(extent(&shown(&window)), (5, 20));
    let slider = window.get_by_role_and_label(Role::Slider, "tilt");
    slider.focus();
    window.run();
    for _ in 0..4 {
        window.key_press(Key::ArrowRight);
        window.step();
    }
    settle(&mut window);
    assert_eq!(adjustments(&window).tilt, 2.0, "half a degree a key");
    window.get_by_label("Reset").click();
    settle(&mut window);
    assert_eq!(adjustments(&window), Adjustments::default());
}

#[test]
fn a_person_says_what_is_ink() {
    let (mut window, _folder) = with_card();
    window.get_by_label("Auto: on");
    window.get_by_label("Off").click();
    settle(&mut window);
    // Nothing is lighter than the paper.
    assert!(window.query_by_label_contains("Nothing is left").is_some());
    window.key_press(Key::Enter);
    serve(&mut window, &manifest(None));
    assert!(import(&window).is_open, "there is nothing to use");
    window.get_by_label("On").click();
    settle(&mut window);
    assert_eq!(adjustments(&window).invert, Some(true));
    assert_eq!(extent(&shown(&window)), (5, 20));
    window.get_by_label("Auto").click();
    settle(&mut window);

    window.get_by_label("By hand").click();
    settle(&mut window);
    let by_hand = adjustments(&window).threshold.expect("by hand");
    assert!(
        (0.1..0.9).contains(&by_hand),
        "it begins where the program was"
    );
    window
        .get_by_role_and_label(Role::Slider, "threshold")
        .focus();
    window.run();
    window.key_press(Key::ArrowRight);
    settle(&mut window);
    assert!(adjustments(&window).threshold.expect("by hand") > by_hand);
    window.get_by_label("Automatic").click();
    settle(&mut window);
    assert_eq!(adjustments(&window).threshold, None);
}

#[test]
fn the_judge_is_asked_about_what_the_card_shows() {
    let (mut window, _folder) = with_card();
    // The test's judge counts: 5x20 of 784 pixels are inked, a tenth and no more.
    let prediction = |window: &Window| {
        let card = import(window).card.as_ref().expect("a picture is in it");
        card.prediction
            .as_ref()
            .map(|prediction| prediction.class.0)
    };
    until(
        &mut window,
        &manifest(None),
        "the judge has answered",
        |window| prediction(window).is_some(),
    );
    assert_eq!(prediction(&window), Some(1));
    window.get_by_label("what the model gets");
}

#[test]
fn undo_brings_the_picture_before_back_and_says_so() {
    let (mut window, folder) = with_card();
    use_it(&mut window);
    let first = scene(&window);
    let other = written(folder.path(), "other.png", &two_bars());
    drop_file(&mut window, other);
    settle(&mut window);
    window.get_by_label("object 2 of 2").click();
    settle(&mut window);
    window.key_press(Key::Enter);
    until(
        &mut window,
        &manifest(None),
        "the other one is used",
        |window| matches!(&scene(window).start, Start::Image(image) if image.name == "other.png"),
    );
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    serve(&mut window, &manifest(None));
    assert_eq!(scene(&window), first, "one step");
    let said = window
        .state()
        .notices()
        .last()
        .expect("it says something")
        .1;
    assert_eq!(said, "other.png was taken back. Now in front: bars.png.");
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    serve(&mut window, &manifest(None));
    assert!(matches!(scene(&window).start, Start::Image(image) if image.name == "other.png"));
}

/// Three files, of which the middle one is text.
fn tray(folder: &Path) -> Vec<PathBuf> {
    let bars = two_bars();
    let notes = folder.join("notes.png");
    std::fs::write(&notes, "this is text").expect("it can be written");
    vec![
        written(folder, "first.png", &bars),
        notes,
        written(folder, "last.png", &image::imageops::rotate90(&bars)),
    ]
}

#[test]
fn several_pictures_become_a_tray() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut window = window(Space::Explore, None);
    for path in tray(folder.path()) {
        drop_file(&mut window, path);
    }
    until(
        &mut window,
        &manifest(None),
        "all were looked at",
        |window| {
            is_settled(window)
                && window
                    .query_by_label_contains("picture 2 of 3: notes.png, cannot be read")
                    .is_some()
        },
    );
    window.get_by_label("1 of 3");
    assert_eq!(
        window.state().notices().shown().count(),
        0,
        "it stops nothing"
    );
    window.get_by_label("picture 3 of 3: last.png").click();
    until(
        &mut window,
        &manifest(None),
        "the last one is shown",
        |window| is_settled(window) && window.query_by_label("3 of 3").is_some(),
    );
    assert_eq!(extent(&shown(&window)), (20, 5), "a bar that was turned");
    use_it(&mut window);
    let said = window
        .state()
        .notices()
        .last()
        .expect("it says something")
        .1;
    assert_eq!(said, "last.png: used. 1 more in the tray: press I.");
    // The next one that was not used comes by itself.
    window.key_press(Key::I);
    until(
        &mut window,
        &manifest(None),
        "the first one is shown",
        |window| is_settled(window) && window.query_by_label("1 of 3").is_some(),
    );
    window.get_by_label("picture 3 of 3: last.png, used");
    // Pictures that are dropped on the card join it.
    let more = written(folder.path(), "more.png", &two_bars());
    drop_file(&mut window, more);
    until(&mut window, &manifest(None), "there are four", |window| {
        is_settled(window) && window.query_by_label("4 of 4").is_some()
    });
}

#[test]
fn a_pasted_picture_in_doubt_opens_the_card() {
    let mut window = window(Space::Explore, None);
    let page = two_bars();
    let pixels = page.pixels().map(|pixel| Color32::from_gray(pixel[0]));
    let image = ColorImage::new([600, 200], pixels.collect());
    window
        .input_mut()
        .events
        .push(Event::PasteImage(image.into()));
    settle(&mut window);
    window.get_by_label("Pasted image");
    window.key_press(Key::I);
    assert_eq!(extent(&use_it(&mut window)), (5, 20));
}

#[test]
fn a_page_with_nothing_on_it_is_shown_with_the_reason() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = written(
        folder.path(),
        "empty.png",
        &GrayImage::from_pixel(300, 200, Luma([200])),
    );
    let mut window = window(Space::Explore, None);
    drop_file(&mut window, path);
    settle(&mut window);
    assert!(window.query_by_label_contains("Nothing is drawn").is_some());
}

/// Drops the page on a model, and waits for the card.
fn card_of(manifest: &Manifest) -> Window {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = written(folder.path(), "bars.png", &two_bars());
    let mut window = window_of(Space::Explore, manifest);
    drop_file(&mut window, path);
    until(&mut window, manifest, "it is shown or used", |window| {
        is_settled(window) || matches!(scene(window).start, Start::Image(_))
    });
    if !import(&window).is_open {
        window.key_press(Key::I);
        until(&mut window, manifest, "it is shown", is_settled);
    }
    window
}

#[test]
fn a_model_in_colour_has_no_threshold() {
    let mut window = card_of(&unjudged());
    assert!(window.query_by_label("By hand").is_none());
    window.get_by_label("No classifier came with this model; choose a judge.");
    window.get_by_label("On").click();
    until(&mut window, &unjudged(), "it is settled", is_settled);
    // Paper of 230 becomes 25 of 255.
    assert!(shown(&window).values()[0] < 0.11);
}

#[test]
fn a_model_without_an_encoder_takes_a_picture_as_far_as_it_can() {
    let mut window = card_of(&gan());
    assert!(
        window
            .query_by_label_contains("it searches for a latent")
            .is_some()
    );
    window.key_press(Key::Enter);
    until(&mut window, &gan(), "it is used", |window| {
        matches!(scene(window).start, Start::Image(_))
    });

    let mut window = card_of(&diffusion());
    assert!(
        window
            .query_by_label_contains("A diffusion has no encoder")
            .is_some()
    );
    let before = scene(&window);
    window.key_press(Key::Enter);
    serve(&mut window, &diffusion());
    assert_eq!(scene(&window), before);
    assert!(import(&window).is_open);
}

/// From a small window to a large one, also zoomed: the picture and the buttons are there, and nothing leaves the window.
#[test]
fn the_card_fits_into_any_window() {
    for (size, zoom) in [
        ([640.0, 400.0], 1.0),
        ([1440.0, 900.0], 1.0),
        ([733.0, 427.0], 1.5),
        ([480.0, 300.0], 3.0),
        ([3840.0, 2160.0], 1.0),
    ] {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let mut window = window_sized(Space::Explore, size, zoom);
        serve(&mut window, &manifest(None));
        for path in tray(folder.path()) {
            drop_file(&mut window, path);
        }
        settle(&mut window);
        serve(&mut window, &manifest(None));
        let screen = window.ctx.content_rect();
        let rects: Vec<_> = ["picture to crop", "Use it", "Cancel", "Reset"]
            .map(|label| window.get_by_label(label).rect())
            .to_vec();
        for (index, rect) in rects.iter().enumerate() {
            assert!(screen.contains_rect(*rect), "{size:?}: {rect}");
            for other in &rects[index + 1..] {
                assert!(
                    !rect.intersect(*other).is_positive(),
                    "{size:?}: {rect} and {other}"
                );
            }
        }
        // Enough of the picture to see what is on it.
        assert!(
            rects[0].width() >= 150.0 && rects[0].height() >= 40.0,
            "{size:?}: {}",
            rects[0]
        );
    }
}
