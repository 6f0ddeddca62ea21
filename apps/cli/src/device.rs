//! The one place where this program chooses a device.
//!
//! `auto` takes a real GPU if there is one. A software adapter (llvmpipe, `SwiftShader`) draws on the CPU and is many
//! times slower than computing there directly, so it counts as no GPU.

use std::thread;

use anyhow::Context as _;
use burn::tensor::{
    Device,
    wgpu::{WgpuInitError, wgpu},
};
use clap::ValueEnum;
use wgpu::{AdapterInfo, Backends, DeviceType, Limits};

/// What the user asked for with `--device`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DeviceChoice {
    /// A real GPU if there is one, else the CPU.
    Auto,
    /// The graphics adapter, even a software one.
    Gpu,
    /// The CPU.
    Cpu,
}

/// A device to compute on, and how it came to be chosen.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// Where to compute.
    pub device: Device,
    /// What it is, for people and reports.
    pub label: String,
    /// Why this one.
    pub reason: String,
    /// Whether it is a graphics adapter.
    pub is_gpu: bool,
}

impl Chosen {
    /// The CPU, because of `reason`.
    pub fn cpu(reason: impl Into<String>) -> Self {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let plural = if threads == 1 { "" } else { "s" };
        Self {
            device: Device::flex(),
            label: format!("CPU (Flex, {threads} thread{plural})"),
            reason: reason.into(),
            is_gpu: false,
        }
    }
}

/// Opens the device that was asked for.
///
/// # Errors
///
/// If `gpu` was asked for and no adapter can be opened. `auto` falls back to the CPU instead.
pub fn open(choice: DeviceChoice) -> anyhow::Result<Chosen> {
    match choice {
        DeviceChoice::Cpu => Ok(Chosen::cpu("asked for")),
        DeviceChoice::Gpu => open_gpu("asked for").context(
            "no graphics adapter can be opened: install a Vulkan driver (`latent-lens doctor` lists what is found) \
             or use --device cpu",
        ),
        DeviceChoice::Auto => Ok(auto()),
    }
}

fn auto() -> Chosen {
    let adapters = enumerate(Backends::PRIMARY);
    let trusted = adapters.iter().find(|adapter| is_trusted(&adapter.info));
    let Some(Adapter { info: real, .. }) = trusted else {
        return Chosen::cpu(match adapters.as_slice() {
            [] => "there is no graphics adapter with Vulkan, Metal or DirectX 12".to_owned(),
            [first, ..] => format!("{} is a software adapter", first.info.name),
        });
    };
    match open_gpu(&format!("{} is a real GPU", real.name)) {
        Ok(chosen) => chosen,
        Err(error) => Chosen::cpu(format!("{} cannot be opened: {error}", real.name)),
    }
}

/// Opens the adapter that Burn prefers: a discrete GPU before an integrated one before the rest.
fn open_gpu(reason: &str) -> Result<Chosen, WgpuInitError> {
    let (device, setup) = Device::wgpu_options().init_with_setup()?;
    let info = setup.adapter.get_info();
    Ok(Chosen {
        device,
        label: format!("{} ({})", info.name, info.backend),
        reason: reason.to_owned(),
        is_gpu: true,
    })
}

/// A graphics adapter of this machine.
#[derive(Clone, Debug)]
pub struct Adapter {
    /// Name, kind, driver.
    pub info: AdapterInfo,
    /// The largest buffers and workgroups that it takes.
    pub limits: Limits,
}

/// The graphics adapters of this machine. Those of OpenGL are only asked for if there is no other: its libraries write
/// complaints of their own to standard error where there is no display.
pub fn adapters() -> Vec<Adapter> {
    let found = enumerate(Backends::PRIMARY);
    if found.is_empty() {
        enumerate(Backends::SECONDARY)
    } else {
        found
    }
}

fn enumerate(backends: Backends) -> Vec<Adapter> {
    if wgpu::Instance::enabled_backend_features().is_empty() {
        return Vec::new();
    }
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends,
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    let found = pollster::block_on(instance.enumerate_adapters(backends));
    let described = |adapter: &wgpu::Adapter| Adapter {
        info: adapter.get_info(),
        limits: adapter.limits(),
    };
    found.iter().map(described).collect()
}

/// Whether `auto` may compute on this adapter: a real GPU, behind an API made for computing and not OpenGL.
pub fn is_trusted(adapter: &AdapterInfo) -> bool {
    adapter.device_type != DeviceType::Cpu && Backends::PRIMARY.contains(adapter.backend.into())
}
