//! A frame around what a step speaks of, wherever that is.

use eframe::egui::{Context, Id, LayerId, Order, Stroke, StrokeKind};

use super::Guided;
use crate::{
    theme::{Palette, RADIUS},
    widgets::find_parts,
};

/// Between what is pointed at and the frame, and the width of that.
const GAP: f32 = 3.0;
const WIDTH: f32 = 2.0;
/// What was seen in so many passes in a row stays where it is: then a person may scroll away from it.
const SETTLED: usize = 3;
/// What has not come into sight by then is not scrolled to any more.
const MOST_PASSES: usize = 20;

/// What was pointed at last.
#[derive(Default)]
pub(super) struct Pointer {
    step: Option<(String, usize)>,
    /// Passes in a row in which all of it was seen, and passes of the step.
    seen: usize,
    passes: usize,
}

impl Pointer {
    /// Points at what the step in front speaks of. What is out of sight when the step begins is scrolled to: call it before the spaces are
    /// shown.
    pub(super) fn point(&mut self, ctx: &Context, guided: Guided<'_>) {
        let running = guided.running;
        let Some(step) = running.step() else { return };
        let now = (running.listed.key.clone(), running.step);
        if self.step.as_ref() != Some(&now) {
            (self.step, self.seen, self.passes) = (Some(now), 0, 0);
        }
        let names = step.point.iter().map(|point| point.names(guided.seen));
        let parts = find_parts(ctx, names.collect());
        let known: Vec<_> = parts.into_iter().flatten().collect();
        // An answer that is on its way may move it again.
        let waits = known.is_empty() || guided.seen.session.working();
        if !waits && self.seen < SETTLED && self.passes < MOST_PASSES {
            self.passes += 1;
            self.seen += 1;
            if let Some(hidden) = known.iter().find(|part| part.is_hidden()) {
                hidden.scroll_to(ctx);
                self.seen = 0;
            }
            ctx.request_repaint();
        }
        let layer = LayerId::new(Order::Foreground, Id::unique("what the lesson points at"));
        let painter = ctx.layer_painter(layer);
        let stroke = Stroke::new(WIDTH, Palette::of(ctx.theme()).warn);
        for part in known.iter().filter(|part| part.seen.is_positive()) {
            let frame = part.seen.expand(GAP).intersect(ctx.content_rect());
            painter.rect_stroke(frame, RADIUS, stroke, StrokeKind::Inside);
        }
    }
}
