//! A refiner beside a VAE: what it changes, what it leaves alone, and how it is kept.

use burn::tensor::{Device, Tensor, TensorData};
use datasets::{ClassId, Seed};
use latent_space::sample_prior;
use studio::{
    Bundle, ClassSample, Family, FrameRequest, GalleryRequest, MOST_FLOW_STEPS, Manifest,
    ReconstructRequest, SampleRequest, Sampler, Studio, StudioError, compare, fit_regions,
};
use vae_core::RegionConfig;

use crate::bundles::rewrite;
use crate::support::{
    LATENT_DIM, STEPS, bundle, bundle_with, conditional_bundle, images, info, refined, saved,
    saved_bundle, shape, some_image, studio, studio_of, vae_config,
};

/// The form for inference adds the same products in another order.
const TOLERANCE: f32 = 1e-4;
fn latent() -> Vec<f32> {
    vec![0.3; LATENT_DIM]
}

fn sharp(steps: usize, seed: u64) -> Sampler {
    Sampler {
        steps,
        seed: Seed(seed),
        ..Sampler::default()
    }
}

fn frame_request(sampler: Sampler) -> FrameRequest {
    FrameRequest {
        sampler,
        ..FrameRequest::new(latent())
    }
}

fn assert_close(a: &[f32], b: &[f32]) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= TOLERANCE, "{a} and {b}");
    }
}

#[test]
fn a_sharp_frame_is_the_decoded_image_refined_from_the_noise_of_its_seed() {
    let (_dir, source) = saved_bundle(refined(bundle()));
    let device = Device::flex();
    let studio = Studio::open(&source, &device).expect("a sound bundle");
    // With the weights as they were saved, which is in half precision.
    let refiner = Bundle::open(&source, &device)
        .expect("a sound bundle")
        .refiner;
    let decoded = studio.frame(&frame_request(sharp(0, 4))).expect("it fits");
    let plain = crate::support::studio().frame(&frame_request(sharp(0, 0)));
    assert_eq!(decoded.image, plain.expect("it fits").image);

    let tensor = |values: Vec<f32>| {
        let data = TensorData::new(values, shape().batch(1));
        Tensor::<4>::from_data(data, &Device::flex())
    };
    let noise = sample_prior(shape().values(), 1, Seed(4)).concat();
    let expected = refiner.expect("it has one").refine(
        tensor(decoded.image.values().to_vec()),
        tensor(noise),
        STEPS,
    );
    let expected: Vec<f32> = expected.into_data().iter::<f32>().collect();
    let frame = studio
        .frame(&frame_request(sharp(STEPS, 4)))
        .expect("it fits");
    assert_close(frame.image.values(), &expected);
    assert_ne!(frame.image, decoded.image);
    // The judge sees the sharp image.
    assert_ne!(
        frame
            .verdict
            .expect("it has a judge")
            .prediction
            .probabilities,
        decoded
            .verdict
            .expect("it has a judge")
            .prediction
            .probabilities
    );
    let other = studio
        .frame(&frame_request(sharp(STEPS, 5)))
        .expect("it fits");
    assert_ne!(other.image, frame.image, "other noise, other detail");
}

#[test]
fn galleries_live_frames_and_reconstructions_are_as_sharp_as_frames() {
    let studio = studio_of(refined(bundle()));
    let request = frame_request(sharp(2, 9));
    let frame = studio.frame(&request).expect("it fits");
    let gallery = studio.gallery(&GalleryRequest {
        sampler: request.sampler,
        ..GalleryRequest::new(vec![latent(); 2])
    });
    for image in gallery.expect("it fits").images {
        assert_eq!(image, frame.image);
    }
    let live = studio.live_frame(&request).expect("it fits");
    assert_close(
        live.to_image().expect("finite").values(),
        frame.image.values(),
    );

    let found = studio.reconstruct(&ReconstructRequest {
        sampler: request.sampler,
        ..ReconstructRequest::new(some_image())
    });
    let found = found.expect("it fits");
    let again = FrameRequest {
        latent: found.encoded.mean.clone(),
        ..request
    };
    assert_eq!(
        found.frame.image,
        studio.frame(&again).expect("it fits").image
    );
    let parity = compare(&studio, &studio, 2).expect("both draw");
    assert!(parity.holds(), "{parity:?}");
}

#[test]
fn each_sample_has_detail_of_its_own_whatever_is_drawn_beside_it() {
    let studio = studio_of(refined(bundle()));
    let sample = |index| ClassSample {
        class: ClassId(1),
        index,
    };
    let draw = |samples: Vec<ClassSample>| {
        let request = SampleRequest {
            samples,
            // One component without spread: every sample has the same latent.
            noise: 0.0,
            seed: Seed(2),
            sampler: sharp(STEPS, 0),
        };
        studio.sample_images(&request).expect("it fits")
    };
    let two = draw(vec![sample(0), sample(1)]);
    assert_ne!(two[0], two[1]);
    assert_eq!(draw(vec![sample(1)])[0], two[1]);
}

#[test]
fn what_cannot_be_sharpened_is_refused() {
    let refused = |error: StudioError, word: &str| {
        let text = error.to_string();
        assert!(text.contains(word), "{text}");
    };
    let plain = studio();
    let request = frame_request(sharp(1, 0));
    refused(plain.frame(&request).expect_err("no refiner"), "no refiner");
    refused(
        plain.live_frame(&request).expect_err("no refiner"),
        "no refiner",
    );
    let gallery = GalleryRequest {
        sampler: sharp(1, 0),
        ..GalleryRequest::new(vec![latent()])
    };
    refused(
        plain.gallery(&gallery).expect_err("no refiner"),
        "no refiner",
    );
    let refined = studio_of(refined(bundle()));
    let request = frame_request(sharp(MOST_FLOW_STEPS + 1, 0));
    refused(refined.frame(&request).expect_err("too many"), "the most");
    let image = vec![0.5; shape().values()];
    let error = refined.sharpen(image, 1, &[]).expect_err("no seed");
    refused(error, "one seed for each");
}

#[test]
fn a_refiner_is_kept_with_its_vae_and_tells_the_model_apart() {
    let (dir, source) = saved_bundle(refined(bundle()));
    let manifest = Manifest::read(&source).expect("a sound bundle");
    assert_eq!(manifest.family(), Some(Family::Refined));
    assert_eq!(manifest.usual_sampler().steps, STEPS);
    let (_plain_dir, plain) = saved();
    let plain = Manifest::read(&plain).expect("a sound bundle");
    assert_ne!(manifest.model_sha256(), plain.model_sha256());
    assert_eq!(plain.usual_sampler().steps, 0);

    // New regions leave the networks as they are.
    let one = RegionConfig {
        components: 1,
        ..RegionConfig::default()
    };
    let device = Device::flex();
    fit_regions(dir.path(), [&images(), &images()], one, Seed(1), &device).expect("a fit");
    let again = Bundle::open(&source, &device).expect("a sound bundle");
    assert_eq!(again.manifest.model_sha256(), manifest.model_sha256());
    assert!(again.refiner.is_some());

    // Another VAE draws other images, which this refiner has never seen.
    let mut bundle = again;
    let other = bundle_with(&info(), vae_config());
    let (vae, part) = (other.generator, other.manifest.generator);
    bundle.set_generator(vae.expect("it has one"), part.expect("it has one"));
    bundle.save(dir.path()).expect("it can be written");
    let manifest = Manifest::read(&source).expect("a sound bundle");
    assert_eq!(manifest.refiner, None);
    assert_eq!(manifest.family(), Some(Family::ClassCentres));
}

#[test]
fn a_conditional_model_stays_one_when_it_is_refined() {
    let (_dir, source) = saved_bundle(refined(conditional_bundle()));
    let manifest = Manifest::read(&source).expect("a sound bundle");
    assert_eq!(manifest.family(), Some(Family::Refined));
    assert!(manifest.is_conditional());
}

#[test]
fn a_manifest_with_an_impossible_refiner_is_refused() {
    let (dir, source) = saved_bundle(refined(bundle()));
    let too_many = format!("steps: {}", MOST_FLOW_STEPS + 1);
    let usual = format!("steps: {STEPS}");
    for (from, to) in [
        (usual.as_str(), "steps: 0"),
        (&usual, &too_many),
        ("embedding: 16", "embedding: 0"),
    ] {
        rewrite(dir.path(), from, to);
        let error = Manifest::read(&source).expect_err("it is impossible");
        assert!(matches!(error, StudioError::Bundle { .. }), "{error}");
        rewrite(dir.path(), to, from);
    }
    Manifest::read(&source).expect("a sound bundle");
}
