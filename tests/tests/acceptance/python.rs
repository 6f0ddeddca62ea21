//! The listing of `docs/python.md`, run as it stands there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use datasets::KnownDataset;
use studio::{Family, Manifest, ModelSource, ShippedModel};

const DATA: &str = "LATENT_LENS_DATA";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn listing() -> String {
    let page = std::fs::read_to_string(root().join("docs/python.md")).expect("the page");
    let (_, after) = page
        .split_once("```python\n")
        .expect("the page has a listing");
    let (listing, _) = after.split_once("```").expect("and it ends");
    listing.to_owned()
}

/// Where the data lies and which Python has what the listing needs, or why it cannot run here.
fn ready() -> Result<(PathBuf, String), String> {
    let data = std::env::var_os(DATA).ok_or_else(|| format!("{DATA} is not set"))?;
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let found = Command::new(&python)
        .args(["-c", "import torch, numpy, safetensors"])
        .output();
    match found {
        Ok(output) if output.status.success() => Ok((data.into(), python)),
        _ => Err(format!("{python} has no torch, numpy and safetensors")),
    }
}

#[test]
fn the_listing_of_python_md_repeats_the_report() {
    let (data, python) = match ready() {
        Ok(ready) => ready,
        Err(reason) => {
            eprintln!("skipped: {reason}");
            return;
        }
    };
    let folder = tempfile::tempdir().expect("a folder for the test");
    let script = folder.path().join("report.py");
    std::fs::write(&script, listing()).expect("it can be written");
    let mut families = BTreeSet::new();
    for source in ShippedModel::all().map(ModelSource::Shipped) {
        let manifest = Manifest::read(&source).expect("a sound manifest");
        // The listing reads IDX files.
        let data = match manifest.dataset.known {
            Some(known @ (KnownDataset::Mnist | KnownDataset::FashionMnist)) => {
                data.join(known.slug())
            }
            _ => continue,
        };
        families.extend(manifest.family());
        let output = Command::new(&python)
            .current_dir(root())
            .env("PYTHONPATH", "python")
            .env(DATA, data)
            .arg(&script)
            .arg(format!("assets/models/{source}"))
            .output()
            .expect("Python starts");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{source}: {errors}");
        let printed = String::from_utf8(output.stdout).expect("it prints text");
        let found: BTreeMap<&str, f64> = printed
            .lines()
            .filter_map(|line| line.split_once(' '))
            .map(|(name, value)| (name, value.parse().expect("a number")))
            .collect();
        let report = manifest.report.expect("the shipped models are measured");
        let of = |name: &str| report.figure(name).expect("measured").value;
        let apart = |name: &str| (found[name] - of(name)).abs();
        assert!(apart("reconstruction_mse") < 1e-6, "{source}: {found:?}");
        // One image of 10,000 may lie on the border between two classes.
        assert!(apart("classifier_accuracy") < 1.5e-4, "{found:?}");
        // Two independent shares of 10,000 samples: four standard errors of their difference.
        let share = of("anchored_agreement");
        let error = (2.0 * share * (1.0 - share) / 10_000.0).sqrt();
        assert!(apart("anchored_agreement") < 4.0 * error, "{found:?}");
    }
    let all: BTreeSet<Family> = ShippedModel::all()
        .filter_map(|model| Manifest::read(&ModelSource::Shipped(model)).ok()?.family())
        .collect();
    assert_eq!(
        families, all,
        "a family that no run of the listing has read"
    );
}
