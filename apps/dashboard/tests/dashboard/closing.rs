//! A window that closes brings to the disk what is left, and waits for no disk that does not answer.

use std::{fs, sync::mpsc::channel, thread, time::Duration};

use dashboard::files::writer::FileWriter;

/// Far more than the 10 seconds that closing takes at most.
const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn what_is_left_is_written_before_it_closes() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("new/session.ron");
    let writer = FileWriter::start().expect("a thread");
    writer.put(path.clone(), || Ok("old".to_owned()));
    writer.put(path.clone(), || Ok("new".to_owned()));
    drop(writer);
    assert_eq!(fs::read_to_string(path).expect("the file"), "new");
}

#[test]
fn closing_does_not_wait_for_a_write_that_never_ends() {
    let dir = tempfile::tempdir().expect("a folder");
    let writer = FileWriter::start().expect("a thread");
    let (gate, theirs) = channel::<()>();
    writer.put(dir.path().join("session.ron"), move || {
        // Until the test ends.
        let _ = theirs.recv();
        Ok(String::new())
    });
    let (ends, ended) = channel();
    thread::spawn(move || {
        drop(writer);
        ends.send(())
    });
    assert_eq!(ended.recv_timeout(PATIENCE), Ok(()));
    drop(gate);
}
