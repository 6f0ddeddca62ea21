//! A bundle with small, untrained networks: quick to make, and wrong about everything. Its images are of an odd shape, so
//! that no size can be taken for granted: in colour, not square, and of three classes.

use std::path::Path;

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, Tensor, TensorData};
use classifier::{Classifier, ClassifierConfig, ConvNet, ResNet18};
use datasets::{
    Augmentation, DatasetInfo, Fit, Image, ImageShape, LabelledImages, Preparation, Seed,
};
use flow::{FlowConfig, VelocityNet};
use gan::GanConfig;
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use studio::{
    Architecture, Bundle, ClassifierPart, Diffusion, DiffusionArchitecture, GanArchitecture,
    Generator, GeneratorPart, LatentSpace, ModelSource, RefinerPart, Studio, TrainingRecord,
    VaeArchitecture,
};
use tempfile::TempDir;
use training::seeded;
use vae_core::{HeadConfig, Prior, RegionConfig, Vae, VaeConfig, fit_latent};

pub const LATENT_DIM: usize = 4;
/// Classes of the data set.
pub const CLASSES: usize = 3;
/// Steps that a refiner takes.
pub const STEPS: usize = 3;
/// Images of each class.
const EACH: usize = 100;

pub fn shape() -> ImageShape {
    ImageShape::new(3, 20, 32).expect("within the bounds")
}

/// What the data set is.
pub fn info() -> DatasetInfo {
    DatasetInfo {
        name: "flags".to_owned(),
        title: "Flags".to_owned(),
        shape: shape(),
        class_names: ["red", "green", "blue"].map(str::to_owned).to_vec(),
        preparation: Preparation::Picture { fit: Fit::Crop },
        augmentation: Augmentation::none(),
        origin: None,
        known: None,
        source: None,
    }
}

/// The same without classes.
pub fn unlabelled_info() -> DatasetInfo {
    DatasetInfo {
        class_names: Vec::new(),
        ..info()
    }
}

/// Noise, brightest in the channel of the class. Ordered by class.
pub fn images() -> LabelledImages {
    let mut rng = Seed(3).rng();
    let (mut pixels, mut labels) = (Vec::new(), Vec::new());
    for image in 0..CLASSES * EACH {
        let class = image / EACH;
        for channel in 0..CLASSES {
            let top = if channel == class { 255 } else { 100 };
            pixels.extend((0..shape().pixels()).map(|_| rng.random_range(0..=top)));
        }
        labels.push(class as u16);
    }
    LabelledImages::new(shape(), pixels, labels, CLASSES).expect("whole images")
}

pub fn some_image() -> Image {
    images().image(4)
}

pub fn vae_config() -> VaeConfig {
    VaeConfig {
        latent_dim: LATENT_DIM,
        channels: vec![8, 16, 16],
        ..VaeConfig::default()
    }
}

pub fn record(parameters: usize) -> TrainingRecord {
    TrainingRecord {
        command: "latent-lens train".to_owned(),
        settings: "fresh weights".to_owned(),
        seed: Seed(7),
        epochs: 0,
        images: 0,
        parameters,
        device: "Flex".to_owned(),
        history: Vec::new(),
    }
}

pub fn bundle() -> Bundle {
    judged(bundle_with(&info(), vae_config()))
}

/// A bundle whose VAE is given the class, and whose classes act.
pub fn conditional_bundle() -> Bundle {
    judged(bundle_with(&info(), conditional_config()))
}

pub fn conditional_config() -> VaeConfig {
    VaeConfig {
        prior: Prior::Normal,
        conditional: true,
        ..vae_config()
    }
}

/// A bundle whose VAE has a head of its own, judged twice.
pub fn joint_bundle() -> Bundle {
    judged_again(judged(bundle_with(&info(), joint_config())))
}

pub fn joint_config() -> VaeConfig {
    VaeConfig {
        prior: Prior::Normal,
        head: Some(HeadConfig { dims: 3, hidden: 5 }),
        ..vae_config()
    }
}

/// The bundle with a classifier.
fn judged(mut bundle: Bundle) -> Bundle {
    let (network, part) = judge::<ResNet18>(Seed(7));
    bundle.set_classifier(network, part);
    bundle
}

/// A bundle with a second judge.
pub fn bundle_judged_twice() -> Bundle {
    judged_again(bundle())
}

fn judged_again(mut bundle: Bundle) -> Bundle {
    let (network, part) = judge::<ConvNet>(Seed(8));
    bundle.set_second_judge(network, part);
    bundle
}

/// A judge with fresh weights.
pub fn judge<N: Classifier>(seed: Seed) -> (N, ClassifierPart) {
    let config = ClassifierConfig {
        shape: shape(),
        width: 4,
        classes: CLASSES,
        pixel_mean: vec![0.2, 0.3, 0.4],
        pixel_std: vec![0.31],
    };
    let network: N =
        seeded(&Device::flex(), seed, || config.init(&Device::flex())).expect("sound settings");
    let network = network.valid();
    let part = ClassifierPart {
        training: record(network.num_params()),
        config,
        temperature: 1.5,
    };
    (network, part)
}

/// A bundle without a classifier.
pub fn bundle_with(info: &DatasetInfo, config: VaeConfig) -> Bundle {
    let device = Device::flex();
    let classes = info.classes();
    let images = if info.has_classes() {
        images()
    } else {
        images().without_labels()
    };
    let mut bundle =
        Bundle::open_or_empty(Path::new("/nowhere"), info, &device).expect("an empty bundle");
    let vae = seeded(&device, Seed(7), || {
        config.init(info.shape, classes, &device)
    })
    .expect("sound settings")
    .valid();
    let vae = with_classes_that_act(vae);
    let one = RegionConfig {
        components: 1,
        ..RegionConfig::default()
    };
    let latent = fit_latent(&vae, [&images; 2], classes, one, Seed(1)).expect("a fit");
    let part = GeneratorPart {
        training: record(vae.num_params()),
        labels_used: config.uses_labels(),
        architecture: Architecture::Vae(VaeArchitecture {
            config,
            sigma: None,
        }),
        latent: latent.space,
    };
    bundle.set_generator(Generator::Vae(vae), part);
    bundle.set_sample(&images).unwrap();
    bundle
}

/// A fresh conditional network does not look at the class: numbers of -0.5 to 0.5 for its zeros.
fn with_classes_that_act(mut vae: Vae) -> Vae {
    let mut rng = Seed(9).rng();
    let mut act = |embedding: &mut Param<Tensor<2>>| {
        let [rows, columns] = embedding.dims();
        let values = (0..rows * columns).map(|_| rng.random::<f32>() - 0.5);
        let data = TensorData::new(values.collect(), [rows, columns]);
        *embedding = Param::from_data(data, &Device::flex());
    };
    let encoder = vae.encoder.levels.iter_mut();
    let decoder = vae.decoder.levels.iter_mut();
    let blocks = encoder.flat_map(|level| &mut level.blocks);
    let blocks = blocks.chain(decoder.flat_map(|level| &mut level.blocks));
    let films = blocks.chain(&mut vae.decoder.blocks);
    let films = films.filter_map(|block| block.film.as_mut());
    films.for_each(|film| act(&mut film.embedding));
    let offsets = [&mut vae.encoder.class_offset, &mut vae.decoder.class_offset];
    for offset in offsets.into_iter().flatten() {
        act(&mut offset.embedding);
    }
    vae
}

/// A small refiner.
pub fn refiner_config() -> FlowConfig {
    FlowConfig {
        channels: vec![8, 16],
        embedding: 16,
        ..FlowConfig::refiner(shape())
    }
}

/// A refiner with numbers of its own that acts: a fresh one leaves the noisy image as it is.
pub fn refiner() -> VelocityNet {
    let device = Device::flex();
    let init = || refiner_config().init(shape(), info().classes(), &device);
    let mut network = seeded(&device, Seed(5), init)
        .expect("sound settings")
        .valid();
    let dims = network.leave.weight.dims();
    let mut rng = Seed(6).rng();
    let values = (0..dims.iter().product()).map(|_| rng.random::<f32>() - 0.5);
    let data = TensorData::new(values.collect(), dims);
    network.leave.weight = Param::from_data(data, &device);
    network
}

/// The bundle with a refiner.
pub fn refined(mut bundle: Bundle) -> Bundle {
    let network = refiner();
    let part = RefinerPart {
        config: refiner_config(),
        training: record(network.num_params()),
        steps: STEPS,
    };
    bundle.set_refiner(network, part);
    bundle
}

/// A bundle of images without classes.
pub fn unlabelled_bundle() -> Bundle {
    let config = VaeConfig {
        prior: Prior::Normal,
        ..vae_config()
    };
    bundle_with(&unlabelled_info(), config)
}

/// The bundle saved in a fresh folder.
pub fn saved() -> (TempDir, ModelSource) {
    saved_bundle(bundle())
}

/// This bundle saved in a fresh folder.
pub fn saved_bundle(mut bundle: Bundle) -> (TempDir, ModelSource) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    bundle.save(dir.path()).expect("saving");
    let source = ModelSource::Folder(dir.path().to_owned());
    (dir, source)
}

pub fn studio() -> Studio {
    studio_of(bundle())
}

pub fn studio_of(bundle: Bundle) -> Studio {
    let (_dir, source) = saved_bundle(bundle);
    Studio::open(&source, &Device::flex()).expect("a sound bundle")
}

/// The configuration of a part that describes a VAE.
pub fn config_of(part: &GeneratorPart) -> &VaeConfig {
    &part.vae().expect("it is a VAE").config
}

/// The VAE of a bundle.
pub fn vae_of(bundle: &Bundle) -> &Vae {
    let vae = bundle.generator.as_ref().and_then(Generator::vae);
    vae.expect("it has one")
}

/// A bundle with the generator of a GAN that is given the class, with fresh weights.
pub fn gan_bundle() -> Bundle {
    let device = Device::flex();
    let config = gan_config();
    let fresh = || config.init_generator(shape(), CLASSES, &device);
    let network = seeded(&device, Seed(7), fresh)
        .expect("sound settings")
        .valid();
    let architecture = GanArchitecture {
        config,
        conditional: true,
        shares: vec![0.25; LATENT_DIM],
    };
    let parameters = network.num_params();
    let architecture = Architecture::Gan(architecture);
    bundle_of(Generator::Gan(network), architecture, parameters)
}

pub fn gan_config() -> GanConfig {
    GanConfig {
        latent_dim: LATENT_DIM,
        channels: vec![4, 8, 8],
        blocks: 1,
    }
}

/// A bundle with a diffusion that is given the class, with weights that are all random: fresh ones do not move a point.
pub fn diffusion_bundle() -> Bundle {
    let device = Device::flex();
    let architecture = diffusion_architecture();
    let fresh = || architecture.config.init(shape(), CLASSES, &device);
    let network = seeded(&device, Seed(7), fresh)
        .expect("sound settings")
        .valid();
    let network = network.map(&mut Random(Seed(11).rng()));
    let parameters = network.num_params();
    let diffusion = Box::new(Diffusion::new(network, &architecture));
    let architecture = Architecture::Diffusion(architecture);
    bundle_of(Generator::Diffusion(diffusion), architecture, parameters)
}

pub fn diffusion_architecture() -> DiffusionArchitecture {
    DiffusionArchitecture {
        config: FlowConfig {
            channels: vec![8, 16],
            embedding: 8,
            patch: 4,
            conditional: true,
            from_picture: false,
            ..FlowConfig::default()
        },
        latent_dim: LATENT_DIM,
        steps: 3,
        guidance: 2.0,
    }
}

/// A bundle with a model whose latents come from N(0, I), judged.
fn bundle_of(generator: Generator, architecture: Architecture, parameters: usize) -> Bundle {
    let nowhere = Path::new("/nowhere");
    let mut bundle =
        Bundle::open_or_empty(nowhere, &info(), &Device::flex()).expect("an empty bundle");
    let part = GeneratorPart {
        architecture,
        training: record(parameters),
        labels_used: true,
        latent: LatentSpace::standard_normal(LATENT_DIM),
    };
    bundle.set_generator(generator, part);
    bundle.set_sample(&images()).unwrap();
    judged(bundle)
}

/// Numbers from -0.3 to 0.3 for all weights.
struct Random(ChaCha8Rng);

impl ModuleMapper for Random {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.map(|value| {
            let shape = value.dims();
            let count = shape.iter().product();
            let values = (0..count).map(|_| 0.6 * self.0.random::<f32>() - 0.3);
            let data = TensorData::new(values.collect::<Vec<_>>(), shape);
            Tensor::from_data(data, &value.device())
        })
    }
}
