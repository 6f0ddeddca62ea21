//! Whoever watches a window from outside: measurements, and faults on purpose. All that a window does is done without one.

use crate::state::channel::{Job, Published};
use eframe::{
    egui::{Context, RawInput, Rect},
    wgpu,
};

/// What an observer may know of the window before each pass.
pub struct WindowState<'a> {
    /// The device in use, in words.
    pub device: &'a str,
    /// Where Explore's first slider was at the last pass.
    pub first_slider: Option<Rect>,
    /// Whether the models are where they will stay and have answered everything.
    pub at_rest: bool,
    /// Images a second of a training run that goes on.
    pub training_rate: Option<f64>,
    /// What the pass before this one took of the processor, in seconds.
    pub pass_seconds: Option<f32>,
}

/// Watches a window. Each method is called where its name says, and does nothing unless it is given a body.
pub trait Observer {
    /// A window has opened, on this graphics device if a card paints it.
    fn opened(&mut self, _device: Option<&wgpu::Device>) {}
    /// A pass begins. What is added to `input` counts as what the person does.
    fn before_pass(&mut self, _ctx: &Context, _input: &mut RawInput, _window: &WindowState<'_>) {}
    /// An answer came that this pass shows; `live` if the models are on the window's graphics device.
    fn answered(&mut self, _ctx: &Context, _published: &Published, _live: bool) {}
    /// The window asks the models for something.
    fn asked(&mut self, _job: &Job) {}
    /// The interface of this pass is laid out.
    fn after_pass(&mut self, _ctx: &Context) {}
}

/// Those who watch one program's windows.
pub type Observers = Vec<Box<dyn Observer>>;
