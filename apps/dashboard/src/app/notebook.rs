//! What the person notes down about the model in front.

use super::App;
use crate::{
    panels::name_prompt::NamePrompt,
    state::{
        command::NotebookCommand,
        kept_direction::KeptDirection,
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
                self.say_deleted(&format!("the direction {name}"));
            }
            NotebookCommand::PutDirectionBack(place, kept) => {
                notebook.put_direction_back(&weights, place, kept);
            }
            NotebookCommand::RenameGroup(name, new) => {
                notebook.change_map(&weights, |notes| notes.rename_group(&name, &new));
            }
            NotebookCommand::RecolourGroup(name, color) => {
                notebook.change_map(&weights, |notes| notes.recolour_group(&name, color));
            }
            NotebookCommand::DeleteGroup(name) => {
                notebook.change_map(&weights, |notes| notes.delete_group(&name));
                self.say_deleted(&name);
            }
            NotebookCommand::DeletePin(name) => {
                notebook.change_map(&weights, |notes| notes.delete_pin(&name));
                self.say_deleted(&format!("the pin {name}"));
            }
            NotebookCommand::KeepDifference(of, minus) => self.keep_difference(&of, &minus),
        }
    }

    fn say_deleted(&mut self, what: &str) {
        let text = format!("Deleted {what}. Undo (Ctrl+Z) brings it back.");
        self.notices.say(Topic::Show, Tone::Good, text);
    }

    /// Keeps what one group has and another has not as a direction.
    fn keep_difference(&mut self, of: &str, minus: &str) {
        let weights = self.weights().to_owned();
        let notebook = &mut self.kept.notebook;
        let found = notebook.map_notes(&weights).difference(of, minus);
        let Some((name, direction)) = found else {
            return;
        };
        let text = format!("Kept {name}: a slider in Explore, under Directions.");
        notebook.keep_direction(&weights, KeptDirection { name, direction });
        self.notices.say(Topic::Show, Tone::Good, text);
    }

    /// By which the notebook knows the model in front.
    pub(super) fn weights(&self) -> &str {
        let open = self.open_model();
        open.map_or("", |open| notebook::weights(&open.manifest))
    }
}
