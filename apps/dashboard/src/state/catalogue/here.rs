//! What depends on what is in front and on what a person has kept: dimensions, bookmarks, models, images.

use studio::ModelSource;

use super::{Around, Entry, entry, entry_also};
use crate::state::{
    command::{
        BookmarkCommand, CompareCommand, FileCommand, ModelCommand, NotebookCommand, SceneCommand,
    },
    map::KeptGroup,
    model::OpenModel,
    notebook,
    sources::{self, model_title},
};

/// Groups between which directions are found: there is one for each two of them.
const MOST_GROUPS: usize = 8;

pub(super) fn entries(around: Around<'_>) -> Vec<Entry> {
    let mut list = models(around);
    let open = around.session.open(&around.controls.model);
    if let Some(open) = open {
        list.extend(dimensions(around, open));
        list.extend(on_the_map(around, open));
        list.extend(images(around, open));
        list.extend(bookmarks(around, open));
    }
    let recent = around.recent.images.iter().map(|path| {
        let name = path.file_name().unwrap_or(path.as_os_str()).display();
        let command = FileCommand::OpenImage(path.clone());
        entry_also(format!("Open {name} again"), "recent image", command)
    });
    list.extend(recent);
    list
}

/// Those of the program, those that are open, and those that were.
fn models(around: Around<'_>) -> Vec<Entry> {
    let front = &around.controls.model;
    let mut all = sources::shipped();
    let open = around.session.sources().cloned();
    let recent = around.recent.models.iter().cloned();
    for source in open.chain(recent.map(ModelSource::Folder)) {
        if !all.contains(&source) {
            all.push(source);
        }
    }
    let mut list = Vec::new();
    for source in all {
        let title = model_title(&source);
        let bring = ModelCommand::Open(source.clone());
        list.push(entry(format!("Model {title}"), bring));
        if source != *front {
            let beside = CompareCommand::Model(source.clone());
            list.push(entry(format!("Compare with {title}"), beside));
        }
        let judge = ModelCommand::Judge(Some(source));
        list.push(entry_also(
            format!("Have the classifier of {title} judge"),
            "prediction borrow",
            judge,
        ));
    }
    list.push(entry_also(
        "Only this model's own judge",
        "classifier prediction",
        ModelCommand::Judge(None),
    ));
    if matches!(front, ModelSource::Folder(_)) {
        list.push(entry_also(
            "Close this model",
            "tab put away",
            ModelCommand::Close(front.clone()),
        ));
    }
    list.push(entry("Try to open this model again", ModelCommand::Retry));
    list
}

/// Every dimension, under its own name as well.
fn dimensions(around: Around<'_>, open: &OpenModel) -> Vec<Entry> {
    let weights = notebook::weights(&open.manifest);
    let called = |dim: usize| around.notebook.called(weights, dim);
    let dims = open.space.statistics.dims();
    let show = |dim| {
        let command = SceneCommand::ShowDimension(dim);
        entry_also(
            format!("Walk along {}", called(dim)),
            "dimension slider",
            command,
        )
    };
    let mut list: Vec<Entry> = (0..dims).map(show).collect();
    if let Some(dim) = around.controls.scene().map(|scene| scene.selected) {
        let ask = NotebookCommand::AskForName(dim);
        list.push(entry(format!("Name {}…", called(dim)), ask));
    }
    let kept = around.notebook.directions(weights).iter().map(|kept| {
        let delete = NotebookCommand::DeleteDirection(kept.name.clone());
        entry(format!("Delete the direction {}", kept.name), delete)
    });
    list.extend(kept);
    list
}

/// What can be done with what is noted on the map of this model.
fn on_the_map(around: Around<'_>, open: &OpenModel) -> Vec<Entry> {
    let notes = around.notebook.map_notes(notebook::weights(&open.manifest));
    let mut list = Vec::new();
    for KeptGroup { name, .. } in &notes.groups {
        let delete = NotebookCommand::DeleteGroup(name.clone());
        list.push(entry(format!("Delete the group {name}"), delete));
    }
    let few = notes.groups.iter().take(MOST_GROUPS);
    for (of, minus) in few
        .clone()
        .flat_map(|of| few.clone().map(move |minus| (of, minus)))
    {
        if of.name != minus.name {
            let keep = NotebookCommand::KeepDifference(of.name.clone(), minus.name.clone());
            let title = format!("Keep the direction {} minus {}", of.name, minus.name);
            list.push(entry_also(title, "lasso groups difference slider", keep));
        }
    }
    for pin in &notes.pins {
        let delete = NotebookCommand::DeletePin(pin.name.clone());
        list.push(entry(
            format!("Take the pin {} off the map", pin.name),
            delete,
        ));
    }
    list
}

/// The next image of the sample, in their order.
fn images(around: Around<'_>, open: &OpenModel) -> Option<Entry> {
    let (scene, images) = (around.controls.scene()?, open.sample.as_ref()?);
    let next = (scene.sample + 1) % images.len().max(1);
    Some(entry_also(
        "Start from the next test image",
        "sample example picture",
        SceneCommand::StartFromSample(next),
    ))
}

fn bookmarks(around: Around<'_>, open: &OpenModel) -> Vec<Entry> {
    let kept: Vec<_> = around.controls.bookmarks_that_fit(open).collect();
    let mut list = Vec::new();
    for (index, bookmark) in kept {
        let name = &bookmark.name;
        let place = index + 1;
        list.push(entry(
            format!("Go to bookmark {place}: {name}"),
            BookmarkCommand::JumpTo(index),
        ));
        list.push(entry(
            format!("Compare with bookmark {place}: {name}"),
            CompareCommand::Bookmark(index),
        ));
        list.push(entry(
            format!("Delete bookmark {place}: {name}"),
            BookmarkCommand::Delete(index),
        ));
    }
    list
}
