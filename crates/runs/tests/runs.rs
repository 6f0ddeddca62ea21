//! Whole runs on a few pictures: what they tell, what they leave on the disk, and how they go on. One test binary, because each links all of
//! Burn.

#[path = "runs/choices.rs"]
mod choices;
#[path = "runs/folders.rs"]
mod folders;
#[path = "runs/going.rs"]
mod going;
#[path = "runs/support.rs"]
mod support;
