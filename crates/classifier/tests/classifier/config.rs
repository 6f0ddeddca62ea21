//! Settings: what is refused, and how they are written down.

use burn::module::Module as _;
use burn::tensor::Device;
use classifier::{ClassifierConfig, ClassifierError, ResNet18, TrainConfig};
use datasets::{Augmentation, Layer, Seed};

use crate::{odd, shape, tiny};

#[test]
fn a_value_out_of_range_is_refused_by_name() {
    let refused = |config: ClassifierConfig, field: &str| {
        let error = config.validate().unwrap_err();
        let ClassifierError::Config { field: named, .. } = &error else {
            panic!("{error:?}");
        };
        assert_eq!(*named, field);
        assert!(
            error.to_string().contains(&format!("{field} is")),
            "{error}"
        );
        assert!(config.init::<ResNet18>(&Device::flex()).is_err());
    };
    for width in [0, 257, usize::MAX] {
        refused(ClassifierConfig { width, ..tiny() }, "width");
    }
    for classes in [0, 1, 1001] {
        refused(ClassifierConfig { classes, ..tiny() }, "classes");
    }
    for value in [f32::NAN, f32::INFINITY] {
        let mean = ClassifierConfig {
            pixel_mean: vec![value],
            ..tiny()
        };
        refused(mean, "pixel_mean");
    }
    for value in [f32::NAN, f32::INFINITY, 0.0, -0.5] {
        let std = ClassifierConfig {
            pixel_std: vec![value],
            ..tiny()
        };
        refused(std, "pixel_std");
    }
    for values in [vec![], vec![0.5; 2], vec![0.5; 4]] {
        let mean = ClassifierConfig {
            pixel_mean: values.clone(),
            ..odd()
        };
        refused(mean, "pixel_mean");
        let std = ClassifierConfig {
            pixel_std: values,
            ..odd()
        };
        refused(std, "pixel_std");
    }
    for classes in [2, 1000] {
        ClassifierConfig { classes, ..tiny() }.validate().unwrap();
    }
    for values in [vec![0.5], vec![0.5; 3]] {
        let each = ClassifierConfig {
            pixel_mean: values.clone(),
            pixel_std: values,
            ..odd()
        };
        each.validate().unwrap();
    }
    tiny().validate().unwrap();
    ClassifierConfig::default().validate().unwrap();
}

/// By hand for a width of 1 on one grey channel, two classes, and four stages of 1, 2, 4 and 8 features: the stem has 9
/// weights, the first stage 4 * 9, the second 9 * (2 + 3 * 4) and 2 of its shortcut, which is 128, the third four times
/// and the fourth sixteen times as many. Each of the 1 + 4 + 5 * (2 + 4 + 8) = 75 normalised features has four numbers, and
/// the head has 8 * 2 + 2.
#[test]
fn the_numbers_of_a_network_are_counted_without_making_it() {
    let smallest = ClassifierConfig {
        width: 1,
        classes: 2,
        ..ClassifierConfig::default()
    };
    assert_eq!(
        smallest.parameters::<ResNet18>().unwrap(),
        9 + 36 + 128 * (1 + 4 + 16) + 4 * 75 + 18
    );
    for config in [tiny(), odd(), smallest] {
        let network = config.init::<ResNet18>(&Device::flex()).unwrap();
        assert_eq!(
            config.parameters::<ResNet18>().unwrap(),
            network.num_params()
        );
    }
    let wrong = ClassifierConfig { width: 0, ..tiny() };
    assert!(wrong.parameters::<ResNet18>().is_err());
}

#[test]
fn settings_survive_being_written_down() {
    let grey = ClassifierConfig {
        pixel_mean: vec![0.130_66],
        pixel_std: vec![0.308_1],
        ..tiny()
    };
    let colour = ClassifierConfig {
        pixel_mean: vec![0.1, 0.2, 0.3],
        pixel_std: vec![0.4, 0.5, 0.6],
        ..odd()
    };
    for config in [grey, colour] {
        let text = ron::to_string(&config).unwrap();
        assert_eq!(ron::from_str::<ClassifierConfig>(&text).unwrap(), config);
    }
    for augmentation in [
        Augmentation::none(),
        Augmentation::digits(),
        Augmentation::clothes(),
    ] {
        let settings = TrainConfig {
            augmentation,
            seed: Seed(u64::MAX),
            ..TrainConfig::default()
        };
        let text = ron::to_string(&settings).unwrap();
        assert_eq!(ron::from_str::<TrainConfig>(&text).unwrap(), settings);
    }
}

/// As manifests of format 1 have them: without a shape, and with one number for all channels.
#[test]
fn settings_of_format_1_are_read() {
    let text = "(width: 16, classes: 10, pixel_mean: 0.13066192, pixel_std: 0.3081144)";
    let config: ClassifierConfig = ron::from_str(text).unwrap();
    let expected = ClassifierConfig {
        shape: shape(1, 28, 28),
        width: 16,
        classes: 10,
        pixel_mean: vec![0.130_661_92],
        pixel_std: vec![0.308_114_4],
    };
    assert_eq!(config, expected);
    let whole: ClassifierConfig = ron::from_str("(pixel_mean: 0, pixel_std: 1)").unwrap();
    assert_eq!(whole, ClassifierConfig::default());
    let error = ron::from_str::<ClassifierConfig>("(pixel_mean: true)").unwrap_err();
    assert!(
        error.to_string().contains("one number a channel"),
        "{error}"
    );
}

/// The first four sides of the pyramid of the longer side, each half of the one before it, rounded up, and at least 4; above
/// 64 pixels from the second side on, because the stem has halved the image.
#[test]
fn sides_of_the_stages_follow_from_the_shape() {
    for ((height, width), expected) in [
        ((28, 28), [28, 14, 7, 4]),
        ((64, 64), [64, 32, 16, 8]),
        ((20, 32), [32, 16, 8, 4]),
        ((20, 20), [20, 10, 5, 5]),
        ((8, 8), [8, 4, 4, 4]),
        ((13, 9), [13, 7, 4, 4]),
        ((65, 8), [33, 17, 9, 5]),
        ((96, 128), [64, 32, 16, 8]),
    ] {
        let config = ClassifierConfig {
            shape: shape(1, height, width),
            ..tiny()
        };
        assert_eq!(config.stage_sides(), expected, "{height}x{width}");
        let name = config.layer_name(Layer(1));
        assert_eq!(name, format!("stage 2 ({0}x{0})", expected[1]));
    }
    assert_eq!(tiny().layer_name(Layer(4)), "stage 5");
}

#[test]
fn what_is_left_out_is_the_default_and_what_is_unknown_is_refused() {
    let config: ClassifierConfig = ron::from_str("(width: 32)").unwrap();
    let expected = ClassifierConfig {
        width: 32,
        ..ClassifierConfig::default()
    };
    assert_eq!(config, expected);
    let unknown = |error: ron::error::SpannedError| {
        assert!(error.to_string().contains("colour"), "{error}");
    };
    unknown(ron::from_str::<ClassifierConfig>("(colour: 3)").unwrap_err());
    unknown(ron::from_str::<TrainConfig>("(colour: 3)").unwrap_err());
    unknown(ron::from_str::<Augmentation>("(colour: 3)").unwrap_err());
    assert!(ron::from_str::<ClassifierConfig>("(width: -1)").is_err());
}
