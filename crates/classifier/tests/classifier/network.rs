//! The network's shapes, its parts and its normalisation.

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use classifier::{ClassifierConfig, InferenceResNet18, LAST_LAYER, ResNet18};
use datasets::{Layer, Seed};
use training::seeded;

use crate::{assert_close, floats, lived_in, network, tiny, weights};

fn images(count: usize, device: &Device) -> Tensor<4> {
    crate::images(tiny().shape, count, device)
}

#[test]
fn every_stage_halves_the_side_and_doubles_the_channels() {
    let network = network(0);
    for count in [1, 3] {
        let images = images(count, &Device::flex());
        for (layer, channels, side) in [(0, 2, 28), (1, 4, 14), (2, 8, 7), (3, 16, 4)] {
            let features = network.features_at(images.clone(), Layer(layer));
            assert_eq!(features.dims(), [count, channels, side, side], "{layer}");
            assert_eq!(network.stage_sides()[layer], side);
        }
        assert_eq!(network.features(images.clone()).dims(), [count, 16, 4, 4]);
        assert_eq!(network.forward(images).dims(), [count, 3]);
    }
    assert_eq!(network.classes(), 3);
}

/// Folding and packing add the same products in another order.
#[test]
fn the_inference_form_gives_the_same_logits_and_features() {
    const TOLERANCE: f32 = 1e-4;
    let network = lived_in(network(5));
    let fast = InferenceResNet18::new(&network);
    let batch = images(3, &Device::flex());
    let expected = floats(network.forward(batch.clone()));
    let pixels = floats(batch.clone());
    assert_close(&fast.run_all(&pixels).concat(), &expected, TOLERANCE);
    let mut scratch = fast.activations();
    for (i, image) in pixels.chunks(network.shape.pixels()).enumerate() {
        assert_close(
            &fast.run(image, &mut scratch),
            &expected[3 * i..3 * i + 3],
            TOLERANCE,
        );
        for layer in network.layers() {
            let features = network.features_at(batch.clone().narrow(0, i, 1), layer);
            assert_eq!(
                scratch.feature_tensor(layer, &Device::flex()).dims(),
                features.dims()
            );
            assert_close(&scratch.features(layer), &floats(features), TOLERANCE);
        }
    }
}

/// A folded network has no normalisation left, and its parts agree at every layer.
#[test]
fn a_folded_network_gives_the_same_logits_and_features() {
    const TOLERANCE: f32 = 1e-4;
    let network = lived_in(network(6));
    let folded = network.folded();
    assert!(folded.stem_norm.is_none() && folded.blocks.iter().all(|block| block.norm1.is_none()));
    let batch = images(2, &Device::flex());
    let expected = floats(network.forward(batch.clone()));
    assert_close(&floats(folded.forward(batch.clone())), &expected, TOLERANCE);
    for layer in network.layers() {
        let features = folded.features_at(batch.clone(), layer);
        let of_network = floats(network.features_at(batch.clone(), layer));
        assert_close(&floats(features.clone()), &of_network, TOLERANCE);
        assert_close(
            &floats(folded.head_at(features, layer)),
            &expected,
            TOLERANCE,
        );
    }
    let again = InferenceResNet18::new(&folded);
    assert_close(
        &again.run_all(&floats(batch)).concat(),
        &expected,
        TOLERANCE,
    );
}

#[test]
fn stages_are_in_order() {
    let network = network(0);
    assert_eq!(network.layers(), [0, 1, 2, 3].map(Layer));
    assert_eq!(tiny().layers(), network.layers());
    assert_eq!(LAST_LAYER, Layer(3));
    assert_eq!(network.layer_name(Layer(2)), "stage 3 (7x7)");
    assert_eq!(tiny().layer_name(Layer(2)), "stage 3 (7x7)");
}

/// The convolutions of the original (He et al. 2015, table 1), with a 3x3 stem from one colour:
/// 64 * 9 = 576 in the stem; 4 * 64^2 * 9 = 147,456 in the first stage; in the second one 64 * 128 * 9,
/// 3 * 128^2 * 9 and 64 * 128 in the shortcut, 524,288 together; four and sixteen times that in the third and fourth.
/// The linear layer has 512 * 10 + 10 = 5,130. Normalisation has 64 + 4 * 64 + 5 * (128 + 256 + 512) = 4,800 channels
/// of four numbers, two of them running statistics: 19,200. In all 11,182,410.
#[test]
fn the_full_width_network_is_resnet_18() {
    let network = ClassifierConfig::default()
        .init::<ResNet18>(&Device::flex())
        .unwrap();
    assert_eq!(network.num_params(), 11_182_410);
    let projected: Vec<bool> = network
        .blocks
        .iter()
        .map(|b| b.shortcut.is_some())
        .collect();
    assert_eq!(
        projected,
        [false, false, true, false, true, false, true, false]
    );
}

/// Entering and leaving at a stage runs the same operations on the same numbers as going through.
#[test]
fn the_rest_of_the_network_completes_every_stage() {
    let network = network(1);
    let images = images(4, &Device::flex());
    let whole = floats(network.forward(images.clone()));
    assert!(
        whole.iter().any(|logit| logit.abs() > 1e-3),
        "nothing to compare: {whole:?}"
    );
    for layer in network.layers() {
        let features = network.features_at(images.clone(), layer);
        assert_eq!(floats(network.head_at(features, layer)), whole, "{layer:?}");
    }
    assert_eq!(floats(network.head(network.features(images))), whole);
}

/// (1 + 2 + 3 + 6) / 4 = 3 and (0 + 0 - 8 + 4) / 4 = -1.
#[test]
fn pooling_is_the_mean_of_each_map() {
    let values = vec![1.0, 2.0, 3.0, 6.0, 0.0, 0.0, -8.0, 4.0];
    let maps = Tensor::from_data(TensorData::new(values, [1, 2, 2, 2]), &Device::flex());
    let pooled = ResNet18::pool(maps);
    assert_eq!(pooled.dims(), [1, 2]);
    assert_eq!(floats(pooled), [3.0, -1.0]);
}

#[test]
fn features_are_never_negative() {
    let network = network(2);
    for layer in network.layers() {
        let features = floats(network.features_at(images(2, &Device::flex()), layer));
        assert!(features.iter().all(|f| *f >= 0.0));
        assert!(features.iter().any(|f| *f > 0.0), "{layer:?} is dead");
    }
}

/// Pixels of multiples of 1/64 minus 1/4, divided by 1/2, are exact in binary: `(x - 0.25) / 0.5` inside the network is
/// `2 x - 0.5` outside of it.
#[test]
fn pixels_are_normalised_inside() {
    let plain = network(3);
    let normalising = ResNet18 {
        pixel_mean: vec![0.25],
        pixel_std: vec![0.5],
        ..plain.clone()
    };
    let images = images(3, &Device::flex());
    let outside = floats(plain.forward(images.clone() * 2.0 - 0.5));
    assert_eq!(floats(normalising.forward(images.clone())), outside);
    assert_ne!(floats(plain.forward(images)), outside);
}

/// In the order of He et al. 2015, figure 2: both convolutions of a block silenced, only the shortcut is left.
#[test]
fn a_block_adds_its_shortcut() {
    let mut network = network(4);
    let block = &mut network.blocks[1];
    let norm = block
        .norm2
        .as_mut()
        .expect("a fresh network has normalisations");
    norm.gamma = norm.gamma.clone().map(|gamma| gamma.zeros_like());
    let input = Tensor::<4>::ones([1, 2, 5, 5], &Device::flex()) * 0.75;
    assert_eq!(floats(network.blocks[1].forward(input)), [0.75; 50]);
}

#[test]
fn an_image_is_judged_the_same_in_any_company() {
    /// Larger batches may sum in another order.
    const TOLERANCE: f32 = 1e-5;
    let network = network(5);
    let batch = images(5, &Device::flex());
    let together = network.forward(batch.clone());
    for i in 0..5 {
        let alone = floats(network.forward(batch.clone().narrow(0, i, 1)));
        assert_close(&alone, &floats(together.clone().narrow(0, i, 1)), TOLERANCE);
    }
}

/// Burn's normalisation updates its running statistics whenever its input carries gradients.
#[test]
fn judging_leaves_the_running_statistics_alone() {
    let training = network(6).train();
    let device = Device::flex().autodiff();
    let started = weights(&training.valid());
    let _ = training.forward(images(8, &device));
    let network = training.valid();
    let before = weights(&network);
    assert_ne!(
        before, started,
        "a training step must move them, or this test shows nothing"
    );
    for layer in network.layers() {
        let features = network.features_at(images(8, &Device::flex()), layer);
        let _ = network.head_at(features, layer);
    }
    let first = floats(network.forward(images(8, &Device::flex())));
    assert_eq!(weights(&network), before);
    assert_eq!(weights(&network.valid()), before);
    assert_eq!(floats(network.forward(images(8, &Device::flex()))), first);
}

#[test]
fn the_seed_decides_the_weights() {
    assert_eq!(weights(&network(7)), weights(&network(7)));
    assert_ne!(weights(&network(7)), weights(&network(8)));
}

#[test]
#[should_panic(expected = "shape")]
fn an_image_of_another_size_panics() {
    let _ = network(0).forward(Tensor::zeros([1, 1, 28, 27], &Device::flex()));
}

#[test]
fn the_number_of_classes_is_configured() {
    let config = ClassifierConfig {
        classes: 7,
        ..tiny()
    };
    let device = Device::flex();
    let network = seeded(&device, Seed(0), || config.init::<ResNet18>(&device)).unwrap();
    assert_eq!(network.classes(), 7);
}
