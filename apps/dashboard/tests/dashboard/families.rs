//! Compare: all models of a domain side by side.

use std::{collections::BTreeSet, time::Duration};

use dashboard::state::{
    channel::Job,
    controls::{CompareWith, Controls, Space},
    draw_times::DrawTimes,
};
use datasets::{ClassId, Image, KnownDataset, Seed};
use eframe::egui::{Key, accesskit::Role};
use egui_kittest::kittest::Queryable as _;
use studio::{
    Detail, Manifest, ModelSource, Reply, Report, Request, SampleRequest, Samples, ShippedModel,
};
use vae_core::Prior;

use crate::{
    compare::{choose, serve_as},
    evaluate::figure,
    support::{
        Window, answer, manifest_of, published, shipped, some_error, unlabelled, vae_config,
        window_with,
    },
};

pub const CENTRES: &str = "VAE with class centres";

fn report(figures: &[(&str, f64)]) -> Report {
    let figures = figures.iter();
    Report {
        model: "clothes".to_owned(),
        model_sha256: "cd".repeat(32),
        dataset: "fashion-mnist".to_owned(),
        device: "CPU".to_owned(),
        figures: figures
            .map(|&(name, value)| figure(name, value, Detail::None))
            .collect(),
    }
}

/// Two models of clothes: of the plain one the distances alone were measured.
pub fn clothes(model: &ModelSource) -> Manifest {
    let mut manifest = manifest_of(KnownDataset::FashionMnist.info());
    manifest.report = Some(report(&[
        ("anchored_agreement", 0.922),
        ("classifier_fd", 0.5),
        ("classifier_fd_floor", 0.25),
    ]));
    if *model == shipped("fashion-mnist-plain") {
        vae_config(&mut manifest).prior = Prior::Normal;
        let part = manifest.generator.as_mut().expect("it has one");
        part.labels_used = false;
        manifest.report = Some(report(&[("classifier_fd", 0.75), ("second_fd", 1.5)]));
    }
    manifest
}

/// The models of the domain that stand aside here: two are enough for what columns have to do with each other.
fn aside() -> BTreeSet<ModelSource> {
    let all = ShippedModel::all().filter(|model| model.domain() == "Fashion-MNIST");
    let others =
        all.filter(|model| !["fashion-mnist", "fashion-mnist-plain"].contains(&model.name()));
    others.map(ModelSource::Shipped).collect()
}

/// A window in which two models of a domain are compared, the one with class centres in front. Nothing is answered yet.
pub fn compared(with: CompareWith, size: [f32; 2], pixels_per_point: f32) -> Window {
    let mut controls = Controls::new(shipped("fashion-mnist"), Space::Compare, Seed(7));
    controls.compare.with = with;
    controls.compare.families.hidden = aside();
    window_with(controls, size, pixels_per_point)
}

/// The same at the usual size, with all answers.
fn families() -> Window {
    let mut window = compared(CompareWith::Families, [1280.0, 720.0], 1.0);
    serve_as(&mut window, clothes);
    window
}

/// The samples that were asked for: of which model, and which.
pub fn samples(jobs: &[Job]) -> Vec<(ModelSource, SampleRequest)> {
    let samples = jobs.iter().filter_map(|job| match &job.request {
        Request::Samples(request) => Some((job.model.clone(), request.clone())),
        _ => None,
    });
    samples.collect()
}

/// The models that the worker was asked to close.
fn closed(jobs: &[Job]) -> Vec<ModelSource> {
    let closed = jobs.iter().filter_map(|job| match &job.request {
        Request::Close(models) => Some(models.clone()),
        _ => None,
    });
    closed.flatten().collect()
}

#[test]
fn every_model_that_is_shown_is_opened_in_turn_and_draws_by_one_rule() {
    let mut window = compared(CompareWith::Families, [1280.0, 720.0], 1.0);
    let asked = serve_as(&mut window, clothes);
    let opened = asked.iter().filter(|job| job.request == Request::Open);
    let opened: Vec<_> = opened.map(|job| job.model.clone()).collect();
    // The one in front comes first.
    assert_eq!(
        opened,
        ["fashion-mnist", "fashion-mnist-plain"].map(shipped)
    );
    let both = ["fashion-mnist", "fashion-mnist-plain"].map(shipped);
    let drawn = samples(&asked);
    let models: Vec<_> = drawn.iter().map(|(model, _)| model.clone()).collect();
    assert_eq!(models, both);
    for (_, request) in &drawn {
        assert_eq!((request.noise, request.seed), (1.0, Seed(7)));
        let places = request.samples.iter().map(|sample| sample.index);
        assert_eq!(places.collect::<Vec<_>>(), (0..9).collect::<Vec<_>>());
        let of_first = |class| class == ClassId(0);
        assert!(request.samples.iter().all(|sample| of_first(sample.class)));
    }
    for name in ["VAE", CENTRES] {
        for sample in 1..=9 {
            let label = format!("sample {sample} by {name}");
            window.get_by_role_and_label(Role::Image, &label);
        }
    }
    window.get_by_label_contains(
        "All draw the first 9 samples of T-shirt/top at noise 1.00 under seed 7",
    );
}

#[test]
fn class_noise_and_seed_are_those_of_all_columns() {
    let mut window = families();
    window.get_by_label("Coat").click();
    let of_class = |jobs: &[Job], class| {
        let drawn = samples(jobs);
        assert_eq!(drawn.len(), 2);
        drawn
            .iter()
            .all(|(_, request)| request.samples[0].class == ClassId(class))
    };
    assert!(of_class(&serve_as(&mut window, clothes), 4));
    window.key_press(Key::Num8);
    assert!(of_class(&serve_as(&mut window, clothes), 8));
    window.get_by_label_contains("samples of Bag");
    window.key_press(Key::R);
    let again = samples(&serve_as(&mut window, clothes));
    assert!(again.iter().all(|(_, request)| request.seed == Seed(8)));
    window.get_by_label("Another").click();
    serve_as(&mut window, clothes);
    let scene = window.state().controls().scene().expect("it is open");
    assert_eq!(scene.seed, Seed(7), "that of Explore stays");
    window.get_by_label("noise").set_value_accesskit(0.5);
    let drawn = samples(&serve_as(&mut window, clothes));
    assert_eq!(drawn.len(), 2);
    for (_, request) in drawn {
        assert_eq!((request.noise, request.seed), (0.5, Seed(9)));
    }
}

#[test]
fn figures_are_those_of_the_report_or_not_measured() {
    let window = families();
    for line in [
        "VAE with class centres, Agreement: 92.20 %",
        "VAE with class centres, Frechet distance: 0.500",
        "VAE with class centres, Variance ratio: not measured",
        "VAE with class centres, Labels in training: yes",
        "VAE with class centres, Parameters: 1,234,567",
        "VAE, Agreement: not measured",
        "VAE, Frechet distance: 0.750",
        "VAE, Labels in training: no",
        // The worker of these tests takes two milliseconds a sample.
        "VAE, ms an image, here: 2.00",
    ] {
        window.get_by_label(line);
    }
    let second: Vec<_> = window
        .query_all_by_label("VAE, second judge: 1.500")
        .collect();
    assert_eq!(second.len(), 1);
    window.get_by_label_contains("Cannot be told which class to draw");
    window.get_by_label_contains("labels put its classes where they are");
}

#[test]
fn the_plot_has_a_point_for_each_model_that_was_measured() {
    let mut window = families();
    window.get_by_label(
        "Frechet distance against time: VAE 0.750 at 2.00 ms, VAE with class centres 0.500 at 2.00 ms",
    );
    window.get_by_label("Second judge").click();
    serve_as(&mut window, clothes);
    window.get_by_label("Frechet distance against time: VAE 1.500 at 2.00 ms");
    window.get_by_label("Without a measured distance or a time: VAE with class centres.");
}

#[test]
fn a_model_that_is_taken_away_is_closed_and_can_be_brought_back() {
    let mut window = families();
    let plain = shipped("fashion-mnist-plain");
    window.get_by_label("take VAE away").click();
    let asked = serve_as(&mut window, clothes);
    assert_eq!(closed(&asked), [plain]);
    assert_eq!(samples(&asked), []);
    assert!(window.query_by_label("sample 1 by VAE").is_none());
    window.get_by_label("sample 1 by VAE with class centres");
    window.key_press(Key::R);
    let asked = serve_as(&mut window, clothes);
    assert_eq!(samples(&asked).len(), 1, "it is not asked any more");
    assert_eq!(closed(&asked), [], "it is closed once");
    choose(&mut window, "models to compare", "VAE");
    window.get_by_label("sample 1 by VAE");
    let hidden = &window.state().controls().compare.families.hidden;
    assert_eq!(*hidden, aside());
}

#[test]
fn what_compare_opened_is_closed_when_it_is_left_but_for_the_model_in_front() {
    let mut window = families();
    window.key_press(Key::F1);
    let asked = serve_as(&mut window, clothes);
    assert_eq!(closed(&asked), [shipped("fashion-mnist-plain")]);
    window.key_press(Key::F6);
    let asked = serve_as(&mut window, clothes);
    assert_eq!(samples(&asked), [], "their samples are here still");
    window.key_press(Key::F1);
    assert_eq!(closed(&serve_as(&mut window, clothes)), []);
}

#[test]
fn while_a_hand_drags_slow_models_draw_fewer_and_none_is_asked_before_all_have_answered() {
    let mut window = families();
    // The plain model is slow: twenty milliseconds a sample, of which two fit into a drag.
    window.key_press(Key::R);
    let slow = |job: &Job, reply: Reply| match reply {
        Reply::Samples(samples) if job.model == shipped("fashion-mnist-plain") => {
            Reply::Samples(Samples {
                times: vec![Duration::from_millis(20); 99],
                ..samples
            })
        }
        reply => reply,
    };
    let serve = |window: &mut Window, jobs: Vec<Job>| {
        for job in jobs {
            let reply = slow(&job, answer(&job.request, &clothes(&job.model)));
            window.state_mut().receive(published(job, Ok(reply)));
        }
    };
    window.run();
    let jobs = window.state_mut().take_jobs();
    serve(&mut window, jobs);
    window.run();
    assert_eq!(window.state_mut().take_jobs(), []);
    let slider = window.get_by_label("noise").rect();
    window.hover_at(slider.left_center());
    window.step();
    window.drag_at(slider.left_center());
    window.step();
    window.hover_at(slider.left_center() + eframe::egui::vec2(15.0, 0.0));
    window.step();
    let first = window.state_mut().take_jobs();
    let counts = |jobs: &[Job]| -> Vec<usize> {
        let drawn = samples(jobs).into_iter();
        drawn.map(|(_, request)| request.samples.len()).collect()
    };
    assert_eq!(counts(&first), [2, 9]);
    window.hover_at(slider.left_center() + eframe::egui::vec2(30.0, 0.0));
    window.step();
    let none = counts(&window.state_mut().take_jobs());
    assert!(none.is_empty(), "both owe an answer");
    serve(&mut window, first);
    window.step();
    assert_eq!(counts(&window.state_mut().take_jobs()), [2, 9]);
    assert!(window.query_by_label("sample 2 by VAE").is_some());
    assert!(window.query_by_label("sample 3 by VAE").is_none());
    window.drop_at(slider.left_center() + eframe::egui::vec2(30.0, 0.0));
    window.step();
    window.step();
    assert_eq!(
        counts(&window.state_mut().take_jobs()),
        [9],
        "the rest of the slow one"
    );
}

#[test]
fn a_model_that_does_not_open_says_why_and_can_be_tried_again() {
    let mut window = compared(CompareWith::Families, [1280.0, 720.0], 1.0);
    let plain = shipped("fashion-mnist-plain");
    for _ in 0..4 {
        window.run();
        for job in window.state_mut().take_jobs() {
            let result = if job.model == plain {
                Err(some_error())
            } else {
                Ok(answer(&job.request, &clothes(&job.model)))
            };
            window.state_mut().receive(published(job, result));
        }
    }
    window.get_by_label("sample 1 by VAE with class centres");
    window.get_by_label_contains("/no/such/model");
    window.get_by_label("try VAE again").click();
    serve_as(&mut window, clothes);
    window.get_by_label("sample 1 by VAE");
}

#[test]
fn a_folder_of_the_same_images_stands_among_the_others() {
    let mut window = families();
    add(&mut window, "/models/mine");
    serve_as(&mut window, clothes);
    window.get_by_label("sample 1 by mine");
    let controls = window.state().controls();
    assert_eq!(
        controls.model,
        shipped("fashion-mnist"),
        "it stays in front"
    );
    // And one of other images says that there is nothing to compare.
    add(&mut window, "/models/odd");
    serve_as(&mut window, |model| match model {
        ModelSource::Folder(folder) if folder.ends_with("odd") => unlabelled(),
        model => clothes(model),
    });
    window.get_by_label_contains("It was trained on other images");
    window.get_by_label("sample 1 by mine");
}

/// Asks for the folder of a model to stand among the others.
pub fn add(window: &mut Window, path: &str) {
    window.get_by_label("models to compare").click();
    window.run();
    window.get_by_label("Add a folder…").click();
    window.run();
    window.get_by_label("path").type_text(path);
    window.run();
    window.get_by_role_and_label(Role::Button, "Open").click();
    window.run();
}

#[test]
fn a_domain_with_one_model_without_classes_says_so() {
    let mut controls = Controls::new(
        ModelSource::Folder("/models/of/the/test".into()),
        Space::Compare,
        Seed(7),
    );
    controls.compare.with = CompareWith::Families;
    let mut window = window_with(controls, [1280.0, 720.0], 1.0);
    let asked = serve_as(&mut window, |_| unlabelled());
    assert_eq!(samples(&asked).len(), 1);
    window.get_by_label_contains("There is one model of these images here");
    assert!(window.query_by_label("class of the samples").is_none());
    window.get_by_label("take test away").click();
    serve_as(&mut window, |_| unlabelled());
    window.get_by_label_contains("Every model was taken away");
}

#[test]
fn the_median_is_of_the_last_times_of_one_kind() {
    let samples = |milliseconds: &[u64], batch| Samples {
        images: Vec::<Image>::new(),
        times: milliseconds
            .iter()
            .copied()
            .map(Duration::from_millis)
            .collect(),
        batch,
    };
    let mut times = DrawTimes::default();
    assert_eq!(times.median(), None);
    times.add(&samples(&[9, 1, 4], 1), 0);
    assert_eq!(times.median(), Some(Duration::from_millis(4)));
    times.add(&samples(&[7; 99], 1), 0);
    assert_eq!(times.count(), 99, "the older ones are forgotten");
    assert_eq!(times.median(), Some(Duration::from_millis(7)));
    times.add(&samples(&[2; 5], 256), 0);
    assert_eq!((times.count(), times.batch()), (5, 256));
    assert_eq!(times.median(), Some(Duration::from_millis(2)));
    times.add(&samples(&[3; 4], 256), 2);
    assert_eq!(times.count(), 4, "in other steps, other times");
}
