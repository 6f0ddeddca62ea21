//! The one place in the window where a device is chosen.
//!
//! Models run under Flex on the CPU. The place of the GPU is here: a device shared with eframe's own, trusted only after
//! the same latents gave the same frames there and under Flex, and then painted without reading the picture back.

use burn::tensor::Device;
use clap::ValueEnum;

/// What a person asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum DeviceChoice {
    /// The best that works.
    #[default]
    Auto,
    /// The GPU or nothing.
    Gpu,
    /// The CPU.
    Cpu,
}

/// A device and what to say about it.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The device that the models run on.
    pub device: Device,
    /// Its name, for the status bar.
    pub name: &'static str,
    /// Why it was chosen.
    pub reason: &'static str,
}

/// Chooses a device.
///
/// # Errors
/// If the GPU was asked for by name: this version of the window cannot run the models there.
pub fn open(choice: DeviceChoice) -> anyhow::Result<Chosen> {
    let reason = match choice {
        DeviceChoice::Auto => {
            "Chosen by --device auto: this version paints from the CPU, where Flex is the fastest that works everywhere. \
             Running the models on the window's own GPU device is not built yet."
        }
        DeviceChoice::Cpu => "Asked for with --device cpu.",
        DeviceChoice::Gpu => anyhow::bail!(
            "the window runs its models on the CPU in this version; start it with --device auto or --device cpu \
             (the command line tool, latent-lens, can use the GPU)"
        ),
    };
    Ok(Chosen {
        device: Device::flex(),
        name: "CPU (Flex)",
        reason,
    })
}
