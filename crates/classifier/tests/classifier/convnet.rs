//! The network of the second judge.

use burn::module::Module;
use burn::tensor::Device;
use classifier::{Classifier, ClassifierConfig, ConvNet};
use datasets::Seed;
use training::seeded;

use crate::{floats, images, odd, shape, tiny};

fn built(config: &ClassifierConfig) -> ConvNet {
    let device = Device::flex();
    seeded(&device, Seed(1), || config.init::<ConvNet>(&device)).unwrap()
}

#[test]
fn its_size_is_known_before_it_is_built() {
    let of = |channels, side| ClassifierConfig {
        shape: shape(channels, side, side),
        ..tiny()
    };
    for config in [tiny(), odd(), of(1, 8), of(3, 128)] {
        let counted = config.parameters::<ConvNet>().unwrap();
        assert_eq!(counted, built(&config).num_params(), "{config:?}");
    }
    // Stages of 2, 4, 8 and 16 channels. 9 (1 * 2 + 2 * 2) + 9 (2 * 4 + 4 * 4) + 9 (4 * 8 + 8 * 8) + 9 (8 * 16 + 16 * 16)
    // weights = 54 + 216 + 864 + 3456; 4 * 2 (2 + 4 + 8 + 16) = 240 for the normalisations; 17 * 3 for the classes.
    assert_eq!(
        tiny().parameters::<ConvNet>().unwrap(),
        54 + 216 + 864 + 3456 + 240 + 51
    );
}

#[test]
fn maps_shrink_as_those_of_the_first_judge_do() {
    let device = Device::flex();
    for (config, side) in [
        (tiny(), 4),
        (odd(), 4),
        (
            ClassifierConfig {
                shape: shape(3, 128, 128),
                ..tiny()
            },
            8,
        ),
    ] {
        let network = built(&config);
        let batch = images(config.shape, 2, &device);
        assert_eq!(
            network.features(batch.clone()).dims(),
            [2, 16, side, side],
            "{config:?}"
        );
        let (pooled, logits) = network.judge(batch);
        assert_eq!((pooled.dims(), logits.dims()), ([2, 16], [2, 3]));
        assert_eq!((network.classes(), network.shape()), (3, config.shape));
    }
}

/// In a batch an image is judged as it is alone: the statistics of the normalisations are those of the training.
#[test]
fn images_of_a_batch_do_not_meet() {
    let network = built(&odd()).valid();
    let batch = images(odd().shape, 3, &Device::flex());
    let together = floats(network.judge(batch.clone()).1);
    let alone = floats(network.judge(batch.narrow(0, 1, 1)).1);
    crate::assert_close(&together[3..6], &alone, 1e-5);
}
