//! A request that is worked in steps, so that a more urgent one is answered in between.

use std::sync::Arc;

use datasets::Image;
use worker::Step;

use crate::nearest::Comparison;
use crate::studio::Drawing;
use crate::{
    Counterfactual, Effects, EffectsRequest, EncodeManyRequest, EncodeRequest, Encoded, Frame,
    FrameRequest, Gallery, GalleryRequest, NearestRequest, Opened, Reply, Request, Samples, Studio,
    StudioError, Survey, SurveyRequest,
};

/// Images of a step. A frame that comes in the middle of one waits for the rest of it: a few milliseconds on two cores.
const STEP: usize = 8;

/// Steps of a search between two of its answers: often enough to be seen moving, seldom enough not to be slowed down by drawing each.
const STEPS_UNSEEN: usize = 5;

/// What the steps so far have given.
#[derive(Debug, Default)]
pub(super) struct Progress {
    images: Gallery,
    maps: Vec<Vec<f32>>,
    walk: Option<Counterfactual>,
    means: Vec<Vec<f32>>,
    reconstructed: Vec<Image>,
    samples: Samples,
    survey: Survey,
    /// Points that are in the survey.
    surveyed: usize,
    comparison: Option<Comparison>,
    /// Whether the nearest images were told as far as they were known.
    told: bool,
    search: Option<Box<gan::Search>>,
    drawing: Option<Drawing>,
}

impl Progress {
    /// Takes a step.
    ///
    /// # Errors
    /// As the studio's function for this request.
    pub fn step(&mut self, studio: &Studio, request: &Request) -> Result<Step<Reply>, StudioError> {
        Ok(Step::Done(match request {
            Request::Open => Reply::Opened(Box::new(Opened {
                manifest: studio.manifest().clone(),
                judge_names: studio
                    .judge()
                    .map_or_else(Vec::new, |judge| judge.class_names.clone()),
                sample: studio.sample().cloned().map(Arc::new),
            })),
            Request::Frame(request) => match self.frame(studio, request)? {
                Some(frame) => Reply::Frame(frame),
                None => return Ok(Step::Begun),
            },
            Request::Path(request) => {
                let mut drawing = match self.drawing.take() {
                    Some(drawing) => drawing,
                    None => studio.set_out_from_noise(request)?,
                };
                if !studio.follow(&mut drawing, &mut self.images)? {
                    self.drawing = Some(drawing);
                    return Ok(Step::Begun);
                }
                Reply::Gallery(std::mem::take(&mut self.images))
            }
            Request::LiveFrame(request) => Reply::LiveFrame(Box::new(studio.live_frame(request)?)),
            Request::Realism(request) => Reply::Realism(studio.realism(request)?),
            Request::Judge(image) => Reply::Judged(studio.judge_image(image)?),
            Request::Encode(request) => {
                if let Some(step) = self.search(studio, request)? {
                    return Ok(step);
                }
                Reply::Encoded(studio.encode(request)?)
            }
            Request::EncodeMany(request) => return self.encode_many(studio, request),
            Request::Reconstruct(request) => {
                let encoded = match self.search(studio, &request.to_encode())? {
                    Some(Step::Done(Reply::Encoded(found))) => found,
                    Some(_) => return Ok(Step::Begun),
                    None => studio.encode(&request.to_encode())?,
                };
                Reply::Reconstructed(studio.reconstruction(request, encoded)?)
            }
            Request::ReconstructMany(request) => {
                if !add_reconstructed(&mut self.reconstructed, studio, request)? {
                    return Ok(Step::Begun);
                }
                Reply::ReconstructedMany(std::mem::take(&mut self.reconstructed))
            }
            Request::Samples(request) => {
                if !studio.draw_next(request, &mut self.samples)? {
                    return Ok(Step::Begun);
                }
                Reply::Samples(std::mem::take(&mut self.samples))
            }
            Request::Survey(request) => return self.survey(studio, request),
            Request::Nearest(request) => return self.nearest(studio, request),
            // The owner of all models has done that.
            Request::Close(_) => Reply::Closed,
            Request::Gallery(request) => {
                if !self.add_images(studio, request)? {
                    return Ok(Step::Begun);
                }
                Reply::Gallery(std::mem::take(&mut self.images))
            }
            Request::Counterfactual(request) => {
                let mut walk = match self.walk.take() {
                    Some(walk) => walk,
                    None => studio.set_out(request)?,
                };
                if !studio.walk_on(&mut walk, request, STEP)? {
                    self.walk = Some(walk);
                    return Ok(Step::Begun);
                }
                Reply::Counterfactual(walk)
            }
            Request::Effects(request) => return self.effects(studio, request),
        }))
    }
}

impl Progress {
    fn encode_many(
        &mut self,
        studio: &Studio,
        request: &EncodeManyRequest,
    ) -> Result<Step<Reply>, StudioError> {
        let n = request.images.len();
        let conditions = studio.conditions(&request.conditions, n)?;
        let start = self.means.len();
        let part = start..n.min(start + STEP);
        let means = studio.encode_means(&request.images[part.clone()], &conditions[part])?;
        self.means.extend(means);
        if self.means.len() < n {
            return Ok(Step::Begun);
        }
        let means = std::mem::take(&mut self.means);
        Ok(Step::Done(Reply::EncodedMany(means)))
    }

    fn survey(
        &mut self,
        studio: &Studio,
        request: &SurveyRequest,
    ) -> Result<Step<Reply>, StudioError> {
        let n = request.latents.len();
        let part = self.surveyed..n.min(self.surveyed + STEP);
        self.surveyed = part.end;
        studio.survey_part(request, part, &mut self.survey)?;
        if self.surveyed < n {
            return Ok(Step::Begun);
        }
        let survey = std::mem::take(&mut self.survey);
        Ok(Step::Done(Reply::Survey(survey)))
    }

    fn nearest(
        &mut self,
        studio: &Studio,
        request: &NearestRequest,
    ) -> Result<Step<Reply>, StudioError> {
        let comparison = match self.comparison.take() {
            Some(comparison) => comparison,
            None => studio.begin_nearest(request)?,
        };
        let comparison = self.comparison.insert(comparison);
        if studio.compare_more(comparison) || (self.told && studio.prepare_nearest()?) {
            return Ok(Step::Begun);
        }
        let nearest = studio.nearest_so_far(request, comparison)?;
        if nearest.goes_on {
            self.told = true;
            return Ok(Step::SoFar(Reply::Nearest(nearest)));
        }
        Ok(Step::Done(Reply::Nearest(nearest)))
    }

    fn effects(
        &mut self,
        studio: &Studio,
        request: &EffectsRequest,
    ) -> Result<Step<Reply>, StudioError> {
        let dims = studio.generator_part().latent.dims();
        let start = self.maps.len();
        // Two images a dimension, each of which takes a diffusion many steps.
        let at_once = if studio.draws_in_steps() { 1 } else { STEP / 2 };
        let end = dims.min(start + at_once);
        self.maps.extend(studio.effects_of(request, start..end)?);
        if end < dims {
            return Ok(Step::Begun);
        }
        let maps = std::mem::take(&mut self.maps);
        Ok(Step::Done(Reply::Effects(Effects { maps })))
    }

    /// A step of the search for the latent of an image, in a model that has to search; `None` in any other.
    fn search(
        &mut self,
        studio: &Studio,
        request: &EncodeRequest,
    ) -> Result<Option<Step<Reply>>, StudioError> {
        let search = match self.search.take() {
            Some(search) => search,
            None => match studio.search(request)? {
                Some(search) => Box::new(search),
                None => return Ok(None),
            },
        };
        let search = self.search.insert(search);
        let progress = search.step()?;
        let found = || Reply::Encoded(Encoded::found(search));
        Ok(Some(if search.is_done() {
            Step::Done(found())
        } else if progress.step.is_multiple_of(STEPS_UNSEEN) {
            Step::SoFar(found())
        } else {
            Step::Begun
        }))
    }
}

impl Progress {
    /// Takes a step of a frame: the whole of it in models that draw at once.
    fn frame(
        &mut self,
        studio: &Studio,
        request: &FrameRequest,
    ) -> Result<Option<Frame>, StudioError> {
        if self.drawing.is_none() {
            self.drawing = studio.begin_frame(request)?;
        }
        match &mut self.drawing {
            Some(drawing) => studio.go_on_with_frame(drawing, request),
            None => studio.frame(request).map(Some),
        }
    }

    /// Adds the next images to those that are there; says whether it was the last step.
    fn add_images(
        &mut self,
        studio: &Studio,
        request: &GalleryRequest,
    ) -> Result<bool, StudioError> {
        let (latents, n) = (&request.latents, request.latents.len());
        studio.check_sampler(request.sampler)?;
        let conditions = studio.conditions(&request.conditions, n)?;
        let start = self.images.images.len();
        let part = if studio.draws_in_steps() && start < n {
            let mut drawing = match self.drawing.take() {
                Some(drawing) => drawing,
                None => studio.begin_gallery(request, &conditions, start)?,
            };
            let Some(part) = studio.go_on_with_gallery(&mut drawing)? else {
                self.drawing = Some(drawing);
                return Ok(false);
            };
            part
        } else {
            // Each step of a refiner takes a few times as long as decoding.
            let step = STEP.div_ceil(1 + request.sampler.steps);
            let part = start..n.min(start + step);
            let conditions = &conditions[part.clone()];
            studio.gallery_chunk(&latents[part], conditions, request.sampler)?
        };
        self.images.images.extend(part.images);
        self.images.predictions.extend(part.predictions);
        Ok(self.images.images.len() == n)
    }
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
