//! A training that is killed at random moments loses nothing but the steps since its last checkpoint.
//!
//! A few moments in a test run; `scripts/kill-training` tries as many as it is told.

use std::{
    fs::File,
    hash::{BuildHasher as _, RandomState},
    path::Path,
    time::{Duration, Instant},
};

use studio::{FileRole, Manifest, ModelSource};

use crate::{
    command,
    digits::{train_vae, trained},
    json, latent_lens, stderr, succeed, text,
};

/// Moments in a test run.
const FEW: usize = 5;

const EPOCHS: usize = 40;

/// What was found of a run that was killed.
enum Found {
    /// It begins anew, since it had no checkpoint yet.
    Nothing,
    /// It goes on from its checkpoint.
    Checkpoint,
    /// It had ended: its model is there.
    Finished,
}

/// Starts a training, kills it after a random part of `longest`, and gives what it had told; `None` if it ended before.
fn killed(args: &[&str], log: &Path, longest: Duration) -> Option<String> {
    let file = File::create(log).expect("a file");
    let share = RandomState::new().hash_one(0) as f64 / u64::MAX as f64;
    let mut child = command(args)
        .stderr(file)
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("it starts");
    std::thread::sleep(longest.mul_f64(share));
    let is_over = child.try_wait().expect("a process").is_some();
    child.kill().expect("signal 9");
    child.wait().expect("it has ended");
    let told = std::fs::read_to_string(log).expect("what it told");
    (!is_over).then_some(told)
}

/// The number behind some words of a text.
fn number_behind(text: &str, words: &str) -> Option<usize> {
    let (_, behind) = text.split_once(words)?;
    behind.split(' ').next()?.parse().ok()
}

/// Resumes a run that was killed, and holds what it begins with against what it had told.
fn resume(args: &[&str], out: &Path, told: &str, steps: usize) -> Found {
    let listed = json(&succeed(&[
        "runs",
        text(out.parent().expect("a folder")),
        "--json",
    ]));
    for run in listed.as_array().expect("a list") {
        if run["model"] == text(out) {
            assert_eq!(run["state"], "crashed", "{run}");
        }
    }
    let output = latent_lens(&[args, &["--resume"]].concat());
    let said = stderr(&output);
    if !output.status.success() {
        assert!(said.contains("already has a finished"), "{said}");
        return Found::Finished;
    }
    // An epoch is told before its checkpoint is written, so the last one that was told may be lost.
    let told_epochs = told.matches(" done in ").count();
    let from = number_behind(&said, "resumed after ");
    assert_eq!(from.unwrap_or(0) % steps, 0, "in the middle of an epoch");
    assert!(
        from.unwrap_or(0) / steps + 1 >= told_epochs,
        "{told}\n{said}"
    );
    match from {
        Some(_) => Found::Checkpoint,
        None => Found::Nothing,
    }
}

fn weights(model: &Path) -> String {
    let manifest = Manifest::read(&ModelSource::Folder(model.to_owned())).expect("a model");
    manifest.files[&FileRole::Vae].sha256.clone()
}

#[test]
fn a_training_that_is_killed_at_any_moment_ends_with_the_same_weights() {
    let moments = std::env::var("LATENT_LENS_KILLS").ok();
    let moments = moments.map_or(FEW, |count| count.parse().expect("how many moments"));
    let dir = tempfile::tempdir().expect("a folder");
    let data = &trained().data;
    let epochs = EPOCHS.to_string();
    let options = ["--epochs", &epochs, "--seed", "3"];
    let straight = dir.path().join("straight");
    let began = Instant::now();
    let output = succeed(&train_vae(data, &straight, &options));
    let whole = began.elapsed();
    let steps = number_behind(&stderr(&output), "note: ").expect("a short run") / EPOCHS;
    let expected = weights(&straight);

    let mut found = [0; 3];
    let mut tried = 0;
    while found.iter().sum::<usize>() < moments {
        tried += 1;
        let out = dir.path().join(format!("killed-{tried}"));
        let args = train_vae(data, &out, &options);
        // One in three soon after its beginning, when images are read and there is no checkpoint yet.
        let longest = if tried % 3 == 0 { whole / 8 } else { whole };
        let Some(told) = killed(&args, &dir.path().join("log"), longest) else {
            continue;
        };
        found[resume(&args, &out, &told, steps) as usize] += 1;
        assert!(!out.join("checkpoint-vae").exists(), "a checkpoint is left");
        assert_eq!(weights(&out), expected, "other weights after\n{told}");
    }
    let [nothing, checkpoint, finished] = found;
    println!(
        "killed at {moments} random moments of {:.1} s: {nothing} before the first checkpoint, {checkpoint} resumed, {finished} after the end",
        whole.as_secs_f64()
    );
}
