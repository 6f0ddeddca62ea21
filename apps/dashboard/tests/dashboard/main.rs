//! The window as a person and a screen reader meet it: everything is found by its accessible label.
#![allow(
    clippy::float_cmp,
    reason = "what passes through unchanged is compared exactly"
)]

mod answers;
mod devices;
mod evaluate;
mod explore;
mod files;
mod opening;
mod parts;
mod spaces;
mod support;
