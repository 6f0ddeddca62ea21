//! How much a latent dimension matters, in the terms of each family of models.

use latent_space::LatentStats;
use studio::{Architecture, GeneratorPart};

/// The dimensions as their sliders stand in Explore, from the top: those that carry most information first, and those that are hardly
/// used last.
#[must_use]
pub fn slider_order(stats: &LatentStats) -> Vec<usize> {
    let mut order = stats.order_by_kl();
    // The order of equals stays.
    order.sort_by_key(|&dim| !stats.is_active(dim));
    order
}

/// How much a dimension matters, held against the one that matters most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Importance {
    /// Of a VAE: what it tells about an image.
    Nats {
        /// Mean divergence of the posterior from the prior, in nats.
        kl: f32,
        /// The largest of all dimensions.
        most: f32,
    },
    /// Of a GAN: how much of the variance of the first feature maps it makes.
    Share {
        /// In 0..1.
        share: f32,
        /// The largest of all dimensions.
        most: f32,
    },
    /// Of a diffusion nothing is known but that coarse waves come first.
    Unknown,
}

impl Importance {
    /// Of a dimension of a model.
    #[must_use]
    pub fn of(part: &GeneratorPart, dim: usize) -> Self {
        let most = |all: &[f32]| all.iter().copied().fold(0.0, f32::max);
        match &part.architecture {
            Architecture::Vae(_) => {
                let all = &part.latent.statistics.kl_nats;
                let kl = all.get(dim).copied().unwrap_or_default();
                let most = most(all);
                Self::Nats { kl, most }
            }
            Architecture::Gan(gan) => {
                let share = gan.shares.get(dim).copied().unwrap_or_default();
                let most = most(&gan.shares);
                Self::Share { share, most }
            }
            Architecture::Diffusion(_) => Self::Unknown,
        }
    }

    /// Its part of the most important one, in 0..1; `None` if that is not known.
    #[must_use]
    pub fn of_the_most(self) -> Option<f32> {
        let (value, most) = match self {
            Self::Nats { kl, most } => (kl, most),
            Self::Share { share, most } => (share, most),
            Self::Unknown => return None,
        };
        Some((value / most.max(f32::EPSILON)).clamp(0.0, 1.0))
    }

    /// As behind the name of a slider: `3.00 nats`; nothing if it is not known.
    #[must_use]
    pub fn text(self) -> Option<String> {
        match self {
            Self::Nats { kl, .. } => Some(format!("{kl:.2} nats")),
            Self::Share { share, .. } => Some(format!("{:.1} % of the variance", 100.0 * share)),
            Self::Unknown => None,
        }
    }
}
