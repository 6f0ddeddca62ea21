//! Train: what is set before a run, and what is seen of one, by accessible label.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use burn::tensor::Device;
use dashboard::state::{
    channel::Channel,
    controls::{Controls, Space},
    train::{Looked, Training},
};
use datasets::Seed;
use eframe::egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use image::{GrayImage, Luma};
use runs::RunState;
use studio::{Manifest, ModelSource, Worker};

use crate::{
    files::drop_file,
    support::{Window, model, window, window_with},
};

/// Pictures of each of two classes.
const OF_A_CLASS: u32 = 30;

/// A window that trains, with the models behind it.
pub struct Desk {
    pub window: Window,
    worker: Worker<Channel>,
}

impl Desk {
    /// A window in Train whose person has everything below `home`.
    pub fn new(home: &Path) -> Self {
        let controls = Controls::new(model(), Space::Train, Seed(7));
        let mut window = window_with(controls, [1280.0, 860.0], 1.0);
        let app = window.state_mut();
        app.train_on(Device::flex(), Some(home.to_owned()));
        Self {
            window,
            worker: Worker::spawn(Device::flex(), || {}).expect("a thread"),
        }
    }

    /// Drops pictures of two classes on the window, and waits until they were looked at.
    pub fn drop_bars(&mut self, home: &Path) -> PathBuf {
        let folder = bars(home);
        drop_file(&mut self.window, folder.clone());
        self.until("it was looked at", |desk| {
            matches!(desk.training().folder, Looked::Found(..))
        });
        folder
    }

    pub fn training(&self) -> &Training {
        self.window.state().training()
    }

    /// Goes on until something is so.
    pub fn until(&mut self, what: &str, done: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !done(self) {
            assert!(
                start.elapsed() < Duration::from_mins(3),
                "waited in vain until {what}"
            );
            self.step();
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn step(&mut self) {
        self.window.step();
        for job in self.window.state_mut().take_jobs() {
            self.worker.submit(job);
        }
        for published in self.worker.take_published() {
            self.window.state_mut().receive(published);
        }
    }

    pub fn click(&mut self, label: &str) {
        self.window
            .get_by_role_and_label(Role::Button, label)
            .click();
        self.step();
        self.step();
    }

    pub fn state(&self) -> Option<&RunState> {
        let shown = self.training().shown.as_ref();
        shown.map(|shown| &shown.view.state)
    }

    pub fn seen(&self) -> usize {
        let shown = self.training().shown.as_ref();
        shown.map_or(0, |shown| shown.view.seen.len())
    }

    pub fn has(&self, label: &str) -> bool {
        self.window.query_by_label_contains(label).is_some()
    }
}

/// A folder of bars, upright ones and flat ones, each a little different.
pub fn bars(folder: &Path) -> PathBuf {
    let bars = folder.join("bars");
    for (class, upright) in [("flat", false), ("upright", true)] {
        fs::create_dir_all(bars.join(class)).expect("a folder");
        for number in 0..OF_A_CLASS {
            let place = 3 + number % 7;
            let level = 140 + (number * 7 % 110) as u8;
            let picture = GrayImage::from_fn(16, 16, |x, y| {
                let across = if upright { x } else { y };
                let inked = across.abs_diff(place) < 2;
                Luma([if inked { level } else { (number % 5) as u8 }])
            });
            let path = bars.join(class).join(format!("{number:02}.png"));
            picture.save(path).expect("it can be written");
        }
    }
    bars
}

#[test]
fn what_is_missing_is_said_and_nothing_can_be_started() {
    let window = window(Space::Train, None);
    window.get_by_label("There is no folder of your own here: name a whole path.");
    let start = window.get_by_role_and_label(Role::Button, "Start");
    assert!(start.accesskit_node().is_disabled());
}

#[test]
fn a_folder_that_is_dropped_is_looked_at_and_offers_a_run() {
    let home = tempfile::tempdir().expect("a folder");
    let mut desk = Desk::new(home.path());
    desk.drop_bars(home.path());
    desk.step();
    for label in ["60 images", "upright", "flat"] {
        assert!(desk.has(label), "{label}");
    }
    // 42 of 60 are learned from; 55,000 / 42 is more than the most.
    assert!(desk.has("--epochs 400 --batch-size 64"));
    let models = home.path().join("models/my-bars-vae");
    assert!(desk.has(&format!("It will be in {}", models.display())));
    desk.click("How long?");
    desk.until("it was measured", |desk| desk.has("measured by"));
}

#[test]
fn settings_have_defaults_and_sentences_and_can_be_put_back() {
    let home = tempfile::tempdir().expect("a folder");
    let mut desk = Desk::new(home.path());
    desk.window.get_by_label("Settings").click();
    for _ in 0..30 {
        desk.step();
    }
    for label in [
        "Epochs",
        "Images a step",
        "Learning rate",
        "Width",
        "Latent dimensions",
        "Seed",
    ] {
        let found = desk.window.query_all_by_label(label).count();
        assert!(found >= 1, "{label}");
    }
    assert!(desk.has("How often every image is learned from"));
    // A click on a kind of model without a width takes it away.
    desk.click("GAN");
    for _ in 0..30 {
        desk.step();
    }
    assert!(desk.window.query_by_label("Width").is_none());
}

#[test]
fn a_person_trains_pauses_looks_back_stops_goes_on_and_keeps() {
    let home = tempfile::tempdir().expect("a folder");
    let mut desk = Desk::new(home.path());
    desk.drop_bars(home.path());
    desk.click("Start");
    desk.until("there are pictures", |desk| desk.seen() >= 2);
    let out = home.path().join("models/my-bars-vae");

    // It waits, and the pictures of before can be looked at.
    desk.click("Pause");
    desk.until("it waits", |desk| desk.state() == Some(&RunState::Paused));
    let title = desk.training().title().expect("a run goes on");
    assert!(title.ends_with("%, paused - Latent Lens"), "{title}");
    for label in ["reconstructions: 6", "held-out pictures: 6", "samples: 16"] {
        desk.window.get_by_label(label);
    }
    desk.window.get_by_label("Map of the held-out images");
    desk.click("picture after 1 steps");
    assert_eq!(desk.training().shown.as_ref().expect("a run").at, Some(0));
    desk.window.get_by_label("After 1 steps");
    desk.click("Newest");

    // The newest weights are a model like any other, and follow the run.
    desk.window.get_by_label("Live in Explore").click();
    desk.step();
    desk.click("Go on");
    let live = ModelSource::Folder(out.join("run/vae/live"));
    desk.until("the weights are open", |desk| {
        let app = desk.window.state();
        app.controls().space == Space::Explore && app.session().open(&live).is_some()
    });
    assert_eq!(desk.window.state().controls().model, live);
    desk.until("newer weights came", |desk| desk.seen() >= 4);
    desk.window.key_press(Key::F8);
    desk.step();

    desk.click("Stop");
    desk.until("it stopped", |desk| {
        desk.state() == Some(&RunState::Stopped)
    });
    desk.until("the live model is gone", |desk| {
        desk.window.state().controls().model != live
    });
    assert!(Manifest::read(&ModelSource::Folder(out.clone())).is_err());
    // The next window offers to go on.
    let mut next = Desk::new(home.path());
    next.until("it is offered", |desk| {
        !desk.training().unfinished.is_empty()
    });
    next.step();
    assert!(next.has("Unfinished: my-bars-vae"));
    drop(next);

    desk.click("Go on");
    desk.until("it goes on", |desk| {
        desk.state() == Some(&RunState::Running)
    });
    desk.click("Keep");
    desk.until("the model is open", |desk| {
        let app = desk.window.state();
        app.session()
            .open(&ModelSource::Folder(out.clone()))
            .is_some()
    });
    assert_eq!(desk.state(), Some(&RunState::Finished));
    let model = ModelSource::Folder(out.clone());
    assert_eq!(desk.window.state().controls().model, model);
    let manifest = Manifest::read(&model).expect("a model");
    let training = manifest.generator.expect("it was trained").training;
    assert!(
        training
            .command
            .starts_with("latent-lens train vae --dataset folder")
    );
    // The same name again would replace it.
    desk.click("Train another");
    desk.click("Start");
    desk.until("it is refused", |desk| desk.training().failure.is_some());
    desk.step();
    assert!(desk.has("There is a model of this name"));
}

#[test]
fn a_model_and_its_judge_are_trained_one_after_the_other_and_measured() {
    let home = tempfile::tempdir().expect("a folder");
    let mut desk = Desk::new(home.path());
    desk.drop_bars(home.path());
    desk.click("Both");
    desk.click("Start");
    desk.until("there are pictures", |desk| desk.seen() >= 1);
    // Keeping the first one does not end the second.
    desk.click("Keep");
    desk.until("the judge learns", |desk| {
        let shown = desk.training().shown.as_ref();
        shown.is_some_and(|shown| {
            let network = shown.view.settings.network.network();
            network == runs::Network::Classifier && shown.view.steps[0] > 3
        })
    });
    desk.step();
    assert!(desk.has("A judge draws nothing"));
    desk.click("Keep");
    let model = ModelSource::Folder(home.path().join("models/my-bars-vae"));
    desk.until("the model is open", |desk| {
        desk.window.state().session().open(&model).is_some()
    });
    let manifest = Manifest::read(&model).expect("a model");
    assert!(manifest.generator.is_some() && manifest.classifier.is_some());
    desk.click("Measure it");
    let report = || Manifest::read(&model).expect("a model").report;
    desk.until("the first figures are saved", |_| report().is_some());
    // What was measured stays when a person stops it.
    desk.click("Stop measuring");
    desk.until("it has stopped", |desk| desk.training().measuring.is_none());
    assert!(!report().expect("it was measured").figures.is_empty());
}

#[test]
fn a_run_of_another_program_is_watched_from_its_files() {
    let home = tempfile::tempdir().expect("a folder");
    let mut first = Desk::new(home.path());
    first.drop_bars(home.path());
    first.click("Start");
    first.until("there are pictures", |desk| desk.seen() >= 1);
    let out = home.path().join("models/my-bars-vae");
    let mut second = Desk::new(home.path());
    second.window.state_mut().watch_run(out);
    second.until("its pictures are seen", |desk| desk.seen() >= 1);
    second.step();
    assert!(second.has("Another program trains this"));
    assert!(second.window.query_by_label("Stop").is_none());
    first.click("Stop");
    second.until("its end is seen", |desk| {
        desk.state() == Some(&RunState::Stopped)
    });
    let mut third = Desk::new(home.path());
    third
        .window
        .state_mut()
        .watch_run(home.path().join("nothing"));
    third.until("it says so", |desk| desk.has("There is no run in"));
}

#[test]
fn closing_the_window_leaves_a_checkpoint() {
    let home = tempfile::tempdir().expect("a folder");
    let mut desk = Desk::new(home.path());
    desk.drop_bars(home.path());
    desk.click("Start");
    desk.until("there are pictures", |desk| desk.seen() >= 1);
    drop(desk);
    let checkpoint = home.path().join("models/my-bars-vae/checkpoint-vae");
    assert!(training::Checkpoints::new(checkpoint).exist());
}

#[test]
fn images_that_cannot_be_read_end_in_a_card() {
    let home = tempfile::tempdir().expect("a folder");
    let mut desk = Desk::new(home.path());
    let folder = desk.drop_bars(home.path());
    for class in ["flat", "upright"] {
        fs::remove_dir_all(folder.join(class)).expect("it is there");
    }
    desk.click("Start");
    desk.until("a card says why", |desk| desk.training().failure.is_some());
    desk.step();
    assert!(desk.has("The images cannot be read"));
    desk.click("Back to the settings");
    assert!(desk.training().failure.is_none());
}

#[test]
fn the_command_palette_and_the_keys_lead_to_train() {
    let mut window = window(Space::Explore, None);
    window.key_press(Key::F8);
    window.run();
    assert_eq!(window.state().controls().space, Space::Train);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num1);
    window.run();
    assert_eq!(window.state().controls().space, Space::Explore);
}
