//! One test binary for the crate, because each links the whole Burn stack.

#![allow(
    clippy::float_cmp,
    reason = "what is compared without a tolerance must agree to the bit"
)]

#[path = "training/average.rs"]
mod average;
#[path = "training/checkpoints.rs"]
mod checkpoints;
#[path = "training/damage.rs"]
mod damage;
#[path = "training/fit.rs"]
mod fit;
#[path = "training/parts.rs"]
mod parts;
#[path = "training/resume.rs"]
mod resume;
#[path = "training/schedule.rs"]
mod schedule;
#[path = "training/steering.rs"]
mod steering;

use std::collections::BTreeMap;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig};
use burn::optim::ModuleOptimizer;
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor, TensorData};
use datasets::{DatasetError, ImageShape, LabelledImages, Seed};
use serde::Serialize;
use training::{
    AdamW, CancelToken, Checkpoints, Event, Fit, Fitted, Look, Plan, RunIdentity, Steering, Step,
    TrainingError, fit,
};

/// The points that the toy learns; with batches of 4, an epoch has steps of 4, 4 and 2 points.
const POINTS: [[f32; 2]; 10] = [
    [0.0, 0.1],
    [0.9, -0.4],
    [-0.7, 0.8],
    [0.3, 0.6],
    [-0.2, -0.9],
    [1.0, 1.0],
    [-1.0, 0.2],
    [0.5, -0.6],
    [-0.4, -0.3],
    [0.8, 0.4],
];
const STEPS_AN_EPOCH: usize = 3;

/// A network with the two things that make resuming hard: an optimiser state for each weight, and running statistics
/// that change outside the optimiser.
#[derive(Module, Debug)]
struct Toy {
    hidden: Linear,
    norm: BatchNorm,
    out: Linear,
}

impl Toy {
    /// `width` hidden units and always the same weights: Burn's random initialisation draws from one stream for the
    /// whole process, which tests on several threads would share.
    fn new(width: usize) -> Self {
        let device = Device::flex();
        let linear = |from, to| {
            let layer = LinearConfig::new(from, to).init(&device);
            layer.map(&mut Waves(0))
        };
        Self {
            hidden: linear(2, width),
            norm: BatchNormConfig::new(width).init(&device),
            out: linear(width, 1),
        }
    }

    fn forward(&self, points: Tensor<2>) -> Tensor<2> {
        let x = relu(self.norm.forward(self.hidden.forward(points)));
        self.out.forward(x)
    }
}

/// Sets the weights to samples of a sine.
struct Waves(usize);

impl ModuleMapper for Waves {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.map(|old| {
            let first = self.0;
            self.0 += old.shape().num_elements();
            let values = (first..self.0)
                .map(|i| (0.7 * i as f32 + 0.3).sin())
                .collect();
            Tensor::from_data(TensorData::new(values, old.shape()), &old.device())
        })
    }
}

/// The values of all weights and running statistics.
fn values<M: Module>(module: &M) -> Vec<f32> {
    struct Values(Vec<f32>);
    impl ModuleVisitor for Values {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.0.extend(param.val().into_data().iter::<f32>());
        }
    }
    let mut all = Values(Vec::new());
    module.visit(&mut all);
    all.0
}

fn bits<M: Module>(module: &M) -> Vec<u32> {
    values(module).into_iter().map(f32::to_bits).collect()
}

fn adam() -> ModuleOptimizer {
    let optimizer = AdamW {
        epsilon: 1e-5,
        weight_decay: 0.01,
        ..AdamW::default()
    };
    optimizer.into()
}

/// Settings as every training has them.
#[derive(Serialize)]
struct Settings {
    learning_rate: f64,
    epochs: usize,
    decay: f64,
}

/// What a run of a network with these settings is.
fn identity(network: &str, learning_rate: f64, epochs: usize) -> RunIdentity {
    let settings = Settings {
        learning_rate,
        epochs,
        decay: 0.9,
    };
    identity_on(network, &settings, &[0, 1])
}

/// The same, on two images with these labels.
fn identity_on(network: &str, settings: &Settings, labels: &[u16]) -> RunIdentity {
    let shape = ImageShape::new(1, 8, 8).expect("a small shape");
    let images = LabelledImages::new(shape, vec![7; 128], labels.to_vec(), 2).expect("two images");
    RunIdentity::of(&network, settings, [&images, &images], 2).expect("plain settings")
}

fn plan() -> Plan {
    Plan {
        images: POINTS.len(),
        batch_size: 4,
        epochs: 3,
        peak_learning_rate: 0.05,
        average_decay: 0.9,
        seed: Seed(7),
        identity: identity("toy", 0.05, 3),
    }
}

/// Mean squared error against `y = 3 a - 2 b + 1`, every target moved by the same small random amount, so that a step
/// with a wrong seed shows.
fn squared_error(toy: &Toy, points: &[[f32; 2]], step: &Step<'_>) -> Tensor<1> {
    let device = Device::flex().autodiff();
    let jitter = 0.1 * (step.seed.0 as f32 / u64::MAX as f32);
    let targets: Vec<f32> = points
        .iter()
        .map(|[a, b]| 3.0 * a - 2.0 * b + 1.0 + jitter)
        .collect();
    let n = points.len();
    let points = Tensor::<2>::from_data(TensorData::new(points.concat(), [n, 2]), &device);
    let targets = Tensor::<2>::from_data(TensorData::new(targets, [n, 1]), &device);
    (toy.forward(points) - targets).powi_scalar(2).mean()
}

/// How a test runs the loop.
#[derive(Default)]
struct Run<'a> {
    checkpoints: Option<&'a Checkpoints>,
    resume: bool,
    /// Cancel when this many steps were taken.
    cancel_after: Option<usize>,
    /// Give a loss of NaN in place of this step's, counted from 0.
    poison: Option<usize>,
    /// The images of this step, counted from 0, cannot be read.
    unreadable: Option<usize>,
    steering: Option<&'a Steering>,
    look: Option<Look<'a, Toy>>,
    /// Cancel when the run waits.
    cancel_on_pause: bool,
}

impl Run<'_> {
    fn go(self, plan: &Plan) -> Result<Fitted<Toy>, TrainingError> {
        self.watched(plan, &mut |_| ())
    }

    fn watched(
        self,
        plan: &Plan,
        watch: &mut dyn FnMut(&Event<'_>),
    ) -> Result<Fitted<Toy>, TrainingError> {
        let cancel = CancelToken::new();
        let mut taken = 0;
        let mut on_event = |event: Event<'_>| {
            taken += usize::from(matches!(event, Event::Step(_)));
            let waits = self.cancel_on_pause && matches!(event, Event::Paused);
            if waits || self.cancel_after.is_some_and(|steps| taken >= steps) {
                cancel.cancel();
            }
            watch(&event);
        };
        if self.cancel_after == Some(0) {
            cancel.cancel();
        }
        let run = Fit {
            checkpoints: self.checkpoints,
            resume: self.resume,
            cancel: &cancel,
            steering: self.steering,
            look: self.look,
            watch: &mut on_event,
        };
        let mut computed = 0;
        let batch = |step: &Step<'_>| -> Result<Vec<[f32; 2]>, DatasetError> {
            if self.unreadable == Some(step.number) {
                return Err(DatasetError::PreparedImages {
                    path: "prepared.images".into(),
                    source: std::io::Error::other("the disk failed"),
                });
            }
            Ok(step.indices.iter().map(|&i| POINTS[i]).collect())
        };
        let loss = |toy: &Toy, points: Vec<[f32; 2]>, step: &Step<'_>| {
            computed += 1;
            let loss = squared_error(toy, &points, step);
            match self.poison {
                Some(at) if at + 1 == computed => loss * f32::NAN,
                _ => loss,
            }
        };
        let measure = |toy: &Toy| Ok(measure(toy));
        fit(Toy::new(3).train(), adam(), plan, run, batch, loss, measure)
    }
}

/// The error over all points of the averaged weights.
fn measure(toy: &Toy) -> BTreeMap<String, f64> {
    let device = Device::flex();
    let points = Tensor::<2>::from_data(TensorData::new(POINTS.concat(), [10, 2]), &device);
    let output: Vec<f32> = toy.forward(points).into_data().iter::<f32>().collect();
    let error = |(y, [a, b]): (&f32, &[f32; 2])| f64::from(3.0 * a - 2.0 * b + 1.0 - y).powi(2);
    let mean = output.iter().zip(&POINTS).map(error).sum::<f64>() / 10.0;
    BTreeMap::from([("held_out_error".to_owned(), mean)])
}

/// A new, empty folder and checkpoints in a folder of it that does not exist yet.
fn empty() -> (tempfile::TempDir, Checkpoints) {
    let dir = tempfile::tempdir().unwrap();
    let checkpoints = Checkpoints::new(dir.path().join("run"));
    (dir, checkpoints)
}
