//! Saves that are cut off, met by readers or by other saves: nothing that was whole is lost.

use std::cell::Cell;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::rc::Rc;
use std::thread;

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, Tensor};
use files::faults::{self, Step};
use studio::{Bundle, Manifest, ModelSource, StudioError};
use tempfile::TempDir;

use crate::support::{bundle, conditional_bundle, saved};

fn open(dir: &Path) -> Result<Bundle, StudioError> {
    Bundle::open(&ModelSource::Folder(dir.to_owned()), &Device::flex())
}

fn identity(dir: &Path) -> String {
    open(dir).expect("a whole bundle").manifest.model_sha256()
}

/// The bundle with the VAE of another one, saved over what is there.
fn replaced() -> Bundle {
    let mut other = conditional_bundle();
    let part = other.manifest.generator.take().expect("it has one");
    let mut bundle = bundle();
    bundle.set_generator(other.generator.take().expect("it has one"), part);
    bundle
}

/// Saves a bundle with a fault at step `at` and, if the process is to have ended there, at all later ones; and whether it came so far.
fn cut(
    bundle: &mut Bundle,
    dir: &Path,
    (at, ended): (usize, bool),
) -> (Result<(), StudioError>, bool) {
    let kinds = [
        ErrorKind::StorageFull,
        ErrorKind::ReadOnlyFilesystem,
        ErrorKind::Interrupted,
    ];
    let reached = Rc::new(Cell::new(false));
    let mut step = 0;
    let fault = {
        let reached = Rc::clone(&reached);
        move |_: Step, _: &Path| -> io::Result<()> {
            let now = step;
            step += 1;
            if now == at || (ended && now > at) {
                reached.set(true);
                return Err(kinds[at % 3].into());
            }
            Ok(())
        }
    };
    let result = faults::with(fault, || bundle.save(dir));
    (result, reached.get())
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a bundle") {
        let path = entry.expect("a file").path();
        fs::copy(&path, to.join(path.file_name().expect("a name"))).expect("a file");
    }
}

#[test]
fn after_a_fault_at_any_step_of_a_save_the_old_or_the_new_model_is_there_whole() {
    let (before, _) = saved();
    let old = identity(before.path());
    let mut bundle = replaced();
    let after = tempfile::tempdir().expect("a folder");
    bundle.save(after.path()).expect("it can be written");
    let new = identity(after.path());
    for ended in [false, true] {
        for at in 0.. {
            let dir = tempfile::tempdir().expect("a folder");
            copy(before.path(), dir.path());
            let (result, reached) = cut(&mut bundle, dir.path(), (at, ended));
            let found = identity(dir.path());
            assert!(found == old || found == new, "step {at}");
            if result.is_ok() {
                assert_eq!(found, new, "step {at}: it said that it had saved");
            }
            // Whatever was left does not stand in the way of the next save.
            bundle.save(dir.path()).expect("it can be written");
            assert_eq!(identity(dir.path()), new);
            if !reached {
                // Four steps for each of a VAE, its latent space, the sample and the manifest, and the old files that go.
                assert!(at >= 16, "{at} steps");
                break;
            }
        }
    }
}

#[test]
fn what_killed_saves_left_is_gone_after_the_next() {
    let (dir, _) = saved();
    let left = [".latent-lens-a1b2c3", "vae-0123456789ab.safetensors"];
    let own = ["notes.txt", "vae-mine.safetensors", "vae.safetensors"];
    for name in left.iter().chain(&own) {
        fs::write(dir.path().join(name), "x").expect("it can be written");
    }
    replaced().save(dir.path()).expect("it can be written");
    let there = |name: &&str| dir.path().join(name).exists();
    assert!(!left.iter().any(there));
    assert!(own.iter().all(there));
}

/// While a bundle is saved again and again, whoever opens it gets one of its two states.
#[test]
fn a_reader_never_meets_half_a_save() {
    let (dir, _) = saved();
    let path = dir.path();
    let (mut first, mut second) = (replaced(), bundle());
    thread::scope(|scope| {
        let saves = scope.spawn(move || {
            for round in 0..40 {
                let state = if round % 2 == 0 {
                    &mut first
                } else {
                    &mut second
                };
                state.save(path).expect("it can be written");
            }
        });
        let mut reads = 0;
        while !saves.is_finished() || reads < 20 {
            open(path).expect("a whole bundle");
            Manifest::read(&ModelSource::Folder(path.to_owned())).expect("a whole manifest");
            reads += 1;
        }
    });
}

/// Makes the weights larger than half precision holds.
struct Enlarge;

impl ModuleMapper for Enlarge {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.map(|value| value * 1e7)
    }
}

#[test]
fn weights_that_half_precision_cannot_hold_are_not_saved_and_what_was_there_stays() {
    let (dir, _) = saved();
    let old = identity(dir.path());
    let mut bundle = bundle();
    let part = bundle.manifest.classifier.clone().expect("it has one");
    let network = bundle.classifier.take().expect("it has one");
    bundle.set_classifier(network.map(&mut Enlarge), part);
    let error = bundle.save(dir.path()).expect_err("it overflows");
    assert!(matches!(error, StudioError::Unusable { .. }), "{error:?}");
    assert!(error.to_string().contains("not a number"), "{error}");
    assert_eq!(identity(dir.path()), old);
    // Nor does a part of it stay behind.
    let manifest = Manifest::read(&ModelSource::Folder(dir.path().to_owned())).unwrap();
    let entries = fs::read_dir(dir.path()).unwrap();
    assert_eq!(entries.count(), manifest.files.len() + 1);
}

#[cfg(unix)]
mod special_files {
    use super::{TempDir, fs, open, saved};
    use crate::bundles::file;

    fn replace(dir: &TempDir, stem: &str, by: impl Fn(&std::path::Path)) {
        let path = file(dir.path(), stem);
        fs::remove_file(&path).unwrap();
        by(&path);
    }

    /// A device that never ends and a pipe that never answers are refused at once, whichever file they stand for.
    #[test]
    fn devices_and_pipes_are_refused() {
        for stem in ["manifest", "vae", "classifier", "latent-space", "sample"] {
            for pipe in [false, true] {
                let (dir, _) = saved();
                replace(&dir, stem, |path| {
                    if pipe {
                        let made = std::process::Command::new("mkfifo").arg(path).status();
                        assert!(made.unwrap().success());
                    } else {
                        std::os::unix::fs::symlink("/dev/zero", path).unwrap();
                    }
                });
                let text = open(dir.path()).expect_err("it is no file").to_string();
                assert!(text.contains("a pipe or a device"), "{text}");
            }
        }
    }
}

#[test]
fn a_pointer_of_git_lfs_is_named_as_such() {
    for stem in ["manifest", "vae", "sample"] {
        let (dir, _) = saved();
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 4567\n";
        fs::write(crate::bundles::file(dir.path(), stem), pointer).unwrap();
        let text = open(dir.path()).expect_err("it is a pointer").to_string();
        assert!(
            text.contains("Git LFS") && text.contains("git lfs pull"),
            "{text}"
        );
    }
}
