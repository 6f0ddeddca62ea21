//! Writing whole or not at all, and the checksum, through the public interface.

#[path = "files/checked.rs"]
mod checked;
#[path = "files/locks.rs"]
mod locks;
#[path = "files/paths.rs"]
mod paths;
#[path = "files/reading.rs"]
mod reading;
#[path = "files/steps.rs"]
mod steps;

use std::fs;
use std::io::{self, Write};
use std::path::Path;

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let name = |entry: std::io::Result<fs::DirEntry>| entry.map(|e| e.file_name());
    let mut names: Vec<String> = entries
        .map(|entry| name(entry).expect("a name").to_string_lossy().into_owned())
        .collect();
    names.sort_unstable();
    names
}

/// FIPS 180-2, appendix B.1: the digest of "abc"; and that of nothing.
#[test]
fn the_checksum_is_the_standards() {
    assert_eq!(
        files::sha256_hex(b"abc"),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    assert_eq!(
        files::sha256_hex(b""),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
}

#[test]
fn a_file_replaces_the_one_that_is_there_and_leaves_nothing_beside_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a.txt");
    files::write(&path, b"old").expect("it can be written");
    files::write(&path, b"new").expect("it can be replaced");
    assert_eq!(fs::read(&path).expect("it is there"), b"new");
    assert_eq!(names(dir.path()), ["a.txt"]);
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let dir = tempfile::tempdir().expect("a folder");
    let error = files::write(&dir.path().join("no/a.txt"), b"x").expect_err("no folder");
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
}

#[test]
fn a_place_that_cannot_be_replaced_stays_as_it_is_and_nothing_is_left_beside_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let taken = dir.path().join("taken");
    fs::create_dir_all(taken.join("inside")).expect("a folder");
    files::write(&taken, b"x").expect_err("a folder is there");
    assert_eq!(names(dir.path()), ["taken"]);
    assert_eq!(names(&taken), ["inside"]);
}

#[test]
fn a_staged_file_is_in_its_place_only_once_it_is_committed() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a.txt");
    files::write(&path, b"old").expect("it can be written");
    let staged = files::stage(&path, b"new").expect("it can be staged");
    assert_eq!(fs::read(&path).expect("it is there"), b"old");
    staged.commit().expect("it can be replaced");
    assert_eq!(fs::read(&path).expect("it is there"), b"new");
    drop(files::stage(&path, b"dropped").expect("it can be staged"));
    assert_eq!(fs::read(&path).expect("it is there"), b"new");
    assert_eq!(names(dir.path()), ["a.txt"]);
}

#[test]
fn copies_and_renames() {
    let dir = tempfile::tempdir().expect("a folder");
    let [a, b, c] = ["a", "b", "c"].map(|name| dir.path().join(name));
    files::write(&a, b"1234").expect("it can be written");
    files::copy(&a, &b).expect("it can be copied");
    files::rename(&a, &c).expect("it can be renamed");
    assert_eq!(fs::read(&b).expect("it is there"), b"1234");
    assert_eq!(names(dir.path()), ["b", "c"]);
}

#[test]
fn many_files_are_written_into_their_folders() {
    let dir = tempfile::tempdir().expect("a folder");
    let inner = dir.path().join("inner");
    fs::create_dir(&inner).expect("a folder");
    let file = |path, bytes: &[u8]| (path, bytes.to_vec());
    let [a, b] = [dir.path().join("a"), inner.join("b")];
    fs::write(&a, b"old").expect("it can be written");
    let both = [file(a.clone(), b"1"), file(b.clone(), b"2")];
    files::write_many(&both).expect("they can be written");
    assert_eq!(fs::read(&a).expect("it is there"), b"1");
    assert_eq!(fs::read(&b).expect("it is there"), b"2");
    let lost = [file(a.clone(), b"3"), file(dir.path().join("no/c"), b"4")];
    files::write_many(&lost).expect_err("a folder is missing");
    assert_eq!(fs::read(&a).expect("it is there"), b"1");
    assert_eq!(names(dir.path()), ["a", "inner"]);
}

#[test]
fn a_file_is_written_piece_by_piece_or_not_at_all() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a");
    let pieces = |out: &mut dyn Write| (0..3).try_for_each(|i| out.write_all(&[i]));
    files::write_with(&path, pieces).expect("it can be written");
    assert_eq!(fs::read(&path).expect("it is there"), [0, 1, 2]);
    let cut = |out: &mut dyn Write| {
        out.write_all(&[9])?;
        Err(io::Error::other("no more"))
    };
    files::write_with(&path, cut).expect_err("it was cut");
    assert_eq!(fs::read(&path).expect("it is there"), [0, 1, 2]);
    assert_eq!(names(dir.path()), ["a"]);
}

#[test]
fn what_a_killed_process_left_is_removed_and_nothing_else() {
    let dir = tempfile::tempdir().expect("a folder");
    // A process that is killed drops nothing.
    std::mem::forget(files::stage(&dir.path().join("a"), b"half"));
    assert_eq!(names(dir.path()).len(), 1);
    for name in ["b", ".hidden"] {
        fs::write(dir.path().join(name), b"x").expect("it can be written");
    }
    files::remove_leftovers(dir.path()).expect("it can be listed");
    assert_eq!(names(dir.path()), [".hidden", "b"]);
}

#[cfg(unix)]
#[test]
fn other_people_may_read_it_if_the_umask_lets_them() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().expect("a folder");
    let mode = |path: &Path| {
        fs::metadata(path)
            .expect("it is there")
            .permissions()
            .mode()
    };
    let (ours, plain) = (dir.path().join("ours"), dir.path().join("plain"));
    files::write(&ours, b"x").expect("it can be written");
    fs::write(&plain, b"x").expect("it can be written");
    assert_eq!(mode(&ours), mode(&plain));
}

/// What is being written now is somebody's; what was left an hour ago is not.
#[test]
fn only_old_leftovers_are_removed_where_others_may_be_writing() {
    let dir = tempfile::tempdir().expect("a folder");
    let [old, young] = [".latent-lens-old", ".latent-lens-young"].map(|name| dir.path().join(name));
    for path in [&old, &young] {
        fs::write(path, "half").expect("it can be written");
    }
    let two_hours_ago = std::time::SystemTime::now() - std::time::Duration::from_hours(2);
    let file = fs::File::options()
        .write(true)
        .open(&old)
        .expect("it is there");
    file.set_modified(two_hours_ago).expect("a time");
    files::remove_old_leftovers(&dir.path().join("picture.png")).expect("a folder");
    assert_eq!(names(dir.path()), [".latent-lens-young"]);
}
