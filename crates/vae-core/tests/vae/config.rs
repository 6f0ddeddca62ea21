//! Settings: what is refused, and how they are written down.

use burn::tensor::Device;
use datasets::Seed;
use vae_core::{Likelihood, Prior, TrainConfig, VaeConfig, VaeError};

use crate::tiny;

#[test]
fn a_size_out_of_range_is_refused_by_name() {
    let refused = |config: VaeConfig, field: &str, value: &str| {
        let error = config.validate().unwrap_err();
        let VaeError::Config { field: named, .. } = &error else {
            panic!("{error:?}");
        };
        assert_eq!(*named, field);
        let message = error.to_string();
        assert!(
            message.contains(&format!("{field} is {value}")),
            "{message}"
        );
        assert!(config.init(2, &Device::flex()).is_err());
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
    largest.validate().unwrap();
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
