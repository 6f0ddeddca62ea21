//! Messages that stay out of the way: plain words, dismissable, never modal.

use crate::state::channel::Channel;
use std::time::{Duration, Instant};

/// How long good news stays.
const GOOD_NEWS: Duration = Duration::from_secs(8);

/// How a notice is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something was done.
    Good,
    /// Something went wrong.
    Bad,
}

/// What a notice is about: a newer notice about the same thing replaces it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// The worker's answers in one channel.
    Channel(Channel),
    /// A file that was to be read or written.
    File,
    /// What was kept of earlier windows.
    Memory,
    /// Bookmarks and shows.
    Show,
    /// The clipboard.
    Clipboard,
    /// Where the models run.
    Device,
    /// Opening a model.
    Model,
    /// Training.
    Train,
    /// Lessons.
    Lesson,
}

/// One message.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Its number, for dismissing it.
    pub id: u64,
    /// How it is meant.
    pub tone: Tone,
    /// What happened and what to do.
    pub text: String,
    topic: Topic,
    since: Instant,
}

/// The messages on the screen, oldest first, and the last one for the status bar.
#[derive(Clone, Debug, Default)]
pub struct Notices {
    shown: Vec<Notice>,
    last: Option<(Tone, String)>,
    next_id: u64,
}

impl Notices {
    /// Shows a message in place of any other on the same topic.
    pub fn say(&mut self, topic: Topic, tone: Tone, text: impl Into<String>) {
        let text = without_codes(&text.into());
        self.clear(topic);
        self.last = Some((tone, text.clone()));
        self.next_id += 1;
        self.shown.push(Notice {
            id: self.next_id,
            tone,
            text,
            topic,
            since: Instant::now(),
        });
    }

    /// Takes the message on a topic away, since it no longer holds.
    pub fn clear(&mut self, topic: Topic) {
        self.shown.retain(|notice| notice.topic != topic);
    }

    /// Takes one message away.
    pub fn dismiss(&mut self, id: u64) {
        self.shown.retain(|notice| notice.id != id);
    }

    /// Takes good news away that had its time; how long until the next such, if there is one.
    pub fn expire(&mut self, now: Instant) -> Option<Duration> {
        let left = |notice: &Notice| (notice.since + GOOD_NEWS).saturating_duration_since(now);
        self.shown
            .retain(|notice| notice.tone == Tone::Bad || !left(notice).is_zero());
        let good = self.shown.iter().filter(|notice| notice.tone == Tone::Good);
        good.map(left).min()
    }

    /// The messages on the screen.
    pub fn shown(&self) -> impl Iterator<Item = &Notice> {
        self.shown.iter()
    }

    /// The last message, also after it went away.
    #[must_use]
    pub fn last(&self) -> Option<(Tone, &str)> {
        self.last
            .as_ref()
            .map(|(tone, text)| (*tone, text.as_str()))
    }
}

/// A message without the numbers that a system gives its errors, such as "(os error 2)": what happened stands in words before them.
#[must_use]
pub fn without_codes(text: &str) -> String {
    let mut parts = text.split(" (os error ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let rest = part.split_once(')').map_or(part, |(_, rest)| rest);
        text + rest
    })
}
