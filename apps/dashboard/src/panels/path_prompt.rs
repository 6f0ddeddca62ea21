//! Asks for a path. Typing one works everywhere; "Browse…" shows the desktop's own dialog where there is one.

use std::path::PathBuf;

use datasets::ImageShape;
use eframe::egui::{Align2, Context, DragValue, Key, TextEdit, Ui, Window};

use crate::{
    state::{
        command::{Command, CompareCommand, FileCommand, ModelCommand, Purpose, TrainCommand},
        recipe::PictureKind,
    },
    theme,
    widgets::caption,
};

/// Screen pixels a side of an image at most, in a grid and alone: so a grid of a hundred samples has less than 5,000. The
/// recipe of a picture keeps no more than `MOST_SCALE` a pixel.
const LARGEST_SIDES: [usize; 2] = [448, 1_792];

/// A question for a path that is open.
#[derive(Clone, Debug)]
pub struct PathPrompt {
    /// What the path is for.
    pub purpose: Purpose,
    /// What was typed so far.
    pub text: String,
    /// Screen pixels a pixel of a picture to save.
    pub scale: usize,
    /// The shape of the images in it.
    shape: Option<ImageShape>,
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
            scale: 1,
            shape: None,
            fresh: true,
        }
    }

    /// For a picture of images of this shape: how much to enlarge them can be set.
    #[must_use]
    pub fn of_images(mut self, shape: Option<ImageShape>) -> Self {
        self.shape = shape;
        if let (Purpose::Save(shows), Some(shape)) = (self.purpose, shape) {
            self.scale = shows.usual_scale(shape);
        }
        self
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
            Purpose::CompareModel => (
                "Open a model to compare with",
                "Open",
                "A folder that latent-lens trained",
            ),
            Purpose::Save(shows) => (
                saving(shows),
                "Save",
                if shows.moves() {
                    "A GIF file. It carries its scene: open it to have that back"
                } else {
                    "A PNG file. It carries its scene: open it to have that back"
                },
            ),
            Purpose::SaveSheet => (
                "Save the plot",
                "Save",
                "CSV holds its numbers, PNG its picture",
            ),
            Purpose::TrainFolder => (
                "Train on a folder",
                "Choose",
                "Pictures, with a sub-folder a class or without classes; or arrays",
            ),
            Purpose::SaveRunFilm => ("Save the pictures of the run", "Save", "A GIF file"),
        };
        let mut choice = Choice::Open;
        let window = Window::new(title)
            .anchor(Align2::CENTER_CENTER, [0.0, -60.0])
            .collapsible(false)
            .resizable(false);
        window.show(ctx, |ui| {
            ui.set_width(theme::at_most(ctx, 460.0));
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
            if let (Purpose::Save(shows), Some(shape)) = (self.purpose, self.shape)
                && shows != PictureKind::Window
            {
                scale_field(ui, shows, shape, &mut self.scale);
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
        command(self.purpose, self.path(), self.scale)
    }
}

fn saving(shows: PictureKind) -> &'static str {
    match shows {
        PictureKind::Image => "Save the image",
        PictureKind::Grid => "Save the grid of samples",
        PictureKind::Window => "Save a picture of the window",
        PictureKind::Morph => "Save the morph",
        PictureKind::Traversal => "Save the walk",
        PictureKind::Show => "Save the show",
    }
}

fn scale_field(ui: &mut Ui, shows: PictureKind, shape: ImageShape, scale: &mut usize) {
    let [of_grid, of_image] = LARGEST_SIDES.map(|side| side / shape.square_side());
    let largest = if shows == PictureKind::Grid {
        of_grid
    } else {
        of_image
    };
    let largest = largest.min(recipe::MOST_SCALE as usize);
    ui.horizontal(|ui| {
        ui.label("Screen pixels a pixel");
        ui.add(DragValue::new(scale).range(1..=largest).speed(0.1))
            .accessible_name("scale");
        if shows != PictureKind::Grid {
            let (width, height) = (shape.width() * *scale, shape.height() * *scale);
            caption(ui, format!("{width} × {height}"));
        }
    });
}

/// What to do with a path that was given; `scale` is for a picture to save.
#[must_use]
pub fn command(purpose: Purpose, path: PathBuf, scale: usize) -> Command {
    match purpose {
        Purpose::OpenImage => Command::File(FileCommand::OpenImage(path)),
        Purpose::OpenModel => Command::Model(ModelCommand::Open(studio::ModelSource::Folder(path))),
        Purpose::CompareModel => {
            let model = studio::ModelSource::Folder(path);
            Command::Compare(CompareCommand::Model(model))
        }
        Purpose::Save(shows) => {
            let path = if path.extension().is_some() {
                path
            } else {
                path.with_extension(if shows.moves() { "gif" } else { "png" })
            };
            Command::File(FileCommand::Save(shows, path, scale))
        }
        Purpose::SaveSheet => Command::File(FileCommand::SaveSheet(path)),
        Purpose::TrainFolder => Command::Train(TrainCommand::UseFolder(path)),
        Purpose::SaveRunFilm => {
            let path = if path.extension().is_some() {
                path
            } else {
                path.with_extension("gif")
            };
            Command::Train(TrainCommand::SaveFilm(path))
        }
    }
}
