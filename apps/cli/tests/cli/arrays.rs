//! Data sets that are stored as arrays, in the layouts in which they are handed around: each trains for one epoch.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use flate2::{Compression, write::GzEncoder};
use serde_json::Value;
use tempfile::TempDir;

use crate::{arguments::evaluate, fail, json, stderr, succeed, text};

/// Images a class.
const A_CLASS: usize = 12;

/// Classes.
const CLASSES: usize = 3;

/// Images in all.
const IMAGES: usize = A_CLASS * CLASSES;

/// 28x28: a bar at another height for each class, a little different in each image.
fn image(index: usize) -> Vec<u8> {
    let class = index % CLASSES;
    (0..784)
        .map(|at| {
            let (x, y) = (at % 28, at / 28);
            let row = 6 + 6 * class;
            let inside = (row..row + 3).contains(&y) && (4 + index % 3..24).contains(&x);
            if inside { 255 - index as u8 } else { 0 }
        })
        .collect()
}

fn images() -> Vec<u8> {
    (0..IMAGES).flat_map(image).collect()
}

fn labels() -> Vec<u8> {
    (0..IMAGES).map(|index| (index % CLASSES) as u8).collect()
}

/// An IDX file of elements of this type.
fn idx(kind: u8, dims: &[usize], elements: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, kind, dims.len() as u8];
    bytes.extend(
        dims.iter()
            .flat_map(|&dim| u32::try_from(dim).expect("small").to_be_bytes()),
    );
    bytes.extend(elements);
    bytes
}

/// A `.npy` file.
fn npy(kind: &str, shape: &str, elements: &[u8]) -> Vec<u8> {
    let mut header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}");
    // NEP 1: magic, version, length and header together are a multiple of 64, and the header ends with a line break.
    header += &" ".repeat((64 - (10 + header.len() + 1) % 64) % 64);
    header.push('\n');
    let length = u16::try_from(header.len()).expect("short").to_le_bytes();
    [
        b"\x93NUMPY\x01\0",
        length.as_slice(),
        header.as_bytes(),
        elements,
    ]
    .concat()
}

/// A `.npz` file, compressed as `savez_compressed` does.
fn npz(arrays: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = rawzip::ZipArchiveWriter::new(&mut bytes);
    for (name, array) in arrays {
        let file = archive.new_file(name);
        let file = file.compression_method(rawzip::CompressionMethod::DEFLATE);
        let (mut entry, config) = file.start().expect("in memory");
        let deflated = flate2::write::DeflateEncoder::new(&mut entry, Compression::default());
        let mut writer = config.wrap(deflated);
        writer.write_all(array).expect("in memory");
        let (deflated, descriptor) = writer.finish().expect("in memory");
        deflated.finish().expect("in memory");
        entry.finish(descriptor).expect("in memory");
    }
    archive.finish().expect("in memory");
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

/// A folder with these files.
fn folder(files: &[(&str, Vec<u8>)]) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("signs");
    for (name, bytes) in files {
        let path = data.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    (dir, data)
}

/// Trains for one epoch on the arrays in a folder, measures, and gives what was told and what the model says of its data.
fn trained(dir: &Path, data: &Path) -> (String, Value) {
    let out = dir.join("model");
    let small = [
        "--latent-dim",
        "2",
        "--epochs",
        "1",
        "--width",
        "2",
        "--batch-size",
        "8",
    ];
    let fixed = ["train", "vae", "--dataset", "arrays", "--device", "cpu"];
    let named = ["--data", text(data), "--out", text(&out)];
    let output = succeed(&[&fixed[..], &named, &small].concat());
    let report = json(&succeed(&evaluate(
        &out,
        data,
        &["--only", "reconstruction_mse", "--json"],
    )));
    assert_eq!(
        report["figures"].as_array().map(Vec::len),
        Some(1),
        "{report}"
    );
    let models = json(&succeed(&["models", text(&out), "--json"]));
    let models = models.as_array().expect("a list");
    let model = models.last().expect("the model").clone();
    (stderr(&output), model)
}

/// What `data inspect` says.
fn inspected(data: &Path) -> Value {
    json(&succeed(&["data", "inspect", text(data), "--json"]))
}

/// The names of the classes, and how many images each has in all.
fn classes(inspected: &Value) -> Vec<(String, u64)> {
    let classes = inspected["classes"].as_array().expect("a list");
    let class = |class: &Value| {
        let images = &class["images"];
        let count = |part: &str| images[part].as_u64().expect("a count");
        (
            class["name"].as_str().expect("a name").to_owned(),
            count("train") + count("test"),
        )
    };
    classes.iter().map(class).collect()
}

fn expected(names: [&str; CLASSES], count: usize) -> Vec<(String, u64)> {
    names.map(|name| (name.to_owned(), count as u64)).to_vec()
}

#[test]
fn kmnist_has_the_names_of_mnist_and_other_images() {
    let (dir, data) = folder(&[
        (
            "train-images-idx3-ubyte.gz",
            gzip(&idx(8, &[IMAGES, 28, 28], &images())),
        ),
        (
            "train-labels-idx1-ubyte.gz",
            gzip(&idx(8, &[IMAGES], &labels())),
        ),
        (
            "t10k-images-idx3-ubyte.gz",
            gzip(&idx(8, &[IMAGES, 28, 28], &images())),
        ),
        (
            "t10k-labels-idx1-ubyte.gz",
            gzip(&idx(8, &[IMAGES], &labels())),
        ),
    ]);
    let (told, model) = trained(dir.path(), &data);
    assert!(
        told.contains("train-images-idx3-ubyte.gz: 36 images of 1x28x28, with labels from train-labels-idx1-ubyte.gz"),
        "{told}"
    );
    assert_eq!(
        (&model["domain"], &model["classes"]),
        (&"signs".into(), &3.into()),
        "{model}"
    );
    let found = inspected(&data);
    assert_eq!(found["format"], "arrays");
    assert_eq!(
        found["images"],
        serde_json::json!({ "train": 36, "test": 36 })
    );
    assert_eq!(classes(&found), expected(["0", "1", "2"], 24));
    // Every image for testing is one of those for training.
    assert_eq!(
        found["leaks"].as_array().map(Vec::len),
        Some(36),
        "{}",
        found["leaks"]
    );
    // As MNIST they are refused, with the way to read them.
    let out = dir.path().join("other");
    let args = [
        "train",
        "vae",
        "--dataset",
        "mnist",
        "--data",
        text(&data),
        "--out",
        text(&out),
    ];
    fail(&args, &["not the files of MNIST", "--dataset arrays"]);
}

#[test]
fn emnist_lies_on_its_side_and_begins_at_one() {
    let turned: Vec<u8> = (0..IMAGES)
        .flat_map(|index| {
            let image = image(index);
            (0..784).map(move |at| image[at % 28 * 28 + at / 28])
        })
        .collect();
    let labels: Vec<u8> = labels().iter().map(|label| label + 1).collect();
    let (dir, data) = folder(&[
        (
            "emnist-letters-train-images-idx3-ubyte",
            idx(8, &[IMAGES, 28, 28], &turned),
        ),
        (
            "emnist-letters-train-labels-idx1-ubyte",
            idx(8, &[IMAGES], &labels),
        ),
        (
            "emnist-letters-mapping.txt",
            b"1 65 97\n2 66 98\n3 67 99\n".to_vec(),
        ),
    ]);
    let (told, model) = trained(dir.path(), &data);
    assert!(told.contains("rows and columns change places"), "{told}");
    assert!(told.contains("labels begin at 1"), "{told}");
    assert_eq!(model["classes"], 3);
    let found = inspected(&data);
    assert_eq!(classes(&found), expected(["A", "B", "C"], 12));
    // Upright again, the first image is a level bar: wider than high on the sheet.
    let sheet = dir.path().join("sheet.png");
    succeed(&["data", "inspect", text(&data), "--sheet", text(&sheet)]);
    let sheet = image::open(&sheet).expect("a picture").to_luma8();
    // Ten images of 64 pixels a row, three rows, 4 pixels between; 28 pixels are shown twice as large, 4 from the edge.
    assert_eq!(sheet.dimensions(), (10 * 68 + 4, 3 * 68 + 4));
    let bright = |x: u32, y: u32| sheet.get_pixel(4 + 4 + 2 * x, 4 + 4 + 2 * y)[0] > 200;
    assert!(
        bright(8, 7) && bright(20, 7) && !bright(7, 15),
        "the bar of class A is level"
    );
}

#[test]
fn labels_of_qmnist_have_eight_columns() {
    let rows: Vec<u8> = labels()
        .iter()
        .flat_map(|&label| {
            let columns = [u32::from(label), 4, 100, 2_597, 7, 1, 0, 0];
            columns.into_iter().flat_map(u32::to_be_bytes)
        })
        .collect();
    let (dir, data) = folder(&[
        (
            "qmnist-train-images-idx3-ubyte",
            idx(8, &[IMAGES, 28, 28], &images()),
        ),
        (
            "qmnist-train-labels-idx2-int",
            idx(0x0c, &[IMAGES, 8], &rows),
        ),
    ]);
    let (_, model) = trained(dir.path(), &data);
    assert_eq!(model["classes"], 3);
    assert_eq!(classes(&inspected(&data)), expected(["0", "1", "2"], 12));
}

#[test]
fn cifar_is_read_in_both_layouts() {
    let pixels = |index: usize| {
        let class = index % CLASSES;
        (0..3_072).map(move |at| {
            if at / 1_024 == class {
                200 + index as u8
            } else {
                20
            }
        })
    };
    let record = |index: usize, labels: Vec<u8>| labels.into_iter().chain(pixels(index));
    let ten: Vec<u8> = (0..IMAGES)
        .flat_map(|index| record(index, vec![(index % CLASSES) as u8]))
        .collect();
    let names = b"airplane\nautomobile\nbird\n".to_vec();
    let (dir, data) = folder(&[
        (
            "cifar-10-batches-bin/data_batch_1.bin",
            ten[..ten.len() / 2].to_vec(),
        ),
        (
            "cifar-10-batches-bin/data_batch_2.bin",
            ten[ten.len() / 2..].to_vec(),
        ),
        ("cifar-10-batches-bin/test_batch.bin", ten.clone()),
        ("cifar-10-batches-bin/batches.meta.txt", names),
    ]);
    let (_, model) = trained(dir.path(), &data);
    assert_eq!(model["shape"], serde_json::json!([3, 32, 32]));
    let found = inspected(&data);
    assert_eq!(
        classes(&found),
        expected(["airplane", "automobile", "bird"], 24)
    );
    assert_eq!(found["coloured"], 72);

    let hundred: Vec<u8> = (0..IMAGES)
        .flat_map(|index| record(index, vec![19, 97 + (index % CLASSES) as u8]))
        .collect();
    // CIFAR-100: the second label of each is the fine one, and there may be a list of its names.
    let (dir, data) = folder(&[("train.bin", hundred.clone())]);
    let (_, model) = trained(dir.path(), &data);
    assert_eq!(
        (&model["classes"], &model["shape"]),
        (&3.into(), &serde_json::json!([3, 32, 32]))
    );
    assert_eq!(classes(&inspected(&data)), expected(["97", "98", "99"], 12));
    let names: Vec<String> = (0..100).map(|number| format!("thing {number}")).collect();
    let (dir, data) = folder(&[
        ("cifar-100-binary/train.bin", hundred.clone()),
        ("cifar-100-binary/test.bin", hundred),
        (
            "cifar-100-binary/fine_label_names.txt",
            names.join("\n").into_bytes(),
        ),
    ]);
    let (_, model) = trained(dir.path(), &data);
    assert_eq!(model["classes"], 3);
    assert_eq!(
        classes(&inspected(&data)),
        expected(["thing 97", "thing 98", "thing 99"], 24)
    );
}

#[test]
fn torchvision_keeps_arrays_two_folders_deep_plain_and_packed() {
    let mut files = Vec::new();
    for part in ["train", "t10k"] {
        let named = |what: &str| format!("MNIST/raw/{part}-{what}-ubyte");
        files.push((named("images-idx3"), idx(8, &[IMAGES, 28, 28], &images())));
        files.push((named("labels-idx1"), idx(8, &[IMAGES], &labels())));
    }
    // It leaves the downloaded files beside those that it unpacked.
    let packed = files
        .iter()
        .map(|(name, bytes)| (format!("{name}.gz"), gzip(bytes)));
    let all: Vec<(String, Vec<u8>)> = files.iter().cloned().chain(packed).collect();
    let all: Vec<(&str, Vec<u8>)> = all
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.clone()))
        .collect();
    let (dir, data) = folder(&all);
    let (_, model) = trained(dir.path(), &data);
    assert_eq!(
        (&model["classes"], &model["shape"]),
        (&3.into(), &serde_json::json!([1, 28, 28]))
    );
    assert_eq!(
        inspected(&data)["images"],
        serde_json::json!({ "train": 36, "test": 36 })
    );
    // As MNIST they are found in that folder, too, and refused for what they hold.
    let out = dir.path().join("other");
    let named = ["--data", text(&data), "--out", text(&out)];
    let args = ["train", "vae", "--dataset", "mnist"];
    fail(
        &[&args[..], &named].concat(),
        &["MNIST/raw/", "not the files of MNIST"],
    );
}

#[test]
fn numpy_is_read_as_one_array_a_file_as_archives_and_as_a_class_a_file() {
    let floats: Vec<u8> = images()
        .iter()
        .flat_map(|&level| (f32::from(level) / 255.0).to_le_bytes())
        .collect();
    let numbers: Vec<u8> = labels()
        .iter()
        .flat_map(|&label| i64::from(label).to_le_bytes())
        .collect();
    let (dir, data) = folder(&[
        ("x_train.npy", npy("<f4", "(36, 784)", &floats)),
        ("y_train.npy", npy("<i8", "(36,)", &numbers)),
    ]);
    let (_, model) = trained(dir.path(), &data);
    assert_eq!(model["shape"], serde_json::json!([1, 28, 28]));

    let archive = npz(&[
        ("x_train.npy", npy("|u1", "(36, 28, 28)", &images())),
        ("y_train.npy", npy("|u1", "(36, 1)", &labels())),
        ("x_test.npy", npy("|u1", "(36, 28, 28)", &images())),
        ("y_test.npy", npy("|u1", "(36, 1)", &labels())),
    ]);
    let (dir, data) = folder(&[("signs.npz", archive)]);
    let (_, model) = trained(dir.path(), &data);
    assert_eq!(model["classes"], 3);
    assert_eq!(
        inspected(&data)["images"],
        serde_json::json!({ "train": 36, "test": 36 })
    );

    // Quick, Draw!: a file a class. Colours may stand pixel by pixel.
    let colours: Vec<u8> = (0..24 * 100).flat_map(|at| [at as u8, 0, 255]).collect();
    let (_dir, data) = folder(&[
        ("apple.npy", npy("|u1", "(24, 10, 10, 3)", &colours)),
        ("bicycle.npy", npy("|u1", "(24, 10, 10, 3)", &colours)),
        ("cat.npy", npy("|u1", "(24, 10, 10, 3)", &colours)),
    ]);
    let found = inspected(&data);
    assert_eq!(classes(&found), expected(["apple", "bicycle", "cat"], 24));
    assert_eq!(found["shape"], serde_json::json!([3, 10, 10]));
}

#[test]
fn arrays_that_do_not_belong_together_are_refused() {
    let images = idx(8, &[IMAGES, 28, 28], &images());
    let (dir, data) = folder(&[
        ("train-images-idx3-ubyte", images.clone()),
        ("train-labels-idx1-ubyte", idx(8, &[2], &[0, 1])),
    ]);
    let out = dir.path().join("model");
    let train = [
        "train",
        "vae",
        "--dataset",
        "arrays",
        "--out",
        text(&out),
        "--data",
    ];
    let refused = |data: &Path, said: &[&str]| fail(&[&train[..], &[text(data)]].concat(), said);
    refused(
        &data,
        &["no labels for the 36 images", "train-images-idx3-ubyte"],
    );
    let (_dir, cut) = folder(&[("images-idx3-ubyte", images[..9_000].to_vec())]);
    refused(&cut, &["is cut", "images-idx3-ubyte"]);
    let (_dir, objects) = folder(&[("x.npy", npy("|O", "(3,)", b"pickled"))]);
    refused(&objects, &["x.npy", "type |O"]);
    let (_dir, empty) = folder(&[("notes.txt", b"nothing".to_vec())]);
    refused(&empty, &["no arrays of images"]);
}
