//! t-SNE: a layout of points on a plane in which neighbours stay neighbours.
//!
//! van der Maaten and Hinton, "Visualizing Data using t-SNE", JMLR 9 (2008), in its exact form: all pairs count. For a
//! thousand points a step takes milliseconds, and the crates that offer it tell nobody how far they are. It runs on the
//! calling thread alone on purpose: the other cores belong to the frames of the window.

use std::ops::ControlFlow;

use datasets::Seed;
use nalgebra::{DMatrix, SymmetricEigen};
use rand_distr::{Distribution, StandardNormal};

/// Spread of the first layout: small, so that points can pass each other.
const FIRST_SPREAD: f64 = 1e-4;
/// Random share of the first layout, so that equal points part.
const JITTER: f64 = 0.01;
/// How much stronger points attract each other at first, and for which share of all steps: clusters form while there is
/// room between them.
const EXAGGERATION: f64 = 12.0;
const EXAGGERATED_SHARE: f64 = 0.3;
/// Halvings in the search for a point's bandwidth.
const SEARCH_STEPS: usize = 50;

/// What a layout is made with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TsneSettings {
    /// How many neighbours each point has, about. At most a third of all points are taken.
    pub perplexity: f64,
    /// Steps of gradient descent.
    pub steps: usize,
    /// Parts points that are equal; the rest of the first layout follows from the points.
    pub seed: Seed,
}

impl Default for TsneSettings {
    fn default() -> Self {
        Self {
            perplexity: 30.0,
            steps: 500,
            seed: Seed(0),
        }
    }
}

/// A layout on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct Tsne {
    /// Where each point is, in the order of the points. The scale means nothing.
    pub layout: Vec<[f32; 2]>,
    /// Steps taken.
    pub step: usize,
    /// What is minimised: the Kullback-Leibler divergence between the neighbourhoods of the points and of the layout, in
    /// nats.
    pub divergence: f64,
}

/// Lays out `points`, all with the same number of finite coordinates.
///
/// `watch` sees the first layout, then that of every `every`-th step and the last one, and may stop the work. The answer
/// is what it saw last. The same points and settings give the same layout.
pub fn tsne(
    points: &[Vec<f32>],
    settings: &TsneSettings,
    every: usize,
    mut watch: impl FnMut(&Tsne) -> ControlFlow<()>,
) -> Tsne {
    let pairs = affinities(points, settings.perplexity);
    let mut descent = Descent::new(first_layout(points, settings.seed));
    let early = (settings.steps as f64 * EXAGGERATED_SHARE) as usize;
    let mut seen = descent.seen(&pairs, 0);
    if watch(&seen).is_break() {
        return seen;
    }
    for step in 1..=settings.steps {
        let (exaggeration, momentum) = if step <= early {
            (EXAGGERATION, 0.5)
        } else {
            (1.0, 0.8)
        };
        descent.step(&pairs, exaggeration, momentum);
        if step % every.max(1) == 0 || step == settings.steps {
            seen = descent.seen(&pairs, step);
            if watch(&seen).is_break() {
                break;
            }
        }
    }
    seen
}

/// The first two principal components, shrunk, with a little noise.
fn first_layout(points: &[Vec<f32>], seed: Seed) -> Vec<[f64; 2]> {
    let mut rng = seed.rng();
    let mut noise = || {
        let draw: f64 = StandardNormal.sample(&mut rng);
        FIRST_SPREAD * JITTER * draw
    };
    let dims = points.first().map_or(0, Vec::len);
    if dims == 0 {
        return points.iter().map(|_| [noise(), noise()]).collect();
    }
    let mut centred = DMatrix::from_fn(points.len(), dims, |row, column| {
        f64::from(points[row][column])
    });
    for mut column in centred.column_iter_mut() {
        let mean = column.mean();
        column.add_scalar_mut(-mean);
    }
    let covariance = centred.transpose() * &centred / points.len() as f64;
    let eigen = SymmetricEigen::new(covariance);
    let mut order: Vec<usize> = (0..dims).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
    let largest = eigen.eigenvalues[order[0]];
    let scale = FIRST_SPREAD / largest.max(f64::MIN_POSITIVE).sqrt();
    let component = |row: usize, which: usize| {
        let axis = order
            .get(which)
            .map(|&axis| eigen.eigenvectors.column(axis));
        axis.map_or(0.0, |axis| scale * centred.row(row).transpose().dot(&axis))
    };
    (0..points.len())
        .map(|row| [component(row, 0) + noise(), component(row, 1) + noise()])
        .collect()
}

/// How much each pair of points belongs together: the symmetric joint probabilities `p_ij`, which sum to 1 over all ordered
/// pairs. The pairs `(i, j)` with `i < j`, row by row.
fn affinities(points: &[Vec<f32>], perplexity: f64) -> Vec<f64> {
    let n = points.len();
    let perplexity = perplexity.min((n.saturating_sub(1)) as f64 / 3.0).max(1.0);
    let mut conditional = vec![0.0; n * n];
    for (i, row) in conditional.chunks_exact_mut(n.max(1)).enumerate() {
        let squares: Vec<f64> = points.iter().map(|p| square(p, &points[i])).collect();
        neighbourhood(&squares, i, perplexity.ln(), row);
    }
    let mut pairs = Vec::with_capacity(n * n.saturating_sub(1) / 2);
    for i in 0..n {
        for j in i + 1..n {
            let both = conditional[i * n + j] + conditional[j * n + i];
            pairs.push(both / (2 * n) as f64);
        }
    }
    pairs
}

fn square(a: &[f32], b: &[f32]) -> f64 {
    let apart = a.iter().zip(b).map(|(a, b)| f64::from(a - b));
    apart.map(|d| d * d).sum()
}

/// The probabilities with which point `i` picks its neighbours: a Gaussian of their squared distances, as narrow as gives
/// `entropy` (in nats).
fn neighbourhood(squares: &[f64], i: usize, entropy: f64, row: &mut [f64]) {
    let others = || squares.iter().enumerate().filter(|(j, _)| *j != i);
    let nearest = others().fold(f64::INFINITY, |least, (_, d)| least.min(*d));
    let (mut low, mut high) = (0.0, f64::INFINITY);
    let mean = others().map(|(_, d)| d - nearest).sum::<f64>() / squares.len() as f64;
    let mut precision = if mean > 0.0 { 1.0 / mean } else { 1.0 };
    for _ in 0..SEARCH_STEPS {
        let (mut total, mut weighted) = (0.0, 0.0);
        for (j, d) in others() {
            // Measured from the nearest, so that not all of them vanish.
            let weight = (-precision * (d - nearest)).exp();
            row[j] = weight;
            total += weight;
            weighted += weight * (d - nearest);
        }
        let now = total.ln() + precision * weighted / total;
        for p in row.iter_mut() {
            *p /= total;
        }
        if (now - entropy).abs() < 1e-5 {
            break;
        }
        if now > entropy {
            low = precision;
        } else {
            high = precision;
        }
        precision = if high.is_finite() {
            f64::midpoint(low, high)
        } else {
            2.0 * precision
        };
    }
}

/// Gradient descent with momentum and a gain for each coordinate (Jacobs 1988), as the paper has it.
struct Descent {
    layout: Vec<[f64; 2]>,
    velocity: Vec<[f64; 2]>,
    gains: Vec<[f64; 2]>,
    /// Belkina et al. (2019): with the number of points over the exaggeration, large data sets unfold as fast as small ones.
    rate: f64,
}

impl Descent {
    fn new(layout: Vec<[f64; 2]>) -> Self {
        let n = layout.len();
        Self {
            velocity: vec![[0.0; 2]; n],
            gains: vec![[1.0; 2]; n],
            rate: (n as f64 / EXAGGERATION / 4.0).max(50.0),
            layout,
        }
    }

    fn step(&mut self, pairs: &[f64], exaggeration: f64, momentum: f64) {
        let gradient = self.gradient(pairs, exaggeration);
        let mut middle = [0.0; 2];
        for (i, slope) in gradient.iter().enumerate() {
            for axis in 0..2 {
                let (gain, speed) = (&mut self.gains[i][axis], &mut self.velocity[i][axis]);
                let turned = (slope[axis] > 0.0) == (*speed > 0.0);
                *gain = if turned {
                    (*gain * 0.8).max(0.01)
                } else {
                    *gain + 0.2
                };
                *speed = momentum * *speed - self.rate * *gain * slope[axis];
                self.layout[i][axis] += *speed;
                middle[axis] += self.layout[i][axis] / gradient.len() as f64;
            }
        }
        for place in &mut self.layout {
            *place = [place[0] - middle[0], place[1] - middle[1]];
        }
    }

    /// `4 sum_j (e p_ij - q_ij) w_ij (y_i - y_j)`, with `w_ij = 1 / (1 + |y_i - y_j|^2)` and `q_ij = w_ij / sum w`.
    fn gradient(&self, pairs: &[f64], exaggeration: f64) -> Vec<[f64; 2]> {
        let n = self.layout.len();
        let mut pull = vec![[0.0; 2]; n];
        let mut push = vec![[0.0; 2]; n];
        let (mut total, mut rest) = (0.0, pairs);
        for i in 0..n {
            let (row, after) = rest.split_at(n - i - 1);
            rest = after;
            let [x, y] = self.layout[i];
            let (mut pulled, mut pushed) = ([0.0; 2], [0.0; 2]);
            for (p, j) in row.iter().zip(i + 1..) {
                let (dx, dy) = (x - self.layout[j][0], y - self.layout[j][1]);
                let weight = 1.0 / (1.0 + dx * dx + dy * dy);
                total += 2.0 * weight;
                let (near, far) = (p * weight, weight * weight);
                pulled = [pulled[0] + near * dx, pulled[1] + near * dy];
                pushed = [pushed[0] + far * dx, pushed[1] + far * dy];
                pull[j] = [pull[j][0] - near * dx, pull[j][1] - near * dy];
                push[j] = [push[j][0] - far * dx, push[j][1] - far * dy];
            }
            pull[i] = [pull[i][0] + pulled[0], pull[i][1] + pulled[1]];
            push[i] = [push[i][0] + pushed[0], push[i][1] + pushed[1]];
        }
        let total = total.max(f64::MIN_POSITIVE);
        let slope = |pull: f64, push: f64| 4.0 * (exaggeration * pull - push / total);
        let both = pull.iter().zip(&push);
        both.map(|(pull, push)| [slope(pull[0], push[0]), slope(pull[1], push[1])])
            .collect()
    }

    fn seen(&self, pairs: &[f64], step: usize) -> Tsne {
        let layout = self.layout.iter();
        Tsne {
            layout: layout.map(|place| place.map(|v| v as f32)).collect(),
            step,
            divergence: self.divergence(pairs),
        }
    }

    /// `sum p_ij ln (p_ij / q_ij)` over all ordered pairs.
    fn divergence(&self, pairs: &[f64]) -> f64 {
        let n = self.layout.len();
        let weight = |i: usize, j: usize| {
            let (dx, dy) = (
                self.layout[i][0] - self.layout[j][0],
                self.layout[i][1] - self.layout[j][1],
            );
            1.0 / (1.0 + dx * dx + dy * dy)
        };
        let (mut total, mut sum) = (0.0, 0.0);
        let places = (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j)));
        for (p, (i, j)) in pairs.iter().zip(places) {
            let weight = weight(i, j);
            total += 2.0 * weight;
            if *p > 0.0 {
                sum += 2.0 * p * (p / weight).ln();
            }
        }
        if total > 0.0 { sum + total.ln() } else { 0.0 }
    }
}
