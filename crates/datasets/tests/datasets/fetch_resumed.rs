//! Fetching that was cut or cancelled: it goes on where it stopped, or starts over.

use std::{
    fs,
    sync::{Arc, atomic::Ordering},
};

use datasets::DatasetError;

use crate::{
    fetch_case::{Case, NAME, from_mirrors, resumable},
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
        cuts: vec![10_000; 9],
        ..resumable()
    });
    let good = case.serve(resumable());
    case.assert_fetched(case.fetch(&[&flaky.url, &good.url]), &good);
    assert_eq!(flaky.requests().len(), 3);
    assert_eq!(good.requests(), [format!("/{NAME}.gz from 30000")]);
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
