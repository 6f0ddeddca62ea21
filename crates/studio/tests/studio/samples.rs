//! Samples of classes: which image a sample is, and in which order classes take turns.

use datasets::{ClassId, Seed};
use studio::{ClassSample, SampleRequest, Sampler, Studio, Turns};

use crate::support::{CLASSES, conditional_bundle, shape, studio, studio_of, unlabelled_bundle};

fn sample(class: u16, index: u64) -> ClassSample {
    ClassSample {
        class: ClassId(class),
        index,
    }
}

fn request(samples: Vec<ClassSample>) -> SampleRequest {
    SampleRequest {
        samples,
        noise: 1.0,
        seed: Seed(5),
        sampler: Sampler::default(),
    }
}

fn bytes(studio: &Studio, request: &SampleRequest) -> Vec<Vec<u8>> {
    let images = studio.sample_images(request).expect("sound samples");
    images.iter().map(datasets::Image::to_bytes).collect()
}

/// Three hundred are more than are drawn at a time.
#[test]
fn an_image_is_the_same_whatever_is_drawn_beside_it() {
    let studio = studio();
    let turns = Turns::of((0..3).map(ClassId).collect());
    let many: Vec<_> = (0..300).filter_map(|position| turns.at(position)).collect();
    let all = bytes(&studio, &request(many.clone()));
    assert_eq!(all.len(), 300);
    for position in [0, 1, 63, 64, 255, 256, 299] {
        let alone = bytes(&studio, &request(vec![many[position]]));
        assert_eq!(alone, [all[position].clone()], "at {position}");
    }
    let backwards: Vec<_> = many.into_iter().rev().collect();
    let mut drawn = bytes(&studio, &request(backwards));
    drawn.reverse();
    assert!(drawn == all, "the order changes an image");
}

#[test]
fn seed_noise_class_and_place_each_matter() {
    let studio = studio();
    let images = |request: &SampleRequest| studio.sample_images(request).expect("sound");
    let first = images(&request(vec![sample(0, 0)]));
    assert_eq!(first[0].shape(), shape());
    let others = [
        request(vec![sample(0, 1)]),
        request(vec![sample(1, 0)]),
        SampleRequest {
            seed: Seed(6),
            ..request(vec![sample(0, 0)])
        },
        SampleRequest {
            noise: 0.5,
            ..request(vec![sample(0, 0)])
        },
    ];
    for other in &others {
        assert_ne!(images(other), first, "{other:?}");
    }
}

#[test]
fn a_model_without_classes_has_one_row_of_samples() {
    let studio = studio_of(unlabelled_bundle());
    assert_eq!(studio.sampled_classes(), 1);
    assert_eq!(bytes(&studio, &request(vec![sample(0, 3)])).len(), 1);
    let error = studio.sample_images(&request(vec![sample(1, 0)]));
    let error = error.expect_err("one row").to_string();
    assert!(error.contains("no classes"), "{error}");
}

#[test]
fn what_does_not_fit_is_refused() {
    let studio = studio();
    assert_eq!(studio.sampled_classes(), CLASSES);
    let refused = |request: &SampleRequest| {
        let error = studio.sample_images(request).expect_err("it does not fit");
        error.to_string()
    };
    let error = refused(&request(vec![sample(0, 0), sample(3, 0)]));
    assert!(error.contains("no class 3"), "{error}");
    for noise in [f32::NAN, f32::INFINITY, -0.5] {
        let error = refused(&SampleRequest {
            noise,
            ..request(vec![sample(0, 0)])
        });
        assert!(error.contains("noise"), "{error}");
    }
    assert_eq!(bytes(&studio, &request(Vec::new())).len(), 0);
}

#[test]
fn classes_take_turns() {
    let turns = Turns::of(vec![ClassId(4), ClassId(1), ClassId(2)]);
    let first: Vec<_> = (0..5).filter_map(|position| turns.at(position)).collect();
    let expected = [(4, 0), (1, 0), (2, 0), (4, 1), (1, 1)];
    assert_eq!(first, expected.map(|(class, index)| sample(class, index)));
    assert_eq!(turns.counts(5), [2, 2, 1]);
    assert_eq!(turns.counts(2), [1, 1, 0]);
    assert_eq!(turns.counts(3_000_000_000), [1_000_000_000; 3]);
    let none = Turns::of(Vec::new());
    assert_eq!((none.at(0), none.counts(7)), (None, Vec::new()));
}

/// All classes come from one region, each with latents of its own and given to the decoder.
#[test]
fn a_conditional_model_is_sampled_in_every_class() {
    let studio = studio_of(conditional_bundle());
    assert_eq!(studio.sampled_classes(), CLASSES);
    let all = bytes(
        &studio,
        &request(vec![sample(0, 0), sample(1, 0), sample(2, 7)]),
    );
    assert_ne!(all[0], all[1]);
    assert_eq!(
        bytes(&studio, &request(vec![sample(2, 7)])),
        [all[2].clone()]
    );
    let beyond = studio.sample_images(&request(vec![sample(CLASSES as u16, 0)]));
    assert!(beyond.is_err());
}
