//! Asks for a path. Typing one works everywhere; "Browse…" shows the desktop's own dialog where there is one.

use std::path::PathBuf;

use eframe::egui::{Align2, Context, Key, TextEdit, Window};

use crate::{command::Command, tasks::Purpose, theme, widgets::caption};

/// A question for a path that is open.
#[derive(Clone, Debug)]
pub struct PathPrompt {
    /// What the path is for.
    pub purpose: Purpose,
    /// What was typed so far.
    pub text: String,
    fresh: bool,
}

/// What the person did with the question.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// Nothing yet.
    Open,
    /// Gave it up.
    Cancel,
    /// Wants the desktop's dialog.
    Browse(PathBuf),
    /// Gave a path.
    Done(Command),
}

impl PathPrompt {
    /// A question with a first answer to change.
    #[must_use]
    pub fn new(purpose: Purpose, text: String) -> Self {
        Self {
            purpose,
            text,
            fresh: true,
        }
    }

    /// Shows the question.
    pub fn ui(&mut self, ctx: &Context) -> Choice {
        let (title, verb, hint) = match self.purpose {
            Purpose::OpenImage => (
                "Open an image",
                "Open",
                "PNG, JPEG, BMP, GIF or WebP; or drop a file on the window",
            ),
            Purpose::OpenModel => ("Open a model", "Open", "A folder that latent-lens trained"),
            Purpose::SaveSheet => (
                "Save the plot",
                "Save",
                "CSV holds its numbers, PNG its picture",
            ),
            Purpose::SaveImage => ("Save the image", "Save", "A PNG file of 448 × 448 pixels"),
        };
        let mut choice = Choice::Open;
        let window = Window::new(title)
            .anchor(Align2::CENTER_CENTER, [0.0, -60.0])
            .collapsible(false)
            .resizable(false);
        window.show(ctx, |ui| {
            ui.set_width(460.0);
            caption(ui, hint);
            let field = ui.add(
                TextEdit::singleline(&mut self.text)
                    .hint_text("path")
                    .desired_width(f32::INFINITY),
            );
            let field = field.accessible_name("path");
            if self.fresh {
                field.request_focus();
                self.fresh = false;
            }
            let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            ui.add_space(theme::GAP);
            ui.horizontal(|ui| {
                let path = self.path();
                let given = !path.as_os_str().is_empty();
                if ui
                    .add_enabled(given, eframe::egui::Button::new(verb))
                    .clicked()
                    || (entered && given)
                {
                    choice = Choice::Done(self.command());
                }
                if ui.button("Browse…").clicked() {
                    choice = Choice::Browse(path);
                }
                if ui.button("Cancel").clicked() || ui.input(|input| input.key_pressed(Key::Escape))
                {
                    choice = Choice::Cancel;
                }
            });
        });
        choice
    }

    /// The path, with `~/` for the person's own folder.
    fn path(&self) -> PathBuf {
        let text = self.text.trim().trim_matches('"');
        match (text.strip_prefix("~/"), std::env::home_dir()) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => PathBuf::from(text),
        }
    }

    fn command(&self) -> Command {
        command(self.purpose, self.path())
    }
}

/// What to do with a path that was given.
#[must_use]
pub fn command(purpose: Purpose, path: PathBuf) -> Command {
    match purpose {
        Purpose::OpenImage => Command::OpenImage(path),
        Purpose::OpenModel => Command::OpenModel(studio::ModelSource::Folder(path)),
        Purpose::SaveImage if path.extension().is_none() => {
            Command::SaveImage(path.with_extension("png"))
        }
        Purpose::SaveImage => Command::SaveImage(path),
        Purpose::SaveSheet => Command::SaveSheet(path),
    }
}
