//! The networks in the form that suits their device.
//!
//! On the CPU that is the inference form; on a GPU it is Burn's own. Nothing outside this file knows which one computes.

mod cpu;
mod features;

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use burn::tensor::{Device, Tensor, TensorData};
use classifier::{Activations, InferenceResNet18};
use datasets::{ClassId, ImageShape, Layer, Seed};
use flow::{InferenceFlow, VelocityNet};
use vae_core::Vae;

use crate::refining::Refiner;
use crate::studio::finite;
use crate::{Diffusion, Generator, Judge, Sampler, StudioError};
use cpu::{CpuDiffusion, CpuGenerator};

/// Images at a time on the CPU: large enough for full speed, small enough to keep memory low.
const AT_A_TIME: usize = 64;
/// Digits at a time on a graphics card, see [`ImageShape::at_a_time`]. Few images cost as much as many there: starting the kernels.
const DIGITS_AT_A_TIME_ON_A_CARD: usize = 512;

/// A generator, and perhaps a refiner and a classifier, on a device.
#[derive(Debug)]
pub struct Networks {
    pub device: Device,
    pub generator: Generator,
    refiner: Option<Refiner>,
    pub judge: Option<Judge>,
    cpu: Option<CpuForms>,
}

#[derive(Debug)]
struct CpuForms {
    generator: CpuGenerator,
    classifier: Option<InferenceResNet18>,
    /// For single images; batches have buffers of their own.
    scratch: Mutex<Option<Scratch>>,
}

/// Buffers of the classifier, and whose maps are in them.
#[derive(Debug)]
struct Scratch {
    activations: Activations,
    /// `[channels, height, width]`; empty at first.
    image: Vec<f32>,
}

/// What the networks make of one latent.
pub struct Computed {
    /// `[channels, height, width]`
    pub pixels: Vec<f32>,
    /// What the classifier makes of it, if there is one.
    pub judged: Option<Judged>,
    /// What the model's own head makes of it, if it has one: a logit a class.
    pub own_logits: Option<Vec<f32>>,
    pub decode: Duration,
    pub classify: Duration,
}

/// What the classifier makes of one image.
pub struct Judged {
    /// One a class.
    pub logits: Vec<f32>,
    /// The feature maps of the layer that was asked for, `[1, features, side, side]`.
    pub features: Tensor<4>,
}

impl CpuForms {
    fn judged(
        &self,
        pixels: &[f32],
        layer: Layer,
        device: &Device,
    ) -> Result<Option<Judged>, StudioError> {
        let scratch = self.scratch.lock();
        let mut scratch = scratch.unwrap_or_else(PoisonError::into_inner);
        let (Some(classifier), Some(scratch)) = (&self.classifier, &mut *scratch) else {
            return Ok(None);
        };
        let Scratch { activations, image } = scratch;
        pixels.clone_into(image);
        Ok(Some(Judged {
            logits: checked(classifier.run(pixels, activations), "logits")?,
            features: activations.feature_tensor(layer, device),
        }))
    }
}

impl Networks {
    pub fn new(
        generator: Generator,
        refiner: Option<VelocityNet>,
        judge: Option<Judge>,
        device: &Device,
    ) -> Self {
        let cpu = (*device == Device::flex()).then(|| {
            let network = judge.as_ref().map(|judge| &judge.network);
            let classifier = network.map(InferenceResNet18::new);
            let scratch = classifier.as_ref().map(|classifier| Scratch {
                activations: classifier.activations(),
                image: Vec::new(),
            });
            CpuForms {
                generator: CpuGenerator::new(&generator),
                classifier,
                scratch: Mutex::new(scratch),
            }
        });
        // On a graphics card, where each small operation costs the start of a kernel, the normalisations are folded, too.
        let judge = match &cpu {
            Some(_) => judge,
            None => judge.map(|judge| Judge {
                network: judge.network.folded(),
                ..judge
            }),
        };
        Self {
            device: device.clone(),
            generator,
            refiner: refiner.map(|network| Refiner::new(network, device)),
            judge,
            cpu,
        }
    }

    /// Whether images are computed one by one, so that those beside an image cannot change a bit of it.
    pub fn is_one_by_one(&self) -> bool {
        self.cpu.is_some()
    }

    /// Images that go through the networks together.
    pub fn at_a_time(&self) -> usize {
        if self.is_one_by_one() {
            AT_A_TIME
        } else {
            self.shape().at_a_time(DIGITS_AT_A_TIME_ON_A_CARD)
        }
    }

    /// The shape of the images.
    pub fn shape(&self) -> ImageShape {
        self.generator.shape()
    }

    /// Decodes, sharpens and classifies one latent.
    pub fn frame(
        &self,
        latent: &[f32],
        condition: Option<ClassId>,
        sampler: Sampler,
        layer: Layer,
    ) -> Result<Computed, StudioError> {
        let start = Instant::now();
        if let Some(cpu) = &self.cpu {
            let pixels = cpu.generator.draw_one(latent, condition, sampler);
            let pixels = self.sharpen(pixels, sampler.steps, &[sampler.seed])?;
            return self.computed(pixels, layer, start.elapsed());
        }
        let image = self.images_of(latent, &[condition], sampler); // [1, channels, height, width]
        let pixels = clamped(finite(image.clone(), "image")?);
        let decoded = Instant::now();
        let judged = match &self.judge {
            Some(judge) => Some(judged(judge, image, layer)?),
            None => None,
        };
        Ok(Computed {
            own_logits: self.own_logits(&pixels)?,
            pixels,
            judged,
            decode: decoded - start,
            classify: decoded.elapsed(),
        })
    }

    /// Classifies an image, `[channels, height, width]`, that it took some time to decode.
    pub fn computed(
        &self,
        pixels: Vec<f32>,
        layer: Layer,
        decode: Duration,
    ) -> Result<Computed, StudioError> {
        let decoded = Instant::now();
        let judged = match (&self.cpu, &self.judge) {
            (Some(cpu), _) => cpu.judged(&pixels, layer, &self.device)?,
            (None, Some(judge)) => Some(judged(judge, self.images(&pixels), layer)?),
            (None, None) => None,
        };
        let own_logits = self.own_logits(&pixels)?;
        Ok(Computed {
            pixels: clamped(checked(pixels, "image")?),
            judged,
            own_logits,
            decode,
            classify: decoded.elapsed(),
        })
    }

    /// The images of latents, sharpened, `[n, channels, height, width]`, and their logits, a row each, if there is a classifier.
    /// Each latent has a condition.
    pub fn gallery(
        &self,
        latents: &[f32],
        conditions: &[Option<ClassId>],
        sampler: Sampler,
    ) -> Result<(Vec<f32>, Option<Vec<f32>>), StudioError> {
        let sharp = || {
            let seeds = vec![sampler.seed; conditions.len()];
            self.draw(latents, conditions, sampler, &seeds)
        };
        let Some(judge) = &self.judge else {
            return Ok((sharp()?, None));
        };
        if self.cpu.is_some() {
            let pixels = sharp()?;
            let logits = self.classify(judge, &pixels)?;
            return Ok((pixels, Some(logits)));
        }
        let images = self.images_of(latents, conditions, sampler); // [n, channels, height, width]
        let pixels = clamped(finite(images.clone(), "images")?);
        let logits = finite(judge.network.forward(images), "logits")?;
        Ok((pixels, Some(logits)))
    }

    /// The images of latents, `[n, channels, height, width]`. Each latent has a condition, and a seed that its detail follows from.
    pub fn draw(
        &self,
        latents: &[f32],
        conditions: &[Option<ClassId>],
        sampler: Sampler,
        seeds: &[Seed],
    ) -> Result<Vec<f32>, StudioError> {
        let pixels = match &self.cpu {
            Some(cpu) => {
                let drawn = cpu.generator.draw_all(latents, conditions, sampler, seeds);
                checked(drawn, "images")?
            }
            None => finite(self.drawn(latents, conditions, sampler, seeds), "images")?,
        };
        self.sharpen(clamped(pixels), sampler.steps, seeds)
    }

    /// The images of latents as they are decoded, `[n, channels, height, width]`: no refiner has a part in them. Each latent has a
    /// condition. A diffusion draws as it usually does.
    pub fn decode(
        &self,
        latents: &[f32],
        conditions: &[Option<ClassId>],
    ) -> Result<Vec<f32>, StudioError> {
        let sampler = match &self.generator {
            Generator::Diffusion(diffusion) => diffusion.usual,
            Generator::Vae(_) | Generator::Gan(_) => Sampler::default(),
        };
        let seeds = vec![sampler.seed; conditions.len()];
        self.draw(latents, conditions, sampler, &seeds)
    }

    /// The noise that a diffusion begins with, `[n, channels, height, width]`: of each latent, with the rest from the seed beside it.
    pub fn noise(&self, latents: &[f32], seeds: &[Seed]) -> Result<Vec<f32>, StudioError> {
        Ok(self.diffusion()?.noise.noise_of_each(latents, seeds))
    }

    /// Points of a diffusion after step `step` of `steps`, counted from 0.
    pub fn advance(
        &self,
        points: &[f32],
        conditions: &[Option<ClassId>],
        step: [usize; 2],
        guidance: f32,
    ) -> Result<Vec<f32>, StudioError> {
        let guidance = f64::from(guidance);
        if let Some(CpuGenerator::Diffusion(diffusion)) = self.cpu_generator() {
            let CpuDiffusion { flow, scratch, .. } = &**diffusion;
            let advanced = match conditions {
                // Alone it has all cores, and its buffers.
                [condition] => {
                    let mut scratch = scratch.lock().unwrap_or_else(PoisonError::into_inner);
                    flow.advance(points, *condition, step, guidance, &mut scratch)
                }
                _ => flow.advance_all(points, conditions, step, guidance),
            };
            return checked(advanced, "image");
        }
        let network = &self.diffusion()?.network;
        let classes = self.generator.classes(conditions, &self.device);
        let advanced = network.advance(self.images(points), classes, step, guidance);
        finite(advanced, "image")
    }

    /// Points of a diffusion as pixels in `[0, 1]`.
    pub fn shown(points: &[f32]) -> Result<Vec<f32>, StudioError> {
        checked(InferenceFlow::to_pixels(points), "image")
    }

    fn diffusion(&self) -> Result<&Diffusion, StudioError> {
        match &self.generator {
            Generator::Diffusion(diffusion) => Ok(diffusion),
            Generator::Vae(_) | Generator::Gan(_) => Err(StudioError::Request(
                "steps of a diffusion were asked of another model".to_owned(),
            )),
        }
    }

    fn cpu_generator(&self) -> Option<&CpuGenerator> {
        self.cpu.as_ref().map(|cpu| &cpu.generator)
    }

    /// The same images with the detail that the refiner adds in some steps, each from the noise of its own seed. As they are if
    /// there is no refiner.
    ///
    /// # Errors
    /// [`StudioError::NotFinite`] if the refiner overflows on one.
    pub fn sharpen(
        &self,
        pixels: Vec<f32>,
        steps: usize,
        seeds: &[Seed],
    ) -> Result<Vec<f32>, StudioError> {
        match &self.refiner {
            Some(refiner) if steps > 0 => {
                let refined = refiner.refine(&pixels, steps, seeds, &self.device);
                Ok(clamped(checked(refined, "sharpened image")?))
            }
            _ => Ok(pixels),
        }
    }

    /// The images of latents as the networks in Burn's own form draw them, sharpened, `[n, channels, height, width]`.
    pub fn images_of(
        &self,
        latents: &[f32],
        conditions: &[Option<ClassId>],
        sampler: Sampler,
    ) -> Tensor<4> {
        let seeds = vec![sampler.seed; conditions.len()];
        let images = self.drawn(latents, conditions, sampler, &seeds);
        match &self.refiner {
            Some(refiner) if sampler.steps > 0 => {
                refiner.refine_tensor(images, sampler.steps, &seeds)
            }
            _ => images,
        }
    }

    fn drawn(
        &self,
        latents: &[f32],
        conditions: &[Option<ClassId>],
        sampler: Sampler,
        seeds: &[Seed],
    ) -> Tensor<4> {
        let classes = self.generator.classes(conditions, &self.device);
        let latents = self.tensor(latents, conditions.len());
        self.generator.draw(latents, classes, sampler, seeds)
    }

    /// The logits of images, `[n, channels, height, width]`, a row each.
    pub fn classify(&self, judge: &Judge, pixels: &[f32]) -> Result<Vec<f32>, StudioError> {
        if let Some(classifier) = self.cpu.as_ref().and_then(|cpu| cpu.classifier.as_ref()) {
            return checked(classifier.run_all(pixels).concat(), "logits");
        }
        finite(judge.network.forward(self.images(pixels)), "logits")
    }

    /// Mean and log-variance of the posterior of an image.
    pub fn encode(
        &self,
        pixels: &[f32],
        condition: Option<ClassId>,
    ) -> Result<(Vec<f32>, Vec<f32>), StudioError> {
        if let Some(vae) = self.cpu_vae() {
            let (mean, log_var) = vae.encode_as(pixels, condition);
            return Ok((checked(mean, "posterior")?, checked(log_var, "posterior")?));
        }
        let classes = self.generator.classes(&[condition], &self.device);
        let posterior = self.encoder()?.encode_as(self.images(pixels), classes);
        Ok((
            finite(posterior.mean, "posterior")?,
            finite(posterior.log_var, "posterior")?,
        ))
    }

    /// The posterior means of images, `[n, channels, height, width]`. Each image has a condition.
    pub fn encode_means(
        &self,
        pixels: &[f32],
        conditions: &[Option<ClassId>],
    ) -> Result<Vec<Vec<f32>>, StudioError> {
        if let Some(vae) = self.cpu_vae() {
            let images = pixels.chunks_exact(self.shape().values()).zip(conditions);
            return images
                .map(|(image, class)| checked(vae.encode_as(image, *class).0, "posterior"))
                .collect();
        }
        let classes = self.generator.classes(conditions, &self.device);
        let posterior = self.encoder()?.encode_as(self.images(pixels), classes);
        let [_, dims] = posterior.mean.dims();
        let means = finite(posterior.mean, "posterior")?;
        Ok(means.chunks_exact(dims).map(<[f32]>::to_vec).collect())
    }

    /// What the model's own head makes of an image, `[channels, height, width]`: a logit a class; `None` if it has no head.
    pub fn own_logits(&self, pixels: &[f32]) -> Result<Option<Vec<f32>>, StudioError> {
        let vae = self.generator.vae();
        if vae.is_none_or(|vae| vae.head.is_none()) {
            return Ok(None);
        }
        let logits = if let Some(vae) = self.cpu_vae() {
            vae.class_logits(&vae.encode(pixels).0)
        } else {
            let logits = self.own_logits_of(self.images(pixels));
            logits.map(|logits| finite(logits, "head")).transpose()?
        };
        logits.map(|logits| checked(logits, "head")).transpose()
    }

    /// What the model's own head makes of images, `[n, channels, height, width] -> [n, classes]`, as the networks in Burn's own form
    /// compute it; `None` if it has no head.
    pub fn own_logits_of(&self, images: Tensor<4>) -> Option<Tensor<2>> {
        let vae = self.generator.vae()?;
        vae.head.as_ref()?;
        vae.class_logits(vae.encode(images).mean)
    }

    /// Images as a tensor `[n, channels, height, width]`.
    pub fn images(&self, pixels: &[f32]) -> Tensor<4> {
        let shape = self.shape();
        let data = TensorData::new(pixels.to_vec(), shape.batch(pixels.len() / shape.values()));
        Tensor::from_data(data, &self.device)
    }

    /// Latents, row after row, as a tensor `[n, latent_dim]`.
    pub fn tensor(&self, latents: &[f32], n: usize) -> Tensor<2> {
        let dims = latents.len() / n.max(1);
        Tensor::from_data(TensorData::new(latents.to_vec(), [n, dims]), &self.device)
    }

    /// The VAE, whose encoder finds images in latent space.
    fn encoder(&self) -> Result<&Vae, StudioError> {
        self.generator.vae().ok_or(StudioError::NoEncoder)
    }

    fn cpu_vae(&self) -> Option<&vae_core::InferenceVae> {
        self.cpu_generator().and_then(CpuGenerator::vae)
    }
}

/// What a classifier makes of an image, `[1, channels, height, width]`, in Burn's own form.
fn judged(judge: &Judge, image: Tensor<4>, layer: Layer) -> Result<Judged, StudioError> {
    let features = judge.network.features_at(image, layer);
    let logits = judge.network.head_at(features.clone(), layer);
    let logits = finite(logits, "logits")?;
    Ok(Judged { logits, features })
}

fn checked(values: Vec<f32>, what: &str) -> Result<Vec<f32>, StudioError> {
    if values.iter().all(|v| v.is_finite()) {
        Ok(values)
    } else {
        Err(StudioError::not_finite(what))
    }
}

/// Pixels in `[0, 1]`: a device's last rounding may have left it by a step. They are finite.
pub fn clamped(pixels: Vec<f32>) -> Vec<f32> {
    pixels.into_iter().map(|v| v.clamp(0.0, 1.0)).collect()
}
