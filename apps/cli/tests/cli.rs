//! The commands through the real binary: what they print, what they leave on disk, and how they fail.

#[path = "cli/bad_input.rs"]
mod bad_input;
#[path = "cli/bench.rs"]
mod bench;
#[path = "cli/folders.rs"]
mod folders;
#[path = "cli/judges.rs"]
mod judges;
#[path = "cli/kinds.rs"]
mod kinds;
#[path = "cli/recipes.rs"]
mod recipes;

use std::{
    fs,
    io::{BufRead as _, BufReader, Cursor, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::OnceLock,
};

use datasets::KnownDataset;
use serde_json::Value;
use studio::ShippedModel;
use tempfile::TempDir;

/// Pictures a class in the folder data set that the tests train on.
const PICTURES: usize = 20;

fn latent_lens(args: &[&str]) -> Output {
    command(args).output().expect("the binary runs")
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_latent-lens"));
    command.args(args);
    command
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

/// Runs a command that must succeed.
fn succeed(args: &[&str]) -> Output {
    let output = latent_lens(args);
    assert!(
        output.status.success(),
        "{args:?} failed: {}",
        stderr(&output)
    );
    output
}

/// Runs a command that must fail with exit code 1, one `error:`, each of `expected` in it, and no panic.
fn fail(args: &[&str], expected: &[&str]) -> String {
    let output = latent_lens(args);
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{args:?}: {message}");
    assert_eq!(message.matches("error: ").count(), 1, "{args:?}: {message}");
    assert!(!message.contains("panicked"), "{args:?}: {message}");
    for part in expected {
        assert!(
            message.contains(part),
            "{args:?} does not say `{part}`: {message}"
        );
    }
    message
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("standard output is one JSON object")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a Unicode path")
}

/// Every file below `dir` with its bytes, to see that nothing changed.
fn contents(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(contents(&path));
        } else {
            let bytes = fs::read(&path).expect("a file");
            files.push((path, bytes));
        }
    }
    files.sort();
    files
}

/// A folder data set and a small model trained on it by the binary itself, shared by the tests that only read it.
struct Trained {
    _dir: TempDir,
    data: PathBuf,
    model: PathBuf,
}

fn trained() -> &'static Trained {
    static TRAINED: OnceLock<Trained> = OnceLock::new();
    TRAINED.get_or_init(|| {
        let dir = tempfile::tempdir().expect("a folder");
        let data = dir.path().join("digits");
        write_pictures(&data);
        let model = dir.path().join("model");
        succeed(&train_vae(&data, &model, &["--epochs", "2"]));
        succeed(&train_classifier(&data, &model, &["--epochs", "2"]));
        Trained {
            _dir: dir,
            data,
            model,
        }
    })
}

/// The first digits of the shipped sample as PNG files, one sub-folder a class.
fn write_pictures(dir: &Path) {
    let sample = datasets::sample(KnownDataset::Mnist);
    let (width, height) = (sample.shape().width(), sample.shape().height());
    let mut written = vec![0; sample.classes()];
    for index in 0..sample.len() {
        let class = sample.label(index).expect("a label").index();
        if written[class] == PICTURES {
            continue;
        }
        let folder = dir.join(class.to_string());
        fs::create_dir_all(&folder).expect("a folder");
        let pixels = sample.values(index).to_vec();
        let picture = image::GrayImage::from_raw(width as u32, height as u32, pixels);
        let path = folder.join(format!("{:03}.png", written[class]));
        picture
            .expect("as many pixels")
            .save(path)
            .expect("a picture");
        written[class] += 1;
    }
}

fn train_vae<'a>(data: &'a Path, out: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
    let fixed = [
        "train",
        "vae",
        "--dataset",
        "folder",
        "--device",
        "cpu",
        "--latent-dim",
        "4",
        "--width",
        "4",
        "--batch-size",
        "20",
        "--data",
        text(data),
        "--out",
        text(out),
    ];
    [&fixed, more].concat()
}

fn train_classifier<'a>(data: &'a Path, out: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
    let fixed = [
        "train",
        "classifier",
        "--dataset",
        "folder",
        "--device",
        "cpu",
        "--width",
        "2",
        "--batch-size",
        "20",
        "--data",
        text(data),
        "--out",
        text(out),
    ];
    [&fixed, more].concat()
}

#[test]
fn help_names_every_command() {
    let help = stdout(&succeed(&["--help"]));
    for name in ["fetch", "train", "evaluate", "render", "doctor", "bench"] {
        assert!(help.contains(name), "{help}");
    }
    let version = stdout(&succeed(&["--version"]));
    assert!(version.contains(env!("CARGO_PKG_VERSION")), "{version}");
}

#[test]
fn a_wrong_command_line_is_told_apart_from_a_failure() {
    for args in [
        &["paint"][..],
        &["fetch"],
        &["render", "latent", "--model", "mnist"],
    ] {
        let output = latent_lens(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).contains("Usage"), "{args:?}");
    }
}

#[test]
fn fetch_refuses_wrong_files_and_puts_nothing_in_place() {
    let dir = tempfile::tempdir().expect("a folder");
    let (from, into) = (dir.path().join("from"), dir.path().join("into"));
    fs::create_dir(&from).expect("a folder");
    let args = [
        "fetch",
        "--dataset",
        "mnist",
        "--from",
        text(&from),
        "--into",
        text(&into),
    ];
    fail(&args, &["train-images-idx3-ubyte", "--from"]);
    // All four names are right, and no content is.
    for file in KnownDataset::Mnist.files() {
        fs::write(from.join(file.name), b"not an IDX file").expect("a file");
    }
    fail(&args, &["SHA-256", "again"]);
    assert_eq!(contents(&into), [], "nothing may be put in place");
}

#[test]
fn fetch_without_a_network_says_what_to_do() {
    // A port that was free a moment ago, and that nobody listens on.
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let mirror = format!("http://{}/", port.expect("a free port"));
    let dir = tempfile::tempdir().expect("a folder");
    let args = [
        "fetch",
        "--dataset",
        "mnist",
        "--mirror",
        &mirror,
        "--into",
        text(dir.path()),
    ];
    fail(
        &args,
        &[
            "train-images-idx3-ubyte",
            &mirror,
            "check the network",
            "--from",
        ],
    );
}

#[test]
fn damaged_data_is_named_with_a_remedy() {
    let dir = tempfile::tempdir().expect("a folder");
    let (data, out) = (dir.path().join("data"), dir.path().join("out"));
    fs::create_dir(&data).expect("a folder");
    let args = [
        "train",
        "vae",
        "--dataset",
        "mnist",
        "--epochs",
        "1",
        "--data",
        text(&data),
        "--out",
        text(&out),
    ];
    fail(&args, &["latent-lens fetch"]);

    let images = data.join("t10k-images-idx3-ubyte");
    let header = [0, 0, 8, 3, 0, 0, 0x27, 0x10, 0, 0, 0, 28, 0, 0, 0, 28];
    let whole = [&header[..], &vec![0; 7_840_000]].concat();
    let mislabelled = [&[0, 0, 8, 1], &whole[4..]].concat();
    let oversized = [&whole[..], &[0]].concat();
    for (name, bytes) in [
        ("truncated", &whole[..1_000]),
        ("oversized", &oversized),
        ("mislabelled", &mislabelled),
        ("not IDX", b"<html>not found</html>"),
    ] {
        fs::write(&images, bytes).expect("a file");
        let message = fail(&args, &["t10k-images-idx3-ubyte", "again"]);
        assert!(message.len() < 1_000, "{name}: {message}");
    }
    fs::remove_file(&images).expect("there");
    // A gigabyte of zeros in a megabyte.
    fs::write(data.join("t10k-images-idx3-ubyte.gz"), gzip_bomb()).expect("a file");
    fail(
        &args,
        &["t10k-images-idx3-ubyte.gz", "more than the 7840016 bytes"],
    );
    assert!(!out.exists(), "nothing may be left behind");
}

/// A gzip file of 1 GiB of zeros, from stored and repeated members: each member is 16 MiB of zeros.
fn gzip_bomb() -> Vec<u8> {
    let mut member = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    member.write_all(&vec![0; 16 << 20]).expect("memory");
    member.finish().expect("memory").repeat(64)
}

#[test]
fn doctor_prints_json_for_scripts() {
    let output = latent_lens(&["doctor", "--json"]);
    let found = json(&output);
    assert_eq!(found["version"], env!("CARGO_PKG_VERSION"));
    assert!(found["adapters"].is_array());
    assert!(found["auto"]["device"].is_string());
    let models = found["models"].as_array().expect("a list");
    assert_eq!(models.len(), ShippedModel::all().len());
    for model in models {
        assert_eq!(model["opens"], true, "{model}");
        assert!(
            model["frame_ms"]["total"].as_f64().expect("a number") > 0.0,
            "{model}"
        );
    }
    assert!(output.status.success(), "{}", stderr(&output));
}

#[test]
fn doctor_prints_text_for_people() {
    let found = stdout(&succeed(&["doctor"]));
    for part in ["burn 0.", "--device auto takes", "Fashion-MNIST: opens in"] {
        assert!(found.contains(part), "no `{part}`: {found}");
    }
}

/// Width and height of a PNG file, and the recipe in it.
fn read_png(path: &Path) -> ((u32, u32), Value) {
    let bytes = fs::read(path).expect("the picture was written");
    let decoder = png::Decoder::new(Cursor::new(&bytes));
    let mut reader = decoder.read_info().expect("a PNG file");
    let size = reader.output_buffer_size().expect("small");
    reader.next_frame(&mut vec![0; size]).expect("whole");
    let chunk = reader.info().utf8_text.first().expect("a text chunk");
    assert_eq!(chunk.keyword, "latent-lens recipe");
    let recipe = chunk.get_text().expect("text");
    (
        reader.info().size(),
        serde_json::from_str(&recipe).expect("JSON"),
    )
}

#[test]
fn every_picture_is_drawn_with_its_recipe() {
    let model = text(&trained().model);
    let dir = tempfile::tempdir().expect("a folder");
    // (28 + 2) pixels an image less the last gap, times the scale.
    let cases: [(&str, &[&str], (u32, u32)); 6] = [
        (
            "latent",
            &["--latent", "-1.5,0,2", "--scale", "3"],
            (84, 84),
        ),
        ("latent", &["--seed", "7", "--scale", "1"], (28, 28)),
        ("anchors", &["--count", "4", "--scale", "2"], (236, 596)),
        (
            "anchors",
            &[
                "--class", "3", "--count", "5", "--noise", "0.5", "--scale", "2",
            ],
            (176, 116),
        ),
        (
            "traversal",
            &["--top", "2", "--steps", "5", "--scale", "1"],
            (148, 58),
        ),
        (
            "cam",
            &[
                "--anchor", "1", "--class", "7", "--layer", "3", "--scale", "1",
            ],
            (88, 28),
        ),
    ];
    for (index, (kind, more, size)) in cases.into_iter().enumerate() {
        let out = dir.path().join(format!("{index}.png"));
        let fixed = [
            "render",
            kind,
            "--device",
            "cpu",
            "--model",
            model,
            "--out",
            text(&out),
        ];
        let args = [&fixed[..], more].concat();
        let printed = stdout(&succeed(&args));
        assert!(!printed.trim().is_empty(), "{args:?}");
        let (dimensions, recipe) = read_png(&out);
        assert_eq!(dimensions, size, "{args:?}");
        assert_eq!(recipe["render"], kind);
        assert_eq!(
            recipe["model_sha256"].as_str().map(str::len),
            Some(64),
            "{recipe}"
        );
        // The same request gives the same picture, and with --json the recipe on standard output.
        let first = fs::read(&out).expect("a picture");
        let again = succeed(&[&args[..], &["--json"]].concat());
        assert_eq!(fs::read(&out).expect("a picture"), first, "{args:?}");
        assert_eq!(json(&again), recipe);
    }
}

#[test]
fn render_says_what_is_wrong_with_a_request() {
    let model = text(&trained().model);
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("x.png");
    let render = |kind, more: &[&str], expected: &[&str]| {
        let fixed = [
            "render",
            kind,
            "--device",
            "cpu",
            "--model",
            model,
            "--out",
            text(&out),
        ];
        fail(&[&fixed[..], more].concat(), expected);
    };
    render(
        "latent",
        &["--latent", "1,2,3,4,5"],
        &["5 numbers", "4 latent dimensions"],
    );
    render("latent", &["--latent", "NaN"], &["not finite"]);
    render(
        "latent",
        &["--anchor", "zebra"],
        &["zebra", "choose one of 0, 1, 2"],
    );
    render("traversal", &["--dim", "4"], &["--dim 4", "0 to 3"]);
    render(
        "anchors",
        &["--count", "1000", "--scale", "64"],
        &["--scale"],
    );
    assert!(!out.exists());
    let jpeg = dir.path().join("x.jpg");
    let args = ["render", "latent", "--model", model, "--out", text(&jpeg)];
    fail(&args, &["x.jpg", ".png"]);
    let nowhere = latent_lens(&[
        "render",
        "latent",
        "--model",
        "nowhere",
        "--out",
        text(&out),
    ]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(
        stderr(&nowhere).contains("there is no model 'nowhere'"),
        "{}",
        stderr(&nowhere)
    );
}

/// A folder that takes no new files, from anybody: the superuser writes into any folder without permissions, so it
/// gets one that the kernel keeps.
fn read_only_folder(dir: &Path) -> PathBuf {
    let folder = dir.join("read-only");
    fs::create_dir(&folder).expect("a folder");
    let mut permissions = fs::metadata(&folder).expect("there").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&folder, permissions).expect("mine");
    match fs::write(folder.join("probe"), b"") {
        Err(_) => folder,
        Ok(()) => PathBuf::from("/proc/self"),
    }
}

#[test]
fn a_read_only_folder_is_named() {
    let dir = tempfile::tempdir().expect("a folder");
    let folder = read_only_folder(dir.path());
    let model = text(&trained().model);
    let out = folder.join("x.png");
    fail(
        &[
            "render",
            "latent",
            "--device",
            "cpu",
            "--model",
            model,
            "--out",
            text(&out),
        ],
        &["x.png", "cannot be written", "--out"],
    );
    let out = folder.join("model");
    fail(
        &train_vae(&trained().data, &out, &["--epochs", "1"]),
        &[text(&out)],
    );
    fail(
        &[
            "fetch",
            "--dataset",
            "mnist",
            "--from",
            text(dir.path()),
            "--into",
            text(&folder),
        ],
        &[text(&folder), "write"],
    );
}

#[test]
fn evaluate_without_its_data_says_so() {
    let model = text(&trained().model);
    fail(
        &[
            "evaluate",
            "--device",
            "cpu",
            "--model",
            model,
            "--data",
            "no-such-folder",
        ],
        &["no-such-folder", "check that it exists"],
    );
}

#[test]
fn evaluate_reports_stores_and_recognises_its_figures() {
    let dir = tempfile::tempdir().expect("a folder");
    let model = dir.path().join("model");
    copy(&trained().model, &model);
    let data = text(&trained().data);
    let only = "classifier_accuracy,ece,reconstruction_mse";
    let args = [
        "evaluate",
        "--device",
        "cpu",
        "--model",
        text(&model),
        "--data",
        data,
        "--only",
        only,
        "--json",
        "--write",
    ];
    let report = json(&succeed(&args));
    let keys: Vec<_> = report
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(keys.len(), 5, "{keys:?}");
    for key in ["model", "model_sha256", "dataset", "device", "figures"] {
        assert!(keys.contains(&key), "{keys:?} lack {key}");
    }
    let figures = report["figures"].as_array().expect("a list");
    assert_eq!(figures.len(), 3, "{report}");
    for figure in figures {
        for key in [
            "name", "value", "unit", "low", "high", "n", "seed", "split", "protocol",
        ] {
            assert!(figure.get(key).is_some(), "{figure} lacks {key}");
        }
        // A fifth of the pictures is the test split.
        assert_eq!(figure["n"], 10 * PICTURES / 5, "{figure}");
    }
    let again = succeed(&args[..args.len() - 2]);
    assert!(stdout(&again).contains("same"), "{}", stdout(&again));
    assert!(
        stderr(&again).contains("3 of 3 figures equal the stored report"),
        "{}",
        stderr(&again)
    );
    fail(
        &[&args[..8], &["no_such_figure"]].concat(),
        &["no_such_figure", "ece"],
    );
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).expect("a folder");
    for (path, bytes) in contents(from) {
        let target = to.join(path.strip_prefix(from).expect("below"));
        fs::create_dir_all(target.parent().expect("a parent")).expect("a folder");
        fs::write(target, bytes).expect("a file");
    }
}

/// The one file of a model's folder whose name begins so: names end with a part of the content's checksum.
fn one_file(model: &Path, stem: &str) -> PathBuf {
    let files = contents(model).into_iter().map(|(path, _)| path);
    let named = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.starts_with(stem))
    };
    let found: Vec<PathBuf> = files.filter(named).collect();
    assert_eq!(found.len(), 1, "{stem}: {found:?}");
    found.into_iter().next().expect("one")
}

#[test]
fn regions_are_fitted_again_without_training() {
    let dir = tempfile::tempdir().expect("a folder");
    let model = dir.path().join("model");
    copy(&trained().model, &model);
    let weights = || fs::read(one_file(&model, "vae-")).expect("weights");
    let manifest = || fs::read(model.join("manifest.ron")).expect("a manifest");
    let (weights_before, manifest_before) = (weights(), manifest());
    let args = [
        "train",
        "regions",
        "--device",
        "cpu",
        "--model",
        text(&model),
        "--data",
        text(&trained().data),
        "--components",
        "1",
        "--seed",
        "4",
        "--json",
    ];
    let found = json(&succeed(&args));
    let (all, typical) = (found["images"].as_u64(), found["typical_images"].as_u64());
    assert!(typical <= all && typical > Some(0), "{found}");
    assert_eq!(weights_before, weights());
    assert_ne!(manifest_before, manifest());
    let mut shipped = args;
    shipped[5] = "mnist";
    fail(&shipped, &["inside the program", "--model"]);
}

#[test]
fn a_damaged_model_is_refused() {
    let whole = &trained().model;
    let weights: Vec<PathBuf> = contents(whole)
        .into_iter()
        .map(|(path, _)| path)
        .filter(|path| path.extension().is_some_and(|end| end == "safetensors"))
        .map(|path| path.strip_prefix(whole).expect("below").to_owned())
        .collect();
    assert!(weights.len() >= 2, "{weights:?}");
    for file in &weights {
        let dir = tempfile::tempdir().expect("a folder");
        let model = dir.path().join("model");
        copy(whole, &model);
        let path = model.join(file);
        let out = dir.path().join("x.png");
        let args = [
            "render",
            "latent",
            "--device",
            "cpu",
            "--model",
            text(&model),
            "--out",
            text(&out),
        ];
        let name = file
            .file_name()
            .and_then(|name| name.to_str())
            .expect("a name");

        let mut bytes = fs::read(&path).expect("weights");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&path, &bytes).expect("mine");
        fail(&args, &[name]);
        fs::remove_file(&path).expect("there");
        fail(&args, &[name]);
        assert!(!out.exists());
    }
}

#[test]
fn a_model_of_a_newer_program_is_told_apart_from_a_damaged_one() {
    let dir = tempfile::tempdir().expect("a folder");
    let model = dir.path().join("model");
    copy(&trained().model, &model);
    let manifest = model.join("manifest.ron");
    let whole = fs::read_to_string(&manifest).expect("text");
    let data = text(&trained().data);
    let args = [
        "evaluate",
        "--device",
        "cpu",
        "--model",
        text(&model),
        "--data",
        data,
    ];

    let newer = whole.replacen("format_version: 2,", "format_version: 3,", 1);
    assert_ne!(newer, whole);
    fs::write(&manifest, newer).expect("mine");
    fail(&args, &["format version 3", "newer version of Latent Lens"]);
    fs::write(&manifest, &whole[..whole.len() / 2]).expect("mine");
    fail(&args, &["manifest.ron", "Restore"]);
    fs::remove_file(&manifest).expect("there");
    fail(&args, &["manifest.ron", "missing"]);
}

#[test]
fn a_finished_part_is_replaced_only_on_request() {
    let dir = tempfile::tempdir().expect("a folder");
    let model = dir.path().join("model");
    copy(&trained().model, &model);
    let before = contents(&model);
    let data = &trained().data;
    fail(
        &train_vae(data, &model, &["--epochs", "1"]),
        &[text(&model), "--force"],
    );
    fail(
        &train_classifier(data, &model, &["--epochs", "1"]),
        &[text(&model), "--force"],
    );
    assert!(
        contents(&model) == before,
        "a refused run changed the model"
    );
    let result = json(&succeed(&train_vae(
        data,
        &model,
        &["--epochs", "1", "--force", "--json"],
    )));
    assert_eq!(result["network"], "vae");
    assert_eq!(
        result["history"].as_array().map(Vec::len),
        Some(1),
        "{result}"
    );
    assert!(contents(&model) != before, "the new VAE is not there");
    // The other part is still there and fits.
    let out = dir.path().join("x.png");
    succeed(&[
        "render",
        "cam",
        "--device",
        "cpu",
        "--model",
        text(&model),
        "--out",
        text(&out),
    ]);
}

#[test]
fn settings_that_cannot_work_are_refused_before_anything_is_written() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("model");
    let config = dir.path().join("vae.ron");
    let data = &trained().data;
    let plain = [
        "train",
        "vae",
        "--dataset",
        "folder",
        "--device",
        "cpu",
        "--epochs",
        "1",
        "--data",
        text(data),
        "--out",
        text(&out),
    ];
    let with = |more: &[&'static str]| [&plain[..], more].concat();
    fail(
        &with(&["--latent-dim", "0"]),
        &["latent_dim is 0", "from 1"],
    );
    fail(&with(&["--learning-rate", "-1"]), &["learning rate"]);
    fail(&with(&["--batch-size", "0"]), &["batch size"]);

    let from_file = [&plain[..], &["--config", text(&config)]].concat();
    fail(&from_file, &["vae.ron"]);
    for (ron, expected) in [
        ("(model: (latent_dim: 0))", "latent_dim is 0"),
        ("(model: (latent_dims: 8))", "latent_dims"),
        ("(training: (epoch: 3))", "epoch"),
        ("(model: (latent_dim: -1))", "vae.ron"),
        ("not RON at all", "vae.ron"),
    ] {
        fs::write(&config, ron).expect("a file");
        fail(&from_file, &[expected]);
    }
    assert!(!out.exists(), "nothing may be left behind");
}

/// Interrupts a run at its first line that starts with `at`, and gives its exit code and what it printed.
#[cfg(unix)]
fn interrupt(args: &[&str], at: &str) -> (Option<i32>, String) {
    let mut child = command(args)
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    let mut printed = String::new();
    let mut lines = BufReader::new(child.stderr.take().expect("piped"))
        .lines()
        .map_while(Result::ok);
    for line in lines.by_ref() {
        printed.push_str(&line);
        printed.push('\n');
        if line.starts_with(at) {
            let pid = child.id().to_string();
            let sent = Command::new("kill")
                .args(["-INT", &pid])
                .status()
                .expect("kill runs");
            assert!(sent.success());
            break;
        }
    }
    lines.for_each(|line| {
        printed.push_str(&line);
        printed.push('\n');
    });
    (child.wait().expect("it ends").code(), printed)
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_goes_on_to_the_same_weights() {
    let data = &trained().data;
    for train in [train_vae, train_classifier] {
        let dir = tempfile::tempdir().expect("a folder");
        let (straight, halted) = (dir.path().join("straight"), dir.path().join("halted"));
        let epochs = ["--epochs", "12", "--seed", "5"];
        succeed(&train(data, &straight, &epochs));

        let (code, printed) = interrupt(&train(data, &halted, &epochs), "epoch 1/");
        assert_eq!(code, Some(130), "{printed}");
        assert!(printed.contains("--resume"), "{printed}");
        assert_eq!(weights(&halted), [], "an unfinished run is no model");

        // Without --resume the checkpoint is neither used nor lost.
        fail(&train(data, &halted, &epochs), &["--resume", "--force"]);
        // Another run's checkpoint is not taken up.
        let other = ["--epochs", "12", "--seed", "6", "--resume"];
        fail(&train(data, &halted, &other), &["another run"]);

        succeed(&train(
            data,
            &halted,
            &[&epochs[..], &["--resume"]].concat(),
        ));
        let (straight, halted) = (weights(&straight), weights(&halted));
        assert!(!straight.is_empty());
        assert!(straight == halted, "the weights differ");
    }
}

/// Names, headers and numbers of the weight files of a model. The free text in their headers, in which libraries write
/// their names in no fixed order, is left out.
fn weights(model: &Path) -> Vec<(String, String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(model).expect("the model's folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|end| end != "safetensors") {
            continue;
        }
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let bytes = fs::read(&path).expect("a file");
        // SafeTensors: the header's length in eight bytes, the header as JSON, the numbers.
        let length = u64::from_le_bytes(bytes[..8].try_into().expect("eight bytes"));
        let (header, numbers) = bytes[8..].split_at(length.try_into().expect("small"));
        let mut header: Value = serde_json::from_slice(header).expect("JSON");
        header
            .as_object_mut()
            .expect("an object")
            .remove("__metadata__");
        found.push((name, header.to_string(), numbers.to_vec()));
    }
    found.sort();
    found
}
