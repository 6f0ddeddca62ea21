//! What was measured: a value, its spread and how often.

use std::time::Duration;

use serde_json::{Value, json};

use crate::table::{Align, Table, number};

/// One figure of a benchmark.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Part and quantity, such as `frame.decode`.
    pub name: String,
    /// The figure: the median of times, the throughput of a rate.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// What 50, 95 and 99 of 100 measurements are at least as good as; `None` where there is but one measurement.
    pub percentiles: Option<[f64; 3]>,
    /// Measurements.
    pub n: usize,
}

impl Figure {
    /// A figure that is not a spread of measurements; `n` is what it was taken over.
    pub fn single(name: &str, value: f64, unit: &'static str, n: usize) -> Self {
        Self {
            name: name.to_owned(),
            value,
            unit,
            percentiles: None,
            n,
        }
    }

    /// Times in milliseconds; `None` without any.
    pub fn of_times(name: &str, times: &[Duration]) -> Option<Self> {
        let mut values: Vec<f64> = times.iter().map(|time| milliseconds(*time)).collect();
        values.sort_unstable_by(f64::total_cmp);
        let percentiles = percentiles(&values)?;
        Some(Self {
            name: name.to_owned(),
            value: percentiles[0],
            unit: "ms",
            percentiles: Some(percentiles),
            n: values.len(),
        })
    }

    /// Images a second, from the time that each batch of `images` took; `None` without any.
    pub fn of_batches(name: &str, images: usize, times: &[Duration]) -> Option<Self> {
        let images = images as f64;
        let total: Duration = times.iter().sum();
        let mut rates: Vec<f64> = times
            .iter()
            .map(|time| images / time.as_secs_f64().max(1e-9))
            .collect();
        // The best first: a slow batch belongs to the last percentiles.
        rates.sort_unstable_by(|a, b| b.total_cmp(a));
        Some(Self {
            name: name.to_owned(),
            percentiles: Some(percentiles(&rates)?),
            value: images * times.len() as f64 / total.as_secs_f64().max(1e-9),
            unit: "images/s",
            n: times.len(),
        })
    }

    /// For scripts.
    pub fn to_json(&self) -> Value {
        let [p50, p95, p99] = match self.percentiles {
            Some(values) => values.map(Some),
            None => [None; 3],
        };
        json!({
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "p50": p50,
            "p95": p95,
            "p99": p99,
            "n": self.n,
        })
    }
}

/// For people.
pub fn table(figures: &[Figure]) -> String {
    let mut table = Table::new([
        ("figure", Align::Left),
        ("value", Align::Right),
        ("unit", Align::Left),
        ("p50", Align::Right),
        ("p95", Align::Right),
        ("p99", Align::Right),
        ("n", Align::Right),
    ]);
    for figure in figures {
        let [p50, p95, p99] = match figure.percentiles {
            Some(values) => values.map(number),
            None => [const { String::new() }; 3],
        };
        table.row([
            figure.name.clone(),
            number(figure.value),
            figure.unit.to_owned(),
            p50,
            p95,
            p99,
            figure.n.to_string(),
        ]);
    }
    table.render()
}

/// A duration in milliseconds.
pub fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// The 50th, 95th and 99th percentile of sorted values by nearest rank: each is a value that was measured.
fn percentiles(sorted: &[f64]) -> Option<[f64; 3]> {
    let last = sorted.len().checked_sub(1)?;
    let rank = |percent: usize| (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    Some([50, 95, 99].map(|percent| sorted[rank(percent).min(last)]))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Figure, percentiles};

    #[test]
    fn percentiles_are_nearest_ranks() {
        let values: Vec<f64> = (1..=200).map(f64::from).collect();
        assert_eq!(percentiles(&values), Some([100.0, 190.0, 198.0]));
        assert_eq!(percentiles(&[3.0]), Some([3.0; 3]));
        assert_eq!(percentiles(&[1.0, 2.0]), Some([1.0, 2.0, 2.0]));
        assert_eq!(percentiles(&[]), None);
    }

    #[test]
    fn a_throughput_counts_all_time_and_its_tail_is_the_slow_one() {
        // 10 images in 1 s and 10 in 4 s are 20 in 5 s; the slow batch alone is 2.5 images a second.
        let times = [Duration::from_secs(4), Duration::from_secs(1)];
        let figure = Figure::of_batches("x", 10, &times).expect("two batches");
        assert!((figure.value - 4.0).abs() < 1e-9);
        assert_eq!(figure.percentiles, Some([10.0, 2.5, 2.5]));
    }
}
