//! Where the latent has been.

use std::collections::VecDeque;

use studio::ModelSource;

/// Places that are remembered.
pub const TRAIL: usize = 50;
/// The latent has to move so far to leave a place behind, in standard deviations (root mean square over the dimensions).
const STEP: f32 = 0.05;

/// The last places of the latent in the model in front, the oldest first. As latents, because where they lie depends on the map.
#[derive(Clone, Debug, Default)]
pub struct Trail {
    model: Option<ModelSource>,
    latents: VecDeque<Vec<f32>>,
}

impl Trail {
    /// Takes note of where the latent is. `std` are the standard deviations of the dimensions.
    pub fn follow(&mut self, model: &ModelSource, latent: &[f32], std: &[f32]) {
        let same = self.model.as_ref() == Some(model)
            && self
                .latents
                .back()
                .is_none_or(|last| last.len() == latent.len());
        if !same {
            self.latents.clear();
            self.model = Some(model.clone());
        }
        if self
            .latents
            .back()
            .is_some_and(|last| apart(last, latent, std) < STEP)
        {
            return;
        }
        self.latents.push_back(latent.to_vec());
        if self.latents.len() > TRAIL {
            self.latents.pop_front();
        }
    }

    /// The places in this model, the oldest first.
    pub fn latents(&self, model: &ModelSource) -> impl Iterator<Item = &[f32]> {
        let here = self.model.as_ref() == Some(model);
        let latents = self.latents.iter().filter(move |_| here);
        latents.map(Vec::as_slice)
    }
}

fn apart(a: &[f32], b: &[f32], std: &[f32]) -> f32 {
    let moved = a.iter().zip(b).zip(std);
    let squares: f32 = moved.map(|((a, b), std)| ((a - b) / std).powi(2)).sum();
    (squares / a.len().max(1) as f32).sqrt()
}
