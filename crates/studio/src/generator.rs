//! The families of models that make images, behind one face.
//!
//! A closed enum rather than a trait object: bundles serialise what is in it, and Burn's modules are derived.

use burn::module::Module;
use burn::tensor::{Device, Int, Tensor, TensorData};
use datasets::{ClassId, ImageShape, Seed};
use flow::{CoarseNoise, VelocityNet};
use vae_core::Vae;

use crate::{DiffusionArchitecture, Sampler};

/// A network that makes images of latents.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a model has one, which is made once and never moved about"
)]
pub enum Generator {
    /// A variational autoencoder.
    Vae(Vae),
    /// The generator of a generative adversarial network.
    Gan(gan::Generator),
    /// A rectified flow from noise.
    Diffusion(Box<Diffusion>),
}

/// A flow from noise, and what its latents are.
#[derive(Debug)]
pub struct Diffusion {
    /// The network.
    pub network: VelocityNet,
    /// The part of the noise that is the latent.
    pub noise: CoarseNoise,
    /// Steps and guidance unless somebody asks for others.
    pub usual: Sampler,
}

impl Diffusion {
    /// A network as a bundle describes it.
    #[must_use]
    pub fn new(network: VelocityNet, architecture: &DiffusionArchitecture) -> Self {
        Self {
            noise: CoarseNoise::new(network.shape, architecture.latent_dim),
            usual: Sampler {
                steps: architecture.steps,
                guidance: architecture.guidance,
                ..Sampler::default()
            },
            network,
        }
    }
}

impl Generator {
    /// The image of each latent in a class, which only a conditional model looks at; the sampler, and the seed of each image's details,
    /// are for a diffusion alone.
    ///
    /// # Shapes
    /// - `latents`: `[batch, latent_dim]`
    /// - `classes`: `[batch]`; `None` for no class
    /// - `seeds`: one for each
    /// - output: `[batch, channels, height, width]` in `[0, 1]`
    ///
    /// # Panics
    /// If a shape differs.
    #[must_use]
    pub fn draw(
        &self,
        latents: Tensor<2>,
        classes: Option<Tensor<1, Int>>,
        sampler: Sampler,
        seeds: &[Seed],
    ) -> Tensor<4> {
        match self {
            Self::Vae(vae) => vae.decode_as(latents, classes),
            Self::Gan(gan) => gan.decode(latents, classes),
            Self::Diffusion(diffusion) => {
                let (device, shape) = (latents.device(), diffusion.network.shape);
                let latents: Vec<f32> = latents.into_data().iter::<f32>().collect();
                let noise = diffusion.noise.noise_of_each(&latents, seeds);
                let noise = TensorData::new(noise, shape.batch(seeds.len()));
                let noise = Tensor::from_data(noise, &device);
                let guidance = f64::from(sampler.guidance);
                diffusion
                    .network
                    .draw(noise, classes, sampler.steps, guidance)
            }
        }
    }

    /// The VAE, if it is one.
    #[must_use]
    pub fn vae(&self) -> Option<&Vae> {
        match self {
            Self::Vae(vae) => Some(vae),
            Self::Gan(_) | Self::Diffusion(_) => None,
        }
    }

    /// How many classes condition the model; `None` if it takes no class.
    #[must_use]
    pub fn conditional_classes(&self) -> Option<usize> {
        match self {
            Self::Vae(vae) => vae.conditional_classes(),
            Self::Gan(gan) => Some(gan.classes()).filter(|classes| *classes > 0),
            Self::Diffusion(diffusion) => diffusion.network.classes(),
        }
    }

    /// The classes of some latents or images as [`draw`](Self::draw) takes them, `[classes.len()]`; `None` if the model
    /// takes no class, or none is given to any.
    #[must_use]
    pub fn classes(&self, classes: &[Option<ClassId>], device: &Device) -> Option<Tensor<1, Int>> {
        let no_class = self.conditional_classes()?;
        if classes.iter().all(Option::is_none) {
            return None;
        }
        let number = |class: &Option<ClassId>| class.map_or(no_class, ClassId::index) as i32;
        let numbers: Vec<i32> = classes.iter().map(number).collect();
        Some(Tensor::from_data(
            TensorData::from(numbers.as_slice()),
            device,
        ))
    }

    /// Dimensions of the latent space.
    #[must_use]
    pub fn latent_dim(&self) -> usize {
        match self {
            Self::Vae(vae) => vae.latent_dim(),
            Self::Gan(gan) => gan.latent_dim(),
            Self::Diffusion(diffusion) => diffusion.noise.dims(),
        }
    }

    /// Shape of the images.
    #[must_use]
    pub fn shape(&self) -> ImageShape {
        match self {
            Self::Vae(vae) => vae.shape,
            Self::Gan(gan) => gan.shape,
            Self::Diffusion(diffusion) => diffusion.network.shape,
        }
    }

    /// Numbers in the network.
    #[must_use]
    pub fn parameters(&self) -> usize {
        match self {
            Self::Vae(vae) => vae.num_params(),
            Self::Gan(gan) => gan.num_params(),
            Self::Diffusion(diffusion) => diffusion.network.num_params(),
        }
    }
}
