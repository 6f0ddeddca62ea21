//! The networks that make images, in the form that suits a CPU: folded normalisations, packed weights and maps that are used again.

use std::sync::{Mutex, PoisonError};

use datasets::{ClassId, Seed};
use flow::{CoarseNoise, InferenceFlow};
use gan::InferenceGenerator;
use vae_core::InferenceVae;

use crate::{Generator, Sampler};

/// A generator on a CPU, with scratch buffers for single images; batches have their own.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a model has one, which is made once and never moved about"
)]
pub enum CpuGenerator {
    Vae(InferenceVae, Mutex<vae_core::Scratch>),
    Gan(InferenceGenerator, Mutex<gan::Scratch>),
    Diffusion(Box<CpuDiffusion>),
}

/// A diffusion on a CPU.
#[derive(Debug)]
pub struct CpuDiffusion {
    pub flow: InferenceFlow,
    noise: CoarseNoise,
    pub scratch: Mutex<flow::Scratch>,
}

impl CpuGenerator {
    pub fn new(generator: &Generator) -> Self {
        match generator {
            Generator::Vae(vae) => {
                let vae = InferenceVae::new(vae);
                let scratch = Mutex::new(vae.scratch());
                Self::Vae(vae, scratch)
            }
            Generator::Gan(gan) => {
                let gan = InferenceGenerator::new(gan);
                let scratch = Mutex::new(gan.scratch());
                Self::Gan(gan, scratch)
            }
            Generator::Diffusion(diffusion) => {
                let flow = InferenceFlow::new(&diffusion.network);
                Self::Diffusion(Box::new(CpuDiffusion {
                    scratch: Mutex::new(flow.scratch()),
                    flow,
                    noise: diffusion.noise.clone(),
                }))
            }
        }
    }

    /// The image of one latent, `[channels, height, width]`.
    pub fn draw_one(
        &self,
        latent: &[f32],
        condition: Option<ClassId>,
        sampler: Sampler,
    ) -> Vec<f32> {
        match self {
            Self::Vae(vae, scratch) => vae.decode_as(latent, condition, &mut locked(scratch)),
            Self::Gan(gan, scratch) => gan.decode_as(latent, condition, &mut locked(scratch)),
            Self::Diffusion(diffusion) => {
                let noise = diffusion.noise.noise(latent, sampler.seed);
                let (steps, guidance) = (sampler.steps, f64::from(sampler.guidance));
                let scratch = &mut locked(&diffusion.scratch);
                let flow = &diffusion.flow;
                flow.draw(&noise, condition, steps, guidance, scratch)
            }
        }
    }

    /// The images of many latents on all cores, each with a condition and a seed of its own: `[n, channels, height, width]`.
    pub fn draw_all(
        &self,
        latents: &[f32],
        conditions: &[Option<ClassId>],
        sampler: Sampler,
        seeds: &[Seed],
    ) -> Vec<f32> {
        match self {
            Self::Vae(vae, _) => vae.decode_all_as(latents, conditions),
            Self::Gan(gan, _) => gan.decode_all_as(latents, conditions),
            Self::Diffusion(diffusion) => {
                let noise = diffusion.noise.noise_of_each(latents, seeds);
                let (steps, guidance) = (sampler.steps, f64::from(sampler.guidance));
                diffusion.flow.draw_all(&noise, conditions, steps, guidance)
            }
        }
    }

    /// The VAE, if it is one.
    pub fn vae(&self) -> Option<&InferenceVae> {
        match self {
            Self::Vae(vae, _) => Some(vae),
            Self::Gan(..) | Self::Diffusion(_) => None,
        }
    }
}

/// Buffers hold nothing that a panic could leave half done.
fn locked<T>(scratch: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    scratch.lock().unwrap_or_else(PoisonError::into_inner)
}
