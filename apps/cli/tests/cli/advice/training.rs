//! Advice about runs, and about what is in the model's folder already.

use std::{fs, path::Path};

use super::{Given, run_printed};
use crate::{
    arguments::evaluate,
    command, contents, copy_of,
    digits::{train_classifier, train_vae, trained},
    interrupted::interrupt,
    latent_lens, one_file, stderr, stdout, succeed,
    support::cache_home,
    text,
};

/// A run that was stopped after its first epoch.
fn stopped(out: &Path) -> Given {
    let args = train_vae(&trained().data, out, &["--epochs", "6"]);
    let (code, told) = interrupt(&args, "epoch 1/");
    assert_eq!(code, Some(130), "{told}");
    Given::new(&args)
}

#[test]
fn an_unfinished_run_goes_on_or_is_begun_anew() {
    for option in ["--resume", "--force"] {
        let dir = tempfile::tempdir().expect("a folder");
        let run = stopped(&dir.path().join("model"));
        run.fails(&["unfinished run"]).take(&[option]);
    }
}

#[test]
fn a_run_that_is_stopped_prints_the_command_that_goes_on() {
    for before in [&[][..], &["--force"]] {
        let dir = tempfile::tempdir().expect("a folder");
        let out = dir.path().join("model of mine");
        let args = train_vae(&trained().data, &out, &["--epochs", "6"]);
        let (code, told) = interrupt(&[&args[..], before].concat(), "epoch 1/");
        assert_eq!(code, Some(130), "{told}");
        let (code, told) = run_printed(&told);
        assert_eq!(code, Some(0), "{told}");
        assert!(told.contains("resumed after"), "{told}");
    }
}

#[test]
fn a_finished_model_is_replaced_or_left_alone() {
    let (dir, model) = copy_of(&trained().model);
    let run = Given::new(&train_vae(&trained().data, &model, &["--epochs", "1"]));
    let advice = run.fails(&["already has a finished"]);
    let other = dir.path().join("other");
    advice.take(&["--out", text(&other)]);
    advice.take(&["--force"]);
}

#[test]
fn another_run_in_the_folder_is_begun_anew_or_elsewhere() {
    let dir = tempfile::tempdir().expect("a folder");
    let run = stopped(&dir.path().join("model"));
    let advice = run
        .with(&["--seed", "9"])
        .with(&["--resume"])
        .fails(&["another run"]);
    let other = dir.path().join("other");
    advice.take(&["--out", text(&other)]);
    // --force and --resume contradict each other: who starts anew does not resume.
    advice.says("--force");
    run.with(&["--seed", "9"]).with(&["--force"]).succeeds();
}

#[test]
fn a_damaged_checkpoint_is_begun_anew() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("model");
    let run = stopped(&out);
    let state = out.join("checkpoint-vae/latest.ron");
    let body = fs::read_to_string(&state).expect("a state");
    fs::write(&state, body.replace("step: ", "step: 1")).expect("a file");
    let advice = run.with(&["--resume"]).fails(&["checkpoint"]);
    advice.says("--force");
    run.with(&["--force"]).succeeds();
}

#[test]
fn a_damaged_model_is_replaced_and_keeps_its_other_network() {
    let (_dir, model) = copy_of(&trained().model);
    let weights = one_file(&model, "vae-");
    fs::write(weights, "no weights").expect("a file");
    let args = train_vae(&trained().data, &model, &["--epochs", "1"]);
    let advice = Given::new(&args).fails(&["already has a finished"]);
    advice.take(&["--force"]);
    let judge = train_classifier(&trained().data, &model, &["--epochs", "1"]);
    Given::new(&judge).fails(&["already has a finished classifier"]);
    fs::write(model.join("manifest.ron"), "no manifest").expect("a file");
    Given::new(&args)
        .fails(&["manifest.ron"])
        .take(&["--force"]);
}

/// What is advised after numbers ran away is done until it helps: at first to go on more slowly, and where the checkpoint is too far gone
/// already, to begin anew.
#[test]
fn numbers_that_run_away_go_on_more_slowly_or_begin_anew() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("model");
    let slowly = ["--learning-rate", "0.001"];
    for (rate, epochs) in [("900", "6"), ("10", "40")] {
        let fast = ["--epochs", epochs, "--learning-rate", rate, "--force"];
        let mut run = Given::new(&train_vae(&trained().data, &out, &fast));
        let output = latent_lens(&run.args());
        if output.status.success() {
            continue;
        }
        let mut told = stderr(&output);
        run = run.with(&slowly).without_switch("--force");
        if told.contains("--resume goes on") {
            let resumed = latent_lens(&run.with(&["--resume"]).args());
            if resumed.status.success() {
                continue;
            }
            told = stderr(&resumed);
        }
        assert!(
            told.contains("--force starts anew, with a lower --learning-rate"),
            "{told}"
        );
        run.with(&["--epochs", "1"]).with(&["--force"]).succeeds();
    }
}

#[test]
fn what_is_to_be_done_next_can_be_done() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("my model");
    let data = &trained().data;
    // A judge alone makes no images that could be measured.
    let output = succeed(&train_classifier(data, &out, &["--epochs", "1"]));
    let told = stdout(&output);
    assert!(told.contains("next: train what makes the images"), "{told}");
    assert!(told.contains("latent-lens train vae"), "{told}");
    let output = succeed(&train_vae(data, &out, &["--epochs", "1"]));
    let (code, told) = run_printed(&stdout(&output));
    assert_eq!(code, Some(0), "{told}");
    // Of judges that were taken over, the folder of the images has to be added.
    let judges = [
        "judges",
        "--model",
        text(&out),
        "--from",
        text(&trained().model),
    ];
    let told = stdout(&succeed(&judges));
    assert!(
        told.contains("--write, and --data with the folder"),
        "{told}"
    );
    succeed(&evaluate(
        &out,
        data,
        &["--write", "--only", "classifier_accuracy"],
    ));
}

/// A full disk, as far as a process can be given one without rights: no file of it may grow beyond some size.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_keeps_the_last_checkpoint_and_the_run_goes_on_when_there_is_room() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("model");
    let args = train_vae(&trained().data, &out, &["--epochs", "3"]);
    let program = env!("CARGO_BIN_EXE_latent-lens");
    let command = command(&args);
    let args = command
        .get_args()
        .map(|arg| format!("'{}'", arg.to_string_lossy()));
    let args = args.collect::<Vec<_>>().join(" ");
    // In blocks of 512 bytes: the state fits, the tensors do not.
    let limited = format!("trap '' XFSZ; ulimit -f 40; exec '{program}' {args}");
    let mut shell = std::process::Command::new("sh");
    shell
        .args(["-c", &limited])
        .env("XDG_CACHE_HOME", cache_home());
    let output = shell.output().expect("a shell");
    let told = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(
        told.contains("cannot be written") && told.contains("--resume"),
        "{told}"
    );
    succeed(
        &[
            &train_vae(&trained().data, &out, &["--epochs", "3"])[..],
            &["--resume"],
        ]
        .concat(),
    );
}

#[test]
fn what_a_run_is_refused_for_leaves_the_model_as_it_was() {
    let (_dir, model) = copy_of(&trained().model);
    let before = contents(&model);
    let run = Given::new(&train_vae(&trained().data, &model, &["--epochs", "1"]));
    run.fails(&["--force", "--out"]);
    run.with(&["--resume"]).fails(&["--force", "--out"]);
    assert!(contents(&model) == before, "something has changed");
}
