//! Anchors, Explain and Evaluate.

use dashboard::state::controls::Space;
use datasets::ClassId;
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use studio::{Detail, Figure, Report, Request};

use dashboard::state::channel::Channel;

use crate::support::{last_job, latent, manifest, model, serve, window};

#[test]
fn a_class_button_fills_the_grid_with_that_class() {
    let mut window = window(Space::Anchors, None);
    window.get_by_label("class 8").click();
    window.run();
    let job = last_job(&mut window, Channel::Grid);
    let Request::Gallery(request) = &job.request else {
        panic!("a gallery was asked for")
    };
    let scene = window
        .state()
        .controls()
        .scene()
        .expect("it is open")
        .clone();
    assert_eq!(scene.anchors.class, ClassId(8));
    let regions = manifest(None).generator.expect("it has one").latent.regions;
    let expected = regions.sample(ClassId(8), 1.0, scene.anchors.count, scene.anchors.seed);
    assert_eq!(request.latents, expected);
}

#[test]
fn the_grid_counts_agreement_and_opens_samples_in_explore() {
    let mut window = window(Space::Anchors, None);
    window.key_press(Key::Num5);
    serve(&mut window, &manifest(None));
    let grid = window
        .state()
        .session()
        .answers(&model())
        .grid
        .clone()
        .expect("there is a grid");
    let right = grid
        .value
        .predictions
        .iter()
        .filter(|prediction| prediction.class == ClassId(5))
        .count();
    assert!(
        right > 0 && right < 36,
        "the samples straddle the border, else this test shows nothing"
    );
    window.get_by_label(&format!("{right}/36"));
    let wrong = window
        .query_all_by_role(Role::Button)
        .filter_map(|node| node.accesskit_node().label());
    assert_eq!(
        wrong.filter(|label| label.ends_with("wrong")).count(),
        36 - right
    );

    let first = grid.value.predictions[0].class;
    let verdict = if first == ClassId(5) {
        "right"
    } else {
        "wrong"
    };
    window
        .get_by_label(&format!("sample 1: {first}, {verdict}"))
        .click();
    serve(&mut window, &manifest(None));
    assert_eq!(window.state().controls().space, Space::Explore);
    let regions = manifest(None).generator.expect("it has one").latent.regions;
    assert_eq!(
        latent(&window),
        regions.sample(ClassId(5), 1.0, 36, grid.scene.anchors.seed)[0]
    );
}

#[test]
fn explain_asks_for_the_chosen_layer_and_says_when_there_is_no_evidence() {
    let mut window = window(Space::Explain, None);
    window.get_by_label("No positive evidence (-0.50 logits)");
    window.get_by_label("Strongest evidence: odds × 12.2 (2.50 logits)");
    window.get_by_label("7 × 7").click();
    window.run();
    let job = last_job(&mut window, Channel::Frame);
    let Request::Frame(request) = &job.request else {
        panic!("a frame was asked for")
    };
    assert_eq!(request.layer, datasets::Layer(2));
    assert_eq!((request.target, request.runner_up), (None, true));
}

#[test]
fn explain_asks_for_the_chosen_method_and_contrast_and_undoes_them() {
    let mut window = window(Space::Explain, None);
    window.get_by_label_contains("weighs each feature map of the layer");
    window.get_by_label("method").click();
    window.run();
    window.get_by_label("LayerCAM").click();
    window.run();
    window.get_by_label_contains("its own push");
    window.get_by_label("Contrast").click();
    window.run();
    let job = last_job(&mut window, Channel::Frame);
    let Request::Frame(request) = &job.request else {
        panic!("a frame was asked for")
    };
    assert_eq!(request.method, studio::Method::LayerCam);
    assert!(request.contrast);
    window.get_by_label_contains("what speaks for its class and not for the other one");
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    window.run();
    let scene = window.state().controls().scene().expect("it is open");
    assert_eq!(
        (scene.method, scene.contrast),
        (studio::Method::LayerCam, false)
    );
}

#[test]
fn evaluate_shows_the_figures_of_the_report() {
    let figure =
        |name: &str, value: f64, unit: &str, bounds: Option<(f64, f64)>, detail: Detail| Figure {
            name: name.to_owned(),
            value,
            unit: unit.to_owned(),
            low: bounds.map(|(low, _)| low),
            high: bounds.map(|(_, high)| high),
            n: 10_000,
            seed: Some(0),
            split: "test".to_owned(),
            protocol: "as the test says".to_owned(),
            second_judge: None,
            detail,
        };
    let confusion = (0..10)
        .map(|row| {
            (0..10)
                .map(|column| if row == column { 970 } else { 3 })
                .collect()
        })
        .collect();
    let report = Report {
        model: "mnist".to_owned(),
        model_sha256: "cd".repeat(32),
        dataset: "mnist".to_owned(),
        device: "cpu".to_owned(),
        figures: vec![
            figure(
                "anchored_agreement",
                0.9729,
                "",
                Some((0.9695, 0.9759)),
                Detail::Confusion(confusion),
            ),
            figure(
                "reconstruction_mse",
                0.004_321,
                "per pixel",
                None,
                Detail::None,
            ),
        ],
    };
    let window = window(Space::Evaluate, Some(report));
    window.get_by_label("97.29 %");
    window.get_by_label("97.0–97.6 %");
    window.get_by_label("0.00432");
    window.get_by_label("Generated images");
    window.get_by_label("confusion matrix, 9700 of 9970 on the diagonal");
    window.get_by_label_contains("Not measured yet: Reconstruction accuracy");
}

#[test]
fn without_a_report_evaluate_says_how_to_make_one() {
    let window = window(Space::Evaluate, None);
    window.get_by_label("This model has not been evaluated yet.");
    // What is inside the program keeps no report.
    window.get_by_label("latent-lens evaluate --model mnist-plain --data DIR");
    window.get_by_label("VAE training");
}
