//! Opens the Latent Lens window.

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
use dashboard::{
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
use datasets::Seed;
use studio::{ModelSource, error_texts};

/// Drag latent sliders and see the image, an independent classifier's verdict, and the evidence for it.
#[derive(Parser)]
#[command(name = "latent-lens-dashboard", version)]
struct Arguments {
    /// The name of a model that comes with the program, or a model's folder
    ///
    /// Without it: what was in front the last time, or the first of those models
    #[arg(long)]
    model: Option<ModelSource>,
    /// Where the models run
    #[arg(long, value_enum, default_value = "auto")]
    device: DeviceChoice,
    /// Seed of random draws
    #[arg(long)]
    seed: Option<Seed>,
    /// The space to start in
    #[arg(long, value_enum)]
    space: Option<Space>,
    /// Colours
    #[arg(long, value_enum)]
    theme: Option<ThemeChoice>,
    /// Show the run that another program trains into this folder, while it goes on
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
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let observers = arguments.observers();
    let outcome = window::run(Options {
        // What is measured must not depend on what was done before.
        fresh: arguments.fresh
            || arguments.report_startup.is_some()
            || arguments.report_drag.is_some(),
        device: arguments.device,
        observers,
        watch: arguments.watch,
        train: arguments.train_meanwhile,
        given: Given {
            model: arguments.model,
            space: arguments.space,
            seed: arguments.seed,
            theme: arguments.theme,
        },
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let text = error_texts(&*error).join(": ");
            window::tell_line(&text);
            ExitCode::FAILURE
        }
    }
}
