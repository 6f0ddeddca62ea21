//! The linear layer of inference: one row of inputs at a time, for which a matrix product would only copy.

use crate::loops::vectorized;

/// A linear layer, `x W + b`.
#[derive(Debug, Clone)]
pub struct Dense {
    weights: Vec<f32>,
    bias: Vec<f32>,
}

impl Dense {
    /// Takes weights `[inputs, outputs]`, row after row, and one value of `bias` an output.
    ///
    /// # Panics
    /// If the weights do not make whole rows.
    #[must_use]
    pub fn new(weights: Vec<f32>, bias: Vec<f32>) -> Self {
        assert!(
            weights.len().is_multiple_of(bias.len().max(1)),
            "weights of the layer"
        );
        Self { weights, bias }
    }

    /// Computes the layer for one row of inputs.
    ///
    /// # Panics
    /// If there is not one input a row of weights.
    #[must_use]
    pub fn run(&self, inputs: &[f32]) -> Vec<f32> {
        assert_eq!(
            inputs.len() * self.bias.len(),
            self.weights.len(),
            "inputs of the layer"
        );
        let mut outputs = self.bias.clone();
        vectorized(
            #[inline(always)]
            || {
                let rows = self.weights.chunks_exact(self.bias.len().max(1));
                for (input, row) in inputs.iter().zip(rows) {
                    for (output, weight) in outputs.iter_mut().zip(row) {
                        *output += input * weight;
                    }
                }
            },
        );
        outputs
    }
}
