//! Runs that wait, that end early, and that somebody looks at: their weights are those of a run that nobody touched.

use std::time::Duration;

use burn::module::Module;
use training::{Event, Look, Outcome, Steering};

use crate::{Run, Toy, empty, plan, values};

#[test]
fn looking_does_not_change_the_weights() {
    let straight = Run::default().go(&plan()).unwrap();
    let mut steps = Vec::new();
    let look = Look::new(Duration::ZERO, |toy: &Toy, step| {
        // What a look computes with the weights, and clones of them, are its own.
        let _ = toy.clone().num_params();
        steps.push(step);
    });
    let run = Run {
        look: Some(look),
        ..Run::default()
    };
    let watched = run.go(&plan()).unwrap();
    assert_eq!(values(&watched.model), values(&straight.model));
    assert_eq!(watched.history.len(), straight.history.len());
    assert_eq!(steps.first(), Some(&1), "the first step is looked at");
}

#[test]
fn a_run_that_waits_goes_on_to_the_same_weights() {
    let straight = Run::default().go(&plan()).unwrap();
    let steering = Steering::new();
    steering.set_paused(true);
    let (other, mut order) = (steering.clone(), String::new());
    let run = Run {
        steering: Some(&steering),
        ..Run::default()
    };
    let paused = run.watched(&plan(), &mut |event| match event {
        Event::Paused => {
            order.push('P');
            other.set_paused(false);
        }
        Event::Step(step) => {
            order.push('s');
            other.set_paused((step.epoch, step.step) == (1, 2));
        }
        _ => {}
    });
    assert_eq!(values(&paused.unwrap().model), values(&straight.model));
    assert!(order.starts_with("PssPs"), "{order}");
}

#[test]
fn a_run_that_waits_can_be_stopped() {
    let steering = Steering::new();
    steering.set_paused(true);
    let run = Run {
        steering: Some(&steering),
        cancel_on_pause: true,
        ..Run::default()
    };
    assert_eq!(run.go(&plan()).unwrap().outcome, Outcome::Cancelled);
}

#[test]
fn a_run_that_is_ended_early_gives_what_it_has_learned() {
    let (_dir, checkpoints) = empty();
    let steering = Steering::new();
    let other = steering.clone();
    let run = Run {
        checkpoints: Some(&checkpoints),
        steering: Some(&steering),
        ..Run::default()
    };
    let mut losses = Vec::new();
    let ended = run.watched(&plan(), &mut |event| {
        if let Event::Step(step) = event {
            losses.push(step.loss);
            if losses.len() == 2 {
                other.end_now();
            }
        }
    });
    let ended = ended.unwrap();
    assert_eq!((ended.outcome, losses.len()), (Outcome::Finished, 2));
    let record = ended.history.last().expect("the steps that were taken");
    assert_eq!(
        record.metrics["train_loss"],
        losses.iter().sum::<f64>() / 2.0
    );
    assert!(record.changes[0].starts_with("ended by hand after 2 of"));
    // Until its model is saved, it could go on from here.
    assert!(checkpoints.exist());
}
