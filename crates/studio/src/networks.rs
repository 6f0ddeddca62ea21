//! The two networks in the form that suits their device.
//!
//! On the CPU that is the inference form with folded normalisations, packed weights and maps that are used again; on a
//! GPU it is Burn's own. Nothing outside this file knows which one computes.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use burn::tensor::{Device, Tensor, TensorData};
use classifier::{Activations, InferenceResNet18, ResNet18, Stage};
use datasets::SIDE;
use vae_core::{InferenceVae, Room, Vae};

use crate::StudioError;
use crate::studio::finite;

/// A VAE and a classifier on a device.
#[derive(Debug)]
pub struct Networks {
    pub device: Device,
    pub vae: Vae,
    pub classifier: ResNet18,
    cpu: Option<CpuForms>,
}

#[derive(Debug)]
struct CpuForms {
    vae: InferenceVae,
    classifier: InferenceResNet18,
    /// For single images; batches have room of their own.
    room: Mutex<(Room, Activations)>,
}

/// What the networks make of one latent.
pub struct Computed {
    /// 784 pixels.
    pub pixels: Vec<f32>,
    /// One a class.
    pub logits: Vec<f32>,
    /// The feature maps of the stage that was asked for, `[1, channels, side, side]`.
    pub features: Tensor<4>,
    pub decode: Duration,
    pub classify: Duration,
}

impl Networks {
    pub fn new(vae: Vae, classifier: ResNet18, device: &Device) -> Self {
        let cpu = (*device == Device::flex()).then(|| {
            let (vae, classifier) = (InferenceVae::new(&vae), InferenceResNet18::new(&classifier));
            let room = Mutex::new((vae.room(), classifier.activations()));
            CpuForms {
                vae,
                classifier,
                room,
            }
        });
        Self {
            device: device.clone(),
            vae,
            classifier,
            cpu,
        }
    }

    /// Decodes and classifies one latent.
    pub fn frame(&self, latent: &[f32], layer: Stage) -> Result<Computed, StudioError> {
        let start = Instant::now();
        if let Some(cpu) = &self.cpu {
            let mut room = cpu.room.lock().unwrap_or_else(PoisonError::into_inner);
            let (vae_room, activations) = &mut *room;
            let pixels = cpu.vae.decode(latent, vae_room);
            let decoded = Instant::now();
            let logits = cpu.classifier.run(&pixels, activations);
            return Ok(Computed {
                pixels: checked(pixels, "image")?,
                logits: checked(logits, "logits")?,
                features: activations.feature_tensor(layer, &self.device),
                decode: decoded - start,
                classify: decoded.elapsed(),
            });
        }
        let image = self.vae.decode(self.tensor(latent, 1)); // [1, 1, 28, 28]
        let pixels = finite(image.clone(), "image")?;
        let decoded = Instant::now();
        let features = self.classifier.features_at(image, layer);
        let logits = self.classifier.head_at(features.clone(), layer);
        Ok(Computed {
            pixels,
            logits: finite(logits, "logits")?,
            features,
            decode: decoded - start,
            classify: decoded.elapsed(),
        })
    }

    /// The images of `n` latents, 784 pixels each, and their logits, a row each.
    pub fn gallery(&self, latents: &[f32], n: usize) -> Result<(Vec<f32>, Vec<f32>), StudioError> {
        if let Some(cpu) = &self.cpu {
            let pixels = checked(cpu.vae.decode_all(latents), "images")?;
            let logits = checked(cpu.classifier.run_all(&pixels).concat(), "logits")?;
            return Ok((pixels, logits));
        }
        let images = self.vae.decode(self.tensor(latents, n)); // [n, 1, 28, 28]
        let pixels = finite(images.clone(), "images")?;
        Ok((pixels, finite(self.classifier.forward(images), "logits")?))
    }

    /// The images of `n` latents, 784 pixels each.
    pub fn decode(&self, latents: &[f32], n: usize) -> Result<Vec<f32>, StudioError> {
        match &self.cpu {
            Some(cpu) => checked(cpu.vae.decode_all(latents), "images"),
            None => finite(self.vae.decode(self.tensor(latents, n)), "images"),
        }
    }

    /// The logits of images of 784 pixels each, a row each.
    pub fn classify(&self, pixels: &[f32]) -> Result<Vec<f32>, StudioError> {
        if let Some(cpu) = &self.cpu {
            return checked(cpu.classifier.run_all(pixels).concat(), "logits");
        }
        let shape = [pixels.len() / (SIDE * SIDE), 1, SIDE, SIDE];
        let images = Tensor::from_data(TensorData::new(pixels.to_vec(), shape), &self.device);
        finite(self.classifier.forward(images), "logits")
    }

    /// Mean and log-variance of the posterior of an image.
    pub fn encode(&self, pixels: &[f32]) -> Result<(Vec<f32>, Vec<f32>), StudioError> {
        if let Some(cpu) = &self.cpu {
            let (mean, log_var) = cpu.vae.encode(pixels);
            return Ok((checked(mean, "posterior")?, checked(log_var, "posterior")?));
        }
        let posterior = self.vae.encode(self.image(pixels));
        Ok((
            finite(posterior.mean, "posterior")?,
            finite(posterior.log_var, "posterior")?,
        ))
    }

    /// The posterior means of images of 784 pixels each.
    pub fn encode_means(&self, pixels: &[f32]) -> Result<Vec<Vec<f32>>, StudioError> {
        let images = pixels.chunks_exact(SIDE * SIDE);
        if let Some(cpu) = &self.cpu {
            return images
                .map(|image| checked(cpu.vae.encode(image).0, "posterior"))
                .collect();
        }
        let shape = [images.len(), 1, SIDE, SIDE];
        let images = Tensor::from_data(TensorData::new(pixels.to_vec(), shape), &self.device);
        let posterior = self.vae.encode(images);
        let [_, dims] = posterior.mean.dims();
        let means = finite(posterior.mean, "posterior")?;
        Ok(means.chunks_exact(dims).map(<[f32]>::to_vec).collect())
    }

    /// An image of 784 pixels as a tensor `[1, 1, 28, 28]`.
    pub fn image(&self, pixels: &[f32]) -> Tensor<4> {
        let data = TensorData::new(pixels.to_vec(), [1, 1, SIDE, SIDE]);
        Tensor::from_data(data, &self.device)
    }

    /// Latents, row after row, as a tensor `[n, latent_dim]`.
    pub fn tensor(&self, latents: &[f32], n: usize) -> Tensor<2> {
        let dims = latents.len() / n.max(1);
        Tensor::from_data(TensorData::new(latents.to_vec(), [n, dims]), &self.device)
    }
}

fn checked(values: Vec<f32>, what: &str) -> Result<Vec<f32>, StudioError> {
    if values.iter().all(|v| v.is_finite()) {
        Ok(values)
    } else {
        Err(StudioError::NotFinite(what.to_owned()))
    }
}
