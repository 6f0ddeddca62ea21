//! Damaged checkpoints: one clear error each, and never a panic.

use std::fs;
use std::path::{Path, PathBuf};

use burn::module::Module;
use training::{Checkpoints, Fitted, RunState, TrainingError};

use crate::{Run, Toy, adam, empty, plan};

/// A checkpoint after 2 steps, with the paths of its files.
struct Saved {
    _dir: tempfile::TempDir,
    checkpoints: Checkpoints,
    latest: PathBuf,
    tensors: [PathBuf; 3],
}

impl Saved {
    fn new() -> Self {
        let (dir, checkpoints) = empty();
        let run = Run {
            checkpoints: Some(&checkpoints),
            cancel_after: Some(2),
            ..Run::default()
        };
        run.go(&plan()).unwrap();
        let folder = dir.path().join("run");
        let tensors = ["model.bpk", "average.bpk", "optimizer.bpk"];
        Self {
            latest: folder.join("latest.ron"),
            tensors: tensors.map(|name| folder.join("step-00000002").join(name)),
            checkpoints,
            _dir: dir,
        }
    }

    fn resume(&self) -> Result<Fitted<Toy>, TrainingError> {
        let run = Run {
            checkpoints: Some(&self.checkpoints),
            resume: true,
            cancel_after: Some(0),
            ..Run::default()
        };
        run.go(&plan())
    }

    /// The state without its checksum.
    fn body(&self) -> String {
        let text = fs::read_to_string(&self.latest).unwrap();
        files::checked_body(&text).unwrap().to_owned()
    }

    /// Resuming must fail and name `path`.
    fn assert_refused(&self, path: &Path, damage: &str) {
        match self.resume() {
            Err(TrainingError::Checkpoint {
                path: named,
                reason,
                ..
            }) => {
                assert_eq!(named, path, "{damage}: {reason}");
                assert!(!reason.is_empty());
            }
            other => panic!("{damage} of {}: {other:?}", path.display()),
        }
    }
}

#[test]
fn a_missing_tensor_file_is_named() {
    for index in 0..3 {
        let saved = Saved::new();
        fs::remove_file(&saved.tensors[index]).unwrap();
        saved.assert_refused(&saved.tensors[index], "removal");
    }
}

#[test]
fn a_truncated_tensor_file_is_named() {
    let saved = Saved::new();
    for path in &saved.tensors {
        let whole = fs::read(path).unwrap();
        let lengths = (0..whole.len()).step_by(whole.len() / 20);
        for length in lengths.chain([whole.len() - 1]) {
            fs::write(path, &whole[..length]).unwrap();
            saved.assert_refused(path, &format!("truncation to {length} bytes"));
        }
        fs::write(path, &whole).unwrap();
    }
    saved.resume().unwrap();
}

#[test]
fn a_file_of_something_else_is_named() {
    let saved = Saved::new();
    for path in &saved.tensors {
        let whole = fs::read(path).unwrap();
        fs::write(path, "These are no tensors. ".repeat(100)).unwrap();
        saved.assert_refused(path, "replacement by text");
        fs::write(path, whole).unwrap();
    }
}

/// Burn's own files have no checksum: read without one, a changed bit passes unseen or ends in a panic.
#[test]
fn a_flipped_bit_is_named() {
    let saved = Saved::new();
    for path in &saved.tensors {
        let whole = fs::read(path).unwrap();
        for position in (0..whole.len()).step_by(whole.len() / 60) {
            let mut damaged = whole.clone();
            damaged[position] ^= 1 << (position % 8);
            fs::write(path, damaged).unwrap();
            saved.assert_refused(path, &format!("a flipped bit in byte {position}"));
        }
        fs::write(path, &whole).unwrap();
    }
}

/// One that names no checksum of a file would let any content of it pass.
#[test]
fn a_checkpoint_without_all_checksums_is_refused() {
    let saved = Saved::new();
    let whole = fs::read_to_string(&saved.latest).unwrap();
    for file in ["model.bpk", "average.bpk", "optimizer.bpk"] {
        let lines = saved.body().lines().map(str::to_owned).collect::<Vec<_>>();
        let kept = lines.into_iter().filter(|line| !line.contains(file));
        let body = kept.collect::<Vec<_>>().join("\n");
        fs::write(&saved.latest, files::checked_text(&body)).unwrap();
        saved.assert_refused(&saved.latest, file);
    }
    fs::write(&saved.latest, whole).unwrap();
    saved.resume().unwrap();
}

/// The state decides what the next step is, and the record goes into the model: no bit of either may be another unseen.
#[test]
fn a_flipped_bit_of_the_state_is_noticed() {
    let saved = Saved::new();
    let whole = fs::read(&saved.latest).unwrap();
    for position in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[position] ^= 1 << (position % 8);
        fs::write(&saved.latest, damaged).unwrap();
        saved.assert_refused(&saved.latest, &format!("a flipped bit in byte {position}"));
    }
}

/// As earlier versions wrote it: nothing tells whether its data are those of this run.
#[test]
fn a_state_without_its_checksum_says_what_it_may_be() {
    let saved = Saved::new();
    fs::write(&saved.latest, saved.body()).unwrap();
    let error = saved.resume().unwrap_err().to_string();
    assert!(error.contains("an earlier version wrote it"), "{error}");
}

#[test]
fn a_folder_elsewhere_is_not_followed() {
    let saved = Saved::new();
    for folder in ["../elsewhere", "/tmp", "", ".", "a/b"] {
        let body = saved.body().replace("step-00000002", folder);
        fs::write(&saved.latest, files::checked_text(&body)).unwrap();
        saved.assert_refused(&saved.latest, folder);
    }
}

/// A pipe has no end, and nobody writes to it.
#[cfg(unix)]
#[test]
fn a_state_that_is_no_file_is_an_error_at_once() {
    let saved = Saved::new();
    fs::remove_file(&saved.latest).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(&saved.latest)
        .status();
    assert!(made.unwrap().success());
    saved.assert_refused(&saved.latest, "a pipe");
}

#[test]
fn weights_of_another_shape_are_refused() {
    let saved = Saved::new();
    let state = RunState {
        identity: plan().identity,
        step: 2,
        ..RunState::default()
    };
    let wide = Toy::new(4);
    saved
        .checkpoints
        .save(&state, &wide.clone().train(), &wide, &adam())
        .unwrap();
    let path = saved.tensors[0].parent().unwrap();
    let path = path.with_file_name("step-00000002-again").join("model.bpk");
    saved.assert_refused(&path, "a wider network");
}

#[test]
fn a_damaged_state_is_named() {
    let saved = Saved::new();
    let whole = saved.body();
    let replaced = |from: &str, to: &str| {
        assert!(whole.contains(from), "{from} is not in {whole}");
        whole.replace(from, to)
    };
    let damages = [
        String::new(),
        whole[..whole.len() / 2].to_owned(),
        "not ron at all".to_owned(),
        replaced("step: 2", "step: -2"),
        replaced("step: 2", "step: 2, mood: \"good\""),
        // Counts that contradict each other: two epochs' worth of steps but none in the history.
        replaced("step: 2", "step: 6"),
        replaced("step: 2", "step: 18446744073709551615"),
    ];
    for damage in damages {
        fs::write(&saved.latest, files::checked_text(&damage)).unwrap();
        saved.assert_refused(&saved.latest, &damage);
    }
    fs::write(&saved.latest, [0xff, 0xfe, 0x00]).unwrap();
    saved.assert_refused(&saved.latest, "bytes that are no text");
}
