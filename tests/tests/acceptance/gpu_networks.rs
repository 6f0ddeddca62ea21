//! Networks of many shapes, with random weights, on a graphics card as on the processor: there Burn computes, here our kernels do.
//! In CI the card is Mesa's software renderer.

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, Distribution, Tensor, TensorData};
use classifier::{ClassifierConfig, InferenceResNet18, ResNet18};
use datasets::{ClassId, ImageShape, Seed};
use flow::{FlowConfig, InferenceFlow};
use gan::{GanConfig, InferenceGenerator};
use rand::RngExt as _;
use vae_core::{InferenceVae, Likelihood, Prior, VaeConfig};

/// Networks of each kind.
const NETWORKS: u64 = 6;

/// By how much the devices may differ, as a share of the largest number.
const TOLERANCE: f32 = 1e-3;

struct Random(rand_chacha::ChaCha8Rng);

impl Random {
    fn new(seed: u64) -> Self {
        Self(Seed(seed).rng())
    }

    fn within(&mut self, range: std::ops::RangeInclusive<usize>) -> usize {
        self.0.random_range(range)
    }

    fn flag(&mut self) -> bool {
        self.0.random()
    }

    /// Grey or colour, square or not.
    fn shape(&mut self) -> ImageShape {
        let channels = if self.flag() { 1 } else { 3 };
        let (height, width) = (self.within(8..=24), self.within(8..=24));
        ImageShape::new(channels, height, width).expect("a size that is allowed")
    }

    /// Numbers from -2 to 2.
    fn numbers(&mut self, count: usize) -> Vec<f32> {
        (0..count)
            .map(|_| self.0.random::<f32>() * 4.0 - 2.0)
            .collect()
    }
}

fn adapter() -> Option<Device> {
    let adapter = Device::wgpu_options().init().ok();
    if adapter.is_none() {
        eprintln!("skipped: there is no graphics adapter here, not even a software one");
    }
    adapter
}

/// The processor's device with a seed of its own, so that weights are the same in every run.
fn seeded(number: u64) -> Device {
    let device = Device::flex();
    device.seed(number);
    device
}

/// Moves every weight: those that begin with zeros would hide what they are multiplied by.
struct Shake;

impl ModuleMapper for Shake {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.map(|weights| {
            let moves = weights.random_like(Distribution::Normal(0.0, 0.1));
            weights + moves
        })
    }
}

fn shaken<M: Module>(network: M) -> M {
    network.map(&mut Shake)
}

fn on<const D: usize>(device: &Device, numbers: &[f32], shape: [usize; D]) -> Tensor<D> {
    Tensor::from_data(TensorData::new(numbers.to_vec(), shape), device)
}

fn assert_alike<const D: usize>(found: Tensor<D>, expected: &[f32], what: &str) {
    let found: Vec<f32> = found.into_data().iter::<f32>().collect();
    assert_eq!(found.len(), expected.len(), "{what}");
    let largest = expected.iter().fold(1e-3, |a: f32, b| a.max(b.abs()));
    for (found, expected) in found.iter().zip(expected) {
        let close = (found - expected).abs() <= TOLERANCE * largest;
        assert!(close, "{what}: {found} and {expected}");
    }
}

#[test]
fn random_vaes_agree() {
    let Some(adapter) = adapter() else { return };
    for number in 0..NETWORKS {
        let mut random = Random::new(number);
        let shape = random.shape();
        let conditional = random.flag();
        let config = VaeConfig {
            latent_dim: random.within(1..=20),
            channels: VaeConfig::channels_of_width(shape, random.within(1..=12)),
            blocks: random.within(1..=2),
            likelihood: if random.flag() {
                Likelihood::Bernoulli
            } else {
                Likelihood::Gaussian
            },
            prior: Prior::Normal,
            conditional,
            head: None,
        };
        let what = format!("{number}: {shape}, {config:?}");
        let vae = shaken(config.init(shape, 3, &seeded(number)).expect("a network"));
        let on_cpu = InferenceVae::new(&vae);
        let on_card = vae.to_device(&adapter);
        let class = conditional.then_some(ClassId(2));
        let classes =
            || conditional.then(|| Tensor::from_data(TensorData::new(vec![2_i32], [1]), &adapter));
        let latent = random.numbers(config.latent_dim);
        let image = on_cpu.decode_as(&latent, class, &mut on_cpu.scratch());
        let latents = on(&adapter, &latent, [1, config.latent_dim]);
        assert_alike(on_card.decode_as(latents, classes()), &image, &what);
        let (mean, log_var) = on_cpu.encode_as(&image, class);
        let images = on(&adapter, &image, shape.batch(1));
        let posterior = on_card.encode_as(images, classes());
        assert_alike(posterior.mean, &mean, &what);
        assert_alike(posterior.log_var, &log_var, &what);
    }
}

#[test]
fn random_classifiers_agree() {
    let Some(adapter) = adapter() else { return };
    for number in 0..NETWORKS {
        let mut random = Random::new(100 + number);
        let shape = random.shape();
        let config = ClassifierConfig {
            shape,
            width: random.within(1..=6),
            classes: random.within(2..=40),
            pixel_mean: vec![0.3],
            pixel_std: vec![0.4],
        };
        let what = format!("{number}: {config:?}");
        let network: ResNet18 = shaken(config.init(&seeded(number)).expect("a network"));
        let image: Vec<f32> = random
            .numbers(shape.values())
            .iter()
            .map(|x| x.abs() / 2.0)
            .collect();
        let on_cpu = InferenceResNet18::new(&network);
        let logits = on_cpu.run(&image, &mut on_cpu.activations());
        let on_card = network.to_device(&adapter);
        let images = || on(&adapter, &image, shape.batch(1));
        assert_alike(on_card.forward(images()), &logits, &what);
        assert_alike(on_card.folded().forward(images()), &logits, &what);
    }
}

#[test]
fn random_gans_agree() {
    let Some(adapter) = adapter() else { return };
    for number in 0..NETWORKS {
        let mut random = Random::new(200 + number);
        let shape = random.shape();
        let usual = GanConfig::usual(shape);
        let width = random.within(2..=8);
        let config = GanConfig {
            latent_dim: random.within(1..=20),
            channels: (1..=usual.channels.len()).map(|i| i * width).collect(),
            blocks: random.within(0..=2),
        };
        let what = format!("{number}: {shape}, {config:?}");
        let device = seeded(number);
        let generator = shaken(config.init_generator(shape, 3, &device).expect("a network"));
        let latent = random.numbers(config.latent_dim);
        let on_cpu = InferenceGenerator::new(&generator);
        let image = on_cpu.decode_as(&latent, Some(ClassId(1)), &mut on_cpu.scratch());
        let on_card = generator.to_device(&adapter);
        let latents = on(&adapter, &latent, [1, config.latent_dim]);
        let classes = Tensor::from_data(TensorData::new(vec![1_i32], [1]), &adapter);
        assert_alike(on_card.decode(latents, Some(classes)), &image, &what);
    }
}

#[test]
fn random_flows_agree() {
    let Some(adapter) = adapter() else { return };
    for number in 0..NETWORKS {
        let mut random = Random::new(300 + number);
        let shape = random.shape();
        let config = FlowConfig {
            channels: vec![8 * random.within(1..=2), 8 * random.within(1..=2)],
            embedding: 2 * random.within(4..=16),
            patch: random.within(1..=2),
            attention: random.flag(),
            conditional: random.flag(),
            from_picture: random.flag(),
            ..FlowConfig::default()
        };
        let what = format!("{number}: {shape}, {config:?}");
        let Ok(net) = config.init(shape, 3, &seeded(number)) else {
            continue; // A refiner that is conditional, say.
        };
        let net = shaken(net);
        let on_cpu = InferenceFlow::new(&net);
        let (point, picture) = (
            random.numbers(shape.values()),
            random.numbers(shape.values()),
        );
        let picture = config.from_picture.then_some(&picture[..]);
        let class = config.conditional.then_some(ClassId(0));
        let velocity = on_cpu.velocity(&point, 0.3, class, picture, &mut on_cpu.scratch());
        let on_card = net.to_device(&adapter);
        let classes = class.map(|_| Tensor::from_data(TensorData::new(vec![0_i32], [1]), &adapter));
        let found = on_card.forward(
            on(&adapter, &point, shape.batch(1)),
            on(&adapter, &[0.3], [1]),
            classes,
            picture.map(|picture| on(&adapter, picture, shape.batch(1))),
        );
        assert_alike(found, &velocity, &what);
    }
}
