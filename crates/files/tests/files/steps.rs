//! Every step of writing can fail, and the process can end before each: the old file or the new one is there, whole.

use std::cell::Cell;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::rc::Rc;

use files::faults::{self, Step};

/// What the system says when a disk is full, cannot be written to, or somebody interrupts.
const ERRORS: [ErrorKind; 3] = [
    ErrorKind::StorageFull,
    ErrorKind::ReadOnlyFilesystem,
    ErrorKind::Interrupted,
];

/// The steps of some work, in order.
fn steps_of(work: impl FnOnce()) -> Vec<Step> {
    let steps = Rc::new(std::cell::RefCell::new(Vec::new()));
    let seen = Rc::clone(&steps);
    let note = move |step, _: &Path| {
        seen.borrow_mut().push(step);
        Ok(())
    };
    faults::with(note, work);
    steps.take()
}

/// Fails at step `at`, counted from 0, and at all later ones if the process is to have ended there.
fn failing(at: usize, ended: bool, kind: ErrorKind) -> impl FnMut(Step, &Path) -> io::Result<()> {
    let taken = Cell::new(0);
    move |_, _| {
        let step = taken.replace(taken.get() + 1);
        if step == at || (ended && step > at) {
            return Err(kind.into());
        }
        Ok(())
    }
}

#[test]
fn a_file_is_written_synced_renamed_and_its_folder_synced() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a");
    let steps = steps_of(|| files::write(&path, b"new").expect("it can be written"));
    let expected = [Step::Write, Step::Sync, Step::Rename, Step::SyncFolder];
    assert_eq!(steps, expected);
}

#[test]
fn after_a_fault_at_any_step_the_old_or_the_new_is_there_whole() {
    for kind in ERRORS {
        for (at, ended) in (0..4).flat_map(|at| [(at, false), (at, true)]) {
            let dir = tempfile::tempdir().expect("a folder");
            let path = dir.path().join("a");
            fs::write(&path, b"the old one").expect("it can be written");
            let work = || files::write(&path, b"new");
            let error = faults::with(failing(at, ended, kind), work).expect_err("a fault");
            assert_eq!(error.kind(), kind);
            let expected: &[u8] = if at < 3 { b"the old one" } else { b"new" };
            let found = fs::read(&path).expect("it is there");
            assert_eq!(found, expected, "step {at}, {kind}");
            // The thread is as it was: the next one is written.
            files::write(&path, b"later").expect("it can be written");
        }
    }
}

#[test]
fn of_many_files_each_is_old_or_new() {
    let old = b"old".to_vec();
    for at in 0..7 {
        let dir = tempfile::tempdir().expect("a folder");
        let paths = ["a", "b"].map(|name| dir.path().join(name));
        for path in &paths {
            fs::write(path, &old).expect("it can be written");
        }
        let new = paths.clone().map(|path| (path, b"newer".to_vec()));
        let fault = failing(at, true, ErrorKind::StorageFull);
        faults::with(fault, || files::write_many(&new)).expect_err("a fault");
        for path in &paths {
            let found = fs::read(path).expect("it is there");
            assert!(found == old || found == b"newer", "step {at}");
        }
    }
}

#[test]
fn a_new_folder_comes_to_the_disk_before_what_is_written_into_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let deep = dir.path().join("a/b");
    let steps = steps_of(|| files::create_folder(&deep).expect("it can be made"));
    let expected = [Step::CreateFolder, Step::SyncFolder, Step::SyncFolder];
    assert_eq!(steps, expected);
    assert!(deep.is_dir());
    let steps = steps_of(|| files::create_folder(&deep).expect("it is there"));
    assert_eq!(steps, []);
}

#[test]
fn what_is_gone_already_is_as_good_as_removed() {
    let dir = tempfile::tempdir().expect("a folder");
    files::remove(&dir.path().join("a")).expect("it is not there");
    files::remove_folder(&dir.path().join("b")).expect("it is not there");
}

#[test]
fn a_disk_that_is_full_is_full_for_all_threads_until_there_is_room() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a");
    let write = || std::thread::scope(|scope| scope.spawn(|| files::write(&path, b"new")).join());
    let write = || write().expect("no panic");
    let full = faults::FullDisk::below(dir.path());
    let error = write().expect_err("there is no room");
    assert_eq!(error.kind(), ErrorKind::StorageFull);
    drop(full);
    write().expect("there is room");
}
