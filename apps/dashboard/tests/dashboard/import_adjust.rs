//! The import card: cropping, turning, and saying what is ink.

use datasets::{Adjustments, Region};
use eframe::egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::Queryable as _;

use crate::{
    import_support::{adjustments, drag, extent, import, settle, shown, use_it, with_card},
    support::{manifest, serve},
};

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
    window.get_by_label("reset the adjustments").click();
    settle(&mut window);
    assert_eq!(adjustments(&window), Adjustments::default());
}

#[test]
fn a_person_says_what_is_ink() {
    let (mut window, _folder) = with_card();
    window.get_by_label("Auto: on");
    window.get_by_label("Off").click();
    settle(&mut window);
    assert_eq!(adjustments(&window).invert, Some(false));
    assert_ne!(extent(&shown(&window)), (5, 20), "no dark bar");
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
    // The bars take 0.87 of the paper's light.
    let slider = window.get_by_role_and_label(Role::Slider, "threshold");
    slider.set_value_accesskit(0.95);
    settle(&mut window);
    assert!(window.query_by_label_contains("Nothing is left").is_some());
    window.key_press(Key::Escape);
    serve(&mut window, &manifest(None));
    window.key_press(Key::I);
    settle(&mut window);
    window.key_press(Key::Enter);
    serve(&mut window, &manifest(None));
    assert!(import(&window).is_open, "there is nothing to use");
    window.get_by_label("Automatic").click();
    settle(&mut window);
    assert_eq!(adjustments(&window).threshold, None);
}
