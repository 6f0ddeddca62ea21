//! A window for machines without a graphics card: winit brings the input, egui the shapes, and the processor paints them.
//!
//! Why it exists: eframe draws through a graphics driver. Where there is no card, the driver's software adapter shades
//! every pixel with a program that was written for one, which takes many times as long, or there is no driver at all.

mod content;
mod event_handler;
mod open;

pub use content::{Content, Create};
pub use event_handler::SoftwareWindow;
