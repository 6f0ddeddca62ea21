//! Undo and redo: one step a gesture, whatever it changed, and each step says what it takes back.

mod words;

use std::sync::Arc;

use studio::ModelSource;

use super::{
    bookmarks::Shelf,
    controls::Controls,
    map::MapNotes,
    notebook::{self, KeptDirection, Notebook},
    scene::{Scene, Start},
    session::Session,
    validation,
};

/// Steps that can be undone.
const LIMIT: usize = 200;

/// What the hands on mouse and keyboard do in a pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hands {
    /// A button or a key is held, or something goes on by itself: nothing is noted until that ends.
    pub hold: bool,
    /// A button was let go.
    pub let_go: bool,
    /// It was the second click of two: both are one gesture.
    pub again: bool,
}

/// A scene and the model that it belongs to, with the bookmarks, the kept directions and the notes on the map of that model.
#[derive(Clone, Debug, PartialEq)]
struct Step {
    model: ModelSource,
    scene: Scene,
    bookmarks: Shelf,
    directions: Arc<Vec<KeptDirection>>,
    map: Arc<MapNotes>,
}

/// The scenes before and after the present one.
#[derive(Clone, Debug, Default)]
pub struct History {
    past: Vec<Step>,
    present: Option<Step>,
    future: Vec<Step>,
    /// Whether the last click made a step.
    click_made_step: bool,
}

impl History {
    /// Takes note of what is set. Call it once a pass; while the hands hold something nothing is noted, so a whole drag, or a key
    /// that is held, becomes one step.
    pub fn observe(
        &mut self,
        controls: &Controls,
        notebook: &Notebook,
        session: &Session,
        hands: Hands,
    ) {
        if hands.hold {
            return;
        }
        let continued = hands.again && self.click_made_step;
        let made_step = self.note(controls, notebook, session, continued);
        if hands.let_go {
            self.click_made_step = made_step;
        }
    }

    /// Makes what is set the present step if it is another one; true if it is. A gesture that is `continued` has no step of its own.
    fn note(
        &mut self,
        controls: &Controls,
        notebook: &Notebook,
        session: &Session,
        continued: bool,
    ) -> bool {
        let Some(scene) = controls.scene() else {
            return false;
        };
        let known = self.present.as_ref();
        let shelf = controls.shelf();
        let weights = weights(session, &controls.model);
        let (directions, map) = (notebook.directions(weights), notebook.map_notes(weights));
        let same = |step: &Step| {
            step.model == controls.model
                && step.scene == *scene
                && (Shelf::ptr_eq(&step.bookmarks, &shelf) || step.bookmarks == shelf)
                && *step.directions == directions
                && *step.map == *map
        };
        if known.is_some_and(same) {
            return false;
        }
        let kept = known.filter(|step| *step.directions == directions);
        let noted = known.filter(|step| *step.map == *map);
        let step = Step {
            model: controls.model.clone(),
            scene: scene.clone(),
            bookmarks: shelf,
            directions: kept.map_or_else(
                || Arc::new(directions.to_vec()),
                |step| Arc::clone(&step.directions),
            ),
            map: noted.map_or_else(|| Arc::new(map.clone()), |step| Arc::clone(&step.map)),
        };
        // A model's scene as it was when the person switched to it is no change of theirs.
        let switched = known.is_some_and(|present| present.model != step.model);
        let Some(old) = self.present.replace(step) else {
            return true;
        };
        if !continued {
            self.past.push(old);
            if self.past.len() > LIMIT {
                self.past.remove(0);
            }
        }
        if !switched {
            self.future.clear();
        }
        true
    }

    /// What a step back would take back, in a few words; `None` where there is no step.
    #[must_use]
    pub fn undone_in_words(&self) -> Option<String> {
        Some(words::change(self.past.last()?, self.present.as_ref()?))
    }

    /// What a step forward would bring again, in a few words; `None` where there is no step.
    #[must_use]
    pub fn redone_in_words(&self) -> Option<String> {
        Some(words::change(self.present.as_ref()?, self.future.last()?))
    }

    /// Whether there is a step to undo.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// The picture that a step back would take back: the one that the present scene started from, and the scene before did not. Not
    /// one that was drawn on, which a person sees go.
    #[must_use]
    pub fn picture_to_undo(&self) -> Option<&str> {
        let (present, before) = (self.present.as_ref()?, self.past.last()?);
        let Start::Image(image) = &present.scene.start else {
            return None;
        };
        let brought = !image.drawn_on
            && before.model == present.model
            && before.scene.start != present.scene.start;
        brought.then_some(image.name.as_str())
    }

    /// Whether there is a step to redo.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// Goes one step back. Nothing happens where there is none.
    pub fn undo(&mut self, controls: &mut Controls, notebook: &mut Notebook, session: &Session) {
        let Some(step) = last_that_fits(&mut self.past, session) else {
            return;
        };
        self.future.extend(self.present.replace(step));
        self.restore(controls, notebook, session);
    }

    /// Goes one step forward again. Nothing happens where there is none.
    pub fn redo(&mut self, controls: &mut Controls, notebook: &mut Notebook, session: &Session) {
        let Some(step) = last_that_fits(&mut self.future, session) else {
            return;
        };
        self.past.extend(self.present.replace(step));
        self.restore(controls, notebook, session);
    }

    fn restore(&self, controls: &mut Controls, notebook: &mut Notebook, session: &Session) {
        if let Some(step) = &self.present {
            controls.model = step.model.clone();
            controls
                .scenes
                .insert(step.model.clone(), step.scene.clone());
            controls
                .bookmarks
                .insert(step.model.clone(), Shelf::clone(&step.bookmarks));
            let weights = weights(session, &step.model);
            if !weights.is_empty() {
                notebook.set_directions(weights, &step.directions);
                notebook.set_map_notes(weights, &step.map);
            }
        }
    }
}

/// By which the notebook knows a model that is open; empty of any other.
fn weights<'a>(session: &'a Session, model: &ModelSource) -> &'a str {
    let open = session.open(model);
    open.map_or("", |open| notebook::weights(&open.manifest))
}

/// Takes the newest step whose scene fits its model, and drops those that do not: their folder holds another model now.
/// Of a model that is not open the scene is held against it when it opens.
fn last_that_fits(steps: &mut Vec<Step>, session: &Session) -> Option<Step> {
    while let Some(step) = steps.pop() {
        let model = session.open(&step.model);
        if model.is_none_or(|model| validation::fits(&step.scene, model)) {
            return Some(step);
        }
    }
    None
}
