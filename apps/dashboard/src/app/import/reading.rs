//! What takes too long for the window: reading pictures, making small ones of them, and making one ready for a model.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use datasets::{Adjustments, Region};
use eframe::egui::{Color32, ColorImage, Context};
use image::{DynamicImage, RgbaImage};

use crate::{
    app::tasks::{Done, Tasks},
    files::picture_file,
    state::{
        import::{Answer, ImportDone, Question, Source, Tile, Turned},
        recipe::Recipe,
    },
};

/// The longer side of a picture in the tray, in pixels.
const THUMBNAIL: u32 = 128;

/// The longer side of the picture in the card, in pixels.
const VIEW: u32 = 1_600;

/// Reads a picture.
pub(super) fn read(tasks: &Tasks, ctx: &Context, number: u64, source: Source) {
    tasks.run(ctx, "read image", move || {
        Some(Done::Import(match scene_in(&source) {
            // A picture that this program made brings its scene back.
            Some((path, Ok(recipe))) => ImportDone::Scene(number, path, recipe),
            Some((path, Err(reason))) => {
                let text = format!("The scene in {} cannot be used: {reason}", path.display());
                ImportDone::Read(number, Err(text))
            }
            None => ImportDone::Read(number, picture_of(&source).map(Box::new)),
        }))
    });
}

/// Looks at pictures for the tray, one after the other.
pub(super) fn look_at(tasks: &Tasks, ctx: &Context, pictures: Vec<(u64, Source)>) {
    let mut left = pictures.into_iter();
    tasks.run_each(ctx, "look at the pictures", move || {
        let (number, source) = left.next()?;
        let tile = match (scene_in(&source), picture_of(&source)) {
            (Some(_), _) => Tile::Scene,
            (None, Ok(picture)) => Tile::Thumbnail(Arc::new(on_screen(&picture, THUMBNAIL))),
            (None, Err(reason)) => Tile::Unreadable(reason),
        };
        Some(Done::Import(ImportDone::Looked(number, tile)))
    });
}

/// Turns a picture and makes it ready.
pub(super) fn make_ready(tasks: &Tasks, ctx: &Context, question: Question) {
    tasks.run(ctx, "make the picture ready", move || {
        let answer = answer(question);
        Some(Done::Import(ImportDone::Ready(Box::new(answer))))
    });
}

fn answer(question: Question) -> Answer {
    let Question {
        number,
        picture,
        turned,
        adjustments,
        wanted,
    } = question;
    let kept = turned.filter(|turned| turned.is_of(&adjustments));
    let turned = kept.unwrap_or_else(|| turn(&picture, &adjustments));
    let (preparation, shape) = wanted;
    let prepared = datasets::prepare_turned(&turned.picture, &adjustments, preparation, shape);
    Answer {
        number,
        turned,
        adjustments,
        wanted,
        prepared: prepared.map_err(|error| error.to_string()),
    }
}

fn turn(picture: &Arc<DynamicImage>, adjustments: &Adjustments) -> Turned {
    let turned = if adjustments.is_upright() {
        Arc::clone(picture)
    } else {
        Arc::new(adjustments.turn(picture).into_owned())
    };
    Turned {
        quarter_turns: adjustments.quarter_turns,
        tilt: adjustments.tilt,
        view: Arc::new(on_screen(&turned, VIEW)),
        picture: turned,
    }
}

/// The scene in a file that this program wrote.
fn scene_in(source: &Source) -> Option<(PathBuf, Result<Box<Recipe>, String>)> {
    let Source::File(path) = source else {
        return None;
    };
    let text = picture_file::read_recipe(path)?;
    Some((path.clone(), Recipe::parse(&text).map(Box::new)))
}

fn picture_of(source: &Source) -> Result<DynamicImage, String> {
    match source {
        Source::File(path) => from_file(path),
        Source::Clipboard(picture) => from_clipboard(picture),
    }
}

fn from_file(path: &Path) -> Result<DynamicImage, String> {
    datasets::read_picture(path).map_err(|error| error.to_string())
}

fn from_clipboard(picture: &ColorImage) -> Result<DynamicImage, String> {
    let [width, height] = picture.size.map(|side| side as u32);
    let bytes = picture.pixels.iter();
    let bytes = bytes.flat_map(Color32::to_srgba_unmultiplied);
    let picture = RgbaImage::from_raw(width, height, bytes.collect());
    let picture = picture.filter(|_| Region::whole(width, height).within(width, height).is_some());
    let picture = picture.ok_or("the clipboard's image is damaged or empty; copy it again")?;
    Ok(picture.into())
}

/// A picture for the screen, whose longer side has at most so many pixels.
fn on_screen(picture: &DynamicImage, longer: u32) -> ColorImage {
    let small = if picture.width().max(picture.height()) > longer {
        picture.thumbnail(longer, longer).to_rgba8()
    } else {
        picture.to_rgba8()
    };
    let size = [small.width() as usize, small.height() as usize];
    ColorImage::from_rgba_unmultiplied(size, small.as_raw())
}
