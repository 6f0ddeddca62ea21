//! The part of a joint model that tells classes apart.

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use crate::{Prior, VaeConfig, VaeError};

/// The architecture of a [`Head`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadConfig {
    /// How many dimensions of the latent space it sees: the first ones. The others are free for what is no matter of class.
    pub dims: usize,
    /// Width of the hidden layer; 0 for none, which leaves a linear layer.
    pub hidden: usize,
}

/// Width of the hidden layer if nobody asks for another.
const HIDDEN: usize = 64;

impl HeadConfig {
    /// A head that sees the first half of the latent space, rounded up.
    #[must_use]
    pub fn of_half(latent_dim: usize) -> Self {
        Self {
            dims: latent_dim.div_ceil(2),
            hidden: HIDDEN,
        }
    }

    /// Whether the rest of the network can have this head.
    pub(crate) fn check(self, network: &VaeConfig) -> Result<(), VaeError> {
        let refuse =
            |field, value: String, rule: String| Err(VaeError::Config { field, value, rule });
        let latent_dim = network.latent_dim;
        if !(1..=latent_dim).contains(&self.dims) {
            let rule = format!("it must be from 1 to the {latent_dim} of the latents");
            return refuse("dims of the head", self.dims.to_string(), rule);
        }
        if self.hidden > VaeConfig::LARGEST {
            let rule = format!("it must be from 0 to {}", VaeConfig::LARGEST);
            return refuse("hidden of the head", self.hidden.to_string(), rule);
        }
        if network.conditional {
            let rule = "a network that is given the class has no head to tell it";
            return refuse("conditional", true.to_string(), rule.to_owned());
        }
        if network.prior != Prior::Normal {
            let rule = format!("a network with a head needs {}", Prior::Normal);
            return refuse("prior", network.prior.to_string(), rule);
        }
        Ok(())
    }

    pub(crate) fn init(self, classes: usize, device: &Device) -> Head {
        let linear = |from, to| LinearConfig::new(from, to).init(device);
        let hidden = (self.hidden > 0).then(|| linear(self.dims, self.hidden));
        let from = if self.hidden > 0 {
            self.hidden
        } else {
            self.dims
        };
        Head {
            hidden,
            out: linear(from, classes),
        }
    }

    /// How many numbers the head for so many classes has.
    pub(crate) fn parameters(self, classes: usize) -> usize {
        let linear = |from, to| from * to + to;
        if self.hidden == 0 {
            return linear(self.dims, classes);
        }
        linear(self.dims, self.hidden) + linear(self.hidden, classes)
    }
}

/// Tells the class of an image from the first dimensions of its latent: a linear layer, or two with a `ReLU` between them.
#[derive(Module, Debug)]
pub struct Head {
    /// `[dims] -> [hidden]`, if there is a hidden layer.
    pub hidden: Option<Linear>,
    /// `[hidden] -> [classes]`, or from the latent's first dimensions.
    pub out: Linear,
}

impl Head {
    /// The logits of the classes.
    ///
    /// # Shapes
    /// - `latents`: `[batch, latent_dim]`, of which only the first dimensions are looked at
    /// - output: `[batch, classes]`
    #[must_use]
    pub fn forward(&self, latents: Tensor<2>) -> Tensor<2> {
        let seen = latents.narrow(1, 0, self.dims()); // [batch, dims]
        let features = match &self.hidden {
            Some(hidden) => relu(hidden.forward(seen)), // [batch, hidden]
            None => seen,
        };
        self.out.forward(features)
    }

    /// How many classes it tells apart.
    #[must_use]
    pub fn classes(&self) -> usize {
        let [_, classes] = self.out.weight.dims();
        classes
    }

    /// How many dimensions of the latent space it sees.
    #[must_use]
    pub fn dims(&self) -> usize {
        let first = self.hidden.as_ref().unwrap_or(&self.out);
        let [dims, _] = first.weight.dims();
        dims
    }
}
