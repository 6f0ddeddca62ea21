//! Fitting the temperature to logits whose temperature is known.

use classifier::fit_temperature;
use datasets::{ClassId, Seed};
use rand::RngExt;

/// The search ends within e^(1e-8), and the result is single precision.
const TOLERANCE: f32 = 1e-5;

/// Rows of the logits (4, 0), of which `right` in four are of class 0. The likelihood is highest where
/// sigmoid(4 / T) is the share of class 0, so T = 4 / ln(share / (1 - share)): 4 / ln 3 = 3.640957 for three in four.
#[test]
fn two_classes_have_a_closed_form() {
    let logits = vec![vec![4.0, 0.0]; 400];
    let labels: Vec<ClassId> = (0..400).map(|i| ClassId(u16::from(i % 4 == 0))).collect();
    let fitted = fit_temperature(&logits, &labels);
    assert!((fitted - 3.640_957).abs() < TOLERANCE, "{fitted}");
}

/// Logits of five classes, uniform in [-5, 5), with labels drawn from the softmax of the logits over `temperature`; and
/// the standard error with which the inverse temperature can be known from them, one over the root of the Fisher
/// information: the sum over the rows of the variance of the logits under that softmax.
fn drawn(temperature: f64, seed: Seed) -> (Vec<Vec<f32>>, Vec<ClassId>, f64) {
    let mut rng = seed.rng();
    let (mut rows, mut labels, mut information) = (Vec::new(), Vec::new(), 0.0);
    for _ in 0..4_000 {
        let row: Vec<f32> = (0..5).map(|_| rng.random_range(-5.0..5.0)).collect();
        let weights = row.iter().map(|l| (f64::from(*l) / temperature).exp());
        let weights: Vec<f64> = weights.collect();
        let sum: f64 = weights.iter().sum();
        let expected = |f: &dyn Fn(f64) -> f64| {
            let terms = row.iter().zip(&weights).map(|(l, w)| f(f64::from(*l)) * w);
            terms.sum::<f64>() / sum
        };
        let mean = expected(&|l| l);
        information += expected(&|l| (l - mean).powi(2));
        let mut left = rng.random::<f64>() * sum;
        let label = weights.iter().position(|w| {
            left -= w;
            left < 0.0
        });
        labels.push(ClassId(label.unwrap_or(4) as u16));
        rows.push(row);
    }
    (rows, labels, information.sqrt().recip())
}

#[test]
fn a_known_temperature_is_recovered() {
    for (seed, temperature) in [0.5, 1.0, 2.5, 6.0].into_iter().enumerate() {
        let (rows, labels, standard_error) = drawn(temperature, Seed(seed as u64));
        let fitted = f64::from(fit_temperature(&rows, &labels));
        let off = (fitted.recip() - temperature.recip()) / standard_error;
        // The seeds are fixed; one in 4,000 sets of four would be further out.
        assert!(
            off.abs() < 4.0,
            "{temperature}: {fitted}, {off} standard errors off"
        );
        // And four standard errors are little enough to tell the temperatures apart.
        assert!(4.0 * standard_error * temperature < 0.2);
    }
}

#[test]
fn adding_a_number_to_a_row_changes_nothing() {
    let (rows, labels, _) = drawn(2.0, Seed(9));
    let mut moved = rows.clone();
    for (i, row) in moved.iter_mut().enumerate() {
        // Powers of two, so that little is lost in the sum.
        for logit in row.iter_mut() {
            *logit += (1 << (i % 5)) as f32;
        }
    }
    let (fitted, again) = (
        fit_temperature(&rows, &labels),
        fit_temperature(&moved, &labels),
    );
    assert!((fitted - again).abs() < 1e-4, "{fitted} {again}");
}

/// Always right asks for no doubt at all, always wrong for nothing but doubt: the ends of the search, e^-3 and e^3.
#[test]
fn the_search_is_bounded() {
    let logits = vec![vec![4.0, 0.0]; 50];
    let cold = fit_temperature(&logits, &[ClassId(0); 50]);
    assert!((0.049..0.2).contains(&cold), "{cold}");
    let warm = fit_temperature(&logits, &[ClassId(1); 50]);
    assert!((warm - 3f32.exp()).abs() < 1e-3, "{warm}");
}

#[test]
fn without_images_the_temperature_is_1() {
    assert_eq!(fit_temperature(&[], &[]), 1.0);
}

#[test]
fn huge_logits_do_not_overflow() {
    let logits = vec![vec![3e38, -3e38], vec![-3e38, 3e38]];
    let fitted = fit_temperature(&logits, &[ClassId(0), ClassId(0)]);
    assert!(fitted.is_finite() && fitted > 0.0, "{fitted}");
}
