//! The Latent Lens window: drag a latent slider, and see the image, an independent classifier's verdict and the evidence
//! for it.
//!
//! [`app::App`] is a state machine: what a person does changes [`controls::Controls`], from these follow the jobs for
//! the worker ([`jobs`]), and the worker's answers ([`session::Session`]) are what the panels paint. The interface
//! thread never runs a model and never waits for one. [`window`] connects the app with eframe and the worker.

pub mod app;
pub mod bookmarks;
pub mod canvas;
pub mod catalogue;
pub mod channel;
pub mod command;
pub mod compare;
pub mod controls;
pub mod device;
pub mod drag_report;
pub mod event_loop;
pub mod export;
pub mod finder;
pub mod jobs;
pub mod keeper;
pub mod live_canvas;
pub mod map;
pub mod memory;
pub mod models;
pub mod notebook;
pub mod notices;
pub mod panels;
pub mod picture_file;
pub mod recipe;
pub mod scene;
pub mod session;
pub mod sheet;
pub mod shortcuts;
pub mod shown;
pub mod sketch;
pub mod software;
pub mod soundness;
pub mod startup;
pub mod store;
pub mod tasks;
pub mod theme;
pub mod timeline;
pub mod trial;
pub mod undo;
pub mod walks;
pub mod widgets;
pub mod window;
pub mod words;
