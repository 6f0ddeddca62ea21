//! Models without a classifier, models without classes, and the classifier of another model as the judge.

use burn::tensor::Device;
use datasets::{ClassId, DatasetInfo};
use studio::{
    CounterfactualRequest, EffectsRequest, EncodeRequest, FrameRequest, GalleryRequest, Job,
    ModelSource, RealismRequest, ReconstructRequest, Reply, Request, Studio, StudioError, compare,
    median_frame,
};

use crate::support::{
    LATENT_DIM, bundle_judged_twice, bundle_with, info, saved, saved_bundle, shape, some_image,
    studio_of, unlabelled_bundle, vae_config,
};
use crate::workers::{Channel, start, until};

fn latent() -> Vec<f32> {
    vec![0.3; LATENT_DIM]
}

#[test]
fn images_without_classes_open_and_show_all_that_needs_no_classifier() {
    let studio = studio_of(unlabelled_bundle());
    assert!(studio.judge().is_none());
    assert!(!studio.generator_part().labels_used);
    let frame = studio.frame(&FrameRequest::new(latent())).expect("it fits");
    assert_eq!(frame.image.shape(), shape());
    assert_eq!(frame.verdict, None);
    let gallery = studio
        .gallery(&GalleryRequest::new(vec![latent(); 3]))
        .expect("it fits");
    assert_eq!((gallery.images.len(), gallery.predictions.len()), (3, 0));
    let live = studio
        .live_frame(&FrameRequest::new(latent()))
        .expect("it fits");
    assert!(live.verdict.is_none() && live.maps().is_none());
    assert_eq!(live.to_image().expect("finite").shape(), shape());
    let image = some_image();
    studio
        .encode(&EncodeRequest::new(image.clone()))
        .expect("it fits");
    let found = studio.reconstruct(&ReconstructRequest::new(image));
    assert_eq!(found.expect("it fits").frame.verdict, None);
    let effects = EffectsRequest {
        latent: latent(),
        condition: None,
        sampler: studio::Sampler::default(),
        step_sigmas: 1.0,
    };
    assert_eq!(
        studio.effects(&effects).expect("it fits").maps.len(),
        LATENT_DIM
    );
    let realism = studio.realism(&RealismRequest::new(latent()));
    assert!(realism.expect("it fits").is_some());
    assert!(compare(&studio, &studio, 2).expect("it works").holds());
    median_frame(&studio, 1).expect("it works");
    let sample = studio.sample().expect("it carries one");
    assert!(!sample.is_labelled() && sample.shape() == shape());
    assert_eq!(studio.generator_part().latent.regions.classes(), 1);
}

#[test]
fn a_class_asked_of_a_model_without_any_is_refused_in_words() {
    let studio = studio_of(unlabelled_bundle());
    let mut request = FrameRequest::new(latent());
    request.target = Some(ClassId(0));
    let error = studio.frame(&request).expect_err("there are no classes");
    assert!(error.to_string().contains("have no classes"), "{error}");
}

#[test]
fn what_needs_a_classifier_says_so() {
    let studio = studio_of(bundle_with(&info(), vae_config()));
    assert!(studio.generator_part().labels_used);
    let walk = CounterfactualRequest {
        latent: latent(),
        target: ClassId(1),
        steps: 4,
    };
    let error = studio.counterfactual(&walk).expect_err("nobody judges");
    assert!(matches!(error, StudioError::NoJudge { .. }), "{error}");
    assert!(error.to_string().contains("judge"), "{error}");
    // A class that is there may be asked about: there is only nobody to explain it.
    let mut request = FrameRequest::new(latent());
    request.target = Some(ClassId(1));
    assert_eq!(studio.frame(&request).expect("it fits").verdict, None);
}

#[test]
fn another_models_classifier_judges_if_it_is_chosen() {
    let (_whole, whole) = saved();
    let (_bare, bare) = saved_bundle(bundle_with(&info(), vae_config()));
    let device = Device::flex();
    let judged = Studio::open_judged(&bare, Some(&whole), &device).expect("it fits");
    assert_eq!(judged.manifest().judge, Some(whole.clone()));
    let request = FrameRequest::new(latent());
    let own = Studio::open(&whole, &device).expect("a sound bundle");
    // Both VAEs are the same.
    let (a, b) = (judged.frame(&request), own.frame(&request));
    let (a, b) = (a.expect("it fits"), b.expect("it fits"));
    assert_eq!((&a.image, &a.verdict), (&b.image, &b.verdict));
    assert!(a.verdict.is_some());
    // The weights that a report is about are those of both networks.
    assert_eq!(judged.model_sha256(), own.model_sha256());
    let alone = Studio::open(&bare, &device).expect("a sound bundle");
    assert_ne!(alone.model_sha256(), own.model_sha256());
    assert_eq!(alone.manifest().judge, None);

    // Through the worker both are there side by side.
    let (worker, woken) = start();
    for (judge, expected) in [(None, false), (Some(whole), true)] {
        let job = Job {
            model: bare.clone(),
            judge,
            channel: Channel::Frame,
            request: Request::Frame(request.clone()),
        };
        worker.submit(job.clone());
        let published = until(&worker, &woken, &job).pop().expect("an answer");
        let Ok(Reply::Frame(frame)) = published.result else {
            panic!("{:?}", published.result)
        };
        assert_eq!(frame.verdict.is_some(), expected);
    }
}

#[test]
fn images_without_classes_may_be_judged_by_any_classifier_of_their_shape() {
    let (_whole, whole) = saved();
    let (_plain, plain) = saved_bundle(unlabelled_bundle());
    let studio = Studio::open_judged(&plain, Some(&whole), &Device::flex()).expect("it fits");
    let judge = studio.judge().expect("it was chosen");
    assert_eq!(judge.class_names, info().class_names);
    let mut request = FrameRequest::new(latent());
    request.target = Some(ClassId(2));
    let frame = studio
        .frame(&request)
        .expect("the judge knows three classes");
    let verdict = frame.verdict.expect("there is a judge");
    assert!(verdict.target_map.is_some());
    request.target = Some(ClassId(3));
    studio.frame(&request).expect_err("but not a fourth");
    // There is no region of a class to walk to.
    let walk = CounterfactualRequest {
        latent: latent(),
        target: ClassId(1),
        steps: 4,
    };
    let error = studio.counterfactual(&walk).expect_err("no such region");
    assert!(error.to_string().contains("have no classes"), "{error}");
}

#[test]
fn a_classifier_of_other_images_or_classes_is_refused() {
    let (_whole, whole) = saved();
    let (_bare, bare) = saved_bundle(bundle_with(&info(), vae_config()));
    let renamed = DatasetInfo {
        class_names: ["cyan", "magenta", "yellow"].map(str::to_owned).to_vec(),
        ..info()
    };
    let (_renamed, renamed) = saved_bundle(bundle_with(&renamed, vae_config()));
    let mnist = ModelSource::shipped("mnist").expect("it is shipped");
    for (model, judge, reason) in [
        (&whole, &mnist, "1x28x28"),
        (&renamed, &whole, "red, green, blue"),
        (&whole, &bare, "it has none"),
    ] {
        let error = Studio::open_judged(model, Some(judge), &Device::flex());
        let text = error.expect_err("it does not fit").to_string();
        assert!(text.contains(reason), "{text}");
    }
}

#[test]
fn a_chosen_model_lends_both_of_its_judges() {
    let (_whole, whole) = saved_bundle(bundle_judged_twice());
    let (_bare, bare) = saved_bundle(bundle_with(&info(), vae_config()));
    let device = Device::flex();
    let own = Studio::open(&whole, &device).expect("a sound bundle");
    let lent = Studio::open_judged(&bare, Some(&whole), &device).expect("it fits");
    assert_eq!(own.second_judge().map(studio::Judge::classes), Some(3));
    assert!(lent.second_judge().is_some());
    assert_eq!(lent.second_judge_sha256(), own.second_judge_sha256());
    // A judge who brings no second one leaves none: two judges of different models could not be told apart.
    let (_once, once) = saved();
    let lent = Studio::open_judged(&whole, Some(&once), &device).expect("it fits");
    assert!(lent.second_judge().is_none() && lent.second_judge_sha256().is_none());
}
