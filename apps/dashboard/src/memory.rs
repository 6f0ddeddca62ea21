//! What the window remembers from one start to the next.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf, absolute},
};

use clap::ValueEnum;
use datasets::{KnownDataset, Seed};
use eframe::egui::ThemePreference;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use studio::ModelSource;

use crate::{
    bookmarks::{self, BOOKMARKS},
    controls::{Controls, Space},
    keeper::Keeper,
    notebook::{NOTEBOOK, Notebook},
    store::{Kind, Trouble},
};

/// The file of the last session.
pub const SESSION: Kind = Kind {
    file: "session.ron",
    what: "session",
    version: 1,
};

/// Entries of each list of what was opened last.
const RECENT: usize = 8;

/// All that is kept of a window when it closes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    /// What was set.
    pub controls: Controls,
    /// The colours.
    pub theme: ThemeChoice,
    /// What was opened last.
    pub recent: Recent,
    /// Width and height of the window, in points.
    #[serde(default)]
    pub size: Option<(f32, f32)>,
}

/// Dark, light or as the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
pub enum ThemeChoice {
    /// Dark.
    Dark,
    /// Light.
    Light,
    /// As the system says.
    #[default]
    System,
}

/// What was opened last, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent {
    /// Folders of models.
    pub models: Vec<PathBuf>,
    /// Picture files.
    pub images: Vec<PathBuf>,
}

/// What was asked for when the program was started: it wins over what is remembered.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The model in front.
    pub model: Option<ModelSource>,
    /// The space in front.
    pub space: Option<Space>,
    /// The seed of random draws.
    pub seed: Option<Seed>,
    /// The colours.
    pub theme: Option<ThemeChoice>,
}

/// What a window starts with.
pub struct Recalled {
    /// What was remembered, or the first day's, with what was asked for.
    pub memory: Memory,
    /// What the person noted down.
    pub notebook: Notebook,
    /// Where this window will be remembered; `None` if it will not.
    pub keeping: Option<Place>,
    /// What went wrong, in plain words.
    pub trouble: Vec<String>,
}

/// Where a window is remembered.
pub struct Place {
    /// Writes the files.
    pub keeper: Keeper,
    /// The folder.
    pub folder: PathBuf,
    /// Whether the session is written, or stands in the way of a file that could not be moved.
    pub session: bool,
    /// The same for the bookmarks.
    pub bookmarks: bool,
    /// The same for the notebook.
    pub notebook: bool,
}

/// Reads what an earlier window left in `folder`. Without a folder nothing is read, and nothing will be written.
#[must_use]
pub fn recall(folder: Option<&Path>, given: &Given) -> Recalled {
    let Some(folder) = folder else {
        return Recalled {
            memory: Memory::first_day().with(given),
            // Nothing is kept of such a window, so the tour would come again and again.
            notebook: Notebook::after_the_tour(),
            keeping: None,
            trouble: Vec::new(),
        };
    };
    let mut trouble = Vec::new();
    let (memory, session) = read::<Memory>(folder, SESSION, &mut trouble);
    let (shelves, bookmarks) = read::<BTreeMap<_, _>>(folder, BOOKMARKS, &mut trouble);
    let (notes, notebook) = read::<Notebook>(folder, NOTEBOOK, &mut trouble);
    let mut memory = memory.unwrap_or_else(Memory::first_day).sound().with(given);
    memory.controls.bookmarks = bookmarks::shelves(shelves.unwrap_or_default());
    let keeper = Keeper::start().map_err(|reason| trouble.push(reason)).ok();
    Recalled {
        memory,
        notebook: notes.unwrap_or_default(),
        keeping: keeper.map(|keeper| Place {
            keeper,
            folder: folder.to_owned(),
            session,
            bookmarks,
            notebook,
        }),
        trouble,
    }
}

/// What is in a file, if it can be used, and whether it may be written.
fn read<T: DeserializeOwned>(
    folder: &Path,
    kind: Kind,
    trouble: &mut Vec<String>,
) -> (Option<T>, bool) {
    match kind.read(folder) {
        Ok(value) => (value, true),
        Err(Trouble { text, aside }) => {
            trouble.push(text);
            (None, aside)
        }
    }
}

impl Memory {
    /// A window that was never opened before.
    #[must_use]
    pub fn first_day() -> Self {
        Self {
            controls: Controls::new(
                ModelSource::Shipped(KnownDataset::Mnist),
                Space::Explore,
                Seed(0),
            ),
            theme: ThemeChoice::System,
            recent: Recent::default(),
            size: None,
        }
    }

    /// What somebody may have written into the file by hand is brought into range. Scenes are held against their models
    /// when these open.
    fn sound(mut self) -> Self {
        let opacity = &mut self.controls.view.opacity;
        *opacity = if opacity.is_finite() {
            opacity.clamp(0.0, 1.0)
        } else {
            0.5
        };
        self.controls.timeline = self.controls.timeline.sound();
        self.controls.layout = self.controls.layout.sound();
        let fits = |side: f32| (100.0..=20_000.0).contains(&side);
        self.size = self
            .size
            .filter(|&(width, height)| fits(width) && fits(height));
        self
    }

    fn with(mut self, given: &Given) -> Self {
        if let Some(model) = &given.model {
            self.controls.model = lasting(model.clone());
        }
        self.controls.space = given.space.unwrap_or(self.controls.space);
        self.theme = given.theme.unwrap_or(self.theme);
        if let Some(seed) = given.seed {
            self.controls.seed = seed;
            for scene in self.controls.scenes.values_mut() {
                (scene.seed, scene.anchors.seed) = (seed, seed);
            }
        }
        self
    }
}

/// The model under a name that also holds when the program is started from another folder.
#[must_use]
pub fn lasting(model: ModelSource) -> ModelSource {
    match model {
        ModelSource::Folder(path) => ModelSource::Folder(absolute(&path).unwrap_or(path)),
        shipped @ ModelSource::Shipped(_) => shipped,
    }
}

impl Recent {
    /// Notes that a model was opened. The shipped ones are always at hand.
    pub fn model(&mut self, model: &ModelSource) {
        if let ModelSource::Folder(folder) = model {
            push(&mut self.models, folder.clone());
        }
    }

    /// Notes that a picture was opened.
    pub fn image(&mut self, path: PathBuf) {
        push(&mut self.images, absolute(&path).unwrap_or(path));
    }
}

fn push(list: &mut Vec<PathBuf>, path: PathBuf) {
    list.retain(|old| *old != path);
    list.insert(0, path);
    list.truncate(RECENT);
}

impl From<ThemeChoice> for ThemePreference {
    fn from(choice: ThemeChoice) -> Self {
        match choice {
            ThemeChoice::Dark => Self::Dark,
            ThemeChoice::Light => Self::Light,
            ThemeChoice::System => Self::System,
        }
    }
}

impl From<ThemePreference> for ThemeChoice {
    fn from(preference: ThemePreference) -> Self {
        match preference {
            ThemePreference::Dark => Self::Dark,
            ThemePreference::Light => Self::Light,
            ThemePreference::System => Self::System,
        }
    }
}
