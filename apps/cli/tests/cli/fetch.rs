//! Data sets: fetched whole or not at all, and refused with a remedy where their files are damaged.

use std::{fs, io::Write as _, net::TcpListener};

use datasets::KnownDataset;

use crate::{arguments::fetch, contents, fail, text};

#[test]
fn fetch_refuses_wrong_files_and_puts_nothing_in_place() {
    let dir = tempfile::tempdir().expect("a folder");
    let (from, into) = (dir.path().join("from"), dir.path().join("into"));
    fs::create_dir(&from).expect("a folder");
    let args = fetch("mnist", &into, &["--from", text(&from)]);
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
    let args = fetch("mnist", dir.path(), &["--mirror", &mirror]);
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
fn avatars_are_taken_from_their_file_alone() {
    let dir = tempfile::tempdir().expect("a folder");
    let (tar, into) = (dir.path().join("avatars-64.tar"), dir.path().join("data"));
    let from = |path| fetch("avatars", &into, &["--from", text(path)]);
    fail(
        &fetch("avatars", &into, &[]),
        &["nobody serves", "avatars-64.tar", "--from"],
    );
    fail(&from(&tar), &["avatars-64.tar", "--from"]);
    // A folder that does not hold it.
    fail(
        &from(dir.path()),
        &["no avatars-64.tar", "--from avatars-64.tar"],
    );
    for wrong in [&b"not a tar file"[..], b""] {
        fs::write(&tar, wrong).expect("a file");
        let message = fail(&from(&tar), &["avatars-64.tar", "SHA-256", "--from"]);
        assert!(!message.contains("fetch the file again"), "{message}");
        fail(&from(dir.path()), &["SHA-256", "--from"]);
    }
    assert_eq!(contents(&into), [], "nothing may be put in place");
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
