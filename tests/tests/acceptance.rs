//! What a newcomer is promised: shipped models that are as good as the README says, and a window that shows them.

#[path = "acceptance/drop.rs"]
mod drop;
#[path = "acceptance/gpu.rs"]
mod gpu;
#[path = "acceptance/gpu_networks.rs"]
mod gpu_networks;
#[path = "acceptance/gpu_training.rs"]
mod gpu_training;
#[path = "acceptance/live.rs"]
mod live;
#[path = "acceptance/memory.rs"]
mod memory;
#[path = "acceptance/models.rs"]
mod models;
#[path = "acceptance/person.rs"]
mod person;
#[path = "acceptance/photograph.rs"]
mod photograph;
#[path = "acceptance/photograph_person.rs"]
mod photograph_person;
#[path = "acceptance/python.rs"]
mod python;
#[path = "acceptance/report.rs"]
mod report;
#[path = "acceptance/snapshots.rs"]
mod snapshots;
#[path = "acceptance/train_person.rs"]
mod train_person;
#[path = "acceptance/window.rs"]
mod window;
