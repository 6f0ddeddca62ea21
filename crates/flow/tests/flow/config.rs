//! The architecture as data.

use datasets::ImageShape;
use flow::FlowConfig;

use crate::{CLASSES, digit, fresh, odd, tiny, tiny_refiner, weights};

#[test]
fn the_usual_networks_follow_from_the_shape() {
    let square = |side| ImageShape::new(3, side, side).unwrap();
    let refiner = FlowConfig::refiner(digit());
    assert_eq!(
        (refiner.channels.as_slice(), refiner.patch),
        (&[48, 96][..], 2)
    );
    let diffusion = FlowConfig::diffusion(digit());
    assert_eq!(
        (diffusion.channels.as_slice(), diffusion.patch),
        (&[64, 128][..], 2)
    );
    assert!(refiner.from_picture && !diffusion.from_picture);
    // 32 patches in a row at most: of 2 pixels for 64, of 4 for 128.
    for (side, patch, levels) in [(8, 2, 2), (40, 2, 2), (64, 2, 3), (65, 4, 2), (128, 4, 3)] {
        let usual = FlowConfig::refiner(square(side));
        assert_eq!(
            (usual.patch, usual.channels.len()),
            (patch, levels),
            "{side}"
        );
    }
    for side in ImageShape::MIN_SIDE..=ImageShape::MAX_SIDE {
        FlowConfig::refiner(square(side))
            .validate(square(side), 0)
            .unwrap();
        FlowConfig::diffusion(square(side))
            .validate(square(side), 0)
            .unwrap();
    }
}

/// By hand, of the refiner for a grey image of 28x28 (48 and 96 channels, 128 wide): a 3x3 convolution has `9 a b + b`.
/// - time: 64 * 128 + 128 + 128 * 128 + 128 = 24,832
/// - enter: 9 * 8 * 48 + 48 = 3,504; leave: 96 + 9 * 48 * 4 + 4 = 1,828
/// - a block of 48: 2 * 96 + 2 (9 * 48 * 48 + 48) + 128 * 96 + 96 = 54,144; three of them: 162,432
/// - the block from 96 to 48: 192 + 96 + (9 * 96 * 48 + 48) + (9 * 48 * 48 + 48) + 12,384 + (96 * 48 + 48) = 79,632
/// - halve and double: 9 * 48 * 96 + 96 + 9 * 96 * 48 + 48 = 83,088
/// - a block of 96: 2 * 192 + 2 (9 * 96 * 96 + 96) + 128 * 192 + 192 = 191,232; two of them: 382,464
/// - attention: 192 + 96 * 288 + 288 + 96 * 96 + 96 = 37,440
///
/// Together 775,220, the 0.78 million of the prototype.
#[test]
fn the_numbers_of_a_network_are_counted_without_it() {
    let refiner = FlowConfig::refiner(digit());
    assert_eq!(refiner.parameters(digit(), 0).unwrap(), 775_220);
    let without_attention = FlowConfig {
        attention: false,
        channels: vec![8],
        ..tiny()
    };
    for (config, shape) in [
        (tiny(), digit()),
        (tiny(), odd()),
        (tiny_refiner(), odd()),
        (without_attention, odd()),
    ] {
        let counted = config.parameters(shape, CLASSES).unwrap();
        assert_eq!(
            counted,
            weights(&fresh(&config, shape, 0)).len(),
            "{config:?}"
        );
    }
}

#[test]
fn what_cannot_be_built_is_refused() {
    let refused = |config: FlowConfig, classes, words: &str| {
        for error in [
            config.validate(odd(), classes).unwrap_err(),
            config.parameters(odd(), classes).unwrap_err(),
            config
                .init(odd(), classes, &burn::tensor::Device::flex())
                .unwrap_err(),
        ] {
            assert!(error.to_string().contains(words), "{error}");
        }
    };
    let channels = |channels: &[usize]| FlowConfig {
        channels: channels.to_vec(),
        ..tiny()
    };
    refused(channels(&[]), CLASSES, "channels is []");
    refused(
        channels(&[8, 20]),
        CLASSES,
        "a multiple of 8 from 8 to 1024",
    );
    refused(
        channels(&[8, 2048]),
        CLASSES,
        "a multiple of 8 from 8 to 1024",
    );
    // 32 pixels halved three times are four.
    refused(
        channels(&[8; 5]),
        CLASSES,
        "patch is 4, but images of 3x20x32 at 5 sizes need patches of 1 to 2",
    );
    refused(FlowConfig { patch: 0, ..tiny() }, CLASSES, "patch is 0");
    refused(
        FlowConfig {
            embedding: 0,
            ..tiny()
        },
        CLASSES,
        "embedding is 0",
    );
    refused(
        FlowConfig {
            noise: f64::NAN,
            ..tiny()
        },
        CLASSES,
        "noise is NaN",
    );
    refused(
        FlowConfig {
            noise: 0.0,
            ..tiny()
        },
        CLASSES,
        "noise is 0.0",
    );
    refused(tiny(), 0, "the images have 0 classes");
    tiny_refiner().validate(odd(), 0).unwrap();
}

#[test]
fn a_config_is_read_as_it_was_written() {
    let text = ron::to_string(&tiny()).unwrap();
    assert_eq!(ron::from_str::<FlowConfig>(&text).unwrap(), tiny());
    let given: FlowConfig = ron::from_str("(patch: 4, conditional: true)").unwrap();
    let expected = FlowConfig {
        patch: 4,
        conditional: true,
        ..FlowConfig::default()
    };
    assert_eq!(given, expected);
    assert!(ron::from_str::<FlowConfig>("(pach: 4)").is_err());
}
