//! The network on any device.

use burn::module::Param;
use burn::tensor::{Device, Int, Tensor};
use flow::{from_pixels, to_pixels};

use crate::{
    CLASSES, assert_close, digit, floats, fresh, images_of, network, odd, tiny, tiny_refiner, waves,
};

fn classes(of: [i32; 2]) -> Tensor<1, Int> {
    Tensor::from_ints(of, &Device::flex())
}

/// Two images of noise.
fn noise(seed: u64) -> Tensor<4> {
    images_of(&waves(2 * odd().values(), seed), odd())
}

#[test]
fn a_network_that_has_learned_nothing_stays_where_it_is() {
    let net = fresh(&tiny(), odd(), 1);
    let drawn = net.draw(noise(2), Some(classes([0, 2])), 3, 2.0);
    assert_eq!(floats(drawn), floats(to_pixels(noise(2))));

    // A picture of middle grey is 0, so what is left is the noise with its deviation of 0.5: 0.5 + 0.5 * 0.5 n.
    let net = fresh(&tiny_refiner(), odd(), 1);
    let grey = Tensor::full(odd().batch(2), 0.5, &Device::flex());
    let refined = net.refine(grey, noise(2) * 0.5, 2);
    let expected: Vec<f32> = floats(noise(2)).iter().map(|n| 0.5 + 0.125 * n).collect();
    assert_close(&floats(refined), &expected, 1e-6);
}

/// With a bias of its last convolution alone, the velocity is that of the patch's place: what cutting and joining do with it is
/// seen. Patch 4 has 16 places, the first channel's first.
#[test]
fn each_pixel_of_a_patch_is_a_channel() {
    let mut net = fresh(&tiny(), odd(), 1);
    let bias: Vec<f32> = (0..48).map(|i| i as f32).collect();
    net.leave.bias = Some(Param::from_tensor(Tensor::from_floats(
        bias.as_slice(),
        &Device::flex(),
    )));
    let times = Tensor::zeros([2], &Device::flex());
    let found = floats(net.forward(noise(2), times, None, None));
    // 20 rows in the middle of 32: 6 rows above them, so the first row of the image is the third of its patch.
    for (channel, y, x, expected) in [
        (0, 0, 0, 8.0),
        (0, 0, 1, 9.0),
        (0, 2, 4, 0.0),
        (2, 19, 31, 39.0),
    ] {
        let at = (channel * 20 + y) * 32 + x;
        assert_eq!(
            found[at], expected,
            "channel {channel}, row {y}, column {x}"
        );
    }
}

#[test]
fn the_velocity_follows_from_time_class_and_picture() {
    let device = Device::flex();
    let at = |time: f32| Tensor::full([2], time, &device);
    let net = network(&tiny(), odd(), 4);
    assert_eq!(net.classes(), Some(CLASSES));
    let with = |time, class| floats(net.forward(noise(5), at(time), class, None));
    let usual = with(0.25, Some(classes([0, 1])));
    assert_ne!(usual, with(0.5, Some(classes([0, 1]))));
    let other = with(0.25, Some(classes([0, 2])));
    let half = odd().values();
    assert_eq!(usual[..half], other[..half]);
    assert_ne!(usual[half..], other[half..]);
    // No class is the number behind the last one.
    assert_eq!(with(0.25, None), with(0.25, Some(classes([3, 3]))));

    let net = network(&tiny_refiner(), odd(), 4);
    assert_eq!(net.classes(), None);
    let with = |picture| floats(net.forward(noise(5), at(0.25), None, Some(picture)));
    assert_ne!(with(noise(6)), with(noise(7)));
}

#[test]
fn guidance_exaggerates_the_class() {
    let net = network(&tiny(), odd(), 8);
    let step = |classes, guidance| floats(net.advance(noise(9), classes, [1, 4], guidance));
    let (with, without) = (step(Some(classes([1, 1])), 1.0), step(None, 1.0));
    assert_ne!(with, without);
    assert_close(&step(Some(classes([1, 1])), 0.0), &without, 1e-5);
    let beyond: Vec<f32> = with
        .iter()
        .zip(&without)
        .map(|(w, o)| o + 3.0 * (w - o))
        .collect();
    assert_close(&step(Some(classes([1, 1])), 3.0), &beyond, 1e-4);
    // Without a class there is nothing to exaggerate.
    assert_eq!(step(None, 3.0), without);
}

#[test]
fn drawing_is_one_step_after_the_other() {
    let net = network(&tiny(), digit(), 10);
    let noise = images_of(&waves(2 * digit().values(), 11), digit());
    let mut x = noise.clone();
    for step in 0..3 {
        x = net.advance(x, Some(classes([0, 2])), [step, 3], 1.5);
    }
    let drawn = net.draw(noise, Some(classes([0, 2])), 3, 1.5);
    assert_eq!(floats(drawn), floats(to_pixels(x)));
}

/// Each refined picture follows from its own picture and noise: 0.5 n is added, and the velocity at times 0 and 1/2.
#[test]
fn refining_follows_the_velocity() {
    let net = network(&tiny_refiner(), odd(), 12);
    let picture = to_pixels(noise(13));
    let from = from_pixels(picture.clone());
    let at = |time: f32| Tensor::full([2], time, &Device::flex());
    let velocity = |x: &Tensor<4>, time| net.forward(x.clone(), at(time), None, Some(from.clone()));
    let x = from.clone() + noise(14) * 0.5;
    let x = x.clone() + velocity(&x, 0.0) / 2.0;
    let x = x.clone() + velocity(&x, 0.5) / 2.0;
    let refined = floats(net.refine(picture, noise(14), 2));
    assert_close(&refined, &floats(to_pixels(x)), 1e-6);
    assert!(refined.iter().all(|pixel| (0.0..=1.0).contains(pixel)));
}
