//! The one place in the window where a device is chosen.
//!
//! The models start on the CPU. A GPU is the window's own, shared with Burn, and is used only after the same latents gave
//! the same frames there and on the CPU (see [`super::trial`]).

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use burn::tensor::Device;
use burn::tensor::wgpu::{MemoryConfiguration, WgpuSetup};
use clap::ValueEnum;
use eframe::egui_wgpu::{RenderState, WgpuConfiguration, WgpuSetupCreateNew};
use eframe::wgpu::{self, AdapterInfo, Backends, DeviceDescriptor, DeviceType, Features};

use super::health::Health;

/// Why the models are on the CPU if a person wants them there.
const ASKED_FOR: &str = "Asked for with --device cpu.";

/// What a person asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum DeviceChoice {
    /// A real GPU that agrees with the CPU and is faster, else the CPU
    #[default]
    Auto,
    /// The graphics adapter, even a slow or a software one, if it agrees with the CPU
    Gpu,
    /// The CPU
    Cpu,
}

/// Flex, Burn's CPU backend.
#[must_use]
pub fn cpu() -> Device {
    Device::flex()
}

/// How eframe is to create its device: with everything that the adapter has if the models may come to it.
#[must_use]
pub fn graphics(choice: DeviceChoice) -> WgpuConfiguration {
    let mut setup = WgpuSetupCreateNew::without_display_handle();
    let plain = Arc::clone(&setup.device_descriptor);
    setup.device_descriptor = Arc::new(move |adapter| {
        if choice == DeviceChoice::Cpu || objection(choice, &adapter.get_info()).is_some() {
            return plain(adapter);
        }
        // The same as Burn asks for on a device of its own. Buffers that the CPU maps are slower on a discrete GPU.
        let unwanted = Features::all_experimental_mask() | Features::MAPPABLE_PRIMARY_BUFFERS;
        DeviceDescriptor {
            label: Some("window and models"),
            required_features: adapter.features() - unwanted,
            required_limits: adapter.limits(),
            ..DeviceDescriptor::default()
        }
    });
    WgpuConfiguration {
        wgpu_setup: setup.into(),
        ..WgpuConfiguration::default()
    }
}

/// Why the models should not even be tried on this adapter; `None` if they should.
#[must_use]
pub fn objection(choice: DeviceChoice, adapter: &AdapterInfo) -> Option<String> {
    let name = &adapter.name;
    match choice {
        DeviceChoice::Cpu => Some(ASKED_FOR.to_owned()),
        DeviceChoice::Auto if adapter.device_type == DeviceType::Cpu => Some(format!(
            "{name} is a software adapter: it computes on the CPU, too, and many times slower than Flex."
        )),
        DeviceChoice::Auto if !Backends::PRIMARY.contains(adapter.backend.into()) => Some(format!(
            "{name} is only reached through {}, which was not made for computing.",
            adapter.backend
        )),
        DeviceChoice::Gpu | DeviceChoice::Auto => None,
    }
}

/// Why no graphics card is to paint the window; `None` if one is, or whatever adapter there is because it was asked for.
#[must_use]
pub fn why_no_card(choice: DeviceChoice) -> Option<String> {
    if choice == DeviceChoice::Gpu {
        return None;
    }
    let nothing = |text: &str| match choice {
        DeviceChoice::Cpu => ASKED_FOR.to_owned(),
        _ => text.to_owned(),
    };
    if !has_device_file() {
        return Some(nothing("This machine has no graphics card."));
    }
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
    let adapters = pollster::block_on(instance.enumerate_adapters(Backends::all()));
    let adapters: Vec<AdapterInfo> = adapters.iter().map(wgpu::Adapter::get_info).collect();
    let is_card = |adapter: &AdapterInfo| adapter.device_type != DeviceType::Cpu;
    if adapters.iter().any(is_card) {
        return None;
    }
    let objection = adapters.first().and_then(|first| objection(choice, first));
    Some(objection.unwrap_or_else(|| nothing("There is no driver for a graphics card.")))
}

/// Whether the system shows a graphics card at all. To ask the drivers takes a tenth of a second and loads their compilers.
fn has_device_file() -> bool {
    // Of a card that draws, one of NVIDIA's without that, one behind Windows, and those of telephones.
    const FILES: [&str; 5] = [
        "/dev/dri",
        "/dev/nvidiactl",
        "/dev/dxg",
        "/dev/mali0",
        "/dev/kgsl-3d0",
    ];
    !cfg!(target_os = "linux") || FILES.iter().any(|file| Path::new(file).exists())
}

/// Where a run of the window computes: on the processor, with a handle of its own, so that no frame waits behind a step.
#[must_use]
pub fn for_training() -> Device {
    Device::flex()
}

/// Lets Burn compute on the window's own device. To be called once a window.
///
/// # Errors
/// If the device cannot compute.
pub fn share(state: &RenderState, health: &Health) -> anyhow::Result<Device> {
    let setup = WgpuSetup {
        instance: state.instance.clone(),
        adapter: state.adapter.clone(),
        device: state.device.clone(),
        queue: state.queue.clone(),
        backend: state.adapter.get_info().backend,
    };
    let device = Device::wgpu_options()
        .setup(setup)
        .memory_config(MemoryConfiguration::ExclusivePages)
        .init()
        .context("Burn cannot compute on it")?;
    // Burn's own callback panics on every error, also on one that has nothing to do with it.
    health.watch(&state.device);
    Ok(device)
}
