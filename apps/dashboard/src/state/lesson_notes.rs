//! How far a person is with each lesson: a part of the notebook.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// By the key of the lesson.
pub type LessonNotes = BTreeMap<String, LessonNote>;

/// How far a person is with a lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LessonNote {
    /// The step to go on with, from 0.
    pub step: usize,
    /// The steps that were measured to be done.
    pub done: BTreeSet<usize>,
    /// Whether the person has been at its end.
    pub finished: bool,
}

/// Brings what changed from `before` to `now` into what is `there`: a lesson that two windows went on with is as the last one has it.
pub(super) fn merge(before: &LessonNotes, now: &LessonNotes, there: &mut LessonNotes) {
    for (key, note) in now {
        if before.get(key) != Some(note) {
            let finished = there.get(key).is_some_and(|old| old.finished);
            let mut note = note.clone();
            note.finished |= finished;
            there.insert(key.clone(), note);
        }
    }
}
