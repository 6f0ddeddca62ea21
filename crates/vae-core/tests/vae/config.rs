//! Settings: what is refused, and how they are written down.

use burn::module::Module as _;
use burn::tensor::Device;
use datasets::{ImageShape, Seed};
use vae_core::{Likelihood, Prior, TrainConfig, VaeConfig, VaeError};

use crate::{digit, odd, tiny};

#[test]
fn a_size_out_of_range_is_refused_by_name() {
    let refused = |config: VaeConfig, field: &str, value: &str| {
        let error = config.validate(digit()).unwrap_err();
        let VaeError::Config { field: named, .. } = &error else {
            panic!("{error:?}");
        };
        assert_eq!(*named, field);
        let message = error.to_string();
        assert!(
            message.contains(&format!("{field} is {value}")),
            "{message}"
        );
        assert!(config.init(digit(), 2, &Device::flex()).is_err());
    };
    for (size, text) in [
        (0, "0"),
        (1025, "1025"),
        (usize::MAX, "18446744073709551615"),
    ] {
        let latent = VaeConfig {
            latent_dim: size,
            ..tiny()
        };
        refused(latent, "latent_dim", text);
        for place in 0..3 {
            let mut config = tiny();
            config.channels[place] = size;
            refused(config, "channels", text);
        }
    }
    let deep = VaeConfig {
        blocks: VaeConfig::MOST_BLOCKS + 1,
        ..tiny()
    };
    refused(deep, "blocks", "17");
    let largest = VaeConfig {
        latent_dim: VaeConfig::LARGEST,
        ..tiny()
    };
    largest.validate(digit()).unwrap();
}

#[test]
fn settings_survive_being_written_down() {
    for likelihood in [Likelihood::Bernoulli, Likelihood::Gaussian] {
        let config = VaeConfig {
            likelihood,
            ..tiny()
        };
        let text = ron::to_string(&config).unwrap();
        assert_eq!(ron::from_str::<VaeConfig>(&text).unwrap(), config);
    }
    let settings = TrainConfig {
        learning_rate: 1.25e-3,
        seed: Seed(u64::MAX),
        ..TrainConfig::default()
    };
    let text = ron::to_string(&settings).unwrap();
    assert_eq!(ron::from_str::<TrainConfig>(&text).unwrap(), settings);
}

#[test]
fn what_is_left_out_is_the_default_and_what_is_unknown_is_refused() {
    let config: VaeConfig = ron::from_str("(latent_dim: 8, likelihood: gaussian)").unwrap();
    let expected = VaeConfig {
        latent_dim: 8,
        likelihood: Likelihood::Gaussian,
        ..VaeConfig::default()
    };
    assert_eq!(config, expected);
    let error = ron::from_str::<VaeConfig>("(latent_dim: 8, colour: 3)").unwrap_err();
    assert!(error.to_string().contains("colour"), "{error}");
    let error = ron::from_str::<TrainConfig>("(epochs: 8, batchsize: 3)").unwrap_err();
    assert!(error.to_string().contains("batchsize"), "{error}");
    assert!(ron::from_str::<VaeConfig>("(likelihood: laplace)").is_err());
    assert!(ron::from_str::<VaeConfig>("(latent_dim: -1)").is_err());
}

#[test]
fn channels_are_read_as_a_list_and_as_the_tuple_of_earlier_versions() {
    let read = |text: &str| ron::from_str::<VaeConfig>(text).map(|config| config.channels);
    assert_eq!(read("(channels: (16, 32, 64))").unwrap(), [16, 32, 64]);
    assert_eq!(
        read("(channels: [8, 16, 32, 64])").unwrap(),
        [8, 16, 32, 64]
    );
    assert!(read("()").unwrap().is_empty());
    let text = ron::to_string(&tiny()).unwrap();
    assert!(text.contains("channels:[2,3,4]"), "{text}");
    assert!(read("(channels: 16)").is_err());
    assert!(read("(channels: (16, -1, 64))").is_err());
}

/// 8 is halved to 4; 28 to 14, 7, 4; 64 to 32, 16, 8, 4; 128 once more.
#[test]
fn usual_channels_follow_the_halvings() {
    for (height, width, channels) in [
        (8, 8, &[32][..]),
        (28, 28, &[32, 64, 128]),
        (20, 32, &[32, 64, 128]),
        (64, 64, &[32, 64, 128, 192]),
        (9, 128, &[32, 64, 128, 192, 256]),
    ] {
        let shape = ImageShape::new(3, height, width).unwrap();
        assert_eq!(VaeConfig::usual_channels(shape), channels, "{shape}");
        let resolved = VaeConfig::default().resolved(shape);
        assert_eq!(resolved.channels, channels, "{shape}");
        resolved.validate(shape).unwrap();
        assert_eq!(resolved.resolved(shape), resolved);
        // What was left out makes the same network.
        let vae = VaeConfig::default()
            .init(shape, 2, &Device::flex())
            .unwrap();
        let levels = vae.encoder.levels.iter();
        let found: Vec<usize> = levels.map(|level| level.conv.weight.dims()[0]).collect();
        assert_eq!(found, channels, "{shape}");
    }
    assert_eq!(tiny().resolved(digit()), tiny());
    let narrow = ImageShape::new(1, 128, 128).unwrap();
    let of_width = VaeConfig::channels_of_width(narrow, 3);
    assert_eq!(of_width, [3, 6, 12, 18, 24]);
}

#[test]
fn each_halving_needs_its_channels() {
    for channels in [vec![2, 3], vec![2, 3, 4, 5]] {
        let given = format!("{channels:?}");
        let config = VaeConfig { channels, ..tiny() };
        for shape in [digit(), odd()] {
            let message = config.validate(shape).unwrap_err().to_string();
            assert!(
                message.contains(&given) && message.contains("halved 3 times"),
                "{message}"
            );
        }
    }
}

#[test]
fn class_centres_need_classes() {
    let message = tiny()
        .init(odd(), 0, &Device::flex())
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("class-centres") && message.contains("need normal"),
        "{message}"
    );
    let config = VaeConfig {
        prior: Prior::Normal,
        ..tiny()
    };
    let vae = config.init(odd(), 0, &Device::flex()).unwrap();
    assert!(vae.class_centres.is_none());
}

/// By hand for `tiny` on one grey channel of 28 pixels a side, halved to 14, 7 and 4, without blocks: the encoder has
/// kernels of 4, 4 and 3, so 1*2*16+2 + 2*3*16+3 + 3*4*9+4 = 245 numbers, and two heads of 64*3+3. The decoder begins with
/// 3*64+64, goes back by 4*3*9+3 + 3*2*16+2 + 2*1*16+1 = 242, and ends with 1*1*9+1. Two centres have 3 numbers each.
#[test]
fn the_numbers_of_a_network_are_counted_without_making_it() {
    let bare = VaeConfig {
        blocks: 0,
        ..tiny()
    };
    assert_eq!(
        bare.parameters(digit(), 2).unwrap(),
        245 + 2 * 195 + 256 + 242 + 10 + 6
    );
    let usual = VaeConfig {
        latent_dim: 5,
        ..VaeConfig::default()
    };
    for shape in [digit(), odd(), ImageShape::new(3, 9, 70).unwrap()] {
        for config in [
            &usual,
            &VaeConfig {
                blocks: 2,
                ..usual.clone()
            },
        ] {
            let network = config.init(shape, 3, &Device::flex()).unwrap();
            assert_eq!(
                config.parameters(shape, 3).unwrap(),
                network.num_params(),
                "{shape}"
            );
        }
    }
    let wrong = VaeConfig {
        latent_dim: 0,
        ..tiny()
    };
    assert!(wrong.parameters(digit(), 2).is_err());
}

#[test]
fn a_prior_is_named_in_words() {
    for prior in [Prior::Normal, Prior::ClassCentres] {
        assert_eq!(prior.to_string().parse(), Ok(prior));
    }
    let error = "vamp".parse::<Prior>().unwrap_err();
    assert!(
        error.contains("'vamp'") && error.contains("normal or class-centres"),
        "{error}"
    );
}

#[test]
fn a_likelihood_is_named_in_words() {
    for likelihood in [Likelihood::Bernoulli, Likelihood::Gaussian] {
        assert_eq!(likelihood.to_string().parse(), Ok(likelihood));
    }
    let error = "laplace".parse::<Likelihood>().unwrap_err();
    assert!(
        error.contains("'laplace'") && error.contains("bernoulli or gaussian"),
        "{error}"
    );
}
