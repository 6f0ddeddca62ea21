//! The window as a person and a screen reader meet it: everything is found by its accessible label.

#![allow(
    clippy::float_cmp,
    reason = "what passes through unchanged is compared exactly"
)]

mod support;

use dashboard::controls::{Controls, RANGE_SIGMAS, STRIP_STEPS, Space, Start};
use datasets::{ClassId, KnownDataset, PIXELS};
use eframe::egui::{
    Color32, DroppedFile, Key, Modifiers, OutputCommand, ViewportId, accesskit::Role, vec2,
};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use studio::{Channel, Detail, Figure, ModelSource, Report, Request};

use support::{
    DIMS, Window, answer, closed_window, manifest, model, published, serve, some_error, window,
};

fn latent(window: &Window) -> Vec<f32> {
    window
        .state()
        .controls()
        .scene()
        .expect("the model is open")
        .latent
        .clone()
}

fn last_job(window: &mut Window, channel: Channel) -> studio::Job {
    let jobs = window.state_mut().take_jobs();
    jobs.into_iter()
        .rfind(|job| job.channel == channel)
        .expect("the app asked in this channel")
}

/// The slider of a dimension; the model's KL stands in its label.
fn slider(dim: usize) -> String {
    let kl = manifest(None).vae.expect("it has one").latent.kl_nats[dim];
    format!("z{dim}, {kl:.2} nats")
}

#[test]
fn before_the_first_frame_the_window_says_what_it_does() {
    let mut window = closed_window(Space::Explore);
    window.run();
    window.get_by_label("Opening MNIST…");
    let jobs = window.state_mut().take_jobs();
    assert_eq!(jobs.len(), 1);
    assert!(matches!(jobs[0].request, Request::Open));
    assert_eq!(jobs[0].model, model());
}

#[test]
fn a_model_that_does_not_open_says_why_and_can_be_tried_again() {
    let mut window = closed_window(Space::Explore);
    window.run();
    let job = last_job(&mut window, Channel::Open);
    window
        .state_mut()
        .receive(published(job, Err(some_error())));
    window.run();
    window.get_by_label("MNIST could not be opened");
    window.get_by_label("Try again").click();
    window.run();
    let job = last_job(&mut window, Channel::Open);
    let reply = answer(&job.request, &manifest(None));
    window.state_mut().receive(published(job, Ok(reply)));
    serve(&mut window, &manifest(None));
    window.get_by_label("decoded image");
}

/// The whole way once, with networks that were never trained: a bundle on disk, a worker on its thread, the window.
#[test]
fn a_real_worker_serves_the_window() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    support::save_untrained_bundle(folder.path());
    let model = ModelSource::Folder(folder.path().to_owned());
    let mut window = support::window_on(model.clone(), Space::Explore);
    let device = burn::tensor::Device::flex();
    let worker = studio::Worker::spawn(device, || {}).expect("a thread for the worker");
    for _ in 0..1_000 {
        for published in worker.take_published() {
            window.state_mut().receive(published);
        }
        window.run();
        for job in window.state_mut().take_jobs() {
            worker.submit(job);
        }
        let answers = window.state().session().answers(&model);
        if answers.effects.is_some() && !window.state().session().working() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let answers = window.state().session().answers(&model);
    let frame = answers.frame.as_ref().expect("a frame came");
    assert_eq!(frame.value.image.len(), PIXELS);
    assert_eq!(
        answers
            .strip
            .as_ref()
            .expect("a strip came")
            .value
            .images
            .len(),
        STRIP_STEPS
    );
    assert_eq!(
        answers
            .effects
            .as_ref()
            .expect("effect maps came")
            .value
            .maps
            .len(),
        DIMS
    );
    assert_eq!(window.state().notices().shown().count(), 0);
    window.get_by_label("decoded image");
}

#[test]
fn a_window_that_nobody_touches_is_silent() {
    for space in Space::ALL {
        let mut window = window(space, None);
        wait_for_sample(&mut window);
        window.run();
        assert!(
            window.state_mut().take_jobs().is_empty(),
            "{space:?} asks nothing more"
        );
        let root = &window.output().viewport_output[&ViewportId::ROOT];
        assert_eq!(
            root.repaint_delay,
            std::time::Duration::MAX,
            "{space:?} does not repaint"
        );
    }
}

#[test]
fn every_space_opens_by_its_tab_and_by_its_key() {
    let mut window = window(Space::Explore, None);
    let signs = [
        (Space::Anchors, "Anchors", Key::F2, "Agreement"),
        (
            Space::Explain,
            "Explain",
            Key::F3,
            "Evidence for the prediction",
        ),
        (Space::Evaluate, "Evaluate", Key::F4, "Measured"),
        (Space::Explore, "Explore", Key::F1, "Start from"),
    ];
    for (space, tab, _, sign) in signs {
        window.get_by_role_and_label(Role::Button, tab).click();
        serve(&mut window, &manifest(None));
        assert_eq!(window.state().controls().space, space);
        assert!(
            window.query_all_by_label(sign).next().is_some(),
            "{tab} shows {sign:?}"
        );
    }
    for (space, _, key, sign) in signs {
        window.key_press(key);
        serve(&mut window, &manifest(None));
        assert_eq!(window.state().controls().space, space);
        assert!(window.query_all_by_label(sign).next().is_some());
    }
}

#[test]
fn sliders_are_ordered_by_kl_and_quiet_ones_are_folded() {
    let window = window(Space::Explore, None);
    let top = |dim: usize| window.get_by_label(&slider(dim)).rect().top();
    let tops: Vec<f32> = [1, 3, 4, 2, 0].into_iter().map(top).collect();
    assert!(tops.is_sorted(), "{tops:?}");
    window.get_by_label("1 quiet dimensions");
    assert!(window.query_by_label(&slider(5)).is_none());
}

#[test]
fn dragging_a_slider_changes_the_request_and_undo_takes_the_whole_drag_back() {
    let mut window = window(Space::Explore, None);
    let before = latent(&window);
    let rect = window.get_by_label(&slider(1)).rect();
    window.drag_at(rect.center());
    for part in [0.6, 0.7, 0.8] {
        window.hover_at(rect.lerp_inside(vec2(part, 0.5)));
        window.step();
    }
    let during = last_job(&mut window, Channel::Frame);
    let Request::Frame(request) = &during.request else {
        panic!("a frame was asked for")
    };
    assert!(request.latent[1] > before[1], "while the drag goes on");
    let reply = answer(&during.request, &manifest(None));
    window.state_mut().receive(published(during, Ok(reply)));
    window.drop_at(rect.lerp_inside(vec2(0.8, 0.5)));
    serve(&mut window, &manifest(None));
    let after = latent(&window);
    assert!(after[1] > before[1] && after[1] <= 2.0 * RANGE_SIGMAS);
    for dim in (0..DIMS).filter(|&dim| dim != 1) {
        assert_eq!(after[dim], before[dim]);
    }
    let shown = window
        .state()
        .session()
        .answers(&model())
        .frame
        .clone()
        .expect("there is a frame");
    assert_eq!(
        shown.scene.latent, after,
        "the frame on the screen is the one of the last position"
    );

    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    serve(&mut window, &manifest(None));
    assert_eq!(latent(&window), before);
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    serve(&mut window, &manifest(None));
    assert_eq!(latent(&window), after);
}

#[test]
fn a_slider_takes_typed_values_arrow_keys_and_a_screen_reader() {
    let mut window = window(Space::Explore, None);
    window.get_by_label(&slider(3)).set_value_accesskit(1.25);
    serve(&mut window, &manifest(None));
    assert!((latent(&window)[3] - 2.5).abs() < 1e-6, "1.25 sigma of 2");
    window.get_by_label(&slider(3)).focus();
    window.run();
    window.key_press(Key::ArrowRight);
    serve(&mut window, &manifest(None));
    assert!(
        (latent(&window)[3] - 2.7).abs() < 1e-6,
        "a tenth of a sigma further"
    );
    window.key_press(Key::Delete);
    serve(&mut window, &manifest(None));
    assert_eq!(latent(&window)[3], 0.0);
}

#[test]
fn locked_dimensions_stay_when_the_others_are_drawn_anew() {
    let mut window = window(Space::Explore, None);
    window.get_by_label("lock z2").click();
    window.run();
    let before = latent(&window);
    window.get_by_label("Randomise").click();
    serve(&mut window, &manifest(None));
    let after = latent(&window);
    assert_eq!(after[2], before[2]);
    assert!(
        (0..DIMS)
            .filter(|&dim| dim != 2)
            .all(|dim| after[dim] != before[dim])
    );
    let scene = window.state().controls().scene().expect("it is open");
    assert_eq!(scene.start, Start::Prior(datasets::Seed(7)));
    assert_eq!(
        scene.seed,
        datasets::Seed(8),
        "the next draw is another one"
    );
}

#[test]
fn clicking_a_picture_of_the_walk_goes_there() {
    let mut window = window(Space::Explore, None);
    window.get_by_label("z1 at +3.0 sigma").click();
    serve(&mut window, &manifest(None));
    assert!((latent(&window)[1] - 6.0).abs() < 1e-5, "3 sigma of 2");
}

#[test]
fn a_test_image_is_encoded_and_the_sliders_go_there() {
    let mut window = window(Space::Explore, None);
    wait_for_sample(&mut window);
    window.get_by_label("next test image").click();
    serve(&mut window, &manifest(None));
    assert_eq!(latent(&window), vec![1.5; DIMS], "the encoder's mean");
    let scene = window.state().controls().scene().expect("it is open");
    let Start::Image(image) = &scene.start else {
        panic!("{:?}", scene.start)
    };
    let sample = datasets::sample(KnownDataset::Mnist);
    assert_eq!(image.label, Some(sample.label(1)));
    assert_eq!(image.pixels.len(), PIXELS);
    window.get_by_label("input image");
}

/// The sample is unpacked on a thread.
fn wait_for_sample(window: &mut Window) {
    for _ in 0..200 {
        window.run();
        if window.state().has_sample(KnownDataset::Mnist) {
            window.run();
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("the sample was never unpacked");
}

#[test]
fn an_error_leaves_the_last_frame_and_shows_a_notice() {
    let mut window = window(Space::Explore, None);
    let frame = |window: &Window| {
        window
            .state()
            .session()
            .answers(&model())
            .frame
            .clone()
            .expect("there is one")
    };
    let before = frame(&window);
    window.get_by_label(&slider(1)).set_value_accesskit(2.0);
    window.run();
    let job = last_job(&mut window, Channel::Frame);
    let error = some_error();
    let text = error.to_string();
    window.state_mut().receive(published(job, Err(error)));
    window.run();
    window.get_by_label("decoded image");
    assert_eq!(
        frame(&window).revision,
        before.revision,
        "the last good frame is still there"
    );
    assert_eq!(
        window
            .state()
            .notices()
            .shown()
            .map(|notice| notice.text.as_str())
            .collect::<Vec<_>>(),
        [text.as_str()]
    );
    assert!(
        window.query_all_by_label(&text).next().is_some(),
        "and it is on the screen"
    );

    window.get_by_label("Dismiss").click();
    window.run();
    assert_eq!(window.state().notices().shown().count(), 0);
}

#[test]
fn a_good_frame_takes_the_notice_of_a_bad_one_away() {
    let mut window = window(Space::Explore, None);
    window.get_by_label(&slider(1)).set_value_accesskit(2.0);
    window.run();
    let job = last_job(&mut window, Channel::Frame);
    window
        .state_mut()
        .receive(published(job, Err(some_error())));
    window.get_by_label(&slider(1)).set_value_accesskit(1.0);
    serve(&mut window, &manifest(None));
    assert_eq!(window.state().notices().shown().count(), 0);
}

#[test]
fn an_answer_to_a_question_that_was_not_asked_is_ignored() {
    let mut window = window(Space::Explore, None);
    let before = window
        .state()
        .session()
        .answers(&model())
        .frame
        .clone()
        .expect("there is one");
    window.get_by_label(&slider(1)).set_value_accesskit(2.0);
    window.run();
    let mut job = last_job(&mut window, Channel::Frame);
    let Request::Frame(request) = &mut job.request else {
        panic!("a frame was asked for")
    };
    request.latent[0] = 77.0;
    let reply = answer(&job.request, &manifest(None));
    window.state_mut().receive(published(job, Ok(reply)));
    window.run();
    let after = window
        .state()
        .session()
        .answers(&model())
        .frame
        .clone()
        .expect("there is one");
    assert_eq!(after.revision, before.revision);
}

#[test]
fn an_answer_for_the_model_behind_is_ignored() {
    let mut window = window(Space::Explore, None);
    window.get_by_label(&slider(1)).set_value_accesskit(2.0);
    window.run();
    let job = last_job(&mut window, Channel::Frame);
    window.get_by_label("Fashion-MNIST").click();
    window.run();
    window.get_by_label("Opening Fashion-MNIST…");
    let before = window
        .state()
        .session()
        .answers(&model())
        .frame
        .clone()
        .expect("there is one");
    let reply = answer(&job.request, &manifest(None));
    window.state_mut().receive(published(job, Ok(reply)));
    let after = window
        .state()
        .session()
        .answers(&model())
        .frame
        .clone()
        .expect("there is one");
    assert_eq!(after.revision, before.revision);
}

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
    let regions = manifest(None).vae.expect("it has one").regions;
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
    let regions = manifest(None).vae.expect("it has one").regions;
    assert_eq!(
        latent(&window),
        regions.sample(ClassId(5), 1.0, 36, grid.scene.anchors.seed)[0]
    );
}

#[test]
fn explain_asks_for_the_chosen_layer_and_says_when_there_is_no_evidence() {
    let mut window = window(Space::Explain, None);
    window.get_by_label("No positive evidence (-0.50 logits)");
    window.get_by_label("Evidence 2.50 logits at most");
    window.get_by_label("7 × 7").click();
    window.run();
    let job = last_job(&mut window, Channel::Frame);
    let Request::Frame(request) = &job.request else {
        panic!("a frame was asked for")
    };
    assert_eq!(request.layer, classifier::Stage::Stage3);
    assert_eq!(request.target, Some(ClassId(3)));
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
    window.get_by_label("latent-lens evaluate --model mnist --data DIR --write");
    window.get_by_label("VAE training");
}

#[test]
fn the_image_is_saved_where_the_person_says() {
    let mut window = window(Space::Explore, None);
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("three.png");
    window.get_by_label("Save image").click();
    window.run();
    let field = window.get_by_label("path");
    field.focus();
    window.run();
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window
        .get_by_label("path")
        .type_text(&path.display().to_string());
    window.run();
    window.get_by_role_and_label(Role::Button, "Save").click();
    for _ in 0..200 {
        window.run();
        if window.state().notices().shown().count() > 0 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let saved = image::open(&path).expect("the file is there").into_luma8();
    assert_eq!(saved.dimensions(), (448, 448));
    let message = format!("Saved {}", path.display());
    assert!(window.query_all_by_label(&message).next().is_some());
}

#[test]
fn the_image_is_copied_as_it_is_without_its_heatmap() {
    let mut window = window(Space::Explore, None);
    let frame = window
        .state()
        .session()
        .answers(&model())
        .frame
        .clone()
        .expect("there is one");
    window.get_by_label("Copy image").click();
    let mut copied = Vec::new();
    for _ in 0..4 {
        window.step();
        copied.extend(window.output().platform_output.commands.clone());
    }
    let images = copied.iter().filter_map(|command| match command {
        OutputCommand::CopyImage(image) => Some(image),
        _ => None,
    });
    let images: Vec<_> = images.collect();
    assert_eq!(images.len(), 1);
    assert_eq!(images[0].size, [448, 448]);
    let grey = (frame.value.image[0] * 255.0).round() as u8;
    assert!(
        images[0]
            .pixels
            .iter()
            .all(|pixel| *pixel == Color32::from_gray(grey))
    );
}

#[derive(Debug)]
struct Dropped(std::path::PathBuf);

impl DroppedFile for Dropped {
    fn path(&self) -> &std::path::Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

fn drop_file(window: &mut Window, path: std::path::PathBuf) {
    window
        .input_mut()
        .dropped_files
        .push(std::sync::Arc::new(Dropped(path)));
}

#[test]
fn a_picture_that_is_dropped_on_the_window_is_encoded() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("seven.png");
    let drawn = image::GrayImage::from_fn(60, 60, |x, _| {
        image::Luma([if (20..40).contains(&x) { 0 } else { 255 }])
    });
    drawn.save(&path).expect("it can be written");
    let mut window = window(Space::Anchors, None);
    drop_file(&mut window, path);
    let mut start = None;
    for _ in 0..200 {
        serve(&mut window, &manifest(None));
        start = window
            .state()
            .controls()
            .scene()
            .map(|scene| scene.start.clone());
        if matches!(start, Some(Start::Image(_))) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let Some(Start::Image(image)) = start else {
        panic!("it was never encoded: {start:?}")
    };
    assert_eq!(image.name, "seven.png");
    assert_eq!(image.label, None);
    assert_eq!(image.pixels[0], 0.0, "the light background became 0");
    assert_eq!(window.state().controls().space, Space::Explore);
    assert_eq!(latent(&window), vec![1.5; DIMS]);
}

#[test]
fn a_file_that_is_no_picture_is_explained() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("notes.png");
    std::fs::write(&path, "this is text").expect("it can be written");
    let mut window = window(Space::Explore, None);
    let before = latent(&window);
    drop_file(&mut window, path);
    for _ in 0..200 {
        window.run();
        if window.state().notices().shown().count() > 0 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let texts: Vec<_> = window
        .state()
        .notices()
        .shown()
        .map(|notice| notice.text.clone())
        .collect();
    assert_eq!(texts.len(), 1);
    assert!(texts[0].contains("notes.png"), "{}", texts[0]);
    assert_eq!(latent(&window), before);
}

#[test]
fn a_folder_is_opened_as_a_model() {
    let mut window = window(Space::Explore, None);
    window.get_by_label("Open model…").click();
    window.run();
    window.get_by_label("path").focus();
    window.run();
    window.get_by_label("path").type_text("/some/model");
    window.run();
    window.get_by_role_and_label(Role::Button, "Open").click();
    window.run();
    let job = last_job(&mut window, Channel::Open);
    assert_eq!(job.model, ModelSource::Folder("/some/model".into()));
    window.get_by_label("Opening model/…");
}

#[test]
fn the_help_lists_the_keys_and_escape_closes_it() {
    let mut window = window(Space::Explore, None);
    window.get_by_label("Keyboard shortcuts").click();
    window.run();
    window.get_by_label("Start from a class; in Anchors, draw that class");
    window.key_press(Key::Escape);
    window.run();
    assert!(
        window
            .query_by_label("Start from a class; in Anchors, draw that class")
            .is_none()
    );
}

#[test]
fn controls_come_back_from_text() {
    let window = window(Space::Anchors, None);
    let controls = window.state().controls();
    let text = ron::to_string(controls).expect("plain data");
    let back: Controls = ron::from_str(&text).expect("its own text");
    assert_eq!(back, *controls);
}
