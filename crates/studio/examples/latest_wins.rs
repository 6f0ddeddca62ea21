//! Models on a thread of their own, as a window has them: a hundred positions of a slider are asked for at once, and as long as one
//! is computed, only the newest of the others waits.
//!
//! `cargo run --release --example latest_wins [MODEL]`

use std::{env, error::Error, ffi::OsString, sync::mpsc};

use studio::burn::tensor::Device;
use studio::{FrameRequest, Job, ModelSource, Reply, Request, Worker};

/// What the worker is asked for, the most urgent first. Questions of one kind replace each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Question {
    Model,
    Frame,
}

fn main() -> Result<(), Box<dyn Error>> {
    let model = env::args_os().nth(1).unwrap_or(OsString::from("mnist"));
    let model = ModelSource::named(&model)?;
    let (wake, woken) = mpsc::channel();
    let worker = Worker::spawn(Device::flex(), move || {
        // A window would ask its event loop for another pass here.
        let _ = wake.send(());
    })?;
    let ask = |channel, request| {
        worker.submit(Job {
            model: model.clone(),
            judge: None,
            channel,
            request,
        });
    };

    ask(Question::Model, Request::Open);
    woken.recv()?;
    let mut dims = 0;
    for answer in worker.take_published() {
        if let Reply::Opened(opened) = answer.result? {
            let part = opened.manifest.generator.ok_or("the model draws nothing")?;
            dims = part.latent.dims();
        }
    }

    let last = Request::Frame(FrameRequest::new(vec![1.0; dims]));
    for position in 0..=100_u8 {
        let latent = vec![f32::from(position) / 100.0; dims];
        ask(Question::Frame, Request::Frame(FrameRequest::new(latent)));
    }
    let mut computed = 0;
    loop {
        woken.recv()?;
        for answer in worker.take_published() {
            answer.result?;
            computed += 1;
            if answer.job.request == last {
                println!(
                    "101 positions were asked for, {computed} computed, and the last one was among them"
                );
                return Ok(());
            }
        }
    }
}
