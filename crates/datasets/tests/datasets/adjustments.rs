//! What a person decides about a picture: turn, crop, inversion, threshold, object.

use datasets::{
    Adjustments, DatasetError, Fit, Image, ImageShape, PictureWarning, Preparation, Prepared,
    Region, prepare, prepare_turned,
};
use image::{DynamicImage, GrayImage, Luma, Rgb, RgbImage};

use crate::pages::{bounds, grey28, rectangle};

/// How wide and how high the ink is.
fn extent(image: &Image) -> (usize, usize) {
    let [left, right, top, bottom] = bounds(image);
    (right - left + 1, bottom - top + 1)
}

fn adjusted(
    picture: impl Into<DynamicImage>,
    adjustments: Adjustments,
) -> Result<Prepared, DatasetError> {
    let picture = picture.into();
    let turned = adjustments.turn(&picture);
    prepare_turned(&turned, &adjustments, Preparation::Digit, grey28())
}

fn digit(picture: impl Into<DynamicImage>, adjustments: Adjustments) -> Prepared {
    adjusted(picture, adjustments).unwrap()
}

/// A page of 600x200 with an upright bar of 30x120 in its left half and a level bar of 100x30 in its right half.
fn two_bars() -> GrayImage {
    GrayImage::from_fn(600, 200, |x, y| {
        let upright = (120..150).contains(&x) && (40..160).contains(&y);
        let level = (400..500).contains(&x) && (80..110).contains(&y);
        Luma([if upright || level { 30 } else { 230 }])
    })
}

const RIGHT_HALF: Region = Region {
    left: 300,
    top: 0,
    width: 300,
    height: 200,
};

#[test]
fn a_turn_is_quarter_turns_and_a_tilt() {
    for (degrees, quarter_turns, tilt) in [
        (0.0, 0, 0.0),
        (90.0, 1, 0.0),
        (100.0, 1, 10.0),
        (-90.0, 3, 0.0),
        (350.0, 0, -10.0),
        (725.0, 0, 5.0),
        (f32::NAN, 0, 0.0),
    ] {
        let turn = Adjustments::turned_by(degrees);
        assert_eq!((turn.quarter_turns, turn.tilt), (quarter_turns, tilt));
    }
    assert!(Adjustments::turned_by(360.0).is_upright());
    assert!(!Adjustments::turned_by(1.0).is_upright());
}

#[test]
fn a_quarter_turn_is_exact() {
    let page = DynamicImage::from(two_bars());
    let turned = Adjustments::turned_by(90.0).turn(&page).into_owned();
    assert_eq!((turned.width(), turned.height()), (200, 600));
    // Clockwise: what was on the left is on top, and what was on top is on the right.
    assert_eq!(turned.to_luma8().get_pixel(200 - 1 - 40, 120)[0], 30);
    let once = digit(page.clone(), Adjustments::turned_by(90.0));
    assert_eq!(once, digit(page.rotate90(), Adjustments::default()));
}

#[test]
fn a_tilt_sets_a_leaning_bar_upright() {
    // 30 pixels wide and 180 long, leaning 30 degrees to the right: along (sin, -cos) of 30 degrees.
    let (sin, cos) = 30_f32.to_radians().sin_cos();
    let page = GrayImage::from_fn(400, 400, |x, y| {
        let (x, y) = (x as f32 - 200.0, y as f32 - 200.0);
        let (along, across) = (x * sin - y * cos, x * cos + y * sin);
        Luma([if along.abs() < 90.0 && across.abs() < 15.0 {
            30
        } else {
            230
        }])
    });
    let leaning = extent(&digit(page.clone(), Adjustments::default()).image);
    assert!(leaning.0 > 12, "{leaning:?}");
    // A sixth of 20 pixels wide.
    let upright = extent(&digit(page, Adjustments::turned_by(-30.0)).image);
    assert!(
        (3..=4).contains(&upright.0) && upright.1 >= 19,
        "{upright:?}"
    );
}

#[test]
fn paper_that_comes_in_from_outside_is_no_ink() {
    let page = rectangle((300, 200), (140, 60, 160, 140), [225, 40]);
    for degrees in [-45.0, -20.0, 7.0, 44.0] {
        let prepared = digit(page.clone(), Adjustments::turned_by(degrees));
        assert_eq!((prepared.warnings.len(), prepared.objects.len()), (0, 1));
    }
}

#[test]
fn a_crop_leaves_out_the_rest() {
    let prepared = digit(
        two_bars(),
        Adjustments {
            crop: Some(RIGHT_HALF),
            ..Adjustments::default()
        },
    );
    // 100 to 30, as 20 to 6.
    assert_eq!(extent(&prepared.image), (20, 6));
    assert_eq!(prepared.warnings, []);
    // In pixels of the whole picture.
    let [found] = prepared.objects[..] else {
        panic!("{:?}", prepared.objects)
    };
    assert!(found.left.abs_diff(400) <= 3 && found.top.abs_diff(80) <= 3);
}

#[test]
fn a_crop_of_everything_is_no_crop() {
    let everything = Adjustments {
        crop: Some(Region::whole(5_000, 5_000)),
        ..Adjustments::default()
    };
    let page = two_bars();
    assert_eq!(
        digit(page.clone(), everything),
        digit(page, Adjustments::default())
    );
}

#[test]
fn an_object_is_chosen_by_its_number() {
    let object = |object| Adjustments {
        object,
        ..Adjustments::default()
    };
    let by_itself = digit(two_bars(), object(None));
    assert_eq!(
        by_itself.warnings,
        [PictureWarning::SeveralObjects { count: 2 }]
    );
    let first = digit(two_bars(), object(Some(0)));
    assert_eq!(first.image, by_itself.image);
    assert_eq!(first.warnings, [], "a person has seen them all");
    let second = digit(two_bars(), object(Some(1)));
    assert_eq!(extent(&first.image), (5, 20));
    assert_eq!(extent(&second.image), (20, 6));
    assert_eq!(first.objects, second.objects, "their order stays");
    let text = adjusted(two_bars(), object(Some(2)))
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("no object 3") && text.contains("2 can"),
        "{text}"
    );
}

#[test]
fn a_person_says_what_is_ink() {
    // An upright dark bar and a level light one on grey paper.
    let page = GrayImage::from_fn(600, 200, |x, y| {
        let dark = (120..150).contains(&x) && (40..160).contains(&y);
        let light = (400..500).contains(&x) && (80..110).contains(&y);
        Luma([match (dark, light) {
            (true, _) => 20,
            (_, true) => 250,
            _ => 128,
        }])
    });
    let inverted = |invert| Adjustments {
        invert,
        ..Adjustments::default()
    };
    let dark = digit(page.clone(), inverted(Some(true)));
    let light = digit(page.clone(), inverted(Some(false)));
    assert_eq!(extent(&dark.image), (5, 20));
    assert_eq!(extent(&light.image), (20, 6));
    assert!(dark.inverted && !light.inverted);
    // Light on dark and dark on light are told apart by the program, which says what it took.
    for (paper, pen, is_dark) in [(230, 30, true), (20, 240, false)] {
        let page = rectangle((300, 200), (140, 60, 160, 140), [paper, pen]);
        assert_eq!(digit(page, inverted(None)).inverted, is_dark);
    }
}

#[test]
fn a_lower_threshold_takes_in_fainter_ink() {
    // The foot takes 0.8 of the paper's light and the stem 0.1.
    let page = GrayImage::from_fn(300, 200, |x, y| {
        let stem = (100..116).contains(&x) && (40..144).contains(&y);
        let foot = (100..160).contains(&x) && (144..160).contains(&y);
        Luma([if foot {
            40
        } else if stem {
            180
        } else {
            200
        }])
    });
    let rows = |threshold| {
        let adjustments = Adjustments {
            threshold,
            ..Adjustments::default()
        };
        let prepared = digit(page.clone(), adjustments);
        let rows = prepared.image.values().chunks_exact(28);
        let inked = rows.filter(|row| row.iter().any(|ink| *ink > 0.05)).count();
        (inked, prepared.threshold.expect("ink has one"))
    };
    // The foot alone is 60 to 16, as 20 to 5, and what is close to it goes with it.
    let (by_itself, found) = rows(None);
    assert!((5..=8).contains(&by_itself), "{by_itself}");
    assert!((0.1..0.8).contains(&found), "{found}");
    let (with_stem, chosen) = rows(Some(0.05));
    assert!((19..=20).contains(&with_stem), "60 to 120, {with_stem}");
    assert_eq!(chosen, 0.05);
    // Nothing takes so much light.
    let deaf = Adjustments {
        threshold: Some(0.95),
        ..Adjustments::default()
    };
    let error = adjusted(page.clone(), deaf).unwrap_err();
    assert!(
        matches!(error, DatasetError::NothingLeft { .. }),
        "{error:?}"
    );
    assert!(error.to_string().contains("lower threshold"), "{error}");
}

#[test]
fn a_crop_outside_the_picture_is_refused_with_its_size() {
    let crop = Region {
        left: 600,
        ..RIGHT_HALF
    };
    let adjustments = Adjustments {
        crop: Some(crop),
        ..Adjustments::default()
    };
    let text = adjusted(two_bars(), adjustments).unwrap_err().to_string();
    assert!(
        text.contains("600,0") && text.contains("600x200 pixels"),
        "{text}"
    );
}

#[test]
fn an_object_on_a_background_is_adjusted_too() {
    let prepare = |adjustments: Adjustments| {
        let page = DynamicImage::from(two_bars());
        prepare_turned(&page, &adjustments, Preparation::Object, grey28())
    };
    let second = Adjustments {
        object: Some(1),
        ..Adjustments::default()
    };
    // 100 to 30 fills the width: 28 to 8.
    assert_eq!(extent(&prepare(second).unwrap().image), (28, 8));
    let by_itself = prepare(Adjustments::default()).unwrap();
    assert!(by_itself.inverted && by_itself.threshold.is_some());
    let light = Adjustments {
        invert: Some(false),
        ..Adjustments::default()
    };
    let error = prepare(light).unwrap_err();
    assert!(
        matches!(error, DatasetError::NothingLeft { .. }),
        "{error:?}"
    );
}

#[test]
fn a_picture_in_colour_is_cropped_and_inverted_as_it_is() {
    let shape = ImageShape::new(3, 16, 16).unwrap();
    // A red block of 60x60 alone in the middle, which the program would cut out.
    let picture = DynamicImage::from(RgbImage::from_fn(400, 400, |x, y| {
        let inside = (170..230).contains(&x) && (170..230).contains(&y);
        Rgb(if inside { [200, 20, 20] } else { [240; 3] })
    }));
    let how = Preparation::Picture { fit: Fit::Crop };
    let prepared = |adjustments: Adjustments| {
        let prepared = prepare_turned(&picture, &adjustments, how, shape);
        prepared.unwrap()
    };
    let crop = |left, side| Adjustments {
        crop: Some(Region {
            left,
            top: left,
            width: side,
            height: side,
        }),
        ..Adjustments::default()
    };
    let red = |image: &Image| {
        let rgb = image.to_rgb().into_iter();
        rgb.filter(|[red, green, _]| red.saturating_sub(*green) > 90)
            .count()
    };
    // All of the block and nothing else; all of the picture, of whose 256 pixels the block is six.
    assert_eq!(red(&prepared(crop(170, 60)).image), 256);
    let whole = red(&prepared(crop(0, 400)).image);
    assert!((4..=9).contains(&whole), "{whole}");
    let negative = prepared(Adjustments {
        invert: Some(true),
        ..crop(180, 40)
    });
    assert_eq!(negative.image.to_rgb()[0], [55, 235, 235]);
    assert!(negative.inverted && negative.threshold.is_none());
    assert_eq!(
        prepared(Adjustments::default()),
        prepare(&picture, how, shape).unwrap()
    );
}

#[test]
fn adjustments_are_plain_text_of_which_any_part_may_be_left_out() {
    let all = Adjustments {
        crop: Some(RIGHT_HALF),
        invert: Some(true),
        threshold: Some(0.25),
        object: Some(1),
        ..Adjustments::turned_by(95.0)
    };
    let text = serde_json::to_string(&all).unwrap();
    assert_eq!(serde_json::from_str::<Adjustments>(&text).unwrap(), all);
    let some: Adjustments = serde_json::from_str(r#"{"invert":true}"#).unwrap();
    let inverted = Adjustments {
        invert: Some(true),
        ..Adjustments::default()
    };
    assert_eq!(some, inverted);
    serde_json::from_str::<Adjustments>(r#"{"invrt":true}"#).unwrap_err();
}
