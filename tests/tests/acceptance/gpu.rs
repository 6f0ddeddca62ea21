//! The GPU path, on whatever adapter there is: in CI that is Mesa's software renderer.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use burn::tensor::{Device, Tensor, TensorData};
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

/// Output and gradients of a convolution, with numbers that follow from their places alone.
fn convolution_on(device: &Device, transposed: bool) -> Vec<Vec<f32>> {
    let device = device.clone().autodiff();
    let numbers = |shape: [usize; 4]| {
        let values =
            (0..shape.iter().product()).map(|i: usize| ((i * 37 % 101) as f32 - 50.0) / 50.0);
        Tensor::<4>::from_data(TensorData::new(values.collect::<Vec<_>>(), shape), &device)
    };
    let x = numbers([5, 6, 10, 10]).require_grad();
    let weight = numbers([6, 6, 4, 4]).require_grad();
    let output = if transposed {
        kernels::conv_transpose2d(x.clone(), weight.clone(), None, 2, 1)
    } else {
        kernels::conv2d(x.clone(), weight.clone(), None, 2, 1)
    };
    let gradients = (output.clone() * output.clone()).sum().backward();
    let found = [
        Some(output.inner()),
        x.grad(&gradients),
        weight.grad(&gradients),
    ];
    found
        .map(|tensor| {
            tensor
                .expect("a gradient")
                .into_data()
                .iter::<f32>()
                .collect()
        })
        .into()
}

/// Training on a graphics card rests on these. The adapter adds in another order: a share of the largest number.
#[test]
fn gradients_on_a_graphics_adapter_are_those_on_the_processor() {
    const TOLERANCE: f32 = 1e-4;
    let Ok(adapter) = Device::wgpu_options().init() else {
        eprintln!("skipped: there is no graphics adapter here, not even a software one");
        return;
    };
    for transposed in [false, true] {
        let expected = convolution_on(&Device::flex(), transposed);
        for (found, expected) in convolution_on(&adapter, transposed).iter().zip(&expected) {
            let largest = expected.iter().fold(0.0, |a: f32, b| a.max(b.abs()));
            assert_eq!(found.len(), expected.len());
            for (found, expected) in found.iter().zip(expected) {
                assert!(
                    (found - expected).abs() <= TOLERANCE * largest,
                    "{found} and {expected}"
                );
            }
        }
    }
}
