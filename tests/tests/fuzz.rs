//! Changed files on every reader of the libraries; those of the window are read in its own tests. See the library of this crate.

#[path = "fuzz/data.rs"]
mod data;
#[path = "fuzz/models.rs"]
mod models;
#[path = "fuzz/runs.rs"]
mod runs;
#[path = "fuzz/tables.rs"]
mod tables;
