//! The import card: opened by a doubt or a key, and its picture used, or not.

use dashboard::state::{controls::Space, scene::Start};
use eframe::egui::{Color32, ColorImage, Event, Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use image::{GrayImage, Luma};

use crate::{
    files::drop_file,
    import_support::{
        adjustments, extent, import, on_screen, settle, shown, two_bars, until, use_it, with_card,
        written,
    },
    support::{DIMS, Window, latent, manifest, scene, serve, window},
};

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
