//! A model with a head of its own: what the head says stands beside what the judge says, and never takes its place.

use burn::tensor::{Device, Tensor, TensorData};
use classifier::Prediction;
use studio::{Bundle, Family, FrameRequest, GalleryRequest, Manifest, Studio, StudioError};
use vae_core::Vae;

use crate::bundles::rewrite;
use crate::support::{
    CLASSES, LATENT_DIM, bundle_with, config_of, images, info, joint_bundle, joint_config,
    saved_bundle, studio, studio_of, vae_of,
};

/// What the head of a network in Burn's form takes an image for.
fn said(vae: &Vae, pixels: &[f32]) -> Vec<f32> {
    let data = TensorData::new(pixels.to_vec(), vae.shape.batch(1));
    let image = Tensor::from_data(data, &Device::flex());
    let logits = vae.class_logits(vae.encode(image).mean).expect("a head");
    let logits: Vec<f32> = logits.into_data().iter::<f32>().collect();
    Prediction::from_logits(&logits, 1.0).probabilities
}

/// The head is asked about the image that is drawn, not about the latent that it was drawn from. The forms of the networks add the
/// same products in another order.
#[test]
fn a_frame_tells_what_the_own_head_says_of_the_image() {
    const TOLERANCE: f32 = 1e-4;
    let joint = studio_of(joint_bundle());
    let request = FrameRequest::new(vec![0.7; LATENT_DIM]);
    let frame = joint.frame(&request).expect("it fits");
    let live = joint.live_frame(&request).expect("it fits");
    let expected = said(joint.vae().expect("it is one"), frame.image.values());
    assert_eq!(expected.len(), CLASSES);
    for own in [frame.own_head, live.own_head] {
        let own = own.expect("it has a head");
        for (found, expected) in own.probabilities.iter().zip(&expected) {
            assert!((found - expected).abs() < TOLERANCE, "{own:?}");
        }
    }
    // The judge is another network, and it is the one that is explained.
    let judged = frame.verdict.expect("it is judged").prediction;
    assert_ne!(judged.probabilities, expected);
    let plain = studio();
    let frame = plain.frame(&request).expect("it fits");
    assert!(frame.own_head.is_none() && frame.verdict.is_some());
    let live = plain.live_frame(&request).expect("it fits");
    assert!(live.own_head.is_none());
}

/// Nobody asks the head in the judge's place.
#[test]
fn without_a_judge_a_joint_model_has_no_verdict() {
    let studio = studio_of(bundle_with(&info(), joint_config()));
    let latent = vec![0.7; LATENT_DIM];
    let frame = studio.frame(&FrameRequest::new(latent.clone()));
    let frame = frame.expect("it fits");
    assert!(frame.verdict.is_none() && frame.own_head.is_some());
    let gallery = studio.gallery(&GalleryRequest::new(vec![latent]));
    assert!(gallery.expect("it fits").predictions.is_empty());
}

#[test]
fn a_joint_model_is_saved_and_opened_with_its_head() {
    let (_dir, source) = saved_bundle(joint_bundle());
    let opened = Bundle::open(&source, &Device::flex()).expect("a sound bundle");
    assert_eq!(opened.manifest.family(), Some(Family::Joint));
    assert_eq!(Family::Joint.to_string(), "joint");
    let part = opened.manifest.generator.expect("it has one");
    assert!(part.labels_used);
    assert_eq!(*config_of(&part), joint_config());
    // Its regions are those of its classes, as of a plain VAE.
    assert_eq!(part.latent.regions.classes(), CLASSES);
    let image = images().image(4);
    // Weights are kept in half precision.
    let (before, after) = (joint_bundle(), Studio::open(&source, &Device::flex()));
    let after = after.expect("a sound bundle");
    for (a, b) in said(vae_of(&before), image.values())
        .iter()
        .zip(said(after.vae().expect("it is one"), image.values()))
    {
        assert!((a - b).abs() < 1e-2, "{a} and {b}");
    }
    assert_eq!(studio().manifest().family(), Some(Family::ClassCentres));
}

/// A manifest that promises a head of another size than the weights have is refused.
#[test]
fn a_head_that_does_not_fit_its_weights_is_refused() {
    let (dir, source) = saved_bundle(joint_bundle());
    rewrite(dir.path(), "hidden: 5", "hidden: 6");
    let error = Bundle::open(&source, &Device::flex()).unwrap_err();
    assert!(matches!(error, StudioError::Bundle { .. }), "{error}");
    rewrite(dir.path(), "dims: 3", "dims: 30");
    let error = Manifest::read(&source).unwrap_err();
    assert!(error.to_string().contains("dims of the head"), "{error}");
}
