//! The network's shapes and ranges, and that every weight of it learns.

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};
use datasets::{PIXELS, Seed};
use vae_core::{Vae, VaeConfig, elbo, sample_prior};

use crate::{assert_close, floats, tiny, vae, weights};

fn latents(vae: &Vae, count: usize) -> Tensor<2> {
    let dims = vae.latent_dim();
    let values = sample_prior(dims, count, Seed(5)).concat();
    let device = vae.encoder.mean.weight.device();
    Tensor::from_data(TensorData::new(values, [count, dims]), &device)
}

/// Images whose pixels go through all greys, each image with another phase.
fn images(count: usize, device: &Device) -> Tensor<4> {
    let values = (0..count * PIXELS)
        .map(|i| ((i * 37) % 256) as f32 / 255.0)
        .collect();
    Tensor::from_data(TensorData::new(values, [count, 1, 28, 28]), device)
}

#[test]
fn shapes_follow_the_configuration() {
    for (latent_dim, channels, count) in [(1, [1, 1, 1], 1), (3, [2, 3, 4], 5), (32, [5, 4, 3], 2)]
    {
        let config = VaeConfig {
            latent_dim,
            channels,
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
    reconstruction + posterior.kl_per_dimension().sum_dim(1).mean()
}

#[test]
fn every_weight_gets_a_gradient() {
    let vae = vae(&tiny(), 6).train();
    let gradients = GradientsParams::from_grads(objective(&vae).backward(), &vae);
    // Weight and bias of three convolutions and two heads, and of one linear layer and four convolutions.
    assert_eq!(gradients.len(), 2 * 5 + 2 * 5);
    let bias = vae.encoder.conv1.bias.as_ref().unwrap();
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
