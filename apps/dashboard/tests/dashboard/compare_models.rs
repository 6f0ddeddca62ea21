//! Compare: two models, given the same image.

use dashboard::state::{
    channel::{Channel, Job},
    controls::{CompareWith, Space},
    scene::{InputImage, Start},
};
use datasets::{ClassId, Image};
use eframe::egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::Queryable as _;
use studio::{Manifest, ModelSource, Request};

use crate::{
    compare::{choose, click, fashion, manifest_of, serve_all, serve_as, shows},
    support::{
        DIMS, Window, answer, closed_window, digits, manifest, model, published, some_error, window,
    },
};

/// Holds the model of digits against one of clothes; all that was asked.
fn against_clothes(window: &mut Window) -> Vec<Job> {
    window.get_by_label("Another model").click();
    let mut asked = serve_all(window);
    asked.extend(choose(window, "other model", "Fashion-MNIST"));
    asked
}

#[test]
fn two_models_are_given_the_image_that_the_scene_started_from() {
    let mut window = window(Space::Compare, None);
    window.key_press(Key::F1);
    serve_all(&mut window);
    click(&mut window, "encode this test image");
    let Start::Image(image) = window
        .state()
        .controls()
        .scene()
        .expect("open")
        .start
        .clone()
    else {
        panic!("it starts from a test image")
    };
    window.key_press(Key::F6);
    serve_all(&mut window);
    let asked = against_clothes(&mut window);
    for (channel, expected) in [
        (Channel::CompareLeft, model()),
        (Channel::CompareRight, fashion()),
    ] {
        let job = asked.iter().rfind(|job| job.channel == channel);
        let job = job.expect("both are asked");
        assert_eq!(job.model, expected);
        let Request::Reconstruct(request) = &job.request else {
            panic!("a reconstruction was asked for")
        };
        assert_eq!(request.image, image.image);
    }
    assert!(shows(&window, "MNIST reconstructs"));
    assert!(shows(&window, "Fashion-MNIST reconstructs"));
    assert!(shows(&window, &image.name));
    // The worker of these tests: a tenth darker, and a half.
    assert!(shows(&window, "Squared error 0.01000 a pixel"));
    assert!(shows(&window, "Squared error 0.25000 a pixel"));
    window.get_by_label_contains("MNIST comes closer to the input: 0.01000 against 0.25000");
    window.get_by_label_contains("Fashion-MNIST has never seen handwritten digits");
    for label in ["left image", "input image", "right image"] {
        window.get_by_label(label);
    }
}

#[test]
fn without_an_image_both_models_are_given_the_decoded_one() {
    let mut window = window(Space::Compare, None);
    let asked = against_clothes(&mut window);
    assert!(shows(&window, "Decoded by MNIST"));
    // The anchor of class 3 is decoded to a picture of its coordinates' sum, less its whole part: black.
    let given = asked.iter().find_map(|job| match &job.request {
        Request::Reconstruct(request) => Some(request.image.clone()),
        _ => None,
    });
    assert_eq!(given.expect("it was asked"), Image::black(digits()));
}

#[test]
fn swapping_models_keeps_the_image() {
    let mut window = window(Space::Compare, None);
    against_clothes(&mut window);
    click(&mut window, "Swap");
    assert_eq!(window.state().controls().model, fashion());
    assert!(shows(&window, "Decoded by MNIST"));
    let scene = window.state().controls().scene().expect("it is open");
    let Start::Image(InputImage { label, image, .. }) = &scene.start else {
        panic!("it starts from the image that both were given")
    };
    assert_eq!((*label, image), (None, &Image::black(digits())));
    assert_eq!(scene.latent, [1.5; DIMS], "as the other model encoded it");
    window.get_by_label_contains("MNIST has never seen pictures of clothes");
    click(&mut window, "Go to the other");
    let controls = window.state().controls();
    assert_eq!(
        (controls.space, &controls.model),
        (Space::Explore, &model())
    );
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    serve_all(&mut window);
    assert_eq!(window.state().controls().model, fashion());
}

#[test]
fn a_model_of_the_persons_own_is_compared_and_one_that_fails_says_why() {
    let mut window = window(Space::Compare, None);
    window.get_by_label("Another model").click();
    serve_all(&mut window);
    choose(&mut window, "other model", "Open another model…");
    window.get_by_label("path").type_text("/no/such/model");
    window.run();
    window.get_by_role_and_label(Role::Button, "Open").click();
    window.run();
    let own = ModelSource::Folder("/no/such/model".into());
    let fail = |window: &mut Window| {
        let jobs = window.state_mut().take_jobs();
        let open = jobs.into_iter().find(|job| job.request == Request::Open);
        let open = open.expect("it is opened");
        assert_eq!(open.model, own);
        let failed = published(open, Err(some_error()));
        window.state_mut().receive(failed);
        window.run();
    };
    fail(&mut window);
    assert!(shows(&window, "Could not be opened"));
    assert_eq!(window.state().controls().compare.with, CompareWith::Model);
    window
        .get_by_role_and_label(Role::Button, "Try again")
        .click();
    window.run();
    window.run();
    let jobs = window.state_mut().take_jobs();
    let again = jobs.iter().any(|job| job.request == Request::Open);
    assert!(again, "{jobs:?}");
    for job in jobs {
        let reply = answer(&job.request, &manifest(None));
        window.state_mut().receive(published(job, Ok(reply)));
    }
    serve_all(&mut window);
    assert!(shows(&window, "model/ reconstructs"));
    window.get_by_label_contains("The predictions agree: both are 2.");
    assert_eq!(
        window.state().controls().model,
        model(),
        "it stays in front"
    );
}

#[test]
fn an_answer_about_the_model_that_is_not_in_front_is_no_stale_one() {
    let mut window = window(Space::Compare, None);
    against_clothes(&mut window);
    let session = window.state().session();
    let right = session.compared(Channel::CompareRight);
    let right = right.expect("it came");
    assert_eq!(right.job.model, fashion());
    let found = right.reconstruction().expect("it was asked for");
    let verdict = found.frame.verdict.as_ref().expect("it has a judge");
    assert_eq!(verdict.prediction.class, ClassId(2), "1.5 rounds up");
}

/// A window in which two models are compared, MNIST's on the left and Fashion-MNIST's on the right.
fn two_models(manifest_of: impl Fn(&ModelSource) -> Manifest) -> Window {
    let mut window = closed_window(Space::Compare);
    serve_as(&mut window, &manifest_of);
    window.get_by_label("Another model").click();
    serve_as(&mut window, &manifest_of);
    window.get_by_label("other model").click();
    window.run();
    let entries = window.query_all_by_label("Fashion-MNIST");
    entries.last().expect("it is in the list").click();
    serve_as(&mut window, &manifest_of);
    window
}

#[test]
fn the_sentence_about_judges_says_who_judges() {
    let window = two_models(manifest_of);
    window
        .get_by_label_contains("Each reconstruction is judged by the classifier of its own model.");
    let unjudged = |model: &ModelSource| Manifest {
        classifier: None,
        ..manifest_of(model)
    };
    let window = two_models(unjudged);
    window.get_by_label_contains("No classifier judges the reconstructions.");
    let borrowed = |model: &ModelSource| {
        if *model == fashion() {
            return unjudged(model);
        }
        Manifest {
            judge: Some(fashion()),
            ..manifest_of(model)
        }
    };
    let window = two_models(borrowed);
    window.get_by_label_contains(
        "The left reconstruction is judged by the classifier of Fashion-MNIST, the right one by nobody.",
    );
}

#[test]
fn titles_do_not_say_what_a_model_has_seen() {
    // Nothing is known of the images of either model but their shape and their classes.
    let unknown = |model: &ModelSource, class: &str| {
        let mut manifest = manifest(None);
        let right = *model == fashion();
        let (title, class) = if right {
            ("cats2", class)
        } else {
            ("cats", "cat")
        };
        manifest.dataset.title = title.to_owned();
        manifest.dataset.known = None;
        manifest.dataset.class_names = (0..10).map(|index| format!("{class} {index}")).collect();
        manifest
    };
    let window = two_models(|model| unknown(model, "cat"));
    window.get_by_label_contains("The predictions agree: both are cat 2.");
    let other = two_models(|model| unknown(model, "dog"));
    other.get_by_label_contains("They were trained on other images.");
    for window in [&window, &other] {
        assert!(window.query_by_label_contains("has never seen").is_none());
    }
}
