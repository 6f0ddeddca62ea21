//! Walks to another class.

use burn::tensor::Device;
use datasets::ClassId;
use latent_space::{ClassRegion, ClassRegions, Component};
use studio::{
    CounterfactualRequest, GalleryRequest, ModelSource, Studio, StudioError, way_to_class,
};

use crate::support::{CLASSES, LATENT_DIM, studio};

fn regions(means: &[&[[f32; 2]]]) -> ClassRegions {
    let component = |mean: &[f32; 2]| Component {
        weight: 0.5,
        mean: mean.to_vec(),
        cholesky: vec![1.0, 0.0, 1.0],
    };
    let region = |means: &&[[f32; 2]]| ClassRegion {
        images: 1,
        components: means.iter().map(component).collect(),
    };
    ClassRegions(means.iter().map(region).collect())
}

#[test]
fn the_way_leads_straight_to_the_nearest_part_of_the_region() {
    let regions = regions(&[&[[9.0, 9.0]], &[[-8.0, 0.0], [4.0, 2.0]]]);
    let way = way_to_class(&[0.0, 0.0], &regions, ClassId(1), 4);
    let expected = [[0.0, 0.0], [1.0, 0.5], [2.0, 1.0], [3.0, 1.5], [4.0, 2.0]];
    assert_eq!(way, expected.map(|latent| latent.to_vec()));
    assert!(way_to_class(&[0.0, 0.0], &regions, ClassId(2), 4).is_empty());
    assert_eq!(way_to_class(&[0.0, 0.0], &regions, ClassId(0), 0).len(), 2);
}

#[test]
fn a_walk_ends_where_the_classifier_changes_its_mind() {
    let source = ModelSource::shipped("mnist").expect("it is shipped");
    let studio = Studio::open(&source, &Device::flex()).expect("it is shipped");
    let regions = &studio.generator_part().latent.regions;
    let request = CounterfactualRequest {
        latent: regions.anchor(ClassId(3)),
        target: ClassId(8),
        steps: 40,
    };
    let walk = studio.counterfactual(&request).expect("it fits");
    assert!(
        walk.flipped,
        "an 8 is drawn at the heart of the eights at the latest"
    );
    let classes: Vec<ClassId> = walk.predictions.iter().map(|p| p.class).collect();
    assert_eq!(classes[0], ClassId(3));
    let (last, before) = classes.split_last().expect("there is a start");
    assert_eq!(*last, ClassId(8));
    assert!(!before.contains(&ClassId(8)), "it is the first one");
    assert_eq!(walk.latents.len(), classes.len());
    assert!((walk.share - (classes.len() - 1) as f32 / 40.0).abs() < 1e-6);
    // The images are those that these latents draw.
    let gallery = GalleryRequest::new(vec![walk.latents[classes.len() - 1].clone()]);
    let drawn = studio.gallery(&gallery).expect("it fits");
    let last = walk.images[classes.len() - 1].values();
    let apart = drawn.images[0].values().iter().zip(last);
    assert!(apart.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max) < 1e-4);

    let there = CounterfactualRequest {
        target: ClassId(3),
        ..request
    };
    let walk = studio.counterfactual(&there).expect("it fits");
    assert_eq!(
        (walk.latents.len(), walk.share, walk.flipped),
        (1, 0.0, true)
    );
}

#[test]
fn a_walk_that_never_gets_there_says_so() {
    // Weights that were never trained: of three classes, some are never predicted.
    let studio = studio();
    let walk = |class: u16| {
        let request = CounterfactualRequest {
            latent: vec![0.0; LATENT_DIM],
            target: ClassId(class),
            steps: 10,
        };
        studio.counterfactual(&request).expect("it fits")
    };
    let lost = (0..CLASSES as u16).map(walk).find(|walk| !walk.flipped);
    let lost = lost.expect("one class is never predicted");
    assert_eq!(
        (lost.latents.len(), lost.images.len(), lost.share),
        (11, 11, 1.0)
    );
}

#[test]
fn a_walk_to_a_class_that_is_not_there_is_refused() {
    let studio = studio();
    let request = |latent: Vec<f32>, class| CounterfactualRequest {
        latent,
        target: ClassId(class),
        steps: 10,
    };
    for wrong in [
        request(vec![0.0; LATENT_DIM], 3),
        request(vec![0.0; LATENT_DIM + 1], 2),
    ] {
        let error = studio.counterfactual(&wrong).expect_err("it does not fit");
        assert!(matches!(error, StudioError::Request(_)), "{error}");
    }
}
