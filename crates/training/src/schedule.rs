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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_rises_to_the_peak_and_falls_to_its_end() {
        // START of the peak at step 0, the peak where the rise ends (15 of 100), END of it at the last position.
        assert!((one_cycle(0, 100, 2.0) - 0.2).abs() < 1e-12);
        assert!((one_cycle(15, 100, 2.0) - 2.0).abs() < 1e-12);
        assert!((one_cycle(100, 100, 2.0) - 0.002).abs() < 1e-12);
        assert!((one_cycle(500, 100, 2.0) - 0.002).abs() < 1e-12);
        // Half-way down (57.5 of 100) the cosine is at a half: 2 * (0.001 + 0.999 / 2) = 1.001.
        assert!((one_cycle(575, 1000, 2.0) - 1.001).abs() < 1e-9);
    }
}
