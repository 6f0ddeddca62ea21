//! The architecture as data: what is written down, checked and built.

use burn::tensor::Device;
use datasets::{ImageShape, MAX_CLASSES};
use serde::{Deserialize, Serialize};

use crate::{FlowError, VelocityNet};

/// Groups of channels that are normalised together, at every size.
pub(crate) const GROUPS: usize = 8;

/// Heads of the attention; they divide every number of channels that [`GROUPS`] divides.
pub(crate) const HEADS: usize = 4;

/// The architecture of a [`VelocityNet`], but for the shape and the classes of its images: those belong to the data set and
/// are given to [`init`](Self::init).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FlowConfig {
    /// Channels at each size of the maps, the largest maps first: multiples of 8. Each further size has half the side of the
    /// one before.
    pub channels: Vec<usize>,
    /// Width of the vector that tells all blocks the time and the class.
    pub embedding: usize,
    /// Side of the square patches that the image is cut into, in pixels: each is one pixel of the largest maps.
    pub patch: usize,
    /// Whether the pixels of the smallest maps attend to each other.
    pub attention: bool,
    /// Whether the network is given the class of an image.
    pub conditional: bool,
    /// Whether the flow begins with a picture, which the network sees in every step: a refiner.
    pub from_picture: bool,
    /// Standard deviation of the noise that is added to the picture that a refiner begins with; pixels lie in `[-1, 1]`.
    pub noise: f64,
}

impl Default for FlowConfig {
    fn default() -> Self {
        Self {
            channels: vec![48, 96],
            embedding: 128,
            patch: 2,
            attention: true,
            conditional: false,
            from_picture: true,
            noise: 0.5,
        }
    }
}

/// Most patches in a row of a usual network: its patches have 2 pixels a side, doubled until there are no more than this.
const MOST_PATCHES: usize = 32;

/// Up to so many patches in a row, two sizes of maps are enough.
const MOST_PATCHES_OF_TWO_LEVELS: usize = 20;

impl FlowConfig {
    /// Most channels, widest embedding and largest patch that [`validate`](Self::validate) lets through: far beyond what images
    /// of 128 pixels a side need, and small enough that a damaged file cannot ask for all memory.
    pub const LARGEST: usize = 1024;

    /// Most sizes of maps that [`validate`](Self::validate) lets through.
    pub const MOST_LEVELS: usize = 6;

    /// The usual refiner for images of a shape.
    #[must_use]
    pub fn refiner(shape: ImageShape) -> Self {
        Self::usual(shape, [&[48, 96], &[32, 48, 96]])
    }

    /// The usual diffusion for images of a shape, without classes: set [`conditional`](Self::conditional) where there are some.
    #[must_use]
    pub fn diffusion(shape: ImageShape) -> Self {
        Self {
            from_picture: false,
            ..Self::usual(shape, [&[64, 128], &[48, 64, 128]])
        }
    }

    /// With channels for few patches, and for many.
    fn usual(shape: ImageShape, [few, many]: [&[usize]; 2]) -> Self {
        let side = shape.square_side();
        let mut patch = 2;
        while side.div_ceil(patch) > MOST_PATCHES {
            patch *= 2;
        }
        let is_few = side.div_ceil(patch) <= MOST_PATCHES_OF_TWO_LEVELS;
        Self {
            channels: if is_few { few } else { many }.to_vec(),
            patch,
            ..Self::default()
        }
    }

    /// Checks that a network for images of a shape and of `classes` classes can be built.
    ///
    /// # Errors
    /// [`FlowError::Config`] names the first field that is out of range.
    pub fn validate(&self, shape: ImageShape, classes: usize) -> Result<(), FlowError> {
        let refuse = |field, value: &dyn std::fmt::Debug, rule: String| {
            Err(FlowError::config(field, value, rule))
        };
        if !(1..=Self::MOST_LEVELS).contains(&self.channels.len()) {
            let rule = format!("there must be 1 to {} of them", Self::MOST_LEVELS);
            return refuse("channels", &self.channels, rule);
        }
        let fits = |count: &usize| {
            count.is_multiple_of(GROUPS) && (GROUPS..=Self::LARGEST).contains(count)
        };
        if !self.channels.iter().all(fits) {
            let most = Self::LARGEST;
            let rule = format!("each must be a multiple of {GROUPS} from {GROUPS} to {most}");
            return refuse("channels", &self.channels, rule);
        }
        if !(1..=Self::LARGEST).contains(&self.embedding) {
            let rule = format!("it must be from 1 to {}", Self::LARGEST);
            return refuse("embedding", &self.embedding, rule);
        }
        // A pixel of the smallest maps must not see more than the image.
        let most = shape.square_side() >> (self.channels.len() - 1);
        if !(1..=most).contains(&self.patch) {
            let sizes = self.channels.len();
            let rule = format!("images of {shape} at {sizes} sizes need patches of 1 to {most}");
            return refuse("patch", &self.patch, rule);
        }
        if self.conditional && self.from_picture {
            let rule = "a refiner takes no class".to_owned();
            return refuse("conditional", &self.conditional, rule);
        }
        if self.conditional && !(1..=MAX_CLASSES).contains(&classes) {
            let rule = format!("the images have {classes} classes: it needs 1 to {MAX_CLASSES}");
            return refuse("conditional", &self.conditional, rule);
        }
        if !(self.noise.is_finite() && self.noise > 0.0) {
            return refuse("noise", &self.noise, "it must be positive".to_owned());
        }
        Ok(())
    }

    /// Builds the network for images of a shape and of `classes` classes, 0 for images without labels. The weights are fresh
    /// (seed the device first to make them repeatable). Its velocity is 0 until it has learned: a refiner begins by leaving the
    /// noisy picture as it is.
    ///
    /// # Errors
    /// [`FlowError::Config`] if a field is out of range, or the network needs classes and there are none.
    pub fn init(
        &self,
        shape: ImageShape,
        classes: usize,
        device: &Device,
    ) -> Result<VelocityNet, FlowError> {
        self.validate(shape, classes)?;
        Ok(VelocityNet::new(self, shape, classes, device))
    }

    /// Channels of the patches that the network reads: those of the point on its way, and of the picture.
    pub(crate) fn channels_in(&self, shape: ImageShape) -> usize {
        self.channels_out(shape) * if self.from_picture { 2 } else { 1 }
    }

    /// Channels of the patches of an image.
    pub(crate) fn channels_out(&self, shape: ImageShape) -> usize {
        shape.channels() * self.patch * self.patch
    }
}
