//! The architecture as data.

use burn::tensor::Device;
use datasets::ImageShape;
use gan::{GanConfig, GanError};
use vae_core::{Prior, VaeConfig};

use crate::{CLASSES, digit, gan, odd, tiny, weights};

fn shapes() -> Vec<ImageShape> {
    [
        (1, 8, 8),
        (1, 28, 28),
        (3, 20, 32),
        (1, 33, 50),
        (3, 64, 64),
        (3, 128, 128),
    ]
    .map(|(channels, height, width)| ImageShape::new(channels, height, width).unwrap())
    .to_vec()
}

/// A generator of another size would compare sizes, not families.
#[test]
fn the_usual_generator_is_about_as_large_as_the_usual_vae() {
    for shape in shapes() {
        let config = GanConfig::usual(shape);
        let vae = VaeConfig {
            prior: Prior::Normal,
            ..VaeConfig::default()
        };
        let vae = vae.parameters(shape, 10).unwrap() as f64;
        let of_gan = config.parameters(shape, 10).unwrap();
        for count in [of_gan.generator, of_gan.discriminator] {
            let ratio = count as f64 / vae;
            assert!((1.0 / 1.5..=1.5).contains(&ratio), "{shape}: {ratio}");
        }
    }
}

#[test]
fn parameters_are_counted_without_making_them() {
    for (shape, classes) in [(digit(), 0), (digit(), 10), (odd(), CLASSES)] {
        let config = GanConfig {
            latent_dim: 5,
            channels: vec![4, 6, 8],
            blocks: 2,
        };
        let counted = config.parameters(shape, classes).unwrap();
        let made = gan(&config, shape, classes, 0);
        assert_eq!(counted.generator, weights(&made.generator).len());
        assert_eq!(counted.discriminator, weights(&made.discriminator).len());
    }
}

/// `8` is halved to 4. Generator, of 2 latents and 1 class with no blocks: a vector of 2 for the class and one for none, 4; from 4
/// numbers to 6 maps of 4x4, 96 * 4 + 96 = 480; a 4x4 kernel from 6 to 3 maps, 6 * 3 * 16 + 3 = 291; 3x3 from 3 to 1, 28.
/// Discriminator: 4x4 from 1 to 6, 102; from 96 to 4 features, 388; the score, 5; 4 numbers for the class and 4 for none.
#[test]
fn parameters_of_a_small_network_by_hand() {
    let config = GanConfig {
        latent_dim: 2,
        channels: vec![6],
        blocks: 0,
    };
    let shape = ImageShape::new(1, 8, 8).unwrap();
    let found = config.parameters(shape, 1).unwrap();
    assert_eq!(found.generator, 4 + 480 + 291 + 28);
    assert_eq!(found.discriminator, 102 + 388 + 5 + 8);
}

#[test]
fn a_configuration_is_written_and_read() {
    let config = GanConfig::usual(odd());
    let text = ron::to_string(&config).unwrap();
    assert_eq!(text, "(latent_dim:64,channels:[32,64,128],blocks:2)");
    assert_eq!(ron::from_str::<GanConfig>(&text).unwrap(), config);
    let unknown = "(latent_dim:64,channels:[32,64,128],blocks:2,depth:3)";
    assert!(ron::from_str::<GanConfig>(unknown).is_err());
}

#[test]
fn what_cannot_be_built_is_refused_by_name() {
    let refused = |config: GanConfig, classes: usize, name: &str| {
        let error = config.validate(digit(), classes).unwrap_err();
        assert!(matches!(error, GanError::Config { field, .. } if field == name));
        assert!(config.parameters(digit(), classes).is_err());
        assert!(config.init(digit(), classes, &Device::flex()).is_err());
    };
    let with = |change: fn(&mut GanConfig)| {
        let mut config = tiny();
        change(&mut config);
        config
    };
    assert!(tiny().validate(digit(), 0).is_ok());
    refused(with(|config| config.latent_dim = 0), 0, "latent_dim");
    refused(
        with(|config| config.latent_dim = usize::MAX),
        0,
        "latent_dim",
    );
    refused(with(|config| config.channels[1] = 0), 0, "channels");
    refused(with(|config| config.channels.truncate(2)), 0, "channels");
    refused(with(|config| config.blocks = 17), 0, "blocks");
    refused(tiny(), usize::MAX, "classes");
}
