//! Which images a run learns from, and what is in their folder.

use std::path::{Path, PathBuf};

use datasets::{KnownDataset, inspect::Inspection};
use eframe::egui::{ColorImage, Grid, ProgressBar, TextEdit, TextureHandle, TextureOptions, Ui};
use image::RgbImage;

use crate::{
    state::{
        command::{Command, TrainCommand},
        train::{Images, Looked, TrainForm, Training},
    },
    theme,
    widgets::{self, caption, figure, segments, text_field, thousands},
};

/// At most so many classes and problems are listed.
const LISTED: usize = 12;
/// Pictures of the folder that are shown, and the longer side of each, in points.
const MOST_THUMBNAILS: usize = 20;
const THUMBNAIL: f32 = 48.0;

pub(super) fn ui(ui: &mut Ui, training: &mut Training, commands: &mut Vec<Command>) {
    widgets::title(ui, "Images");
    let known = KnownDataset::ALL.map(|dataset| (Images::Known(dataset), dataset.title()));
    let own = (Images::Folder, "Your folder");
    let choices = known.into_iter().chain([own]);
    let choices: Vec<_> = choices
        .map(|(choice, text)| (choice, text.to_owned()))
        .collect();
    ui.horizontal_wrapped(|ui| {
        if let Some(images) = segments(ui, training.form.images, choices) {
            training.form.images = images;
        }
    });
    match training.form.images {
        Images::Known(dataset) => known_set(ui, training, dataset, commands),
        Images::Folder => folder(ui, training, commands),
    }
}

fn known_set(ui: &mut Ui, training: &Training, dataset: KnownDataset, commands: &mut Vec<Command>) {
    if let Some(fetching) = &training.fetch {
        let text = format!("{}: {}", fetching.dataset.title(), fetching.text);
        ui.add(ProgressBar::new(fetching.share.unwrap_or(0.0)).text(text));
        if ui.button("Stop fetching").clicked() {
            commands.push(TrainCommand::CancelFetch.into());
        }
        return;
    }
    if training.known_folder().is_some() {
        let info = dataset.info();
        let text = format!("{} classes, images of {}.", info.classes(), info.shape);
        caption(ui, text);
        return;
    }
    if dataset.mirrors().is_empty() {
        let title = dataset.title();
        let files = dataset.files().iter().map(|file| file.name);
        let files = files.collect::<Vec<_>>().join(", ");
        let text = match training.data() {
            Some(data) => format!(
                "{title} is not here, and nobody serves it: put {files} into {}.",
                data.display()
            ),
            None => format!("{title} is not here, and nobody serves it."),
        };
        caption(ui, text);
        return;
    }
    ui.horizontal_wrapped(|ui| {
        if ui.button(format!("Fetch {}", dataset.title())).clicked() {
            commands.push(TrainCommand::Fetch.into());
        }
        if let Some(data) = training.data() {
            caption(ui, format!("into {}", data.display()));
        }
    });
}

fn folder(ui: &mut Ui, training: &mut Training, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        let width = (ui.available_width() - 150.0).max(80.0);
        let field = TextEdit::singleline(&mut training.form.folder)
            .hint_text("a folder of pictures")
            .desired_width(width);
        let field = text_field(ui, field).accessible_name("folder of images");
        let path = training.form.folder_path();
        let given = !path.as_os_str().is_empty();
        if field.lost_focus() && given && matches!(training.folder, Looked::No) {
            commands.push(TrainCommand::UseFolder(path.clone()).into());
        }
        let look = ui.add_enabled(given, eframe::egui::Button::new("Look"));
        if look.on_hover_text("See what is in it").clicked() {
            commands.push(TrainCommand::UseFolder(path).into());
        }
        if ui.button("Browse…").clicked() {
            commands.push(TrainCommand::AskForFolder.into());
        }
    });
    caption(
        ui,
        "Pictures, with a sub-folder a class or without classes; or arrays. Or drop a folder on the window.",
    );
}

/// A few pictures of the folder that was looked at, as textures.
#[derive(Default)]
pub(super) struct Thumbnails {
    /// Where they are from, and how many there were.
    of: (PathBuf, usize),
    textures: Vec<TextureHandle>,
}

impl Thumbnails {
    /// The first pictures of the classes, side by side.
    fn ui(&mut self, ui: &mut Ui, folder: &Path, found: &Inspection) {
        let of = (folder.to_owned(), found.len());
        if self.of != of {
            self.of = of;
            self.textures = of_each_class(found)
                .into_iter()
                .map(|picture| {
                    let size = [picture.width() as usize, picture.height() as usize];
                    let image = ColorImage::from_rgb(size, picture.as_raw());
                    let options = TextureOptions::LINEAR;
                    ui.ctx()
                        .load_texture("picture of the folder", image, options)
                })
                .collect();
        }
        ui.horizontal_wrapped(|ui| {
            for texture in &self.textures {
                let size = texture.size_vec2();
                let size = size * (THUMBNAIL / size.max_elem().max(1.0));
                ui.image((texture.id(), size));
            }
        });
    }
}

/// As many pictures as are shown, of each class in turn.
fn of_each_class(found: &Inspection) -> Vec<&RgbImage> {
    let classes = found.classes.len().max(1);
    let most = MOST_THUMBNAILS.div_ceil(classes);
    let mut shown = vec![0; classes];
    let mut chosen: Vec<(usize, &RgbImage)> = Vec::new();
    for (class, picture) in &found.thumbnails {
        let class = class.map_or(0, usize::from);
        if let Some(shown) = shown.get_mut(class).filter(|shown| **shown < most) {
            chosen.push((*shown, picture));
            *shown += 1;
        }
    }
    chosen.sort_by_key(|(turn, _)| *turn);
    let chosen = chosen.into_iter().take(MOST_THUMBNAILS);
    chosen.map(|(_, picture)| picture).collect()
}

/// The table of what was found in a folder.
pub(super) fn found(ui: &mut Ui, thumbnails: &mut Thumbnails, folder: &Looked, form: &TrainForm) {
    if form.images != Images::Folder {
        return;
    }
    match folder {
        Looked::No => {}
        Looked::Looking(path) => {
            caption(ui, format!("Looking at {}…", path.display()));
        }
        Looked::Found(path, Err(reason)) => {
            widgets::title(ui, "This folder cannot be used");
            caption(ui, format!("{}: {reason}", path.display()));
        }
        Looked::Found(path, Ok(found)) => {
            let name = path.file_name().unwrap_or(path.as_os_str());
            theme::card_frame(ui).show(ui, |ui| {
                widgets::title(ui, &name.to_string_lossy());
                caption(ui, found.heading());
                thumbnails.ui(ui, path, found);
                table(ui, found);
            });
            ui.add_space(theme::GROUP_GAP);
        }
    }
}

fn table(ui: &mut Ui, found: &Inspection) {
    for note in &found.notes {
        caption(ui, note.clone());
    }
    let table = Grid::new("what was found")
        .num_columns(2)
        .min_row_height(0.0)
        .spacing([24.0, 4.0]);
    table.show(ui, |ui| {
        for (name, [train, test]) in found.classes.iter().take(LISTED) {
            ui.label(name);
            figure(ui, thousands(train + test));
            ui.end_row();
        }
    });
    let more = found.classes.len().saturating_sub(LISTED);
    if more > 0 {
        caption(ui, format!("and {more} classes more"));
    }
    if found.classes.is_empty() {
        caption(
            ui,
            "No classes: what draws can be trained, but nothing that judges or is given a class.",
        );
    }
    let palette = theme::palette(ui);
    for (what, places) in found.problems() {
        let text = format!("{} {what}", places.len());
        let shown: Vec<&str> = places.iter().take(LISTED).map(String::as_str).collect();
        ui.colored_label(palette.warn, text)
            .on_hover_text(shown.join("\n"));
    }
}
