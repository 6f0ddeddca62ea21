//! A request that is worked in steps, so that a more urgent one is answered in between.

use std::sync::Arc;

use datasets::Image;

use crate::{
    Counterfactual, Effects, EncodeManyRequest, Gallery, GalleryRequest, Opened, Reply, Request,
    Samples, Studio, StudioError,
};

/// Images of a step. A frame that comes in the middle of one waits for the rest of it: a few milliseconds on two cores.
const STEP: usize = 8;

/// What the steps so far have given.
#[derive(Debug)]
pub(super) struct Progress {
    images: Gallery,
    maps: Vec<Vec<f32>>,
    walk: Option<Counterfactual>,
    means: Vec<Vec<f32>>,
    reconstructed: Vec<Image>,
    samples: Samples,
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            images: empty(),
            maps: Vec::new(),
            walk: None,
            means: Vec::new(),
            reconstructed: Vec::new(),
            samples: Samples::default(),
        }
    }
}

impl Progress {
    /// Takes a step: the answer after the last one, `None` before.
    ///
    /// # Errors
    /// As the studio's function for this request.
    pub fn step(
        &mut self,
        studio: &Studio,
        request: &Request,
    ) -> Result<Option<Reply>, StudioError> {
        Ok(Some(match request {
            Request::Open => Reply::Opened(Box::new(Opened {
                manifest: studio.manifest().clone(),
                judge_names: studio
                    .judge()
                    .map_or_else(Vec::new, |judge| judge.class_names.clone()),
                sample: studio.sample().cloned().map(Arc::new),
            })),
            Request::Frame(request) => Reply::Frame(studio.frame(request)?),
            Request::LiveFrame(request) => Reply::LiveFrame(Box::new(studio.live_frame(request)?)),
            Request::Realism(request) => Reply::Realism(studio.realism(request)?),
            Request::Encode(request) => Reply::Encoded(studio.encode(request)?),
            Request::EncodeMany(request) => {
                let n = request.images.len();
                let conditions = studio.conditions(&request.conditions, n)?;
                let start = self.means.len();
                let part = start..n.min(start + STEP);
                let means =
                    studio.encode_means(&request.images[part.clone()], &conditions[part])?;
                self.means.extend(means);
                if self.means.len() < n {
                    return Ok(None);
                }
                Reply::EncodedMany(std::mem::take(&mut self.means))
            }
            Request::Reconstruct(request) => Reply::Reconstructed(studio.reconstruct(request)?),
            Request::ReconstructMany(request) => {
                if !add_reconstructed(&mut self.reconstructed, studio, request)? {
                    return Ok(None);
                }
                Reply::ReconstructedMany(std::mem::take(&mut self.reconstructed))
            }
            Request::Samples(request) => {
                if !studio.draw_next(request, &mut self.samples)? {
                    return Ok(None);
                }
                Reply::Samples(std::mem::take(&mut self.samples))
            }
            // The owner of all models has done that.
            Request::Close(_) => Reply::Closed,
            Request::Gallery(request) => {
                if !add_images(&mut self.images, studio, request)? {
                    return Ok(None);
                }
                Reply::Gallery(std::mem::replace(&mut self.images, empty()))
            }
            Request::Counterfactual(request) => {
                let mut walk = match self.walk.take() {
                    Some(walk) => walk,
                    None => studio.set_out(request)?,
                };
                if !studio.walk_on(&mut walk, request, STEP)? {
                    self.walk = Some(walk);
                    return Ok(None);
                }
                Reply::Counterfactual(walk)
            }
            Request::Effects(request) => {
                let dims = studio.vae_part().latent.dims();
                let start = self.maps.len();
                // Two images a dimension.
                let end = dims.min(start + STEP / 2);
                self.maps.extend(studio.effects_of(request, start..end)?);
                if end < dims {
                    return Ok(None);
                }
                Reply::Effects(Effects {
                    maps: std::mem::take(&mut self.maps),
                })
            }
        }))
    }
}

fn empty() -> Gallery {
    Gallery {
        images: Vec::new(),
        predictions: Vec::new(),
    }
}

/// Adds the next images to those that are there; says whether it was the last step.
fn add_images(
    done: &mut Gallery,
    studio: &Studio,
    request: &GalleryRequest,
) -> Result<bool, StudioError> {
    let (latents, n) = (&request.latents, request.latents.len());
    studio.check_sharpening(request.sharpening.steps)?;
    let conditions = studio.conditions(&request.conditions, n)?;
    let start = done.images.len();
    // Each step of a refiner takes a few times as long as decoding.
    let step = STEP.div_ceil(1 + request.sharpening.steps);
    let part = start..n.min(start + step);
    let part = studio.gallery_chunk(
        &latents[part.clone()],
        &conditions[part],
        request.sharpening,
    )?;
    done.images.extend(part.images);
    done.predictions.extend(part.predictions);
    Ok(done.images.len() == n)
}

/// Adds the next reconstructions to those that are there; says whether it was the last step.
fn add_reconstructed(
    done: &mut Vec<Image>,
    studio: &Studio,
    request: &EncodeManyRequest,
) -> Result<bool, StudioError> {
    let n = request.images.len();
    let conditions = studio.conditions(&request.conditions, n)?;
    let part = done.len()..n.min(done.len() + STEP);
    done.extend(studio.reconstruct_images(&request.images[part.clone()], &conditions[part])?);
    Ok(done.len() == n)
}
