//! What the window asks, and the classes that it gives to the model.

use dashboard::state::channel::Job;
use datasets::ClassId;
use studio::{Conditions, Request};

use super::windows::Window;

/// The classes that a job gives to the model: one for each latent or image.
pub fn given(job: &Job) -> Vec<Option<ClassId>> {
    match &job.request {
        Request::Frame(request) => vec![request.condition],
        Request::Effects(request) => vec![request.condition],
        Request::Realism(request) => vec![request.condition],
        Request::Encode(request) => vec![request.condition],
        Request::Reconstruct(request) => vec![request.condition],
        Request::Path(request) => vec![request.condition],
        Request::Gallery(request) => each(&request.conditions, request.latents.len()),
        Request::Survey(request) => each(&request.conditions, request.latents.len()),
        Request::EncodeMany(request) | Request::ReconstructMany(request) => {
            each(&request.conditions, request.images.len())
        }
        Request::Samples(request) => {
            let samples = request.samples.iter();
            samples.map(|sample| Some(sample.class)).collect()
        }
        Request::Open
        | Request::LiveFrame(_)
        | Request::Judge(_)
        | Request::Nearest(_)
        | Request::Counterfactual(_)
        | Request::Close(_) => Vec::new(),
    }
}

fn each(conditions: &Conditions, n: usize) -> Vec<Option<ClassId>> {
    conditions.of_each(n).expect("one for each")
}

/// Lets the window ask, and takes what it asks.
pub fn asked(window: &mut Window) -> Vec<Job> {
    window.run();
    window.state_mut().take_jobs()
}
