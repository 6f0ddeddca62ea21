//! Explain's other view: what would have to change.

use dashboard::state::{controls::Space, scene::Start};
use datasets::ClassId;
use eframe::egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;
use studio::Request;

use dashboard::state::channel::Channel;

use crate::support::{Window, last_job, latent, manifest, serve, window};

#[test]
fn the_walk_is_shown_as_before_after_and_the_way_between() {
    let mut window = window(Space::Explain, None);
    window.get_by_label("What if").click();
    window.run();
    let job = last_job(&mut window, Channel::Counterfactual);
    let Request::Counterfactual(request) = &job.request else {
        panic!("a walk was asked for")
    };
    // The image is a 3 and so was the target: it gives way to the likeliest other class, here the last of nine equals, as in
    // a contrast.
    assert_eq!((request.target, request.steps), (ClassId(9), 40));
    let mut window = crate::support::window(Space::Explain, None);
    window.get_by_label("What if").click();
    serve(&mut window, &manifest(None));
    choose(&mut window, "3");
    window.get_by_label("It is 3 already: choose another class.");

    choose(&mut window, "5");
    // From 3 to 5 in 40 steps of 0.05, and from 4.5 on it is a 5: the 30th step, at 75 % of the way.
    window.get_by_label("It becomes 5 after 75 % of the way.");
    for label in ["Before", "After", "What changed"] {
        assert!(window.query_all_by_label(label).count() > 0, "{label}");
    }
    window.get_by_label("step 0 of the walk: 3");
    window.get_by_label("step 30 of the walk: 5").click();
    serve(&mut window, &manifest(None));
    assert!((latent(&window)[0] - 4.5).abs() < 1e-5);
    let controls = window.state().controls();
    assert_eq!(controls.space, Space::Explore);
    let Start::Towards { class, t } = controls.scene().expect("it is open").start else {
        panic!("it came from a walk")
    };
    assert_eq!(class, ClassId(5));
    assert!((t - 0.75).abs() < 1e-6);
}

/// Picks a target in the list.
fn choose(window: &mut Window, class: &str) {
    window.get_by_label("target class").click();
    window.run();
    window.get_by_role_and_label(Role::Button, class).click();
    serve(window, &manifest(None));
}
