//! The architecture as data: what is written down, checked and built.

use burn::module::Initializer;
use burn::tensor::Device;
use datasets::{ImageShape, map_sides};
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::{Decoder, Encoder, HeadConfig, Vae, VaeError};

/// The distribution of a pixel given the decoder's output, and with it the reconstruction term of the ELBO.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Likelihood {
    /// Each pixel a Bernoulli variable, grey levels taken as probabilities: the binary cross-entropy that most VAEs on
    /// MNIST are trained with.
    Bernoulli,
    /// Each pixel Gaussian around the decoder's output with one shared variance, which is always the one that maximises
    /// the likelihood (Rybkin et al. 2021, "Simple and Effective VAE Training with Calibrated Decoders").
    Gaussian,
}

impl std::fmt::Display for Likelihood {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Bernoulli => "bernoulli",
            Self::Gaussian => "gaussian",
        })
    }
}

impl std::fmt::Display for Prior {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Normal => "normal",
            Self::ClassCentres => "class-centres",
        })
    }
}

impl std::str::FromStr for Prior {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "normal" => Ok(Self::Normal),
            "class-centres" => Ok(Self::ClassCentres),
            other => Err(format!(
                "unknown prior '{other}': choose normal or class-centres"
            )),
        }
    }
}

impl std::str::FromStr for Likelihood {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "bernoulli" => Ok(Self::Bernoulli),
            "gaussian" => Ok(Self::Gaussian),
            other => Err(format!(
                "unknown likelihood '{other}': choose bernoulli or gaussian"
            )),
        }
    }
}

/// The distribution of latents that the ELBO pulls the posteriors towards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prior {
    /// N(0, I) for every image.
    Normal,
    /// N(c, I) around a learned centre c for each class; the label of a training image says which. With
    /// classes drawn evenly that is a mixture of Gaussians, and the ELBO a bound on `ln p(image | class)`
    /// (Kingma et al. 2014, "Semi-supervised Learning with Deep Generative Models", with the class acting through the
    /// latents alone). An image is still encoded without its label.
    ClassCentres,
}

/// The architecture of a [`Vae`], but for the shape of its images: that belongs to the data set and is given to
/// [`init`](Self::init).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VaeConfig {
    /// Dimensions of the latent space.
    pub latent_dim: usize,
    /// Channels of the feature maps after each halving of the image, the same in encoder and decoder: one count for each
    /// side of [`map_sides`] behind the first. Empty for the usual ones of the images, see
    /// [`usual_channels`](Self::usual_channels).
    #[serde(deserialize_with = "list_or_tuple")]
    pub channels: Vec<usize>,
    /// Residual blocks after each change of size.
    pub blocks: usize,
    /// The distribution of a pixel.
    pub likelihood: Likelihood,
    /// The distribution of the latents.
    pub prior: Prior,
    /// Whether encoder and decoder are given the class of an image, which acts in front of each residual block
    /// ([`Film`](crate::Film)). The latents then need not hold the class. Needs classes, a block at least, and
    /// [`Prior::Normal`]. Left out of files where it is false: earlier versions knew no such network.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub conditional: bool,
    /// A head that tells the class of an image from part of its latent and is trained with the rest, which makes a joint model.
    /// Needs classes and [`Prior::Normal`]. Left out of files where there is none: earlier versions knew no such network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head: Option<HeadConfig>,
}

/// Channels after each halving in multiples of those after the first: enough of them for the largest images.
const GROWTH: [usize; 5] = [1, 2, 4, 6, 8];

/// Channels after the first halving if nobody asks for others. Files may leave channels out, so this stays as it is.
const WIDTH: usize = 32;

impl Default for VaeConfig {
    fn default() -> Self {
        Self {
            latent_dim: 32,
            channels: Vec::new(),
            blocks: 1,
            likelihood: Likelihood::Bernoulli,
            prior: Prior::ClassCentres,
            conditional: false,
            head: None,
        }
    }
}

impl VaeConfig {
    /// Largest latent size and channel count that [`validate`](Self::validate) lets through: far beyond what images of 128
    /// pixels a side need, and small enough that a damaged file cannot ask for all memory.
    pub const LARGEST: usize = 1024;
    /// Most residual blocks that [`validate`](Self::validate) lets through.
    pub const MOST_BLOCKS: usize = 16;

    /// The channels for images of a shape that begin with `width`: 1, 2, 4, 6 and 8 times as many, as far as the image is
    /// halved.
    #[must_use]
    pub fn channels_of_width(shape: ImageShape, width: usize) -> Vec<usize> {
        let growth = GROWTH.into_iter().take(halvings(shape));
        growth.map(|factor| width.saturating_mul(factor)).collect()
    }

    /// The channels for images of a shape if nobody asks for others: 32, 64, 128, 192 and 256, as far as the image is halved.
    #[must_use]
    pub fn usual_channels(shape: ImageShape) -> Vec<usize> {
        Self::channels_of_width(shape, WIDTH)
    }

    /// The same architecture with its channels filled in if they were left out: what a file should keep.
    #[must_use]
    pub fn resolved(&self, shape: ImageShape) -> Self {
        let mut resolved = self.clone();
        if resolved.channels.is_empty() {
            resolved.channels = Self::usual_channels(shape);
        }
        resolved
    }

    /// Checks that a network for images of a shape can be built.
    ///
    /// # Errors
    /// [`VaeError::Config`] names the first field that is out of range.
    pub fn validate(&self, shape: ImageShape) -> Result<(), VaeError> {
        let refuse =
            |field, value: String, rule: String| Err(VaeError::Config { field, value, rule });
        let channels = self.channels.iter().map(|count| ("channels", *count));
        let fields = std::iter::once(("latent_dim", self.latent_dim)).chain(channels);
        for (field, value) in fields {
            if !(1..=Self::LARGEST).contains(&value) {
                let rule = format!("it must be from 1 to {}", Self::LARGEST);
                return refuse(field, value.to_string(), rule);
            }
        }
        let halvings = halvings(shape);
        if !self.channels.is_empty() && self.channels.len() != halvings {
            let rule =
                format!("images of {shape} are halved {halvings} times: give a count for each");
            return refuse("channels", format!("{:?}", self.channels), rule);
        }
        if self.blocks > Self::MOST_BLOCKS {
            let rule = format!("it must be from 0 to {}", Self::MOST_BLOCKS);
            return refuse("blocks", self.blocks.to_string(), rule);
        }
        if self.conditional && self.blocks == 0 {
            let rule = "a conditional network takes the class in front of its blocks and needs one";
            return refuse("blocks", self.blocks.to_string(), rule.to_owned());
        }
        if self.conditional && self.prior != Prior::Normal {
            let rule = format!("a conditional network needs {}", Prior::Normal);
            return refuse("prior", self.prior.to_string(), rule);
        }
        self.head.map_or(Ok(()), |head| head.check(self))
    }

    /// Whether training looks at the labels of the images.
    #[must_use]
    pub fn uses_labels(&self) -> bool {
        self.conditional || self.head.is_some() || self.prior == Prior::ClassCentres
    }

    /// How many classes of images of `classes` classes have a region of their own in latent space: none if the network is
    /// conditional, because then latents do not hold the class.
    #[must_use]
    pub fn classes_in_latents(&self, classes: usize) -> usize {
        if self.conditional { 0 } else { classes }
    }

    /// Refuses images without labels where they are needed.
    pub(crate) fn check_classes(&self, classes: usize) -> Result<(), VaeError> {
        if classes > 0 || !self.uses_labels() {
            return Ok(());
        }
        Err(if self.conditional {
            VaeError::Config {
                field: "conditional",
                value: self.conditional.to_string(),
                rule: "images without labels have no class to give to the network".to_owned(),
            }
        } else if self.head.is_some() {
            VaeError::Config {
                field: "classes",
                value: classes.to_string(),
                rule: "a head needs classes to tell apart".to_owned(),
            }
        } else {
            VaeError::Config {
                field: "prior",
                value: self.prior.to_string(),
                rule: format!("images without labels need {}", Prior::Normal),
            }
        })
    }

    /// Builds the network for images of a shape and of `classes` classes, 0 for images without labels. The weights are fresh
    /// (seed the device first to make them repeatable).
    ///
    /// # Errors
    /// [`VaeError::Config`] if a field is out of range, or the network needs labels and there are none.
    pub fn init(
        &self,
        shape: ImageShape,
        classes: usize,
        device: &Device,
    ) -> Result<Vae, VaeError> {
        self.validate(shape)?;
        self.check_classes(classes)?;
        let resolved = self.resolved(shape);
        let condition = self.conditional.then_some(classes);
        Ok(Vae {
            encoder: Encoder::new(&resolved, shape, condition, device),
            decoder: Decoder::new(&resolved, shape, condition, device),
            class_centres: match self.prior {
                Prior::Normal => None,
                Prior::ClassCentres => {
                    Some(Initializer::Zeros.init([classes, self.latent_dim], device))
                }
            },
            head: self.head.map(|head| head.init(classes, device)),
            shape,
        })
    }
}

/// How often an image is halved on its way to the smallest maps.
fn halvings(shape: ImageShape) -> usize {
    map_sides(shape.square_side()).len() - 1
}

/// Reads `[32, 64, 128]`, and `(32, 64, 128)` as earlier versions wrote it.
fn list_or_tuple<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<usize>, D::Error> {
    struct Counts;
    impl<'de> Visitor<'de> for Counts {
        type Value = Vec<usize>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a list of channel counts")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut counts: A) -> Result<Vec<usize>, A::Error> {
            let mut all = Vec::new();
            while let Some(count) = counts.next_element()? {
                all.push(count);
            }
            Ok(all)
        }
    }
    deserializer.deserialize_any(Counts)
}
