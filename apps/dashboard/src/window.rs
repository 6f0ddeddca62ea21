//! The window: eframe on one side, the app in the middle, the worker on the other side.

use datasets::Seed;
use eframe::egui::{ThemePreference, Ui, ViewportBuilder, vec2};
use studio::{ModelSource, Worker};

use crate::{
    app::App,
    controls::{Controls, Space},
    device::Chosen,
    theme,
};

/// What a window starts with.
#[derive(Clone, Debug)]
pub struct Options {
    /// The model in front.
    pub model: ModelSource,
    /// The device that models run on.
    pub device: Chosen,
    /// The seed of random draws.
    pub seed: Seed,
    /// The space in front.
    pub space: Space,
    /// Dark, light, or as the system says.
    pub theme: ThemePreference,
}

struct Window {
    app: App,
    worker: Worker,
}

impl eframe::App for Window {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        for published in self.worker.take_published() {
            self.app.receive(published);
        }
        self.app.ui(ui);
        for job in self.app.take_jobs() {
            self.worker.submit(job);
        }
    }
}

/// Opens the window and returns when it is closed.
///
/// # Errors
/// If there is no display, or no way to draw on it; the message says what to do.
pub fn run(options: Options) -> anyhow::Result<()> {
    let viewport = ViewportBuilder::default()
        .with_title("Latent Lens")
        .with_app_id("latent-lens")
        .with_inner_size(vec2(1440.0, 900.0))
        .with_min_inner_size(vec2(1100.0, 640.0))
        .with_drag_and_drop(true);
    let native = eframe::NativeOptions {
        viewport,
        ..eframe::NativeOptions::default()
    };
    let create = |creation: &eframe::CreationContext<'_>| {
        let ctx = creation.egui_ctx.clone();
        theme::install(&ctx);
        ctx.set_theme(options.theme);
        let controls = Controls::new(options.model, options.space, options.seed);
        let app = App::new(controls, options.device.clone());
        let wake = move || ctx.request_repaint();
        let worker = Worker::spawn(options.device.device, wake)?;
        Ok(Box::new(Window { app, worker }) as Box<dyn eframe::App>)
    };
    eframe::run_native("Latent Lens", native, Box::new(create)).map_err(explained)
}

/// Why the window did not open, and what to do about it. What winit itself says is about its own source code.
fn explained(error: eframe::Error) -> anyhow::Error {
    match error {
        eframe::Error::Winit(_) | eframe::Error::WinitEventLoop(_) => anyhow::anyhow!(
            "there is no display to open a window on: start it in a desktop session or under a virtual display (on \
             Debian: xvfb-run), or use the command line tool, latent-lens, which needs none"
        ),
        eframe::Error::Wgpu(error) => anyhow::anyhow!(
            "no graphics adapter could be opened ({error}): install a Vulkan driver (on Debian: mesa-vulkan-drivers)"
        ),
        other @ eframe::Error::AppCreation(_) => {
            anyhow::anyhow!("the window could not be opened: {other}")
        }
    }
}
