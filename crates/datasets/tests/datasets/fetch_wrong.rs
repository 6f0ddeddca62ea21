//! Servers that send something else, too much or nothing: each is named, and nothing wrong stays behind.

use datasets::DatasetError;

use crate::{
    fetch_case::{Case, NAME, names, resumable},
    gzip, idx_bytes,
    server::{Behaviour, Server, nobody},
};

#[test]
fn wrong_bytes_send_it_to_the_next_mirror() {
    let case = Case::new();
    let other = idx_bytes(&[300, 28, 28], &vec![1; 300 * 784]);
    let wrong = [
        gzip(&other),
        b"<html>sign in to the network</html>".to_vec(),
    ];
    for body in wrong {
        let case = Case::new();
        let bad = Server::start(&body, resumable());
        let good = case.serve(resumable());
        case.assert_fetched(case.fetch(&[&bad.url, &good.url]), &good);
    }
    let bad = Server::start(&gzip(&other), resumable());
    let error = case.fetch(&[&bad.url]).unwrap_err().to_string();
    assert!(error.contains(&files::sha256_hex(&other)), "{error}");
    assert!(
        names(case.dir.path()).is_empty(),
        "nothing wrong stays behind"
    );
}

#[test]
fn endless_bodies_and_bombs_are_cut_off() {
    let case = Case::new();
    let endless = vec![0; case.plain.len() + 100_000];
    let bomb = gzip(&vec![0; 64 * 1024 * 1024]);
    let declared = Server::start(&endless, resumable());
    let undeclared = Server::start(
        &endless,
        Behaviour {
            silent_length: true,
            ..resumable()
        },
    );
    let bomb = Server::start(&bomb, resumable());
    let error = case
        .fetch(&[&declared.url, &undeclared.url, &bomb.url])
        .unwrap_err();
    let DatasetError::Download { attempts, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(attempts.len(), 3);
    assert!(
        attempts
            .iter()
            .all(|attempt| attempt.reason.contains("more than")),
        "{attempts:?}"
    );
    assert!(names(case.dir.path()).is_empty());
}

#[test]
fn when_all_mirrors_fail_each_is_named_with_the_remedy() {
    let case = Case::new();
    let gone = case.serve(Behaviour {
        status: Some("404 Not Found"),
        ..Behaviour::default()
    });
    let down = nobody();
    let error = case.fetch(&[&down, &gone.url]).unwrap_err();
    assert!(matches!(error, DatasetError::Download { .. }));
    let text = error.to_string();
    for part in [NAME, &down, &gone.url, "404", "--from DIR"] {
        assert!(text.contains(part), "{part} in {text}");
    }
}
