//! What every window shows, whoever paints it: the app, with answers coming in and questions going out.

use eframe::egui::{Context, RawInput, Ui, ViewportCommand};

use super::{
    health::{DeviceTrouble, Health},
    models::Models,
    observer::{Observers, WindowState},
    outcome::{Appearance, WindowOutcome, lost_text, tell, tell_line},
    software::Content,
};
use crate::app::App;

/// What the window shows, and the models behind it.
pub(super) struct Window<'a> {
    pub app: &'a mut App,
    pub appearance: &'a mut Appearance,
    pub observers: &'a mut Observers,
    pub models: Models,
    /// Whether what is measured waits until a run goes on.
    pub trains: bool,
    pub health: Health,
    /// What the pass before this one took.
    pub pass_seconds: Option<f32>,
    pub outcome: &'a mut WindowOutcome,
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
        let settled = self.models.live() || !self.models.use_gpu();
        let rate = self.app.training_rate();
        let state = WindowState {
            device: &self.app.device().name,
            first_slider: self.app.first_slider(),
            at_rest: settled && !self.app.session().working() && (!self.trains || rate.is_some()),
            training_rate: rate,
            pass_seconds: self.pass_seconds,
        };
        for observer in self.observers.iter_mut() {
            observer.before_pass(ctx, input, &state);
        }
    }

    fn pass(&mut self, ui: &mut Ui, seconds: Option<f32>) {
        self.pass_seconds = seconds;
        self.notice_trouble();
        if self.outcome.lost.is_some() {
            // Whatever is painted now goes nowhere.
            ui.ctx().send_viewport_cmd(ViewportCommand::Close);
            return;
        }
        for answer in self.models.take_published() {
            for observer in self.observers.iter_mut() {
                observer.answered(ui.ctx(), &answer, self.models.live());
            }
            self.app.receive(answer);
        }
        if let Some(change) = self.models.change() {
            tell(self.app, change);
        }
        let (models, observers) = (&mut self.models, &mut *self.observers);
        let ctx = ui.ctx().clone();
        self.app.ui_asking(ui, &mut |job| {
            for observer in observers.iter_mut() {
                observer.asked(&job);
            }
            let answer = models.ask(job);
            if let Some(answer) = &answer {
                for observer in observers.iter_mut() {
                    observer.answered(&ctx, answer, models.live());
                }
            }
            answer
        });
        for job in self.app.take_jobs() {
            for observer in self.observers.iter_mut() {
                observer.asked(&job);
            }
            self.models.submit(job);
        }
        self.appearance.remember(ui.ctx());
        for observer in self.observers.iter_mut() {
            observer.after_pass(ui.ctx());
        }
    }
}

impl Window<'_> {
    fn notice_trouble(&mut self) {
        match self.health.take() {
            None => {}
            Some(DeviceTrouble::Lost(reason)) => {
                tell(self.app, self.models.fall_back(&lost_text(&reason)));
                self.outcome.lost = Some(reason);
            }
            Some(DeviceTrouble::Refused(reason)) if self.models.use_gpu() => {
                tell(self.app, self.models.fall_back(&reason));
            }
            // Painting the window itself went wrong, for which there is no other place to go.
            Some(DeviceTrouble::Refused(reason)) => tell_line(&reason),
        }
    }
}
