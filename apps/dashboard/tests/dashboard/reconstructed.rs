//! Compare: real images above what each model of a domain makes of them.

use dashboard::state::{
    channel::Job,
    controls::{CompareWith, Controls, Space},
    reconstructions::squared_error,
};
use datasets::{ClassId, Image, ImageShape, Seed};
use eframe::egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;
use studio::{Conditions, EncodeManyRequest, ModelSource, Request};

use crate::{
    compare::serve_as,
    families::{CENTRES, clothes, compared},
    support::{Window, conditional, shipped, unlabelled, window_with},
};

fn asked(jobs: &[Job]) -> Vec<(ModelSource, EncodeManyRequest)> {
    let asked = jobs.iter().filter_map(|job| match &job.request {
        Request::ReconstructMany(request) => Some((job.model.clone(), request.clone())),
        _ => None,
    });
    asked.collect()
}

fn of_folder() -> Window {
    let folder = ModelSource::Folder("/models/of/the/test".into());
    let mut controls = Controls::new(folder, Space::Compare, Seed(7));
    controls.compare.with = CompareWith::Reconstructions;
    window_with(controls, [1280.0, 720.0], 1.0)
}

#[test]
fn one_image_of_each_class_stands_above_what_each_model_makes_of_it() {
    let mut window = compared(CompareWith::Reconstructions, [1280.0, 720.0], 1.0);
    let jobs = asked(&serve_as(&mut window, clothes));
    let models: Vec<_> = jobs.iter().map(|(model, _)| model.clone()).collect();
    assert_eq!(
        models,
        ["fashion-mnist", "fashion-mnist-plain"].map(shipped)
    );
    assert_eq!(jobs[0].1, jobs[1].1, "both are given the same images");
    assert_eq!(jobs[0].1.images.len(), 10);
    for label in [
        "real image 1: T-shirt/top",
        "real image 10: Ankle boot",
        "VAE, image 5: Coat",
        "VAE with class centres, image 10: Ankle boot",
    ] {
        window.get_by_role_and_label(Role::Image, label);
    }
    let first = &jobs[0].1.images;
    // The worker of the tests takes a half from every value, so no value loses more than that.
    let errors: Vec<_> = window
        .query_all_by_label_contains("Squared error 0.")
        .collect();
    assert_eq!(errors.len(), 2);
    window.get_by_label("Other images").click();
    let next = asked(&serve_as(&mut window, clothes));
    assert_eq!(next.len(), 2);
    assert_ne!(next[0].1.images, *first);
    // The sample of the tests has two images a class: after them the first ones come again.
    window.get_by_label("Other images").click();
    let again = asked(&serve_as(&mut window, clothes));
    assert_eq!(again[0].1.images, *first);
}

#[test]
fn a_conditional_model_is_given_the_class_of_each_image() {
    let mut window = of_folder();
    let jobs = asked(&serve_as(&mut window, |_| conditional()));
    // Three classes of two images: six images, one of each class in turn.
    let classes = [0, 1, 2, 0, 1, 2].map(|class| Some(ClassId(class)));
    assert_eq!(jobs[0].1.conditions, Conditions::Each(classes.to_vec()));
    window.get_by_label("real image 4: circle");
}

#[test]
fn images_without_classes_come_in_their_order() {
    let mut window = of_folder();
    let jobs = asked(&serve_as(&mut window, |_| unlabelled()));
    assert_eq!(jobs[0].1.conditions, Conditions::default());
    assert_eq!(jobs[0].1.images.len(), 6);
    window.get_by_label("real image 6");
    window.get_by_label("test, image 6");
}

#[test]
fn without_a_sample_there_is_nothing_to_reconstruct() {
    let mut window = of_folder();
    let asked = asked(&serve_as(&mut window, |_| {
        let mut manifest = unlabelled();
        manifest.dataset.title = crate::support::WITHOUT_SAMPLE.to_owned();
        manifest
    }));
    assert_eq!(asked, []);
    window.get_by_label_contains("carries no images of its data set");
}

#[test]
fn the_squared_error_is_a_mean_over_all_values() {
    let shape = ImageShape::new(1, 8, 8).expect("it is in bounds");
    let grey = |level: f32| Image::new(shape, vec![level; 64]).expect("it is in range");
    let images = [grey(0.0), grey(1.0)];
    // Differences of 0.5 in one image and of 0.25 in the other: (0.25 + 0.0625) / 2.
    let error = squared_error(&images, &[grey(0.5), grey(0.75)]);
    assert_eq!(error, Some(0.15625));
    assert_eq!(squared_error(&images, &images[..1]), None);
    assert_eq!(squared_error(&[], &[]), None);
}

#[test]
fn rows_are_told_apart_by_their_names() {
    let mut window = compared(CompareWith::Reconstructions, [853.0, 480.0], 1.5);
    serve_as(&mut window, clothes);
    for name in ["Real images", "VAE", CENTRES] {
        assert!(window.query_all_by_label(name).next().is_some(), "{name}");
    }
}
