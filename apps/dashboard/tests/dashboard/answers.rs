//! What comes back from the worker: errors, late answers, answers for another model.

use std::{cell::RefCell, rc::Rc};

use dashboard::{
    app::App,
    state::{
        channel::{Channel, Job, Published},
        controls::Space,
    },
    theme,
};
use eframe::egui::Ui;
use egui_kittest::{Harness, kittest::Queryable as _};
use studio::Request;

use crate::support::{
    Window, answer, last_job, latent, manifest, model, published, serve, slider, some_error, window,
};

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

/// The same app, whose questions for a picture `at_once` may answer in the pass that asks them.
fn asking(window: Window, at_once: impl Fn(Job) -> Option<Published> + 'static) -> Window {
    let mut window = Harness::builder()
        .with_size([1280.0, 720.0])
        .with_context_setup(theme::install)
        .build_ui_state(
            move |ui: &mut Ui, app: &mut App| app.ui_asking(ui, &mut |job| at_once(job)),
            window.into_state(),
        );
    window.run();
    window.state_mut().take_jobs();
    window
}

/// The latent of the picture that is in front.
fn shown_latent(window: &Window) -> Vec<f32> {
    let answers = window.state().session().answers(&model());
    answers
        .frame
        .as_ref()
        .expect("a picture")
        .scene
        .latent
        .clone()
}

#[test]
fn the_picture_of_a_move_is_there_in_the_pass_that_moves() {
    let mut window = asking(window(Space::Explore, None), |job| {
        let reply = answer(&job.request, &manifest(None));
        Some(published(job, Ok(reply)))
    });
    window.get_by_label(&slider(1)).set_value_accesskit(2.0);
    window.step();
    assert_eq!(shown_latent(&window), latent(&window));
    let jobs = window.state_mut().take_jobs();
    let again = jobs.iter().find(|job| job.channel == Channel::Frame);
    assert!(again.is_none(), "{again:?}");
    assert!(!window.state().session().pending(Channel::Frame));
}

#[test]
fn a_picture_that_takes_longer_comes_later() {
    let asked = Rc::new(RefCell::new(Vec::new()));
    let theirs = Rc::clone(&asked);
    let mut window = asking(window(Space::Explore, None), move |job| {
        theirs.borrow_mut().push(job);
        None
    });
    let before = shown_latent(&window);
    window.get_by_label(&slider(1)).set_value_accesskit(2.0);
    window.step();
    assert_eq!(shown_latent(&window), before);
    let job = asked.borrow_mut().pop().expect("it was asked");
    assert!(asked.borrow().is_empty(), "and once");
    let reply = answer(&job.request, &manifest(None));
    window.state_mut().receive(published(job, Ok(reply)));
    assert_eq!(shown_latent(&window), latent(&window));
}
