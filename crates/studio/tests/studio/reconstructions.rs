use burn::tensor::Device;
use datasets::{KnownDataset, PIXELS, sample};
use studio::{
    EncodeRequest, FrameRequest, Job, Method, ReconstructRequest, Reply, Request, Stage, Studio,
    StudioError, Timings,
};

use crate::support::{saved, studio};
use crate::workers::{Channel, start, until};

fn some_image() -> Vec<f32> {
    let images = sample(KnownDataset::Mnist);
    let bytes = images.image(4).iter();
    bytes.map(|&byte| f32::from(byte) / 255.0).collect()
}

#[test]
fn a_reconstruction_is_the_frame_of_the_posteriors_mean() {
    let studio = studio();
    let request = ReconstructRequest {
        layer: Stage::Stage3,
        method: Method::LayerCam,
        contrast: true,
        ..ReconstructRequest::new(some_image())
    };
    let mut found = studio.reconstruct(&request).expect("it fits");
    let encode = EncodeRequest {
        pixels: some_image(),
    };
    assert_eq!(found.encoded, studio.encode(&encode).expect("it fits"));
    let frame = FrameRequest {
        layer: Stage::Stage3,
        method: Method::LayerCam,
        contrast: true,
        ..FrameRequest::new(found.encoded.mean.clone())
    };
    let mut frame = studio.frame(&frame).expect("it fits");
    (found.frame.timings, frame.timings) = (Timings::default(), Timings::default());
    assert_eq!(found.frame, frame);
}

#[test]
fn the_squared_error_is_a_mean_over_the_pixels() {
    let studio = studio();
    let reconstruct = |pixels: Vec<f32>| {
        let request = ReconstructRequest::new(pixels);
        studio.reconstruct(&request).expect("it fits")
    };
    // Of a black image, the error is the mean square of what comes back.
    let black = reconstruct(vec![0.0; PIXELS]);
    let squares = black.frame.image.iter().map(|&y| y * y);
    let mean = squares.sum::<f32>() / 784.0;
    assert!(mean > 0.0);
    assert!((black.squared_error - mean).abs() < 1e-6);
}

#[test]
fn an_image_that_is_none_is_refused() {
    let studio = studio();
    for pixels in [vec![0.5; PIXELS - 1], vec![1.5; PIXELS]] {
        let refused = studio.reconstruct(&ReconstructRequest::new(pixels));
        assert!(matches!(refused, Err(StudioError::Request(_))));
    }
}

#[test]
fn the_worker_reconstructs_with_two_models_side_by_side() {
    let (_left_dir, left) = saved();
    let (_right_dir, right) = saved();
    let (worker, woken) = start();
    let request = ReconstructRequest::new(some_image());
    let job = |model: &studio::ModelSource, channel| Job {
        model: model.clone(),
        channel,
        request: Request::Reconstruct(request.clone()),
    };
    let jobs = [job(&left, Channel::Left), job(&right, Channel::Right)];
    for job in &jobs {
        worker.submit(job.clone());
    }
    let mut all = until(&worker, &woken, &jobs[1]);
    if all.iter().all(|published| published.job != jobs[0]) {
        all.extend(until(&worker, &woken, &jobs[0]));
    }
    for job in jobs {
        let studio = Studio::open(&job.model, &Device::flex()).expect("a sound bundle");
        let expected = studio.reconstruct(&request).expect("it fits");
        let answered = all.iter().find(|published| published.job == job);
        match &answered.expect("both are answered").result {
            Ok(Reply::Reconstructed(found)) => {
                assert_eq!(found.frame.image, expected.frame.image);
                assert!((found.squared_error - expected.squared_error).abs() < 1e-9);
            }
            other => panic!("{other:?}"),
        }
    }
}
