//! A small model made of plain data, and a worker that the test plays itself.

mod manifests;
mod models;
mod painting;
mod person;
mod questions;
mod saving;
mod shipped;
mod windows;
mod worker;

pub use manifests::{
    DIMS, conditional, conditional_of, diffusion, digits, gan, joint, manifest, manifest_of, odd,
    refined, unjudged, unlabelled, vae_config, with_dims,
};
pub use models::{WITHOUT_SAMPLE, model, open, save_untrained_bundle, shipped};
pub use painting::{Painted, PaintedWindow, painted};
pub use person::{double_click, drag, latent, scene, slider};
pub use questions::{asked, given};
pub use saving::{click, save, save_as, until_restored, until_shown, until_told};
pub use shipped::ShippedWindow;
pub use windows::{
    Window, closed_window, last_job, serve, window, window_of, window_on, window_sized, window_with,
};
pub use worker::{answer, means, published, some_error};
