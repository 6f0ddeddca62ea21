//! Explain holds the prediction against the class that is likeliest after it, until the person chooses another.

use dashboard::state::{channel::Channel, controls::Space};
use datasets::ClassId;
use eframe::egui::{Key, accesskit::Role};
use egui_kittest::kittest::Queryable as _;
use studio::{FrameRequest, Request};

use crate::support::{Window, last_job, manifest, scene, serve, window};

fn frame(window: &mut Window) -> FrameRequest {
    window.run();
    match last_job(window, Channel::Frame).request {
        Request::Frame(request) => request,
        other => panic!("{other:?}"),
    }
}

fn choose(window: &mut Window, what: &str) {
    window.get_by_label("target class").click();
    window.run();
    window.get_by_role_and_label(Role::Button, what).click();
}

#[test]
fn the_target_is_the_runner_up_until_one_is_chosen() {
    let mut window = window(Space::Explain, None);
    window.get_by_label("Evidence for the runner-up");
    choose(&mut window, "5");
    let request = frame(&mut window);
    assert_eq!(request.target, Some(ClassId(5)));
    serve(&mut window, &manifest(None));
    assert!(
        window
            .query_by_label("Evidence for the runner-up")
            .is_none()
    );
    // It stays, wherever the latent goes.
    window.key_press(Key::Num8);
    assert_eq!(frame(&mut window).target, Some(ClassId(5)));
    serve(&mut window, &manifest(None));
    choose(&mut window, "Runner-up");
    let request = frame(&mut window);
    assert_eq!((request.target, request.runner_up), (None, true));
    serve(&mut window, &manifest(None));
    assert_eq!(scene(&window).chosen_target(), None);
}

#[test]
fn what_would_make_it_the_runner_up_is_walked_to_by_itself() {
    let mut window = window(Space::Explain, None);
    window.get_by_label("What if").click();
    window.run();
    let walk = |window: &mut Window| match last_job(window, Channel::Counterfactual).request {
        Request::Counterfactual(request) => request.target,
        other => panic!("{other:?}"),
    };
    // The image is a 3; of nine equals the last is next.
    assert_eq!(walk(&mut window), ClassId(9));
    serve(&mut window, &manifest(None));
    // Of a 9 it is the 8: once the frame says so.
    window.key_press(Key::Num9);
    serve(&mut window, &manifest(None));
    window.get_by_label_contains("It becomes 8 after");
}
