//! What the posterior means tell about the class, as seen by the two simplest readers.

use burn::tensor::activation::softmax;
use burn::tensor::{Int, Tensor, TensorData};
use datasets::{LabelledImages, image_tensor};
use studio::{Figure, finite};

use crate::judge::CHUNK;
use crate::run::Run;
use crate::{EvaluationError, Measure, measures, wilson};

/// Neighbours that vote.
const NEIGHBOURS: usize = 5;
/// Steps of gradient descent; the loss has long stopped falling.
const STEPS: usize = 300;
const LEARNING_RATE: f32 = 1.0;
const MOMENTUM: f32 = 0.9;

pub(crate) fn images(data: &datasets::Splits) -> usize {
    data.train.len() + data.test.len()
}

pub(crate) fn measure(run: &mut Run<'_>) -> Result<Vec<Figure>, EvaluationError> {
    let (train, test) = (&run.data.train, &run.data.test);
    let mut train_means = means(run, train)?;
    let mut test_means = means(run, test)?;
    standardise(&mut train_means, &mut test_means);
    let linear = linear_hits(run, &train_means, &test_means)?;
    let nearest = nearest_hits(run, &train_means, &test_means)?;
    let n = test.len();
    let figure = |measure: Measure, hits: usize, settings: String| {
        let (low, high) = wilson(hits, n);
        Figure {
            low: Some(low),
            high: Some(high),
            protocol: measure.protocol_with(&settings),
            ..measure.figure(hits as f64 / n.max(1) as f64, n)
        }
    };
    Ok(vec![
        figure(
            measures::LINEAR_PROBE,
            linear,
            format!("{STEPS} full steps of gradient descent"),
        ),
        figure(
            measures::KNN_PROBE,
            nearest,
            format!("{NEIGHBOURS} neighbours"),
        ),
    ])
}

/// Posterior means, a row an image.
struct Rows {
    values: Vec<f32>,
    dims: usize,
}

impl Rows {
    fn len(&self) -> usize {
        self.values.len() / self.dims.max(1)
    }
}

fn means(run: &mut Run<'_>, images: &LabelledImages) -> Result<Rows, EvaluationError> {
    let dims = run.studio.vae()?.latent_dim();
    let mut values = Vec::with_capacity(images.len() * dims);
    let all: Vec<usize> = (0..images.len()).collect();
    for chunk in all.chunks(CHUNK) {
        let batch = image_tensor(images, chunk, run.studio.device())?;
        let vae = run.studio.vae()?;
        let posterior = vae.encode_as(batch, vae.classes_of(images, chunk));
        values.extend(finite(posterior.mean, "posterior")?);
        run.tick(chunk.len())?;
    }
    Ok(Rows { values, dims })
}

/// Brings every dimension to mean 0 and variance 1 over the training images.
fn standardise(train: &mut Rows, test: &mut Rows) {
    let n = train.len().max(1) as f64;
    for dim in 0..train.dims {
        let column = || {
            train
                .values
                .iter()
                .skip(dim)
                .step_by(train.dims)
                .map(|v| f64::from(*v))
        };
        let mean = column().sum::<f64>() / n;
        let variance = column().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
        let scale = 1.0 / variance.sqrt().max(1e-6);
        for rows in [&mut *train, &mut *test] {
            for value in rows.values.iter_mut().skip(dim).step_by(rows.dims) {
                *value = ((f64::from(*value) - mean) * scale) as f32;
            }
        }
    }
}

fn linear_hits(run: &mut Run<'_>, train: &Rows, test: &Rows) -> Result<usize, EvaluationError> {
    let device = run.studio.device();
    let classes = run.studio.manifest().dataset.classes();
    let with_one = |rows: &Rows| -> Tensor<2> {
        let data = TensorData::new(rows.values.clone(), [rows.len(), rows.dims]);
        let ones = Tensor::ones([rows.len(), 1], device);
        Tensor::cat(vec![Tensor::from_data(data, device), ones], 1)
    };
    let inputs = with_one(train); // [n, dims + 1]
    let labels: Vec<i32> = run
        .data
        .train
        .labels()
        .iter()
        .map(|&l| i32::from(l))
        .collect();
    let targets = Tensor::<1, Int>::from_data(TensorData::from(labels.as_slice()), device)
        .one_hot::<2>(classes)
        .float();
    let mut weights = Tensor::<2>::zeros([train.dims + 1, classes], device);
    let mut velocity = weights.clone();
    let share = 1.0 / train.len().max(1) as f32;
    for _ in 0..STEPS {
        let excess = softmax(inputs.clone().matmul(weights.clone()), 1) - targets.clone();
        let gradient = inputs.clone().transpose().matmul(excess) * share;
        velocity = velocity * MOMENTUM - gradient * LEARNING_RATE;
        weights = weights + velocity.clone();
        run.tick(0)?;
    }
    let logits = finite(with_one(test).matmul(weights), "probe")?;
    let rows = logits.chunks(classes).zip(run.data.test.labels());
    Ok(rows
        .filter(|(row, label)| largest(row) == usize::from(**label))
        .count())
}

fn nearest_hits(run: &mut Run<'_>, train: &Rows, test: &Rows) -> Result<usize, EvaluationError> {
    let device = run.studio.device();
    let classes = run.studio.manifest().dataset.classes();
    let data = TensorData::new(train.values.clone(), [train.len(), train.dims]);
    let points: Tensor<2> = Tensor::from_data(data, device);
    // |a - b|^2 less |a|^2, which is the same for all b
    let squares = points.clone().powi_scalar(2).sum_dim(1).transpose(); // [1, n]
    let points = points.transpose();
    let mut hits = 0;
    let questions = test.values.chunks(CHUNK * test.dims);
    for (rows, labels) in questions.zip(run.data.test.labels().chunks(CHUNK)) {
        let data = TensorData::new(rows.to_vec(), [labels.len(), test.dims]);
        let rows = Tensor::<2>::from_data(data, device);
        let distances = finite(squares.clone() - rows.matmul(points.clone()) * 2.0, "probe")?;
        for (distances, label) in distances.chunks(train.len().max(1)).zip(labels) {
            let mut votes = vec![0.0; classes];
            for index in nearest(distances) {
                votes[usize::from(run.data.train.labels()[index])] += 1.0;
            }
            hits += usize::from(largest(&votes) == usize::from(*label));
        }
        run.tick(0)?;
    }
    Ok(hits)
}

/// The indices of the smallest distances; of equal ones the first.
fn nearest(distances: &[f32]) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::with_capacity(NEIGHBOURS + 1);
    for (index, distance) in distances.iter().enumerate() {
        if found.len() == NEIGHBOURS && *distance >= distances[found[NEIGHBOURS - 1]] {
            continue;
        }
        let place = found.partition_point(|&other| distances[other] <= *distance);
        found.insert(place, index);
        found.truncate(NEIGHBOURS);
    }
    found
}

/// The index of the largest value; of equal ones the first.
fn largest(values: &[f32]) -> usize {
    let mut best = 0;
    for (index, value) in values.iter().enumerate() {
        if *value > values[best] {
            best = index;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_come_in_order_and_ties_go_to_the_first() {
        assert_eq!(
            nearest(&[5.0, 1.0, 4.0, 1.0, 9.0, 0.5, 2.0]),
            [5, 1, 3, 6, 2]
        );
        assert_eq!(nearest(&[2.0, 1.0]), [1, 0]);
        assert_eq!(largest(&[0.0, 2.0, 2.0]), 1);
    }
}
