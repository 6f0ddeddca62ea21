//! Bookmarks: kept, gone to, renamed and deleted.

use super::App;
use crate::state::{
    command::BookmarkCommand,
    notices::{Tone, Topic},
    origin::short_name,
    validation,
};

impl App {
    pub(super) fn bookmark_command(&mut self, command: BookmarkCommand) {
        match command {
            BookmarkCommand::Add => self.add_bookmark(),
            BookmarkCommand::JumpTo(index) => self.jump_to(index),
            BookmarkCommand::Step(by) => self.step_bookmark(by),
            BookmarkCommand::Rename(index, name) => self.controls.rename_bookmark(index, &name),
            BookmarkCommand::Delete(index) => self.delete_bookmark(index),
        }
    }

    fn add_bookmark(&mut self) {
        let (Some(model), Some(scene)) = (self.open_model(), self.controls.scene()) else {
            return;
        };
        let name = short_name(scene, model);
        let text = format!(
            "Kept as bookmark {}: {name}",
            self.controls.shelf().len() + 1
        );
        self.controls.add_bookmark(name);
        self.notices.say(Topic::Show, Tone::Good, text);
    }

    fn jump_to(&mut self, index: usize) {
        let Some(kept) = self.controls.shelf().get(index).cloned() else {
            return;
        };
        let Some(open) = self.session.open(&self.controls.model) else {
            return;
        };
        if validation::fits(&kept.scene, open) {
            self.show.player = None;
            self.controls.timeline.bookmark = Some(index);
            let model = self.controls.model.clone();
            self.controls
                .scenes
                .insert(model.clone(), kept.scene.clone());
            self.controls.open(&model, open);
        }
    }

    /// From the bookmark that was gone to last, or else from the edge.
    fn step_bookmark(&mut self, by: isize) {
        let Some(open) = self.open_model() else {
            return;
        };
        let places: Vec<usize> = self
            .controls
            .bookmarks_that_fit(open)
            .map(|(index, _)| index)
            .collect();
        let Some(last) = places.len().checked_sub(1) else {
            let text = "There is no bookmark yet: press B to keep what you see.";
            self.notices.say(Topic::Show, Tone::Good, text);
            return;
        };
        let now = self.controls.timeline.bookmark;
        let now = now.and_then(|at| places.iter().position(|&index| index == at));
        let next = match now {
            Some(now) => now.saturating_add_signed(by).min(last),
            None if by < 0 => last,
            None => 0,
        };
        self.jump_to(places[next]);
    }

    fn delete_bookmark(&mut self, index: usize) {
        if let Some(kept) = self.controls.delete_bookmark(index) {
            let text = format!(
                "Deleted the bookmark {}. Undo (Ctrl+Z) brings it back.",
                kept.name
            );
            self.notices.say(Topic::Show, Tone::Good, text);
        }
    }
}
