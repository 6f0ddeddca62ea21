//! Checkpoints of a run, with the checksums made right again.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

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
        watch: &mut watch,
    };
    let device = Device::flex();
    let line: Linear = LinearConfig::new(2, 1).init(&device);
    let loss = |line: &Linear, (): (), _: &Step<'_>| {
        let points = Tensor::<2>::ones([2, 2], &Device::flex().autodiff());
        line.forward(points).powi_scalar(2).mean()
    };
    let nothing = |_: &Linear| BTreeMap::new();
    let optimizer = AdamW::default().into();
    fit(
        line.train(),
        optimizer,
        &plan,
        fitting,
        |_| (),
        loss,
        nothing,
    )
    .map(|_| ())
}

/// The state of a run, and the files that it names.
fn saved() -> (tempfile::TempDir, Checkpoints, String) {
    let dir = tempfile::tempdir().expect("a folder");
    let checkpoints = Checkpoints::new(dir.path().join("run"));
    run(&checkpoints, false).expect("it is stopped after two steps");
    let text = fs::read_to_string(dir.path().join("run/latest.ron")).expect("a state");
    let body = files::checked_body(&text).expect("it is sound").to_owned();
    run(&checkpoints, true).expect("what was saved can be taken up");
    (dir, checkpoints, body)
}

/// Taking a run up saves it again: the files that were changed come back.
fn write_again(folder: &Path, files: &[(std::path::PathBuf, Vec<u8>)]) {
    for (path, bytes) in files {
        fs::create_dir_all(path.parent().unwrap_or(folder)).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
}

fn tensors(folder: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let step = folder.join("run/step-00000002");
    let entries = fs::read_dir(&step).expect("the files of the step");
    let paths = entries.map(|entry| entry.expect("a file").path());
    paths
        .map(|path| (path.clone(), fs::read(&path).expect("a file")))
        .collect()
}

#[test]
fn states() {
    let (dir, checkpoints, body) = saved();
    let latest = dir.path().join("run/latest.ron");
    let sound = tensors(dir.path());
    fuzz(&Seeds::text("checkpoint", &[body.into_bytes()]), |bytes| {
        write_again(dir.path(), &sound);
        let text = files::checked_text(&String::from_utf8_lossy(bytes));
        fs::write(&latest, text).expect("a file");
        let _ = run(&checkpoints, true);
    });
}

#[test]
fn tensors_of_a_state() {
    let (dir, checkpoints, body) = saved();
    let latest = dir.path().join("run/latest.ron");
    let sound = tensors(dir.path());
    for (path, seed) in &sound {
        let name = path.file_name().expect("a name").to_string_lossy();
        let digest = files::sha256_hex(seed);
        assert!(body.contains(&digest), "the state knows {name}");
        fuzz(&Seeds::bytes(&name, std::slice::from_ref(seed)), |bytes| {
            write_again(dir.path(), &sound);
            fs::write(path, bytes).expect("a file");
            let body = body.replace(&digest, &files::sha256_hex(bytes));
            fs::write(&latest, files::checked_text(&body)).expect("a file");
            let _ = run(&checkpoints, true);
        });
    }
}
