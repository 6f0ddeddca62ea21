//! How long a window took to appear, for `latent-lens bench startup`: two lines on standard output, then it closes.

use std::{
    io::{self, Write as _},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use eframe::egui::{Context, ViewportCommand};

use crate::state::channel::{Channel, Published};
use crate::window::observer::Observer;

/// Waits for the first painted frame and for the first one with a picture of the model.
#[derive(Clone, Debug)]
pub struct StartupReport {
    /// When whoever measures started this process.
    started: SystemTime,
    first_frame: Moment,
    first_picture: Moment,
}

/// What happens to a moment that is waited for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Moment {
    /// It has not come.
    #[default]
    Ahead,
    /// It is drawn in the frame with this number, and has come when the next one begins.
    InFrame(u64),
    /// It was reported.
    Told,
}

impl StartupReport {
    /// Times are counted from `started`, microseconds after the start of 1970.
    #[must_use]
    pub fn since(started: u64) -> Self {
        Self {
            started: UNIX_EPOCH + Duration::from_micros(started),
            first_frame: Moment::Ahead,
            first_picture: Moment::Ahead,
        }
    }
}

impl Observer for StartupReport {
    /// Takes notice of an answer that the coming pass shows. After an error there will be no picture to wait for.
    fn answered(&mut self, ctx: &Context, published: &Published, _live: bool) {
        let is_picture = published.job.channel == Channel::Frame;
        if self.first_picture != Moment::Ahead {
            return;
        }
        match &published.result {
            Ok(_) if is_picture => self.first_picture = Moment::InFrame(ctx.cumulative_frame_nr()),
            Ok(_) => {}
            Err(_) => self.first_picture = Moment::Told,
        }
    }

    /// Reports what the frames before this one have painted, and closes the window at the end.
    fn after_pass(&mut self, ctx: &Context) {
        let frame = ctx.cumulative_frame_nr();
        if self.first_frame == Moment::Ahead {
            self.first_frame = Moment::InFrame(frame);
        }
        for (moment, name) in [
            (&mut self.first_frame, "first_frame_ms"),
            (&mut self.first_picture, "first_picture_ms"),
        ] {
            if matches!(*moment, Moment::InFrame(drawn) if drawn < frame) {
                tell(name, self.started);
                *moment = Moment::Told;
            }
        }
        if [self.first_frame, self.first_picture] == [Moment::Told; 2] {
            ctx.send_viewport_cmd(ViewportCommand::Close);
        } else {
            ctx.request_repaint();
        }
    }
}

fn tell(name: &str, started: SystemTime) {
    // A clock that was set back meanwhile gives 0.
    let elapsed = started.elapsed().unwrap_or_default();
    // Whoever asked may have gone: then nobody misses the line.
    let _ = writeln!(io::stdout(), "{name} {:.1}", elapsed.as_secs_f64() * 1e3);
}
