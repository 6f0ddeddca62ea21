//! What the person notes down about the model in front.

use super::App;
use crate::{
    panels::name_prompt::NamePrompt,
    state::{
        command::NotebookCommand,
        notebook,
        notices::{Tone, Topic},
    },
};

impl App {
    pub(super) fn notebook_command(&mut self, command: NotebookCommand) {
        let weights = self.weights().to_owned();
        let notebook = &mut self.kept.notebook;
        match command {
            NotebookCommand::AskForName(dim) => {
                let note = notebook.note(&weights, dim).cloned();
                self.dialogs.name = Some(NamePrompt::new(dim, note.unwrap_or_default()));
            }
            NotebookCommand::SetNote(dim, note) => notebook.set_note(&weights, dim, note),
            NotebookCommand::KeepDirection(kept) => notebook.keep_direction(&weights, kept),
            NotebookCommand::DeleteDirection(name) => {
                notebook.delete_direction(&weights, &name);
                let text = format!("Deleted the direction {name}. Undo (Ctrl+Z) brings it back.");
                self.notices.say(Topic::Show, Tone::Good, text);
            }
            NotebookCommand::PutDirectionBack(place, kept) => {
                notebook.put_direction_back(&weights, place, kept);
            }
        }
    }

    /// By which the notebook knows the model in front.
    fn weights(&self) -> &str {
        let open = self.open_model();
        open.map_or("", |open| notebook::weights(&open.manifest))
    }
}
