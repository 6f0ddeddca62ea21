//! Fetching over loopback: resumed, restarted, wrong, absent, cancelled, copied.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
};

use datasets::{
    DatasetError, FetchOptions, FetchOutcome, FetchReport, KnownDataset, RemoteFile, fetch,
    fetch_files,
};
use tempfile::TempDir;

use crate::{
    gzip, idx_bytes,
    server::{Behaviour, Server, nobody},
};

const NAME: &str = "t10k-images-idx3-ubyte";

/// A file, as it is when decompressed and as it is served, and an empty folder for it.
struct Case {
    dir: TempDir,
    plain: Vec<u8>,
    packed: Vec<u8>,
    file: RemoteFile,
}

impl Case {
    fn new() -> Self {
        // Does not compress well, so that the body is longer than one read.
        let mut state = 1_u32;
        let noise = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        });
        let plain = idx_bytes(&[300, 28, 28], &noise.take(300 * 784).collect::<Vec<u8>>());
        let file = RemoteFile {
            name: NAME.to_owned(),
            sha256: files::sha256_hex(&plain),
            bytes: plain.len(),
        };
        Self {
            dir: tempfile::tempdir().unwrap(),
            packed: gzip(&plain),
            plain,
            file,
        }
    }

    fn serve(&self, behaviour: Behaviour) -> Server {
        Server::start(&self.packed, behaviour)
    }

    fn fetch(&self, mirrors: &[&str]) -> Result<FetchReport, DatasetError> {
        let options = FetchOptions {
            mirrors: Some(mirrors.iter().map(|&mirror| mirror.to_owned()).collect()),
            ..FetchOptions::default()
        };
        self.fetch_with(&options)
    }

    fn fetch_with(&self, options: &FetchOptions) -> Result<FetchReport, DatasetError> {
        fetch_files(
            std::slice::from_ref(&self.file),
            self.dir.path(),
            options,
            &mut |_| (),
        )
    }

    fn target(&self) -> PathBuf {
        self.dir.path().join(format!("{NAME}.gz"))
    }

    fn part(&self) -> PathBuf {
        self.dir.path().join(format!("{NAME}.gz.part"))
    }

    /// The file is there, whole, and nothing else is.
    fn assert_fetched(&self, result: Result<FetchReport, DatasetError>, from: &Server) {
        let report = result.unwrap();
        let url = format!("{}{NAME}.gz", from.url);
        assert_eq!(report.files.len(), 1);
        assert_eq!(report.files[0].outcome, FetchOutcome::Downloaded(url));
        assert_eq!(report.files[0].path, self.target());
        assert_eq!(fs::read(self.target()).unwrap(), self.packed);
        assert_eq!(names(self.dir.path()), [format!("{NAME}.gz")]);
    }
}

fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn resumable() -> Behaviour {
    Behaviour {
        ranges: true,
        ..Behaviour::default()
    }
}

#[test]
fn downloads_with_progress_and_keeps_what_is_there() {
    let case = Case::new();
    let server = case.serve(resumable());
    let mut seen = Vec::new();
    let options = FetchOptions {
        mirrors: Some(vec![server.url.clone()]),
        ..FetchOptions::default()
    };
    let files = std::slice::from_ref(&case.file);
    let result = fetch_files(files, case.dir.path(), &options, &mut |progress| {
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
fn a_length_is_not_needed() {
    let case = Case::new();
    let server = case.serve(Behaviour {
        silent_length: true,
        ..resumable()
    });
    case.assert_fetched(case.fetch(&[&server.url]), &server);
}

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

#[test]
fn cancelling_keeps_the_part_for_later() {
    let case = Case::new();
    let server = case.serve(resumable());
    let options = FetchOptions {
        mirrors: Some(vec![server.url.clone()]),
        ..FetchOptions::default()
    };
    let cancel = Arc::clone(&options.cancel);
    let files = std::slice::from_ref(&case.file);
    let result = fetch_files(files, case.dir.path(), &options, &mut |progress| {
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
        let options = FetchOptions {
            from: Some(elsewhere.path().to_owned()),
            ..FetchOptions::default()
        };
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
    let options = FetchOptions {
        from: Some(elsewhere.path().to_owned()),
        ..FetchOptions::default()
    };
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
    let options = FetchOptions {
        mirrors: Some(vec![server.url.clone()]),
        ..FetchOptions::default()
    };
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
