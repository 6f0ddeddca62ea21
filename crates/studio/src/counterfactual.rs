//! What would have to change: walks a latent towards the region of a class until the classifier calls its image that class.

use classifier::Prediction;
use datasets::{ClassId, Image};
use latent_space::{ClassRegions, Path, interpolate};

use crate::{GalleryRequest, Studio, StudioError};

/// A walk to ask for.
#[derive(Debug, Clone, PartialEq)]
pub struct CounterfactualRequest {
    /// Where to start, `latent_dim` coordinates.
    pub latent: Vec<f32>,
    /// The class to walk to.
    pub target: ClassId,
    /// Into how many steps of equal length the way is divided; at least 1.
    pub steps: usize,
}

/// A walk as far as it went: from the start to the first image of the target class, or to the end of the way.
#[derive(Debug, Clone, PartialEq)]
pub struct Counterfactual {
    /// The latents, `latent_dim` coordinates each; the first one is the start.
    pub latents: Vec<Vec<f32>>,
    /// Their images.
    pub images: Vec<Image>,
    /// What the classifier says to each.
    pub predictions: Vec<Prediction>,
    /// How far the last one is along the way, in `0..=1`.
    pub share: f32,
    /// Whether the last one, and none before, is of the target class.
    pub flipped: bool,
}

/// The way from a latent to a class: `steps + 1` latents on the straight line to the mean of the component of the class's
/// region that is nearest (Euclidean distance, as the VAE's prior measures it). Empty if there is no such class.
///
/// The nearest component rather than the anchor: the mean of a region with several parts may lie between them, where no
/// image is.
#[must_use]
pub fn way_to_class(
    latent: &[f32],
    regions: &ClassRegions,
    target: ClassId,
    steps: usize,
) -> Vec<Vec<f32>> {
    let square = |mean: &[f32]| -> f64 {
        let apart = latent.iter().zip(mean).map(|(a, b)| f64::from(a - b));
        apart.map(|distance| distance * distance).sum()
    };
    let means = regions.0.get(target.index()).into_iter();
    let means = means.flat_map(|region| region.components.iter().map(|c| c.mean.as_slice()));
    let Some(nearest) = means.min_by(|a, b| square(a).total_cmp(&square(b))) else {
        return Vec::new();
    };
    let steps = steps.max(1);
    (0..=steps)
        .map(|step| interpolate(latent, nearest, step as f32 / steps as f32, Path::Linear))
        .collect()
}

impl Studio {
    /// Walks from a latent to a class until the classifier changes its mind about the images as they are decoded.
    ///
    /// # Errors
    /// As [`frame`](Self::frame), [`StudioError::NoJudge`] without a classifier, and [`StudioError::Request`] of a conditional
    /// model: its latents hold no class, so no way through them leads to one.
    pub fn counterfactual(
        &self,
        request: &CounterfactualRequest,
    ) -> Result<Counterfactual, StudioError> {
        let mut walk = self.set_out(request)?;
        while !self.walk_on(&mut walk, request, usize::MAX)? {}
        Ok(walk)
    }

    /// A walk that has not begun.
    pub(crate) fn set_out(
        &self,
        request: &CounterfactualRequest,
    ) -> Result<Counterfactual, StudioError> {
        self.check_class(request.target)?;
        self.judge_for("a walk to another class")?;
        if self.generator().conditional_classes().is_some() {
            return Err(StudioError::Request(
                "the latents of a conditional model hold no class, so no way leads to one: decode this latent with the class"
                    .to_owned(),
            ));
        }
        self.latents(std::slice::from_ref(&request.latent))?;
        let regions = &self.generator_part().latent.regions;
        Ok(Counterfactual {
            latents: way_to_class(&request.latent, regions, request.target, request.steps),
            images: Vec::new(),
            predictions: Vec::new(),
            share: 0.0,
            flipped: false,
        })
    }

    /// Takes at most `count` steps of a walk; true when it is at its end. Until then it holds the latents still ahead.
    pub(crate) fn walk_on(
        &self,
        walk: &mut Counterfactual,
        request: &CounterfactualRequest,
        count: usize,
    ) -> Result<bool, StudioError> {
        let start = walk.images.len();
        let end = walk.latents.len().min(start.saturating_add(count));
        let part = self.gallery(&GalleryRequest::new(walk.latents[start..end].to_vec()))?;
        let reached = |prediction: &Prediction| prediction.class == request.target;
        let first = part.predictions.iter().position(reached);
        walk.images.extend(part.images);
        walk.predictions.extend(part.predictions);
        let Some(length) = first
            .map(|first| start + first + 1)
            .or((end == walk.latents.len()).then_some(end))
        else {
            return Ok(false);
        };
        let whole = walk.latents.len().saturating_sub(1).max(1);
        walk.latents.truncate(length);
        walk.images.truncate(length);
        walk.predictions.truncate(length);
        walk.share = length.saturating_sub(1) as f32 / whole as f32;
        walk.flipped = first.is_some();
        Ok(true)
    }
}
