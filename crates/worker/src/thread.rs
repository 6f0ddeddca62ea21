//! The thread and its handle.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::queue::{Queue, Task};
use crate::{Job, Panicked, Published, PublishedBy, Step, Work};

/// How long whoever drops the handle waits for the step under way,
const LAST_STEP: Duration = Duration::from_secs(10);
/// and how often it looks.
const LOOK_AGAIN: Duration = Duration::from_millis(2);

/// The handle to the thread. Dropping it ends the thread after the step under way, and waits for that, but not for ever.
pub struct Worker<W: Work> {
    shared: Arc<Shared<W>>,
    thread: Option<JoinHandle<()>>,
}

struct Shared<W: Work> {
    queue: Mutex<Queue<W>>,
    news: Condvar,
    /// Tells whoever stands and waits for an answer.
    answered: Condvar,
}

impl<W: Work> Worker<W> {
    /// Starts a thread of this name. `make` is called on it, and `wake` whenever something was published.
    ///
    /// # Errors
    /// If the system refuses another thread.
    pub fn spawn(
        name: &str,
        make: impl FnOnce() -> W + Send + 'static,
        wake: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            queue: Mutex::default(),
            news: Condvar::new(),
            answered: Condvar::new(),
        });
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || serve(&theirs, &mut make(), &wake))?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// Hands a job over and returns at once. It replaces the one that is pending for its key. Nothing happens if it is
    /// pending or under way itself, or if its answer waits to be taken; once that was taken, the same may be asked again.
    pub fn submit(&self, job: W::Job) {
        if self.shared.lock().submit(job) {
            self.shared.news.notify_one();
        }
    }

    /// Hands a job over as [`submit`](Self::submit) does, and waits for its answer, but no longer than `patience`. `None` if it takes
    /// longer: then it is published in its time like any other. `wake` is not called for an answer that is given here.
    #[must_use]
    pub fn ask(&self, job: W::Job, patience: Duration) -> Option<PublishedBy<W>> {
        let end = Instant::now() + patience;
        let mut queue = self.shared.lock();
        if queue.submit(job.clone()) {
            self.shared.news.notify_one();
        }
        queue.wait_for(Some(job));
        loop {
            if let Some(answer) = queue.take_awaited() {
                return Some(answer);
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                queue.wait_for(None);
                return None;
            }
            let waited = self.shared.answered.wait_timeout(queue, left);
            (queue, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Takes what was published since the last call, the newest of each key, without waiting.
    #[must_use]
    pub fn take_published(&self) -> Vec<PublishedBy<W>> {
        self.shared.lock().take_published()
    }
}

impl<W: Work> Drop for Worker<W> {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.news.notify_one();
        if let Some(thread) = self.thread.take() {
            // Panics inside steps are caught and published, so there is nothing to learn from the result. A step that reads from a disk
            // that does not answer never ends, and whoever drops this wants to go on.
            let end = Instant::now() + LAST_STEP;
            while !thread.is_finished() && Instant::now() < end {
                std::thread::sleep(LOOK_AGAIN);
            }
        }
    }
}

impl<W: Work> Shared<W> {
    /// No code panics while it holds the lock, so a poisoned lock still guards a sound queue.
    fn lock(&self) -> MutexGuard<'_, Queue<W>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something was published.
    fn tell(&self, awaited: bool, wake: &impl Fn()) {
        if awaited {
            self.answered.notify_one();
        } else {
            wake();
        }
    }

    /// Waits for the most urgent task, new or begun; `None` when the handle was dropped.
    fn next(&self, tasks: &mut BTreeMap<<W::Job as Job>::Key, Task<W>>) -> Option<Task<W>> {
        let mut queue = self.lock();
        loop {
            if queue.closed {
                return None;
            }
            queue.take_up(tasks);
            if let Some((_, task)) = tasks.pop_first() {
                return Some(task);
            }
            queue = self
                .news
                .wait(queue)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn serve<W: Work>(shared: &Shared<W>, work: &mut W, wake: &impl Fn()) {
    let mut tasks = BTreeMap::new();
    while let Some(mut task) = shared.next(&mut tasks) {
        let step = AssertUnwindSafe(|| work.step(&task.job, &mut task.progress));
        let stepped = catch_unwind(step).unwrap_or_else(|panic| {
            work.recover(&task.job);
            Err(Panicked(message(panic.as_ref())).into())
        });
        let result = match stepped {
            Ok(Step::Begun) => {
                task.begun = true;
                tasks.insert(task.job.key(), task);
                continue;
            }
            Ok(Step::SoFar(reply)) => {
                let awaited = shared.lock().publish_so_far(Published {
                    job: task.job.clone(),
                    result: Ok(reply),
                    received: task.received,
                });
                shared.tell(awaited, wake);
                task.begun = false;
                task.must_finish = false;
                tasks.insert(task.job.key(), task);
                continue;
            }
            Ok(Step::Done(reply)) => Ok(reply),
            Err(error) => Err(error),
        };
        let awaited = shared.lock().publish(Published {
            job: task.job,
            result,
            received: task.received,
        });
        shared.tell(awaited, wake);
    }
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".to_owned())
}
