//! The network's shapes and ranges, and that every weight of it learns.

use burn::module::{Module, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};
use datasets::{ImageShape, Seed};
use vae_core::{InferenceVae, Posterior, Prior, Vae, VaeConfig, elbo, sample_prior};

use crate::{assert_close, digit, floats, tiny, vae, weights};

pub fn latents(vae: &Vae, count: usize) -> Tensor<2> {
    let dims = vae.latent_dim();
    let values = sample_prior(dims, count, Seed(5)).concat();
    let device = vae.encoder.mean.weight.device();
    Tensor::from_data(TensorData::new(values, [count, dims]), &device)
}

/// Images whose pixels go through all greys, each image with another phase.
fn images(count: usize, device: &Device) -> Tensor<4> {
    images_of(digit(), count, device)
}

/// The same of another shape.
pub fn images_of(shape: ImageShape, count: usize, device: &Device) -> Tensor<4> {
    let values = (0..count * shape.values())
        .map(|i| ((i * 37) % 256) as f32 / 255.0)
        .collect();
    Tensor::from_data(TensorData::new(values, shape.batch(count)), device)
}

#[test]
fn shapes_follow_the_configuration() {
    for (latent_dim, channels, count) in [(1, [1, 1, 1], 1), (3, [2, 3, 4], 5), (32, [5, 4, 3], 2)]
    {
        let config = VaeConfig {
            latent_dim,
            channels: channels.to_vec(),
            ..tiny()
        };
        let vae = vae(&config, 0);
        assert_eq!(vae.latent_dim(), latent_dim);
        let posterior = vae.encode(images(count, &Device::flex()));
        assert_eq!(posterior.mean.dims(), [count, latent_dim]);
        assert_eq!(posterior.log_var.dims(), [count, latent_dim]);
        assert_eq!(
            vae.decode(posterior.mean.clone()).dims(),
            [count, 1, 28, 28]
        );
        assert_eq!(vae.decode_logits(posterior.mean).dims(), [count, 1, 28, 28]);
    }
}

#[test]
fn decoded_pixels_are_probabilities_however_far_out_the_latent() {
    let vae = vae(&tiny(), 1);
    for scale in [0.0, 1.0, 1e3, 1e6] {
        let pixels = floats(vae.decode(latents(&vae, 4) * scale));
        assert!(
            pixels.iter().all(|p| (0.0..=1.0).contains(p)),
            "scale {scale}"
        );
    }
}

/// The bounds are -12 and 6, whatever the weights say.
#[test]
fn the_log_variance_is_bounded() {
    let mut vae = vae(&tiny(), 2);
    vae.encoder.log_var.weight = vae.encoder.log_var.weight.map(|weight| weight * 1e4);
    let log_var = floats(vae.encode(images(8, &Device::flex())).log_var);
    assert!(
        log_var.iter().all(|v| (-12.0..=6.0).contains(v)),
        "{log_var:?}"
    );
    assert!(
        log_var.iter().any(|v| v.abs() >= 6.0),
        "the bounds were not reached"
    );
}

/// No layer looks across the batch.
#[test]
fn an_image_is_encoded_the_same_in_any_company() {
    /// Larger batches may sum in another order.
    const TOLERANCE: f32 = 1e-5;
    let vae = vae(&tiny(), 3);
    let batch = images(6, &Device::flex());
    let together = vae.encode(batch.clone());
    for i in 0..6 {
        let alone = vae.encode(batch.clone().narrow(0, i, 1));
        let row = floats(together.mean.clone().narrow(0, i, 1));
        assert_close(&floats(alone.mean), &row, TOLERANCE);
    }
}

#[test]
fn the_seed_decides_the_weights() {
    assert_eq!(weights(&vae(&tiny(), 4)), weights(&vae(&tiny(), 4)));
    assert_ne!(weights(&vae(&tiny(), 4)), weights(&vae(&tiny(), 5)));
}

/// The negative ELBO of a batch, with fixed noise, on an autodiff device.
fn objective(vae: &Vae) -> Tensor<1> {
    let device = Device::flex().autodiff();
    let batch = images(4, &device);
    let posterior = vae.encode(batch.clone());
    let noise = Tensor::<2>::from_inner(latents(&vae.valid(), 4));
    let sample = posterior.sample(noise);
    let reconstruction = elbo::bernoulli(vae.decode_logits(sample), batch).mean();
    let labels = Tensor::from_ints([0, 1, 1, 0], &device);
    reconstruction
        + vae
            .kl_per_dimension(&posterior, Some(labels))
            .sum_dim(1)
            .mean()
}

#[test]
fn every_weight_gets_a_gradient() {
    let vae = vae(&tiny(), 6).train();
    let gradients = GradientsParams::from_grads(objective(&vae).backward(), &vae);
    // Weight and bias of three convolutions and two heads, and of one linear layer and four convolutions; of the two
    // convolutions in a block after each of three and of four; and the class centres.
    assert_eq!(gradients.len(), 2 * 5 + 2 * 5 + 2 * 2 * 7 + 1);
    let bias = vae.encoder.levels[0].conv.bias.as_ref().unwrap();
    let first = floats(gradients.get::<1>(bias.id).unwrap());
    assert!(
        first.iter().any(|g| *g != 0.0),
        "nothing reaches the first layer"
    );
}

/// The bias of the last layer is added to every logit, so the derivative by it is the sum over the pixels of
/// probability minus pixel, averaged over the images.
#[test]
fn the_gradient_of_the_output_bias_is_the_mean_excess_of_ink() {
    /// Rounding of a sum of 3,136 numbers about 0.5, seen from two sides.
    const TOLERANCE: f32 = 1e-2;
    let vae = vae(&tiny(), 7).train();
    let bias = vae.decoder.out.bias.as_ref().unwrap();
    let gradients = GradientsParams::from_grads(objective(&vae).backward(), &vae);
    let by_autodiff = floats(gradients.get::<1>(bias.id).unwrap());

    let plain = vae.valid();
    let batch = images(4, &Device::flex());
    let sample = plain.encode(batch.clone()).sample(latents(&plain, 4));
    let excess = floats((plain.decode(sample) - batch).sum() / 4.0);
    assert!(excess[0].abs() > 1.0, "nothing to compare with");
    assert_close(&by_autodiff, &excess, TOLERANCE);
}

/// Centres at (1, 0, 0) and (0, -2, 0).
fn with_centres() -> Vae {
    let mut vae = vae(&tiny(), 8);
    let centres = TensorData::from([[1.0f32, 0.0, 0.0], [0.0, -2.0, 0.0]]);
    vae.class_centres = Some(Param::from_data(centres, &Device::flex()));
    vae
}

/// A posterior N(0, I) of class 0 is one from its centre in the first dimension, 1^2 / 2 = 0.5 nats; of class 1 it is two
/// away in the second, 2^2 / 2 = 2.
#[test]
fn the_divergence_is_measured_from_the_centre_of_the_class() {
    let device = Device::flex();
    let posterior = Posterior {
        mean: Tensor::zeros([2, 3], &device),
        log_var: Tensor::zeros([2, 3], &device),
    };
    let labels = Tensor::from_ints([0, 1], &device);
    let kl = floats(with_centres().kl_per_dimension(&posterior, Some(labels)));
    assert_eq!(kl, [0.5, 0.0, 0.0, 0.0, 2.0, 0.0]);
    let config = VaeConfig {
        prior: Prior::Normal,
        ..tiny()
    };
    let kl = vae(&config, 8).kl_per_dimension(&posterior, None);
    assert_eq!(floats(kl), [0.0; 6]);
}

#[test]
#[should_panic(expected = "needs labels")]
fn class_centres_ask_for_labels() {
    let device = Device::flex();
    let posterior = Posterior {
        mean: Tensor::zeros([2, 3], &device),
        log_var: Tensor::zeros([2, 3], &device),
    };
    let _ = with_centres().kl_per_dimension(&posterior, None);
}

/// ln N(z; 0, I) at the origin of three dimensions is -3/2 ln(2 pi) = -2.756816. The centres lie 1 and 2 away, so the even
/// mixture has ln((e^-0.5 + e^-2) / 2) = ln(0.370933) = -0.991733 more. Far out only the nearer centre counts, and nothing
/// underflows: at (100, 0, 0) it is 99 away, -4900.5 - ln 2 - 2.756816.
#[test]
fn the_prior_mixes_the_classes_in_equal_parts() {
    let device = Device::flex();
    let latents = Tensor::from_floats([[0.0, 0.0, 0.0], [100.0, 0.0, 0.0]], &device);
    let density = floats(with_centres().prior_log_density(latents.clone()));
    assert_close(&density[..1], &[-2.756_816 - 0.991_733], 1e-5);
    assert_close(&density[1..], &[-4_903.95], 1e-2);
    let config = VaeConfig {
        prior: Prior::Normal,
        ..tiny()
    };
    let density = floats(vae(&config, 8).prior_log_density(latents));
    assert_close(&density, &[-2.756_816, -5_002.757], 1e-2);
}

/// At the origin, e^-0.5 against e^-2: the first class has -ln(1 + e^-1.5) = -0.201413, the second 1.5 less.
#[test]
fn the_centres_tell_the_class_of_a_latent() {
    let origin = Tensor::zeros([2, 3], &Device::flex());
    let labels = Tensor::from_ints([0, 1], &Device::flex());
    let found = with_centres().class_log_probability(origin.clone(), labels.clone());
    assert_close(&floats(found), &[-0.201_413, -1.701_413], 1e-5);
    let config = VaeConfig {
        prior: Prior::Normal,
        ..tiny()
    };
    let none = vae(&config, 8).class_log_probability(origin, labels);
    assert_eq!(floats(none), [0.0, 0.0]);
}

/// The packed form adds the same products in another order.
#[test]
fn the_inference_form_gives_the_same_images_and_posteriors() {
    const TOLERANCE: f32 = 1e-5;
    for (channels, blocks) in [([2, 3, 4], 2), ([32, 17, 20], 1), ([1, 1, 1], 0)] {
        let config = VaeConfig {
            channels: channels.to_vec(),
            blocks,
            ..tiny()
        };
        let vae = vae(&config, 9);
        let fast = InferenceVae::new(&vae);
        let z = latents(&vae, 5);
        let expected = floats(vae.decode(z.clone()));
        let all = fast.decode_all(&floats(z.clone()));
        assert_close(&all, &expected, TOLERANCE);
        let mut scratch = fast.scratch();
        for (row, expected) in floats(z).chunks(3).zip(expected.chunks(digit().values())) {
            assert_close(&fast.decode(row, &mut scratch), expected, TOLERANCE);
        }
        let batch = images(2, &Device::flex());
        let posterior = vae.encode(batch.clone());
        let (means, log_vars) = (floats(posterior.mean), floats(posterior.log_var));
        for (i, image) in floats(batch).chunks(digit().values()).enumerate() {
            let (mean, log_var) = fast.encode(image);
            assert_close(&mean, &means[3 * i..3 * i + 3], TOLERANCE);
            assert_close(&log_var, &log_vars[3 * i..3 * i + 3], TOLERANCE);
        }
    }
}

#[test]
#[should_panic(expected = "shape")]
fn an_image_of_another_size_panics() {
    let _ = vae(&tiny(), 0).encode(Tensor::zeros([1, 1, 27, 28], &Device::flex()));
}

#[test]
#[should_panic(expected = "shape")]
fn a_latent_of_another_width_panics() {
    let _ = vae(&tiny(), 0).decode(Tensor::zeros([1, 4], &Device::flex()));
}
