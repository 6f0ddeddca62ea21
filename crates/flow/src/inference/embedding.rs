//! Time and class on the host.

use datasets::ClassId;
use kernels::Dense;

use super::{dense, floats};
use crate::Embedding;
use crate::embedding::frequencies;

/// An [`Embedding`] on the host.
#[derive(Debug, Clone)]
pub struct EmbeddingForm {
    frequencies: Vec<f32>,
    time1: Dense,
    time2: Dense,
    /// A row for each class, and the last one for no class.
    classes: Option<Vec<Vec<f32>>>,
}

impl EmbeddingForm {
    pub fn new(embedding: &Embedding) -> Self {
        let classes = embedding.classes.as_ref().map(|rows| {
            let [_, width] = rows.dims();
            let rows = floats(rows.val());
            rows.chunks_exact(width).map(<[f32]>::to_vec).collect()
        });
        Self {
            frequencies: frequencies(),
            time1: dense(&embedding.time1),
            time2: dense(&embedding.time2),
            classes,
        }
    }

    pub fn classes(&self) -> Option<usize> {
        self.classes.as_ref().map(|rows| rows.len() - 1)
    }

    pub fn run(&self, time: f32, class: Option<ClassId>) -> Vec<f32> {
        let angles = || self.frequencies.iter().map(|frequency| time * frequency);
        let waves: Vec<f32> = angles()
            .map(f32::sin)
            .chain(angles().map(f32::cos))
            .collect();
        let hidden: Vec<f32> = self.time1.run(&waves).into_iter().map(silu).collect();
        let mut sum = self.time2.run(&hidden);
        if let Some(rows) = &self.classes {
            let none = rows.len() - 1;
            let row = class.map_or(none, ClassId::index);
            let exists = class.is_none() || row < none;
            assert!(exists, "class {row} of a network for {none} classes");
            for (sum, value) in sum.iter_mut().zip(&rows[row]) {
                *sum += value;
            }
        }
        sum.into_iter().map(silu).collect()
    }
}

fn silu(x: f32) -> f32 {
    x / (1.0 + (-x).exp())
}
