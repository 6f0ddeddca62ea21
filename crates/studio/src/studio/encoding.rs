//! The way back: images found in latent space, and how usual a latent is.

use datasets::{ClassId, Image};
use gan::{Search, SearchConfig};
use latent_space::drift;

use super::Studio;
use crate::{
    EncodeManyRequest, EncodeRequest, Encoded, FrameRequest, Generator, RealismRequest, Realistic,
    ReconstructRequest, Reconstruction, StudioError,
};

impl Studio {
    /// Finds an image in latent space: at once by the encoder, or by a search of some seconds in a GAN, see
    /// [`search`](Self::search).
    ///
    /// # Errors
    /// [`StudioError::Request`] if the image has another shape than the model's, or the model cannot be given the class, and
    /// [`StudioError::NoEncoder`] of a diffusion.
    pub fn encode(&self, request: &EncodeRequest) -> Result<Encoded, StudioError> {
        if let Some(mut search) = self.search(request)? {
            while !search.is_done() {
                search.step()?;
            }
            return Ok(Encoded::found(&search));
        }
        self.check_encoding(request)?;
        let (image, condition) = (request.image.values(), request.condition);
        let (mean, log_var) = self.networks.encode(image, condition)?;
        Ok(Encoded {
            mean,
            log_var,
            search: None,
        })
    }

    /// A search for the latent of an image, to be taken step by step; `None` of a model that needs none, or knows none.
    ///
    /// # Errors
    /// As [`encode`](Self::encode).
    pub fn search(&self, request: &EncodeRequest) -> Result<Option<Search>, StudioError> {
        let Generator::Gan(generator) = self.generator() else {
            return Ok(None);
        };
        self.check_encoding(request)?;
        let settings = SearchConfig::default();
        let search = Search::new(generator, &request.image, request.condition, &settings)?;
        Ok(Some(search))
    }

    fn check_encoding(&self, request: &EncodeRequest) -> Result<(), StudioError> {
        self.check_image(&request.image)?;
        self.check_condition(request.condition)
    }

    /// Finds many images in latent space: the posterior mean of each, in the order of the request.
    ///
    /// # Errors
    /// As [`encode`](Self::encode).
    pub fn encode_many(&self, request: &EncodeManyRequest) -> Result<Vec<Vec<f32>>, StudioError> {
        let n = request.images.len();
        let conditions = self.conditions(&request.conditions, n)?;
        let mut means = Vec::with_capacity(n);
        let at_a_time = self.networks.at_a_time();
        let images = request.images.chunks(at_a_time);
        for (images, conditions) in images.zip(conditions.chunks(at_a_time)) {
            means.extend(self.encode_means(images, conditions)?);
        }
        Ok(means)
    }

    /// The posterior means of some images, encoded in one batch, each with a class that is known to fit.
    pub(crate) fn encode_means(
        &self,
        images: &[Image],
        conditions: &[Option<ClassId>],
    ) -> Result<Vec<Vec<f32>>, StudioError> {
        images
            .iter()
            .try_for_each(|image| self.check_image(image))?;
        let values: Vec<&[f32]> = images.iter().map(Image::values).collect();
        self.networks.encode_means(&values.concat(), conditions)
    }

    /// Encodes an image and decodes the mean of its posterior, which is classified and explained as any other latent.
    ///
    /// # Errors
    /// As [`encode`](Self::encode) and [`frame`](Self::frame).
    pub fn reconstruct(&self, request: &ReconstructRequest) -> Result<Reconstruction, StudioError> {
        let encoded = self.encode(&request.to_encode())?;
        self.reconstruction(request, encoded)
    }

    /// The second half of [`reconstruct`](Self::reconstruct).
    pub(crate) fn reconstruction(
        &self,
        request: &ReconstructRequest,
        encoded: Encoded,
    ) -> Result<Reconstruction, StudioError> {
        let image = &request.image;
        let frame = self.frame(&FrameRequest {
            latent: encoded.mean.clone(),
            condition: request.condition,
            sampler: request.sampler,
            target: None,
            runner_up: false,
            layer: request.layer,
            method: request.method,
            contrast: request.contrast,
        })?;
        let squares = image.values().iter().zip(frame.image.values());
        let sum: f64 = squares.map(|(x, y)| f64::from(x - y).powi(2)).sum();
        Ok(Reconstruction {
            encoded,
            squared_error: (sum / self.shape().values() as f64) as f32,
            frame,
        })
    }

    /// What the model makes of many images: each encoded, and the mean of its posterior decoded, in the order of the request.
    /// Nobody judges them.
    ///
    /// # Errors
    /// As [`encode`](Self::encode) and [`decode`](Self::decode).
    pub fn reconstruct_many(&self, request: &EncodeManyRequest) -> Result<Vec<Image>, StudioError> {
        let n = request.images.len();
        let conditions = self.conditions(&request.conditions, n)?;
        let mut reconstructed = Vec::with_capacity(n);
        let at_a_time = self.networks.at_a_time();
        let images = request.images.chunks(at_a_time);
        for (images, conditions) in images.zip(conditions.chunks(at_a_time)) {
            reconstructed.extend(self.reconstruct_images(images, conditions)?);
        }
        Ok(reconstructed)
    }

    /// Some images encoded and decoded again, in one batch, each with a class that is known to fit.
    pub(crate) fn reconstruct_images(
        &self,
        images: &[Image],
        conditions: &[Option<ClassId>],
    ) -> Result<Vec<Image>, StudioError> {
        let means = self.encode_means(images, conditions)?;
        let pixels = self.networks.decode(&means.concat(), conditions)?;
        let each = pixels.chunks_exact(self.shape().values());
        each.map(|pixels| Ok(Image::new(self.shape(), pixels)?))
            .collect()
    }

    /// How usual a latent is: `None` if the bundle does not say what is usual.
    ///
    /// # Errors
    /// As [`frame`](Self::frame).
    pub fn realism(&self, request: &RealismRequest) -> Result<Option<Realistic>, StudioError> {
        let (latent, condition) = (&request.latent, request.condition);
        self.check_latents(std::slice::from_ref(latent))?;
        self.check_condition(condition)?;
        let space = &self.generator_part.latent;
        let Some(usual) = &space.realism else {
            return Ok(None);
        };
        let log_density = space.regions.log_density(latent) as f32;
        let image = self.networks.decode(latent, &[condition])?;
        let (again, _) = self.networks.encode(&image, condition)?;
        let drift_sigmas = drift(latent, &again, &space.statistics);
        Ok(Some(Realistic {
            log_density,
            density_percentile: usual.density_percentile(log_density),
            drift_sigmas,
            drift_percentile: usual.drift_percentile(drift_sigmas),
        }))
    }
}
