//! The learning rate of each step.

/// Share of a run in which the learning rate rises.
const WARM_UP: f64 = 0.15;
/// The rate at the start, as a share of the peak.
const START: f64 = 0.1;
/// The rate at the end, as a share of the peak.
const END: f64 = 1e-3;

/// The learning rate of a step: a linear rise over the first 15 % of the run, then a cosine down to a thousandth of the
/// peak. (Smith and Topin 2018, "Super-convergence", with the cosine of Loshchilov and Hutter 2016 for the descent.)
///
/// `step` counts from 0 and `steps` is the length of the whole run; a `step` past the end gives the final rate.
#[must_use]
pub fn one_cycle(step: usize, steps: usize, peak: f64) -> f64 {
    let position = step as f64 / steps.max(1) as f64;
    if position < WARM_UP {
        return peak * (START + (1.0 - START) * position / WARM_UP);
    }
    let descent = ((position - WARM_UP) / (1.0 - WARM_UP)).min(1.0);
    let cosine = 0.5 * (1.0 + (std::f64::consts::PI * descent).cos());
    peak * (END + (1.0 - END) * cosine)
}
