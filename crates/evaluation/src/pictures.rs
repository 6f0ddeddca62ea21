//! Images that were drawn already: several figures look at the same samples, and a flow takes many steps for each.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use burn::tensor::{Tensor, TensorData};
use datasets::Seed;
use studio::{Conditions, Studio};

use crate::EvaluationError;
use crate::judge::Drawn;

/// The most values of images that are kept: a quarter of a gigabyte. Others are drawn again.
const MOST_VALUES: usize = 64 << 20;

/// The images of flows, by what they follow from.
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    known: HashMap<u64, Vec<f32>>,
    values: usize,
}

impl Pictures {
    /// The images of latents as the model usually draws them, `[n, channels, height, width]`.
    pub fn images_of(
        &mut self,
        studio: &Studio,
        drawn: &[Drawn],
    ) -> Result<Tensor<4>, EvaluationError> {
        let sampler = studio.manifest().usual_sampler();
        if sampler.steps == 0 {
            return at_once(studio, drawn);
        }
        let keys: Vec<u64> = drawn.iter().map(key).collect();
        let is_new: Vec<bool> = keys
            .iter()
            .map(|key| !self.known.contains_key(key))
            .collect();
        let new = || drawn.iter().zip(&is_new).filter(|(_, new)| **new);
        let latents: Vec<Vec<f32>> = new().map(|(drawn, _)| drawn.latent.clone()).collect();
        let conditions = Conditions::Each(new().map(|(drawn, _)| drawn.condition).collect());
        let seeds: Vec<Seed> = new().map(|(drawn, _)| drawn.detail).collect();
        let fresh = studio.draw(&latents, &conditions, sampler, &seeds)?;
        let values = studio.shape().values();
        let mut fresh = fresh.chunks_exact(values);
        let mut images = Vec::with_capacity(drawn.len() * values);
        for (key, is_new) in keys.into_iter().zip(&is_new) {
            if !is_new {
                images.extend_from_slice(&self.known[&key]);
                continue;
            }
            let image = fresh.next().unwrap_or_default();
            images.extend_from_slice(image);
            if self.values + values <= MOST_VALUES {
                self.values += values;
                self.known.insert(key, image.to_vec());
            }
        }
        let data = TensorData::new(images, studio.shape().batch(drawn.len()));
        Ok(Tensor::from_data(data, studio.device()))
    }
}

/// Models that take no steps draw a batch faster than it could be kept, and in Burn's own form.
fn at_once(studio: &Studio, drawn: &[Drawn]) -> Result<Tensor<4>, EvaluationError> {
    let latents: Vec<Vec<f32>> = drawn.iter().map(|drawn| drawn.latent.clone()).collect();
    let conditions: Vec<_> = drawn.iter().map(|drawn| drawn.condition).collect();
    let seeds: Vec<Seed> = drawn.iter().map(|drawn| drawn.detail).collect();
    let given = studio.generator().classes(&conditions, studio.device());
    let (latents, sampler) = (studio.latents(&latents)?, studio.manifest().usual_sampler());
    Ok(studio.generator().draw(latents, given, sampler, &seeds))
}

/// What an image follows from, in few bits: two of a hundred thousand samples have the same with a chance of one in a billion.
fn key(drawn: &Drawn) -> u64 {
    let mut hasher = DefaultHasher::new();
    for coordinate in &drawn.latent {
        coordinate.to_bits().hash(&mut hasher);
    }
    drawn.condition.hash(&mut hasher);
    drawn.detail.hash(&mut hasher);
    hasher.finish()
}
