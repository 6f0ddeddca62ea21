use eframe::egui::{Context, RawInput, Rect, Ui, ViewportCommand};
use eframe::wgpu;

use super::{Fate, Look, lost_text, tell};
use crate::{
    app::App,
    device::{Health, Trouble},
    drag_report::{self, DragReport},
    models::Models,
    software::Content,
};

/// What the window shows, and the models behind it.
pub(super) struct Window<'a> {
    pub app: &'a mut App,
    pub look: &'a mut Look,
    pub models: Models,
    pub health: Health,
    /// For [`Options::lose_device_after`](super::Options): the device, and the live frames that it still has.
    pub doomed: Option<(wgpu::Device, usize)>,
    /// What the pass before this one took.
    pub pass_seconds: Option<f32>,
    pub fate: &'a mut Fate,
}

impl eframe::App for Window<'_> {
    fn raw_input_hook(&mut self, ctx: &Context, input: &mut RawInput) {
        self.before_pass(ctx, input);
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut eframe::Frame) {
        self.pass(ui, frame.info().cpu_usage);
    }
}

impl Content for Window<'_> {
    fn before_pass(&mut self, ctx: &Context, input: &mut RawInput) {
        let slider = self.slider_to_drag();
        if let Some(drag) = &mut self.look.drag {
            let scene = drag_report::Scene {
                device: &self.app.device().name,
                slider,
                pass_seconds: self.pass_seconds,
            };
            input.events.extend(drag.before_pass(ctx, &scene));
        }
    }

    fn pass(&mut self, ui: &mut Ui, seconds: Option<f32>) {
        self.pass_seconds = seconds;
        self.notice_trouble();
        if self.fate.lost.is_some() {
            // Whatever is painted now goes nowhere.
            ui.ctx().send_viewport_cmd(ViewportCommand::Close);
            return;
        }
        let published = self.models.take_published();
        self.doom(published.len());
        for answer in published {
            if let Some(startup) = &mut self.look.startup {
                startup.answered(ui.ctx(), &answer);
            }
            if let Some(drag) = &mut self.look.drag {
                drag.answered(&answer);
            }
            self.app.receive(answer);
        }
        if let Some(change) = self.models.change() {
            tell(self.app, change);
        }
        self.app.ui(ui);
        for job in self.app.take_jobs() {
            if let Some(drag) = &mut self.look.drag {
                drag.asked(&job);
            }
            self.models.submit(job);
        }
        self.look.remember(ui.ctx());
        if let Some(startup) = &mut self.look.startup {
            startup.pass(ui.ctx());
        }
    }
}

impl Window<'_> {
    /// Where the first slider is, once the models are where they will stay and have answered everything; while they are
    /// dragged through, all the time.
    fn slider_to_drag(&self) -> Option<Rect> {
        let settled = self.models.live() || !self.models.use_gpu();
        let begun = self.look.drag.as_ref().is_some_and(DragReport::begun);
        let ready = begun || (settled && !self.app.session().working());
        self.app.first_slider().filter(|_| ready)
    }

    fn notice_trouble(&mut self) {
        match self.health.take() {
            None => {}
            Some(Trouble::Lost(reason)) => {
                tell(self.app, self.models.fall_back(&lost_text(&reason)));
                self.fate.lost = Some(reason);
            }
            Some(Trouble::Refused(reason)) if self.models.use_gpu() => {
                tell(self.app, self.models.fall_back(&reason));
            }
            // Painting the window itself went wrong, for which there is no other place to go.
            Some(Trouble::Refused(reason)) => eprintln!("latent-lens-dashboard: {reason}"),
        }
    }

    fn doom(&mut self, answers: usize) {
        if let Some((device, left)) = &mut self.doomed
            && self.models.live()
        {
            *left = left.saturating_sub(answers);
            if *left == 0 {
                device.destroy();
                self.doomed = None;
            }
        }
    }
}
