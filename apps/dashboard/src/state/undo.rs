//! Undo and redo of scenes: one step a gesture, whatever it changed.

use studio::ModelSource;

use super::{
    bookmarks::Shelf,
    controls::Controls,
    scene::{Scene, Start},
    session::Session,
    validation,
};

/// Steps that can be undone.
const LIMIT: usize = 200;

/// A scene and the model that it belongs to, with the bookmarks of that model.
#[derive(Clone, Debug, PartialEq)]
struct Step {
    model: ModelSource,
    scene: Scene,
    bookmarks: Shelf,
}

/// The scenes before and after the present one.
#[derive(Clone, Debug, Default)]
pub struct History {
    past: Vec<Step>,
    present: Option<Step>,
    future: Vec<Step>,
}

impl History {
    /// Takes note of the controls as they are. Call it once a pass; while `gesture` goes on nothing is noted, so a
    /// whole drag becomes one step.
    pub fn observe(&mut self, controls: &Controls, gesture: bool) {
        let Some(scene) = controls.scene() else {
            return;
        };
        let known = self.present.as_ref();
        let shelf = controls.shelf();
        let same = |step: &Step| {
            step.model == controls.model
                && step.scene == *scene
                && (Shelf::ptr_eq(&step.bookmarks, &shelf) || step.bookmarks == shelf)
        };
        if gesture || known.is_some_and(same) {
            return;
        }
        let step = Step {
            model: controls.model.clone(),
            scene: scene.clone(),
            bookmarks: shelf,
        };
        // A model's scene as it was when the person switched to it is no change of theirs.
        let switched = known.is_some_and(|present| present.model != step.model);
        if let Some(old) = self.present.replace(step) {
            self.past.push(old);
            if self.past.len() > LIMIT {
                self.past.remove(0);
            }
            if !switched {
                self.future.clear();
            }
        }
    }

    /// Whether there is a step to undo.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// The picture that a step back would take back: the one that the present scene started from, and the scene before did not.
    #[must_use]
    pub fn picture_to_undo(&self) -> Option<&str> {
        let (present, before) = (self.present.as_ref()?, self.past.last()?);
        let Start::Image(image) = &present.scene.start else {
            return None;
        };
        let brought = before.model == present.model && before.scene.start != present.scene.start;
        brought.then_some(image.name.as_str())
    }

    /// Whether there is a step to redo.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// Goes one step back. Nothing happens where there is none.
    pub fn undo(&mut self, controls: &mut Controls, session: &Session) {
        let Some(step) = last_that_fits(&mut self.past, session) else {
            return;
        };
        self.future.extend(self.present.replace(step));
        self.restore(controls);
    }

    /// Goes one step forward again. Nothing happens where there is none.
    pub fn redo(&mut self, controls: &mut Controls, session: &Session) {
        let Some(step) = last_that_fits(&mut self.future, session) else {
            return;
        };
        self.past.extend(self.present.replace(step));
        self.restore(controls);
    }

    fn restore(&self, controls: &mut Controls) {
        if let Some(step) = &self.present {
            controls.model = step.model.clone();
            controls
                .scenes
                .insert(step.model.clone(), step.scene.clone());
            controls
                .bookmarks
                .insert(step.model.clone(), Shelf::clone(&step.bookmarks));
        }
    }
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
