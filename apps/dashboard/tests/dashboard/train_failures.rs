//! Runs that fail in the window: a card says what to do, that helps, and the last good weights stay.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use burn::tensor::Device;
use datasets::{DataFormat, DatasetError};
use files::faults::FullDisk;
use runs::{
    Choice, Computing, ImageSource, ImagesError, Network, OwnImages, Preset, Run, RunControl,
    RunError, RunEvent, RunSettings, RunState, Start,
};
use studio::StudioError;
use training::{Checkpoints, Event, Outcome, TrainingError};

use crate::train::{Desk, bars};
use dashboard::state::train::Failure;

/// A window that trains on bars, and the folder of its model.
fn training(home: &Path) -> (Desk, PathBuf) {
    let mut desk = Desk::new(home);
    desk.drop_bars(home);
    desk.click("Start");
    (desk, home.join("models/my-bars-vae"))
}

/// Waits for the card, and holds it against what it should say.
fn card(desk: &mut Desk, title: &str, remedy: &str) {
    desk.until("a card says why", |desk| desk.training().failure.is_some());
    for _ in 0..3 {
        desk.step();
    }
    for text in [title, remedy] {
        assert!(desk.has(text), "`{text}`: {:?}", desk.training().failure);
    }
}

fn steps(desk: &Desk) -> usize {
    let shown = desk.training().shown.as_ref();
    shown.map_or(0, |shown| shown.view.steps[0])
}

/// Goes on by the button of the card, until more steps were taken.
fn goes_on(desk: &mut Desk, button: &str) {
    let before = steps(desk);
    desk.click(button);
    desk.until("it takes steps", |desk| {
        desk.state() == Some(&RunState::Running) && steps(desk) > before
    });
    assert!(desk.training().failure.is_none());
}

#[test]
fn a_full_disk_ends_in_a_card_and_the_run_goes_on_when_there_is_room() {
    let home = tempfile::tempdir().expect("a folder");
    let (mut desk, out) = training(home.path());
    desk.until("there are pictures", |desk| desk.seen() >= 1);
    let checkpoints = Checkpoints::new(out.join("checkpoint-vae"));
    desk.until("there is a checkpoint", |_| checkpoints.exist());
    let full = FullDisk::below(&out);
    let remedy =
        "The last good weights are kept. Make room, or get leave to write there, and go on.";
    card(&mut desk, "The disk takes no more", remedy);
    assert!(checkpoints.exist(), "the last good weights stay");
    drop(full);
    goes_on(&mut desk, "Go on");
}

#[test]
fn images_that_vanished_end_in_a_card_and_the_run_goes_on_when_they_are_back() {
    let home = tempfile::tempdir().expect("a folder");
    let (mut desk, out) = training(home.path());
    desk.until("there are pictures", |desk| desk.seen() >= 1);
    desk.click("Stop");
    desk.until("it stopped", |desk| {
        desk.state() == Some(&RunState::Stopped)
    });
    let (bars, away) = (home.path().join("bars"), home.path().join("away"));
    fs::rename(&bars, &away).expect("a folder");
    desk.click("Go on");
    let remedy = "The last good weights are kept. Bring the folder back as it was, and go on.";
    card(&mut desk, "The images cannot be read", remedy);
    assert!(Checkpoints::new(out.join("checkpoint-vae")).exist());
    fs::rename(&away, &bars).expect("a folder");
    goes_on(&mut desk, "Go on");
}

/// A run of the command line, with a rate that no slider of the window has, stopped after its first step.
fn stopped_run(settings: &RunSettings) {
    let computing = Computing {
        device: Device::flex(),
        device_name: "Flex".to_owned(),
    };
    let control = RunControl::new();
    let run = Run {
        settings,
        start: Start::New,
        cache: None,
        computing: &|| Ok(computing.clone()),
        control: &control,
        look_every: Duration::from_secs(2),
    };
    let outcome = run.go(&mut |event| {
        if matches!(event, RunEvent::Training(Event::Step(_))) {
            control.cancel.cancel();
        }
    });
    assert_eq!(outcome.expect("it is stopped"), Outcome::Cancelled);
}

#[test]
fn numbers_that_run_away_end_in_a_card_and_the_run_goes_on_more_slowly() {
    let home = tempfile::tempdir().expect("a folder");
    let own = OwnImages::all(bars(home.path()), DataFormat::Pictures);
    let out = home.path().join("models/fast");
    let images = ImageSource::Own(own);
    let mut choice = Choice::new(images, Network::Vae, Preset::QuickLook, out.clone());
    choice.changed.learning_rate = Some(900.0);
    stopped_run(&choice.run());
    let mut desk = Desk::new(home.path());
    desk.until("it is offered", |desk| desk.has("Unfinished: fast"));
    desk.click("Go on");
    // The checkpoint is of one step at a rate of 36, so what can be advised depends on what that step did.
    for _ in 0..12 {
        desk.until("a card says why", |desk| desk.training().failure.is_some());
        for _ in 0..3 {
            desk.step();
        }
        assert!(desk.has("The numbers ran away"));
        assert!(Checkpoints::new(out.join("checkpoint-vae")).exist());
        if desk.has("Choose another name, and a lower learning rate under Settings.") {
            // Going on is not offered, since it would fail again.
            assert!(
                desk.training()
                    .failure
                    .as_ref()
                    .is_some_and(|failure| failure.goes_on.is_none())
            );
            return;
        }
        assert!(
            desk.has(
                "The last good weights are kept. Go on from there with half the learning rate."
            )
        );
        let before = steps(&desk);
        desk.click("Go on more slowly");
        desk.until("it takes steps or fails again", |desk| {
            desk.training().failure.is_some() || steps(desk) > before + 20
        });
        if desk.training().failure.is_none() {
            return;
        }
    }
    panic!("it fails however slowly it goes");
}

#[test]
fn a_card_offers_to_go_on_only_where_that_can_help() {
    let own = OwnImages::all("bars".into(), DataFormat::Pictures);
    let choice = Choice::new(
        ImageSource::Own(own),
        Network::Vae,
        Preset::QuickLook,
        "out".into(),
    );
    let settings = choice.run();
    let of = |error: TrainingError| RunError::Studio(StudioError::from(error));
    let lost = |too_far| {
        let (epoch, step, loss) = (1, 2, f64::NAN);
        of(TrainingError::NotFinite {
            epoch,
            step,
            loss,
            too_far,
        })
    };
    let damaged = || {
        of(TrainingError::Checkpoint {
            path: "out".into(),
            reason: "damaged".to_owned(),
            source: None,
        })
    };
    let plan = || of(TrainingError::Plan("epochs must be at least 1".to_owned()));
    let gone = || {
        let source = std::io::ErrorKind::NotFound.into();
        let path = "bars".into();
        RunError::Images(ImagesError::Dataset(DatasetError::Read { path, source }))
    };
    for (error, has_checkpoint, goes_on, expected) in [
        (
            lost(false),
            true,
            true,
            "The last good weights are kept. Go on from there with half",
        ),
        (
            lost(true),
            true,
            false,
            "Choose another name, and a lower learning rate",
        ),
        (
            lost(false),
            false,
            false,
            "No weights were kept yet. Begin again with a lower",
        ),
        (
            damaged(),
            true,
            false,
            "Choose another name, and begin again.",
        ),
        (plan(), true, false, "Change them under Settings."),
        (
            gone(),
            false,
            false,
            "Bring the folder back as it was, or choose another",
        ),
        (
            gone(),
            true,
            true,
            "The last good weights are kept. Bring the folder back",
        ),
    ] {
        let failure = Failure::of(&error, &settings, has_checkpoint);
        assert_eq!(failure.goes_on.is_some(), goes_on, "{failure:?}");
        assert!(failure.remedy.starts_with(expected), "{failure:?}");
    }
}
