//! Networks as they were before they had any number of levels: the same weights from the same seeds, the same numbers out of
//! the same weights, and files that load under their old tensor names.
//!
//! The expected numbers were printed by the program as it was before (commit 240183d).

use burn::store::{FloatCastAdapter, KeyRemapper, ModuleSnapshot, SafetensorsStore};
use burn::tensor::{DType, Device, Tensor, TensorData};
use datasets::{KnownDataset, image_tensor, sample};
use vae_core::{Likelihood, Vae, VaeConfig, old_tensor_names};

use crate::train::trained;
use crate::{assert_close, digit, floats, tiny, vae, weights};

const SHIPPED_PIXELS: [f32; 12] = [
    0.109_398_074,
    0.754_230_14,
    0.953_459_8,
    0.744_934_7,
    0.548_27,
    0.586_633,
    0.679_945_4,
    0.747_844_9,
    0.848_432_84,
    0.869_912_5,
    0.780_059_3,
    0.409_705_04,
];
const SHIPPED_SUM: f32 = 114.450_18;
const SHIPPED_MEAN: [f32; 6] = [
    0.205_945_91,
    0.991_092_56,
    -0.097_401_604,
    0.449_918_03,
    0.203_938_86,
    0.653_068_84,
];
const SHIPPED_LOG_VAR: [f32; 6] = [
    -4.190_022,
    -0.432_371_26,
    0.011_288_377,
    -0.037_668_87,
    0.000_488_184_4,
    -0.485_852_57,
];

const FRESH_PIXELS: [f32; 12] = [
    0.501_222_6,
    0.499_693_07,
    0.499_667,
    0.500_822_2,
    0.499_149_17,
    0.500_842_7,
    0.499_245_55,
    0.499_977_8,
    0.498_757_72,
    0.499_771_12,
    0.498_174_5,
    0.500_463_3,
];
const FRESH_SUM: f32 = 391.381_77;
const FRESH_MEAN: [f32; 6] = [
    -0.030_481_13,
    -0.015_273_126,
    -0.008_659_516,
    -0.045_637_48,
    -0.007_940_674,
    -0.003_840_117_5,
];
const FRESH_LOG_VAR: [f32; 6] = [
    0.034_543_615,
    0.067_884_32,
    -0.016_214_535,
    0.007_417_571,
    -0.015_065_68,
    0.008_779_171,
];

/// Figures after the second epoch, by likelihood.
const TRAINED: [(Likelihood, [(&str, f64); 4]); 2] = [
    (
        Likelihood::Bernoulli,
        [
            ("train_loss", 477.525_527_954),
            ("held_out_reconstruction_nats", 459.936_733_246),
            ("held_out_kl_nats", 0.007_301_986),
            ("held_out_mse", 0.181_404_246),
        ],
    ),
    (
        Likelihood::Gaussian,
        [
            ("train_loss", 464.684_682_210),
            ("held_out_reconstruction_nats", 442.276_251_547),
            ("held_out_kl_nats", 0.007_248_819),
            ("held_out_mse", 0.180_934_295),
        ],
    ),
];

/// Rounding that may differ from processor to processor.
const TOLERANCE: f32 = 1e-6;

fn remapper() -> KeyRemapper {
    KeyRemapper::from_patterns(old_tensor_names()).unwrap()
}

/// Today's names of a network's tensors.
fn names(vae: &Vae) -> Vec<String> {
    let tensors = vae.collect(None, None, false).into_iter();
    let mut names: Vec<String> = tensors.map(|tensor| tensor.name).collect();
    names.sort();
    names
}

/// The names in a file of format 1, but for the class centres: `.weight` and `.bias` of each.
const OLD_NAMES: [&str; 24] = [
    "encoder.conv1",
    "encoder.blocks1.0.conv1",
    "encoder.blocks1.0.conv2",
    "encoder.conv2",
    "encoder.blocks2.0.conv1",
    "encoder.blocks2.0.conv2",
    "encoder.conv3",
    "encoder.blocks3.0.conv1",
    "encoder.blocks3.0.conv2",
    "encoder.mean",
    "encoder.log_var",
    "decoder.project",
    "decoder.blocks1.0.conv1",
    "decoder.blocks1.0.conv2",
    "decoder.up1",
    "decoder.blocks2.0.conv1",
    "decoder.blocks2.0.conv2",
    "decoder.up2",
    "decoder.blocks3.0.conv1",
    "decoder.blocks3.0.conv2",
    "decoder.up3",
    "decoder.blocks4.0.conv1",
    "decoder.blocks4.0.conv2",
    "decoder.out",
];

#[test]
fn old_names_become_those_of_today_and_those_stay() {
    let renamed = |name: String| {
        let patterns = remapper().patterns.into_iter();
        patterns.fold(name, |name, (from, to)| {
            from.replace_all(&name, to.as_str()).into_owned()
        })
    };
    let today = names(&vae(&tiny(), 0));
    let both = |name: &&str| [format!("{name}.weight"), format!("{name}.bias")];
    let mut found: Vec<String> = OLD_NAMES.iter().flat_map(both).map(renamed).collect();
    found.push("class_centres".to_owned());
    found.sort();
    assert_eq!(found, today);
    let again: Vec<String> = today.iter().cloned().map(renamed).collect();
    assert_eq!(again, today);
}

/// The shipped model of digits.
fn shipped() -> Vae {
    let path = "/../../assets/models/mnist/vae.safetensors";
    let bytes = std::fs::read(format!("{}{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let mut vae = VaeConfig::default()
        .init(digit(), 10, &Device::flex())
        .unwrap();
    let mut store = SafetensorsStore::from_bytes(Some(bytes))
        .with_from_adapter(FloatCastAdapter::to(DType::F32))
        .remap(remapper());
    let result = vae.load_from(&mut store).unwrap();
    assert!(result.errors.is_empty(), "{:?}", result.errors);
    assert!(result.unused.is_empty(), "{:?}", result.unused);
    assert!(result.missing.is_empty(), "{:?}", result.missing);
    vae
}

/// Some pixels in the middle of the image of a certain latent, and the sum of all.
fn decoded(vae: &Vae) -> (Vec<f32>, f32) {
    let values = (0..32).map(|i| ((i * 7 % 5) as f32 - 2.0) * 0.5).collect();
    let latent = TensorData::new(values, [1, 32]);
    let pixels = floats(vae.decode(Tensor::from_data(latent, &Device::flex())));
    let middle = 14 * 28;
    (
        pixels[middle + 8..middle + 20].to_vec(),
        pixels.iter().sum(),
    )
}

/// The first coordinates of mean and log-variance of the first image of the sample, a zero.
fn encoded(vae: &Vae) -> [Vec<f32>; 2] {
    let image = image_tensor(&sample(KnownDataset::Mnist), &[0], &Device::flex()).unwrap();
    let posterior = vae.encode(image);
    [posterior.mean, posterior.log_var].map(|tensor| floats(tensor)[..6].to_vec())
}

#[test]
fn a_file_of_format_1_decodes_and_encodes_as_before() {
    let vae = shipped();
    let (pixels, sum) = decoded(&vae);
    assert_close(&pixels, &SHIPPED_PIXELS, TOLERANCE);
    assert_close(&[sum], &[SHIPPED_SUM], 784.0 * TOLERANCE);
    let [mean, log_var] = encoded(&vae);
    assert_close(&mean, &SHIPPED_MEAN, 10.0 * TOLERANCE);
    assert_close(&log_var, &SHIPPED_LOG_VAR, 10.0 * TOLERANCE);
}

#[test]
fn a_seed_gives_the_network_that_it_gave_before() {
    let vae = vae(&VaeConfig::default(), 4);
    let (pixels, sum) = decoded(&vae);
    assert_close(&pixels, &FRESH_PIXELS, TOLERANCE);
    assert_close(&[sum], &[FRESH_SUM], 784.0 * TOLERANCE);
    let [mean, log_var] = encoded(&vae);
    assert_close(&mean, &FRESH_MEAN, TOLERANCE);
    assert_close(&log_var, &FRESH_LOG_VAR, TOLERANCE);
}

#[test]
fn a_seed_gives_the_training_that_it_gave_before() {
    /// Rounding after 24 steps at a high learning rate.
    const TOLERANCE: f64 = 1e-3;
    for (likelihood, expected) in TRAINED {
        let config = VaeConfig {
            likelihood,
            ..tiny()
        };
        let history = trained(&config).history;
        for (name, value) in expected {
            let found = history[1].metrics[name];
            assert!(
                (found / value - 1.0).abs() < TOLERANCE,
                "{likelihood} {name}: {found}, before {value}"
            );
        }
    }
}

#[test]
fn a_network_of_today_is_saved_and_loaded_under_its_own_names() {
    let before = vae(&tiny(), 5);
    let mut store = SafetensorsStore::from_bytes(None);
    before.save_into(&mut store).unwrap();
    let mut after = vae(&tiny(), 6);
    assert_ne!(weights(&after), weights(&before));
    let mut store =
        SafetensorsStore::from_bytes(Some(store.get_bytes().unwrap())).remap(remapper());
    after.load_from(&mut store).unwrap();
    assert_eq!(weights(&after), weights(&before));
}
