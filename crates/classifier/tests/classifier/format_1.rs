//! A classifier that an earlier version trained, with its settings and weights as they were written then.

use burn::module::Module;
use burn::store::{FloatCastAdapter, ModuleSnapshot, SafetensorsStore};
use burn::tensor::{DType, Device};
use classifier::{ClassifierConfig, InferenceResNet18, ResNet18};

use crate::{assert_close, floats, images};

const SETTINGS: &str = "(width: 16, classes: 10, pixel_mean: 0.13066192, pixel_std: 0.3081144)";
const WEIGHTS: &[u8] = include_bytes!("../../../../assets/models/mnist/classifier.safetensors");

/// What the last version before shapes (commit 240183d) computed of two images on a processor with AVX-512.
const LOGITS: [f32; 20] = [
    -0.071_855_4,
    0.276_874_3,
    -0.778_230_25,
    -1.829_907_3,
    0.390_229_25,
    -3.328_277_6,
    -0.476_634,
    -0.085_811_794,
    4.759_498,
    -1.472_347_5,
    0.113_210_14,
    0.281_656_5,
    -0.421_689_48,
    -1.928_889_6,
    0.291_087_93,
    -3.196_434,
    -0.534_365,
    -0.210_542_78,
    4.725_650_3,
    -1.794_398_7,
];

/// 1e-6 of the largest logit.
const TOLERANCE: f32 = 4.8e-6;

#[test]
fn weights_of_format_1_give_the_logits_that_they_gave() {
    let config: ClassifierConfig = ron::from_str(SETTINGS).unwrap();
    let device = Device::flex();
    let mut network = config.init::<ResNet18>(&device).unwrap();
    let mut store = SafetensorsStore::from_bytes(Some(WEIGHTS.to_vec()))
        .with_from_adapter(FloatCastAdapter::to(DType::F32));
    let result = network.load_from(&mut store).unwrap();
    // Every tensor of the file has its old name and shape.
    assert!(result.errors.is_empty(), "{result:?}");
    assert!(result.missing.is_empty(), "{result:?}");
    assert!(result.unused.is_empty(), "{result:?}");

    let network = network.valid();
    let batch = images(config.shape, 2, &device);
    assert_close(&floats(network.forward(batch.clone())), &LOGITS, TOLERANCE);
    let fast = InferenceResNet18::new(&network).run_all(&floats(batch));
    assert_close(&fast.concat(), &LOGITS, TOLERANCE);
}
