//! Fetching that was cut or cancelled: it goes on where it stopped, or starts over.

use std::{
    fs,
    sync::{Arc, atomic::Ordering},
};

use datasets::{DatasetError, FetchOutcome};

use crate::{
    fetch_case::{Case, NAME, from_mirrors, names, resumable},
    server::Behaviour,
};

#[test]
fn goes_on_after_the_connection_is_cut() {
    let case = Case::new();
    let cuts = vec![100_000, 50_000];
    let server = case.serve(Behaviour {
        cuts,
        ..resumable()
    });
    case.assert_fetched(case.fetch(&[&server.url]), &server);
    let url = format!("/{NAME}.gz");
    let expected = [
        url.clone(),
        format!("{url} from 100000"),
        format!("{url} from 150000"),
    ];
    assert_eq!(server.requests(), expected);
}

#[test]
fn goes_on_in_a_later_fetch() {
    let case = Case::new();
    fs::write(case.part(), &case.packed[..70_000]).unwrap();
    let server = case.serve(resumable());
    case.assert_fetched(case.fetch(&[&server.url]), &server);
    assert_eq!(server.requests(), [format!("/{NAME}.gz from 70000")]);
}

#[test]
fn a_mirror_that_keeps_cutting_leaves_the_part_for_the_next() {
    let case = Case::new();
    let flaky = case.serve(Behaviour {
        cuts: vec![10_000, 0, 0, 0],
        ..resumable()
    });
    let good = case.serve(resumable());
    case.assert_fetched(case.fetch(&[&flaky.url, &good.url]), &good);
    assert_eq!(flaky.requests().len(), 4);
    assert_eq!(good.requests(), [format!("/{NAME}.gz from 10000")]);
}

/// What arrives is worth another try: a poor connection brings the file in the end.
#[test]
fn progress_renews_the_tries() {
    let case = Case::new();
    let server = case.serve(Behaviour {
        cuts: vec![20_000; 6],
        ..resumable()
    });
    case.assert_fetched(case.fetch(&[&server.url]), &server);
    assert_eq!(server.requests().len(), 7);
}

/// A server that starts, is overloaded or lets a connection fall may answer the next time, and the next mirror may be better.
#[test]
fn what_passes_is_tried_again() {
    for refusal in [
        "429 Too Many Requests\r\nRetry-After: 0",
        "503 Service Unavailable",
        "",
    ] {
        let case = Case::new();
        let server = case.serve(Behaviour {
            first: vec![refusal; 2],
            ..resumable()
        });
        case.assert_fetched(case.fetch(&[&server.url]), &server);
        assert_eq!(server.requests().len(), 3, "{refusal}");

        let case = Case::new();
        let down = case.serve(Behaviour {
            first: vec![refusal; 9],
            ..resumable()
        });
        let good = case.serve(resumable());
        case.assert_fetched(case.fetch(&[&down.url, &good.url]), &good);
        assert_eq!(down.requests().len(), 3, "{refusal}");
    }
}

#[test]
fn cancelling_ends_the_wait_for_a_server() {
    let case = Case::new();
    let server = case.serve(Behaviour {
        first: vec!["503 Service Unavailable\r\nRetry-After: 3600"; 9],
        ..resumable()
    });
    let options = from_mirrors(&[&server.url]);
    let cancel = Arc::clone(&options.cancel);
    let result = std::thread::scope(|scope| {
        let fetch = scope.spawn(|| case.fetch_with(&options));
        while server.requests().is_empty() {
            std::thread::yield_now();
        }
        cancel.store(true, Ordering::Relaxed);
        fetch.join().unwrap()
    });
    assert!(matches!(result, Err(DatasetError::Cancelled)), "{result:?}");
}

/// Through a link, somebody else's file would be written; a pipe waits for its reader.
#[cfg(unix)]
#[test]
fn a_part_that_is_no_file_is_replaced_and_nothing_is_written_through_it() {
    let case = Case::new();
    let theirs = case.dir.path().join("theirs");
    fs::write(&theirs, "precious").unwrap();
    std::os::unix::fs::symlink(&theirs, case.part()).unwrap();
    let server = case.serve(resumable());
    let report = case.fetch(&[&server.url]).unwrap();
    assert_eq!(report.files[0].path, case.target());
    assert_eq!(fs::read(&theirs).unwrap(), b"precious");
    assert_eq!(fs::read(case.target()).unwrap(), case.packed);

    let case = Case::new();
    let made = std::process::Command::new("mkfifo")
        .arg(case.part())
        .status();
    assert!(made.unwrap().success());
    let server = case.serve(resumable());
    case.assert_fetched(case.fetch(&[&server.url]), &server);
}

/// The second one finds what the first one brought.
#[test]
fn two_fetches_into_one_folder_both_succeed() {
    let case = Case::new();
    let server = case.serve(resumable());
    let fetch = || case.fetch(&[&server.url]).unwrap();
    let reports = std::thread::scope(|scope| {
        let both = [scope.spawn(fetch), scope.spawn(fetch)];
        both.map(|fetch| fetch.join().unwrap())
    });
    let kept = |report: &datasets::FetchReport| report.files[0].outcome == FetchOutcome::Kept;
    assert_eq!(reports.iter().filter(|report| kept(report)).count(), 1);
    assert_eq!(server.requests().len(), 1);
    assert_eq!(names(case.dir.path()), [format!("{NAME}.gz")]);
}

#[test]
fn starts_over_where_the_server_ignores_ranges() {
    let case = Case::new();
    let cuts = vec![100_000];
    let server = case.serve(Behaviour {
        cuts,
        ..Behaviour::default()
    });
    case.assert_fetched(case.fetch(&[&server.url]), &server);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_part_of_something_else_is_thrown_away() {
    // Shorter than the file: resumed, found wrong, and fetched whole. Longer: the server cannot resume it.
    for len in [1_000, 1_000_000] {
        let case = Case::new();
        fs::write(case.part(), vec![7; len]).unwrap();
        let server = case.serve(resumable());
        case.assert_fetched(case.fetch(&[&server.url]), &server);
        assert_eq!(
            server.requests(),
            [format!("/{NAME}.gz from {len}"), format!("/{NAME}.gz")]
        );
    }
}

#[test]
fn cancelling_keeps_the_part_for_later() {
    let case = Case::new();
    let server = case.serve(resumable());
    let options = from_mirrors(&[&server.url]);
    let cancel = Arc::clone(&options.cancel);
    let result = case.fetch_watched(&options, &mut |progress| {
        cancel.store(progress.done_bytes > 0, Ordering::Relaxed);
    });
    assert!(matches!(result, Err(DatasetError::Cancelled)), "{result:?}");
    assert!(!case.target().exists());
    let kept = fs::metadata(case.part()).unwrap().len();
    assert!(kept > 0 && kept < case.packed.len() as u64, "{kept}");

    assert!(matches!(
        case.fetch_with(&options),
        Err(DatasetError::Cancelled)
    ));
    assert_eq!(server.requests().len(), 1, "cancelled before any request");

    case.assert_fetched(case.fetch(&[&server.url]), &server);
    assert_eq!(server.requests()[1], format!("/{NAME}.gz from {kept}"));
}
