//! A training run: what it is, as plain data; how it goes, as events; what is seen of it, and what it leaves on the disk.
//!
//! [`Run::go`] is the one place where a network of a model is trained, whoever asks for it: a command line, a window, a test. What a
//! run is ([`RunSettings`]) can be written down, and so can what is seen of it ([`RunView`]): both lie in the model's folder
//! ([`RunFolder`]), where [`list`] finds them and another program can watch the run. The crate knows no device and no caller; it is told on
//! which device to compute, and its errors name no option of a command line.

mod checks;
mod choice;
mod command;
mod control;
mod error;
mod estimate;
mod folder;
pub mod images;
mod network;
mod network_settings;
mod plane;
mod quoting;
mod recorder;
mod run;
mod settings;
mod sheet;
mod thinned;
mod view;

pub use choice::{Choice, Figures, Overrides, Preset};
pub use control::RunControl;
pub use error::RunError;
pub use estimate::{Estimate, estimate, rehearse};
pub use folder::{FoundRun, RunFolder, list};
pub use images::{ImageSource, ImagesError, Loaded, MIN_FOLDER_IMAGES, OwnImages};
pub use network::Network;
pub use network_settings::{
    DiffusionSettings, GanSettings, JudgeSettings, NetworkSettings, RefinerSettings, VaeSettings,
};
pub use plane::plane;
pub use quoting::quoted;
pub use run::{Computing, DeviceError, Note, Run, RunEvent};
pub use settings::{RunSettings, Start};
pub use sheet::{Sheet, sheet_of};
pub use view::{Curve, RunState, RunView, Seen};
