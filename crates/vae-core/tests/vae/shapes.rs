//! Images of other shapes than a digit's: in colour, larger, not square, of odd sides.

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};
use datasets::ImageShape;
use vae_core::{InferenceVae, Likelihood, Vae, VaeConfig, elbo};

use crate::network::{images_of, latents};
use crate::{assert_close, floats, odd, shaped, tiny};

/// Every number of halvings, even and odd sides at every step, one and three channels.
fn shapes() -> Vec<ImageShape> {
    [
        (1, 8, 8),
        (3, 20, 32),
        (3, 64, 64),
        (1, 33, 50),
        (3, 128, 9),
        (1, 27, 27),
    ]
    .map(|(channels, height, width)| ImageShape::new(channels, height, width).unwrap())
    .to_vec()
}

/// A small network for a shape.
fn small(shape: ImageShape) -> VaeConfig {
    let levels = VaeConfig::usual_channels(shape).len();
    VaeConfig {
        channels: (2..2 + levels).collect(),
        likelihood: Likelihood::Gaussian,
        ..tiny()
    }
}

#[test]
fn images_of_any_shape_go_in_and_come_out() {
    for shape in shapes() {
        let vae = shaped(&small(shape), shape, 1);
        assert_eq!(vae.shape, shape);
        let batch = images_of(shape, 2, &Device::flex());
        let posterior = vae.encode(batch);
        assert_eq!(posterior.mean.dims(), [2, 3], "{shape}");
        let decoded = vae.decode(posterior.mean);
        assert_eq!(decoded.dims(), shape.batch(2), "{shape}");
        assert!(floats(decoded).iter().all(|p| (0.0..=1.0).contains(p)));
    }
}

/// 64 is halved to 32, 16, 8 and 4, all from even sides: 4x4 kernels. 50 is halved to 25, 13, 7 and 4: a 4x4 kernel at 50 and
/// 3x3 kernels at 25, 13 and 7. The decoder mirrors them.
#[test]
fn kernels_follow_the_parity_of_the_side() {
    let kernels = |vae: &Vae| {
        let down = vae
            .encoder
            .levels
            .iter()
            .map(|level| level.conv.weight.dims());
        let up = vae
            .decoder
            .levels
            .iter()
            .map(|level| level.up.weight.dims());
        (
            down.map(|dims| dims[2]).collect::<Vec<_>>(),
            up.map(|dims| dims[2]).collect::<Vec<_>>(),
        )
    };
    let at = |height, width| {
        let shape = ImageShape::new(1, height, width).unwrap();
        kernels(&shaped(&small(shape), shape, 1))
    };
    assert_eq!(at(64, 64), (vec![4, 4, 4, 4], vec![4, 4, 4, 4]));
    assert_eq!(at(33, 50), (vec![4, 3, 3, 3], vec![3, 3, 3, 4]));
    assert_eq!(at(28, 28), (vec![4, 4, 3], vec![3, 4, 4]));
}

#[test]
fn the_inference_form_agrees_at_every_shape() {
    const TOLERANCE: f32 = 1e-4;
    for shape in shapes() {
        let vae = shaped(&small(shape), shape, 9);
        let fast = InferenceVae::new(&vae);
        assert_eq!(fast.shape(), shape);
        let z = latents(&vae, 3);
        let expected = floats(vae.decode(z.clone()));
        assert_close(&fast.decode_all(&floats(z.clone())), &expected, TOLERANCE);
        let mut scratch = fast.scratch();
        for (row, expected) in floats(z).chunks(3).zip(expected.chunks(shape.values())) {
            assert_close(&fast.decode(row, &mut scratch), expected, TOLERANCE);
        }
        let batch = images_of(shape, 2, &Device::flex());
        let posterior = vae.encode(batch.clone());
        let (means, log_vars) = (floats(posterior.mean), floats(posterior.log_var));
        for (i, image) in floats(batch).chunks(shape.values()).enumerate() {
            let (mean, log_var) = fast.encode(image);
            assert_close(&mean, &means[3 * i..3 * i + 3], TOLERANCE);
            assert_close(&log_var, &log_vars[3 * i..3 * i + 3], TOLERANCE);
        }
    }
}

/// The default network of the shape that the avatars have.
#[test]
fn the_inference_form_agrees_with_many_channels() {
    const TOLERANCE: f32 = 1e-4;
    let shape = ImageShape::new(3, 64, 64).unwrap();
    let vae = shaped(&VaeConfig::default(), shape, 9);
    let fast = InferenceVae::new(&vae);
    let z = latents(&vae, 1);
    let expected = floats(vae.decode(z.clone()));
    let image = fast.decode(&floats(z), &mut fast.scratch());
    assert_close(&image, &expected, TOLERANCE);
    let posterior = vae.encode(images_of(shape, 1, &Device::flex()));
    let image = floats(images_of(shape, 1, &Device::flex()));
    assert_close(&fast.encode(&image).0, &floats(posterior.mean), TOLERANCE);
}

/// Zeros above and below are what the padding puts there.
#[test]
fn padding_by_hand_changes_nothing() {
    let (shape, square) = (odd(), ImageShape::new(3, 32, 32).unwrap());
    let vae = shaped(&tiny(), shape, 3);
    let mut as_square = vae.clone();
    as_square.shape = square;
    let device = Device::flex();
    let image = images_of(shape, 1, &device);
    let rows = Tensor::zeros([1, 3, 6, 32], &device);
    let padded = Tensor::cat(vec![rows.clone(), image.clone(), rows], 2);
    let mean = floats(vae.encode(image).mean);
    assert_eq!(floats(as_square.encode(padded).mean), mean);
    let z = latents(&vae, 1);
    let middle = as_square.decode(z.clone()).narrow(2, 6, 20);
    assert_eq!(floats(vae.decode(z)), floats(middle));
}

#[test]
fn every_weight_gets_a_gradient_at_any_shape() {
    let device = Device::flex().autodiff();
    for shape in [odd(), ImageShape::new(3, 64, 64).unwrap()] {
        let config = small(shape);
        let vae = shaped(&config, shape, 6).train();
        let batch = images_of(shape, 2, &device);
        let posterior = vae.encode(batch.clone());
        let labels = Tensor::from_ints([0, 1], &device);
        let kl = vae.kl_per_dimension(&posterior, Some(labels)).sum();
        let loss = elbo::squared_error(vae.decode(posterior.mean), batch).sum() + kl;
        let gradients = GradientsParams::from_grads(loss.backward(), &vae);
        // A convolution and two in a block a level on both sides, another block and a convolution at the end of the
        // decoder, and three linear layers, each with weight and bias; and the class centres. The log-variance has its
        // gradient from the divergence.
        let levels = config.channels.len();
        assert_eq!(gradients.len(), 2 * (2 * 3 * levels + 3 + 3) + 1, "{shape}");
        let bias = vae.encoder.levels[0].conv.bias.as_ref().unwrap();
        let first = floats(gradients.get::<1>(bias.id).unwrap());
        assert!(first.iter().any(|g| *g != 0.0), "{shape}");
    }
}

#[test]
#[should_panic(expected = "shape")]
fn an_image_that_was_padded_already_panics() {
    let square = Tensor::zeros([1, 3, 32, 32], &Device::flex());
    let _ = shaped(&tiny(), odd(), 0).encode(square);
}

#[test]
#[should_panic(expected = "values of the image")]
fn the_inference_form_refuses_an_image_of_another_size() {
    let fast = InferenceVae::new(&shaped(&tiny(), odd(), 0));
    let _ = fast.encode(&[0.0; 3 * 32 * 32]);
}
