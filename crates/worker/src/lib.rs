//! A thread that answers the newest question of each kind, the most urgent kind first.
//!
//! A window must never wait for slow work, and some work belongs on one thread (Burn orders its own by thread). So all
//! questions go to a [`Worker`]. A [`Job`] has a key; for each key one job is pending, and a newer one replaces it. So a
//! drag never builds a queue, and the newest position is always the next to be computed. Every answer carries its job, so
//! that whoever asked recognises a late one.
//!
//! Long jobs are worked in steps ([`Work::step`]). Between two steps a more urgent job is answered, and the interrupted one
//! goes on afterwards. A newer job of its own key takes its place; but a job that replaced a begun one in this way must
//! finish first: while a person drags a setting of a slow picture, each new picture would otherwise drop the one before,
//! and none would be seen until the hand rests.
//!
//! What the keys mean, what a job asks and how it is answered is the caller's: this crate knows no model and no window.

mod queue;
mod thread;

use std::time::Instant;

pub use thread::Worker;

/// A question for the thread.
pub trait Job: Clone + PartialEq + Send + 'static {
    /// Jobs with equal keys replace each other. The smallest key is the most urgent.
    type Key: Copy + Ord + Send + 'static;

    /// What this job is for.
    fn key(&self) -> Self::Key;
}

/// How the thread answers jobs. It is made on that thread and stays there.
pub trait Work: 'static {
    /// What is asked.
    type Job: Job;
    /// What is answered.
    type Reply: Send + 'static;
    /// What can go wrong.
    type Error: From<Panicked> + Send + 'static;
    /// What the steps so far have given. The default is that of a job that has not begun.
    type Progress: Default;

    /// Takes a step towards the answer. Keep steps short: whatever is more urgent waits.
    ///
    /// # Errors
    /// Whatever went wrong; the job is at its end then, too.
    fn step(
        &mut self,
        job: &Self::Job,
        progress: &mut Self::Progress,
    ) -> Result<Step<Self::Reply>, Self::Error>;

    /// A step of this job panicked. Drop whatever the panic may have left half done.
    fn recover(&mut self, job: &Self::Job);
}

/// What a step has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<R> {
    /// Nothing to see yet.
    Begun,
    /// An answer that gets better: it is published, and the job goes on. A newer job of its key takes its place at once, since whoever
    /// asked has seen what there was.
    SoFar(R),
    /// The answer.
    Done(R),
}

/// A step panicked; this is the panic's message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Panicked(pub String);

/// An answered job.
#[derive(Debug, Clone, PartialEq)]
pub struct Published<J, R, E> {
    /// The job that this answers.
    pub job: J,
    /// The answer.
    pub result: Result<R, E>,
    /// When the job was submitted.
    pub received: Instant,
}

/// The answered jobs of some [`Work`].
pub type PublishedBy<W> = Published<<W as Work>::Job, <W as Work>::Reply, <W as Work>::Error>;
