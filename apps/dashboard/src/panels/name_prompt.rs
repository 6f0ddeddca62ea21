//! Asks for a name for a latent dimension, and for a word or two about it.

use eframe::egui::{Align2, Context, Key, TextEdit, Window};

use crate::{
    state::{
        command::{Command, NotebookCommand},
        notebook::Note,
    },
    theme,
    widgets::{caption, text_field},
};

/// Characters of a name: more do not fit over a slider.
const LONGEST_NAME: usize = 24;

/// A question for a name that is open.
#[derive(Clone, Debug)]
pub struct NamePrompt {
    dim: usize,
    note: Note,
    fresh: bool,
}

/// What the person did with the question.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// Nothing yet.
    Open,
    /// Gave it up.
    Cancel,
    /// Gave a name.
    Done(Command),
}

impl NamePrompt {
    /// Asks about dimension `dim`, of which `note` is known so far.
    #[must_use]
    pub fn new(dim: usize, note: Note) -> Self {
        Self {
            dim,
            note,
            fresh: true,
        }
    }

    /// Shows the question.
    pub fn ui(&mut self, ctx: &Context) -> Choice {
        let mut choice = Choice::Open;
        let window = Window::new(format!("Name z{}", self.dim))
            .anchor(Align2::CENTER_CENTER, [0.0, -60.0])
            .collapsible(false)
            .resizable(false);
        window.show(ctx, |ui| {
            ui.set_width(theme::at_most(ctx, 320.0));
            caption(
                ui,
                "What does this dimension change? The name stays with the model.",
            );
            let name = TextEdit::singleline(&mut self.note.name)
                .hint_text("name, such as “slant”")
                .char_limit(LONGEST_NAME)
                .desired_width(f32::INFINITY);
            let name = text_field(ui, name).accessible_name("name of the dimension");
            if std::mem::take(&mut self.fresh) {
                name.request_focus();
            }
            let entered = name.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            let text = TextEdit::multiline(&mut self.note.text)
                .hint_text("notes")
                .desired_rows(3)
                .desired_width(f32::INFINITY);
            text_field(ui, text).accessible_name("notes about the dimension");
            ui.add_space(theme::GAP);
            ui.horizontal(|ui| {
                if ui.button("Keep").clicked() || entered {
                    choice = Choice::Done(self.command());
                }
                if ui
                    .button("Delete")
                    .on_hover_text("Take the name away")
                    .clicked()
                {
                    self.note = Note::default();
                    choice = Choice::Done(self.command());
                }
                if ui.button("Cancel").clicked() || ui.input(|input| input.key_pressed(Key::Escape))
                {
                    choice = Choice::Cancel;
                }
            });
        });
        choice
    }

    fn command(&self) -> Command {
        Command::Notebook(NotebookCommand::SetNote(self.dim, self.note.clone()))
    }
}
