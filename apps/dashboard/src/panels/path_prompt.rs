//! Asks for a path. Typing one works everywhere; "Browse…" shows the desktop's own dialog where there is one. What is there already
//! is replaced only by a person who was told of it.

use std::path::{Path, PathBuf};

use datasets::ImageShape;
use eframe::egui::{Align2, Button, Context, Key, TextEdit, Ui, Window};

use crate::{
    state::{
        command::{Command, CompareCommand, FileCommand, ModelCommand, Purpose, TrainCommand},
        pasted,
        recipe::PictureKind,
    },
    theme,
    widgets::{caption, number_field, segments, text_field},
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
    /// Whether a heatmap can lie on it.
    has_heatmap: bool,
    /// The first answer, until it is known whether there is a file of that name.
    suggested: Option<String>,
    /// The path whose file would be replaced, which the person was told.
    taken: Option<PathBuf>,
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
    /// Gave a path for something new: whether anything is there has to be looked up.
    Look(PathBuf),
    /// Gave a path, and knows what is there.
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
            has_heatmap: false,
            suggested: None,
            taken: None,
            fresh: true,
        }
    }

    /// A question where to save, whose first answer gives way to a free name as long as nobody has changed it.
    #[must_use]
    pub fn to_save(purpose: Purpose, suggestion: &Path) -> Self {
        let text = suggestion.display().to_string();
        Self {
            suggested: Some(text.clone()),
            ..Self::new(purpose, text)
        }
    }

    /// Takes note of the name that is free, in place of `suggestion`.
    pub fn take_free_name(&mut self, suggestion: &Path, free: &Path) {
        let suggested = self.suggested.take();
        if suggested.as_deref() == Some(&*self.text) && Path::new(&self.text) == suggestion {
            self.text = free.display().to_string();
        }
    }

    /// Takes note of whether there is a file at a path that was given. If there is none, this is what to do.
    pub fn take_look(&mut self, path: PathBuf, taken: bool) -> Option<Command> {
        if self.target() != path {
            return None;
        }
        if taken {
            self.taken = Some(path);
            return None;
        }
        Some(self.command())
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

    /// For the picture in front: whether its heatmap is on the screen, and so at first in the file; `None` if it has none.
    #[must_use]
    pub fn with_heatmap(mut self, on_screen: Option<bool>) -> Self {
        if self.purpose == Purpose::Save(PictureKind::Image) {
            self.has_heatmap = on_screen.is_some();
            if on_screen == Some(true) {
                self.purpose = Purpose::Save(PictureKind::Overlay);
            }
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
                "CSV holds its numbers, PNG and SVG its picture",
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
            let field = TextEdit::singleline(&mut self.text)
                .hint_text("path")
                .desired_width(f32::INFINITY);
            let field = text_field(ui, field);
            let field = field.accessible_name("path");
            if self.fresh {
                field.request_focus();
                self.fresh = false;
            }
            if let (Purpose::Save(shows), Some(shape)) = (self.purpose, self.shape)
                && shows != PictureKind::Window
            {
                if self.has_heatmap {
                    self.purpose = Purpose::Save(heatmap_choice(ui, shows));
                }
                scale_field(ui, shows, shape, &mut self.scale);
            }
            let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            let target = self.target();
            let replaces = self.taken.as_ref() == Some(&target);
            if replaces {
                let name = target.file_name().unwrap_or(target.as_os_str());
                let text = format!("There is a {} already.", name.display());
                ui.colored_label(theme::palette(ui).bad, text);
            }
            ui.add_space(theme::GAP);
            ui.horizontal(|ui| {
                let given = !target.as_os_str().is_empty();
                let verb = if replaces { "Replace it" } else { verb };
                let pressed = ui.add_enabled(given, Button::new(verb)).clicked();
                // Enter saves; it does not replace.
                if pressed || (entered && given && !replaces) {
                    choice = if self.purpose.saves() && !replaces {
                        Choice::Look(target)
                    } else {
                        Choice::Done(self.command())
                    };
                }
                if ui.button("Browse…").clicked() {
                    choice = Choice::Browse(self.path());
                }
                if ui.button("Cancel").clicked() || ui.input(|input| input.key_pressed(Key::Escape))
                {
                    choice = Choice::Cancel;
                }
            });
        });
        choice
    }

    fn path(&self) -> PathBuf {
        pasted::path(&self.text)
    }

    /// The path with the ending that it gets.
    fn target(&self) -> PathBuf {
        completed(self.purpose, self.path())
    }

    fn command(&self) -> Command {
        command(self.purpose, self.path(), self.scale)
    }
}

/// A path with the ending of its kind of picture, if it has none.
#[must_use]
pub fn completed(purpose: Purpose, path: PathBuf) -> PathBuf {
    match purpose {
        Purpose::Save(shows) if path.extension().is_none() && path.file_name().is_some() => {
            path.with_extension(if shows.moves() { "gif" } else { "png" })
        }
        _ => path,
    }
}

fn saving(shows: PictureKind) -> &'static str {
    match shows {
        PictureKind::Image | PictureKind::Overlay | PictureKind::Beside => "Save the image",
        PictureKind::Grid => "Save the grid of samples",
        PictureKind::Window => "Save a picture of the window",
        PictureKind::Pad => "Save the sheet of the pad",
        PictureKind::Morph => "Save the morph",
        PictureKind::Traversal => "Save the walk",
        PictureKind::Show => "Save the show",
    }
}

/// Whether the heatmap is in the file.
fn heatmap_choice(ui: &mut Ui, shows: PictureKind) -> PictureKind {
    let choices = [
        (PictureKind::Image, "Image"),
        (PictureKind::Overlay, "With heatmap"),
        (PictureKind::Beside, "Both"),
    ];
    let choices = choices.map(|(kind, text)| (kind, text.to_owned()));
    segments(ui, shows, choices).unwrap_or(shows)
}

fn scale_field(ui: &mut Ui, shows: PictureKind, shape: ImageShape, scale: &mut usize) {
    let [of_grid, of_image] = LARGEST_SIDES.map(|side| side / shape.square_side());
    let largest = if shows.is_sheet() { of_grid } else { of_image };
    let largest = largest.min(recipe::MOST_SCALE as usize);
    ui.horizontal(|ui| {
        ui.label("Scale")
            .on_hover_text("Screen pixels a side for each pixel of the image");
        ui.add(number_field(scale).range(1..=largest).speed(0.1))
            .accessible_name("scale");
        if !shows.is_sheet() {
            // Two images, with the gap of a sheet between them.
            let across = match shows {
                PictureKind::Beside => 2 * shape.width() + 2,
                _ => shape.width(),
            };
            let (width, height) = (across * *scale, shape.height() * *scale);
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
            let path = completed(purpose, path);
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
