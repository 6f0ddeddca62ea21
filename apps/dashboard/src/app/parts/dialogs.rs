//! What lies over the panels and asks for something: paths, names, the command palette, help and the tour.

use eframe::egui;

use crate::{
    app::tasks::Tasks,
    panels::{
        command_palette::{self, CommandPalette},
        help,
        name_prompt::{self, NamePrompt},
        path_prompt::{self, PathPrompt},
    },
    state::{catalogue::Entry, command::Command, sheet::Sheet},
};

/// The dialogs that are open.
#[derive(Default)]
pub(in crate::app) struct Dialogs {
    /// The question for a path,
    pub path: Option<PathPrompt>,
    /// and the plot that it is about.
    pub sheet: Option<Sheet>,
    pub name: Option<NamePrompt>,
    pub palette: Option<CommandPalette>,
    pub help: bool,
    /// The hint of the tour that is shown.
    pub tour: Option<usize>,
}

impl Dialogs {
    /// Whether keys are meant for a dialog, not for the window.
    pub fn take_keys(&self) -> bool {
        self.path.is_some() || self.name.is_some() || self.palette.is_some()
    }

    pub fn help_ui(&mut self, ctx: &egui::Context, commands: &mut Vec<Command>) {
        self.help = self.help && help::ui(ctx, commands);
    }

    pub fn path_ui(&mut self, ctx: &egui::Context, tasks: &Tasks, commands: &mut Vec<Command>) {
        let Some(prompt) = &mut self.path else { return };
        let purpose = prompt.purpose;
        match prompt.ui(ctx) {
            path_prompt::Choice::Open => {}
            path_prompt::Choice::Cancel => self.path = None,
            path_prompt::Choice::Browse(path) => tasks.browse(ctx, purpose, &path),
            path_prompt::Choice::Look(path) => tasks.look(ctx, path),
            path_prompt::Choice::Done(command) => {
                commands.push(command);
                self.path = None;
            }
        }
    }

    /// `entries` gives what can be found.
    pub fn palette_ui(
        &mut self,
        ctx: &egui::Context,
        entries: &[Entry],
        commands: &mut Vec<Command>,
    ) {
        let Some(palette) = &mut self.palette else {
            return;
        };
        match palette.ui(ctx, entries) {
            command_palette::Choice::Open => {}
            command_palette::Choice::Cancel => self.palette = None,
            command_palette::Choice::Done(command) => {
                commands.push(command);
                self.palette = None;
            }
        }
    }

    pub fn name_ui(&mut self, ctx: &egui::Context, commands: &mut Vec<Command>) {
        let Some(prompt) = &mut self.name else { return };
        match prompt.ui(ctx) {
            name_prompt::Choice::Open => {}
            name_prompt::Choice::Cancel => self.name = None,
            name_prompt::Choice::Done(command) => {
                commands.push(command);
                self.name = None;
            }
        }
    }
}
