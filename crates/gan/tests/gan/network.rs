//! Both networks' shapes and ranges, and that every weight of them learns.

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};
use datasets::{ImageShape, image_tensor};
use gan::loss;

use crate::{
    CLASSES, assert_close, classes, digit, floats, gan, latents, odd, odd_images, tiny, weights,
};

#[test]
fn images_of_any_shape_are_drawn_and_scored() {
    for (channels, height, width) in [
        (1, 8, 8),
        (3, 20, 32),
        (1, 33, 50),
        (3, 64, 64),
        (3, 128, 9),
    ] {
        let shape = ImageShape::new(channels, height, width).unwrap();
        let mut config = gan::GanConfig::usual(shape);
        config.channels = (2..2 + config.channels.len()).collect();
        config.latent_dim = 4;
        for of in [0, CLASSES] {
            let gan = gan(&config, shape, of, 1);
            assert_eq!(
                (gan.generator.latent_dim(), gan.generator.classes()),
                (4, of)
            );
            let images = gan.generator.decode(latents(4, 2, 0) * 100.0, None);
            assert_eq!(images.dims(), shape.batch(2), "{shape}");
            let pixels = floats(images.clone());
            assert!(pixels.iter().all(|pixel| (0.0..=1.0).contains(pixel)));
            assert_eq!(gan.discriminator.forward(images, None).dims(), [2]);
        }
    }
}

/// No class is one more row of the embeddings: the same as none at all.
#[test]
fn a_class_changes_image_and_score() {
    let gan = gan(&tiny(), odd(), CLASSES, 2);
    let z = latents(4, 1, 3);
    let image = |class: Option<i32>| {
        let class = class.map(|class| classes(&[class]));
        gan.generator.decode(z.clone(), class)
    };
    assert_eq!(floats(image(None)), floats(image(Some(CLASSES as i32))));
    let score = |class: Option<i32>| {
        let class = class.map(|class| classes(&[class]));
        floats(gan.discriminator.forward(image(None), class))[0]
    };
    assert_eq!(score(None), score(Some(CLASSES as i32)));
    for (a, b) in [(None, Some(0)), (Some(0), Some(1)), (Some(1), Some(2))] {
        assert_ne!(floats(image(a)), floats(image(b)));
        assert_ne!(score(a), score(b));
    }
}

#[test]
fn without_classes_none_is_looked_at() {
    let gan = gan(&tiny(), odd(), 0, 2);
    let z = latents(4, 2, 3);
    let image = gan.generator.decode(z.clone(), None);
    let of_class = gan.generator.decode(z, Some(classes(&[1, 2])));
    assert_eq!(floats(image.clone()), floats(of_class));
    let score = gan.discriminator.forward(image.clone(), None);
    let of_class = gan.discriminator.forward(image, Some(classes(&[1, 2])));
    assert_eq!(floats(score), floats(of_class));
}

/// Training needs it: the gradients of both networks come from one pass.
#[test]
fn an_image_has_the_same_score_in_any_company() {
    /// Larger batches may sum in another order.
    const TOLERANCE: f32 = 1e-5;
    let gan = gan(&tiny(), odd(), CLASSES, 3);
    let images = image_tensor(&odd_images(6), &[0, 1, 2, 3, 4, 5], &Device::flex()).unwrap();
    let together = floats(gan.discriminator.forward(images.clone(), None));
    for (i, score) in together.iter().enumerate() {
        let alone = gan
            .discriminator
            .forward(images.clone().narrow(0, i, 1), None);
        assert_close(&floats(alone), &[*score], TOLERANCE);
    }
}

#[test]
fn every_weight_gets_a_gradient() {
    let gan = gan(&tiny(), odd(), CLASSES, 4).train();
    let device = Device::flex().autodiff();
    let real = image_tensor(&odd_images(2), &[0, 1], &device).unwrap();
    let of = || Some(Tensor::from_inner(classes(&[0, 1])));
    let drawn = gan
        .generator
        .decode(Tensor::from_inner(latents(4, 2, 5)), of());
    let real = gan.discriminator.forward(real, of());
    let loss = loss::discriminator(real, gan.discriminator.forward(drawn, of()));
    let gradients = GradientsParams::from_grads(loss.backward(), &gan);
    // Weight and bias: of the generator a linear layer, three doublings, four blocks of two and the last convolution; of the
    // discriminator three halvings, three blocks of two and two linear layers; and the embedding of each.
    assert_eq!(
        gradients.len(),
        2 * (1 + 3 + 8 + 1) + 1 + 2 * (3 + 6 + 2) + 1
    );
    let first = floats(gradients.get::<2>(gan.generator.project.weight.id).unwrap());
    assert!(first.iter().any(|gradient| *gradient != 0.0));
}

#[test]
fn the_seed_decides_the_weights() {
    let of = |seed| weights(&gan(&tiny(), digit(), 0, seed));
    assert_eq!(of(4), of(4));
    assert_ne!(of(4), of(5));
}

/// Fresh maps keep their size on the way: images are not all grey, black or white, and scores are not far from 0.
#[test]
fn fresh_networks_begin_within_range() {
    let shape = ImageShape::new(3, 64, 64).unwrap();
    let config = gan::GanConfig::usual(shape);
    let device = Device::flex();
    let init = || config.init(shape, CLASSES, &device);
    let gan = training::seeded(&device, datasets::Seed(0), init).unwrap();
    let images = gan.generator.decode(latents(64, 4, 0), None);
    let pixels = floats(images.clone());
    let from_grey = pixels.iter().map(|pixel| (pixel - 0.5).abs());
    let mean = from_grey.sum::<f32>() / pixels.len() as f32;
    assert!((0.2..0.45).contains(&mean), "{mean}");
    let scores = floats(gan.discriminator.forward(images, None));
    assert!(scores.iter().all(|score| score.abs() < 5.0), "{scores:?}");
}

#[test]
#[should_panic(expected = "shape")]
fn a_latent_of_another_width_panics() {
    let _ = gan(&tiny(), odd(), 0, 0)
        .generator
        .decode(latents(5, 1, 0), None);
}

#[test]
#[should_panic(expected = "shape")]
fn an_image_of_another_size_panics() {
    let gan = gan(&tiny(), odd(), 0, 0);
    let image = Tensor::zeros([1, 3, 32, 32], &Device::flex());
    let _ = gan.discriminator.forward(image, None);
}
