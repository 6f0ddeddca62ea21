use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use burn::tensor::Device;
use datasets::{ClassId, Image, ImageShape};
use studio::{
    CounterfactualRequest, EffectsRequest, EncodeManyRequest, EncodeRequest, FrameRequest,
    GalleryRequest, ModelSource, Reply, Request, Studio, StudioError, Worker,
};
use vae_core::VaeConfig;

use crate::support::{LATENT_DIM, bundle_with, images, info, saved, saved_bundle, vae_config};

/// What these tests ask for, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    Open,
    Frame,
    Grid,
    Counterfactual,
    Effects,
    Map,
    Left,
    Right,
}

type Job = studio::Job<Channel>;
type Published = studio::Published<Channel>;

/// Far more than any of these jobs takes; reaching it means that nothing was published.
const PATIENCE: Duration = Duration::from_mins(1);

pub fn start() -> (Worker<Channel>, Receiver<()>) {
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
        judge: None,
        channel: Channel::Frame,
        request: Request::Frame(FrameRequest::new(vec![value; LATENT_DIM])),
    }
}

/// A gallery of as many images as are asked for, around `value`.
fn grid_job(model: &ModelSource, images: usize, value: f32) -> Job {
    let latent = |i: usize| vec![value + i as f32 / images as f32; LATENT_DIM];
    Job {
        model: model.clone(),
        judge: None,
        channel: Channel::Grid,
        request: Request::Gallery(GalleryRequest::new((0..images).map(latent).collect())),
    }
}

/// Submits frames one after the other and waits for each; all that was published meanwhile.
fn frames(
    worker: &Worker<Channel>,
    woken: &Receiver<()>,
    model: &ModelSource,
    values: std::ops::Range<u8>,
) -> Vec<Published> {
    let mut all = Vec::new();
    for value in values {
        let frame = frame_job(model, f32::from(value) / 100.0);
        worker.submit(frame.clone());
        all.extend(until(worker, woken, &frame));
    }
    all
}

/// Waits until a result for `job` is published; returns all that came on the way.
pub fn until(worker: &Worker<Channel>, woken: &Receiver<()>, job: &Job) -> Vec<Published> {
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
fn a_walk_is_worked_in_steps_and_gives_way_to_frames() {
    let (_dir, model) = saved();
    let (worker, woken) = start();
    let request = CounterfactualRequest {
        latent: vec![0.3; LATENT_DIM],
        target: ClassId(2),
        steps: 200,
    };
    let walk = Job {
        model: model.clone(),
        judge: None,
        channel: Channel::Counterfactual,
        request: Request::Counterfactual(request.clone()),
    };
    worker.submit(walk.clone());
    let mut all = frames(&worker, &woken, &model, 0..3);
    if all.iter().all(|published| published.job != walk) {
        all.extend(until(&worker, &woken, &walk));
    }
    let answered = all.into_iter().find(|published| published.job == walk);
    let reply = answered.expect("it was published").result.expect("it fits");
    let studio = Studio::open(&model, &Device::flex()).expect("a sound bundle");
    let whole = studio.counterfactual(&request).expect("it fits");
    let Reply::Counterfactual(stepped) = reply else {
        panic!("{reply:?}")
    };
    assert_eq!(stepped.latents, whole.latents);
    assert_eq!(
        (stepped.share, stepped.flipped),
        (whole.share, whole.flipped)
    );
    assert_eq!(stepped.images.len(), whole.images.len());
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
fn channels_do_not_displace_each_other() {
    let (_dir, model) = saved();
    let (worker, woken) = start();
    let grid = Job {
        model: model.clone(),
        judge: None,
        channel: Channel::Grid,
        request: Request::Gallery(GalleryRequest::new(vec![vec![0.0; LATENT_DIM]; 3])),
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
        judge: None,
        channel: Channel::Open,
        request: Request::Open,
    };
    worker.submit(open.clone());
    let all = until(&worker, &woken, &open);
    match &all[0].result {
        Ok(Reply::Opened(opened)) => assert_eq!(opened.manifest.dataset.name, "flags"),
        other => panic!("{other:?}"),
    }
}

/// So many images that dozens of frames are answered before the last step.
const LONG: usize = 8192;

#[test]
fn frames_are_answered_between_the_steps_of_a_gallery() {
    let (_dir, model) = saved();
    let (worker, woken) = start();
    frames(&worker, &woken, &model, 0..1);
    let grid = grid_job(&model, LONG, 0.0);
    worker.submit(grid.clone());
    // Each waits for an answer, so without steps the whole gallery would be published before the second one.
    let meanwhile = frames(&worker, &woken, &model, 1..9);
    assert!(meanwhile.iter().all(|p| p.job.channel == Channel::Frame));
    let all = until(&worker, &woken, &grid);
    match &all.last().expect("the gallery").result {
        Ok(Reply::Gallery(gallery)) => assert_eq!(gallery.images.len(), LONG),
        other => panic!("{other:?}"),
    }
}

#[test]
fn steps_give_what_the_studio_gives_at_once() {
    let (_dir, model) = saved();
    let (worker, woken) = start();
    let studio = Studio::open(&model, &Device::flex()).expect("a sound bundle");
    // 33 is no multiple of a step's images, and 16 is one; none is a gallery, too.
    for images in [33, 16, 1, 0] {
        let job = grid_job(&model, images, -0.5);
        worker.submit(job.clone());
        let all = until(&worker, &woken, &job);
        let Request::Gallery(request) = &job.request else {
            unreachable!("a grid is a gallery")
        };
        let expected = studio.gallery(request).expect("a gallery");
        match &all[0].result {
            Ok(Reply::Gallery(gallery)) => assert!(*gallery == expected, "{images} images"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn effect_maps_in_steps_are_those_of_the_studio() {
    // Two images a dimension make a gallery of several steps.
    let dims = 20;
    let (_dir, model) = saved_bundle(bundle_with(
        &info(),
        VaeConfig {
            latent_dim: dims,
            ..vae_config()
        },
    ));
    let (worker, woken) = start();
    let studio = Studio::open(&model, &Device::flex()).expect("a sound bundle");
    let effects = |dims| EffectsRequest {
        latent: vec![0.4; dims],
        condition: None,
        sampler: studio::Sampler::default(),
        step_sigmas: 0.7,
    };
    let job = |dims| Job {
        model: model.clone(),
        judge: None,
        channel: Channel::Effects,
        request: Request::Effects(effects(dims)),
    };
    worker.submit(job(dims));
    let all = until(&worker, &woken, &job(dims));
    let expected = studio.effects(&effects(dims)).expect("maps");
    match &all[0].result {
        Ok(Reply::Effects(maps)) => assert!(*maps == expected),
        other => panic!("{other:?}"),
    }
    for wrong in [dims - 1, dims + 1] {
        worker.submit(job(wrong));
        let all = until(&worker, &woken, &job(wrong));
        assert!(matches!(all[0].result, Err(StudioError::Request(_))));
    }
}

#[test]
fn many_encodings_in_steps_are_those_of_each_image_and_give_way_to_frames() {
    let (_dir, model) = saved();
    let (worker, woken) = start();
    let all = images();
    let images: Vec<Image> = (0..203).map(|index| all.image(index)).collect();
    let encode = |images: Vec<Image>| Job {
        model: model.clone(),
        judge: None,
        channel: Channel::Map,
        request: Request::EncodeMany(EncodeManyRequest::new(images.into())),
    };
    frames(&worker, &woken, &model, 0..1);
    let job = encode(images.clone());
    worker.submit(job.clone());
    let mut all = frames(&worker, &woken, &model, 1..3);
    if all.iter().all(|published| published.job != job) {
        all.extend(until(&worker, &woken, &job));
    }
    let answered = all.into_iter().find(|published| published.job == job);
    let reply = answered.expect("it was published").result.expect("it fits");
    let Reply::EncodedMany(means) = reply else {
        panic!("{reply:?}")
    };
    assert_eq!(means.len(), 203);
    let studio = Studio::open(&model, &Device::flex()).expect("a sound bundle");
    for (image, mean) in images.iter().zip(&means).step_by(50) {
        let request = EncodeRequest::new(image.clone());
        let one = studio.encode(&request).expect("an image");
        assert_eq!(one.mean, *mean);
    }

    let other = ImageShape::new(3, 32, 20).expect("within the bounds");
    let wrong = encode(vec![Image::black(other)]);
    worker.submit(wrong.clone());
    let all = until(&worker, &woken, &wrong);
    assert!(matches!(all[0].result, Err(StudioError::Request(_))));
}
