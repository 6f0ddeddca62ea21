//! Whether a request fits the model, before a network sees it.

use burn::tensor::Tensor;
use classifier::STAGES;
use datasets::{ClassId, Image};

use super::Studio;
use crate::{
    Conditions, FrameRequest, Generator, Judge, MOST_FLOW_STEPS, MOST_GUIDANCE, Sampler,
    StudioError,
};

impl Studio {
    /// Latents as a tensor `[n, latent_dim]`, once they are known to fit.
    ///
    /// # Errors
    /// [`StudioError::Request`] if one does not.
    pub fn latents(&self, latents: &[Vec<f32>]) -> Result<Tensor<2>, StudioError> {
        self.check_latents(latents)?;
        Ok(self.networks.tensor(&latents.concat(), latents.len()))
    }

    /// The image of a frame in the networks' own form, `[1, channels, height, width]`.
    pub(crate) fn images_of(&self, request: &FrameRequest) -> Result<Tensor<4>, StudioError> {
        self.check_frame(request)?;
        let (latent, condition) = (&request.latent, request.condition);
        Ok(self
            .networks
            .images_of(latent, &[condition], request.sampler))
    }

    pub(crate) fn check_latents(&self, latents: &[Vec<f32>]) -> Result<(), StudioError> {
        let dims = self.generator_part.latent.dims();
        for latent in latents {
            if latent.len() != dims {
                return Err(StudioError::Request(format!(
                    "the latent has {} coordinates, and the model {dims}",
                    latent.len()
                )));
            }
            if !latent.iter().all(|v| v.is_finite()) {
                return Err(StudioError::Request(
                    "a coordinate of the latent is not a number".to_owned(),
                ));
            }
        }
        Ok(())
    }

    pub(super) fn check_frame(&self, request: &FrameRequest) -> Result<(), StudioError> {
        self.check_latents(std::slice::from_ref(&request.latent))?;
        self.check_condition(request.condition)?;
        self.check_sampler(request.sampler)?;
        if request.layer.index() >= STAGES {
            return Err(StudioError::Request(format!(
                "there is no layer {}: the classifier has {STAGES}, counted from 0",
                request.layer.index()
            )));
        }
        request
            .target
            .map_or(Ok(()), |target| self.check_target(target))
    }

    pub(crate) fn check_image(&self, image: &Image) -> Result<(), StudioError> {
        let (found, expected) = (image.shape(), self.shape());
        if found == expected {
            return Ok(());
        }
        Err(StudioError::Request(format!(
            "the image is {found} (channels, height, width), and the model's are {expected}"
        )))
    }

    /// Whether the model can be given this class, or none.
    pub(super) fn check_condition(&self, condition: Option<ClassId>) -> Result<(), StudioError> {
        let Some(class) = condition else {
            return Ok(());
        };
        let Some(classes) = self.generator().conditional_classes() else {
            return Err(StudioError::Request(format!(
                "the class {class} was given to a model that takes none: it is not conditional, so leave the class out"
            )));
        };
        Self::check_among(class, classes)
    }

    /// Whether the model can draw in this way; without a flow there are no steps.
    pub(crate) fn check_sampler(&self, sampler: Sampler) -> Result<(), StudioError> {
        let steps = sampler.steps;
        let refuse = |problem: String| Err(StudioError::Request(problem));
        let is_diffusion = matches!(self.generator(), Generator::Diffusion(_));
        if is_diffusion && steps == 0 {
            return refuse(
                "a diffusion was asked for an image in 0 steps: ask for 1 at least".to_owned(),
            );
        }
        if steps > 0 && !is_diffusion && self.manifest.refiner.is_none() {
            return refuse(
                "a sharpened image was asked of a model that has no refiner: ask for 0 steps"
                    .to_owned(),
            );
        }
        if steps > MOST_FLOW_STEPS {
            return refuse(format!(
                "{steps} steps were asked for, and {MOST_FLOW_STEPS} is the most"
            ));
        }
        if !Sampler::is_guidance(sampler.guidance) {
            let guidance = sampler.guidance;
            return refuse(format!(
                "the guidance is {guidance}, and must be a number from 0 to {MOST_GUIDANCE}"
            ));
        }
        Ok(())
    }

    /// The class of each of `n` latents or images, once they are known to fit.
    ///
    /// # Errors
    /// [`StudioError::Request`] if the model cannot be given one of them, or there are not as many.
    pub(crate) fn conditions(
        &self,
        conditions: &Conditions,
        n: usize,
    ) -> Result<Vec<Option<ClassId>>, StudioError> {
        let conditions = conditions.of_each(n).ok_or_else(|| {
            StudioError::Request(format!("there is not one class for each of {n}"))
        })?;
        for condition in &conditions {
            self.check_condition(*condition)?;
        }
        Ok(conditions)
    }

    /// Whether images have this class, so that there is a region of it.
    pub(crate) fn check_class(&self, class: ClassId) -> Result<(), StudioError> {
        Self::check_among(class, self.manifest.dataset.classes())
    }

    /// Whether there is a region of this number: the one of all images is number 0.
    pub(super) fn check_region(&self, region: ClassId) -> Result<(), StudioError> {
        if region.index() < self.generator_part().latent.regions.classes() {
            return Ok(());
        }
        self.check_class(region)
    }

    /// Whether the judge may be asked about this class: its own may be others where images have none.
    fn check_target(&self, class: ClassId) -> Result<(), StudioError> {
        let classes = self.manifest.dataset.classes();
        Self::check_among(class, self.judge().map_or(classes, Judge::classes))
    }

    fn check_among(class: ClassId, classes: usize) -> Result<(), StudioError> {
        if class.index() < classes {
            return Ok(());
        }
        Err(StudioError::Request(if classes == 0 {
            format!("there is no class {class}: the model's images have no classes")
        } else {
            format!("there is no class {class}: the model knows {classes}, counted from 0")
        }))
    }
}
