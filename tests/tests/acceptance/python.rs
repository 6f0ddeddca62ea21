//! The listings of `docs/python.md`, run as they stand there, and what Python writes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use datasets::KnownDataset;
use studio::{
    Family, FrameRequest, Manifest, ModelSource, ReconstructRequest, ShippedModel, Studio,
};

const DATA: &str = "LATENT_LENS_DATA";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// One of the page's listings.
fn listing(number: usize) -> String {
    let page = std::fs::read_to_string(root().join("docs/python.md")).expect("the page");
    let listing = page.split("```python\n").nth(number + 1);
    let (listing, _) = listing
        .and_then(|rest| rest.split_once("```"))
        .expect("the page has such a listing");
    listing.to_owned()
}

fn python() -> String {
    std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

/// Which Python has `PyTorch`, or why a listing cannot run here.
fn with_torch() -> Result<String, String> {
    let python = python();
    let found = Command::new(&python)
        .args(["-c", "import torch, numpy, safetensors"])
        .output();
    match found {
        Ok(output) if output.status.success() => Ok(python),
        _ => Err(format!("{python} has no torch, numpy and safetensors")),
    }
}

/// Where the data lies and which Python has what the listing needs, or why it cannot run here.
fn ready() -> Result<(PathBuf, String), String> {
    let data = std::env::var_os(DATA).ok_or_else(|| format!("{DATA} is not set"))?;
    Ok((data.into(), with_torch()?))
}

/// Runs a script with the package of this repository and gives what it printed.
fn run(python: &str, script: &str, arguments: &[&Path]) -> String {
    let output = Command::new(python)
        .current_dir(root())
        .env("PYTHONPATH", "python")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .args(["-c", script])
        .args(arguments)
        .output()
        .expect("Python starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).expect("it prints text")
}

#[test]
fn manifests_are_read_by_python_alone() {
    // The reader of RON needs nothing but Python itself.
    let script = r#"
import sys
sys.path.insert(0, "python/latent_lens")
import ron
from pathlib import Path
for folder in sys.argv[1:]:
    manifest = ron.loads((Path(folder) / "manifest.ron").read_text())
    print(manifest["dataset"]["title"], manifest["dataset"]["shape"]["channels"], len(manifest["files"]))
text = ron.dumps({"a": [1, -2.5e-3, True], "b": ron.some("x\"\\\n"), "c": ron.Name("r-s"), "d": None, "e": ron.Map({"f": ""})})
assert ron.loads(text) == {"a": [1, -2.5e-3, True], "b": "x\"\\\n", "c": "r-s", "d": None, "e": {"f": ""}}, text
"#;
    let folders = ["assets/models/mnist", "assets/models/avatars"].map(Path::new);
    let python = python();
    if Command::new(&python).arg("--version").output().is_err() {
        eprintln!("skipped: there is no {python}");
        return;
    }
    assert_eq!(run(&python, script, &folders), "MNIST 1 5\nAvatars 3 5\n");
}

#[test]
fn what_the_listing_of_python_md_writes_can_be_opened() {
    let python = match with_torch() {
        Ok(python) => python,
        Err(reason) => {
            eprintln!("skipped: {reason}");
            return;
        }
    };
    let folder = tempfile::tempdir().expect("a folder for the test");
    let out = folder.path().join("mine");
    let source = Path::new("assets/models/mnist");
    run(&python, &listing(1), &[source, &out]);
    let device = burn::tensor::Device::flex();
    let studio = Studio::open(&ModelSource::Folder(out), &device).expect("a sound bundle");
    let part = studio.generator_part();
    assert_eq!(part.latent.dims(), 16);
    assert_eq!(part.latent.regions.classes(), 10);
    assert!(!part.labels_used);
    assert_eq!(studio.sample().expect("a sample").len(), 1000);
    // A thousandth of what the shipped model saw is enough that pixels are near those of the image.
    let image = studio.sample().expect("a sample").image(0);
    let found = studio.reconstruct(&ReconstructRequest::new(image));
    let error = found.expect("finite numbers").squared_error;
    assert!(error < 0.05, "{error}");
}

#[test]
fn a_model_that_went_through_python_is_the_same() {
    let python = match with_torch() {
        Ok(python) => python,
        Err(reason) => {
            eprintln!("skipped: {reason}");
            return;
        }
    };
    let script = "
import sys, latent_lens
from latent_lens.export import export
from latent_lens.networks import Bundle
source, out = sys.argv[1:]
read, plain = Bundle(source), latent_lens.Bundle(source)
names = plain.manifest['dataset']['class_names']
export(out, read.vae, train=plain.sample(), class_names=names, classifier=read.classifier)
";
    let device = burn::tensor::Device::flex();
    let folder = tempfile::tempdir().expect("a folder for the test");
    for name in ["mnist", "fashion-mnist-conditional", "avatars"] {
        let out = folder.path().join(name);
        let source = Path::new("assets/models").join(name);
        run(&python, script, &[&source, &out]);
        let open = |source: &ModelSource| Studio::open(source, &device).expect("a sound bundle");
        let shipped = open(&ModelSource::shipped(name).expect("it is shipped"));
        let written = open(&ModelSource::Folder(out));
        let (before, after) = (shipped.manifest(), written.manifest());
        assert_eq!(after.family(), before.family(), "{name}");
        let config = |studio: &Studio| studio.vae_architecture().expect("a VAE").config.clone();
        assert_eq!(config(&written), config(&shipped), "{name}");
        let request = FrameRequest::new(vec![0.5; shipped.generator_part().latent.dims()]);
        let frames = [&shipped, &written].map(|studio| studio.frame(&request).expect("a frame"));
        let [before, after] = frames.map(|frame| (frame.image, frame.verdict.expect("a judge")));
        assert_eq!(
            after.0, before.0,
            "{name}: the weights are those of half precision"
        );
        let classes = [&before, &after].map(|(_, verdict)| verdict.prediction.class);
        assert_eq!(classes[0], classes[1], "{name}");
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
    std::fs::write(&script, listing(0)).expect("it can be written");
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
