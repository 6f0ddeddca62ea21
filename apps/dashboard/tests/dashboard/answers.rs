//! What comes back from the worker: errors, late answers, answers for another model.

use dashboard::state::controls::Space;
use egui_kittest::kittest::Queryable as _;
use studio::Request;

use dashboard::state::channel::Channel;

use crate::support::{
    Window, answer, last_job, manifest, model, published, serve, slider, some_error, window,
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
