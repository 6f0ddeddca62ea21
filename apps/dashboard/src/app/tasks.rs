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

use datasets::Image;
use eframe::egui::{ColorImage, Context};
use studio::{ModelSource, Tsne, TsneSettings, tsne};

use super::export;
use crate::state::{
    command::Purpose, import::ImportDone, lesson::Library, sheet::Sheet, shown::Shown,
    train::TrainDone,
};

/// A piece of work that is done.
#[derive(Debug)]
pub enum Done {
    /// Something about the pictures in the tray.
    Import(ImportDone),
    /// The person's own lessons were read.
    Lessons(Library),
    /// An example was saved among them, and they were read again.
    Example(Result<(PathBuf, Library), String>),
    /// Something about training.
    Train(TrainDone),
    /// A film was written, or given up (false).
    Film(PathBuf, Result<bool, String>),
    /// A picture of the window, with where to save it and its recipe.
    Screenshot(PathBuf, String, Arc<ColorImage>),
    /// It could not even begin.
    Failed(String),
    /// An image was written.
    Saved(PathBuf, Result<(), String>),
    /// The image of a frame came from its device.
    OffDevice(ReadFor, Result<Image, String>),
    /// A path was chosen in the desktop's dialog.
    Chosen(Purpose, PathBuf),
    /// Whether there is a file of this name.
    Looked(PathBuf, bool),
    /// A name that is free, in place of one that was suggested.
    Free(PathBuf, PathBuf),
    /// How far the layout of a model's map is, from the thread with this flag.
    Unfolded(ModelSource, Arc<AtomicBool>, Tsne),
}

/// What the image of a frame is copied from its device for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadFor {
    /// To be copied to the clipboard.
    Clipboard,
    /// To be drawn on; which answer the frame is.
    Brush(u64),
}

impl From<TrainDone> for Done {
    fn from(done: TrainDone) -> Self {
        Self::Train(done)
    }
}

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

    /// Looks whether there is a file of this name.
    pub fn look(&self, ctx: &Context, path: PathBuf) {
        self.run(ctx, "look at the folder", move || {
            let taken = path.symlink_metadata().is_ok();
            Some(Done::Looked(path, taken))
        });
    }

    /// Looks for a name that is free, by counting up from the one that was suggested.
    pub fn find_free_name(&self, ctx: &Context, suggested: PathBuf) {
        self.run(ctx, "look at the folder", move || {
            let free = free_name(&suggested, |path| path.symlink_metadata().is_ok());
            Some(Done::Free(suggested, free))
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

    /// Reads the image of a frame from its device.
    pub fn read_from_device(&self, ctx: &Context, shown: Shown, read_for: ReadFor) {
        self.run(ctx, "read image from the device", move || {
            Some(Done::OffDevice(read_for, shown.image()))
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
                Purpose::OpenModel | Purpose::CompareModel | Purpose::TrainFolder => {
                    dialog.pick_folder()
                }
                Purpose::Save(shows) => dialog
                    .add_filter("Picture", &[if shows.moves() { "gif" } else { "png" }])
                    .set_file_name(name.unwrap_or_default())
                    .save_file(),
                Purpose::SaveSheet | Purpose::SaveRunFilm => {
                    dialog.set_file_name(name.unwrap_or_default()).save_file()
                }
            };
            path.map(|path| Done::Chosen(purpose, path))
        });
    }

    /// Does pieces of work one after the other on a thread of its own, until `next` has none. What each has done is seen at once.
    pub(super) fn run_each(
        &self,
        ctx: &Context,
        name: &str,
        mut next: impl FnMut() -> Option<Done> + Send + 'static,
    ) {
        let (sender, waker) = (self.sender.clone(), ctx.clone());
        self.run(ctx, name, move || {
            while let Some(done) = next() {
                // A window that has closed wants no more.
                if sender.send(done).is_err() {
                    break;
                }
                waker.request_repaint();
            }
            None
        });
    }

    /// Who takes what is done, for a thread that tells something now and then.
    pub(super) fn sender(&self) -> Sender<Done> {
        self.sender.clone()
    }

    /// Does some work on a thread of its own. `name` says in messages what could not be done.
    pub(super) fn run(
        &self,
        ctx: &Context,
        name: &str,
        work: impl FnOnce() -> Option<Done> + Send + 'static,
    ) {
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

/// `name.png`, `name-2.png`, `name-3.png`: the first of these that is not taken.
pub(super) fn free_name(suggested: &Path, taken: impl Fn(&Path) -> bool) -> PathBuf {
    let stem = suggested.file_stem().unwrap_or_default();
    let numbered = (2..).map(|number: u32| {
        let mut name = stem.to_owned();
        name.push(format!("-{number}"));
        if let Some(extension) = suggested.extension() {
            name.push(".");
            name.push(extension);
        }
        suggested.with_file_name(name)
    });
    std::iter::once(suggested.to_owned())
        .chain(numbered)
        .find(|path| !taken(path))
        .unwrap_or_else(|| suggested.to_owned())
}
