//! The loop itself: what it learns, reports and refuses.

use std::time::Duration;

use datasets::Seed;
use training::{Event, Outcome, Plan, Progress, TrainingError, one_cycle};

use crate::{Run, STEPS_AN_EPOCH, bits, empty, plan, values};

#[test]
fn the_loss_falls_to_a_third() {
    let plan = Plan {
        epochs: 60,
        ..plan()
    };
    let fitted = Run::default().go(&plan).unwrap();
    assert_eq!(fitted.outcome, Outcome::Finished);
    assert_eq!(fitted.history.len(), 60);
    for figure in ["train_loss", "held_out_error"] {
        let first = fitted.history[0].metrics[figure];
        let last = fitted.history[59].metrics[figure];
        // Three rectified units can follow a plane over a part of the square, and batches of 2 normalise noisily.
        assert!(last < first / 3.0, "{figure}: {first} to {last}");
    }
}

#[test]
fn the_seed_decides_the_result() {
    let first = Run::default().go(&plan()).unwrap();
    let again = Run::default().go(&plan()).unwrap();
    assert_eq!(bits(&first.model), bits(&again.model));
    let other = Plan {
        seed: Seed(8),
        ..plan()
    };
    let other = Run::default().go(&other).unwrap();
    assert_ne!(bits(&first.model), bits(&other.model));
}

#[test]
fn images_that_cannot_be_read_end_the_run_which_can_go_on() {
    let (_dir, checkpoints) = empty();
    let run = |unreadable| Run {
        checkpoints: Some(&checkpoints),
        resume: true,
        unreadable,
        ..Run::default()
    };
    let in_second_epoch = STEPS_AN_EPOCH + 1;
    let error = run(Some(in_second_epoch)).go(&plan()).unwrap_err();
    assert!(matches!(error, TrainingError::Images(_)), "{error}");
    assert!(error.to_string().contains("prepared.images"), "{error}");
    // The checkpoint of the first epoch is there, and leads to what an undisturbed run gives.
    let resumed = run(None).go(&plan()).unwrap();
    let undisturbed = Run::default().go(&plan()).unwrap();
    assert_eq!(bits(&resumed.model), bits(&undisturbed.model));
}

#[test]
fn every_step_and_epoch_is_reported() {
    let plan = Plan {
        epochs: 2,
        ..plan()
    };
    let mut steps: Vec<Progress> = Vec::new();
    let mut records = Vec::new();
    let mut order = String::new();
    let fitted = Run::default()
        .watched(&plan, &mut |event| match event {
            Event::Step(progress) => {
                order.push('s');
                steps.push((*progress).clone());
            }
            Event::Epoch(record) => {
                order.push('E');
                records.push((*record).clone());
            }
            Event::Resumed { .. } => order.push('R'),
            Event::Paused => order.push('P'),
        })
        .unwrap();

    assert_eq!(order, "sssEsssE");
    let counts: Vec<_> = steps.iter().map(|p| (p.epoch, p.step)).collect();
    assert_eq!(counts, [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)]);
    assert!(steps.iter().all(|p| (p.epochs, p.steps) == (2, 3)));
    assert_eq!(records, fitted.history);
    assert_eq!(fitted.history[1].epoch, 2);
    assert!(fitted.history.iter().all(|record| record.seconds > 0.0));

    for (epoch, record) in fitted.history.iter().enumerate() {
        let losses = steps[3 * epoch..][..3].iter().map(|p| p.loss);
        assert_eq!(record.metrics["train_loss"], losses.sum::<f64>() / 3.0);
        let rate = one_cycle(3 * (epoch + 1), 6, plan.peak_learning_rate);
        assert_eq!(record.metrics["learning_rate"], rate);
    }
}

#[test]
fn the_time_left_is_the_steps_left_at_the_throughput() {
    /// Durations are whole nanoseconds, and a step takes 10 microseconds at the very least.
    const TOLERANCE: f64 = 1e-3;
    let mut seen: Vec<Progress> = Vec::new();
    let mut watch = |event: &Event<'_>| {
        if let Event::Step(progress) = event {
            seen.push((*progress).clone());
        }
    };
    Run::default().watched(&plan(), &mut watch).unwrap();
    assert_eq!(seen.len(), 9);
    for (taken, progress) in (1..).zip(&seen) {
        // At `r` images a second, `9 - taken` steps of 4 images take `4 (9 - taken) / r` seconds.
        let images_left = 4.0 * f64::from(9 - taken);
        let reached = progress.eta.as_secs_f64() * progress.images_per_second;
        assert!(progress.images_per_second > 0.0);
        assert!(
            (reached - images_left).abs() <= TOLERANCE * images_left,
            "step {taken}: {reached} images in the time left, {images_left} to go"
        );
    }
    assert_eq!(seen[8].eta, Duration::ZERO);
}

/// The first step blends with a decay of `(1 + 0) / (10 + 0)`, below the 0.9 of the plan, so that
/// `average = 0.1 * start + 0.9 * current`. A run whose decay is 0 gives the current weights.
#[test]
fn the_first_average_is_nine_tenths_new() {
    /// Three roundings of numbers about 1.
    const TOLERANCE: f32 = 1e-6;
    let one_step = |average_decay| {
        let plan = Plan {
            images: 4,
            epochs: 1,
            average_decay,
            ..plan()
        };
        values(&Run::default().go(&plan).unwrap().model)
    };
    let start = values(&crate::Toy::new(3));
    let (current, average) = (one_step(0.0), one_step(0.9));
    assert_ne!(start, current);
    for ((start, current), average) in start.iter().zip(&current).zip(&average) {
        let expected = 0.1 * start + 0.9 * current;
        assert!(
            (average - expected).abs() < TOLERANCE,
            "{average} {expected}"
        );
    }
}

#[test]
fn a_plan_that_cannot_work_is_refused_by_name() {
    let refused = |plan: Plan, name: &str| {
        let error = Run::default().go(&plan).unwrap_err();
        assert!(matches!(error, TrainingError::Plan(_)), "{error:?}");
        assert!(error.to_string().contains(name), "{error}");
    };
    refused(
        Plan {
            images: 0,
            ..plan()
        },
        "training images",
    );
    refused(
        Plan {
            epochs: 0,
            ..plan()
        },
        "epochs",
    );
    // Times the steps of an epoch, the first does not fit a number, and the second wraps to a small one.
    for epochs in [usize::MAX, usize::MAX / 3 + 2] {
        refused(
            Plan { epochs, ..plan() },
            "more than the 1099511627776 steps",
        );
    }
    let no_batch = Plan {
        batch_size: 0,
        ..plan()
    };
    refused(no_batch, "batch size");
    for peak_learning_rate in [f64::NAN, f64::INFINITY, 0.0, -1e-3, 1e6] {
        let plan = Plan {
            peak_learning_rate,
            ..plan()
        };
        refused(plan, "learning rate");
    }
    for average_decay in [f64::NAN, -0.1, 1.1] {
        let plan = Plan {
            average_decay,
            ..plan()
        };
        refused(plan, "averaged weights");
    }
}
