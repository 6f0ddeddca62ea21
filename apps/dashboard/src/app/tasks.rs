//! Work that would hold the window up: reading and writing files, and asking the desktop for one.

use std::{
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver, Sender},
    },
    thread,
};

use datasets::{Image, ImageShape, PictureWarning, Preparation, Prepared, inspect::Inspection};
use eframe::egui::{Color32, ColorImage, Context, Rect};
use image::{DynamicImage, RgbaImage};
use studio::{ModelSource, Tsne, TsneSettings, tsne};

use super::export;
use crate::{
    files::picture_file,
    state::{
        command::Purpose,
        recipe::Recipe,
        scene::InputImage,
        sheet::{Contents, Sheet},
        shown::Shown,
    },
};

/// A piece of work that is done.
#[derive(Debug)]
pub enum Done {
    /// An image was read, from a file if there is a path.
    Image(Option<PathBuf>, Result<ReadImage, String>),
    /// A folder of data was looked at: what is in it, in words.
    Inspected(Result<String, String>),
    /// A picture that carries its recipe was read.
    Recipe(PathBuf, Box<Recipe>),
    /// A film was written, or given up (false).
    Film(PathBuf, Result<bool, String>),
    /// A picture of the window, with where to save it and its recipe.
    Screenshot(PathBuf, String, Arc<ColorImage>),
    /// It could not even begin.
    Failed(String),
    /// An image was written.
    Saved(PathBuf, Result<(), String>),
    /// The image of a frame came from its device.
    OffDevice(Result<Image, String>),
    /// A path was chosen in the desktop's dialog.
    Chosen(Purpose, PathBuf),
    /// A part of the window was photographed.
    Photographed(Sheet),
    /// How far the layout of a model's map is, from the thread with this flag.
    Unfolded(ModelSource, Arc<AtomicBool>, Tsne),
}

/// An image, and what is in doubt about how it was found in its picture.
pub type ReadImage = (InputImage, Vec<PictureWarning>);

/// How a picture becomes an image of the model in front, and of which shape.
type Wanted = (Preparation, ImageShape);

const NO_MODEL: &str = "There is no model in front yet that the picture could be made ready for.";

/// Steps of t-SNE between two layouts that are shown.
const SHOWN_EVERY: usize = 25;

/// Threads at work, and what they have done.
pub struct Tasks {
    sender: Sender<Done>,
    receiver: Receiver<Done>,
}

impl Default for Tasks {
    fn default() -> Self {
        let (sender, receiver) = mpsc::channel();
        Self { sender, receiver }
    }
}

impl Tasks {
    /// What was done since the last call. Never waits.
    #[must_use]
    pub fn take_done(&self) -> Vec<Done> {
        self.receiver.try_iter().collect()
    }

    /// Reads the image at `path`, in the way and shape that are wanted. Without a model there is none, but a picture with a
    /// recipe may bring one.
    pub fn read_image(&self, ctx: &Context, path: PathBuf, wanted: Option<Wanted>) {
        self.run(ctx, "read image", move || {
            // A picture that this program made brings its scene back.
            let done = match picture_file::read_recipe(&path).map(|text| Recipe::parse(&text)) {
                Some(Ok(recipe)) => Done::Recipe(path, Box::new(recipe)),
                Some(Err(reason)) => {
                    let text = format!("The scene in {} cannot be used: {reason}", path.display());
                    Done::Image(Some(path), Err(text))
                }
                None => {
                    let image = wanted
                        .ok_or_else(|| NO_MODEL.to_owned())
                        .and_then(|wanted| read_image(&path, wanted));
                    Done::Image(Some(path), image)
                }
            };
            Some(done)
        });
    }

    /// Looks at a folder of pictures or arrays, and says what is in it.
    pub fn inspect(&self, ctx: &Context, folder: PathBuf) {
        self.run(ctx, "look at the folder", move || {
            let found = datasets::inspect::inspect(&folder);
            let words = found.map(|found| in_words(&folder, &found));
            Some(Done::Inspected(words.map_err(|error| error.to_string())))
        });
    }

    /// Writes a file.
    pub fn save(
        &self,
        ctx: &Context,
        path: PathBuf,
        write: impl FnOnce(&Path) -> Result<(), String> + Send + 'static,
    ) {
        self.run(ctx, "save", move || {
            let saved = write(&path);
            Some(Done::Saved(path, saved))
        });
    }

    /// Writes a film; false if it was given up.
    pub fn make_film(
        &self,
        ctx: &Context,
        path: PathBuf,
        write: impl FnOnce(&Path) -> Result<bool, String> + Send + 'static,
    ) {
        self.run(ctx, "make a film", move || {
            let written = write(&path);
            Some(Done::Film(path, written))
        });
    }

    /// Takes a picture of the window as it will be painted next, for a file with this recipe.
    pub fn screenshot(&self, ctx: &Context, path: PathBuf, recipe: String) {
        let (sender, waker) = (self.sender.clone(), ctx.clone());
        ctx.request_screenshot(move |image| {
            // The window may have closed meanwhile; then nobody waits for this.
            let _ = sender.send(Done::Screenshot(path, recipe, image));
            waker.request_repaint();
        });
    }

    /// Writes a plot to `path`.
    pub fn save_sheet(&self, ctx: &Context, path: PathBuf, sheet: Sheet) {
        self.run(ctx, "save plot", move || {
            let saved = export::save_sheet(&path, &sheet).map_err(|error| format!("{error:#}"));
            Some(Done::Saved(path, saved))
        });
    }

    /// Takes a picture of a part of the window, once the next frame is painted.
    pub fn photograph(&self, ctx: &Context, name: String, rect: Rect) {
        let (sender, again) = (self.sender.clone(), ctx.clone());
        let (rect, scale) = (rect.intersect(ctx.content_rect()), ctx.pixels_per_point());
        ctx.request_screenshot(move |window| {
            let contents = Contents::Picture(window.region(&rect, Some(scale)).into());
            // The window may have closed meanwhile; then nobody waits for this.
            let _ = sender.send(Done::Photographed(Sheet { name, contents }));
            again.request_repaint();
        });
    }

    /// Reads the image of a frame from its device.
    pub fn read_from_device(&self, ctx: &Context, shown: Shown) {
        self.run(ctx, "read image from the device", move || {
            Some(Done::OffDevice(shown.image()))
        });
    }

    /// Makes an image of a picture from the clipboard.
    pub fn read_pasted(&self, ctx: &Context, picture: Arc<ColorImage>, wanted: Wanted) {
        self.run(ctx, "read the pasted image", move || {
            Some(Done::Image(None, read_pasted(&picture, wanted)))
        });
    }

    /// Lays the points of a model's map out by t-SNE. A layout comes every few steps, until `cancelled` is set.
    pub fn unfold(
        &self,
        ctx: &Context,
        model: ModelSource,
        points: Vec<Vec<f32>>,
        cancelled: Arc<AtomicBool>,
    ) {
        let (sender, waker) = (self.sender.clone(), ctx.clone());
        self.run(ctx, "lay the map out", move || {
            tsne(&points, &TsneSettings::default(), SHOWN_EVERY, |at| {
                let news = Done::Unfolded(model.clone(), Arc::clone(&cancelled), at.clone());
                // A window that has closed wants no more layouts.
                if cancelled.load(Ordering::Relaxed) || sender.send(news).is_err() {
                    return ControlFlow::Break(());
                }
                waker.request_repaint();
                ControlFlow::Continue(())
            });
            None
        });
    }

    /// Shows the desktop's own dialog. Nothing comes back if the person cancels it, or if the desktop has none.
    pub fn browse(&self, ctx: &Context, purpose: Purpose, suggestion: &Path) {
        let folder = suggestion.parent().map(Path::to_owned);
        let name = suggestion
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        self.run(ctx, "file dialog", move || {
            let mut dialog = rfd::FileDialog::new();
            if let Some(folder) = folder.filter(|folder| folder.is_dir()) {
                dialog = dialog.set_directory(folder);
            }
            let path = match purpose {
                Purpose::OpenImage => dialog
                    .add_filter("Images", &["png", "jpg", "jpeg", "bmp", "gif", "webp"])
                    .pick_file(),
                Purpose::OpenModel | Purpose::CompareModel => dialog.pick_folder(),
                Purpose::Save(shows) => dialog
                    .add_filter("Picture", &[if shows.moves() { "gif" } else { "png" }])
                    .set_file_name(name.unwrap_or_default())
                    .save_file(),
                Purpose::SaveSheet => dialog.set_file_name(name.unwrap_or_default()).save_file(),
            };
            path.map(|path| Done::Chosen(purpose, path))
        });
    }

    fn run(&self, ctx: &Context, name: &str, work: impl FnOnce() -> Option<Done> + Send + 'static) {
        let (sender, ctx) = (self.sender.clone(), ctx.clone());
        let task_name = name.to_owned();
        let task = move || {
            // A panic of a thread that nobody waits for would be a piece of work that never ends.
            let done = catch_unwind(AssertUnwindSafe(work));
            let panicked = |_| {
                Some(Done::Failed(format!(
                    "could not {task_name}: this is a bug, please report it"
                )))
            };
            if let Some(done) = done.unwrap_or_else(panicked) {
                // The window may have closed meanwhile; then nobody waits for this.
                let _ = sender.send(done);
                ctx.request_repaint();
            }
        };
        if let Err(error) = thread::Builder::new().name(name.to_owned()).spawn(task) {
            let _ = self
                .sender
                .send(Done::Failed(format!("could not {name}: {error}")));
        }
    }
}

fn read_image(path: &Path, (how, shape): Wanted) -> Result<ReadImage, String> {
    let prepared = datasets::user_image(path, how, shape).map_err(|error| error.to_string())?;
    let name = path.file_name().unwrap_or(path.as_os_str());
    Ok(input(name.to_string_lossy().into_owned(), prepared))
}

fn read_pasted(picture: &ColorImage, (how, shape): Wanted) -> Result<ReadImage, String> {
    let [width, height] = picture.size.map(|side| side as u32);
    let bytes = picture.pixels.iter();
    let bytes = bytes.flat_map(Color32::to_srgba_unmultiplied);
    let picture = RgbaImage::from_raw(width, height, bytes.collect())
        .ok_or("the clipboard's image is damaged; copy it again")?;
    let prepared = datasets::prepare(&DynamicImage::ImageRgba8(picture), how, shape)
        .map_err(|error| error.to_string())?;
    Ok(input("Pasted image".to_owned(), prepared))
}

/// At most so many classes are named in a notice.
const NAMED: usize = 12;

fn in_words(folder: &Path, found: &Inspection) -> String {
    let name = folder.file_name().unwrap_or(folder.as_os_str());
    let mut lines = vec![format!("{}: {}.", name.to_string_lossy(), found.heading())];
    if !found.classes.is_empty() {
        let named = found.classes.iter().take(NAMED);
        let named = named.map(|(name, [train, test])| format!("{name} {}", train + test));
        let rest = found.classes.len().saturating_sub(NAMED);
        let rest = if rest > 0 {
            format!(" and {rest} more")
        } else {
            String::new()
        };
        let named = named.collect::<Vec<_>>().join(", ");
        lines.push(format!("{} classes: {named}{rest}.", found.classes.len()));
    }
    let problems = found.problems().into_iter();
    lines.extend(problems.map(|(what, places)| format!("{} {what}.", places.len())));
    lines.push(
        "The command line trains on it: latent-lens train, with --data and this folder.".to_owned(),
    );
    lines.join("\n")
}

fn input(name: String, prepared: Prepared) -> ReadImage {
    let image = InputImage {
        name,
        label: None,
        encoded_as: None,
        image: prepared.image,
    };
    (image, prepared.warnings)
}
