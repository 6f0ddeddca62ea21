//! Two networks in one module, each moved by a loss of its own, as networks that train against each other are.

use std::collections::BTreeMap;

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};
use training::{
    CancelToken, Checkpoints, Event, Fit, Fitted, Learner, Losses, Plan, Step, TrainingError,
    fit_with,
};

use crate::{POINTS, STEPS_AN_EPOCH, Toy, adam, bits, empty, plan, squared_error, values};

#[derive(Module, Debug)]
struct Pair {
    first: Toy,
    second: Toy,
}

/// What a test does to the steps.
#[derive(Clone, Copy, Default)]
struct Steps {
    /// Cancel when so many were taken.
    cancel_after: Option<usize>,
    /// Only the first network moves.
    first_alone: bool,
    /// The second figure of this step, counted from 0, is not a number.
    poison: Option<usize>,
}

fn mean_of(outputs: Tensor<2>) -> f64 {
    f64::from(outputs.mean().into_scalar::<f32>())
}

impl Steps {
    /// The first network learns the plane, and the second to give what the first gives.
    fn take(self, learner: &mut Learner<Pair>, points: &[[f32; 2]], step: &Step<'_>) -> Losses {
        let pair = learner.model();
        let first = squared_error(&pair.first, points, step);
        let device = Device::flex().autodiff();
        let inputs = Tensor::<2>::from_data(
            burn::tensor::TensorData::new(points.concat(), [points.len(), 2]),
            &device,
        );
        let taught = Tensor::from_inner(pair.first.forward(inputs.clone()).inner());
        let second = (pair.second.forward(inputs) - taught).powi_scalar(2).mean();
        let value = |loss: &Tensor<1>| f64::from(loss.clone().into_scalar::<f32>());
        let mut losses = Losses {
            loss: value(&first),
            others: vec![
                ("second_loss", value(&second)),
                ("number", step.number as f64),
            ],
        };
        if self.poison == Some(step.number) {
            losses.others[0].1 = f64::NAN;
            return losses;
        }
        let of_first = GradientsParams::from_grads(first.backward(), &pair.first);
        let of_second = GradientsParams::from_grads(second.backward(), &pair.second);
        learner.apply(of_first);
        if !self.first_alone {
            learner.apply(of_second);
        }
        losses
    }

    fn go(
        self,
        plan: &Plan,
        checkpoints: Option<&Checkpoints>,
    ) -> Result<Fitted<Pair>, TrainingError> {
        let cancel = CancelToken::new();
        let mut taken = 0;
        let run = Fit {
            checkpoints,
            resume: true,
            cancel: &cancel,
            steering: None,
            look: None,
            watch: &mut |event| {
                taken += usize::from(matches!(event, Event::Step(_)));
                if self.cancel_after.is_some_and(|steps| taken >= steps) {
                    cancel.cancel();
                }
            },
        };
        let pair = Pair {
            first: Toy::new(3),
            second: Toy::new(4),
        };
        fit_with(
            pair.train(),
            adam(),
            plan,
            run,
            |step| Ok(step.indices.iter().map(|&i| POINTS[i]).collect::<Vec<_>>()),
            |learner, points, step| self.take(learner, &points, step),
            |pair| Ok(measure(pair)),
        )
    }
}

fn measure(pair: &Pair) -> BTreeMap<String, f64> {
    let points = burn::tensor::TensorData::new(POINTS.concat(), [POINTS.len(), 2]);
    let points = Tensor::<2>::from_data(points, &Device::flex());
    let [first, second] =
        [&pair.first, &pair.second].map(|toy| mean_of(toy.forward(points.clone())));
    BTreeMap::from([("first".to_owned(), first), ("second".to_owned(), second)])
}

fn figures(fitted: &Fitted<Pair>) -> Vec<&BTreeMap<String, f64>> {
    fitted
        .history
        .iter()
        .map(|record| &record.metrics)
        .collect()
}

#[test]
fn a_run_of_two_networks_can_be_cut_after_every_step() {
    let whole = Steps::default().go(&plan(), None).unwrap();
    let names: Vec<&str> = figures(&whole)[0].keys().map(String::as_str).collect();
    let expected = [
        "first",
        "learning_rate",
        "second",
        "train_loss",
        "train_number",
        "train_second_loss",
    ];
    assert_eq!(names, expected);
    // Steps 0, 1 and 2, then 3, 4 and 5, then 6, 7 and 8.
    let numbers = figures(&whole)
        .into_iter()
        .map(|figures| figures["train_number"]);
    assert_eq!(numbers.collect::<Vec<_>>(), [1.0, 4.0, 7.0]);

    let (_dir, checkpoints) = empty();
    let one = Steps {
        cancel_after: Some(1),
        ..Steps::default()
    };
    let mut last = None;
    for _ in 0..3 * STEPS_AN_EPOCH {
        last = Some(one.go(&plan(), Some(&checkpoints)).unwrap());
    }
    let last = last.unwrap();
    assert_eq!(bits(&last.model), bits(&whole.model));
    assert_eq!(figures(&last), figures(&whole));
}

#[test]
fn gradients_of_a_part_move_that_part_alone() {
    let alone = Steps {
        first_alone: true,
        ..Steps::default()
    };
    let alone = alone.go(&plan(), None).unwrap().model;
    let both = Steps::default().go(&plan(), None).unwrap().model;
    assert_eq!(bits(&alone.first), bits(&both.first));
    // What no gradient moves stays, but for the running statistics of its normalisation, and the rounding of nine averages.
    let fresh = values(&Toy::new(4).out);
    let moved = |pair: &Pair| {
        let now = values(&pair.second.out).into_iter().zip(&fresh);
        now.map(|(now, before)| (now - before).abs())
            .fold(0.0, f32::max)
    };
    assert!(moved(&alone) < 1e-6, "{}", moved(&alone));
    assert!(moved(&both) > 1e-2, "{}", moved(&both));
}

#[test]
fn any_loss_that_is_not_finite_stops_the_run() {
    let poisoned = Steps {
        poison: Some(4),
        ..Steps::default()
    };
    let error = poisoned.go(&plan(), None).unwrap_err();
    let TrainingError::NotFinite {
        epoch, step, loss, ..
    } = error
    else {
        panic!("{error:?}");
    };
    assert_eq!((epoch, step), (2, 2));
    assert!(loss.is_nan());
}
