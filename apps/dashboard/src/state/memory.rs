//! What the window remembers from one start to the next.

use std::path::{PathBuf, absolute};

use clap::ValueEnum;
use datasets::Seed;
use eframe::egui::ThemePreference;
use serde::{Deserialize, Serialize};
use studio::ModelSource;

use super::{
    controls::{Controls, Space},
    sources::{self, lasting},
    zoom::Zoom,
};
use crate::files::{
    parts::{Kept, Part},
    store::Kind,
};

/// The file of the last session.
pub const SESSION: Kind = Kind {
    file: "session.ron",
    what: "session",
    version: 2,
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
    /// Width and height of the window, in points of the screen, whatever the zoom.
    #[serde(default)]
    pub size: Option<(f32, f32)>,
    /// How large everything is drawn.
    #[serde(default)]
    pub zoom: Zoom,
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
    #[serde(with = "::files::path_text::list")]
    pub models: Vec<PathBuf>,
    /// Picture files.
    #[serde(with = "::files::path_text::list")]
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

/// The same in pieces.
#[derive(Default, Deserialize)]
#[serde(rename = "Memory", default)]
struct MemoryParts {
    controls: Part,
    theme: Part,
    recent: Part,
    size: Part,
    zoom: Part,
}

/// What was set, in pieces.
#[derive(Default, Deserialize)]
#[serde(rename = "Controls", default)]
struct ControlsParts {
    model: Part,
    space: Part,
    seed: Part,
    scenes: Part,
    view: Part,
    timeline: Part,
    judges: Part,
    counterfactual: Part,
    class_strip: Part,
    compare: Part,
    map: Part,
    nearest: Part,
    layout: Part,
    pad_unfolded: Part,
    history_unfolded: Part,
}

impl Kept for Memory {
    fn sound_parts(text: &str) -> Option<Self> {
        let parts: MemoryParts = ron::from_str(text).ok()?;
        let mut memory = Self::first_day();
        parts.theme.put_into(&mut memory.theme);
        parts.recent.put_into(&mut memory.recent);
        parts.size.put_into(&mut memory.size);
        parts.zoom.put_into(&mut memory.zoom);
        let controls: ControlsParts = parts.controls.read().unwrap_or_default();
        controls.put_into(&mut memory.controls);
        Some(memory)
    }
}

impl ControlsParts {
    fn put_into(&self, controls: &mut Controls) {
        self.model.put_into(&mut controls.model);
        self.space.put_into(&mut controls.space);
        self.seed.put_into(&mut controls.seed);
        self.view.put_into(&mut controls.view);
        self.timeline.put_into(&mut controls.timeline);
        self.counterfactual.put_into(&mut controls.counterfactual);
        self.class_strip.put_into(&mut controls.class_strip);
        self.compare.put_into(&mut controls.compare);
        self.map.put_into(&mut controls.map);
        self.nearest.put_into(&mut controls.nearest);
        self.layout.put_into(&mut controls.layout);
        self.pad_unfolded.put_into(&mut controls.pad_unfolded);
        self.history_unfolded
            .put_into(&mut controls.history_unfolded);
        controls.scenes = self.scenes.entries();
        controls.judges = self.judges.entries();
    }
}

impl Memory {
    /// A window that was never opened before.
    #[must_use]
    pub fn first_day() -> Self {
        Self {
            controls: Controls::new(sources::first(), Space::Explore, Seed(0)),
            theme: ThemeChoice::System,
            recent: Recent::default(),
            size: None,
            zoom: Zoom::default(),
        }
    }

    /// What somebody may have written into the file by hand is brought into range. Scenes are held against their models
    /// when these open.
    #[must_use]
    pub fn sound(mut self) -> Self {
        let opacity = &mut self.controls.view.opacity;
        *opacity = if opacity.is_finite() {
            opacity.clamp(0.0, 1.0)
        } else {
            0.5
        };
        self.controls.timeline = self.controls.timeline.sound();
        self.controls.layout = self.controls.layout.sound();
        let families = std::mem::take(&mut self.controls.compare.families);
        self.controls.compare.families = families.sound();
        self.zoom = self.zoom.sound();
        let fits = |side: f32| (100.0..=20_000.0).contains(&side);
        self.size = self
            .size
            .filter(|&(width, height)| fits(width) && fits(height));
        self
    }

    /// What was asked for wins.
    #[must_use]
    pub fn with(mut self, given: &Given) -> Self {
        if let Some(model) = &given.model {
            self.controls.model = lasting(model.clone());
        }
        self.controls.space = given.space.unwrap_or(self.controls.space);
        self.theme = given.theme.unwrap_or(self.theme);
        if let Some(seed) = given.seed {
            self.controls.seed = seed;
            self.controls.compare.families.seed = seed;
            for scene in self.controls.scenes.values_mut() {
                (scene.seed, scene.anchors.seed) = (seed, seed);
            }
        }
        self
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
