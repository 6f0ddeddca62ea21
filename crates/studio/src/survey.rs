//! What is known of each of many points of latent space at once, as a map colours them: what the judge says, how well the image is
//! drawn again, and how rare the place is.

use std::ops::Range;

use classifier::Prediction;
use datasets::LabelledImages;

use crate::{Conditions, Studio, StudioError};

/// Points of latent space to look at.
#[derive(Debug, Clone, PartialEq)]
pub struct SurveyRequest {
    /// The latents, `latent_dim` coordinates each.
    pub latents: Vec<Vec<f32>>,
    /// Whether these are where the first images of the model's sample lie, in the order of the sample. Of other latents only
    /// their rarity is looked at.
    pub of_sample: bool,
    /// The classes that a conditional model decodes them with: best the images' own.
    pub conditions: Conditions,
}

/// What is known of some points, in the order of the request. A list is empty where the model has nothing to say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Survey {
    /// What the judge says of each image of the sample; empty without a judge.
    pub predictions: Vec<Prediction>,
    /// Mean over all values of the squared difference between each image of the sample and what its latent is decoded to.
    pub squared_errors: Vec<f32>,
    /// As [`density_percentile`](crate::Realistic::density_percentile): 50 is usual, 0 is where no training image is. Empty if
    /// the model does not say what is usual.
    pub density_percentiles: Vec<f32>,
}

impl Studio {
    /// Looks at points of latent space.
    ///
    /// # Errors
    /// [`StudioError::Request`] if latents or classes do not fit the model, or there are more of them than images in its sample,
    /// and [`StudioError::NotFinite`] if the networks overflow on them.
    pub fn survey(&self, request: &SurveyRequest) -> Result<Survey, StudioError> {
        let mut survey = Survey::default();
        let count = request.latents.len();
        self.survey_part(request, 0..count, &mut survey)?;
        Ok(survey)
    }

    /// Adds some of the points to what is known of those before.
    pub(crate) fn survey_part(
        &self,
        request: &SurveyRequest,
        part: Range<usize>,
        survey: &mut Survey,
    ) -> Result<(), StudioError> {
        let latents = &request.latents[part.clone()];
        if request.of_sample {
            let sample = self.sample().filter(|sample| sample.len() >= part.end);
            let sample = sample.ok_or_else(|| {
                StudioError::Request(format!(
                    "{} images of the sample were asked about, and there are not that many",
                    part.end
                ))
            })?;
            let conditions = self.conditions(&request.conditions, request.latents.len())?;
            let again = self.decode(
                latents,
                &Conditions::Each(conditions[part.clone()].to_vec()),
            )?;
            self.look_at_images(sample, part, &again, survey)?;
        }
        let space = &self.generator_part().latent;
        if let Some(usual) = &space.realism {
            self.check_latents(latents)?;
            let density = |latent: &Vec<f32>| space.regions.log_density(latent) as f32;
            let percentile = |latent| usual.density_percentile(density(latent));
            survey
                .density_percentiles
                .extend(latents.iter().map(percentile));
        }
        Ok(())
    }

    /// What the judge says of some images of the sample, and how far what was drawn again is from them.
    fn look_at_images(
        &self,
        sample: &LabelledImages,
        part: Range<usize>,
        again: &[f32],
        survey: &mut Survey,
    ) -> Result<(), StudioError> {
        let images: Vec<_> = part.map(|index| sample.image(index)).collect();
        let values = self.shape().values();
        for (image, again) in images.iter().zip(again.chunks_exact(values)) {
            let squares = image.values().iter().zip(again);
            let sum: f64 = squares.map(|(x, y)| f64::from(x - y).powi(2)).sum();
            survey.squared_errors.push((sum / values as f64) as f32);
        }
        if let Some(judge) = self.judge() {
            let pixels: Vec<&[f32]> = images.iter().map(datasets::Image::values).collect();
            let logits = self.logits(&pixels.concat())?;
            let rows = logits.chunks_exact(judge.classes());
            survey
                .predictions
                .extend(rows.map(|logits| judge.predict(logits)));
        }
        Ok(())
    }
}
