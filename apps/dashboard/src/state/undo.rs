//! Undo and redo: one step a gesture, whatever it changed, and each step says what it takes back.
//!
//! The steps are a tree: who goes back and does something else begins another branch, and the one before can still be reached. Each
//! step holds a scene of a few kilobytes; pictures, bookmarks and directions are shared between steps.

mod layout;
mod tree;
mod words;

use std::sync::Arc;

use studio::ModelSource;

use self::tree::Tree;
pub use self::{layout::PlacedStep, tree::StepId};
use super::{
    bookmarks::Shelf,
    controls::Controls,
    kept_direction::KeptDirection,
    map::MapNotes,
    notebook::{self, Notebook},
    scene::{Scene, Start},
    session::Session,
    validation,
};

/// Steps that are kept, on all branches together.
pub const LIMIT: usize = 200;

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
pub struct Step {
    /// The model.
    pub model: ModelSource,
    /// The scene.
    pub scene: Scene,
    bookmarks: Shelf,
    directions: Arc<Vec<KeptDirection>>,
    map: Arc<MapNotes>,
}

/// The steps that a person made.
#[derive(Clone, Debug, Default)]
pub struct History {
    steps: Tree,
    present: Option<StepId>,
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
        let known = self.step(self.present);
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
        // A model's scene as it was when the person switched to it is no change of theirs: what was undone before can be done again.
        let switched = known.is_some_and(|present| present.model != step.model);
        let again = switched.then(|| self.again()).flatten();
        let new = match self.present.filter(|_| continued) {
            Some(present) => self.steps.replace(present, step),
            None => self.steps.add(self.present, step),
        };
        self.steps.lead_to(new, again);
        self.present = Some(new);
        self.steps.trim(LIMIT, new);
        true
    }

    fn step(&self, id: Option<StepId>) -> Option<&Step> {
        self.steps.step(id?)
    }

    /// The step before the present one.
    fn before(&self) -> Option<StepId> {
        self.steps.parent(self.present?)
    }

    /// The step that would be done again.
    fn again(&self) -> Option<StepId> {
        self.steps.next(self.present?)
    }

    /// What a step back would take back, in a few words; `None` where there is no step.
    #[must_use]
    pub fn undone_in_words(&self) -> Option<String> {
        let before = self.step(self.before())?;
        Some(words::change(before, self.step(self.present)?).noun)
    }

    /// What a step forward would bring again, in a few words; `None` where there is no step.
    #[must_use]
    pub fn redone_in_words(&self) -> Option<String> {
        let again = self.step(self.again())?;
        Some(words::change(self.step(self.present)?, again).noun)
    }

    /// Whether there is a step to undo.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        self.before().is_some()
    }

    /// The picture that a step back would take back: the one that the present scene started from, and the scene before did not. Not
    /// one that was drawn on, which a person sees go.
    #[must_use]
    pub fn picture_to_undo(&self) -> Option<&str> {
        let (present, before) = (self.step(self.present)?, self.step(self.before())?);
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
        self.again().is_some()
    }

    /// Goes one step back. Nothing happens where there is none.
    pub fn undo(&mut self, controls: &mut Controls, notebook: &mut Notebook, session: &Session) {
        let Some(present) = self.present else { return };
        let before = |id| self.steps.parent(id);
        let Some(step) = self.first_that_fits(present, before, session) else {
            return;
        };
        self.steps.lead_to(step, Some(present));
        self.present = Some(step);
        self.restore(controls, notebook, session);
    }

    /// Goes one step forward again. Nothing happens where there is none.
    pub fn redo(&mut self, controls: &mut Controls, notebook: &mut Notebook, session: &Session) {
        let Some(present) = self.present else { return };
        let again = |id| self.steps.next(id);
        let Some(step) = self.first_that_fits(present, again, session) else {
            return;
        };
        self.present = Some(step);
        self.restore(controls, notebook, session);
    }

    /// Goes to any step that is kept and fits its model. The steps before it lead there again; others stay where they are.
    pub fn go_to(
        &mut self,
        step: StepId,
        (controls, notebook): (&mut Controls, &mut Notebook),
        session: &Session,
    ) {
        let known = self.steps.step(step);
        if !known.is_some_and(|step| step.fits(session)) {
            return;
        }
        let mut at = step;
        while let Some(before) = self.steps.parent(at) {
            self.steps.lead_to(before, Some(at));
            at = before;
        }
        self.present = Some(step);
        self.restore(controls, notebook, session);
    }

    /// The nearest step on a way whose scene fits its model: where one does not, its folder holds another model now.
    fn first_that_fits(
        &self,
        from: StepId,
        way: impl Fn(StepId) -> Option<StepId>,
        session: &Session,
    ) -> Option<StepId> {
        let steps = std::iter::successors(way(from), |id| way(*id)).take(LIMIT);
        let fits = |id: &StepId| self.steps.step(*id).is_some_and(|step| step.fits(session));
        steps.into_iter().find(fits)
    }

    /// Every step that is kept, laid out as a tree: each after the one before it, and those that came before first.
    #[must_use]
    pub fn placed(&self) -> Vec<PlacedStep<'_>> {
        layout::place(&self.steps, self.present)
    }

    fn restore(&self, controls: &mut Controls, notebook: &mut Notebook, session: &Session) {
        if let Some(step) = self.step(self.present) {
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

impl Step {
    /// Whether its scene fits its model. Of a model that is not open the scene is held against it when it opens.
    #[must_use]
    pub fn fits(&self, session: &Session) -> bool {
        let model = session.open(&self.model);
        model.is_none_or(|model| validation::fits(&self.scene, model))
    }
}
