//! What an error comes from goes with it, and is told once.

use std::error::Error;
use std::fs;
use std::io;
use std::str::Utf8Error;

use explain::ExplainError;
use latent_space::LatentSpaceError;
use ron::error::SpannedError;
use safetensors::SafeTensorError;
use studio::{FileRole, Manifest, StudioError, error_texts};
use vae_core::VaeError;

use crate::bundles::{file, open, rewrite};
use crate::support::{bundle, saved};

/// The error that this one comes from, which its text tells already.
#[track_caller]
fn source<E: Error + 'static>(error: &StudioError) -> &E {
    assert_eq!(error_texts(error), [error.to_string()]);
    let source = error.source().expect("it comes from another error");
    let found = source.downcast_ref();
    found.unwrap_or_else(|| panic!("{source:?}"))
}

#[test]
fn a_missing_file_keeps_the_error_of_the_system() {
    for stem in ["manifest", "vae", "latent-space"] {
        let (dir, _) = saved();
        fs::remove_file(file(dir.path(), stem)).unwrap();
        let error = open(dir.path()).expect_err("a file is missing");
        let source = source::<io::Error>(&error);
        assert_eq!(source.kind(), io::ErrorKind::NotFound, "{stem}");
    }
}

#[test]
fn a_damaged_manifest_keeps_the_error_of_whoever_read_it() {
    let refused = |from: &str, to: &str| {
        let (dir, _) = saved();
        rewrite(dir.path(), from, to);
        open(dir.path()).expect_err("the manifest is damaged")
    };
    let error = refused("latent_dim: 4", "latent_dim: four");
    let at = source::<SpannedError>(&error).to_string();
    assert_eq!(error.to_string().matches(&at).count(), 1, "{error}");
    let error = refused("latent_dim: 4", "latent_dim: 0");
    assert!(matches!(source(&error), VaeError::Config { .. }));
    let error = refused("latent_dim: 4", "latent_dim: 5");
    assert!(matches!(source(&error), LatentSpaceError::Mismatch { .. }));

    let (dir, _) = saved();
    fs::write(file(dir.path(), "manifest"), [0xff, 0xfe]).unwrap();
    let error = open(dir.path()).expect_err("no text begins like this");
    assert_eq!(source::<Utf8Error>(&error).valid_up_to(), 0);

    // A checksum that is another one is all that there is to know.
    let (dir, _) = saved();
    fs::write(file(dir.path(), "vae"), "something else").unwrap();
    let error = open(dir.path()).expect_err("the weights are damaged");
    assert!(error.source().is_none(), "{error:?}");
}

#[test]
fn a_file_of_another_form_keeps_the_error_of_whoever_read_it() {
    let refused = |role: FileRole, stem: &str| {
        let (dir, model) = saved();
        // As long as it was, with a checksum that is right.
        let path = file(dir.path(), stem);
        let zeros = vec![0; fs::read(&path).unwrap().len()];
        let record = Manifest::read(&model).unwrap().files[&role].clone();
        rewrite(dir.path(), &record.sha256, &files::sha256_hex(&zeros));
        fs::write(path, zeros).unwrap();
        open(dir.path()).expect_err("these are no tensors")
    };
    source::<SafeTensorError>(&refused(FileRole::LatentSpace, "latent-space"));
    source::<io::Error>(&refused(FileRole::Sample, "sample"));
    let error = refused(FileRole::Vae, "vae");
    assert!(error.source().is_some(), "{error:?}");
}

/// A file in the place of the folder stands for every folder that cannot be written; permissions would not stop root.
#[test]
fn a_folder_that_cannot_be_written_keeps_the_error_of_the_system() {
    let dir = tempfile::tempdir().unwrap();
    let taken = dir.path().join("taken");
    fs::write(&taken, "no folder").unwrap();
    let error = bundle().save(&taken.join("model")).expect_err("no folder");
    assert!(matches!(error, StudioError::Write { .. }), "{error:?}");
    let said = source::<io::Error>(&error).to_string();
    assert_eq!(error.to_string().matches(&said).count(), 1, "{error}");
}

#[test]
fn a_model_thread_that_panicked_keeps_the_panic() {
    let error = StudioError::from(worker::Panicked("out of memory".to_owned()));
    let worker::Panicked(message) = source(&error);
    assert_eq!(message, "out of memory");
    let text = error.to_string();
    assert!(
        text.starts_with("the model thread stopped (out of memory): "),
        "{text}"
    );
}

#[test]
fn causes_follow_once_each() {
    let map = || ExplainError::Map {
        image: 1,
        class: 2,
        source: Box::new(ExplainError::NotFinite {
            row: 3,
            column: 4,
            value: f32::NAN,
        }),
    };
    let texts = error_texts(&map());
    assert_eq!(texts.len(), 2, "{texts:?}");
    assert!(texts[0].contains("image 1") && texts[1].contains("row 3"));
    let error = StudioError::from(map());
    assert!(matches!(source(&error), ExplainError::Map { .. }));

    let error = VaeError::LatentSpace(LatentSpaceError::NotFinite);
    assert_eq!(error_texts(&error), [error.to_string()]);
}
