//! Drawing with a diffusion, one step of the flow at a time: so whoever has something more urgent to ask waits for one step at most, and
//! every step of the way can be looked at.

use std::time::{Duration, Instant};

use datasets::{ClassId, Seed};

use super::Studio;
use crate::networks::Networks;
use crate::{
    Frame, FrameRequest, Gallery, GalleryRequest, Generator, PathRequest, Sampler, StudioError,
};

/// Images on their way from noise.
#[derive(Debug)]
pub(crate) struct Drawing {
    /// Where each is, `[n, channels, height, width]`, in the flow's own units.
    points: Vec<f32>,
    conditions: Vec<Option<ClassId>>,
    sampler: Sampler,
    /// Steps taken.
    step: usize,
    /// Time spent.
    elapsed: Duration,
}

impl Drawing {
    fn is_done(&self) -> bool {
        self.step >= self.sampler.steps
    }
}

impl Studio {
    /// Whether an image takes several steps that something else can come between.
    pub(crate) fn draws_in_steps(&self) -> bool {
        matches!(self.generator(), Generator::Diffusion(_))
    }

    /// The images of a diffusion on the way from noise, and what the judge says of each: `steps + 1` of them, the noise first and the
    /// image last.
    ///
    /// # Errors
    /// As [`frame`](Self::frame), and [`StudioError::Request`] of a model without a diffusion.
    pub fn path(&self, request: &PathRequest) -> Result<Gallery, StudioError> {
        let mut drawing = self.set_out_from_noise(request)?;
        let mut path = Gallery::default();
        while !self.follow(&mut drawing, &mut path)? {}
        Ok(path)
    }

    /// A path that has not begun.
    pub(crate) fn set_out_from_noise(&self, request: &PathRequest) -> Result<Drawing, StudioError> {
        if !self.draws_in_steps() {
            let problem = "a path from noise was asked of a model that does not begin with noise";
            return Err(StudioError::Request(problem.to_owned()));
        }
        self.begin(
            std::slice::from_ref(&request.latent),
            vec![request.condition],
            request.sampler,
            &[request.sampler.seed],
        )
    }

    /// Adds the image as far as it has come to a path, and takes the next step; says whether that was the last image.
    pub(crate) fn follow(
        &self,
        drawing: &mut Drawing,
        path: &mut Gallery,
    ) -> Result<bool, StudioError> {
        let pixels = Networks::shown(&drawing.points)?;
        if let Some(judge) = self.judge() {
            let logits = self.networks.classify(judge, &pixels)?;
            path.predictions.push(judge.predict(&logits));
        }
        path.images.push(self.image(pixels)?);
        if drawing.is_done() {
            return Ok(true);
        }
        self.advance(drawing)?;
        Ok(false)
    }

    /// The noise that a frame begins with; `None` of a model that draws it at once.
    pub(crate) fn begin_frame(
        &self,
        request: &FrameRequest,
    ) -> Result<Option<Drawing>, StudioError> {
        if !self.draws_in_steps() {
            return Ok(None);
        }
        self.check_frame(request)?;
        let latent = std::slice::from_ref(&request.latent);
        let (conditions, sampler) = (vec![request.condition], request.sampler);
        self.begin(latent, conditions, sampler, &[sampler.seed])
            .map(Some)
    }

    /// Takes a step of a frame; the frame after the last one.
    pub(crate) fn go_on_with_frame(
        &self,
        drawing: &mut Drawing,
        request: &FrameRequest,
    ) -> Result<Option<Frame>, StudioError> {
        self.advance(drawing)?;
        if !drawing.is_done() {
            return Ok(None);
        }
        let pixels = Networks::shown(&drawing.points)?;
        self.frame_of(request, pixels, drawing.elapsed).map(Some)
    }

    /// The noise that the next images of a gallery begin with, if the model draws in steps: two images, one for each core of a small
    /// machine.
    pub(crate) fn begin_gallery(
        &self,
        request: &GalleryRequest,
        conditions: &[Option<ClassId>],
        done: usize,
    ) -> Result<Drawing, StudioError> {
        let part = done..request.latents.len().min(done + 2);
        let latents = &request.latents[part.clone()];
        let seeds = vec![request.sampler.seed; latents.len()];
        self.begin(latents, conditions[part].to_vec(), request.sampler, &seeds)
    }

    /// Takes a step of some images of a gallery; the images after the last one.
    pub(crate) fn go_on_with_gallery(
        &self,
        drawing: &mut Drawing,
    ) -> Result<Option<Gallery>, StudioError> {
        self.advance(drawing)?;
        if !drawing.is_done() {
            return Ok(None);
        }
        let pixels = Networks::shown(&drawing.points)?;
        let logits = self
            .judge()
            .map(|judge| self.networks.classify(judge, &pixels));
        self.gallery_of(&pixels, logits.transpose()?).map(Some)
    }

    fn begin(
        &self,
        latents: &[Vec<f32>],
        conditions: Vec<Option<ClassId>>,
        sampler: Sampler,
        seeds: &[Seed],
    ) -> Result<Drawing, StudioError> {
        self.check_latents(latents)?;
        self.check_sampler(sampler)?;
        for condition in &conditions {
            self.check_condition(*condition)?;
        }
        let start = Instant::now();
        Ok(Drawing {
            points: self.networks.noise(&latents.concat(), seeds)?,
            conditions,
            sampler,
            step: 0,
            elapsed: start.elapsed(),
        })
    }

    fn advance(&self, drawing: &mut Drawing) -> Result<(), StudioError> {
        let start = Instant::now();
        let step = [drawing.step, drawing.sampler.steps];
        let Drawing {
            points, conditions, ..
        } = drawing;
        *points = self
            .networks
            .advance(points, conditions, step, drawing.sampler.guidance)?;
        drawing.step += 1;
        drawing.elapsed += start.elapsed();
        Ok(())
    }
}
