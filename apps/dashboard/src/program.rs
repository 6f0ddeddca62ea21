//! The window as a program: its arguments, and what it tells when it ends.
//!
//! Two programs share it: `latent-lens-dashboard` is nothing else, and in `latent-lens` it is the command `dashboard`.

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
use datasets::Seed;
use studio::{ModelSource, error_texts};

use crate::{
    measure::{drag::DragReport, lose_device::LoseDevice, startup::StartupReport},
    state::{
        controls::Space,
        memory::{Given, ThemeChoice},
    },
    window::{
        self, Options,
        device::DeviceChoice,
        observer::{Observer, Observers},
    },
};

/// What the program is called where it stands alone.
pub const NAME: &str = "latent-lens-dashboard";

/// Drag latent sliders and see the image, an independent classifier's prediction, and the evidence for it.
#[derive(Debug, Parser)]
#[command(name = NAME, version)]
pub struct Arguments {
    /// The name of a model that comes with the program, or a model's folder [default: that of the last time]
    ///
    /// The first time, it is the first of those that come with the program
    #[arg(long)]
    model: Option<ModelSource>,
    /// The same without the option, as a file manager gives it: also the manifest in a model's folder
    #[arg(value_name = "MODEL", conflicts_with = "model")]
    opened: Option<ModelSource>,
    /// Where the models run
    #[arg(long, value_enum, default_value = "auto")]
    device: DeviceChoice,
    /// Seed of random draws [default: that of the last time]
    #[arg(long)]
    seed: Option<Seed>,
    /// The space to start in [default: that of the last time]
    #[arg(long, value_enum)]
    space: Option<Space>,
    /// Colours [default: those of the last time]
    #[arg(long, value_enum)]
    theme: Option<ThemeChoice>,
    /// Show the run that another program trains into this folder, while it goes on [default: none]
    #[arg(long, value_name = "DIR")]
    watch: Option<PathBuf>,
    /// Start as on the first day: read nothing that earlier windows kept, and keep nothing of this one
    #[arg(long)]
    fresh: bool,
    /// Print when the first frame and the first picture were painted, counted from this time, and close
    #[arg(long, value_name = "UNIX_MICROSECONDS", hide = true)]
    report_startup: Option<u64>,
    /// Drag a slider through so many positions, print how soon each was drawn, and close
    #[arg(long, value_name = "POSITIONS", hide = true)]
    report_drag: Option<usize>,
    /// Train a quick look on the images in this folder meanwhile, and drag when it has begun
    #[arg(long, value_name = "DIR", hide = true)]
    train_meanwhile: Option<PathBuf>,
    /// Destroy the graphics device after so many frames from it, to see what happens then
    #[arg(long, value_name = "FRAMES", hide = true)]
    lose_device_after: Option<usize>,
}

impl Arguments {
    /// What was asked to watch the window.
    fn observers(&self) -> Observers {
        let startup = self.report_startup.map(StartupReport::since);
        let drag = self.report_drag.map(DragReport::new);
        let lose_device = self.lose_device_after.map(LoseDevice::after);
        let boxed: [Option<Box<dyn Observer>>; 3] = [
            startup.map(|observer| Box::new(observer) as _),
            drag.map(|observer| Box::new(observer) as _),
            lose_device.map(|observer| Box::new(observer) as _),
        ];
        boxed.into_iter().flatten().collect()
    }

    /// Opens the window and returns when it is closed.
    ///
    /// # Errors
    /// As [`window::run`].
    pub fn run(&self) -> anyhow::Result<()> {
        window::run(Options {
            // What is measured must not depend on what was done before.
            fresh: self.fresh || self.report_startup.is_some() || self.report_drag.is_some(),
            device: self.device,
            observers: self.observers(),
            watch: self.watch.clone(),
            train: self.train_meanwhile.clone(),
            given: Given {
                model: self.model.as_ref().or(self.opened.as_ref()).cloned(),
                space: self.space,
                seed: self.seed,
                theme: self.theme,
            },
        })
    }
}

/// The whole program: what the command line says, the window, and what went wrong.
#[must_use]
pub fn main() -> ExitCode {
    match Arguments::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            window::tell_line(&error_texts(&*error).join(": "));
            ExitCode::FAILURE
        }
    }
}
