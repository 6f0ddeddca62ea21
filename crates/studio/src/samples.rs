//! Which samples of a model's classes to draw: plain data, and the order in which the classes take turns.

use std::time::Duration;

use datasets::{ClassId, Image, Seed};

use crate::Sampler;

/// One sample of a class.
///
/// Under a seed, each class has an endless row of samples. A sample is found by its place in that row and depends on nothing
/// else: not on how many are drawn, nor in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassSample {
    /// The class; class 0 stands for all images of a model without classes.
    pub class: ClassId,
    /// The place in the row, from 0.
    pub index: u64,
}

/// Samples to draw.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleRequest {
    /// Which samples, in the order in which their images are wanted.
    pub samples: Vec<ClassSample>,
    /// How much of the class's own spread to sample: 0 is none, 1 all of it.
    pub noise: f32,
    /// What the rows of samples follow from.
    pub seed: Seed,
    /// How a flow draws them. Its own seed is not looked at: each sample has noise of its own.
    pub sampler: Sampler,
}

/// Samples as they were drawn for somebody who looks on: each with the time that it took.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Samples {
    /// The images, in the order of the request.
    pub images: Vec<Image>,
    /// How long each took, from its place in the row to its values on the host. Those of one batch share its time evenly.
    pub times: Vec<Duration>,
    /// Images drawn at a time: 1 on a processor, more on a graphics card.
    pub batch: usize,
}

/// Samples of some classes, one of each class in turn: at any length no class has more than one sample more than another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turns(Vec<ClassId>);

impl Turns {
    /// The turns of these classes, in this order.
    #[must_use]
    pub fn of(classes: Vec<ClassId>) -> Self {
        Self(classes)
    }

    /// The classes, in their order.
    #[must_use]
    pub fn classes(&self) -> &[ClassId] {
        &self.0
    }

    /// The sample at a position, counted from 0; `None` if there is no class.
    #[must_use]
    pub fn at(&self, position: u64) -> Option<ClassSample> {
        let classes = self.0.len() as u64;
        let turn = position.checked_rem(classes)?;
        Some(ClassSample {
            class: *self.0.get(turn as usize)?,
            index: position / classes,
        })
    }

    /// How many of the first `count` samples are of each class, in the order of [`classes`](Self::classes).
    #[must_use]
    pub fn counts(&self, count: u64) -> Vec<u64> {
        let classes = self.0.len() as u64;
        let whole = count.checked_div(classes).unwrap_or(0);
        let rest = count.checked_rem(classes).unwrap_or(0);
        (0..classes)
            .map(|turn| whole + u64::from(turn < rest))
            .collect()
    }
}
