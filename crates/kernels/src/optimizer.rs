//! A step of `AdamW` and the average of weights on plain numbers: one pass over the memory, where single operations need fourteen.
//!
//! Each number is computed in the order in which Burn's optimiser does it, so that the weights are the same to the last bit.

use rayon::prelude::*;

use crate::op::AdamWStep;

/// Numbers that a thread takes at a time.
const CHUNK: usize = 1 << 14;

/// Weights and both moments after a step, from those before it: `[weights, gradient, moment1, moment2]`, all of one length. The
/// gradient is multiplied by `factor` first.
pub fn adam_w(before: [&[f32]; 4], factor: f32, step: &AdamWStep) -> [Vec<f32>; 3] {
    let mut after = [(); 3].map(|()| vec![0.0; before[0].len()]);
    let [weights, moment1, moment2] = &mut after;
    let chunks = weights.par_chunks_mut(CHUNK);
    let chunks = chunks.zip(moment1.par_chunks_mut(CHUNK));
    let chunks = chunks.zip(moment2.par_chunks_mut(CHUNK)).enumerate();
    chunks.for_each(|(number, ((weights, moment1), moment2))| {
        let first = number * CHUNK;
        let before = before.map(|values| &values[first..first + weights.len()]);
        update(before, [weights, moment1, moment2], factor, step);
    });
    after
}

fn update(before: [&[f32]; 4], after: [&mut [f32]; 3], factor: f32, step: &AdamWStep) {
    let [weights, gradient, moment1, moment2] = before;
    let [to_weights, to_moment1, to_moment2] = after;
    let (correction1, correction2) = (step.correction1(), step.correction2());
    let (kept, rate) = (step.kept(), step.rate as f32);
    for i in 0..weights.len() {
        let slope = gradient[i] * factor;
        let first = moment1[i] * step.beta1 + slope * (1.0 - step.beta1);
        let second = moment2[i] * step.beta2 + slope * slope * (1.0 - step.beta2);
        let delta = first / correction1 / ((second / correction2).sqrt() + step.epsilon);
        to_moment1[i] = first;
        to_moment2[i] = second;
        to_weights[i] = weights[i] * kept - delta * rate;
    }
}

/// `share * average + (1 - share) * current`.
pub fn blend(average: &[f32], current: &[f32], share: f64) -> Vec<f32> {
    let (share, rest) = (share as f32, (1.0 - share) as f32);
    let pairs = average.par_iter().zip(current).with_min_len(CHUNK);
    pairs
        .map(|(average, current)| average * share + current * rest)
        .collect()
}
