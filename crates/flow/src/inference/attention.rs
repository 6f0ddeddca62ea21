//! Attention on packed weights.

use kernels::{Epilogue, Layer, Maps, attend};

use super::{NormForm, convolution};
use crate::Attention;
use crate::config::HEADS;

/// An [`Attention`] on packed weights.
#[derive(Debug, Clone)]
pub struct AttentionForm {
    norm: NormForm,
    projection: Layer,
    output: Layer,
}

impl AttentionForm {
    /// For maps of a side.
    pub fn new(attention: &Attention, side: usize) -> Self {
        Self {
            norm: NormForm::new(&attention.norm, false),
            projection: convolution(&attention.projection, side),
            output: convolution(&attention.output, side),
        }
    }

    /// Maps for queries, keys and values.
    pub fn projected(&self) -> Maps {
        self.projection.output()
    }

    /// From `x` to `to`, with `normed` of the same shape.
    pub fn run(&self, x: &Maps, normed: &mut Maps, projected: &mut Maps, to: &mut Maps) {
        self.norm.run(x, normed);
        self.projection.run(normed, projected, Epilogue::Plain);
        attend(projected, HEADS, normed);
        self.output.run(normed, to, Epilogue::Add(x));
    }
}
