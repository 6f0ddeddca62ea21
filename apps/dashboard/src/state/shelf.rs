//! The bookmarks of the model in front, and what a person does with them.

use std::sync::Arc;

use super::{
    bookmarks::{Bookmark, Shelf},
    controls::Controls,
    model::OpenModel,
    origin::LONGEST_NAME,
    scene::Scene,
    timeline::Stop,
    validation,
};

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
        model: &'a OpenModel,
    ) -> impl Iterator<Item = (usize, &'a Arc<Bookmark>)> {
        let shelf = self.bookmarks.get(&self.model);
        let all = shelf.into_iter().flat_map(|shelf| shelf.iter().enumerate());
        all.filter(|(_, kept)| validation::fits(&kept.scene, model))
    }

    /// Keeps the scene in front under a name, after the others.
    pub fn add_bookmark(&mut self, name: String) {
        let Some(scene) = self.scene().cloned() else {
            return;
        };
        let shelf = Arc::make_mut(self.bookmarks.entry(self.model.clone()).or_default());
        shelf.push(Arc::new(Bookmark { name, scene }));
        self.timeline.bookmark = Some(shelf.len() - 1);
    }

    /// Keeps the stops of a show that no bookmark is at, each with what is set in `scene`; how many these were.
    pub fn add_stops(&mut self, stops: &[Stop], scene: &Scene) -> usize {
        let shelf = Arc::make_mut(self.bookmarks.entry(self.model.clone()).or_default());
        let before = shelf.len();
        for stop in stops {
            let mut scene = scene.clone();
            scene.draw_as(stop.condition);
            scene.go(stop.latent.clone(), stop.start());
            if shelf.iter().any(|kept| kept.scene.looks_like(&scene)) {
                continue;
            }
            let name = stop.name.clone();
            shelf.push(Arc::new(Bookmark { name, scene }));
        }
        shelf.len() - before
    }

    /// Gives a bookmark another name. Nothing happens where there is none.
    pub fn rename_bookmark(&mut self, index: usize, name: &str) {
        let shelf = self.bookmarks.get_mut(&self.model).map(Arc::make_mut);
        if let Some(kept) = shelf.and_then(|shelf| shelf.get_mut(index)) {
            Arc::make_mut(kept).name = name.chars().take(LONGEST_NAME).collect();
        }
    }

    /// Takes a bookmark away and returns it, if there is such a one.
    pub fn delete_bookmark(&mut self, index: usize) -> Option<Arc<Bookmark>> {
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
