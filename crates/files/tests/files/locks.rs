//! Locks: one holder at a time, and none that outlives its holder.

use std::fs;
use std::sync::mpsc;
use std::thread;

use files::Lock;

#[test]
fn a_lock_has_one_holder_and_leaves_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join(".lock");
    let first = Lock::try_take(&path).expect("a lock").expect("it is free");
    assert!(Lock::try_take(&path).expect("a lock").is_none());
    drop(first);
    let again = Lock::try_take(&path).expect("a lock").expect("it is free");
    drop(again);
    if cfg!(unix) {
        assert!(!path.exists());
    }
}

/// What a killed process leaves is the file without a lock on it.
#[test]
fn a_file_that_was_left_behind_keeps_nobody_out() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join(".lock");
    fs::write(&path, "").expect("it can be written");
    assert!(Lock::try_take(&path).expect("a lock").is_some());
}

#[test]
fn whoever_waits_gets_it_when_it_is_let_go() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join(".lock");
    let held = Lock::try_take(&path).expect("a lock").expect("it is free");
    let (begun, begins) = mpsc::channel();
    let waiting = thread::spawn({
        let path = path.clone();
        move || {
            begun.send(()).expect("somebody listens");
            Lock::wait(&path).expect("a lock")
        }
    });
    begins.recv().expect("it begins");
    assert!(!waiting.is_finished());
    drop(held);
    let taken = waiting.join().expect("no panic");
    assert!(Lock::try_take(&path).expect("a lock").is_none());
    drop(taken);
}

/// A count in a file, changed by many: without the lock some of them would write over each other's.
#[test]
fn many_holders_come_one_after_the_other() {
    let dir = tempfile::tempdir().expect("a folder");
    let (lock, count) = (dir.path().join(".lock"), dir.path().join("count"));
    fs::write(&count, "0").expect("it can be written");
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..25 {
                    let _lock = Lock::wait(&lock).expect("a lock");
                    let text = fs::read_to_string(&count).expect("a number");
                    let number: usize = text.parse().expect("a number");
                    fs::write(&count, (number + 1).to_string()).expect("it can be written");
                }
            });
        }
    });
    assert_eq!(fs::read_to_string(&count).expect("a number"), "200");
}

#[test]
fn what_is_in_its_place_is_an_error() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join(".lock");
    fs::create_dir(&path).expect("a folder");
    let error = Lock::try_take(&path).expect_err("a folder is there");
    assert!(error.to_string().contains("in the way"), "{error}");
    assert!(path.is_dir());
}
