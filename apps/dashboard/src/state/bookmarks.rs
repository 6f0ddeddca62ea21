//! Scenes that a person kept, for each model.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use studio::ModelSource;

use super::scene::Scene;
use crate::files::{
    parts::{Kept, Part, Parts},
    store::Kind,
};

/// The file of all bookmarks.
pub const BOOKMARKS: Kind = Kind {
    file: "bookmarks.ron",
    what: "bookmarks",
    version: 2,
};

/// A scene with a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bookmark {
    /// What to call it.
    pub name: String,
    /// What it brings back.
    pub scene: Scene,
}

/// The bookmarks of one model, in the order of the show. The steps of undo share the list, and lists that differ in one bookmark share
/// the others: a person may keep hundreds.
pub type Shelf = Arc<Vec<Arc<Bookmark>>>;

/// The bookmarks of every model.
pub type Bookmarks = BTreeMap<ModelSource, Shelf>;

/// The bookmarks of every model, as [`BOOKMARKS`] holds them.
pub type Lists = BTreeMap<ModelSource, Vec<Bookmark>>;

impl Kept for Lists {
    fn sound_parts(text: &str) -> Option<Self> {
        let models: Parts = ron::from_str(text).ok()?;
        let lists = models.sound::<ModelSource, Vec<Part>>();
        let sound =
            lists.map(|(model, list)| (model, list.iter().filter_map(Part::read).collect()));
        Some(sound.collect())
    }
}

/// As [`BOOKMARKS`] holds them.
#[must_use]
pub fn lists(shelves: &Bookmarks) -> Lists {
    let kept = shelves.iter().filter(|(_, shelf)| !shelf.is_empty());
    let list = |shelf: &Shelf| shelf.iter().map(|kept| Bookmark::clone(kept)).collect();
    kept.map(|(model, shelf)| (model.clone(), list(shelf)))
        .collect()
}

/// As the window holds them.
#[must_use]
pub fn shelves(lists: Lists) -> Bookmarks {
    let shelf = |(model, list): (ModelSource, Vec<Bookmark>)| {
        (model, Arc::new(list.into_iter().map(Arc::new).collect()))
    };
    lists.into_iter().map(shelf).collect()
}

/// What is in the file once the change from `before` to `now` is in it too; `there` is what another window left in it. Its bookmarks stay,
/// but for those that were deleted here.
#[must_use]
pub fn merged(before: &Lists, now: &Lists, mut there: Lists) -> Lists {
    let models: BTreeSet<_> = before.keys().chain(now.keys()).collect();
    let of = |lists: &Lists, model| lists.get(model).cloned().unwrap_or_default();
    for model in models {
        let list = merged_list(&of(before, model), of(now, model), of(&there, model));
        there.insert(model.clone(), list);
    }
    there.retain(|_, list| !list.is_empty());
    there
}

fn merged_list(before: &[Bookmark], now: Vec<Bookmark>, mut there: Vec<Bookmark>) -> Vec<Bookmark> {
    if there == before {
        return now;
    }
    there.retain(|kept| !before.contains(kept) || now.contains(kept));
    let new = now.into_iter().filter(|kept| !before.contains(kept));
    let new: Vec<Bookmark> = new.filter(|kept| !there.contains(kept)).collect();
    there.extend(new);
    there
}
