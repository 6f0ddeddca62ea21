//! Opens the Latent Lens window.

use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use dashboard::{
    controls::Space,
    device::DeviceChoice,
    memory::Memory,
    startup::StartupReport,
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
    /// Neither use nor change what earlier windows remember, such as names of dimensions
    #[arg(long)]
    fresh: bool,
    /// Print when the first frame and the first picture were painted, counted from this time, and close
    #[arg(long, value_name = "UNIX_MICROSECONDS", hide = true)]
    report_startup: Option<u64>,
    /// Destroy the graphics device after so many frames from it, to see what happens then
    #[arg(long, value_name = "FRAMES", hide = true)]
    lose_device_after: Option<usize>,
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
    // A measured start is to be like every other one.
    let remembers = !arguments.fresh && arguments.report_startup.is_none();
    let outcome = window::run(Options {
        model: arguments.model,
        device: arguments.device,
        seed: arguments.seed,
        space: arguments.space,
        theme,
        lose_device_after: arguments.lose_device_after,
        memory: remembers.then(Memory::path).flatten(),
        startup: arguments.report_startup.map(StartupReport::since),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("latent-lens-dashboard: {error:#}");
            ExitCode::FAILURE
        }
    }
}
