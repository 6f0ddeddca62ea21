//! Everything that can be done, by name, and every word that is explained: what the command palette searches.

mod always;
mod here;
mod lessons;
mod training;

use datasets::ClassId;

use super::{
    command::{Command, SceneCommand, WindowCommand},
    controls::{Controls, Space},
    dock::{DockCommand, Docked},
    lesson::Library,
    memory::Recent,
    model::OpenModel,
    notebook::Notebook,
    session::Session,
    shortcuts,
};
use crate::words::{TERMS, WORDS};

/// One line of the palette.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// What to look for.
    pub title: String,
    /// Other words for it.
    pub also: &'static str,
    /// The key that does the same, if there is one.
    pub keys: Option<String>,
    /// More about it; empty if the title says all.
    pub explanation: &'static str,
    /// What it does; a question that is answered here does nothing more.
    pub command: Option<Command>,
}

/// What there is to find things in.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// What is set.
    pub controls: &'a Controls,
    /// What is open.
    pub session: &'a Session,
    /// What the person noted down.
    pub notebook: &'a Notebook,
    /// What was opened last.
    pub recent: &'a Recent,
    /// What there is to learn.
    pub lessons: &'a Library,
}

/// All that can be done now.
#[must_use]
pub fn entries(around: Around<'_>) -> Vec<Entry> {
    let mut list: Vec<Entry> = Space::ALL
        .map(|space| {
            entry(
                format!("Go to {}", space.title()),
                WindowCommand::GoTo(space),
            )
        })
        .to_vec();
    list.extend(always::entries());
    for docked in Docked::ALL {
        let name = docked.name();
        let fold = DockCommand::Fold(docked);
        list.push(entry(format!("Fold or unfold {name}"), fold));
        let across = DockCommand::Move(docked);
        list.push(entry(format!("Move {name} to the other side"), across));
    }
    list.extend(training::entries());
    list.extend(lessons::entries(around.lessons));
    // Before the models, whose names hold the same words.
    list.extend(words());
    list.extend(here::entries(around));
    let model = around.session.open(&around.controls.model);
    list.extend(model.into_iter().flat_map(classes));
    list
}

/// Every term and every figure that is explained.
fn words() -> impl Iterator<Item = Entry> {
    let terms = TERMS.iter().map(|term| Entry {
        title: term.question.to_owned(),
        also: term.also,
        keys: None,
        explanation: term.sentence,
        command: term.page.map(|page| WindowCommand::OpenPage(page).into()),
    });
    let figures = WORDS.iter().map(|words| Entry {
        title: format!("What does “{}” say?", words.title),
        also: words.measure.name,
        explanation: words.sentence,
        ..Entry::default()
    });
    terms.chain(figures)
}

/// The classes of a model: to start from, or to draw the latent as.
#[must_use]
pub fn classes(model: &OpenModel) -> Vec<Entry> {
    let names = model.drawn_names().iter().enumerate();
    if !model.is_conditional() {
        let start = |(index, name)| {
            let start = SceneCommand::StartFromAnchor(model.drawn(index)?);
            Some(entry(format!("Start from {name}"), start))
        };
        return names.filter_map(start).collect();
    }
    let middle = SceneCommand::StartFromAnchor(ClassId(0));
    let mut list = vec![Entry {
        // No digit does this here.
        keys: None,
        ..entry("Start from the middle of all images", middle)
    }];
    list.extend(names.filter_map(|(index, name)| {
        let draw = SceneCommand::DrawAs(Some(model.drawn(index)?));
        Some(entry(format!("Draw as {name}"), draw))
    }));
    list.push(entry("Draw without a class", SceneCommand::DrawAs(None)));
    list
}

fn entry(title: impl Into<String>, command: impl Into<Command>) -> Entry {
    let command = command.into();
    Entry {
        title: title.into(),
        keys: shortcuts::keys(&command),
        command: Some(command),
        ..Entry::default()
    }
}

fn entry_also(title: impl Into<String>, also: &'static str, command: impl Into<Command>) -> Entry {
    Entry {
        also,
        ..entry(title, command)
    }
}
