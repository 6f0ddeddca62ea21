//! Settings: what is refused, and how they are written down.

use burn::tensor::Device;
use classifier::{Augmentation, ClassifierError, ResNetConfig, Stage, TrainConfig};
use datasets::Seed;

use crate::tiny;

#[test]
fn a_value_out_of_range_is_refused_by_name() {
    let refused = |config: ResNetConfig, field: &str| {
        let error = config.validate().unwrap_err();
        let ClassifierError::Config { field: named, .. } = &error else {
            panic!("{error:?}");
        };
        assert_eq!(*named, field);
        assert!(
            error.to_string().contains(&format!("{field} is")),
            "{error}"
        );
        assert!(config.init(&Device::flex()).is_err());
    };
    for width in [0, 257, usize::MAX] {
        refused(ResNetConfig { width, ..tiny() }, "width");
    }
    for classes in [0, 1, 257] {
        refused(ResNetConfig { classes, ..tiny() }, "classes");
    }
    for value in [f32::NAN, f32::INFINITY] {
        let mean = ResNetConfig {
            pixel_mean: value,
            ..tiny()
        };
        refused(mean, "pixel_mean");
    }
    for value in [f32::NAN, f32::INFINITY, 0.0, -0.5] {
        let std = ResNetConfig {
            pixel_std: value,
            ..tiny()
        };
        refused(std, "pixel_std");
    }
    tiny().validate().unwrap();
    ResNetConfig::default().validate().unwrap();
}

#[test]
fn settings_survive_being_written_down() {
    let config = ResNetConfig {
        pixel_mean: 0.130_66,
        pixel_std: 0.308_1,
        ..tiny()
    };
    let text = ron::to_string(&config).unwrap();
    assert_eq!(ron::from_str::<ResNetConfig>(&text).unwrap(), config);
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
    for stage in Stage::ALL {
        let text = ron::to_string(&stage).unwrap();
        assert_eq!(ron::from_str::<Stage>(&text).unwrap(), stage);
    }
}

#[test]
fn what_is_left_out_is_the_default_and_what_is_unknown_is_refused() {
    let config: ResNetConfig = ron::from_str("(width: 32)").unwrap();
    let expected = ResNetConfig {
        width: 32,
        ..ResNetConfig::default()
    };
    assert_eq!(config, expected);
    let unknown = |error: ron::error::SpannedError| {
        assert!(error.to_string().contains("colour"), "{error}");
    };
    unknown(ron::from_str::<ResNetConfig>("(colour: 3)").unwrap_err());
    unknown(ron::from_str::<TrainConfig>("(colour: 3)").unwrap_err());
    unknown(ron::from_str::<Augmentation>("(colour: 3)").unwrap_err());
    assert!(ron::from_str::<ResNetConfig>("(width: -1)").is_err());
}
