//! What a window of this kind shows: whoever opens one says so with these.

use eframe::egui::{Context, RawInput, Ui};

/// What a window shows.
pub trait Content {
    /// Called before each pass, with what came in since the last one.
    fn before_pass(&mut self, ctx: &Context, input: &mut RawInput);
    /// One pass. `seconds` is the time that the last one took, with painting.
    fn pass(&mut self, ui: &mut Ui, seconds: Option<f32>);
}

/// Makes the content once there is a context for it.
pub type Create<'a> = Box<dyn FnOnce(&Context) -> anyhow::Result<Box<dyn Content + 'a>> + 'a>;
