//! What the judge sees in images before its head decides: features that tell what images have in common.

use std::sync::PoisonError;

use classifier::ResNet18;

use super::{CpuForms, Networks, checked};
use crate::{StudioError, studio::finite};

impl Networks {
    /// The judge's pooled features of images, `[n, channels, height, width]`: a row each. None without a judge.
    pub fn pooled(&self, pixels: &[f32]) -> Result<Vec<Vec<f32>>, StudioError> {
        let values = self.shape().values();
        if let Some(classifier) = self.cpu.as_ref().and_then(|cpu| cpu.classifier.as_ref()) {
            let rows = classifier.pooled_all(pixels).into_iter();
            return rows.map(|row| checked(row, "features")).collect();
        }
        let Some(judge) = &self.judge else {
            return Ok(Vec::new());
        };
        let features = judge.network.features(self.images(pixels)); // [n, features, side, side]
        let pooled = finite(ResNet18::pool(features), "features")?;
        let width = pooled.len() / (pixels.len() / values).max(1);
        Ok(pooled
            .chunks_exact(width.max(1))
            .map(<[f32]>::to_vec)
            .collect())
    }

    /// The judge's pooled features of one image, `[channels, height, width]`. If it is the one that was judged last, as the image of
    /// a frame is, they are there already.
    pub fn pooled_of_one(&self, pixels: &[f32]) -> Result<Vec<f32>, StudioError> {
        if let Some(pooled) = self.cpu.as_ref().and_then(|cpu| cpu.judged_last(pixels)) {
            return checked(pooled, "features");
        }
        Ok(self.pooled(pixels)?.pop().unwrap_or_default())
    }
}

impl CpuForms {
    fn judged_last(&self, pixels: &[f32]) -> Option<Vec<f32>> {
        let scratch = self.scratch.lock();
        let scratch = scratch.unwrap_or_else(PoisonError::into_inner);
        let scratch = scratch.as_ref()?;
        (scratch.image == pixels).then(|| scratch.activations.pooled())
    }
}
