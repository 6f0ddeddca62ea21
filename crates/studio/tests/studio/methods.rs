//! Every method of explanation, at every stage, on the host and left on the device.

use datasets::{ClassId, Layer};
use studio::{Evidence, FrameRequest, Heatmap, Method, Verdict, map_size};

use crate::support::{LATENT_DIM, studio};

fn verdict(studio: &studio::Studio, request: &FrameRequest) -> Verdict {
    let frame = studio.frame(request).expect("it fits");
    frame.verdict.expect("there is a classifier")
}

fn request(method: Method, layer: Layer, contrast: bool) -> FrameRequest {
    FrameRequest {
        target: Some(ClassId(1)),
        layer,
        method,
        contrast,
        ..FrameRequest::new(vec![0.3; LATENT_DIM])
    }
}

fn raw(map: &Heatmap) -> Vec<f32> {
    let scale = map.raw_max.max(0.0);
    map.values.iter().map(|value| value * scale).collect()
}

/// The positive parts are the same up to a thousandth of the larger maximum.
fn assert_same(a: &Heatmap, b: &Heatmap, what: &str) {
    let scale = a.raw_max.max(b.raw_max).max(1e-6);
    assert_eq!(a.values.len(), b.values.len(), "{what}");
    for (a, b) in raw(a).iter().zip(raw(b)) {
        assert!((a - b).abs() < 1e-3 * scale, "{what}: {a} and {b}");
    }
}

#[test]
fn every_method_gives_the_same_on_both_paths() {
    let studio = studio();
    for method in Method::ALL {
        for layer in (0..4).map(Layer) {
            for contrast in [false, true] {
                let request = request(method, layer, contrast);
                let what = format!("{method}, {layer:?}, contrast {contrast}");
                let frame = verdict(&studio, &request);
                let live = studio.live_frame(&request).expect("it fits");
                let read = |map| live.heatmap(map).expect("finite");
                let seen = live.verdict.clone().expect("there is a classifier");
                let map = seen.predicted_map;
                let config = &studio.judge().expect("there is one").part.config;
                let size = map_size(config, method, layer);
                assert_eq!([map.height, map.width], size, "{what}");
                assert_same(&frame.predicted_map, &read(map), &what);
                let targets = frame.target_map.zip(seen.target_map);
                let (target, live_target) = targets.expect("asked for");
                assert_same(&target, &read(live_target), &what);
            }
        }
    }
}

#[test]
fn a_contrast_at_the_last_stage_is_the_difference_of_two_maps() {
    let studio = studio();
    let plain = verdict(&studio, &request(Method::GradCam, Layer(3), false));
    let contrast = verdict(&studio, &request(Method::GradCam, Layer(3), true));
    assert_ne!(
        plain.prediction.class,
        ClassId(1),
        "else nothing is contrasted"
    );
    // The most that the predicted class gains on the target is the most that the target loses on it.
    let target = contrast.target_map.expect("asked for");
    let predicted = contrast.predicted_map;
    assert!((predicted.raw_max + target.raw_min).abs() < 1e-5);
    assert!((predicted.raw_min + target.raw_max).abs() < 1e-5);
    // No cell speaks for both.
    for (a, b) in predicted.values.iter().zip(&target.values) {
        assert!(*a == 0.0 || *b == 0.0);
    }
}

#[test]
fn the_same_class_twice_is_held_against_the_runner_up() {
    let studio = studio();
    let mut request = request(Method::LayerCam, Layer(2), true);
    let prediction = verdict(&studio, &request).prediction;
    request.target = Some(prediction.class);
    let frame = verdict(&studio, &request);
    assert_same(
        &frame.predicted_map,
        frame.target_map.as_ref().expect("asked for"),
        "twice the same",
    );
    request.target = None;
    let alone = verdict(&studio, &request).predicted_map;
    assert_same(&frame.predicted_map, &alone, "without a target");
    let mut order: Vec<usize> = (0..3).collect();
    order.sort_by(|&a, &b| prediction.probabilities[b].total_cmp(&prediction.probabilities[a]));
    request.target = Some(ClassId(order[1] as u16));
    let runner_up = verdict(&studio, &request).predicted_map;
    assert_same(&frame.predicted_map, &runner_up, "against the runner-up");
}

#[test]
fn the_runner_up_is_explained_where_no_target_is_given() {
    let studio = studio();
    for (method, contrast) in [(Method::GradCam, false), (Method::LayerCam, true)] {
        let mut request = request(method, Layer(3), contrast);
        (request.target, request.runner_up) = (None, true);
        let followed = verdict(&studio, &request);
        let live = studio.live_frame(&request).expect("it fits");
        let runner_up = followed
            .prediction
            .runner_up()
            .expect("there are three classes");
        assert_ne!(runner_up, followed.prediction.class);
        (request.target, request.runner_up) = (Some(runner_up), false);
        let named = verdict(&studio, &request);
        assert_same(
            &followed.predicted_map,
            &named.predicted_map,
            "of the prediction",
        );
        let [followed, named] = [followed, named].map(|verdict| verdict.target_map);
        let (followed, named) = (
            followed.expect("it is explained"),
            named.expect("asked for"),
        );
        assert_same(&followed, &named, "of the runner-up");
        let map = live.verdict.as_ref().and_then(|verdict| verdict.target_map);
        let map = live.heatmap(map.expect("it is explained")).expect("finite");
        assert_same(&followed, &map, "on the device");
        // A target wins.
        (request.target, request.runner_up) = (Some(runner_up), true);
        let both = verdict(&studio, &request).target_map.expect("asked for");
        assert_same(&named, &both, "with a target");
    }
}

#[test]
fn pixel_evidence_is_as_fine_as_the_image_and_says_when_there_is_none() {
    let studio = studio();
    for layer in (0..4).map(Layer) {
        let map = verdict(&studio, &request(Method::Pixels, layer, false)).predicted_map;
        assert_eq!((map.height, map.width), (20, 32));
        assert_eq!(map.evidence() == Evidence::Positive, map.raw_max > 0.0);
    }
}
