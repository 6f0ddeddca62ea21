//! A scripted drag in the real window, for `latent-lens bench window`: how long after the pointer moved the picture of that
//! position was handed to the screen. A few lines on standard output, then the window closes.
//!
//! The pointer moves once a pass, and passes follow each other without a rest: no real hand asks for more.

use std::{
    io::{self, Write as _},
    time::{Duration, Instant},
};

use eframe::egui::{
    Context, Event, Modifiers, PointerButton, Pos2, RawInput, Rect, ViewportCommand, pos2,
};
use studio::Request;

use crate::state::channel::{Channel, Job, Published};
use crate::window::observer::{Observer, WindowState};

/// A position counts as followed if its picture or a newer one was drawn within this time: two frames of a 60 Hz screen.
const LATE: Duration = Duration::from_millis(33);
/// Positions before anything is counted.
const WARM_UP: usize = 50;
/// How far the pointer moves in a pass, in points.
const STEP: f32 = 1.0;

/// Drags a slider to and fro, and keeps the time.
#[derive(Clone, Debug)]
pub struct DragReport {
    /// Positions to go to, those of the warm-up among them.
    positions: usize,
    /// Positions that the pointer was at.
    done: usize,
    /// When the pointer moved for the pass under way.
    moved: Option<Instant>,
    /// What was asked for and not drawn yet, oldest first.
    waiting: Vec<Position>,
    /// How many of `waiting` the pass under way answers, the last of which it draws.
    drawing: usize,
    latencies: Vec<Duration>,
    in_time: usize,
    pass_ms: Vec<f32>,
    told: bool,
}

/// Where the pointer was.
#[derive(Clone, Debug)]
struct Position {
    latent: Vec<f32>,
    moved: Instant,
    /// Whether it is behind the warm-up, and did not fail.
    counts: bool,
}

impl DragReport {
    /// A drag through so many positions that count.
    #[must_use]
    pub fn new(positions: usize) -> Self {
        Self {
            positions: WARM_UP + positions,
            done: 0,
            moved: None,
            waiting: Vec::new(),
            drawing: 0,
            latencies: Vec::new(),
            in_time: 0,
            pass_ms: Vec::new(),
            told: false,
        }
    }

    /// Whether the pointer is down.
    fn begun(&self) -> bool {
        self.done > 0
    }

    fn count(&mut self, now: Instant, pass_seconds: Option<f32>) {
        if self.done > WARM_UP {
            self.pass_ms
                .extend(pass_seconds.map(|seconds| seconds * 1e3));
        }
        let answered = self.waiting.drain(..std::mem::take(&mut self.drawing));
        let counted = answered.filter(|position| position.counts);
        let times: Vec<Duration> = counted.map(|position| now - position.moved).collect();
        self.in_time += times.iter().filter(|time| **time <= LATE).count();
        self.latencies.extend(times.last());
    }

    fn tell(&self, device: &str, training: Option<f64>) {
        let latencies = self.latencies.iter().map(|time| time.as_secs_f32() * 1e3);
        let counted = self.positions - WARM_UP;
        let text = format!(
            "device {device}\ninput_to_draw_ms {}\npass_ms {}\nfollowed {} of {counted}\n",
            row(latencies),
            row(self.pass_ms.iter().copied()),
            self.in_time,
        );
        let training = training.map(|rate| format!("training {rate:.1}\n"));
        let text = format!("{text}{}", training.unwrap_or_default());
        // Whoever asked may have gone: then nobody misses the lines.
        let _ = io::stdout().write_all(text.as_bytes());
    }
}

impl Observer for DragReport {
    /// What the passes before have drawn is on its way to the screen now. Adds to the input of the coming pass.
    fn before_pass(&mut self, ctx: &Context, input: &mut RawInput, window: &WindowState<'_>) {
        ctx.request_repaint();
        let now = Instant::now();
        self.count(now, window.pass_seconds);
        // The models have to be where they will stay before the pointer goes down.
        let ready = self.begun() || window.at_rest;
        let slider = window.first_slider.filter(|_| ready);
        let (Some(slider), true) = (slider, self.done < self.positions) else {
            if self.done == self.positions && self.waiting.is_empty() && !self.told {
                self.told = true;
                self.tell(window.device, window.training_rate);
                ctx.send_viewport_cmd(ViewportCommand::Close);
            }
            return;
        };
        let at = place(slider, self.done);
        input.events.push(Event::PointerMoved(at));
        if self.done == 0 {
            input.events.push(Event::PointerButton {
                pos: at,
                button: PointerButton::Primary,
                pressed: true,
                modifiers: Modifiers::NONE,
            });
        }
        self.done += 1;
        self.moved = Some(now);
    }

    /// Takes notice of what the window asks the models for: it follows from the input of this pass.
    fn asked(&mut self, job: &Job) {
        if let (Channel::Frame, Request::Frame(request), Some(moved)) =
            (job.channel, &job.request, self.moved)
        {
            self.waiting.push(Position {
                latent: request.latent.clone(),
                moved,
                counts: self.done > WARM_UP,
            });
        }
    }

    /// Takes notice of an answer that the coming pass shows. A failed one is neither waited for nor counted.
    fn answered(&mut self, _ctx: &Context, published: &Published, _live: bool) {
        if let (Channel::Frame, Request::Frame(request)) =
            (published.job.channel, &published.job.request)
            && let Some(at) = self
                .waiting
                .iter()
                .rposition(|position| position.latent == request.latent)
        {
            self.drawing = at + 1;
            self.waiting[at].counts &= published.result.is_ok();
        }
    }
}

/// Where the pointer is at a position: to and fro in the middle of the slider, a step each time.
fn place(slider: Rect, position: usize) -> Pos2 {
    let reach = (slider.width() * 0.8 / STEP).floor().max(1.0) as usize;
    let along = position % (2 * reach);
    let steps = along.min(2 * reach - along) as f32;
    let middle = slider.center();
    pos2(middle.x + (steps - reach as f32 / 2.0) * STEP, middle.y)
}

fn row(milliseconds: impl Iterator<Item = f32>) -> String {
    let values: Vec<String> = milliseconds.map(|value| format!("{value:.2}")).collect();
    values.join(" ")
}

#[cfg(test)]
mod tests {
    use eframe::egui::{Rect, pos2, vec2};

    use super::place;

    #[test]
    fn the_pointer_goes_to_and_fro_inside_the_slider() {
        // 100 points wide, so 80 steps of a point each way: from 110 to 190 and back.
        let slider = Rect::from_min_size(pos2(100.0, 10.0), vec2(100.0, 20.0));
        let xs: Vec<f32> = (0..=160)
            .map(|position| place(slider, position).x)
            .collect();
        assert_eq!((xs[0], xs[80], xs[160]), (110.0, 190.0, 110.0));
        let steps = xs.windows(2).map(|pair| (pair[1] - pair[0]).abs());
        assert_eq!(steps.collect::<Vec<_>>(), [1.0; 160]);
    }
}
