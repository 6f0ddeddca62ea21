//! Guided lessons: what a person is asked to do, step by step, as plain data that a teacher can write. `docs/lessons.md` describes the
//! format for teachers.

mod action;
mod check;
mod library;
mod limits;
mod point;
mod text;

use serde::Deserialize;
use studio::ModelSource;

pub use action::{Action, Deed};
pub use check::{Beginning, Check, Seen};
pub use library::{Damaged, EXAMPLE, Library, Listed, shipped};
pub use point::{Named, Point};
pub use text::{LessonError, parse};

use super::model::OpenModel;

/// A lesson.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lesson {
    /// What it is called.
    #[serde(deserialize_with = "limits::title")]
    pub title: String,
    /// What a person can or knows afterwards, in one sentence.
    #[serde(deserialize_with = "limits::goal")]
    pub goal: String,
    /// The model that it is made for: the name of one of the program, or the name of a folder.
    #[serde(deserialize_with = "limits::title")]
    pub model: String,
    /// With which other models it works as well: with those that one of these describes.
    #[serde(default)]
    pub works_with: Vec<WorksWith>,
    /// What a person does, one step after the other.
    #[serde(deserialize_with = "limits::steps")]
    pub steps: Vec<Step>,
}

/// Models that a lesson works with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub enum WorksWith {
    /// The model of this name.
    Model(String),
    /// Every model of this domain.
    Domain(String),
    /// Every model that draws all of these classes.
    Classes(Vec<String>),
}

/// A step of a lesson.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What a person is told.
    #[serde(deserialize_with = "limits::text")]
    pub text: String,
    /// What is pointed at.
    #[serde(default)]
    pub point: Vec<Point>,
    /// What the window does when the step begins.
    #[serde(default)]
    pub first: Vec<Action>,
    /// What is measured: once it holds, the step is done. A step without is one to read.
    #[serde(default)]
    pub check: Option<Check>,
    /// What the window does when it is asked how the step is done.
    #[serde(default)]
    pub show: Vec<Action>,
}

impl Lesson {
    /// Whether it can be done with a model that is open.
    #[must_use]
    pub fn fits(&self, source: &ModelSource, open: &OpenModel) -> bool {
        let named = |name: &String| *name == source.short_name();
        let fits = |models: &WorksWith| match models {
            WorksWith::Model(name) => named(name),
            WorksWith::Domain(title) => *title == domain_of(source, open),
            WorksWith::Classes(names) => names.iter().all(|name| open.drawn_names().contains(name)),
        };
        named(&self.model) || self.works_with.iter().any(fits)
    }
}

fn domain_of(source: &ModelSource, open: &OpenModel) -> String {
    match source {
        ModelSource::Shipped(model) => model.domain().to_owned(),
        ModelSource::Folder(_) => open.info().title.clone(),
    }
}

/// A lesson under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Running {
    /// Which one of the library.
    pub listed: Listed,
    /// The step in front, from 0.
    pub step: usize,
    /// Whether the window has done what the step begins with.
    pub entered: bool,
}

impl Running {
    /// The step in front.
    #[must_use]
    pub fn step(&self) -> Option<&Step> {
        self.listed.lesson.steps.get(self.step)
    }

    /// Whether the step in front is the last one.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.step + 1 >= self.listed.lesson.steps.len()
    }

    /// Goes to a step, which then begins.
    pub fn go_to(&mut self, step: usize) {
        (self.step, self.entered) = (step, false);
    }
}
