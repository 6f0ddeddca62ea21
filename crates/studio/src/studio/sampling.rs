//! Samples of a model's classes as images: each is the same however many are asked for.

use std::time::Instant;

use datasets::{ClassId, Image, Seed};

use super::Studio;
use crate::{Anchoring, ClassSample, Conditions, SampleRequest, Samples, StudioError};

/// The stream of a seed that the detail of samples follows from. Below it lie those of classes.
const DETAIL_STREAM: u64 = u64::MAX;

/// Images drawn at a time: large enough to keep many cores busy, small enough to keep memory low.
const CHUNK: usize = 256;

impl Studio {
    /// How many classes can be sampled: those of the images, or one that stands for all images where there are none.
    #[must_use]
    pub fn sampled_classes(&self) -> usize {
        let regions = &self.generator_part().latent.regions;
        let given = self.generator().conditional_classes();
        given.unwrap_or_else(|| regions.classes())
    }

    /// Draws samples of classes, in the order of the request. No classifier looks at them, and none is rejected.
    ///
    /// On a given device, an image follows from the model, the noise, the seed and its [`ClassSample`] alone: it is the same to
    /// the last bit whatever else is asked for, and on any number of threads.
    ///
    /// # Errors
    /// [`StudioError::Request`] if the model has no such class or the noise is no number from 0 on, and
    /// [`StudioError::NotFinite`] if the network overflows.
    pub fn sample_images(&self, request: &SampleRequest) -> Result<Vec<Image>, StudioError> {
        if !(request.noise.is_finite() && request.noise >= 0.0) {
            let noise = request.noise;
            let problem = format!("the noise is {noise}, and must be a number from 0 on");
            return Err(StudioError::Request(problem));
        }
        self.check_sampler(request.sampler)?;
        let mut images = Vec::with_capacity(request.samples.len());
        for chunk in request.samples.chunks(CHUNK) {
            let pixels = self.decode_samples(request, chunk)?;
            let each = pixels.chunks_exact(self.shape().values());
            let each = each.take(chunk.len());
            for pixels in each {
                images.push(Image::new(self.shape(), pixels)?);
            }
        }
        Ok(images)
    }

    /// Draws the next samples of a request, with the time that it takes, and adds them to those before; says whether they were
    /// the last ones. The images are those of [`sample_images`](Self::sample_images).
    ///
    /// One image at a time where images are computed one by one: so each has a time of its own, and whoever has something more
    /// urgent to ask waits for one image at most.
    ///
    /// # Errors
    /// As [`sample_images`](Self::sample_images).
    pub(crate) fn draw_next(
        &self,
        request: &SampleRequest,
        drawn: &mut Samples,
    ) -> Result<bool, StudioError> {
        drawn.batch = if self.networks.is_one_by_one() {
            1
        } else {
            CHUNK
        };
        let rest = request.samples.iter().skip(drawn.images.len());
        let next = SampleRequest {
            samples: rest.take(drawn.batch).copied().collect(),
            ..*request
        };
        let start = Instant::now();
        let images = self.sample_images(&next)?;
        let time = start.elapsed() / drawn.batch as u32;
        drawn.times.resize(drawn.times.len() + images.len(), time);
        drawn.images.extend(images);
        Ok(drawn.images.len() == request.samples.len())
    }

    /// The images of latents from the regions of classes, `[n, channels, height, width]`, with `n` at least as many as
    /// there are samples.
    fn decode_samples(
        &self,
        request: &SampleRequest,
        samples: &[ClassSample],
    ) -> Result<Vec<f32>, StudioError> {
        let part = self.generator_part();
        let (mut latents, mut conditions) = (Vec::with_capacity(CHUNK), Vec::new());
        let mut seeds = Vec::with_capacity(CHUNK);
        for &ClassSample { class, index } in samples {
            let anchoring = part.anchoring(class);
            let Anchoring { region, condition } = anchoring;
            self.check_region(region)?;
            let seed = anchoring.seed(request.seed);
            let regions = &part.latent.regions;
            latents.extend(regions.sample_at(region, request.noise, seed, index));
            conditions.push(condition);
            seeds.push(detail_seed(request.seed, class, index));
        }
        if !self.networks.is_one_by_one() {
            // A graphics card may add up in another order in a batch of another size.
            latents.resize(CHUNK, vec![0.0; part.latent.dims()]);
            conditions.resize(CHUNK, None);
            seeds.resize(CHUNK, request.seed);
        }
        self.draw(
            &latents,
            &Conditions::Each(conditions),
            request.sampler,
            &seeds,
        )
    }
}

/// The seed of the detail that a refiner adds to a sample of a class: another one for each, and apart from what its latent follows
/// from.
#[must_use]
pub fn detail_seed(seed: Seed, class: ClassId, index: u64) -> Seed {
    let of_class = seed.derive(DETAIL_STREAM).derive(class.index() as u64);
    of_class.derive(index)
}
