//! Frames and galleries: latents decoded, classified and explained.

use std::ops::Range;
use std::time::{Duration, Instant};

use datasets::{ClassId, Image, Seed};
use explain::{Heatmap, heatmaps, pooled_linear_cam};

use super::Studio;
use crate::explanation::{Explained, distinct, has_closed_form, raw_maps, scores};
use crate::judge::opinion;
use crate::networks::{Computed, Judged};
use crate::{
    Conditions, Effects, EffectsRequest, Frame, FrameRequest, Gallery, GalleryRequest, Judge,
    LiveFrame, Sampler, StudioError, Timings, Verdict,
};

impl Studio {
    /// The images of some latents, `[n, channels, height, width]` in `[0, 1]`, each in its class if the model takes one, as they
    /// are decoded. A refiner has no part in them, see [`sharpen`](Self::sharpen).
    ///
    /// # Errors
    /// As [`frame`](Self::frame).
    pub fn decode(
        &self,
        latents: &[Vec<f32>],
        conditions: &Conditions,
    ) -> Result<Vec<f32>, StudioError> {
        self.check_latents(latents)?;
        let conditions = self.conditions(conditions, latents.len())?;
        self.networks.decode(&latents.concat(), &conditions)
    }

    /// The images of some latents, `[n, channels, height, width]` in `[0, 1]`, as the model draws them: each in its class if the model
    /// takes one, and with details that follow from the noise of its own seed if the model has a flow.
    ///
    /// # Errors
    /// As [`frame`](Self::frame), and [`StudioError::Request`] if there is not one seed for each.
    pub fn draw(
        &self,
        latents: &[Vec<f32>],
        conditions: &Conditions,
        sampler: Sampler,
        seeds: &[Seed],
    ) -> Result<Vec<f32>, StudioError> {
        self.check_latents(latents)?;
        self.check_sampler(sampler)?;
        let conditions = self.conditions(conditions, latents.len())?;
        Self::check_seeds(seeds, latents.len())?;
        self.networks
            .draw(&latents.concat(), &conditions, sampler, seeds)
    }

    fn check_seeds(seeds: &[Seed], images: usize) -> Result<(), StudioError> {
        if seeds.len() == images {
            return Ok(());
        }
        let problem = "there is not one seed for each image".to_owned();
        Err(StudioError::Request(problem))
    }

    /// Decoded images, `[n, channels, height, width]` in `[0, 1]`, with the detail that the refiner adds in some steps, each from the
    /// noise of its own seed; as they are after 0 steps.
    ///
    /// # Errors
    /// [`StudioError::Request`] if the model has no refiner, or there is not one seed for each image, and
    /// [`StudioError::NotFinite`] if the refiner overflows.
    pub fn sharpen(
        &self,
        images: Vec<f32>,
        steps: usize,
        seeds: &[Seed],
    ) -> Result<Vec<f32>, StudioError> {
        self.check_sampler(Sampler {
            steps,
            ..self.manifest.usual_sampler()
        })?;
        Self::check_seeds(seeds, images.len() / self.shape().values())?;
        self.networks.sharpen(images, steps, seeds)
    }

    /// Decodes, sharpens, classifies and explains one latent.
    ///
    /// # Errors
    /// [`StudioError::Request`] if latent, condition, sharpening, layer or target do not fit the model, [`StudioError::NotFinite`] if the
    /// networks overflow on them, and [`StudioError::Explain`] if the evidence cannot be read from the device.
    pub fn frame(&self, request: &FrameRequest) -> Result<Frame, StudioError> {
        self.check_frame(request)?;
        let (latent, condition) = (&request.latent, request.condition);
        let computed = self
            .networks
            .frame(latent, condition, request.sampler, request.layer)?;
        self.explained(request, computed)
    }

    /// The frame of an image that is drawn already, in some time.
    pub(crate) fn frame_of(
        &self,
        request: &FrameRequest,
        pixels: Vec<f32>,
        decode: Duration,
    ) -> Result<Frame, StudioError> {
        let computed = self.networks.computed(pixels, request.layer, decode)?;
        self.explained(request, computed)
    }

    fn explained(&self, request: &FrameRequest, computed: Computed) -> Result<Frame, StudioError> {
        let start = Instant::now();
        let verdict = match (self.judge(), computed.judged) {
            (Some(judge), Some(judged)) => {
                Some(self.verdict(judge, request, &computed.pixels, judged)?)
            }
            _ => None,
        };
        Ok(Frame {
            image: self.image(computed.pixels)?,
            verdict,
            own_head: computed.own_logits.as_deref().map(opinion),
            timings: Timings {
                decode: computed.decode,
                classify: computed.classify,
                explain: start.elapsed(),
            },
        })
    }

    /// As [`frame`](Self::frame), with the pictures left on the device: for a window that draws with it.
    ///
    /// # Errors
    /// As [`frame`](Self::frame).
    pub fn live_frame(&self, request: &FrameRequest) -> Result<LiveFrame, StudioError> {
        self.check_frame(request)?;
        LiveFrame::compute(&self.networks, request)
    }

    /// The opinion about an image, the heatmap of the predicted class, and that of the target if there is one.
    fn verdict(
        &self,
        judge: &Judge,
        request: &FrameRequest,
        pixels: &[f32],
        judged: Judged,
    ) -> Result<Verdict, StudioError> {
        let prediction = judge.predict(&judged.logits);
        let network = &judge.network;
        let wanted = scores(&prediction, request);
        let closed_form = has_closed_form(request);
        let (distinct, rows) = distinct(wanted.clone());
        let raw = if closed_form {
            // [1, classes, h, w], all classes at once
            pooled_linear_cam(judged.features, network.fc.weight.val())
        } else {
            let count = distinct.len();
            let explained = Explained {
                images: self.networks.images(pixels).repeat_dim(0, count),
                features: judged.features.repeat_dim(0, count),
                layer: request.layer,
                scores: distinct,
            };
            raw_maps(network, request.method, explained).unsqueeze_dim::<4>(0) // [1, count, h, w]
        };
        let mut all = heatmaps(raw)?;
        let all = all.pop().unwrap_or_default();
        let mut maps: Vec<Heatmap> = if closed_form {
            let of = |score: &explain::Score| all[score.class].clone();
            wanted.iter().map(of).collect()
        } else {
            rows.into_iter().map(|row| all[row].clone()).collect()
        };
        let target_map = (maps.len() > 1).then(|| maps.remove(1));
        let predicted_map = maps
            .pop()
            .ok_or_else(|| StudioError::not_finite("heatmap"))?;
        Ok(Verdict {
            prediction,
            predicted_map,
            target_map,
        })
    }

    /// Decodes and classifies many latents.
    ///
    /// # Errors
    /// As [`frame`](Self::frame).
    pub fn gallery(&self, request: &GalleryRequest) -> Result<Gallery, StudioError> {
        let mut gallery = Gallery::default();
        self.check_sampler(request.sampler)?;
        let conditions = self.conditions(&request.conditions, request.latents.len())?;
        let at_a_time = self.networks.at_a_time();
        let latents = request.latents.chunks(at_a_time);
        for (latents, conditions) in latents.zip(conditions.chunks(at_a_time)) {
            let part = self.gallery_chunk(latents, conditions, request.sampler)?;
            gallery.images.extend(part.images);
            gallery.predictions.extend(part.predictions);
        }
        Ok(gallery)
    }

    /// Part of a gallery, decoded in one batch, each latent with a class that is known to fit, as is the sharpening.
    pub(crate) fn gallery_chunk(
        &self,
        latents: &[Vec<f32>],
        conditions: &[Option<ClassId>],
        sampler: Sampler,
    ) -> Result<Gallery, StudioError> {
        self.check_latents(latents)?;
        let (pixels, logits) = self
            .networks
            .gallery(&latents.concat(), conditions, sampler)?;
        self.gallery_of(&pixels, logits)
    }

    /// Images, and what the judge makes of their logits.
    pub(crate) fn gallery_of(
        &self,
        pixels: &[f32],
        logits: Option<Vec<f32>>,
    ) -> Result<Gallery, StudioError> {
        let predictions = self.judge().zip(logits).map(|(judge, logits)| {
            let rows = logits.chunks(judge.classes());
            rows.map(|row| judge.predict(row)).collect()
        });
        Ok(Gallery {
            images: pixels
                .chunks(self.shape().values())
                .map(|pixels| self.image(pixels.to_vec()))
                .collect::<Result<_, _>>()?,
            predictions: predictions.unwrap_or_default(),
        })
    }

    /// What each latent dimension changes around a latent, by central differences, in the images as they are decoded.
    ///
    /// # Errors
    /// As [`frame`](Self::frame).
    pub fn effects(&self, request: &EffectsRequest) -> Result<Effects, StudioError> {
        let dims = self.generator_part.latent.dims();
        let mut maps = Vec::new();
        // Two images a dimension.
        let at_a_time = self.networks.at_a_time() / 2;
        for start in (0..dims).step_by(at_a_time) {
            let end = dims.min(start + at_a_time);
            maps.extend(self.effects_of(request, start..end)?);
        }
        Ok(Effects { maps })
    }

    /// The effect maps of some dimensions, decoded in one batch.
    pub(crate) fn effects_of(
        &self,
        request: &EffectsRequest,
        dims: Range<usize>,
    ) -> Result<Vec<Vec<f32>>, StudioError> {
        self.check_latents(std::slice::from_ref(&request.latent))?;
        self.check_condition(request.condition)?;
        let std = &self.generator_part.latent.statistics.std;
        let stepped = |dim: usize, sign: f32| {
            let mut latent = request.latent.clone();
            latent[dim] += sign * request.step_sigmas * std[dim];
            latent
        };
        let both: Vec<Vec<f32>> = dims
            .flat_map(|dim| [stepped(dim, 1.0), stepped(dim, -1.0)])
            .collect();
        let conditions = vec![request.condition; both.len()];
        let both = both.concat();
        let pixels = if self.draws_in_steps() {
            self.check_sampler(request.sampler)?;
            let seeds = vec![request.sampler.seed; conditions.len()];
            self.networks
                .draw(&both, &conditions, request.sampler, &seeds)?
        } else {
            self.networks.decode(&both, &conditions)?
        };
        let values = self.shape().values();
        let pairs = pixels.chunks_exact(2 * values).map(|pair| {
            let (up, down) = pair.split_at(values);
            up.iter().zip(down).map(|(up, down)| up - down).collect()
        });
        Ok(pairs.collect())
    }

    pub(super) fn image(&self, pixels: Vec<f32>) -> Result<Image, StudioError> {
        Ok(Image::new(self.shape(), pixels)?)
    }
}
