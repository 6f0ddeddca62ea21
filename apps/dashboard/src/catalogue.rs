//! Everything that can be done, by name: what the command palette searches.

use datasets::KnownDataset;
use eframe::egui::ThemePreference;
use studio::{Manifest, ModelSource};

use crate::{
    command::Command,
    compare::CompareCommand,
    controls::Space,
    panels::{
        class_id,
        dock::{DockCommand, Docked},
        top_bar::model_title,
    },
    recipe::Shows,
    shortcuts,
    timeline::Stops,
    words::TERMS,
};

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
pub fn entries(manifest: Option<&Manifest>, selected: Option<usize>) -> Vec<Entry> {
    let mut list: Vec<Entry> = Space::ALL
        .map(|space| entry(format!("Go to {}", space.title()), Command::Show(space)))
        .to_vec();
    for (title, command) in [
        ("Draw an image by hand", Command::Draw),
        ("Open an image…", Command::AskForImage),
        ("Save the image…", Command::AskWhereToSave(Shows::Image)),
        ("Save the grid…", Command::AskWhereToSave(Shows::Grid)),
        ("Save the window…", Command::AskWhereToSave(Shows::Window)),
        (
            "Save the morph as GIF…",
            Command::AskWhereToSave(Shows::Morph),
        ),
        (
            "Save the walk as GIF…",
            Command::AskWhereToSave(Shows::Traversal),
        ),
        (
            "Save the show as GIF…",
            Command::AskWhereToSave(Shows::Show),
        ),
        ("Copy the image", Command::CopyImage),
        ("Randomise unlocked dimensions", Command::Randomise),
        ("Reset unlocked dimensions", Command::Reset),
        ("Unlock every dimension", Command::UnlockAll),
        ("Back to where the latent came from", Command::BackToStart),
        ("Keep this as a bookmark", Command::AddBookmark),
        ("Play the show, or pause it", Command::TogglePlay),
        ("Show the bookmarks", Command::Through(Stops::Bookmarks)),
        ("Show the classes", Command::Through(Stops::Classes)),
        ("Show random draws", Command::Through(Stops::Draws)),
        ("Present on the full screen", Command::Present(true)),
        ("Reset the layout", Command::ResetLayout),
        ("Forget the session", Command::ForgetSession),
        ("Undo", Command::Undo),
        ("Redo", Command::Redo),
        ("Show or hide the heatmap", Command::ToggleHeatmap),
        ("Open a model…", Command::AskForModel),
        ("Dark theme", Command::Theme(ThemePreference::Dark)),
        ("Light theme", Command::Theme(ThemePreference::Light)),
        (
            "Theme of the system",
            Command::Theme(ThemePreference::System),
        ),
        ("Keyboard shortcuts", Command::ToggleHelp),
        ("Quit", Command::Quit),
        ("Tour of the window", Command::Tour(Some(0))),
        (
            "Keep this latent for Compare",
            Command::Compare(CompareCommand::KeepLatent),
        ),
        (
            "Swap the two sides of Compare",
            Command::Compare(CompareCommand::Swap),
        ),
        (
            "Go to the other side of Compare",
            Command::Compare(CompareCommand::Explore),
        ),
    ] {
        list.push(entry(title.to_owned(), command));
    }
    for docked in Docked::ALL {
        let name = docked.name();
        let fold = Command::Dock(DockCommand::Fold(docked));
        list.push(entry(format!("Fold or unfold {name}"), fold));
        let across = Command::Dock(DockCommand::Move(docked));
        list.push(entry(format!("Move {name} to the other side"), across));
    }
    if let Some(dim) = selected {
        list.push(entry(format!("Name z{dim}…"), Command::NameDimension(dim)));
    }
    for dataset in KnownDataset::ALL {
        let source = ModelSource::Shipped(dataset);
        let title = format!("Model {}", model_title(&source));
        list.push(entry(title, Command::OpenModel(source)));
    }
    let classes = manifest.map_or(0, |manifest| manifest.class_names.len());
    for class in (0..classes).filter_map(class_id) {
        let name = manifest.map_or_else(String::new, |manifest| manifest.class_name(class));
        let start = entry(
            format!("Start from {name}"),
            Command::StartFromAnchor(class),
        );
        list.push(start);
    }
    list.extend(TERMS.iter().map(|term| Entry {
        title: term.question.to_owned(),
        keys: None,
        explanation: term.sentence,
        command: None,
    }));
    list
}

fn entry(title: String, command: Command) -> Entry {
    Entry {
        title,
        keys: shortcuts::keys(&command),
        explanation: "",
        command: Some(command),
    }
}
