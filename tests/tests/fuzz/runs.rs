//! Checkpoints of a run, with the checksums made right again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use acceptance_tests::{Seeds, fuzz};
use burn::module::Module as _;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Tensor};
use datasets::{ImageShape, LabelledImages, Seed};
use training::{
    AdamW, CancelToken, Checkpoints, Event, Fit, Plan, RunIdentity, Step, TrainingError, fit,
};

/// Trains a line for two steps, or goes on for none.
fn run(checkpoints: &Checkpoints, resume: bool) -> Result<(), TrainingError> {
    let shape = ImageShape::new(1, 8, 8).expect("a small shape");
    let images = LabelledImages::new(shape, vec![7; 128], vec![0, 1], 2).expect("two images");
    let plan = Plan {
        images: 6,
        batch_size: 2,
        epochs: 2,
        peak_learning_rate: 0.01,
        average_decay: 0.9,
        seed: Seed(1),
        identity: RunIdentity::of(&"line", &1, [&images, &images], 2).expect("plain settings"),
    };
    let cancel = CancelToken::new();
    if resume {
        cancel.cancel();
    }
    let mut watch = |event: Event<'_>| {
        if matches!(event, Event::Step(progress) if progress.step == 2) {
            cancel.cancel();
        }
    };
    let fitting = Fit {
        checkpoints: Some(checkpoints),
        resume,
        cancel: &cancel,
        steering: None,
        look: None,
        watch: &mut watch,
    };
    let device = Device::flex();
    let line: Linear = LinearConfig::new(2, 1).init(&device);
    let loss = |line: &Linear, (): (), _: &Step<'_>| {
        let points = Tensor::<2>::ones([2, 2], &Device::flex().autodiff());
        line.forward(points).powi_scalar(2).mean()
    };
    let nothing = |_: &Linear| Ok(BTreeMap::new());
    let optimizer = AdamW::default().into();
    fit(
        line.train(),
        optimizer,
        &plan,
        fitting,
        |_| Ok(()),
        loss,
        nothing,
    )
    .map(|_| ())
}

/// A run that was stopped after two steps.
struct Saved {
    dir: tempfile::TempDir,
    checkpoints: Checkpoints,
    /// The state, without its checksum.
    body: String,
    /// The files that the state names, with what they hold.
    tensors: Vec<(PathBuf, Vec<u8>)>,
}

impl Saved {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = dir.path().join("run");
        let checkpoints = Checkpoints::new(folder.clone());
        run(&checkpoints, false).expect("it is stopped after two steps");
        let text = fs::read_to_string(folder.join("latest.ron")).expect("a state");
        let body = files::checked_body(&text).expect("it is sound").to_owned();
        let entries = fs::read_dir(folder.join("step-00000002")).expect("the files of the step");
        let paths = entries.map(|entry| entry.expect("a file").path());
        let tensors = paths.map(|path| (path.clone(), fs::read(&path).expect("a file")));
        let tensors = tensors.collect();
        run(&checkpoints, true).expect("what was saved can be taken up");
        Self {
            dir,
            checkpoints,
            body,
            tensors,
        }
    }

    /// Takes the run up with this state. Since that saves it anew under another name, everything is put back before.
    fn take_up(&self, body: &str, changed: Option<(&Path, &[u8])>) {
        let folder = self.dir.path().join("run");
        fs::remove_dir_all(&folder).expect("the folder of the run");
        for (path, bytes) in &self.tensors {
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, bytes).expect("a file");
        }
        if let Some((path, bytes)) = changed {
            fs::write(path, bytes).expect("a file");
        }
        fs::write(folder.join("latest.ron"), files::checked_text(body)).expect("a file");
        let _ = run(&self.checkpoints, true);
    }
}

#[test]
fn states() {
    let saved = Saved::new();
    let seed = saved.body.clone().into_bytes();
    fuzz(&Seeds::text("checkpoint", &[seed]), |bytes| {
        saved.take_up(&String::from_utf8_lossy(bytes), None);
    });
}

#[test]
fn tensors_of_a_state() {
    let saved = Saved::new();
    for (path, seed) in &saved.tensors {
        let name = path.file_name().expect("a name").to_string_lossy();
        let digest = files::sha256_hex(seed);
        assert!(saved.body.contains(&digest), "the state knows {name}");
        fuzz(&Seeds::bytes(&name, std::slice::from_ref(seed)), |bytes| {
            let body = saved.body.replace(&digest, &files::sha256_hex(bytes));
            saved.take_up(&body, Some((path, bytes)));
        });
    }
}
