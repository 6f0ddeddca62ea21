//! Everything that can be done, by name: what the command palette searches.

use datasets::ClassId;
use eframe::egui::ThemePreference;

use super::{
    command::{
        BookmarkCommand, ClipboardCommand, Command, CompareCommand, FileCommand, ImportCommand,
        ModelCommand, NotebookCommand, SceneCommand, ShowCommand, TrainCommand, WindowCommand,
    },
    controls::{CompareWith, Space},
    dock::{DockCommand, Docked},
    model::OpenModel,
    recipe::PictureKind,
    shortcuts,
    sources::{self, model_title},
    timeline::Stops,
    zoom::ZoomCommand,
};
use crate::words::TERMS;

/// One line of the palette.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What to look for.
    pub title: String,
    /// The key that does the same, if there is one.
    pub keys: Option<String>,
    /// More about it; empty if the title says all.
    pub explanation: &'static str,
    /// What it does; a question does nothing but be answered.
    pub command: Option<Command>,
}

/// All that can be done with the model in front, whose selected dimension is `selected`.
#[must_use]
pub fn entries(model: Option<&OpenModel>, selected: Option<usize>) -> Vec<Entry> {
    let mut list: Vec<Entry> = Space::ALL
        .map(|space| {
            entry(
                format!("Go to {}", space.title()),
                WindowCommand::GoTo(space),
            )
        })
        .to_vec();
    list.extend(always());
    for docked in Docked::ALL {
        let name = docked.name();
        let fold = DockCommand::Fold(docked);
        list.push(entry(format!("Fold or unfold {name}"), fold));
        let across = DockCommand::Move(docked);
        list.push(entry(format!("Move {name} to the other side"), across));
    }
    if let Some(dim) = selected {
        list.push(entry(
            format!("Name z{dim}…"),
            NotebookCommand::AskForName(dim),
        ));
    }
    for source in sources::shipped() {
        let title = format!("Model {}", model_title(&source));
        list.push(entry(title, ModelCommand::Open(source)));
    }
    list.extend(model.into_iter().flat_map(classes));
    list.extend(TERMS.iter().map(|term| Entry {
        title: term.question.to_owned(),
        keys: None,
        explanation: term.sentence,
        command: None,
    }));
    list
}

/// The classes of a model: to start from, or to draw the latent as.
fn classes(model: &OpenModel) -> Vec<Entry> {
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

/// What is the same whatever is in front.
fn always() -> Vec<Entry> {
    vec![
        entry("Zoom in", WindowCommand::Zoom(ZoomCommand::In)),
        entry("Zoom out", WindowCommand::Zoom(ZoomCommand::Out)),
        entry("Zoom to 100 %", WindowCommand::Zoom(ZoomCommand::Reset)),
        entry("Draw an image by hand", WindowCommand::ToggleDrawing),
        entry("Open an image…", FileCommand::AskForImage),
        entry("Adjust the picture", ImportCommand::Open),
        entry(
            "Save the image…",
            FileCommand::AskWhereToSave(PictureKind::Image),
        ),
        entry(
            "Save the grid…",
            FileCommand::AskWhereToSave(PictureKind::Grid),
        ),
        entry(
            "Save the window…",
            FileCommand::AskWhereToSave(PictureKind::Window),
        ),
        entry(
            "Save the morph as GIF…",
            FileCommand::AskWhereToSave(PictureKind::Morph),
        ),
        entry(
            "Save the walk as GIF…",
            FileCommand::AskWhereToSave(PictureKind::Traversal),
        ),
        entry(
            "Save the show as GIF…",
            FileCommand::AskWhereToSave(PictureKind::Show),
        ),
        entry("Copy the image", ClipboardCommand::CopyImage),
        entry("Randomise unlocked dimensions", SceneCommand::Randomise),
        entry("Reset unlocked dimensions", SceneCommand::Reset),
        entry("Unlock every dimension", SceneCommand::UnlockAll),
        entry(
            "Back to where the latent came from",
            SceneCommand::BackToStart,
        ),
        entry("Keep this as a bookmark", BookmarkCommand::Add),
        entry("Play the show, or pause it", ShowCommand::TogglePlay),
        entry("Show the bookmarks", ShowCommand::Through(Stops::Bookmarks)),
        entry("Show the classes", ShowCommand::Through(Stops::Classes)),
        entry("Show random draws", ShowCommand::Through(Stops::Draws)),
        entry("Present on the full screen", WindowCommand::Present(true)),
        entry("Reset the layout", WindowCommand::ResetLayout),
        entry("Forget the session", WindowCommand::ForgetSession),
        entry("Undo", SceneCommand::Undo),
        entry("Redo", SceneCommand::Redo),
        entry("Show or hide the heatmap", WindowCommand::ToggleHeatmap),
        entry("Open a model…", ModelCommand::AskForFolder),
        entry("Dark theme", WindowCommand::Theme(ThemePreference::Dark)),
        entry("Light theme", WindowCommand::Theme(ThemePreference::Light)),
        entry(
            "Theme of the system",
            WindowCommand::Theme(ThemePreference::System),
        ),
        entry("Keyboard shortcuts", WindowCommand::ToggleHelp),
        entry("Quit", WindowCommand::Quit),
        entry("Tour of the window", WindowCommand::Tour(Some(0))),
        entry("Keep this latent for Compare", CompareCommand::KeepLatent),
        entry(
            "Compare the families of the domain",
            CompareCommand::Show(CompareWith::Families),
        ),
        entry(
            "Compare reconstructions",
            CompareCommand::Show(CompareWith::Reconstructions),
        ),
        entry("Train on a folder of pictures…", TrainCommand::AskForFolder),
        entry("Train: start the run", TrainCommand::Start),
        entry("Train: stop the run", TrainCommand::Stop),
        entry("Train: keep what was learned", TrainCommand::Keep),
        entry(
            "Train: explore the newest weights",
            TrainCommand::Live(true),
        ),
        entry(
            "Train: save the pictures of the run as GIF…",
            TrainCommand::AskWhereToSaveFilm,
        ),
        entry("Swap the two sides of Compare", CompareCommand::Swap),
        entry("Go to the other side of Compare", CompareCommand::Explore),
    ]
}

fn entry(title: impl Into<String>, command: impl Into<Command>) -> Entry {
    let command = command.into();
    Entry {
        title: title.into(),
        keys: shortcuts::keys(&command),
        explanation: "",
        command: Some(command),
    }
}
