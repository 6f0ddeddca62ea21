//! Windows on the model, and the jobs that they give to the worker.

use std::path::PathBuf;

use dashboard::{
    app::App,
    state::{
        channel::{Channel, Job},
        controls::{Controls, Space},
        device::ChosenDevice,
    },
    theme,
};
use datasets::Seed;
use eframe::egui::Ui;
use egui_kittest::Harness;
use studio::{Manifest, ModelSource, Report};

use super::{
    manifests::manifest,
    models::model,
    worker::{answer, published},
};

pub type Window = Harness<'static, App>;

/// A window of 1280 x 720 points, without answers from any worker yet.
pub fn closed_window(space: Space) -> Window {
    window_on(model(), space)
}

/// As [`closed_window`], on any model.
pub fn window_on(model: ModelSource, space: Space) -> Window {
    sized(model, space, [1280.0, 720.0], 1.0)
}

/// As [`closed_window`], of another size, in points, and with so many screen pixels a point.
pub fn window_sized(space: Space, size: [f32; 2], pixels_per_point: f32) -> Window {
    sized(model(), space, size, pixels_per_point)
}

fn sized(model: ModelSource, space: Space, size: [f32; 2], pixels_per_point: f32) -> Window {
    window_with(Controls::new(model, space, Seed(7)), size, pixels_per_point)
}

/// A window on whatever was set, without answers from any worker yet.
pub fn window_with(controls: Controls, size: [f32; 2], pixels_per_point: f32) -> Window {
    let app = App::new(controls, ChosenDevice::cpu("as the test says"));
    Harness::builder()
        .with_size(size)
        .with_pixels_per_point(pixels_per_point)
        .with_max_steps(32)
        .with_context_setup(theme::install)
        .build_ui_state(|ui: &mut Ui, app: &mut App| app.ui(ui), app)
}

/// A window on an open model that has all its answers.
pub fn window(space: Space, report: Option<Report>) -> Window {
    let mut window = closed_window(space);
    let manifest = manifest(report);
    serve(&mut window, &manifest);
    window
}

/// A window on a model from a folder that has all its answers.
pub fn window_of(space: Space, manifest: &Manifest) -> Window {
    let folder = ModelSource::Folder(PathBuf::from("/models/of/the/test"));
    let mut window = window_on(folder, space);
    serve(&mut window, manifest);
    window
}

/// Answers every job of the app, until it has no more.
pub fn serve(window: &mut Window, manifest: &Manifest) {
    for _ in 0..8 {
        window.run();
        let jobs = window.state_mut().take_jobs();
        if jobs.is_empty() {
            return;
        }
        for job in jobs {
            let reply = answer(&job.request, manifest);
            window.state_mut().receive(published(job, Ok(reply)));
        }
    }
    panic!("the app never stops asking");
}

pub fn last_job(window: &mut Window, channel: Channel) -> Job {
    let jobs = window.state_mut().take_jobs();
    jobs.into_iter()
        .rfind(|job| job.channel == channel)
        .expect("the app asked in this channel")
}
