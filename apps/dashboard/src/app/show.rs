//! The show: playing, pausing, going to a step of it.

use std::time::Duration;

use eframe::egui;

use super::App;
use crate::state::{
    command::ShowCommand,
    notices::{Tone, Topic},
    scene::Scene,
    show,
    timeline::{Player, STEPS, Stop, Stops},
};

impl App {
    pub(super) fn show_command(&mut self, ctx: &egui::Context, command: ShowCommand) {
        match command {
            ShowCommand::TogglePlay => self.toggle_play(ctx),
            ShowCommand::Through(stops) => self.controls.timeline.stops = stops,
            ShowCommand::Seek(step) => self.seek(step),
            ShowCommand::StepStop(by) => self.step_stop(by),
        }
    }

    /// The stops of the show that is set.
    pub(super) fn stops(&self) -> Vec<Stop> {
        self.open_model()
            .map_or_else(Vec::new, |open| show::stops(&self.controls, open))
    }

    fn toggle_play(&mut self, ctx: &egui::Context) {
        if self.show.player.take().is_some() {
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
            self.show.player = Some(Player::new(now, scene.decoded()));
        }
    }

    /// Moves a show that plays on to where it should be by now.
    pub(super) fn advance(&mut self, ctx: &egui::Context) {
        let Some(mut player) = self.show.player.take() else {
            return;
        };
        let decoded = self.controls.scene().map(Scene::decoded);
        // Whoever takes hold of a slider, or chooses a class, has the show wait.
        if decoded.as_ref() != Some(&player.shown) {
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
            player.shown = scene.decoded();
            let left = Duration::from_secs_f64(player.left(seconds));
            ctx.request_repaint_after(left);
            self.show.player = Some(player);
        }
    }

    fn seek(&mut self, step: usize) {
        let stops = self.stops();
        let timeline = &mut self.controls.timeline;
        timeline.step = step.min(timeline.last_step(stops.len()));
        self.show_step(&stops);
    }

    fn step_stop(&mut self, by: isize) {
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
        let Some((drawn, start)) = timeline.at(stops, timeline.step) else {
            return;
        };
        if let Some(scene) = self.controls.scene_mut() {
            scene.draw_as(drawn.condition);
            scene.go(drawn.latent, start);
            if let Some(player) = &mut self.show.player {
                player.shown = scene.decoded();
            }
        }
    }
}
