//! Images of other sizes than the shipped models', in grey and in colour, through both forms of the network.

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use classifier::{ClassifierConfig, InferenceResNet18, Prediction, ResNet18};
use datasets::{ClassId, pad_to_square};

use crate::{assert_close, built, floats, images, lived_in, odd, shape, tiny};

/// Networks for the odd fixture, for the colour images that ship, for the smallest and the largest images, and for many
/// classes.
fn configs() -> Vec<ClassifierConfig> {
    let of = |channels, height, width| ClassifierConfig {
        shape: shape(channels, height, width),
        pixel_mean: vec![0.25, 0.5, 0.75][..channels].to_vec(),
        pixel_std: vec![0.5, 0.25, 0.375][..channels].to_vec(),
        ..tiny()
    };
    let many_classes = ClassifierConfig {
        classes: 1000,
        ..tiny()
    };
    vec![
        of(3, 20, 32),
        of(3, 64, 64),
        of(1, 8, 8),
        of(3, 97, 128),
        many_classes,
    ]
}

/// Folding and packing add the same products in another order.
#[test]
fn both_forms_agree_on_any_shape() {
    const TOLERANCE: f32 = 1e-4;
    let device = Device::flex();
    for config in configs() {
        let network = lived_in(built(&config, 5));
        let batch = images(config.shape, 2, &device);
        let expected = floats(network.forward(batch.clone()));
        assert_eq!(expected.len(), 2 * config.classes);
        assert!(expected.iter().any(|logit| logit.abs() > 1e-2));
        let fast = InferenceResNet18::new(&network);
        let values = floats(batch.clone());
        assert_close(&fast.run_all(&values).concat(), &expected, TOLERANCE);

        let mut scratch = fast.activations();
        let _ = fast.run(&values[..config.shape.values()], &mut scratch);
        for layer in config.layers() {
            let features = network.features_at(batch.clone().narrow(0, 0, 1), layer);
            let (side, times) = (config.stage_sides()[layer.index()], 1 << layer.index());
            assert_eq!(features.dims(), [1, 2 * times, side, side], "{config:?}");
            assert_eq!(
                scratch.feature_tensor(layer, &device).dims(),
                features.dims()
            );
            assert_close(&scratch.features(layer), &floats(features), TOLERANCE);
        }
    }
}

/// The image lies in the middle of a square of black pixels, which are normalised like any other.
#[test]
fn an_image_that_is_not_square_is_judged_as_its_square_is() {
    let network = built(&odd(), 1);
    let square = ResNet18 {
        shape: shape(3, 32, 32),
        ..network.clone()
    };
    let batch = images(odd().shape, 3, &Device::flex());
    let logits = floats(network.forward(batch.clone()));
    assert_eq!(floats(square.forward(pad_to_square(batch))), logits);
}

/// Multiples of 1/64 less 1/4, 1/2 and 3/4, divided by 1/2, 1/4 and 1/8, are exact in binary.
#[test]
fn channels_are_normalised_each_by_its_own_numbers() {
    let plain = ClassifierConfig {
        shape: shape(3, 16, 16),
        ..tiny()
    };
    let plain = built(&plain, 2);
    let normalising = ResNet18 {
        pixel_mean: vec![0.25, 0.5, 0.75],
        pixel_std: vec![0.5, 0.25, 0.125],
        ..plain.clone()
    };
    let batch = images(plain.shape, 2, &Device::flex());
    let channel = |index: usize| batch.clone().narrow(1, index, 1);
    let outside = Tensor::cat(
        vec![
            channel(0) * 2.0 - 0.5,
            channel(1) * 4.0 - 2.0,
            channel(2) * 8.0 - 6.0,
        ],
        1,
    );
    let expected = floats(plain.forward(outside));
    assert_eq!(floats(normalising.forward(batch)), expected);
}

#[test]
fn all_of_a_thousand_classes_can_win() {
    let network = built(&configs()[4], 3);
    assert_eq!(network.classes(), 1000);
    let logits: Vec<f32> = (0..1000)
        .map(|class| f32::from(u8::from(class == 999)))
        .collect();
    assert_eq!(Prediction::from_logits(&logits, 1.0).class, ClassId(999));
}

/// The tensors of a file are named by their way through the network; nothing else may take part in that.
#[test]
fn neither_the_shape_nor_the_normalisation_is_a_parameter() {
    let wide = ClassifierConfig {
        pixel_mean: vec![0.1, 0.2, 0.3],
        pixel_std: vec![0.1, 0.2, 0.3],
        ..odd()
    };
    let grey = ClassifierConfig {
        shape: shape(1, 20, 32),
        ..tiny()
    };
    // Two more channels of 3x3 in each of the stem's two kernels.
    let difference = built(&wide, 0).num_params() - built(&grey, 0).num_params();
    assert_eq!(difference, 2 * 2 * 9);
}

#[test]
#[should_panic(expected = "shape")]
fn grey_images_panic_in_a_network_for_colours() {
    let grey = Tensor::zeros([1, 1, 20, 32], &Device::flex());
    let _ = built(&odd(), 0).forward(grey);
}
