//! `latent-lens train ... --grid`: a run for each combination, a table, and going on after whatever ended it.

use std::{fs, path::Path};

use serde_json::Value;

use crate::{
    arguments::train, contents, digits::trained, fail, interrupted::interrupt, json, latent_lens,
    stderr, stdout, succeed, text,
};

/// The arguments of a sweep of a small VAE.
fn sweep<'a>(out: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
    let small = ["--width", "4", "--batch-size", "20"];
    train("vae", &trained().data, out, &[&small[..], more].concat())
}

const GRIDS: [&str; 4] = ["--grid", "latent-dim=2,3", "--grid", "kl-weight=0.5,4"];

/// The weights of each run of a sweep.
fn weights(out: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut files = contents(out);
    files.retain(|(path, _)| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("vae-"))
    });
    for (path, _) in &mut files {
        *path = path.strip_prefix(out).expect("below").to_owned();
    }
    files
}

#[test]
fn each_combination_is_a_model_and_a_row_with_intervals() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("sweep");
    let args = sweep(&out, &[&GRIDS[..], &["--epochs", "2", "--json"]].concat());
    let output = succeed(&args);
    let told = stderr(&output);
    for expected in [
        "run 1 of 4: latent-dim=2,kl-weight=0.5",
        "run 4 of 4: latent-dim=3,kl-weight=4",
        "left of the sweep",
    ] {
        assert!(told.contains(expected), "{told}");
    }
    let table = json(&output);
    let runs = table["runs"].as_array().expect("runs");
    assert_eq!(runs.len(), 4);
    for run in runs {
        assert_eq!(run["failure"], Value::Null);
        let figures = run["figures"].as_array().expect("figures");
        let figure = |name: &str| figures.iter().find(|figure| figure["name"] == name);
        let error = figure("reconstruction_mse").expect("it is measured");
        assert!(error["low"].as_f64() < error["value"].as_f64(), "{error}");
        assert!(error["value"].as_f64() < error["high"].as_f64(), "{error}");
    }
    assert_eq!(runs[1]["values"]["kl-weight"], "4");
    let csv = fs::read_to_string(out.join("sweep.csv")).expect("a table");
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 5);
    assert!(lines[0].starts_with("run,latent-dim,kl-weight,parameters,seconds,failure,reconstruction_mse,reconstruction_mse_low,"));
    assert!(
        lines[1].starts_with("\"latent-dim=2,kl-weight=0.5\",2,0.5,"),
        "{csv}"
    );

    // They are models like any other: listed, compared by the figures that were measured, and made by a command alone.
    let listed = json(&succeed(&["runs", text(&out), "--json"]));
    let states = listed
        .as_array()
        .expect("runs")
        .iter()
        .map(|run| &run["state"]);
    assert!(states.eq(["finished"; 4].iter()));
    let [first, last] = [0, 3].map(|at| runs[at]["model"].as_str().expect("a folder"));
    let compared = stdout(&succeed(&["compare", first, last, "--device", "cpu"]));
    assert!(compared.contains("reconstruction_mse"), "{compared}");
    let before = weights(&out);
    let command = listed[0]["command"].as_str().expect("a command");
    assert!(
        !command.contains("--grid") && command.contains("--latent-dim=2"),
        "{command}"
    );
    let alone = command.replace(
        &*out.to_string_lossy(),
        &dir.path().join("alone").to_string_lossy(),
    );
    let program = env!("CARGO_BIN_EXE_latent-lens");
    let alone = format!(
        "'{program}' {}",
        alone.strip_prefix("latent-lens ").expect("of this program")
    );
    let output = std::process::Command::new("sh")
        .args(["-c", &alone])
        .output()
        .expect("a shell");
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(weights(&dir.path().join("alone"))[0], before[0]);

    // Again it is refused, and with --resume nothing is trained; a smaller grid of the same values shows its part.
    fail(
        &args,
        &["4 finished and 0 unfinished", "--resume", "--force"],
    );
    let again = succeed(&[&args[..], &["--resume"]].concat());
    assert_eq!(json(&again), table);
    assert!(
        !stderr(&again).contains("training the"),
        "{}",
        stderr(&again)
    );
    assert!(weights(&out) == before);
    let other = sweep(
        &out,
        &[
            "--grid",
            "latent-dim=2",
            "--grid",
            "kl-weight=0.5",
            "--epochs",
            "3",
            "--resume",
        ],
    );
    fail(&other, &["trained with other settings", "--force"]);
}

#[test]
fn a_sweep_that_is_stopped_or_killed_goes_on_where_it_was() {
    let dir = tempfile::tempdir().expect("a folder");
    let (straight, halted) = (dir.path().join("straight"), dir.path().join("halted"));
    let grid = ["--grid", "latent-dim=2,3", "--epochs", "8"];
    let output = succeed(&sweep(&straight, &grid));
    assert!(
        stdout(&output)
            .lines()
            .next()
            .is_some_and(|line| line.contains("latent-dim"))
    );

    let args = sweep(&halted, &grid);
    let (code, told) = interrupt(&args, "epoch 1/");
    assert_eq!(code, Some(130), "{told}");
    assert!(
        told.contains("go on with the sweep with:\n  latent-lens train vae"),
        "{told}"
    );
    let again = [&args[..], &["--resume"]].concat();
    // In the second run, with signal 9.
    let mut child = crate::command(&again)
        .stderr(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("it starts");
    let lines =
        std::io::BufRead::lines(std::io::BufReader::new(child.stderr.take().expect("piped")));
    for line in lines.map_while(Result::ok) {
        if line.starts_with("epoch 2/") && halted.join("latent-dim=3").exists() {
            break;
        }
    }
    child.kill().expect("signal 9");
    child.wait().expect("it has ended");
    let told = stderr(&succeed(&again));
    assert!(told.contains("run 1 of 1: latent-dim=3"), "{told}");
    assert!(told.contains("resumed after"), "{told}");
    assert!(weights(&straight) == weights(&halted), "other weights");
}

#[test]
fn what_cannot_be_trained_is_refused_before_the_first_step() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("sweep");
    let usage = |grids: &[&str]| {
        let output = latent_lens(&sweep(&out, grids));
        assert_eq!(
            output.status.code(),
            Some(2),
            "{grids:?}: {}",
            stderr(&output)
        );
        stderr(&output)
    };
    assert!(usage(&["--grid", "latent-dim="]).contains("between any two commas"));
    assert!(usage(&["--grid", "latent-dim=8,16,8"]).contains("8 is there twice"));
    assert!(usage(&["--grid", "latent-dim=8,many"]).contains("--latent-dim"));
    let unknown = ["--grid", "latent-dims=8,16"];
    fail(&sweep(&out, &unknown), &["cannot vary that", "latent-dim,"]);
    fail(&sweep(&out, &["--grid", "out=a,b"]), &["cannot vary that"]);
    fail(
        &sweep(&out, &["--grid", "binarise=1"]),
        &["cannot vary that"],
    );
    let twice = ["--grid", "latent-dim=8", "--grid", "latent-dim=16"];
    fail(&sweep(&out, &twice), &["there are two --grid latent-dim"]);
    let besides = ["--grid", "latent-dim=8", "--latent-dim", "4"];
    fail(
        &sweep(&out, &besides),
        &["given besides", "leave one of them out"],
    );
    let same = ["--grid", "kl-weight=1,1.0"];
    fail(&sweep(&out, &same), &["are the same run"]);
    // Only the last of them cannot be trained, and none was begun.
    let last = ["--grid", "latent-dim=2,0", "--epochs", "1"];
    fail(
        &sweep(&out, &last),
        &[
            "latent-dim=0 cannot be trained, so none was begun",
            "from 1",
        ],
    );
    let many: Vec<String> = (1..=40).map(|n| n.to_string()).collect();
    let many = many.join(",");
    let grids = [format!("latent-dim={many}"), format!("batch-size={many}")];
    let without = train(
        "vae",
        &trained().data,
        &out,
        &["--grid", &grids[0], "--grid", &grids[1]],
    );
    fail(&without, &["1600 runs", "1000 is the most"]);
    assert!(!out.exists(), "nothing may be left behind");
}

#[test]
fn numbers_that_run_away_fail_one_run_and_the_others_go_on() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("sweep");
    let grid = [
        "--grid",
        "learning-rate=900,0.001",
        "--latent-dim",
        "2",
        "--epochs",
        "3",
    ];
    let message = fail(
        &sweep(&out, &grid),
        &["1 of 2 runs failed (learning-rate=900)"],
    );
    assert!(message.contains("run 2 of 2"), "{message}");
    let csv = fs::read_to_string(out.join("sweep.csv")).expect("a table");
    assert!(csv.contains("the loss became"), "{csv}");
    assert!(out.join("learning-rate=0.001/manifest.ron").exists());
}

/// A judge draws nothing that could be measured: its table has what its training measured, the share with an interval.
#[test]
fn a_sweep_of_judges_shows_their_held_out_accuracy() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("sweep");
    let more = ["--grid", "width=2,3", "--epochs", "1", "--json"];
    let table = json(&succeed(&train("classifier", &trained().data, &out, &more)));
    let figures = table["runs"][1]["figures"].as_array().expect("figures");
    let accuracy = figures
        .iter()
        .find(|figure| figure["name"] == "held_out_accuracy");
    let accuracy = accuracy.expect("it is measured");
    assert!(
        accuracy["low"].as_f64() < accuracy["high"].as_f64(),
        "{accuracy}"
    );
}
