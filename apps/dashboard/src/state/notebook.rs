//! What a person says about the dimensions of a model, the directions that they kept, what they noted on its map, and what they have
//! been shown.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use studio::{FileRole, Manifest};

use super::lesson_notes::{self, LessonNotes};
use super::{kept_direction::KeptDirection, map::MapNotes, pad::PadAxis};
use crate::files::{
    parts::{Kept, Part},
    store::Kind,
};

/// The file of the notebook.
pub const NOTEBOOK: Kind = Kind {
    file: "notebook.ron",
    what: "notebook",
    version: 1,
};

/// What is noted down.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Notebook {
    /// Whether the person has seen the tour, or skipped it.
    #[serde(default)]
    pub tour_done: bool,
    /// What the person calls the dimensions of each model, which is known by the SHA-256 of its VAE's weights: so a name
    /// stays with the model wherever its folder goes.
    #[serde(default)]
    notes: BTreeMap<String, BTreeMap<usize, Note>>,
    /// The directions that the person kept, for each model in the same way.
    #[serde(default)]
    directions: BTreeMap<String, Vec<KeptDirection>>,
    /// What the person noted on the map of each model, in the same way.
    #[serde(default)]
    maps: BTreeMap<String, MapNotes>,
    /// How far the person is with each lesson.
    #[serde(default)]
    pub lessons: LessonNotes,
}

/// The same in pieces.
#[derive(Default, Deserialize)]
#[serde(rename = "Notebook", default)]
struct NotebookParts {
    tour_done: Part,
    notes: Part,
    directions: Part,
    maps: Part,
    lessons: Part,
}

/// What was noted on a map, in pieces.
#[derive(Default, Deserialize)]
#[serde(rename = "MapNotes", default)]
struct MapParts {
    groups: Vec<Part>,
    pins: Vec<Part>,
}

impl MapParts {
    fn sound(&self) -> MapNotes {
        MapNotes {
            groups: self.groups.iter().filter_map(Part::read).collect(),
            pins: self.pins.iter().filter_map(Part::read).collect(),
        }
    }
}

impl Kept for Notebook {
    fn sound_parts(text: &str) -> Option<Self> {
        let parts: NotebookParts = ron::from_str(text).ok()?;
        let notes: Vec<(String, Part)> = parts.notes.entries();
        let directions: Vec<(String, Vec<Part>)> = parts.directions.entries();
        let maps: Vec<(String, MapParts)> = parts.maps.entries();
        Some(Self {
            tour_done: parts.tour_done.read().unwrap_or_default(),
            notes: notes
                .into_iter()
                .map(|(model, notes)| (model, notes.entries()))
                .collect(),
            directions: directions
                .into_iter()
                .map(|(model, list)| (model, list.iter().filter_map(Part::read).collect()))
                .collect(),
            maps: maps
                .into_iter()
                .map(|(model, parts)| (model, parts.sound()))
                .collect(),
            lessons: parts.lessons.entries(),
        })
    }
}

/// What a person says about a dimension.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// A short name.
    pub name: String,
    /// More about it.
    #[serde(default)]
    pub text: String,
}

impl Note {
    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.name.trim().is_empty() && self.text.trim().is_empty()
    }
}

/// What is in the file once the change from `before` to `now` is in it too; `there` is what another window left in it, which stays where
/// nothing was changed here.
#[must_use]
pub fn merged(before: &Notebook, now: &Notebook, mut there: Notebook) -> Notebook {
    there.tour_done |= now.tour_done;
    lesson_notes::merge(&before.lessons, &now.lessons, &mut there.lessons);
    let models = |a: &Notebook, b: &Notebook| -> BTreeSet<String> {
        let notes = a.notes.keys().chain(b.notes.keys());
        let directions = a.directions.keys().chain(b.directions.keys());
        let maps = a.maps.keys().chain(b.maps.keys());
        notes.chain(directions).chain(maps).cloned().collect()
    };
    for model in models(before, now) {
        let noted = |book: &Notebook| book.notes.get(&model).cloned().unwrap_or_default();
        let [old, new] = [noted(before), noted(now)];
        let dims: BTreeSet<usize> = old.keys().chain(new.keys()).copied().collect();
        for dim in dims.into_iter().filter(|dim| old.get(dim) != new.get(dim)) {
            there.set_note(&model, dim, new.get(&dim).cloned().unwrap_or_default());
        }
        let named = |kept: &KeptDirection| kept.name.clone();
        let [old, new, other] = [before, now, &there].map(|book| book.directions(&model));
        let kept = merged_list([old, new, other], named);
        there.set_directions(&model, &kept);
        let [old, new, other] = [before, now, &there].map(|book| book.map_notes(&model));
        let notes = MapNotes {
            groups: merged_list([&old.groups, &new.groups, &other.groups], |kept| {
                kept.name.clone()
            }),
            pins: merged_list([&old.pins, &new.pins, &other.pins], |pin| pin.name.clone()),
        };
        there.set_map_notes(&model, &notes);
    }
    there
}

/// A list of things that are known by their names, as it was, as it is, and as another window left it.
fn merged_list<T: Clone + PartialEq>(
    [before, now, there]: [&[T]; 3],
    name: impl Fn(&T) -> String,
) -> Vec<T> {
    if there == before {
        return now.to_vec();
    }
    let named = |list: &[T], wanted: &T| list.iter().any(|kept| name(kept) == name(wanted));
    let new = || now.iter().filter(|kept| !before.contains(kept));
    let stays = |kept: &&T| {
        let deleted = named(before, kept) && !named(now, kept);
        !deleted && new().all(|new| name(new) != name(kept))
    };
    there.iter().filter(stays).chain(new()).cloned().collect()
}

/// By which the notebook knows a model: the SHA-256 of its VAE's weights, empty if it has none.
#[must_use]
pub fn weights(manifest: &Manifest) -> &str {
    let record = manifest.files.get(&FileRole::Vae);
    record.map_or("", |record| record.sha256.as_str())
}

impl Notebook {
    /// Nothing noted down, by a person who has seen the tour.
    #[must_use]
    pub fn after_the_tour() -> Self {
        Self {
            tour_done: true,
            ..Self::default()
        }
    }

    /// What the person says about a dimension of the model with these weights.
    #[must_use]
    pub fn note(&self, weights: &str, dim: usize) -> Option<&Note> {
        self.notes.get(weights)?.get(&dim)
    }

    /// What to call an axis of the pad: a direction by its name, a dimension by its number and the name that the person gave it, in the
    /// model with these weights.
    #[must_use]
    pub fn axis_called(&self, weights: &str, axis: &PadAxis) -> String {
        match axis {
            PadAxis::Dimension(dim) => self.called(weights, *dim),
            PadAxis::Direction(kept) => kept.name.clone(),
        }
    }

    /// What to call a dimension: its number, and the name that the person gave it.
    #[must_use]
    pub fn called(&self, weights: &str, dim: usize) -> String {
        let name = self.note(weights, dim).map_or("", |note| note.name.trim());
        if name.is_empty() {
            format!("z{dim}")
        } else {
            format!("z{dim} {name}")
        }
    }

    /// The directions that were kept for the model with these weights.
    #[must_use]
    pub fn directions(&self, weights: &str) -> &[KeptDirection] {
        self.directions.get(weights).map_or(&[], Vec::as_slice)
    }

    /// Keeps a direction; one of the same name gives way.
    pub fn keep_direction(&mut self, weights: &str, kept: KeptDirection) {
        let list = self.directions.entry(weights.to_owned()).or_default();
        list.retain(|old| old.name != kept.name);
        list.push(kept);
    }

    /// Puts a direction among the others, where it was before it was deleted; one of the same name gives way.
    pub fn put_direction_back(&mut self, weights: &str, place: usize, kept: KeptDirection) {
        let list = self.directions.entry(weights.to_owned()).or_default();
        list.retain(|old| old.name != kept.name);
        list.insert(place.min(list.len()), kept);
    }

    /// Has exactly these directions kept.
    pub fn set_directions(&mut self, weights: &str, kept: &[KeptDirection]) {
        if kept.is_empty() {
            self.directions.remove(weights);
        } else {
            self.directions.insert(weights.to_owned(), kept.to_vec());
        }
    }

    /// Deletes the direction of that name.
    pub fn delete_direction(&mut self, weights: &str, name: &str) {
        if let Some(list) = self.directions.get_mut(weights) {
            list.retain(|kept| kept.name != name);
        }
        self.directions.retain(|_, list| !list.is_empty());
    }

    /// Keeps what the person says about a dimension; an empty note is forgotten.
    pub fn set_note(&mut self, weights: &str, dim: usize, note: Note) {
        let notes = self.notes.entry(weights.to_owned()).or_default();
        if note.is_empty() {
            notes.remove(&dim);
        } else {
            notes.insert(dim, note);
        }
        self.notes.retain(|_, notes| !notes.is_empty());
    }

    /// What the person noted on the map of the model with these weights.
    #[must_use]
    pub fn map_notes(&self, weights: &str) -> &MapNotes {
        const NONE: &MapNotes = &MapNotes::NONE;
        self.maps.get(weights).unwrap_or(NONE)
    }

    /// Has exactly this noted on a map.
    pub fn set_map_notes(&mut self, weights: &str, notes: &MapNotes) {
        if notes.is_empty() {
            self.maps.remove(weights);
        } else {
            self.maps.insert(weights.to_owned(), notes.clone());
        }
    }

    /// Changes what is noted on a map.
    pub fn change_map<R>(&mut self, weights: &str, change: impl FnOnce(&mut MapNotes) -> R) -> R {
        let changed = change(self.maps.entry(weights.to_owned()).or_default());
        self.maps.retain(|_, notes| !notes.is_empty());
        changed
    }
}
