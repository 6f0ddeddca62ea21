//! What both threads share: the jobs that wait, those under way and the answers, one of each a key.
//!
//! Separate from the thread, because these few rules decide what a person sees during a drag.

use std::collections::BTreeMap;
use std::time::Instant;

use crate::{Job, PublishedBy, Work};

type Key<W> = <<W as Work>::Job as Job>::Key;

pub(crate) struct Queue<W: Work> {
    pending: BTreeMap<Key<W>, (W::Job, Instant)>,
    /// Copies of the jobs that the thread has taken up and not answered.
    running: BTreeMap<Key<W>, W::Job>,
    published: BTreeMap<Key<W>, PublishedBy<W>>,
    /// The job whose answer somebody stands and waits for.
    awaited: Option<W::Job>,
    pub closed: bool,
}

/// A job on its way to its answer.
pub(crate) struct Task<W: Work> {
    pub job: W::Job,
    pub received: Instant,
    pub progress: W::Progress,
    /// A step was taken, whose result would be lost.
    pub begun: bool,
    /// It took the place of a begun job, so it is finished before the next one takes its place.
    pub must_finish: bool,
}

impl<W: Work> Default for Queue<W> {
    fn default() -> Self {
        Self {
            pending: BTreeMap::new(),
            running: BTreeMap::new(),
            published: BTreeMap::new(),
            awaited: None,
            closed: false,
        }
    }
}

impl<W: Work> Queue<W> {
    /// Takes a job in. Whether the thread has something new to do.
    pub fn submit(&mut self, job: W::Job) -> bool {
        let key = job.key();
        if self.is_pending(&job) {
            return false;
        }
        if self.is_under_way(&job) {
            // The job under way is the newest again, and what was to come after it is not wanted any more.
            self.pending.remove(&key);
            return false;
        }
        self.pending.insert(key, (job, Instant::now()));
        true
    }

    fn is_pending(&self, job: &W::Job) -> bool {
        let pending = self.pending.get(&job.key());
        pending.is_some_and(|(pending, _)| pending == job)
    }

    /// Whether the next answer of this job's key, as things are, is to this job: it is being worked, or its answer waits
    /// to be taken. A job that failed may be tried again.
    fn is_under_way(&self, job: &W::Job) -> bool {
        let key = job.key();
        match (self.running.get(&key), self.published.get(&key)) {
            (Some(running), _) => running == job,
            (None, Some(published)) => published.result.is_ok() && published.job == *job,
            (None, None) => false,
        }
    }

    /// Makes tasks of the pending jobs. A job waits if the task that it would replace must finish.
    pub fn take_up(&mut self, tasks: &mut BTreeMap<Key<W>, Task<W>>) {
        let waits = |key: &Key<W>| tasks.get(key).is_some_and(|task| task.must_finish);
        let (later, now): (BTreeMap<_, _>, BTreeMap<_, _>) = std::mem::take(&mut self.pending)
            .into_iter()
            .partition(|(key, _)| waits(key));
        self.pending = later;
        for (key, (job, received)) in now {
            self.running.insert(key, job.clone());
            let task = Task {
                job,
                received,
                progress: W::Progress::default(),
                begun: false,
                must_finish: tasks.get(&key).is_some_and(|task| task.begun),
            };
            tasks.insert(key, task);
        }
    }

    /// Publishes what a job has come to that goes on. Whether somebody stands and waits for it.
    pub fn publish_so_far(&mut self, published: PublishedBy<W>) -> bool {
        let awaited = self.awaited.as_ref() == Some(&published.job);
        self.published.insert(published.job.key(), published);
        awaited
    }

    /// Publishes an answer. Whether somebody stands and waits for it.
    pub fn publish(&mut self, published: PublishedBy<W>) -> bool {
        self.running.remove(&published.job.key());
        self.publish_so_far(published)
    }

    /// Notes that somebody stands and waits for the answer to a job, or no longer does.
    pub fn wait_for(&mut self, job: Option<W::Job>) {
        self.awaited = job;
    }

    /// Takes the answer that somebody stands and waits for, if it is there.
    pub fn take_awaited(&mut self) -> Option<PublishedBy<W>> {
        let awaited = self.awaited.as_ref()?;
        let key = awaited.key();
        let answer = self.published.get(&key)?;
        if answer.job != *awaited {
            return None;
        }
        self.awaited = None;
        self.published.remove(&key)
    }

    pub fn take_published(&mut self) -> Vec<PublishedBy<W>> {
        std::mem::take(&mut self.published).into_values().collect()
    }
}
