//! `latent-lens bench`: that it measures what it says, with counts that take a second. No test looks at how fast it is.

use std::{collections::BTreeMap, path::Path, process::Command};

use serde_json::{Value, json};

use crate::{digits::trained, json as printed, stderr, stdout, succeed, text};

/// Small counts for every part.
const COUNTS: [&str; 16] = [
    "--device",
    "cpu",
    "--frames",
    "5",
    "--positions",
    "40",
    "--rate",
    "500",
    "--images",
    "20",
    "--starts",
    "1",
    "--steps",
    "3",
    "--batch-size",
    "8",
];

fn bench<'a>(parts: &[&'a str]) -> Vec<&'a str> {
    let model = text(&trained().model);
    [&["bench"], parts, &["--model", model], &COUNTS].concat()
}

/// The figures by name, once it is known that the object has the agreed form.
fn figures(object: &Value) -> BTreeMap<String, Value> {
    let keys = |value: &Value| -> Vec<String> {
        let mut keys: Vec<_> = value
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect();
        keys.sort();
        keys
    };
    assert_eq!(keys(object), ["device", "figures", "machine", "model"]);
    for field in ["device", "machine", "model"] {
        assert!(!object[field].as_str().expect("text").is_empty());
    }
    let figures = object["figures"].as_array().expect("a list");
    for figure in figures {
        let expected = ["n", "name", "p50", "p95", "p99", "unit", "value"];
        assert_eq!(keys(figure), expected);
    }
    let named = figures.iter().map(|figure| {
        (
            figure["name"].as_str().expect("a name").to_owned(),
            figure.clone(),
        )
    });
    named.collect()
}

fn number(figures: &BTreeMap<String, Value>, name: &str, field: &str) -> f64 {
    figures[name][field]
        .as_f64()
        .unwrap_or_else(|| panic!("{name} has no {field}"))
}

#[test]
fn every_figure_has_its_name_its_unit_and_its_count() {
    let parts = ["frame", "drag", "grid", "train", "--json"];
    let output = succeed(&bench(&parts));
    let figures = figures(&printed(&output));
    for name in [
        "frame.decode",
        "frame.classify",
        "frame.explain",
        "frame.total",
    ] {
        assert_eq!(figures[name]["unit"], "ms");
        assert_eq!(figures[name]["n"], 5);
        let [p50, p95, p99] = ["p50", "p95", "p99"].map(|field| number(&figures, name, field));
        assert!(0.0 < p50 && p50 <= p95 && p95 <= p99, "{name}");
        assert_eq!(figures[name]["value"], figures[name]["p50"]);
    }
    for name in ["train.vae", "train.classifier"] {
        assert_eq!(figures[name]["unit"], "images/s");
        assert_eq!(figures[name]["n"], 3);
        assert!(number(&figures, name, "value") > 0.0);
        // The tail of a rate is its slow end.
        assert!(number(&figures, name, "p99") <= number(&figures, name, "p50"));
    }
    let mut grids: Vec<&String> = figures.keys().collect();
    grids.retain(|name| name.starts_with("grid."));
    assert_eq!(grids, ["grid.1", "grid.16", "grid.4"]);
    check_drag(&figures);
}

fn check_drag(figures: &BTreeMap<String, Value>) {
    let shown = number(figures, "drag.positions_shown", "value");
    assert!((1.0..=40.0).contains(&shown), "{shown} of 40 positions");
    assert_eq!(figures["drag.positions_shown"]["n"], 40);
    assert_eq!(figures["drag.latency"]["n"].as_f64(), Some(shown));
    let share = number(figures, "drag.within_33ms", "value");
    assert!((0.0..=100.0).contains(&share), "{share} %");
    if cfg!(target_os = "linux") {
        let [start, end, growth] = ["start", "end", "growth"]
            .map(|which| number(figures, &format!("drag.resident_{which}_mb"), "value"));
        assert!(start > 1.0, "{start} MB");
        assert!((end - start - growth).abs() < 1e-9);
    }
}

#[test]
fn people_get_a_table() {
    let output = succeed(&bench(&["frame"]));
    let table = stdout(&output);
    for part in ["figure", "p99", "frame.total", "computing on CPU"] {
        assert!(table.contains(part), "no `{part}`: {table}");
    }
    assert!(!table.contains("drag."), "not asked for: {table}");
}

#[test]
#[cfg(target_os = "linux")]
fn memory_is_of_the_shipped_models_and_the_measured_one() {
    let figures = figures(&printed(&succeed(&bench(&["memory", "--json"]))));
    let models = studio::ShippedModel::all().len() + 1;
    assert_eq!(figures["memory.models_open_mb"]["n"], models);
    assert!(number(&figures, "memory.models_open_mb", "value") > 1.0);
}

#[test]
#[cfg(target_os = "linux")]
fn many_pictures_are_trained_on_in_a_process_of_its_own() {
    let output = succeed(&bench(&["pictures", "--pictures", "200", "--json"]));
    let figures = figures(&printed(&output));
    for name in [
        "first_start",
        "second_start",
        "whole_run",
        "resident_peak_mb",
    ] {
        let name = format!("pictures.{name}");
        assert!(number(&figures, &name, "value") > 0.0, "{name}");
        assert_eq!(figures[&name]["n"], 200);
    }
    // A part of the run, and not all of it.
    assert!(
        number(&figures, "pictures.first_start", "value")
            < number(&figures, "pictures.whole_run", "value")
    );
}

#[test]
fn an_unknown_part_is_a_wrong_command_line() {
    let output = crate::latent_lens(&["bench", "everything"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("startup"), "the parts are listed");
}

#[test]
#[cfg(unix)]
fn an_interrupted_bench_prints_no_figure() {
    let model = text(&trained().model);
    let args = ["bench", "drag", "--model", model, "--device", "cpu"];
    let (code, printed) = crate::interrupted::interrupt(&args, "drag:");
    assert_eq!(code, Some(130), "{printed}");
    assert!(printed.contains("nothing was printed"), "{printed}");
}

/// The program in a folder of its own, beside a window that does what the shell script `window` says.
///
/// Other processes make the files: one that this process had open for writing could not be run while another test starts
/// a program, since that inherits the open file for a moment.
#[cfg(unix)]
fn beside(window: Option<&str>) -> (tempfile::TempDir, Command) {
    let dir = tempfile::tempdir().expect("a folder");
    let make = |script: &str, from: &str, to: &Path| {
        let arguments = ["-c", script, "sh", from, text(to)];
        let made = Command::new("sh").args(arguments).status();
        assert!(made.expect("sh runs").success());
    };
    let program = dir.path().join("latent-lens");
    make(
        r#"cp "$1" "$2""#,
        env!("CARGO_BIN_EXE_latent-lens"),
        &program,
    );
    if let Some(script) = window {
        let write = r#"printf '#!/bin/sh\n%s\n' "$1" > "$2" && chmod 755 "$2""#;
        make(write, script, &dir.path().join("latent-lens-dashboard"));
    }
    let mut command = Command::new(program);
    command.args(bench(&["startup", "--json"]));
    (dir, command)
}

#[test]
#[cfg(unix)]
fn what_the_window_reports_becomes_figures() {
    // It only reports if it gets the start in microseconds, which has 16 digits until the year 2286.
    let script = r#"
        while [ "$#" -gt 0 ]; do
            if [ "$1" = --report-startup ] && [ "${#2}" = 16 ]; then
                echo "first_frame_ms 312.5"
                echo "first_picture_ms 430.0"
            fi
            shift
        done"#;
    let (_dir, mut command) = beside(Some(script));
    let output = command.output().expect("it runs");
    assert!(output.status.success(), "{}", stderr(&output));
    let figures = figures(&printed(&output));
    assert_eq!(figures["startup.first_frame"]["value"], json!(312.5));
    assert_eq!(figures["startup.first_picture"]["value"], json!(430.0));
    assert_eq!(figures["startup.first_picture"]["n"], 1);
}

#[test]
#[cfg(unix)]
fn a_window_that_does_not_open_leaves_its_figures_out() {
    for (window, reason) in [
        (None, "no display"),
        (Some("echo no display >&2; exit 1"), "no display"),
    ] {
        let (_dir, mut command) = beside(window);
        // Without a window beside it the program is its own.
        command
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("WAYLAND_SOCKET");
        let output = command.output().expect("it runs");
        assert!(output.status.success(), "{}", stderr(&output));
        assert!(figures(&printed(&output)).is_empty());
        let notes = stderr(&output);
        assert!(notes.contains("startup is left out"), "{notes}");
        assert!(notes.contains(reason), "{notes}");
    }
}
