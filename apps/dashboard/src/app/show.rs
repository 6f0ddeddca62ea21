//! Bookmarks and the show: going there, playing, pausing.

use std::time::Duration;

use eframe::egui::{self, ViewportCommand};
use studio::Manifest;

use super::App;
use crate::{
    bookmarks,
    notices::{Tone, Topic},
    soundness,
    timeline::{self, Player, STEPS, Stop, Stops},
};

impl App {
    /// Whether a show plays.
    #[must_use]
    pub fn playing(&self) -> bool {
        self.player.is_some()
    }

    /// Whether the picture fills the screen, for a room that looks on.
    #[must_use]
    pub fn presenting(&self) -> bool {
        self.presenting
    }

    pub(super) fn present(&mut self, ctx: &egui::Context, on: bool) {
        if self.presenting == on {
            return;
        }
        self.presenting = on;
        self.help = false;
        // A slider in focus would take the keys that step through bookmarks.
        ctx.memory_mut(|memory| {
            if let Some(id) = memory.focused() {
                memory.surrender_focus(id);
            }
        });
        ctx.send_viewport_cmd(ViewportCommand::Fullscreen(on));
    }

    pub(super) fn manifest(&self) -> Option<&Manifest> {
        self.session.manifest(&self.controls.model)
    }

    pub(super) fn add_bookmark(&mut self) {
        let (Some(manifest), Some(scene)) = (self.manifest(), self.controls.scene()) else {
            return;
        };
        let name = bookmarks::first_name(scene, manifest);
        let text = format!(
            "Kept as bookmark {}: {name}",
            self.controls.shelf().len() + 1
        );
        self.controls.add_bookmark(name);
        self.notices.say(Topic::Show, Tone::Good, text);
    }

    pub(super) fn jump_to(&mut self, index: usize) {
        let Some(kept) = self.controls.shelf().get(index).cloned() else {
            return;
        };
        let vae = self.manifest().and_then(|manifest| manifest.vae.as_ref());
        if vae.is_some_and(|vae| soundness::fits(&kept.scene, vae)) {
            self.player = None;
            self.controls.timeline.bookmark = Some(index);
            let model = self.controls.model.clone();
            self.controls.scenes.insert(model, kept.scene);
        }
    }

    /// From the bookmark that was gone to last, or else from the edge.
    pub(super) fn step_bookmark(&mut self, by: isize) {
        let Some(vae) = self.manifest().and_then(|manifest| manifest.vae.as_ref()) else {
            return;
        };
        let places: Vec<usize> = self
            .controls
            .bookmarks_that_fit(vae)
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

    pub(super) fn delete_bookmark(&mut self, index: usize) {
        if let Some(kept) = self.controls.delete_bookmark(index) {
            let text = format!(
                "Deleted the bookmark {}. Undo (Ctrl+Z) brings it back.",
                kept.name
            );
            self.notices.say(Topic::Show, Tone::Good, text);
        }
    }

    /// The stops of the show that is set.
    pub(super) fn stops(&self) -> Vec<Stop> {
        self.manifest().map_or_else(Vec::new, |manifest| {
            timeline::stops(&self.controls, manifest)
        })
    }

    pub(super) fn toggle_play(&mut self, ctx: &egui::Context) {
        if self.player.take().is_some() {
            return;
        }
        let stops = self.stops();
        if stops.len() < 2 {
            if self.controls.timeline.stops == Stops::Bookmarks {
                let text = "A show needs two bookmarks at least: press B to keep what you see.";
                self.notices.say(Topic::Show, Tone::Bad, text);
            }
            return;
        }
        let timeline = &mut self.controls.timeline;
        if timeline.step >= timeline.last_step(stops.len()) {
            timeline.step = 0;
        }
        self.notices.clear(Topic::Show);
        self.show_step(&stops);
        if let Some(scene) = self.controls.scene() {
            let now = ctx.input(|input| input.time);
            self.player = Some(Player::new(now, scene.latent.clone()));
        }
    }

    /// Moves a show that plays on to where it should be by now.
    pub(super) fn advance(&mut self, ctx: &egui::Context) {
        let Some(mut player) = self.player.take() else {
            return;
        };
        let latent = self.controls.scene().map(|scene| &scene.latent);
        // Whoever takes hold of a slider has the show wait.
        if latent != Some(&player.shown) {
            return;
        }
        let stops = self.stops();
        let seconds = self.controls.timeline.seconds;
        let steps = player.tick(ctx.input(|input| input.time), seconds);
        let goes_on = self.controls.timeline.advance(steps, stops.len());
        if steps > 0 {
            self.show_step(&stops);
        }
        if let Some(scene) = self.controls.scene().filter(|_| goes_on) {
            player.shown.clone_from(&scene.latent);
            let left = Duration::from_secs_f64(player.left(seconds));
            ctx.request_repaint_after(left);
            self.player = Some(player);
        }
    }

    pub(super) fn seek(&mut self, step: usize) {
        let stops = self.stops();
        let timeline = &mut self.controls.timeline;
        timeline.step = step.min(timeline.last_step(stops.len()));
        self.show_step(&stops);
    }

    pub(super) fn step_stop(&mut self, by: isize) {
        let stops = self.stops();
        let timeline = &self.controls.timeline;
        let last = timeline.last_step(stops.len());
        let inside = !timeline.step.is_multiple_of(STEPS);
        let stop = timeline.step / STEPS + usize::from(inside && by < 0);
        let next = stop.saturating_add_signed(by) * STEPS;
        let next = match (timeline.looping, last) {
            (true, 1..) => next % last,
            _ => next.min(last),
        };
        self.seek(next);
    }

    fn show_step(&mut self, stops: &[Stop]) {
        let timeline = self.controls.timeline;
        let Some((latent, start)) = timeline.at(stops, timeline.step) else {
            return;
        };
        if let Some(scene) = self.controls.scene_mut() {
            scene.go(latent, start);
            if let Some(player) = &mut self.player {
                player.shown.clone_from(&scene.latent);
            }
        }
    }
}
