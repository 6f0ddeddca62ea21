use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use burn::tensor::Device;
use studio::{
    Channel, FrameRequest, GalleryRequest, Job, ModelSource, Published, Reply, Request,
    StudioError, Worker,
};

use crate::support::{LATENT_DIM, saved};

/// Far more than any of these jobs takes; reaching it means that nothing was published.
const PATIENCE: Duration = Duration::from_mins(1);

fn start() -> (Worker, Receiver<()>) {
    let (wake, woken) = channel();
    let worker = Worker::spawn(Device::flex(), move || {
        // The test may have ended already.
        let _ = wake.send(());
    });
    (worker.expect("a thread"), woken)
}

fn frame_job(model: &ModelSource, value: f32) -> Job {
    Job {
        model: model.clone(),
        channel: Channel::Frame,
        request: Request::Frame(FrameRequest::new(vec![value; LATENT_DIM])),
    }
}

/// Waits until a result for `job` is published; returns all that came on the way.
fn until(worker: &Worker, woken: &Receiver<()>, job: &Job) -> Vec<Published> {
    let mut all = Vec::new();
    loop {
        woken.recv_timeout(PATIENCE).expect("a result");
        all.extend(worker.take_published());
        if all.iter().any(|published| published.job == *job) {
            return all;
        }
    }
}

#[test]
fn the_newest_request_wins_and_most_of_a_drag_is_left_out() {
    let (_dir, model) = saved();
    let (worker, woken) = start();
    let jobs: Vec<Job> = (0..2000)
        .map(|i| frame_job(&model, i as f32 / 2000.0))
        .collect();
    for job in &jobs {
        worker.submit(job.clone());
    }
    let all = until(&worker, &woken, &jobs[1999]);
    // Opening the model alone takes longer than handing over 2000 jobs: a queue would publish them all.
    assert!(all.len() < 100, "{} results", all.len());
    let last = all.last().expect("at least the last");
    assert_eq!(last.job, jobs[1999]);
    assert!(matches!(last.result, Ok(Reply::Frame(_))));
}

#[test]
fn an_equal_request_is_not_computed_twice() {
    let (_dir, model) = saved();
    let (worker, woken) = start();
    let first = frame_job(&model, 0.1);
    worker.submit(first.clone());
    until(&worker, &woken, &first);
    worker.submit(first.clone());
    let other = frame_job(&model, 0.2);
    worker.submit(other.clone());
    let all = until(&worker, &woken, &other);
    assert!(all.iter().all(|published| published.job == other));
}

#[test]
fn channels_do_not_displace_each_other() {
    let (_dir, model) = saved();
    let (worker, woken) = start();
    let grid = Job {
        model: model.clone(),
        channel: Channel::Grid,
        request: Request::Gallery(GalleryRequest {
            latents: vec![vec![0.0; LATENT_DIM]; 3],
        }),
    };
    worker.submit(grid.clone());
    let frame = frame_job(&model, 0.3);
    worker.submit(frame.clone());
    let mut all = until(&worker, &woken, &grid);
    if !all.iter().any(|published| published.job == frame) {
        all.extend(until(&worker, &woken, &frame));
    }
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(|published| published.result.is_ok()));
}

#[test]
fn an_error_is_published_and_the_worker_goes_on() {
    let (dir, model) = saved();
    let (worker, woken) = start();
    let wrong = Job {
        request: Request::Frame(FrameRequest::new(vec![0.0; LATENT_DIM + 1])),
        ..frame_job(&model, 0.0)
    };
    worker.submit(wrong.clone());
    let all = until(&worker, &woken, &wrong);
    assert!(matches!(all[0].result, Err(StudioError::Request(_))));

    let missing = frame_job(&ModelSource::Folder(dir.path().join("nothing")), 0.0);
    worker.submit(missing.clone());
    let all = until(&worker, &woken, &missing);
    assert!(matches!(all[0].result, Err(StudioError::Bundle { .. })));

    let right = frame_job(&model, 0.0);
    worker.submit(right.clone());
    assert!(until(&worker, &woken, &right)[0].result.is_ok());
}

#[test]
fn a_failed_job_can_be_tried_again() {
    let (_dir, model) = saved();
    let (worker, woken) = start();
    let missing = frame_job(&ModelSource::Folder("no-such-folder".into()), 0.0);
    for _ in 0..2 {
        worker.submit(missing.clone());
        let all = until(&worker, &woken, &missing);
        assert!(all[0].result.is_err());
    }
    let open = Job {
        model,
        channel: Channel::Open,
        request: Request::Open,
    };
    worker.submit(open.clone());
    let all = until(&worker, &woken, &open);
    match &all[0].result {
        Ok(Reply::Opened(manifest)) => assert_eq!(manifest.dataset, "mnist"),
        other => panic!("{other:?}"),
    }
}
