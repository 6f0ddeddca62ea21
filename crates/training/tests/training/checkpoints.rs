//! What lies in the checkpoint folder, and what happens when it cannot be written.

use std::error::Error as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use files::faults::{self, Step};
use training::{Checkpoints, TrainingError};

use crate::{Run, STEPS_AN_EPOCH, bits, empty, plan};

fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn run(checkpoints: &Checkpoints, resume: bool, cancel_after: usize) -> Result<(), TrainingError> {
    let run = Run {
        checkpoints: Some(checkpoints),
        resume,
        cancel_after: Some(cancel_after),
        ..Run::default()
    };
    run.go(&plan()).map(|_| ())
}

#[test]
fn only_the_newest_checkpoint_is_kept() {
    let (dir, checkpoints) = empty();
    assert!(!checkpoints.exist());
    run(&checkpoints, false, 5).unwrap();
    assert!(checkpoints.exist());
    let dir = dir.path().join("run");
    assert_eq!(names(&dir), ["latest.ron", "step-00000005"]);
    let files = ["average.bpk", "model.bpk", "optimizer.bpk"];
    assert_eq!(names(&dir.join("step-00000005")), files);
    run(&checkpoints, true, usize::MAX).unwrap();
    assert_eq!(names(&dir), ["latest.ron", "step-00000009"]);
}

/// A run that is cancelled where an epoch ends saves one step twice. The second time must not touch the files of the
/// first before it is complete.
#[test]
fn a_checkpoint_in_force_is_never_written_over() {
    let (dir, checkpoints) = empty();
    let dir = dir.path().join("run");
    run(&checkpoints, false, STEPS_AN_EPOCH).unwrap();
    assert_eq!(names(&dir), ["latest.ron", "step-00000003-again"]);
    run(&checkpoints, true, 0).unwrap();
    assert_eq!(names(&dir), ["latest.ron", "step-00000003"]);
}

#[test]
fn a_finished_run_lets_go_of_its_folder() {
    let (dir, checkpoints) = empty();
    // There is nothing yet, which is as good as removed.
    checkpoints.remove().unwrap();
    run(&checkpoints, false, 1).unwrap();
    checkpoints.remove().unwrap();
    assert!(!checkpoints.exist());
    assert!(names(dir.path()).is_empty());
}

/// A process that is killed while the checkpoint of a finished run goes leaves no checkpoint, and the next run starts anew.
#[test]
fn a_removal_that_was_cut_leaves_no_checkpoint() {
    let (dir, checkpoints) = empty();
    run(&checkpoints, false, 5).unwrap();
    let mut steps = 0;
    let killed = move |_: Step, _: &Path| {
        steps += 1;
        if steps > 1 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        Ok(())
    };
    faults::with(killed, || checkpoints.remove()).unwrap_err();
    assert_eq!(names(&dir.path().join("run")), ["step-00000005"]);
    assert!(!checkpoints.exist());
    run(&checkpoints, true, 2).unwrap();
    assert_eq!(
        names(&dir.path().join("run")),
        ["latest.ron", "step-00000002"]
    );
}

/// At every step that saving takes, a fault leaves the checkpoint before it or the new one, whole.
#[test]
fn a_fault_at_any_step_of_a_save_leaves_a_checkpoint_to_go_on_from() {
    let whole = Run::default().go(&plan()).unwrap();
    let kinds = [
        io::ErrorKind::StorageFull,
        io::ErrorKind::ReadOnlyFilesystem,
        io::ErrorKind::Interrupted,
    ];
    // A folder, three files written, synced and renamed, their folder synced, then the state; at the end the old folder goes.
    for (at, ended) in (0..18).flat_map(|at| [(at, false), (at, true)]) {
        let (_dir, checkpoints) = empty();
        run(&checkpoints, false, 2).unwrap();
        let mut steps = 0;
        let kind = kinds[at % 3];
        let fault = move |_: Step, _: &Path| {
            let step = steps;
            steps += 1;
            if step == at || (ended && step > at) {
                return Err(kind.into());
            }
            Ok(())
        };
        // What it says is looked at elsewhere; the last steps only tidy up.
        let _ = faults::with(fault, || run(&checkpoints, true, 2));
        let rest = Run {
            checkpoints: Some(&checkpoints),
            resume: true,
            ..Run::default()
        };
        let resumed = rest.go(&plan()).unwrap();
        assert_eq!(bits(&resumed.model), bits(&whole.model), "step {at}");
    }
}

fn refused_path(error: &TrainingError) -> PathBuf {
    let TrainingError::Unwritable { path, .. } = error else {
        panic!("{error:?}");
    };
    assert!(
        error.to_string().contains(path.to_str().unwrap()),
        "{error}"
    );
    path.clone()
}

/// A file in the place of the folder stands for every folder that cannot be written; permissions would not stop root.
#[test]
fn a_folder_that_cannot_be_made_is_an_error() {
    let (dir, checkpoints) = empty();
    fs::write(dir.path().join("run"), "not a folder").unwrap();
    let error = run(&checkpoints, false, usize::MAX).unwrap_err();
    assert_eq!(refused_path(&error), dir.path().join("run/step-00000003"));
    assert_eq!(names(dir.path()), ["run"]);
    let source = error.source().expect("what the system said");
    let source: &io::Error = source.downcast_ref().expect("an error of the system");
    assert_eq!(source.kind(), io::ErrorKind::NotADirectory);
}

#[test]
fn a_checkpoint_that_cannot_be_written_leaves_the_one_before_it() {
    let (dir, checkpoints) = empty();
    run(&checkpoints, false, 2).unwrap();
    // What the second epoch would write is in the way as a file.
    let blocked = dir.path().join("run/step-00000006");
    fs::write(&blocked, "in the way").unwrap();
    let error = run(&checkpoints, true, usize::MAX).unwrap_err();
    assert_eq!(refused_path(&error), blocked);

    fs::remove_file(&blocked).unwrap();
    let whole = Run::default().go(&plan()).unwrap();
    let rest = Run {
        checkpoints: Some(&checkpoints),
        resume: true,
        ..Run::default()
    };
    let resumed = rest.go(&plan()).unwrap();
    assert_eq!(bits(&resumed.model), bits(&whole.model));
}
