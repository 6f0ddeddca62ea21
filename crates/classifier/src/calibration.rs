//! Temperature scaling: confidence that is right as often as it says, without another prediction.

use datasets::ClassId;

/// The search interval of the temperature's logarithm: from a twentieth to twenty.
const LOG_RANGE: (f64, f64) = (-3.0, 3.0);
/// Golden-section steps: the interval shrinks by 0.618 each time, to under 1e-8.
const STEPS: usize = 45;

/// The temperature that minimises the negative log-likelihood of the labels when the logits are divided by it
/// (Guo et al. 2017, section 4.2). It changes no prediction, only the confidence.
///
/// `logits` are rows of one image each, from images that were not trained on. 1 if there are none.
#[must_use]
pub fn fit_temperature(logits: &[Vec<f32>], labels: &[ClassId]) -> f32 {
    if logits.is_empty() {
        return 1.0;
    }
    let loss = |log_temperature: f64| {
        let temperature = log_temperature.exp();
        let rows = logits.iter().zip(labels);
        rows.map(|(row, label)| negative_log_likelihood(row, *label, temperature))
            .sum::<f64>()
    };
    golden_section(loss).exp() as f32
}

fn negative_log_likelihood(logits: &[f32], label: ClassId, temperature: f64) -> f64 {
    let scaled = |logit: &f32| f64::from(*logit) / temperature;
    let largest = logits.iter().map(scaled).fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = logits.iter().map(|l| (scaled(l) - largest).exp()).sum();
    let own = logits.get(label.index()).map_or(f64::NEG_INFINITY, scaled);
    largest + sum.ln() - own
}

/// The minimum of a function with one valley on [`LOG_RANGE`] (Kiefer 1953). In `1 / temperature` the loss is convex,
/// so there is one valley.
fn golden_section(f: impl Fn(f64) -> f64) -> f64 {
    let ratio = (5f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = LOG_RANGE;
    for _ in 0..STEPS {
        let step = ratio * (high - low);
        if f(high - step) < f(low + step) {
            high = low + step;
        } else {
            low = high - step;
        }
    }
    f64::midpoint(low, high)
}
