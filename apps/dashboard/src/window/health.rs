//! Watches over a window's graphics device: what it refuses, and whether it is lost.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use eframe::wgpu::{self, PollType};

/// How wgpu names what concerns the window's surface. A window whose size changes while the models submit work may fail to
/// follow at once ("failed to wait for GPU to come idle"). eframe tries again at the next frame, and the models are sound.
const SURFACE: &str = "In Surface::";

/// What went wrong with a graphics device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceTrouble {
    /// It refused an operation, and still works.
    Refused(String),
    /// It is gone, and with it the means to paint this window.
    Lost(String),
}

/// Watches over the graphics device of one window. Clones watch the same device.
#[derive(Clone, Default)]
pub struct Health {
    report: Arc<Report>,
    device: Arc<OnceLock<wgpu::Device>>,
}

#[derive(Default)]
struct Report {
    trouble: Mutex<Option<DeviceTrouble>>,
    wake: OnceLock<Box<dyn Fn() + Send + Sync>>,
}

impl Report {
    fn trouble(&self) -> MutexGuard<'_, Option<DeviceTrouble>> {
        // Nothing panics while it holds the lock, so a poisoned one guards a sound value.
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first trouble is the cause of those that follow, except that a lost device is worse than anything.
    fn put(&self, trouble: DeviceTrouble) {
        let mut known = self.trouble();
        if known.is_none() || matches!(trouble, DeviceTrouble::Lost(_)) {
            *known = Some(trouble);
        }
        drop(known);
        self.wake();
    }

    fn wake(&self) {
        if let Some(wake) = self.wake.get() {
            wake();
        }
    }
}

impl Health {
    /// What to call when something goes wrong, on whatever thread notices. Only the first call counts.
    pub fn wake_with(&self, wake: impl Fn() + Send + Sync + 'static) {
        // A second call changes nothing.
        let _ = self.report.wake.set(Box::new(wake));
    }

    /// Puts this watch's callbacks in the place of whatever callbacks the device has.
    pub fn watch(&self, device: &wgpu::Device) {
        // The callbacks hold the report alone: with the device in their hands it would never be dropped.
        let report = Arc::clone(&self.report);
        device.on_uncaptured_error(Arc::new(move |error| {
            let text = error.to_string();
            if text.contains(SURFACE) {
                report.wake();
            } else {
                report.put(DeviceTrouble::Refused(text));
            }
        }));
        let report = Arc::clone(&self.report);
        device.set_device_lost_callback(move |reason, message| {
            let detail = if message.is_empty() {
                String::new()
            } else {
                format!(": {message}")
            };
            report.put(DeviceTrouble::Lost(format!("{reason:?}{detail}")));
        });
        // After the first call it is the same device.
        let _ = self.device.set(device.clone());
    }

    /// Notes what went wrong.
    pub fn report(&self, trouble: DeviceTrouble) {
        self.report.put(trouble);
    }

    /// Takes what went wrong since the last call. Never waits.
    #[must_use]
    pub fn take(&self) -> Option<DeviceTrouble> {
        if let Some(device) = self.device.get() {
            // The loss of a device is only announced when somebody asks. The answer itself is of no interest.
            let _ = device.poll(PollType::Poll);
        }
        self.report.trouble().take()
    }
}
