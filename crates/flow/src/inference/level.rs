//! What happens at each size of the maps, on packed weights.

use std::mem::swap;

use kernels::{Epilogue, Layer, Maps};

use super::attention::AttentionForm;
use super::block::BlockForm;
use super::{convolution, enlarged};
use crate::{Level, Middle};

/// A [`Level`] on packed weights.
#[derive(Debug, Clone)]
pub struct LevelForm {
    down: [BlockForm; 2],
    halve: Layer,
    double: Layer,
    up: [BlockForm; 2],
}

/// A [`Middle`] on packed weights.
#[derive(Debug, Clone)]
pub struct MiddleForm {
    block1: BlockForm,
    attention: Option<AttentionForm>,
    block2: BlockForm,
}

/// The maps of one size.
#[derive(Debug, Clone)]
pub struct Sizes {
    /// What is handed from block to block.
    x: Maps,
    next: Maps,
    /// What a block computes in between.
    normed: Maps,
    inner: [Maps; 2],
    /// Twice as many channels, or three times as many in the middle: what the way back joins, or what the attention projects.
    wide: Option<Maps>,
    wide_normed: Option<Maps>,
}

impl Sizes {
    fn new(maps: &Maps, wide: Option<Maps>, wide_normed: Option<Maps>) -> Self {
        Self {
            x: maps.clone(),
            next: maps.clone(),
            normed: maps.clone(),
            inner: [maps.clone(), maps.clone()],
            wide,
            wide_normed,
        }
    }

    /// Where what enters this size is written.
    pub fn input(&mut self) -> &mut Maps {
        &mut self.x
    }

    /// What leaves this size, and other maps of its shape.
    pub fn output(&mut self) -> [&mut Maps; 2] {
        [&mut self.x, &mut self.normed]
    }

    /// A block whose channels stay the same, from `x` to `x`.
    fn run(&mut self, block: &BlockForm, embedding: &[f32]) {
        let Self {
            x,
            next,
            normed,
            inner,
            ..
        } = self;
        block.run(embedding, x, normed, inner, next);
        swap(x, next);
    }

    /// A block that reads `next` and `x` together, to `x`.
    fn run_joined(&mut self, block: &BlockForm, embedding: &[f32]) {
        let (Some(wide), Some(wide_normed)) = (&mut self.wide, &mut self.wide_normed) else {
            return;
        };
        wide.load_joined([&self.next, &self.x]);
        block.run(embedding, wide, wide_normed, &mut self.inner, &mut self.x);
    }
}

impl LevelForm {
    /// For maps of a side.
    pub fn new(level: &Level, side: usize) -> Self {
        let block = |block| BlockForm::new(block, side);
        Self {
            down: [&level.down1, &level.down2].map(block),
            halve: convolution(&level.halve, side),
            double: enlarged(&level.double, side / 2),
            up: [&level.up1, &level.up2].map(block),
        }
    }

    pub fn sizes(&self) -> Sizes {
        let wide = || Some(self.up[0].input());
        Sizes::new(&self.double.output(), wide(), wide())
    }
}

impl MiddleForm {
    /// For maps of a side.
    pub fn new(middle: &Middle, side: usize) -> Self {
        let attention = middle.attention.as_ref();
        Self {
            block1: BlockForm::new(&middle.block1, side),
            attention: attention.map(|attention| AttentionForm::new(attention, side)),
            block2: BlockForm::new(&middle.block2, side),
        }
    }

    pub fn sizes(&self) -> Sizes {
        let projected = self.attention.as_ref().map(AttentionForm::projected);
        Sizes::new(&self.block2.output(), projected, None)
    }

    fn run(&self, embedding: &[f32], sizes: &mut Sizes) {
        sizes.run(&self.block1, embedding);
        if let (Some(attention), Some(projected)) = (&self.attention, &mut sizes.wide) {
            attention.run(&sizes.x, &mut sizes.normed, projected, &mut sizes.next);
            swap(&mut sizes.x, &mut sizes.next);
        }
        sizes.run(&self.block2, embedding);
    }
}

/// Through some levels and the middle and back, from the first size's input to its output.
pub fn run(levels: &[LevelForm], middle: &MiddleForm, embedding: &[f32], sizes: &mut [Sizes]) {
    let Some((here, smaller)) = sizes.split_first_mut() else {
        return;
    };
    let Some((level, levels)) = levels.split_first() else {
        return middle.run(embedding, here);
    };
    for block in &level.down {
        here.run(block, embedding);
    }
    level
        .halve
        .run(&here.x, smaller[0].input(), Epilogue::Plain);
    run(levels, middle, embedding, smaller);
    level
        .double
        .run(&smaller[0].x, &mut here.next, Epilogue::Plain);
    here.run_joined(&level.up[0], embedding);
    here.run(&level.up[1], embedding);
}
