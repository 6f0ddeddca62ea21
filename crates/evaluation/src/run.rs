//! What all measurements share: the model, the data, progress, and what several figures need and is computed once.

use std::time::Instant;

use classifier::ConvNet;
use datasets::Splits;
use studio::{Judge, Studio};
use training::CancelToken;

use crate::judge::{Judged, judged_images};
use crate::pictures::Pictures;
use crate::{EvaluateProgress, EvaluationError, Needs};

/// An evaluation under way: what is measured, and how far it has come.
pub(super) struct Run<'a> {
    pub studio: &'a Studio,
    pub data: &'a Splits,
    /// The figure that progress is reported under.
    pub figure: &'static str,
    cancel: CancelToken,
    done: usize,
    total: usize,
    started: Instant,
    progress: &'a mut dyn FnMut(EvaluateProgress),
    /// Several figures compare with the real test images, which are judged once.
    real: Option<Judged>,
    /// Several figures look at the same samples.
    pub pictures: Pictures,
    second_real: Option<Judged>,
}

impl<'a> Run<'a> {
    pub fn new(
        studio: &'a Studio,
        data: &'a Splits,
        cancel: CancelToken,
        total: usize,
        progress: &'a mut dyn FnMut(EvaluateProgress),
    ) -> Self {
        Self {
            studio,
            data,
            figure: "",
            cancel,
            done: 0,
            total,
            started: Instant::now(),
            progress,
            real: None,
            pictures: Pictures::default(),
            second_real: None,
        }
    }

    /// The classifier that judges the images.
    pub fn judge(&self) -> Result<&'a Judge, EvaluationError> {
        Ok(self.studio.judge_for("this figure")?)
    }

    /// The judge of another architecture, and the SHA-256 of its weights, which its figures name.
    pub fn second_judge(&self) -> Result<(&'a Judge<ConvNet>, String), EvaluationError> {
        let judge = self
            .studio
            .second_judge()
            .zip(self.studio.second_judge_sha256());
        let absent = EvaluationError::Absent {
            name: self.figure,
            reason: Needs::SecondJudge.missing(),
        };
        let (judge, sha256) = judge.ok_or(absent)?;
        Ok((judge, sha256.to_owned()))
    }

    /// The real test images as the second judge sees them.
    pub fn second_real(&mut self) -> Result<&Judged, EvaluationError> {
        let judged = match self.second_real.take() {
            Some(judged) => judged,
            None => judged_images(self, self.second_judge()?.0, &self.data.test)?,
        };
        Ok(self.second_real.insert(judged))
    }

    /// For work that has its own safe points to stop at.
    pub fn cancel_token(&self) -> CancelToken {
        self.cancel.clone()
    }

    /// Counts images that went through the networks; an error if the user asked to stop.
    pub fn tick(&mut self, images: usize) -> Result<(), EvaluationError> {
        self.done += images;
        // A comparison with real images that nobody asked for by itself comes on top of the plan.
        self.total = self.total.max(self.done);
        let left = (self.total - self.done) as f64 / self.done.max(1) as f64;
        (self.progress)(EvaluateProgress {
            figure: self.figure.to_owned(),
            done: self.done,
            total: self.total,
            eta: self.started.elapsed().mul_f64(left),
        });
        if self.cancel.is_cancelled() {
            return Err(EvaluationError::Cancelled);
        }
        Ok(())
    }

    /// The real test images as the classifier sees them.
    pub fn real(&mut self) -> Result<&Judged, EvaluationError> {
        let judged = match self.real.take() {
            Some(judged) => judged,
            None => judged_images(self, self.judge()?, &self.data.test)?,
        };
        Ok(self.real.insert(judged))
    }
}
