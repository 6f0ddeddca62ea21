//! Measurements in the real window, and faults on purpose. They watch the window through [`Observer`], and nothing of the
//! product knows them; only `main` puts them there.
//!
//! [`Observer`]: crate::window::observer::Observer

pub mod drag;
pub mod lose_device;
pub mod startup;
