//! Reading within a budget, and only what is a file.

use std::fs;
use std::io::ErrorKind;

#[test]
fn a_file_is_read_up_to_its_budget_and_no_further() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("five");
    fs::write(&path, b"12345").expect("it can be written");
    assert_eq!(files::read(&path, 5).expect("five bytes"), b"12345");
    let error = files::read(&path, 4).expect_err("four are fewer");
    assert_eq!(error.kind(), ErrorKind::FileTooLarge);
    assert_eq!(
        error.to_string(),
        "it has more than the 4 bytes that such a file can have"
    );
    assert_eq!(files::read_start(&path, 2).expect("its start"), b"12");
}

#[test]
fn what_is_no_text_is_an_error() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("bytes");
    fs::write(&path, [0xff, 0xfe]).expect("it can be written");
    let error = files::read_text(&path, 5).expect_err("no UTF-8");
    assert_eq!(error.kind(), ErrorKind::InvalidData);
    fs::write(&path, "text").expect("it can be written");
    assert_eq!(files::read_text(&path, 5).expect("text"), "text");
}

#[test]
fn a_folder_is_no_file() {
    let dir = tempfile::tempdir().expect("a folder");
    let error = files::read(dir.path(), 5).expect_err("a folder");
    assert_eq!(error.kind(), ErrorKind::IsADirectory);
}

/// The length of a file of the process file system is 0 whatever is in it.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_hides_its_length_is_read_within_its_budget() {
    let path = std::path::Path::new("/proc/self/status");
    assert!(!files::read(path, 1 << 20).expect("a few lines").is_empty());
    let error = files::read(path, 3).expect_err("more than three bytes");
    assert_eq!(error.kind(), ErrorKind::FileTooLarge);
}

/// Neither ends: a device has no end, and a pipe that nobody writes to does not answer.
#[cfg(unix)]
#[test]
fn devices_and_pipes_are_refused_at_once() {
    let dir = tempfile::tempdir().expect("a folder");
    let device = dir.path().join("device");
    std::os::unix::fs::symlink("/dev/zero", &device).expect("a link");
    let pipe = dir.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo is everywhere").success());
    for path in [device, pipe] {
        let refused = [
            files::read(&path, 5).map(drop),
            files::read_start(&path, 5).map(drop),
            files::read_text(&path, 5).map(drop),
            files::open(&path).map(drop),
            files::copy(&path, &dir.path().join("copy")),
        ];
        for result in refused {
            let error = result.expect_err("it is no file");
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert_eq!(error.to_string(), "it is a pipe or a device, not a file");
        }
    }
}
