//! Where the models run, in words. The window chooses; the rest of the program only says it.

/// The device in use, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChosenDevice {
    /// Its name, for the status bar.
    pub name: String,
    /// Why it was chosen.
    pub reason: String,
}

/// News about where the models are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceChange {
    /// The device in use from now on.
    pub chosen: ChosenDevice,
    /// Whether the models are on another device than before, so that what was asked has to be asked again.
    pub moved: bool,
    /// Whether something failed that the person should hear of.
    pub failed: bool,
}

impl ChosenDevice {
    /// The CPU, because of `reason`.
    pub fn cpu(reason: impl Into<String>) -> Self {
        Self {
            name: "CPU (Flex)".to_owned(),
            reason: reason.into(),
        }
    }

    /// A graphics adapter that is reached through `backend`, because of `reason`.
    pub fn gpu(adapter: &str, backend: &str, reason: impl Into<String>) -> Self {
        Self {
            name: format!("GPU ({adapter}, {backend})"),
            reason: reason.into(),
        }
    }
}

impl DeviceChange {
    /// Back from the GPU to the CPU, because of `reason`; `moved` says whether the models were on the GPU.
    #[must_use]
    pub fn back_to_cpu(reason: &str, moved: bool) -> Self {
        Self {
            chosen: ChosenDevice::cpu(format!("The GPU is not used any more: {reason}.")),
            moved,
            failed: true,
        }
    }
}
