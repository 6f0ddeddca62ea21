//! Models without labels, or without a classifier: what is there works, and what is not says why.

use std::path::PathBuf;

use dashboard::state::{
    channel::{Channel, Job},
    controls::Space,
    scene::Start,
    sources::{self, Domain},
};
use datasets::{ClassId, ImageShape};
use eframe::egui::{Color32, ColorImage, Event, Key, accesskit::Role};
use egui_kittest::kittest::Queryable as _;
use studio::{Manifest, ModelSource, Request};

use crate::support::{
    DIMS, Window, conditional, latent, manifest, odd, serve, shipped, unjudged, unlabelled,
    window_of,
};

const NO_CLASSES: &str =
    "This model was trained on pictures without labels, so there are no classes to start from.";
const NO_JUDGE: &str = "No classifier came with this model; choose a judge.";

fn folder() -> ModelSource {
    ModelSource::Folder(PathBuf::from("/models/of/the/test"))
}

fn scene_start(window: &Window) -> Start {
    let scene = window.state().controls().scene();
    scene.expect("it is open").start.clone()
}

#[test]
fn pictures_without_labels_are_explored_from_a_typical_one() {
    let manifest = unlabelled();
    let mut window = window_of(Space::Explore, &manifest);
    window.get_by_label(NO_CLASSES);
    window.get_by_label(NO_JUDGE);
    window.get_by_label("decoded image");
    assert!(window.query_by_label("heatmap opacity").is_none());
    window
        .get_by_label("z1, 3.00 nats")
        .set_value_accesskit(1.0);
    serve(&mut window, &manifest);
    assert_eq!(latent(&window)[1], 2.0, "1 sigma of 2");
    window.get_by_label("class typical image").click();
    serve(&mut window, &manifest);
    assert_eq!(scene_start(&window), Start::Anchor(ClassId(0)));
    window.get_by_label("Anchor: typical image");
    window.get_by_label("next test image").click();
    serve(&mut window, &manifest);
    let Start::Image(image) = scene_start(&window) else {
        panic!("it starts from an image of the sample")
    };
    assert_eq!(image.label, None);
    assert_eq!(image.image.shape(), manifest.dataset.shape);
    window.get_by_label("Test image");
}

#[test]
fn every_space_of_an_unlabelled_model_works_or_says_why_not() {
    let manifest = unlabelled();
    for (space, said) in [
        (
            Space::Anchors,
            "A morph goes from one class to another, and this model has no two of them.",
        ),
        (Space::Anchors, "36 samples"),
        (Space::Explain, "There is no evidence without a judge"),
        (
            Space::Map,
            "These images have no classes, so all points have one colour.",
        ),
        (Space::Map, "map of latent space"),
        (Space::Compare, "difference"),
        (Space::Evaluate, "Information per dimension"),
    ] {
        let window = window_of(space, &manifest);
        assert!(
            window.query_by_label(said).is_some(),
            "{space:?} does not say {said:?}"
        );
    }
    // No question is asked that needs classes or a judge.
    let mut window = window_of(Space::Explain, &manifest);
    let jobs = window.state_mut().take_jobs();
    assert!(jobs.is_empty(), "{jobs:?}");
    window.key_press(Key::F11);
    serve(&mut window, &manifest);
    window.get_by_label("presented image");
}

/// The images have classes and the judge knows them, but there is one region for all.
#[test]
fn a_conditional_model_opens_in_every_space_with_its_one_region() {
    let manifest = conditional();
    for space in [
        Space::Explore,
        Space::Anchors,
        Space::Explain,
        Space::Map,
        Space::Compare,
        Space::Evaluate,
    ] {
        let mut window = window_of(space, &manifest);
        serve(&mut window, &manifest);
        // The class is the one that other models show first: the fourth, or else the last.
        assert_eq!(scene_start(&window), Start::Anchor(ClassId(2)), "{space:?}");
        assert_eq!(latent(&window), [0.0; DIMS], "the middle of its one region");
        // No walk to a class is asked for: latents hold none.
        let jobs = window.state_mut().take_jobs();
        let walks = |job: &Job| matches!(job.request, Request::Counterfactual(_));
        assert!(!jobs.iter().any(walks), "{space:?}");
    }
}

#[test]
fn a_show_of_a_model_without_classes_goes_through_draws() {
    let manifest = unlabelled();
    let window = window_of(Space::Explore, &manifest);
    let stops = window.get_by_label("stops of the show");
    assert_eq!(stops.value().as_deref(), Some("Random draws"));
}

#[test]
fn classes_without_a_judge_are_drawn_from_and_nobody_is_right_or_wrong() {
    let manifest = unjudged();
    let mut window = window_of(Space::Anchors, &manifest);
    window.get_by_label("class circle").click();
    serve(&mut window, &manifest);
    window.get_by_label("36 samples of circle");
    window.get_by_label("sample 1");
    window.get_by_label(NO_JUDGE);
    assert!(window.query_by_label_contains("95 % interval").is_none());
    window.get_by_label("morph position");
}

#[test]
fn a_judge_of_another_model_is_chosen_and_put_away_again() {
    let judged = odd(3);
    let mut window = window_of(Space::Explore, &unjudged());
    window.get_by_label("judge").click();
    window.run();
    // The domain in the top bar is called the same.
    let entries = window.query_all_by_label("Fashion-MNIST");
    entries.last().expect("it is in the menu").click();
    window.run();
    let jobs = window.state_mut().take_jobs();
    let opening = jobs.iter().find(|job| job.channel == Channel::Open);
    let opening = opening.expect("the model is opened again");
    assert_eq!(opening.request, Request::Open);
    assert_eq!(opening.judge, Some(shipped("fashion-mnist-plain")));
    // The worker of this test gives the model a judge with its own classes.
    let mut with_judge = judged;
    with_judge.judge = Some(shipped("fashion-mnist-plain"));
    for job in jobs {
        let reply = crate::support::answer(&job.request, &with_judge);
        let answer = crate::support::published(job, Ok(reply));
        window.state_mut().receive(answer);
    }
    serve(&mut window, &with_judge);
    window.get_by_label("Judged by Fashion-MNIST");
    window.get_by_label("heatmap opacity");
    let judges = &window.state().controls().judges;
    assert_eq!(judges.get(&folder()), Some(&shipped("fashion-mnist-plain")));
    window.get_by_label("judge").click();
    window.run();
    window.get_by_label("No judge").click();
    serve(&mut window, &unjudged());
    assert!(window.state().controls().judges.is_empty());
    window.get_by_label(NO_JUDGE);
}

#[test]
fn a_judge_of_pictures_without_labels_speaks_of_its_own_classes() {
    let mut manifest = unlabelled();
    manifest.classifier = odd(3).classifier;
    manifest.judge = Some(shipped("fashion-mnist-plain"));
    let mut window = window_of(Space::Explain, &manifest);
    // The typical image lies at 0 in the first coordinate: the first of the judge's classes.
    window.get_by_label("red");
    window.get_by_label("target class").click();
    window.run();
    window.get_by_label("blue").click();
    serve(&mut window, &manifest);
    // Going somewhere else leaves the target that the person chose.
    window.key_press(Key::Num0);
    serve(&mut window, &manifest);
    let scene = window.state().controls().scene().expect("it is open");
    assert_eq!(scene.target, ClassId(2));
    window.get_by_label("What if").click();
    serve(&mut window, &manifest);
    window.get_by_label_contains("the judge has to know the classes of this model's latents");
    // Samples are no classes' samples, so none is right or wrong.
    window.get_by_label("Anchors").click();
    serve(&mut window, &manifest);
    window.get_by_label("sample 1: red");
}

#[test]
fn a_pasted_photograph_keeps_its_colours_and_is_cut_to_the_shape() {
    let manifest = odd(3);
    let mut window = window_of(Space::Explore, &manifest);
    // Red, and green beyond what a crop to 32 x 20 leaves: of 64 x 64 pixels the middle 40 rows.
    let color = |at: usize| {
        if (12..52).contains(&(at / 64)) {
            Color32::from_rgb(200, 10, 20)
        } else {
            Color32::GREEN
        }
    };
    let picture = ColorImage::new([64, 64], (0..4_096).map(color).collect());
    let event = Event::PasteImage(std::sync::Arc::new(picture));
    window.input_mut().events.push(event);
    for _ in 0..200 {
        window.run();
        serve(&mut window, &manifest);
        if matches!(scene_start(&window), Start::Image(_)) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let Start::Image(image) = scene_start(&window) else {
        panic!("the picture was not encoded")
    };
    assert_eq!(
        image.image.shape(),
        ImageShape::new(3, 20, 32).expect("in bounds")
    );
    let rgb = image.image.to_rgb();
    assert!(rgb.iter().all(|pixel| *pixel == [200, 10, 20]), "{rgb:?}");
}

#[test]
fn a_drawing_for_a_model_of_pictures_is_black_on_white() {
    let manifest = odd(3);
    let mut window = window_of(Space::Explore, &manifest);
    window.key_press(Key::D);
    window.run();
    window.get_by_label("The pen is black and the paper white: see what the model makes of it.");
    let sheet = window.get_by_label("drawing sheet").rect();
    window.drag_at(sheet.center());
    window.step();
    let asked = crate::support::last_job(&mut window, Channel::Encode);
    let Request::Encode(request) = asked.request else {
        panic!("the drawing is encoded")
    };
    let rgb = request.image.to_rgb();
    assert_eq!(rgb[0], [255; 3], "paper");
    assert!(rgb.iter().any(|pixel| pixel[0] < 128), "ink");
}

#[test]
fn a_model_with_another_shape_is_not_given_the_image_in_compare() {
    let manifest = odd(3);
    let mut window = window_of(Space::Compare, &manifest);
    window.get_by_label("Another model").click();
    window.run();
    for _ in 0..4 {
        for job in window.state_mut().take_jobs() {
            let of_digits = job.model == shipped("mnist-plain");
            assert!(
                !(of_digits && matches!(job.request, Request::Reconstruct(_))),
                "digits are not asked about colours"
            );
            let answerer = if of_digits {
                crate::support::manifest(None)
            } else {
                manifest.clone()
            };
            let reply = crate::support::answer(&job.request, &answerer);
            let answer = crate::support::published(job, Ok(reply));
            window.state_mut().receive(answer);
        }
        window.run();
    }
    window.get_by_label_contains("there is nothing to compare");
}

#[test]
fn the_bar_names_domains_by_what_models_say_and_never_by_their_folder() {
    // A folder of odd shapes that is called mnist is no MNIST.
    let manifest = odd(3);
    let mut window = crate::support::window_on(
        ModelSource::Folder(PathBuf::from("/somewhere/mnist")),
        Space::Explore,
    );
    serve(&mut window, &manifest);
    window.get_by_label("Odd shapes");
    window.get_by_label("MNIST");
    assert!(
        window.query_by_label("model").is_none(),
        "one of each domain"
    );
}

#[test]
fn two_models_of_a_domain_are_chosen_between() {
    let one = window_of(Space::Explore, &odd(3));
    assert!(one.query_by_label("model").is_none(), "there is one");
    // Another one of digits, in a folder.
    let folder = ModelSource::Folder(PathBuf::from("/somewhere/mine"));
    let mut two = crate::support::window_on(folder, Space::Explore);
    serve(&mut two, &manifest(None));
    two.get_by_label("model").click();
    two.run();
    two.get_by_label("VAE with class centres").click();
    two.run();
    assert_eq!(two.state().controls().model, shipped("mnist"));
}

#[test]
fn folders_of_the_same_name_are_one_domain_only_if_they_hold_the_same() {
    let pictures = |classes: usize| {
        let mut manifest = odd(classes);
        manifest.dataset.title = "pictures".to_owned();
        manifest
    };
    for (classes, titles) in [
        (3, vec!["pictures"]),
        (4, vec!["pictures", "pictures, other/"]),
    ] {
        let mut window = window_of(Space::Explore, &pictures(3));
        window.get_by_label("Open model…").click();
        window.run();
        window.get_by_label("path").focus();
        window.run();
        window.get_by_label("path").type_text("/some/other");
        window.run();
        window.get_by_role_and_label(Role::Button, "Open").click();
        serve(&mut window, &pictures(classes));
        // A list of models is there where a domain has several.
        let several = window.query_by_label("model").is_some();
        assert_eq!(several, titles.len() == 1);
        let front = &window.state().controls().model;
        let domains = sources::domains(window.state().session(), front);
        let own = |domain: &&Domain| domain.title.starts_with("pictures");
        let own = domains.iter().filter(own);
        let found: Vec<&str> = own.map(|domain| domain.title.as_str()).collect();
        assert_eq!(found, titles);
    }
}

#[test]
fn confidence_is_calibrated_on_the_judges_own_images() {
    let own = "of such predictions about this share are right";
    let borrowed = "Calibrated on the judge's own images, which these are not.";
    for (judge, said) in [
        (None, own),
        (Some(shipped("fashion-mnist-plain")), borrowed),
    ] {
        let manifest = Manifest { judge, ..odd(3) };
        let mut window = window_of(Space::Explore, &manifest);
        // exp 5 of exp 5 + 2.
        let figures = window.query_all_by_label(" 98.7 %");
        let figure = figures.last().expect("it is there").rect();
        window.hover_at(figure.center());
        // Until the tooltip's delay is over.
        window.run_steps(8);
        window.get_by_label_contains(said);
    }
}
