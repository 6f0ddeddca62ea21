//! Scenes that a person kept, for each model.

use std::{collections::BTreeMap, sync::Arc};

use datasets::ClassId;
use serde::{Deserialize, Serialize};
use studio::{Manifest, ModelSource, VaePart};

use crate::{
    controls::{Controls, Scene, Start},
    soundness,
    store::Kind,
    timeline::Stop,
};

/// The file of all bookmarks.
pub const BOOKMARKS: Kind = Kind {
    file: "bookmarks.ron",
    what: "bookmarks",
    version: 1,
};

/// Longest name, in characters.
pub const LONGEST_NAME: usize = 60;

/// A scene with a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bookmark {
    /// What to call it.
    pub name: String,
    /// What it brings back.
    pub scene: Scene,
}

/// The bookmarks of one model, in the order of the show. Shared with the steps of undo.
pub type Shelf = Arc<Vec<Bookmark>>;

/// The bookmarks of every model.
pub type Bookmarks = BTreeMap<ModelSource, Shelf>;

/// As [`BOOKMARKS`] holds them.
#[must_use]
pub fn lists(shelves: &Bookmarks) -> BTreeMap<ModelSource, Vec<Bookmark>> {
    let kept = shelves.iter().filter(|(_, shelf)| !shelf.is_empty());
    kept.map(|(model, shelf)| (model.clone(), shelf.to_vec()))
        .collect()
}

/// As the window holds them.
#[must_use]
pub fn shelves(lists: BTreeMap<ModelSource, Vec<Bookmark>>) -> Bookmarks {
    let shelf = |(model, list)| (model, Arc::new(list));
    lists.into_iter().map(shelf).collect()
}

/// A short first name for a bookmark of a scene: it has to fit under a small picture.
#[must_use]
pub fn first_name(scene: &Scene, manifest: &Manifest) -> String {
    let name = |class: ClassId| manifest.class_name(class);
    let between = |from: &str, to: &str, t: f32| match t {
        0.0 => from.to_owned(),
        t => format!("{from}–{to} {:.0} %", t * 100.0),
    };
    let origin = match &scene.start {
        Start::Anchor(class) => name(*class),
        Start::Sample { class, index } => format!("{} #{}", name(*class), index + 1),
        Start::Morph { from, to, t } => between(&name(*from), &name(*to), *t),
        Start::Between { from, to, t, .. } => between(from, to, *t),
        Start::Towards { class, t } => format!("{:.0} % to {}", t * 100.0, name(*class)),
        Start::Image(image) => image.name.clone(),
        Start::Prior(seed) => format!("seed {seed}"),
        Start::Center => "mean".to_owned(),
        Start::Group { count } => format!("mean of {count}"),
    };
    let edited = if scene.edited() { ", edited" } else { "" };
    let name = format!("{origin}{edited}");
    name.chars().take(LONGEST_NAME).collect()
}

impl Controls {
    /// The bookmarks of the model in front.
    #[must_use]
    pub fn shelf(&self) -> Shelf {
        self.bookmarks.get(&self.model).cloned().unwrap_or_default()
    }

    /// Those of the model in front that can be gone to, each with its place in the list. Others stay in the file: they
    /// belong to a model that was in this folder before.
    pub fn bookmarks_that_fit<'a>(
        &'a self,
        vae: &'a VaePart,
    ) -> impl Iterator<Item = (usize, &'a Bookmark)> {
        let shelf = self.bookmarks.get(&self.model);
        let all = shelf.into_iter().flat_map(|shelf| shelf.iter().enumerate());
        all.filter(|(_, kept)| soundness::fits(&kept.scene, vae))
    }

    /// Keeps the scene in front under a name, after the others.
    pub fn add_bookmark(&mut self, name: String) {
        let Some(scene) = self.scene().cloned() else {
            return;
        };
        let shelf = Arc::make_mut(self.bookmarks.entry(self.model.clone()).or_default());
        shelf.push(Bookmark { name, scene });
        self.timeline.bookmark = Some(shelf.len() - 1);
    }

    /// Keeps the stops of a show that no bookmark is at, each with what is set in `scene`; how many these were.
    pub fn add_stops(&mut self, stops: &[Stop], scene: &Scene) -> usize {
        let shelf = Arc::make_mut(self.bookmarks.entry(self.model.clone()).or_default());
        let before = shelf.len();
        for stop in stops {
            if shelf.iter().any(|kept| kept.scene.latent == stop.latent) {
                continue;
            }
            let mut scene = scene.clone();
            let start = Start::Between {
                from: stop.name.clone(),
                to: stop.name.clone(),
                t: 0.0,
                class: stop.class,
            };
            scene.go(stop.latent.clone(), start);
            let name = stop.name.clone();
            shelf.push(Bookmark { name, scene });
        }
        shelf.len() - before
    }

    /// Gives a bookmark another name. Nothing happens where there is none.
    pub fn rename_bookmark(&mut self, index: usize, name: &str) {
        let shelf = self.bookmarks.get_mut(&self.model).map(Arc::make_mut);
        if let Some(kept) = shelf.and_then(|shelf| shelf.get_mut(index)) {
            kept.name = name.chars().take(LONGEST_NAME).collect();
        }
    }

    /// Takes a bookmark away and returns it, if there is such a one.
    pub fn delete_bookmark(&mut self, index: usize) -> Option<Bookmark> {
        let shelf = Arc::make_mut(self.bookmarks.get_mut(&self.model)?);
        let kept = (index < shelf.len()).then(|| shelf.remove(index))?;
        let before = |at: usize| if at > index { at - 1 } else { at };
        let last = shelf.len().checked_sub(1);
        self.timeline.bookmark = self
            .timeline
            .bookmark
            .and_then(|at| Some(before(at).min(last?)));
        Some(kept)
    }
}
