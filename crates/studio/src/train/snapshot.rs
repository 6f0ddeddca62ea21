//! What a network draws while it is still being trained.

use std::path::{Path, PathBuf};
use std::time::Duration;

use burn::tensor::{Device, Tensor, TensorData};
use datasets::{ClassId, Image, ImageShape, LabelledImages, Seed, image_tensor};
use latent_space::sample_prior;
use vae_core::Vae;

use super::TrainingRun;
use crate::bundle_files::Files;
use crate::{Bundle, Generator, GeneratorPart, Manifest, ModelSource, Sampler, StudioError};

/// Held-out pictures that are drawn again in every snapshot.
pub const SNAPSHOT_ORIGINALS: usize = 8;
/// Latents of the prior that are drawn in every snapshot.
pub const SNAPSHOT_SAMPLES: usize = 16;
/// Held-out images whose place in latent space is in every snapshot.
pub const SNAPSHOT_MAPPED: usize = 300;

/// Images that go through an encoder at a time.
const AT_A_TIME: usize = 100;
/// The latents of all snapshots follow from it, so the same ones are drawn in each.
const SEED: Seed = Seed(0);
/// Most steps from noise to image: a diffusion takes time for each.
const MOST_STEPS: usize = 8;

/// What a network makes of the same few images and latents, as far as it has learned.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Snapshot {
    /// Steps that the weights have learned from.
    pub step: usize,
    /// The first [`SNAPSHOT_ORIGINALS`] held-out images, encoded and decoded again; none without an encoder.
    pub reconstructions: Vec<Image>,
    /// What is drawn of fixed latents, of each class in turn where a model is given one.
    pub samples: Vec<Image>,
    /// The means of the posteriors of the first [`SNAPSHOT_MAPPED`] held-out images; none without an encoder.
    pub means: Vec<Vec<f32>>,
    /// The folder in which the weights can be opened as a model, if somebody asked for it; or why they cannot.
    pub live: Option<Result<PathBuf, String>>,
}

/// Who looks at snapshots, and how often.
pub struct Snapshots<'a> {
    /// How much time lies between two.
    pub every: Duration,
    /// The folder in which the weights of the next one are to be saved as a model, if they are.
    pub live: &'a dyn Fn() -> Option<PathBuf>,
    /// Called with each.
    pub see: &'a mut dyn FnMut(Snapshot),
}

/// What is the same in every snapshot of a run.
pub struct Fixed {
    device: Device,
    shape: ImageShape,
    originals: LabelledImages,
    mapped: LabelledImages,
    classes: usize,
}

impl Fixed {
    /// The images of a run that are shown.
    pub fn of(run: &TrainingRun<'_>) -> Self {
        let first = |count: usize| -> LabelledImages {
            let indices: Vec<usize> = (0..count.min(run.held_out.len())).collect();
            run.held_out.subset(&indices)
        };
        Self {
            device: run.device.clone(),
            shape: run.dataset.shape,
            originals: first(SNAPSHOT_ORIGINALS),
            mapped: first(SNAPSHOT_MAPPED),
            classes: run.dataset.classes(),
        }
    }

    /// The first held-out images, and how many classes they have.
    pub fn mapped(&self) -> (&LabelledImages, usize) {
        (&self.mapped, self.classes)
    }

    /// What a model that makes images draws. Images that cannot be read any more leave their places empty: the training says so itself.
    pub fn draw(&self, generator: &Generator, step: usize) -> Snapshot {
        let encoder = generator.vae();
        let reconstructions = encoder.and_then(|vae| self.reconstructed(vae));
        let means = encoder.and_then(|vae| self.means(vae));
        Snapshot {
            step,
            reconstructions: reconstructions.unwrap_or_default(),
            samples: self.samples(generator),
            means: means.unwrap_or_default(),
            live: None,
        }
    }

    /// The originals with their indices, for a network that works on images.
    pub fn originals(&self) -> (&LabelledImages, Vec<usize>) {
        (&self.originals, (0..self.originals.len()).collect())
    }

    fn reconstructed(&self, vae: &Vae) -> Option<Vec<Image>> {
        let (images, indices) = self.originals();
        let tensor = image_tensor(images, &indices, &self.device).ok()?;
        let classes = vae.classes_of(images, &indices);
        let posterior = vae.encode_as(tensor, classes.clone());
        Some(images_of(
            vae.decode_as(posterior.mean, classes),
            self.shape,
        ))
    }

    fn means(&self, vae: &Vae) -> Option<Vec<Vec<f32>>> {
        let all: Vec<usize> = (0..self.mapped.len()).collect();
        let mut means = Vec::with_capacity(all.len());
        for chunk in all.chunks(AT_A_TIME) {
            let images = image_tensor(&self.mapped, chunk, &self.device).ok()?;
            let posterior = vae.encode_as(images, vae.classes_of(&self.mapped, chunk));
            let values: Vec<f32> = posterior.mean.into_data().iter::<f32>().collect();
            means.extend(values.chunks(vae.latent_dim()).map(<[f32]>::to_vec));
        }
        Some(means)
    }

    fn samples(&self, generator: &Generator) -> Vec<Image> {
        let dims = generator.latent_dim();
        let noise = sample_prior(dims, SNAPSHOT_SAMPLES, SEED).concat();
        let noise = TensorData::new(noise, [SNAPSHOT_SAMPLES, dims]);
        let mut latents = Tensor::<2>::from_data(noise, &self.device);
        if let Some(centres) = generator
            .vae()
            .and_then(|vae| vae.class_centres.as_ref())
            .filter(|_| self.classes > 0)
        {
            let turns: Vec<i32> = (0..SNAPSHOT_SAMPLES)
                .map(|index| (index % self.classes) as i32)
                .collect();
            let turns = Tensor::from_data(TensorData::from(turns.as_slice()), &self.device);
            latents = latents + centres.val().select(0, turns);
        }
        let class = |index: usize| {
            let class = index.checked_rem(self.classes)?;
            u16::try_from(class).ok().map(ClassId)
        };
        let classes: Vec<Option<ClassId>> = (0..SNAPSHOT_SAMPLES).map(class).collect();
        let classes = generator.classes(&classes, &self.device);
        let seeds: Vec<Seed> = (0..SNAPSHOT_SAMPLES as u64)
            .map(|index| SEED.derive(index))
            .collect();
        let usual = match generator {
            Generator::Diffusion(diffusion) => diffusion.usual,
            Generator::Vae(_) | Generator::Gan(_) => Sampler::default(),
        };
        let sampler = Sampler {
            steps: usual.steps.min(MOST_STEPS),
            ..usual
        };
        let drawn = generator.draw(latents, classes, sampler, &seeds);
        images_of(drawn, self.shape)
    }
}

/// The images of a batch, on the host. What is not a number, as of weights that are lost, is black.
pub fn images_of(batch: Tensor<4>, shape: ImageShape) -> Vec<Image> {
    let values: Vec<f32> = batch.into_data().iter::<f32>().collect();
    let sound = |value: &f32| {
        if value.is_finite() {
            value.clamp(0.0, 1.0)
        } else {
            0.0
        }
    };
    let image = |values: &[f32]| {
        let values: Vec<f32> = values.iter().map(sound).collect();
        Image::new(shape, values).unwrap_or_else(|_| Image::black(shape))
    };
    values.chunks_exact(shape.values()).map(image).collect()
}

/// Saves weights that are still being trained as a model of their own, with a few of the run's images.
pub fn save_live(
    dir: &Path,
    run: (&datasets::DatasetInfo, &LabelledImages, &Device),
    generator: Generator,
    part: GeneratorPart,
) -> Result<PathBuf, StudioError> {
    let (dataset, sample, device) = run;
    let files = Files::of(&ModelSource::Folder(dir.to_owned()));
    let mut bundle = Bundle::with_networks(&files, Manifest::empty(dataset.clone()), device)?;
    bundle.set_generator(generator, part);
    bundle.set_sample(sample)?;
    bundle.save(dir)?;
    Ok(dir.to_owned())
}
