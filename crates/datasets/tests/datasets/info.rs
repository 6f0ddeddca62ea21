//! What a data set says of itself, and the shapes that images can have.

use datasets::{
    Augmentation, DatasetError, DatasetInfo, ImageShape, KnownDataset, Preparation, map_sides,
};
use proptest::prelude::*;

fn mnist() -> DatasetInfo {
    KnownDataset::Mnist.info()
}

fn problem(info: &DatasetInfo) -> String {
    let error = info.check().unwrap_err();
    assert!(matches!(error, DatasetError::Info { .. }), "{error}");
    error.to_string()
}

#[test]
fn known_data_sets_describe_themselves() {
    for dataset in KnownDataset::ALL {
        let info = dataset.info();
        info.check().unwrap();
        assert_eq!((info.shape, info.classes()), (dataset.shape(), 10));
        assert!(info.origin.is_some(), "a licence has to be named");
    }
    assert_eq!(mnist().shape.batch(2), [2, 1, 28, 28]);
    assert_eq!(KnownDataset::Avatars.shape().to_string(), "3x64x64");
}

#[test]
fn classes_may_be_none_or_a_thousand_with_names_of_their_own() {
    let named = |class_names| DatasetInfo {
        class_names,
        ..mnist()
    };
    let numbers = |count| (0..count).map(|i| format!("class {i}")).collect::<Vec<_>>();
    for count in [0, 1, 2, 37, 1_000] {
        named(numbers(count)).check().unwrap();
    }
    assert!(problem(&named(numbers(1_001))).contains("1001 classes, and 1000 is the most"));
    assert!(problem(&named(vec!["a".into(), "b".into(), "a".into()])).contains("called 'a'"));
    for name in [
        String::new(),
        "x".repeat(201),
        "x".repeat(1 << 20),
        "\u{1b}[2J".into(),
        "two\nlines".into(),
    ] {
        let text = problem(&named(vec![name]));
        assert!(
            text.contains("is no name") && !text.contains('\u{1b}'),
            "{text}"
        );
        assert!(
            text.len() < 1_000,
            "a name of a megabyte is not said in full"
        );
    }
}

#[test]
fn colours_need_a_preparation_that_keeps_them() {
    let shape = ImageShape::new(3, 28, 28).unwrap();
    assert!(problem(&DatasetInfo { shape, ..mnist() }).contains("colours"));
    let preparation = Preparation::Picture {
        fit: datasets::Fit::Crop,
    };
    DatasetInfo {
        shape,
        preparation,
        ..mnist()
    }
    .check()
    .unwrap();
}

#[test]
fn an_augmentation_out_of_range_is_refused_by_name() {
    let wrong = |field: &str, augmentation: Augmentation| {
        let info = DatasetInfo {
            augmentation,
            ..mnist()
        };
        let error = info.check().unwrap_err();
        assert!(
            matches!(error, DatasetError::Augmentation { .. }),
            "{error}"
        );
        assert!(error.to_string().contains(field), "{error}");
    };
    for value in [-1.0, f32::NAN, f32::INFINITY, 200.0] {
        let none = Augmentation::none;
        let shift_px = value;
        wrong("shift_px is", Augmentation { shift_px, ..none() });
        let rotate_degrees = value;
        wrong(
            "rotate_degrees is",
            Augmentation {
                rotate_degrees,
                ..none()
            },
        );
        let scale = value;
        wrong("scale is", Augmentation { scale, ..none() });
        let blur_px = value;
        wrong("blur_px is", Augmentation { blur_px, ..none() });
    }
    let cutout = Augmentation {
        cutout_px: usize::MAX,
        ..Augmentation::none()
    };
    wrong("cutout_px is", cutout);
    let most = Augmentation {
        shift_px: 128.0,
        rotate_degrees: 180.0,
        scale: 0.9,
        blur_px: 128.0,
        cutout_px: 128,
        ..Augmentation::none()
    };
    most.check().unwrap();
}

#[test]
fn shapes_out_of_bounds_are_refused_with_the_bounds() {
    for (channels, height, width) in [
        (0, 28, 28),
        (2, 28, 28),
        (4, 28, 28),
        (1, 0, 28),
        (1, 7, 28),
        (3, 28, 129),
    ] {
        let text = ImageShape::new(channels, height, width)
            .unwrap_err()
            .to_string();
        assert!(text.contains("1 or 3 channels and 8 to 128"), "{text}");
        let json = format!(r#"{{"channels":{channels},"height":{height},"width":{width}}}"#);
        assert!(serde_json::from_str::<ImageShape>(&json).is_err(), "{json}");
    }
    let shape: ImageShape =
        serde_json::from_str(r#"{"channels":3,"height":20,"width":32}"#).unwrap();
    assert_eq!(
        (shape.values(), shape.pixels(), shape.square_side()),
        (1_920, 640, 32)
    );
    assert_eq!(
        serde_json::to_string(&shape).unwrap(),
        r#"{"channels":3,"height":20,"width":32}"#
    );
}

proptest! {
    // A failing case is printed; no file of cases beside the sources.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn maps_halve_down_to_four_pixels(side in ImageShape::MIN_SIDE..=ImageShape::MAX_SIDE) {
        let sides = map_sides(side);
        prop_assert_eq!(sides[0], side);
        prop_assert!(sides.windows(2).all(|pair| pair[1] == pair[0].div_ceil(2)));
        // One more step would lead below 4 pixels.
        let last = sides[sides.len() - 1];
        prop_assert!((4..7).contains(&last), "{sides:?}");
    }
}
