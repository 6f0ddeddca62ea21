//! Runs from their first step to their last, and those that end before.

use runs::{
    Network, NetworkSettings, RunControl, RunError, RunState, Start, VaeSettings, estimate,
};
use studio::{FileRole, Manifest, ModelSource};
use training::{CancelToken, Outcome};

use crate::support::{choice, finish, go, pictures};

fn weights(out: &std::path::Path) -> String {
    let manifest = Manifest::read(&ModelSource::Folder(out.to_owned())).expect("a model");
    manifest.files[&FileRole::Vae].sha256.clone()
}

#[test]
fn a_run_is_seen_from_its_first_step_to_its_end() {
    let dir = pictures();
    let out = dir.path().join("model");
    let settings = choice(&dir, Network::Vae, &out).run();
    let view = finish(&settings);
    assert_eq!(view.state, RunState::Finished);
    // Of sixty pictures twelve are for testing and six held out; so 42 are learned from, 10 a step.
    assert_eq!(
        (view.images, view.steps, view.epochs),
        ([42, 6], [15, 15], 3)
    );
    assert_eq!(view.losses.len(), 15);
    assert_eq!(view.history.len(), 3);
    assert_eq!(view.originals.len(), 6);
    assert_eq!(view.classes.len(), 6);
    let seen = view.seen.last().expect("it was looked at");
    assert_eq!((seen.reconstructions.len(), seen.samples.len()), (6, 16));
    assert_eq!(seen.points.len(), 6);
    let manifest = Manifest::read(&ModelSource::Folder(out)).expect("a model");
    let part = manifest.generator.expect("it was trained");
    assert_eq!(part.training.command, settings.command);
}

#[test]
fn a_run_that_was_stopped_goes_on_to_the_same_weights() {
    let dir = pictures();
    let (straight, halted) = (dir.path().join("straight"), dir.path().join("halted"));
    finish(&choice(&dir, Network::Vae, &straight).run());

    let settings = choice(&dir, Network::Vae, &halted).run();
    let stop = |steps: usize, control: &RunControl| {
        if steps == 7 {
            control.cancel.cancel();
        }
    };
    let (outcome, views) = go(&settings, Start::New, &RunControl::new(), stop);
    assert_eq!(outcome.expect("it can be stopped"), Outcome::Cancelled);
    let stopped = views.last().expect("something was seen");
    assert_eq!(
        (stopped.state.clone(), stopped.steps[0]),
        (RunState::Stopped, 7)
    );

    let (refused, _) = go(&settings, Start::New, &RunControl::new(), |_, _| ());
    assert!(matches!(refused, Err(RunError::Unfinished { .. })));
    let (outcome, views) = go(&settings, Start::GoOn, &RunControl::new(), |_, _| ());
    assert_eq!(outcome.expect("it goes on"), Outcome::Finished);
    let view = views.last().expect("something was seen");
    // What was seen before it was stopped is still there.
    assert_eq!(view.losses.len(), 15);
    assert_eq!(view.losses[0].step, 1);
    assert_eq!(weights(&straight), weights(&halted));
    let (refused, _) = go(&settings, Start::New, &RunControl::new(), |_, _| ());
    assert!(matches!(refused, Err(RunError::Finished { .. })));
}

#[test]
fn a_run_that_is_kept_early_is_a_model() {
    let dir = pictures();
    let out = dir.path().join("model");
    let settings = choice(&dir, Network::Vae, &out).run();
    let keep = |steps: usize, control: &RunControl| {
        if steps == 7 {
            control.steering.end_now();
        }
    };
    let (outcome, views) = go(&settings, Start::New, &RunControl::new(), keep);
    assert_eq!(outcome.expect("it ends"), Outcome::Finished);
    let last = views.last().expect("something was seen");
    assert_eq!((last.state.clone(), last.steps[0]), (RunState::Finished, 7));
    let manifest = Manifest::read(&ModelSource::Folder(out)).expect("a model");
    let history = manifest.generator.expect("it was trained").training.history;
    assert_eq!(history.len(), 2);
    assert_eq!(history[1].changes, ["ended by hand after 7 of 15 steps"]);
}

#[test]
fn a_paused_run_says_so_and_can_be_stopped() {
    let dir = pictures();
    let out = dir.path().join("model");
    let settings = choice(&dir, Network::Vae, &out).run();
    let control = RunControl::new();
    let ends = control.clone();
    let pause = move |steps: usize, control: &RunControl| {
        if steps == 2 {
            control.steering.set_paused(true);
            let ends = ends.clone();
            // Somebody stops it while it waits; when does not matter.
            std::thread::spawn(move || ends.cancel.cancel());
        }
    };
    let (outcome, views) = go(&settings, Start::New, &control, pause);
    assert_eq!(outcome.expect("it can be stopped"), Outcome::Cancelled);
    assert!(views.iter().any(|view| view.state == RunState::Paused));
}

#[test]
fn numbers_that_run_away_leave_the_last_good_weights() {
    let dir = pictures();
    let out = dir.path().join("model");
    let mut settings = choice(&dir, Network::Vae, &out).run();
    let rate = |settings: &mut runs::RunSettings, rate: f64| {
        if let NetworkSettings::Vae(VaeSettings { training, .. }) = &mut settings.network {
            training.learning_rate = rate;
        }
    };
    let stop = |steps: usize, control: &RunControl| {
        if steps == 5 {
            control.cancel.cancel();
        }
    };
    let (outcome, _) = go(&settings, Start::New, &RunControl::new(), stop);
    outcome.expect("it can be stopped");
    rate(&mut settings, 900.0);
    let (outcome, views) = go(&settings, Start::GoOn, &RunControl::new(), |_, _| ());
    let error = outcome.expect_err("such a rate is too high");
    let ran_away = matches!(
        error.of_training(),
        Some(training::TrainingError::NotFinite { .. })
    );
    assert!(ran_away, "{error}");
    let last = views.last().expect("something was seen");
    assert!(matches!(&last.state, RunState::Failed(reason) if reason.contains("loss became")));
    rate(&mut settings, 1e-3);
    let (outcome, _) = go(&settings, Start::GoOn, &RunControl::new(), |_, _| ());
    assert_eq!(outcome.expect("it goes on"), Outcome::Finished);
}

#[test]
fn images_that_vanish_are_an_error_and_leave_no_model() {
    let dir = pictures();
    let out = dir.path().join("model");
    let settings = choice(&dir, Network::Vae, &out).run();
    std::fs::remove_dir_all(crate::support::bars(&dir)).expect("it is there");
    let (outcome, _) = go(&settings, Start::New, &RunControl::new(), |_, _| ());
    assert!(matches!(outcome, Err(RunError::Images(_))));
    assert!(!out.exists());
}

#[test]
fn every_network_runs() {
    let dir = pictures();
    for network in [
        Network::Conditional,
        Network::Joint,
        Network::Gan,
        Network::Diffusion,
        Network::Classifier,
        Network::Judge,
    ] {
        let out = dir.path().join(network.command_name());
        let mut choice = choice(&dir, network, &out);
        choice.changed.epochs = Some(1);
        let view = finish(&choice.run());
        assert_eq!(view.seen.is_empty(), !network.makes_images(), "{network:?}");
        assert_eq!(view.history.len(), 1);
    }
}

#[test]
fn a_few_steps_say_how_long_a_run_takes() {
    let dir = pictures();
    let out = dir.path().join("model");
    let choice = choice(&dir, Network::Vae, &out);
    let loaded = choice.images.load(None).expect("sixty pictures");
    let computing = runs::Computing {
        device: burn::tensor::Device::flex(),
        device_name: String::new(),
    };
    let cancel = CancelToken::new();
    let found = estimate(&choice.network_settings(), &loaded, &computing, &cancel);
    let found = found.expect("it can be trained").expect("nobody stops it");
    assert_eq!(found.steps, 15);
    assert!(found.measured > 0 && found.seconds > 0.0 && found.images_per_second > 0.0);
    assert!(!out.exists(), "it is measured elsewhere");
}
