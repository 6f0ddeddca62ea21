//! A run that was interrupted must end like one that was not, bit for bit.

use training::{Event, Fitted, Outcome, Plan, TrainingError};

use crate::{Run, STEPS_AN_EPOCH, Settings, Toy, bits, empty, identity, identity_on, plan, values};

/// The figures of all epochs; the seconds differ from run to run.
fn figures(fitted: &Fitted<Toy>) -> Vec<(usize, Vec<(&str, u64)>)> {
    let records = fitted.history.iter();
    let figures = records.map(|record| {
        let metrics = record.metrics.iter();
        let metrics = metrics.map(|(name, value)| (name.as_str(), value.to_bits()));
        (record.epoch, metrics.collect())
    });
    figures.collect()
}

/// Cancels after every possible number of steps: 0 is before the first, 3 and 6 are the ends of epochs, 9 is the end.
#[test]
fn a_resumed_run_ends_like_an_uninterrupted_one() {
    let whole = Run::default().go(&plan()).unwrap();
    // If the running statistics stood still, their restoration would be tested by nothing.
    assert_ne!(
        whole
            .model
            .norm
            .running_mean
            .value()
            .into_data()
            .iter::<f32>()
            .next(),
        Some(0.0)
    );
    for cut in 0..=3 * STEPS_AN_EPOCH {
        let (_dir, checkpoints) = empty();
        let part = Run {
            checkpoints: Some(&checkpoints),
            cancel_after: Some(cut),
            ..Run::default()
        };
        let part = part.go(&plan()).unwrap();
        let finished = cut == 3 * STEPS_AN_EPOCH;
        assert_eq!(part.outcome == Outcome::Finished, finished, "cut {cut}");
        assert_eq!(part.history.len(), cut / STEPS_AN_EPOCH);

        let rest = Run {
            checkpoints: Some(&checkpoints),
            resume: true,
            ..Run::default()
        };
        let mut steps = 0;
        let mut count = |event: &Event<'_>| steps += usize::from(matches!(event, Event::Step(_)));
        let rest = rest.watched(&plan(), &mut count).unwrap();
        assert_eq!(steps, 9 - cut);
        assert_eq!(rest.outcome, Outcome::Finished);
        assert_eq!(
            bits(&rest.model),
            bits(&whole.model),
            "cut after {cut} steps"
        );
        assert_eq!(figures(&rest), figures(&whole), "cut after {cut} steps");
    }
}

#[test]
fn a_run_can_be_cut_after_every_single_step() {
    let whole = Run::default().go(&plan()).unwrap();
    let (_dir, checkpoints) = empty();
    let mut last = None;
    for _ in 0..9 {
        let piece = Run {
            checkpoints: Some(&checkpoints),
            resume: true,
            cancel_after: Some(1),
            ..Run::default()
        };
        last = Some(piece.go(&plan()).unwrap());
    }
    let last = last.unwrap();
    assert_eq!(last.outcome, Outcome::Finished);
    assert_eq!(bits(&last.model), bits(&whole.model));
    assert_eq!(figures(&last), figures(&whole));
}

/// Writing checkpoints must not itself change the run, though it makes the running statistics settle.
#[test]
fn checkpoints_do_not_change_the_result() {
    let (_dir, checkpoints) = empty();
    let with = Run {
        checkpoints: Some(&checkpoints),
        ..Run::default()
    };
    let with = with.go(&plan()).unwrap();
    let without = Run::default().go(&plan()).unwrap();
    assert_eq!(bits(&with.model), bits(&without.model));
}

#[test]
fn a_run_that_was_cancelled_before_its_first_step_has_the_first_weights() {
    let at_once = Run {
        cancel_after: Some(0),
        ..Run::default()
    };
    let fitted = at_once.go(&plan()).unwrap();
    assert_eq!(fitted.outcome, Outcome::Cancelled);
    assert_eq!(values(&fitted.model), values(&Toy::new(3)));
    assert!(fitted.history.is_empty());
}

#[test]
fn without_resume_a_run_starts_anew() {
    let (_dir, checkpoints) = empty();
    for resume in [false, true] {
        // Neither the first run, asked to resume from nothing, nor the second, not asked, takes anything up.
        let run = Run {
            checkpoints: Some(&checkpoints),
            resume: !resume,
            cancel_after: Some(4),
            ..Run::default()
        };
        let mut steps = Vec::new();
        let mut watch = |event: &Event<'_>| {
            if let Event::Step(progress) = event {
                steps.push((progress.epoch, progress.step));
            }
        };
        run.watched(&plan(), &mut watch).unwrap();
        assert_eq!(steps, [(1, 1), (1, 2), (1, 3), (2, 1)]);
    }
}

#[test]
fn a_loss_that_is_not_finite_stops_the_run_and_spares_the_checkpoint() {
    let whole = Run::default().go(&plan()).unwrap();
    let (_dir, checkpoints) = empty();
    let poisoned = Run {
        checkpoints: Some(&checkpoints),
        poison: Some(4),
        ..Run::default()
    };
    let error = poisoned.go(&plan()).unwrap_err();
    let TrainingError::NotFinite {
        epoch,
        step,
        loss,
        too_far,
    } = &error
    else {
        panic!("{error:?}");
    };
    // The fifth step is the second of epoch 2.
    assert_eq!((*epoch, *step, *too_far), (2, 2, false));
    assert!(loss.is_nan());
    assert!(
        error.to_string().contains("a lower learning rate"),
        "{error}"
    );

    // Where the very next step after the checkpoint cannot be taken, no rate helps.
    let at_once = Run {
        checkpoints: Some(&checkpoints),
        resume: true,
        poison: Some(0),
        ..Run::default()
    };
    let error = at_once.go(&plan()).unwrap_err();
    assert!(
        matches!(error, TrainingError::NotFinite { too_far: true, .. }),
        "{error:?}"
    );
    assert!(!error.to_string().contains("Resume"), "{error}");

    let rest = Run {
        checkpoints: Some(&checkpoints),
        resume: true,
        ..Run::default()
    };
    assert_eq!(bits(&rest.go(&plan()).unwrap().model), bits(&whole.model));
}

/// A run of 4 steps with `first`, resumed with `second`.
fn resumed(first: &Plan, second: &Plan) -> Result<Fitted<Toy>, TrainingError> {
    let (_dir, checkpoints) = empty();
    let cut = Run {
        checkpoints: Some(&checkpoints),
        cancel_after: Some(4),
        ..Run::default()
    };
    cut.go(first).unwrap();
    let rest = Run {
        checkpoints: Some(&checkpoints),
        resume: true,
        ..Run::default()
    };
    rest.go(second)
}

#[test]
fn the_checkpoint_of_another_run_is_refused_and_the_difference_is_named() {
    let settings = || Settings {
        learning_rate: 0.05,
        epochs: 3,
        decay: 0.9,
    };
    let slower = Settings {
        decay: 0.5,
        ..settings()
    };
    // Two classes swapped: the pixels are the same, and the labels are not.
    for (identity, named) in [
        (
            identity("another", 0.05, 3),
            "model was \"toy\" and is \"another\"",
        ),
        (
            identity_on("toy", &slower, &[0, 1]),
            "training.decay was 0.9 and is 0.5",
        ),
        (
            identity_on("toy", &settings(), &[1, 0]),
            "training images was 2 of 1x8x8",
        ),
    ] {
        let other = Plan { identity, ..plan() };
        let error = resumed(&plan(), &other).unwrap_err();
        let TrainingError::OtherRun { differences, .. } = &error else {
            panic!("{error:?}");
        };
        assert!(!differences.is_empty());
        assert!(error.to_string().contains(named), "{error}");
    }
}

#[test]
fn a_checkpoint_that_depends_on_something_else_is_refused() {
    let (dir, checkpoints) = empty();
    let first = checkpoints.depending_on("vae", "1234");
    let run = Run {
        checkpoints: Some(&first),
        cancel_after: Some(4),
        ..Run::default()
    };
    run.go(&plan()).unwrap();
    for (depends, accepted) in [("1234", true), ("5678", false)] {
        let second =
            training::Checkpoints::new(dir.path().join("run")).depending_on("vae", depends);
        let run = Run {
            checkpoints: Some(&second),
            resume: true,
            cancel_after: Some(0),
            ..Run::default()
        };
        assert_eq!(run.go(&plan()).is_ok(), accepted, "{depends}");
    }
}

/// After a loss that was no number a lower rate helps, and more epochs do no harm. Both are on record.
#[test]
fn a_run_goes_on_with_another_rate_and_more_epochs_and_says_so() {
    let lower = Plan {
        peak_learning_rate: 0.01,
        epochs: 4,
        identity: identity("toy", 0.01, 4),
        ..plan()
    };
    let fitted = resumed(&plan(), &lower).unwrap();
    assert_eq!(fitted.history.len(), 4);
    assert_eq!(fitted.history[0].changes, [""; 0]);
    assert_eq!(
        fitted.history[1].changes,
        [
            "after 4 steps training.epochs was 3 and is 4",
            "after 4 steps training.learning_rate was 0.05 and is 0.01"
        ]
    );
    assert_eq!(fitted.history[2].changes, [""; 0]);
}

#[test]
fn whoever_watches_is_told_what_changed() {
    let (_dir, checkpoints) = empty();
    let cut = Run {
        checkpoints: Some(&checkpoints),
        cancel_after: Some(4),
        ..Run::default()
    };
    cut.go(&plan()).unwrap();
    let more = Plan {
        epochs: 5,
        identity: identity("toy", 0.05, 5),
        ..plan()
    };
    let rest = Run {
        checkpoints: Some(&checkpoints),
        resume: true,
        ..Run::default()
    };
    let mut told = Vec::new();
    let mut watch = |event: &Event<'_>| {
        if let Event::Resumed { step, changes } = event {
            let changes: Vec<String> = changes.iter().map(ToString::to_string).collect();
            told.push((*step, changes));
        }
    };
    rest.watched(&more, &mut watch).unwrap();
    assert_eq!(
        told,
        [(4, vec!["training.epochs was 3 and is 5".to_owned()])]
    );
}

#[test]
fn a_run_cannot_end_before_what_it_has_done() {
    let fewer = Plan {
        epochs: 1,
        identity: identity("toy", 0.05, 1),
        ..plan()
    };
    let two_epochs = Plan {
        epochs: 2,
        ..plan()
    };
    let (_dir, checkpoints) = empty();
    let run = Run {
        checkpoints: Some(&checkpoints),
        ..Run::default()
    };
    run.go(&two_epochs).unwrap();
    let rest = Run {
        checkpoints: Some(&checkpoints),
        resume: true,
        ..Run::default()
    };
    let error = rest.go(&fewer).unwrap_err();
    assert!(matches!(error, TrainingError::Plan(_)), "{error:?}");
    assert!(error.to_string().contains("2 epochs already"), "{error}");
}

/// Burn reads optimiser states on its default device, the GPU, and panics where there is none. The test runs another one
/// of this file in a process that finds no graphics driver. (The variables are those of Linux; elsewhere the process sees
/// the machine as it is.)
#[test]
fn resuming_needs_no_graphics_adapter() {
    let test = "resume::a_run_can_be_cut_after_every_single_step";
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test])
        .env("VK_DRIVER_FILES", "/nonexistent")
        .env("VK_ICD_FILENAMES", "/nonexistent")
        .env("__EGL_VENDOR_LIBRARY_FILENAMES", "/nonexistent")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("1 passed"), "{text}");
}
