//! The Latent Lens window: drag a latent slider, and see the image, an independent classifier's verdict and the evidence
//! for it.
//!
//! The modules lie in layers, and each knows only those below it (a test reads the imports):
//!
//! | layer | what it is |
//! |---|---|
//! | [`program`] | the window as a program, with its arguments |
//! | [`measure`] | measurements in the real window, and devices that are lost on purpose: nothing of the product |
//! | [`window`] | event loops, devices, painting; where the models run |
//! | [`app`] | what happens: commands are carried out, answers arrive, questions follow |
//! | [`panels`] | the parts of the window |
//! | [`widgets`] | what panels are made of |
//! | [`state`] | what is set and what came back, as plain data |
//! | [`render`] | pictures of the interface: painted by the processor, or as SVG |
//! | [`theme`], [`words`], [`files`] | colours and distances, explanations, files |
//!
//! [`app::App`] is a state machine: what a person does changes [`state::controls::Controls`], from these follow the jobs
//! for the worker ([`state::jobs`]), and the worker's answers ([`state::session::Session`]) are what the panels paint. The
//! interface thread never runs a model, and waits for one no longer than a pass has time to spare.

pub mod app;
pub mod files;
pub mod measure;
pub mod panels;
pub mod program;
pub mod render;
pub mod state;
pub mod theme;
pub mod widgets;
pub mod window;
pub mod words;
