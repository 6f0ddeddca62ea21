//! Opening models and spaces.

use dashboard::state::controls::{Controls, STRIP_STEPS, Space};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, ViewportId};
use egui_kittest::kittest::Queryable as _;
use studio::{ModelSource, Request};

use dashboard::state::channel::Channel;

use crate::support::{
    DIMS, answer, closed_window, digits, last_job, manifest, model, published, serve, some_error,
    window,
};

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
    crate::support::save_untrained_bundle(folder.path(), manifest(None));
    let model = ModelSource::Folder(folder.path().to_owned());
    let mut window = crate::support::window_on(model.clone(), Space::Explore);
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
    assert_eq!(frame.value.image().map(|image| image.shape()), Ok(digits()));
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
        serve(&mut window, &manifest(None));
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
        (Space::Map, "Map", Key::F4, "At the cursor"),
        (
            Space::Compare,
            "Compare",
            Key::F6,
            "The other minus this one",
        ),
        (Space::Evaluate, "Evaluate", Key::F7, "Measured"),
        (Space::Train, "Train", Key::F8, "Kind of model"),
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
fn the_help_lists_the_keys_and_escape_closes_it() {
    let mut window = window(Space::Explore, None);
    window.get_by_label("Keyboard shortcuts").click();
    window.run();
    window.get_by_label(
        "Start from a class, or draw this latent as it; where samples are shown, draw that class",
    );
    window.key_press(Key::Escape);
    window.run();
    assert!(
        window
            .query_by_label(
                "Start from a class, or draw this latent as it; where samples are shown, draw that class"
            )
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
