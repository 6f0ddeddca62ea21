//! Fetching over loopback: what is there is kept, and what comes whole is put in place.

use std::fs;

use datasets::{DatasetError, FetchOptions, FetchOutcome, KnownDataset, fetch, fetch_files};

use crate::{
    fetch_case::{Case, NAME, from_mirrors, names, resumable},
    server::{Behaviour, nobody},
};

#[test]
fn downloads_with_progress_and_keeps_what_is_there() {
    let case = Case::new();
    let server = case.serve(resumable());
    let mut seen = Vec::new();
    let options = from_mirrors(&[&server.url]);
    let result = case.fetch_watched(&options, &mut |progress| {
        seen.push(progress);
    });
    case.assert_fetched(result, &server);

    let total = case.packed.len() as u64;
    assert!(seen.len() > 3, "several reports");
    assert!(seen.is_sorted_by_key(|progress| progress.done_bytes));
    assert!(
        seen.iter()
            .all(|progress| progress.total_bytes == Some(total))
    );
    assert!(
        seen.iter()
            .all(|progress| progress.file == NAME && progress.file_count == 1)
    );
    assert_eq!(seen.last().unwrap().done_bytes, total);

    let again = case.fetch(&[&server.url]).unwrap();
    assert_eq!(again.files[0].outcome, FetchOutcome::Kept);
    assert_eq!(server.requests(), [format!("/{NAME}.gz")]);
}

#[test]
fn a_plain_file_that_is_there_is_kept() {
    let case = Case::new();
    let path = case.dir.path().join(NAME);
    fs::write(&path, &case.plain).unwrap();
    let report = case.fetch(&[&nobody()]).unwrap();
    assert_eq!(
        (&report.files[0].path, &report.files[0].outcome),
        (&path, &FetchOutcome::Kept)
    );
}

#[test]
fn a_damaged_file_that_is_there_is_replaced() {
    let case = Case::new();
    fs::write(case.target(), &case.packed[..5_000]).unwrap();
    let server = case.serve(resumable());
    case.assert_fetched(case.fetch(&[&server.url]), &server);
}

#[test]
fn a_length_is_not_needed() {
    let case = Case::new();
    let server = case.serve(Behaviour {
        silent_length: true,
        ..resumable()
    });
    case.assert_fetched(case.fetch(&[&server.url]), &server);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let case = Case::new();
    let file = case.dir.path().join("file");
    fs::write(&file, "in the way").unwrap();
    let files = std::slice::from_ref(&case.file);
    let error = fetch_files(
        files,
        &file.join("sub"),
        &FetchOptions::default(),
        &mut |_| (),
    )
    .unwrap_err();
    assert!(matches!(error, DatasetError::Write { .. }), "{error}");
    assert!(error.to_string().contains("file/sub"), "{error}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "in the way");
}

#[test]
fn known_data_sets_go_to_a_folder_of_their_own() {
    let case = Case::new();
    // The body is no MNIST file, so the fetch fails after it made the folder and asked for the right file.
    let server = case.serve(resumable());
    let options = from_mirrors(&[&server.url]);
    for into in [case.dir.path().to_owned(), case.dir.path().join("mnist")] {
        let error = fetch(KnownDataset::Mnist, &into, &options, &mut |_| ()).unwrap_err();
        assert!(matches!(error, DatasetError::Download { .. }), "{error}");
        assert_eq!(names(case.dir.path()), ["mnist"]);
        assert!(names(&case.dir.path().join("mnist")).is_empty());
    }
    assert_eq!(
        server.requests(),
        vec!["/train-images-idx3-ubyte.gz".to_owned(); 2]
    );
}
