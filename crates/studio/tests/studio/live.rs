//! Frames whose pictures stay on the device. Here that is the CPU's, in the networks' plain form.

use datasets::{ClassId, Layer};
use studio::{FrameRequest, Heatmap, StudioError, compare, median_frame, median_live_frame};

use crate::support::{LATENT_DIM, studio};

/// The plain and the folded form of the networks add up in another order.
const TOLERANCE: f32 = 1e-4;

fn request(layer: Layer) -> FrameRequest {
    FrameRequest {
        target: Some(ClassId(1)),
        layer,
        ..FrameRequest::new(vec![0.3; LATENT_DIM])
    }
}

fn assert_close(a: &[f32], b: &[f32], what: &str) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() < TOLERANCE, "{what}: {a} and {b}");
    }
}

fn assert_same_map(a: &Heatmap, b: &Heatmap, what: &str) {
    assert_close(&[a.raw_max, a.raw_min], &[b.raw_max, b.raw_min], what);
    let raw = |map: &Heatmap| -> Vec<f32> {
        let scale = map.raw_max.max(0.0);
        map.values.iter().map(|value| value * scale).collect()
    };
    assert_close(&raw(a), &raw(b), what);
}

#[test]
fn a_live_frame_shows_what_a_frame_shows() {
    let studio = studio();
    for layer in (0..4).map(Layer) {
        let request = request(layer);
        let frame = studio.frame(&request).expect("it fits");
        let live = studio.live_frame(&request).expect("it fits");
        let image = live.to_image().expect("finite");
        assert_close(frame.image.values(), image.values(), "image");
        let verdict = frame.verdict.expect("there is a classifier");
        let seen = live.verdict.clone().expect("there is a classifier");
        assert_eq!(verdict.prediction.class, seen.prediction.class);
        assert_close(
            &verdict.prediction.probabilities,
            &seen.prediction.probabilities,
            "probabilities",
        );
        let maps = [
            (Some(&verdict.predicted_map), Some(seen.predicted_map)),
            (verdict.target_map.as_ref(), seen.target_map),
        ];
        for (map, live_map) in maps {
            let (map, live_map) = (map.expect("asked for"), live_map.expect("asked for"));
            assert_eq!((live_map.height, live_map.width), (map.height, map.width));
            let read = live.heatmap(live_map).expect("finite");
            // What was read with the logits is what the map itself says.
            assert_eq!(
                (read.raw_max, read.raw_min),
                (live_map.raw_max, live_map.raw_min)
            );
            assert_same_map(map, &read, &format!("{layer:?}"));
        }
    }
}

#[test]
fn a_live_frame_is_only_equal_to_itself() {
    let studio = studio();
    let request = request(Layer(3));
    let (a, b) = (studio.live_frame(&request), studio.live_frame(&request));
    let (a, b) = (a.expect("it fits"), b.expect("it fits"));
    assert_eq!(a, a.clone());
    assert_ne!(a, b);
}

#[test]
fn a_live_frame_refuses_what_a_frame_refuses() {
    let studio = studio();
    let mut wrong = request(Layer(3));
    wrong.target = Some(ClassId(3));
    assert!(matches!(
        studio.live_frame(&wrong),
        Err(StudioError::Request(_))
    ));
    wrong = FrameRequest::new(vec![0.0; LATENT_DIM + 1]);
    assert!(matches!(
        studio.live_frame(&wrong),
        Err(StudioError::Request(_))
    ));
}

#[test]
fn a_device_agrees_with_itself_and_takes_its_time() {
    let studio = studio();
    let parity = compare(&studio, &studio, 4).expect("it works");
    assert!(parity.holds(), "{parity:?}");
    assert!(
        !median_frame(&studio, 3)
            .expect("it works")
            .total()
            .is_zero()
    );
    assert!(!median_live_frame(&studio, 3).expect("it works").is_zero());
}
