//! Writes what is worth keeping, on a thread of its own: after a short rest, so that a lively minute is one write, and at
//! the end. The window never waits for a disk but when it closes.

use std::{
    collections::BTreeMap,
    fs, mem,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::atomic::write_atomically;

/// A change is written once nothing has changed for so long,
const REST: Duration = Duration::from_millis(700);
/// or after so long in any case.
const LONGEST: Duration = Duration::from_secs(5);

/// How long a window that closes waits for the last write,
const LAST_WRITE: Duration = Duration::from_secs(10);
/// and how often it looks.
const LOOK_AGAIN: Duration = Duration::from_millis(2);

type Work = Box<dyn FnOnce(&Path) -> Result<(), String> + Send>;

/// The thread's handle. Dropping it writes what is left and waits for that, but not for ever.
pub struct FileWriter {
    pages: Option<Sender<(PathBuf, Work)>>,
    problems: Receiver<String>,
    thread: Option<JoinHandle<()>>,
}

impl FileWriter {
    /// Starts the thread.
    ///
    /// # Errors
    /// If the system refuses another thread.
    pub fn start() -> Result<Self, String> {
        let (pages, inbox) = mpsc::channel();
        let (outbox, problems) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("latent-lens-writer".to_owned())
            .spawn(move || serve(&inbox, &outbox))
            .map_err(|error| format!("nothing will be kept of this window: {error}"))?;
        Ok(Self {
            pages: Some(pages),
            problems,
            thread: Some(thread),
        })
    }

    /// Has `path` written with what `text` gives, which runs on the thread. Replaces what was to be written there.
    pub fn put(
        &self,
        path: PathBuf,
        text: impl FnOnce() -> Result<String, String> + Send + 'static,
    ) {
        self.put_by(path, move |path| write(path, text));
    }

    /// Has `path` written by `work`, which runs on the thread. Replaces what was to be written there.
    pub fn put_by(
        &self,
        path: PathBuf,
        work: impl FnOnce(&Path) -> Result<(), String> + Send + 'static,
    ) {
        if let Some(pages) = &self.pages {
            // The thread ends only with this handle.
            let _ = pages.send((path, Box::new(work)));
        }
    }

    /// The last thing that went wrong since the last call.
    #[must_use]
    pub fn take_problem(&self) -> Option<String> {
        self.problems.try_iter().last()
    }
}

impl Drop for FileWriter {
    fn drop(&mut self) {
        self.pages = None;
        if let Some(thread) = self.thread.take() {
            // A disk that does not answer must not keep the window from closing.
            let end = Instant::now() + LAST_WRITE;
            while !thread.is_finished() && Instant::now() < end {
                thread::sleep(LOOK_AGAIN);
            }
        }
    }
}

fn serve(inbox: &Receiver<(PathBuf, Work)>, problems: &Sender<String>) {
    let mut pending = BTreeMap::new();
    while let Ok((path, work)) = inbox.recv() {
        pending.insert(path, work);
        let end = Instant::now() + LONGEST;
        loop {
            let left = end.saturating_duration_since(Instant::now()).min(REST);
            match inbox.recv_timeout(left) {
                Ok((path, work)) => pending.insert(path, work),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            };
        }
        for (path, work) in mem::take(&mut pending) {
            let written = catch_unwind(AssertUnwindSafe(|| work(&path)));
            let written = written.unwrap_or_else(|_| {
                let place = path.display();
                Err(format!(
                    "could not keep {place}: this is a bug, please report it"
                ))
            });
            if let Err(reason) = written {
                // Nobody listens any more when the window closes.
                let _ = problems.send(reason);
            }
        }
    }
}

fn write(path: &Path, text: impl FnOnce() -> Result<String, String>) -> Result<(), String> {
    let failed = |reason: String| format!("could not keep {}: {reason}", path.display());
    let text = text().map_err(failed)?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| failed(error.to_string()))?;
    }
    write_atomically(path, text.as_bytes()).map_err(|error| failed(format!("{error:#}")))
}
