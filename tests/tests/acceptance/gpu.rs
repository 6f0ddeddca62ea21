//! The GPU path, on whatever adapter there is: in CI that is Mesa's software renderer.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use image::GrayImage;

/// Grey levels of 255 by which two devices may round apart.
const ROUNDING: u8 = 1;

pub fn command_line() -> PathBuf {
    let test = env::current_exe().expect("the path of this test");
    let path = test
        .ancestors()
        .nth(2)
        .expect("target/release")
        .join("latent-lens");
    assert!(path.is_file(), "{} was not built", path.display());
    path
}

fn run(arguments: &[&str]) -> std::process::Output {
    Command::new(command_line())
        .args(arguments)
        .output()
        .expect("the program runs")
}

#[test]
fn a_graphics_adapter_decodes_what_the_processor_decodes() {
    let folder = tempfile::tempdir().expect("a folder");
    let picture = |device: &str| {
        let path = folder.path().join(format!("{device}.png"));
        let out = path.to_str().expect("a path in UTF-8");
        let common = [
            "render", "latent", "--model", "mnist", "--seed", "3", "--device", device,
        ];
        let output = run(&[&common[..], &["--out", out]].concat());
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() {
            Ok(image::open(&path).expect("a picture").to_luma8())
        } else {
            Err(message)
        }
    };
    let cpu: GrayImage = picture("cpu").expect("the processor always works");
    match picture("gpu") {
        Ok(gpu) => {
            assert_eq!(cpu.dimensions(), gpu.dimensions());
            for (a, b) in cpu.pixels().zip(gpu.pixels()) {
                assert!(a.0[0].abs_diff(b.0[0]) <= ROUNDING, "{a:?} and {b:?}");
            }
        }
        Err(message) => {
            assert!(message.contains("adapter"), "{message}");
            eprintln!("skipped: there is no graphics adapter here, not even a software one");
        }
    }
}

#[test]
fn frames_on_a_graphics_adapter_agree_with_those_on_the_processor() {
    let output = run(&["doctor", "--check-gpu", "--json"]);
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    if found["adapters"].as_array().is_none_or(Vec::is_empty) {
        eprintln!("skipped: there is no graphics adapter here, not even a software one");
        return;
    }
    let check = &found["gpu_check"];
    assert_eq!(check["agrees"], true, "{check}");
    for part in ["image", "logits", "heatmap"] {
        let (found, allowed) = (&check["difference"][part], &check["allowed"][part]);
        assert!(found.as_f64() <= allowed.as_f64(), "{part}: {found}");
    }
    for frame in ["frame_ms", "cpu_frame_ms", "live_frame_ms"] {
        assert!(check[frame]["total"].as_f64() > Some(0.0), "{check}");
    }
}
