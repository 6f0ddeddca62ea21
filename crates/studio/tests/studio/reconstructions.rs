use burn::tensor::Device;
use datasets::{Image, ImageShape, Layer};
use studio::{
    EncodeRequest, FrameRequest, Job, Method, ReconstructRequest, Reply, Request, Studio,
    StudioError, Timings,
};

use crate::support::{saved, shape, some_image, studio};
use crate::workers::{Channel, start, until};

#[test]
fn a_reconstruction_is_the_frame_of_the_posteriors_mean() {
    let studio = studio();
    let request = ReconstructRequest {
        layer: Layer(2),
        method: Method::LayerCam,
        contrast: true,
        ..ReconstructRequest::new(some_image())
    };
    let mut found = studio.reconstruct(&request).expect("it fits");
    let encode = EncodeRequest::new(some_image());
    assert_eq!(found.encoded, studio.encode(&encode).expect("it fits"));
    let frame = FrameRequest {
        layer: Layer(2),
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
    let request = ReconstructRequest::new(Image::black(shape()));
    // Of a black image, the error is the mean square of what comes back.
    let black = studio.reconstruct(&request).expect("it fits");
    let squares = black.frame.image.values().iter();
    // 3 channels of 20 x 32 pixels.
    let mean = squares.map(|&y| f64::from(y).powi(2)).sum::<f64>() / 1920.0;
    assert!(mean > 0.0);
    assert!((f64::from(black.squared_error) - mean).abs() < 1e-6);
}

#[test]
fn an_image_of_another_shape_is_refused() {
    let studio = studio();
    for (channels, height, width) in [(1, 20, 32), (3, 32, 20), (3, 20, 33)] {
        let other = ImageShape::new(channels, height, width).expect("within the bounds");
        let refused = studio.reconstruct(&ReconstructRequest::new(Image::black(other)));
        match refused {
            Err(StudioError::Request(text)) => assert!(text.contains("3x20x32"), "{text}"),
            other => panic!("{other:?}"),
        }
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
        judge: None,
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
