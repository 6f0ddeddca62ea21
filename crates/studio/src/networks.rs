//! The networks in the form that suits their device.
//!
//! On the CPU that is the inference form with folded normalisations, packed weights and maps that are used again; on a
//! GPU it is Burn's own. Nothing outside this file knows which one computes.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use burn::tensor::{Device, Tensor, TensorData};
use classifier::{Activations, InferenceResNet18};
use datasets::{ClassId, ImageShape, Layer, Seed};
use flow::VelocityNet;
use vae_core::{InferenceVae, Scratch};

use crate::refining::Refiner;
use crate::studio::finite;
use crate::{Generator, Judge, Sharpening, StudioError};

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
    vae: InferenceVae,
    classifier: Option<InferenceResNet18>,
    /// Scratch buffers for single images; batches have their own.
    scratch: Mutex<(Scratch, Option<Activations>)>,
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

impl Networks {
    pub fn new(
        generator: Generator,
        refiner: Option<VelocityNet>,
        judge: Option<Judge>,
        device: &Device,
    ) -> Self {
        let Generator::Vae(vae) = &generator;
        let cpu = (*device == Device::flex()).then(|| {
            let vae = InferenceVae::new(vae);
            let network = judge.as_ref().map(|judge| &judge.network);
            let classifier = network.map(InferenceResNet18::new);
            let activations = classifier.as_ref().map(InferenceResNet18::activations);
            CpuForms {
                scratch: Mutex::new((vae.scratch(), activations)),
                vae,
                classifier,
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

    /// The shape of the images.
    pub fn shape(&self) -> ImageShape {
        self.generator.shape()
    }

    /// Decodes, sharpens and classifies one latent.
    pub fn frame(
        &self,
        latent: &[f32],
        condition: Option<ClassId>,
        sharpening: Sharpening,
        layer: Layer,
    ) -> Result<Computed, StudioError> {
        let start = Instant::now();
        if let Some(cpu) = &self.cpu {
            let mut scratch = cpu.scratch.lock().unwrap_or_else(PoisonError::into_inner);
            let (decoding, activations) = &mut *scratch;
            let pixels = cpu.vae.decode_as(latent, condition, decoding);
            let pixels = self.sharpen(pixels, sharpening.steps, &[sharpening.seed])?;
            let decoded = Instant::now();
            let judged = match (&cpu.classifier, activations) {
                (Some(classifier), Some(activations)) => Some(Judged {
                    logits: checked(classifier.run(&pixels, activations), "logits")?,
                    features: activations.feature_tensor(layer, &self.device),
                }),
                _ => None,
            };
            let own_logits = self.own_logits(&pixels)?;
            return Ok(Computed {
                pixels: clamped(checked(pixels, "image")?),
                judged,
                own_logits,
                decode: decoded - start,
                classify: decoded.elapsed(),
            });
        }
        let image = self.images_of(latent, &[condition], sharpening); // [1, channels, height, width]
        let pixels = clamped(finite(image.clone(), "image")?);
        let decoded = Instant::now();
        let judged = match &self.judge {
            Some(judge) => {
                let features = judge.network.features_at(image, layer);
                let logits = judge.network.head_at(features.clone(), layer);
                let logits = finite(logits, "logits")?;
                Some(Judged { logits, features })
            }
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

    /// The images of latents, sharpened, `[n, channels, height, width]`, and their logits, a row each, if there is a classifier.
    /// Each latent has a condition.
    pub fn gallery(
        &self,
        latents: &[f32],
        conditions: &[Option<ClassId>],
        sharpening: Sharpening,
    ) -> Result<(Vec<f32>, Option<Vec<f32>>), StudioError> {
        let sharp = || {
            let seeds = vec![sharpening.seed; conditions.len()];
            self.sharpen(self.decode(latents, conditions)?, sharpening.steps, &seeds)
        };
        let Some(judge) = &self.judge else {
            return Ok((sharp()?, None));
        };
        if self.cpu.is_some() {
            let pixels = sharp()?;
            let logits = self.classify(judge, &pixels)?;
            return Ok((pixels, Some(logits)));
        }
        let images = self.images_of(latents, conditions, sharpening); // [n, channels, height, width]
        let pixels = clamped(finite(images.clone(), "images")?);
        let logits = finite(judge.network.forward(images), "logits")?;
        Ok((pixels, Some(logits)))
    }

    /// The images of latents, `[n, channels, height, width]`. Each latent has a condition.
    pub fn decode(
        &self,
        latents: &[f32],
        conditions: &[Option<ClassId>],
    ) -> Result<Vec<f32>, StudioError> {
        let pixels = match &self.cpu {
            Some(cpu) => checked(cpu.vae.decode_all_as(latents, conditions), "images")?,
            None => finite(self.decoded(latents, conditions), "images")?,
        };
        Ok(clamped(pixels))
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
        Sharpening { steps, seed }: Sharpening,
    ) -> Tensor<4> {
        let images = self.decoded(latents, conditions);
        match &self.refiner {
            Some(refiner) if steps > 0 => {
                refiner.refine_tensor(images, steps, &vec![seed; conditions.len()])
            }
            _ => images,
        }
    }

    fn decoded(&self, latents: &[f32], conditions: &[Option<ClassId>]) -> Tensor<4> {
        let classes = self.generator.classes(conditions, &self.device);
        let latents = self.tensor(latents, conditions.len());
        self.generator.decode_as(latents, classes)
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
        if let Some(cpu) = &self.cpu {
            let (mean, log_var) = cpu.vae.encode_as(pixels, condition);
            return Ok((checked(mean, "posterior")?, checked(log_var, "posterior")?));
        }
        let classes = self.generator.classes(&[condition], &self.device);
        let posterior = self.vae().encode_as(self.images(pixels), classes);
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
        if let Some(cpu) = &self.cpu {
            let images = pixels.chunks_exact(self.shape().values()).zip(conditions);
            return images
                .map(|(image, class)| checked(cpu.vae.encode_as(image, *class).0, "posterior"))
                .collect();
        }
        let classes = self.generator.classes(conditions, &self.device);
        let posterior = self.vae().encode_as(self.images(pixels), classes);
        let [_, dims] = posterior.mean.dims();
        let means = finite(posterior.mean, "posterior")?;
        Ok(means.chunks_exact(dims).map(<[f32]>::to_vec).collect())
    }

    /// What the model's own head makes of an image, `[channels, height, width]`: a logit a class; `None` if it has no head.
    pub fn own_logits(&self, pixels: &[f32]) -> Result<Option<Vec<f32>>, StudioError> {
        if self.vae().head.is_none() {
            return Ok(None);
        }
        let logits = if let Some(cpu) = &self.cpu {
            cpu.vae.class_logits(&cpu.vae.encode(pixels).0)
        } else {
            let logits = self.own_logits_of(self.images(pixels));
            logits.map(|logits| finite(logits, "head")).transpose()?
        };
        logits.map(|logits| checked(logits, "head")).transpose()
    }

    /// What the model's own head makes of images, `[n, channels, height, width] -> [n, classes]`, as the networks in Burn's own form
    /// compute it; `None` if it has no head.
    pub fn own_logits_of(&self, images: Tensor<4>) -> Option<Tensor<2>> {
        let vae = self.vae();
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

    /// The VAE: the one family that there is.
    pub fn vae(&self) -> &vae_core::Vae {
        let Generator::Vae(vae) = &self.generator;
        vae
    }
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
