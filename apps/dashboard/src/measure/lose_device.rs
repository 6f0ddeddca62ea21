//! A graphics device that is destroyed on purpose, as a driver that crashes does: so a test sees what the window does then.

use eframe::{egui::Context, wgpu};

use crate::state::channel::Published;
use crate::window::observer::Observer;

/// Destroys the window's graphics device after so many answers from it.
#[derive(Debug)]
pub struct LoseDevice {
    left: usize,
    device: Option<wgpu::Device>,
}

impl LoseDevice {
    /// Counts `answers` that come from the device, and destroys it then.
    #[must_use]
    pub fn after(answers: usize) -> Self {
        Self {
            left: answers,
            device: None,
        }
    }
}

impl Observer for LoseDevice {
    fn opened(&mut self, device: Option<&wgpu::Device>) {
        self.device = device.cloned();
    }

    fn answered(&mut self, _ctx: &Context, _published: &Published, live: bool) {
        if !live {
            return;
        }
        self.left = self.left.saturating_sub(1);
        if self.left == 0
            && let Some(device) = self.device.take()
        {
            device.destroy();
        }
    }
}
