//! The Latent Lens window: drag a latent slider, and see the image, an independent classifier's verdict and the evidence
//! for it.
//!
//! [`app::App`] is a state machine: what a person does changes [`controls::Controls`], from these follow the jobs for
//! the worker ([`jobs`]), and the worker's answers ([`session::Session`]) are what the panels paint. The interface
//! thread never runs a model and never waits for one. [`window`] connects the app with eframe and the worker.

pub mod app;
pub mod canvas;
pub mod command;
pub mod controls;
pub mod device;
pub mod event_loop;
pub mod export;
pub mod jobs;
pub mod live_canvas;
pub mod models;
pub mod notices;
pub mod panels;
pub mod scene;
pub mod session;
pub mod sheet;
pub mod shortcuts;
pub mod shown;
pub mod startup;
pub mod tasks;
pub mod theme;
pub mod trial;
pub mod undo;
pub mod widgets;
pub mod window;
