//! Opens the Latent Lens window.

use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use dashboard::{
    controls::Space,
    device::{self, DeviceChoice},
    window::{self, Options},
};
use datasets::Seed;
use eframe::egui::ThemePreference;
use studio::ModelSource;

/// Drag latent sliders and see the image, an independent classifier's verdict, and the evidence for it.
#[derive(Parser)]
#[command(name = "latent-lens-dashboard", version)]
struct Arguments {
    /// mnist, fashion-mnist, or a model's folder
    #[arg(long, default_value = "mnist")]
    model: ModelSource,
    /// Where the models run
    #[arg(long, value_enum, default_value = "auto")]
    device: DeviceChoice,
    /// Seed of random draws
    #[arg(long, default_value = "0")]
    seed: Seed,
    /// The space to start in
    #[arg(long, value_enum, default_value = "explore")]
    space: Space,
    /// Colours
    #[arg(long, value_enum, default_value = "system")]
    theme: Theme,
}

#[derive(Clone, Copy, ValueEnum)]
enum Theme {
    Dark,
    Light,
    System,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let theme = match arguments.theme {
        Theme::Dark => ThemePreference::Dark,
        Theme::Light => ThemePreference::Light,
        Theme::System => ThemePreference::System,
    };
    let outcome = device::open(arguments.device).and_then(|device| {
        window::run(Options {
            model: arguments.model,
            device,
            seed: arguments.seed,
            space: arguments.space,
            theme,
        })
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("latent-lens-dashboard: {error:#}");
            ExitCode::FAILURE
        }
    }
}
