//! The form for a CPU against the network.

use burn::tensor::{Device, Int, Tensor};
use datasets::{ClassId, ImageShape};
use flow::{FlowConfig, InferenceFlow};

use crate::{assert_close, digit, floats, images_of, network, odd, tiny, tiny_refiner, waves};

/// The sums of a pass are rounded in another order, which changes velocities of about 1 by this much.
const ROUNDING: f32 = 2e-4;

/// Networks at one, two and three sizes, with channels that fill vectors and others, and patches that fit into the image or not.
fn cases() -> Vec<(FlowConfig, ImageShape)> {
    let at = |channels: &[usize], patch, attention| FlowConfig {
        channels: channels.to_vec(),
        patch,
        attention,
        ..tiny()
    };
    vec![
        (tiny(), digit()),
        (tiny(), odd()),
        (at(&[16], 5, true), odd()),
        (at(&[24, 16, 32], 2, false), odd()),
        (at(&[16, 32], 2, true), ImageShape::new(1, 13, 9).unwrap()),
    ]
}

#[test]
fn diffusion_draws_what_the_network_draws() {
    for (config, shape) in cases() {
        let net = network(&config, shape, 21);
        let flow = InferenceFlow::new(&net);
        let noise = waves(3 * shape.values(), 22);
        let of = [Some(ClassId(0)), None, Some(ClassId(2))];
        let tensor: Tensor<1, Int> = Tensor::from_ints([0, 3, 2], &Device::flex());
        let points = images_of(&noise, shape);
        let expected = floats(net.advance(points.clone(), Some(tensor.clone()), [1, 2], 2.0));
        let found = flow.advance_all(&noise, &of, [1, 2], 2.0);
        assert_close(&found, &expected, ROUNDING);
        let expected = floats(net.draw(points, Some(tensor), 2, 1.0));
        assert_close(&flow.draw_all(&noise, &of, 2, 1.0), &expected, ROUNDING);
    }
}

#[test]
fn the_refiner_refines_as_the_network_does() {
    for (config, shape) in cases() {
        let config = FlowConfig {
            from_picture: true,
            conditional: false,
            ..config
        };
        let net = network(&config, shape, 23);
        let flow = InferenceFlow::new(&net);
        assert_eq!(
            (flow.shape(), flow.classes(), flow.is_refiner()),
            (shape, None, true)
        );
        let noise = waves(3 * shape.values(), 24);
        let pictures: Vec<f32> = waves(noise.len(), 25)
            .iter()
            .map(|x| x * 0.2 + 0.5)
            .collect();
        let expected = net.refine(images_of(&pictures, shape), images_of(&noise, shape), 2);
        let found = flow.refine_all(&pictures, &noise, 2);
        assert_close(&found, &floats(expected), ROUNDING);
        // One image at a time, with scratch buffers that hold another one's, gives exactly the same.
        let mut scratch = flow.scratch();
        let values = shape.values();
        for (i, found) in found.chunks_exact(values).enumerate().rev() {
            let part = i * values..(i + 1) * values;
            let one = flow.refine(&pictures[part.clone()], &noise[part], 2, &mut scratch);
            assert_eq!(one, found);
        }
    }
}

#[test]
fn three_sizes_refine_as_the_network_does() {
    let net = network(&tiny_refiner(), odd(), 26);
    let flow = InferenceFlow::new(&net);
    let (noise, picture) = (waves(odd().values(), 27), vec![0.5; odd().values()]);
    let expected = net.refine(images_of(&picture, odd()), images_of(&noise, odd()), 1);
    let found = flow.refine(&picture, &noise, 1, &mut flow.scratch());
    assert_close(&found, &floats(expected), ROUNDING);
}

#[test]
#[should_panic(expected = "class 3 of a network for 3 classes")]
fn a_class_that_does_not_exist_is_refused() {
    let flow = InferenceFlow::new(&network(&tiny(), digit(), 28));
    let noise = waves(digit().values(), 29);
    let _ = flow.draw(&noise, Some(ClassId(3)), 1, 1.0, &mut flow.scratch());
}
