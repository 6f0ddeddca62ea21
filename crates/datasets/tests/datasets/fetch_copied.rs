//! Files that are in a folder already: verified, copied, and refused where they are wrong.

use std::{fs, path::Path};

use datasets::{DatasetError, FetchOptions, FetchOutcome};

use crate::fetch_case::{Case, NAME, names};

/// Copies from a folder alone.
fn from_folder(folder: &Path) -> FetchOptions {
    FetchOptions {
        from: Some(folder.to_owned()),
        ..FetchOptions::default()
    }
}

#[test]
fn files_that_are_elsewhere_are_verified_and_copied() {
    for (name, packed) in [
        (format!("{NAME}.gz"), true),
        ("t10k-images.idx3-ubyte".to_owned(), false),
    ] {
        let case = Case::new();
        let elsewhere = tempfile::tempdir().unwrap();
        let source = elsewhere.path().join(name);
        let contents = if packed { &case.packed } else { &case.plain };
        fs::write(&source, contents).unwrap();
        let options = from_folder(elsewhere.path());
        let report = case.fetch_with(&options).unwrap();
        let expected = case.dir.path().join(if packed {
            format!("{NAME}.gz")
        } else {
            NAME.to_owned()
        });
        assert_eq!(
            report.files[0].outcome,
            FetchOutcome::Copied(source.clone())
        );
        assert_eq!(report.files[0].path, expected);
        assert_eq!(fs::read(&expected).unwrap(), *contents);
        assert_eq!(names(case.dir.path()).len(), 1);
        assert!(source.exists(), "copied, not moved");
    }
}

#[test]
fn a_folder_with_wrong_or_missing_files_is_refused() {
    let case = Case::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let options = from_folder(elsewhere.path());
    let error = case.fetch_with(&options).unwrap_err();
    assert!(
        matches!(error, DatasetError::MissingSource { .. }),
        "{error}"
    );
    assert!(error.to_string().contains(NAME), "{error}");

    fs::write(
        elsewhere.path().join(NAME),
        &case.plain[..case.plain.len() - 1],
    )
    .unwrap();
    let error = case.fetch_with(&options).unwrap_err();
    assert!(matches!(error, DatasetError::Checksum { .. }), "{error}");
    assert!(names(case.dir.path()).is_empty());
}
