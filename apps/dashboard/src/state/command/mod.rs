//! What a person asks for, apart from moving a control: panels send commands, the app carries them out. There is one type
//! for each subject, and each has its own part of the app that carries it out.

mod compare;
mod files;
mod import;
mod lesson;
mod map;
mod scene;
mod show;
mod train;
mod window;

pub use compare::CompareCommand;
pub use files::{ClipboardCommand, FileCommand, ModelCommand, Purpose};
pub use import::ImportCommand;
pub use lesson::LessonCommand;
pub use map::MapCommand;
pub use scene::{NotebookCommand, SceneCommand};
pub use show::{BookmarkCommand, ShowCommand};
pub use train::TrainCommand;
pub use window::WindowCommand;

use super::dock::DockCommand;

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// With the window as a whole.
    Window(WindowCommand),
    /// With a model.
    Model(ModelCommand),
    /// With a file.
    File(FileCommand),
    /// With pictures that were brought.
    Import(ImportCommand),
    /// With the clipboard.
    Clipboard(ClipboardCommand),
    /// With the latent and what is set around it.
    Scene(SceneCommand),
    /// With the bookmarks.
    Bookmark(BookmarkCommand),
    /// With the show.
    Show(ShowCommand),
    /// With what the person noted down.
    Notebook(NotebookCommand),
    /// With the map.
    Map(MapCommand),
    /// With what Compare holds side by side.
    Compare(CompareCommand),
    /// With a panel.
    Dock(DockCommand),
    /// With a training run.
    Train(TrainCommand),
    /// With a lesson.
    Lesson(LessonCommand),
}

macro_rules! from_subjects {
    ($($subject:ident($command:ident)),*) => {
        $(impl From<$command> for Command {
            fn from(command: $command) -> Self {
                Self::$subject(command)
            }
        })*
    };
}

from_subjects!(
    Window(WindowCommand),
    Model(ModelCommand),
    File(FileCommand),
    Import(ImportCommand),
    Clipboard(ClipboardCommand),
    Scene(SceneCommand),
    Bookmark(BookmarkCommand),
    Show(ShowCommand),
    Notebook(NotebookCommand),
    Map(MapCommand),
    Compare(CompareCommand),
    Dock(DockCommand),
    Train(TrainCommand),
    Lesson(LessonCommand)
);
