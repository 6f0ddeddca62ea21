//! The part of a manifest that describes the model that makes the images, of whatever family.

use datasets::ImageShape;
use flow::FlowConfig;
use gan::GanConfig;
use latent_space::LatentSpace;
use serde::{Deserialize, Serialize};
use vae_core::VaeConfig;

use crate::cause::Fault;
use crate::{FileRole, MOST_FLOW_STEPS, Sampler, TrainingRecord};

/// A trained model that makes images.
#[derive(Debug, Clone, PartialEq)]
pub struct GeneratorPart {
    /// What kind of network it is, with its settings.
    pub architecture: Architecture,
    /// How it was trained.
    pub training: TrainingRecord,
    /// Whether its training looked at the labels of the images.
    pub labels_used: bool,
    /// What its latent space looks like.
    pub latent: LatentSpace,
}

/// The kinds of networks that make images.
#[derive(Debug, Clone, PartialEq)]
pub enum Architecture {
    /// A variational autoencoder.
    Vae(VaeArchitecture),
    /// The generator of a generative adversarial network.
    Gan(GanArchitecture),
    /// A rectified flow from noise.
    Diffusion(DiffusionArchitecture),
}

/// The architecture of a VAE.
#[derive(Debug, Clone, PartialEq)]
pub struct VaeArchitecture {
    /// The network.
    pub config: VaeConfig,
    /// Standard deviation of the Gaussian likelihood, if that is the likelihood.
    pub sigma: Option<f32>,
}

/// The architecture of a GAN's generator. Its latents come from N(0, I); its dimensions are the principal axes of what its first layers
/// make of them, the one with the largest share first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GanArchitecture {
    /// The network.
    pub config: GanConfig,
    /// Whether it is given the class of an image.
    pub conditional: bool,
    /// The share of each latent dimension in the variance of the first feature maps, see [`gan::PrincipalAxes`].
    pub shares: Vec<f32>,
}

/// The architecture of a diffusion model. Its latents are the coarse part of the noise, see [`flow::CoarseNoise`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiffusionArchitecture {
    /// The network.
    pub config: FlowConfig,
    /// Dimensions of the latent: the coarse waves of the noise that a person moves.
    pub latent_dim: usize,
    /// Steps from noise to image unless somebody asks for others.
    pub steps: usize,
    /// How far the class is exaggerated unless somebody asks for another guidance; 1 is not at all.
    pub guidance: f32,
}

impl GeneratorPart {
    /// The architecture, if it is a VAE.
    #[must_use]
    pub fn vae(&self) -> Option<&VaeArchitecture> {
        match &self.architecture {
            Architecture::Vae(vae) => Some(vae),
            Architecture::Gan(_) | Architecture::Diffusion(_) => None,
        }
    }

    /// Whether it is given the class of an image.
    #[must_use]
    pub fn is_conditional(&self) -> bool {
        match &self.architecture {
            Architecture::Vae(vae) => vae.config.conditional,
            Architecture::Gan(gan) => gan.conditional,
            Architecture::Diffusion(diffusion) => diffusion.config.conditional,
        }
    }

    /// Whether it has an encoder, so that the latent of an image is known at once.
    #[must_use]
    pub fn has_encoder(&self) -> bool {
        self.vae().is_some()
    }
}

impl Architecture {
    /// The file that holds its weights.
    #[must_use]
    pub fn role(&self) -> FileRole {
        match self {
            Self::Vae(_) => FileRole::Vae,
            Self::Gan(_) => FileRole::Gan,
            Self::Diffusion(_) => FileRole::Diffusion,
        }
    }

    /// Dimensions of the latent space.
    #[must_use]
    pub fn latent_dim(&self) -> usize {
        match self {
            Self::Vae(vae) => vae.config.latent_dim,
            Self::Gan(gan) => gan.config.latent_dim,
            Self::Diffusion(diffusion) => diffusion.latent_dim,
        }
    }

    /// How images are drawn from latents unless somebody asks for something else.
    pub(crate) fn usual_sampler(&self) -> Sampler {
        match self {
            Self::Vae(_) | Self::Gan(_) => Sampler::default(),
            Self::Diffusion(diffusion) => Sampler {
                steps: diffusion.steps,
                guidance: diffusion.guidance,
                ..Sampler::default()
            },
        }
    }

    /// How many regions the latent space of images of so many classes has; 0 stands for one over all of them.
    pub(crate) fn classes_in_latents(&self, classes: usize) -> usize {
        match self {
            Self::Vae(vae) => vae.config.classes_in_latents(classes),
            Self::Gan(_) | Self::Diffusion(_) => 0,
        }
    }

    /// Whether such a network can be built for images of a shape and of so many classes.
    pub(crate) fn check(&self, shape: ImageShape, classes: usize) -> Result<(), Fault> {
        match self {
            Self::Vae(vae) => Ok(vae.config.validate(shape)?),
            Self::Gan(gan) => gan.check(shape, classes),
            Self::Diffusion(diffusion) => diffusion.check(shape, classes),
        }
    }
}

impl GanArchitecture {
    /// How many classes the network knows.
    pub(crate) fn classes(&self, of_images: usize) -> usize {
        if self.conditional { of_images } else { 0 }
    }

    fn check(&self, shape: ImageShape, classes: usize) -> Result<(), Fault> {
        self.config.validate(shape, classes)?;
        if self.conditional && classes == 0 {
            return Err(Fault::new(
                "its GAN is given classes, and its images have none",
            ));
        }
        let is_share = |share: &f32| (0.0..=1.0).contains(share);
        if self.shares.len() == self.config.latent_dim && self.shares.iter().all(is_share) {
            return Ok(());
        }
        Err(Fault::new(
            "its GAN does not have a share in 0..1 for each latent dimension",
        ))
    }
}

impl DiffusionArchitecture {
    pub(crate) fn check(&self, shape: ImageShape, classes: usize) -> Result<(), Fault> {
        self.config.validate(shape, classes)?;
        let refuse = |what: &str| Err(Fault::new(format!("its diffusion {what}")));
        if self.config.from_picture {
            return refuse("begins with a picture, as only a refiner does");
        }
        if !(1..=shape.values()).contains(&self.latent_dim) {
            return refuse("has a number of latent dimensions that is out of range");
        }
        if !(1..=MOST_FLOW_STEPS).contains(&self.steps) {
            return refuse("takes a number of steps that is out of range");
        }
        if !Sampler::is_guidance(self.guidance) {
            return refuse("has a guidance that is out of range");
        }
        Ok(())
    }
}
