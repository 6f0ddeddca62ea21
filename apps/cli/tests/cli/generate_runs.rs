//! Runs of `generate` that were stopped go on to the same bytes, and no run damages what another or a person wrote.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    thread,
    time::Duration,
};

use crate::{
    arguments::generate,
    command, contents, fail,
    generate::{MODEL, folder},
    stdout, succeed,
};

/// The files below a folder but for manifests, in which each command has its own text.
fn images_below(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let below = |(path, bytes): (PathBuf, Vec<u8>)| {
        let path = path.strip_prefix(dir).expect("below").to_owned();
        (path, bytes)
    };
    let files = contents(dir).into_iter().map(below);
    files
        .filter(|(path, _)| !path.to_string_lossy().ends_with("manifest.json"))
        .collect()
}

/// What a killed run leaves, made by hand from a whole one: a file with half an image at its end, or folders with gaps and a
/// file that is not in its place yet.
#[test]
fn a_run_that_was_killed_goes_on_to_the_same_bytes() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("digits.idx");
    let args = generate(MODEL, "300", &out, &[]);
    succeed(&args);
    let whole = contents(dir.path());
    let [labels, part, about] = [
        "digits.labels.idx",
        "digits.idx.part",
        "digits.manifest.json",
    ]
    .map(|name| dir.path().join(name));
    let images = fs::read(&out).expect("an IDX file");
    // The header has 16 bytes, an image 784.
    for kept in [0, 7, 16, 16 + 784, 16 + 100 * 784 + 300, images.len()] {
        fs::remove_file(&out).expect("it is there");
        fs::remove_file(&labels).expect("it is there");
        fs::write(&part, &images[..kept]).expect("it can be written");
        unfinish(&about);
        succeed(&args);
        assert!(contents(dir.path()) == whole, "after {kept} bytes");
    }

    let out = dir.path().join("folders");
    let args = generate(MODEL, "40", &out, &[]);
    succeed(&args);
    let whole = contents(&out);
    let lost = ["3/0000002.png", "9/0000003.png", "0/0000000.png"];
    for name in lost {
        fs::remove_file(out.join(name)).expect("it is there");
    }
    fs::write(out.join("4/.latent-lens-x"), "half").expect("it can be written");
    unfinish(&out.join("manifest.json"));
    let output = succeed(&args);
    assert!(stdout(&output).contains("3 drawn"), "{}", stdout(&output));
    assert!(contents(&out) == whole, "the folders differ");
    let output = succeed(&args);
    assert!(stdout(&output).contains("all were there"));
    assert!(contents(&out) == whole, "a finished run was changed");
}

/// Makes a manifest say what it says while its run goes on.
fn unfinish(path: &Path) {
    let text = fs::read_to_string(path).expect("a manifest");
    let unfinished = text.replace("\"complete\": true", "\"complete\": false");
    assert_ne!(text, unfinished);
    fs::write(path, unfinished).expect("it can be written");
}

/// More images than can be drawn before the signals come; what was written by then is what a short run writes.
#[cfg(unix)]
#[test]
fn a_run_that_is_killed_and_one_that_is_interrupted_leave_whole_images() {
    use crate::interrupted::interrupt;
    let dir = tempfile::tempdir().expect("a folder");
    let (long, short) = (dir.path().join("long.idx"), dir.path().join("short.idx"));
    succeed(&generate(MODEL, "300", &short, &[]));
    let short = fs::read(short).expect("an IDX file");
    let args = generate(MODEL, "10000000", &long, &[]);
    let part = dir.path().join("long.idx.part");

    let mut quiet = command(&args);
    let mut child = quiet.stderr(Stdio::null()).spawn().expect("it starts");
    // The first 256 images are written at once.
    while part.metadata().map_or(0, |file| file.len()) < 16 + 256 * 784 {
        assert_eq!(child.try_wait().expect("a process"), None, "it ended");
        thread::sleep(Duration::from_millis(1));
    }
    fail(&args, &["another process", "--out"]);
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    let killed = fs::read(&part).expect("a part");

    let (code, printed) = interrupt(&args, "generate: ");
    assert_eq!(code, Some(130), "{printed}");
    assert!(printed.contains("completing 10000000 images"), "{printed}");
    assert!(printed.contains("of 10000000 images are in"), "{printed}");
    let on = "go on with:\n  latent-lens generate";
    assert!(printed.contains(on), "{printed}");
    assert!(!long.exists());
    let part = fs::read(part).expect("a part");
    assert_eq!((part.len() - 16) % 784, 0);
    // 10,000,000 is 0x989680.
    assert_eq!(part[..8], [0, 0, 8, 3, 0, 0x98, 0x96, 0x80]);
    assert!(part.len() + 784 > killed.len(), "images were lost");
    let same = part.len().min(short.len());
    assert!(part[16..same] == short[16..same]);
}

#[test]
fn another_run_into_the_same_place_is_refused_and_force_replaces_it() {
    let dir = tempfile::tempdir().expect("a folder");
    for name in ["folders", "digits.idx"] {
        let out = dir.path().join(name);
        succeed(&generate(MODEL, "20", &out, &[]));
        let before = contents(dir.path());
        for (count, more, told) in [
            ("21", &[][..], "count 20 there and 21 here"),
            ("20", &["--seed", "1"], "seed 0 there and 1 here"),
            ("20", &["--class", "3"], "classes 10 there and 3 here"),
            ("20", &["--noise", "0.5"], "noise 1 there and 0.5 here"),
        ] {
            let args = generate(MODEL, count, &out, more);
            fail(&args, &[told, "--out", "--force", "latent-lens generate"]);
        }
        fail(&generate("fashion-mnist", "20", &out, &[]), &["model "]);
        assert!(
            contents(dir.path()) == before,
            "a refused run changed {name}"
        );

        let force = ["--class", "3", "--force"];
        succeed(&generate(MODEL, "6", &out, &force));
        let fresh = dir.path().join("fresh");
        let fresh_out = fresh.join(name);
        succeed(&generate(MODEL, "6", &fresh_out, &["--class", "3"]));
        let (found, expected) = if out.is_dir() {
            (images_below(&out), images_below(&fresh_out))
        } else {
            let all = images_below(dir.path()).into_iter();
            let beside = all.filter(|(path, _)| path.components().count() == 1);
            (beside.collect(), images_below(&fresh))
        };
        assert!(
            found == expected,
            "{name} holds more or less than a new run"
        );
        fs::remove_dir_all(&out)
            .or_else(|_| fs::remove_file(&out))
            .expect("it is there");
        fs::remove_dir_all(&fresh).expect("it is there");
    }
}

#[test]
fn files_of_others_are_never_removed() {
    let dir = tempfile::tempdir().expect("a folder");
    let mine = dir.path().join("mine");
    fs::create_dir(&mine).expect("a folder");
    fs::write(mine.join("letter.txt"), "dear").expect("it can be written");
    for more in [&[][..], &["--force"]] {
        let args = generate(MODEL, "3", &mine, more);
        fail(&args, &["did not write", "--out"]);
    }
    let idx = dir.path().join("train.idx");
    fs::write(dir.path().join("train.labels.idx"), "precious").expect("it can be written");
    fail(
        &generate(MODEL, "3", &idx, &[]),
        &["not written by", "--force"],
    );

    // A file of somebody's own in the folder of a class stops its removal.
    let out = dir.path().join("out");
    succeed(&generate(MODEL, "12", &out, &[]));
    fs::write(out.join("3/note.txt"), "mine").expect("it can be written");
    let args = generate(MODEL, "13", &out, &["--force"]);
    fail(&args, &["did not write", "move them away"]);
    assert_eq!(
        fs::read(out.join("3/note.txt")).expect("it is there"),
        b"mine"
    );
    // What was removed by then is drawn again by the first command.
    fs::remove_file(out.join("3/note.txt")).expect("it is there");
    succeed(&generate(MODEL, "12", &out, &[]));
    assert_eq!(folder(&out).1.len(), 12);
    assert_eq!(contents(&mine).len(), 1);
}
