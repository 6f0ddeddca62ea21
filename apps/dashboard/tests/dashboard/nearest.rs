//! Is it copied? The images of the sample that are most like the picture.

use dashboard::state::{channel::Channel, controls::Space, scene::Start};
use eframe::egui::Key;
use egui_kittest::kittest::Queryable as _;
use studio::{NearestTo, Reply, Request};

use crate::{
    find::open_palette,
    support::{
        Window, answer, click, diffusion, last_job, manifest, model, published, scene, serve,
        slider, unlabelled, window, window_of,
    },
};

fn shown() -> Window {
    let mut window = window(Space::Explore, None);
    click(&mut window, "Is it copied?");
    window
}

#[test]
fn nothing_is_asked_until_it_is_shown_and_then_about_the_picture_that_is_there() {
    let mut window = window(Space::Explore, None);
    window.get_by_label(&slider(1)).set_value_accesskit(0.5);
    window.run();
    let jobs = window.state_mut().take_jobs();
    assert!(jobs.iter().all(|job| job.channel != Channel::Nearest));
    for job in jobs {
        let reply = answer(&job.request, &manifest(None));
        window.state_mut().receive(published(job, Ok(reply)));
    }
    window.get_by_label("Is it copied?").click();
    window.run();
    let job = last_job(&mut window, Channel::Nearest);
    let frame = window.state().session().answers(&model()).frame.clone();
    let image = frame
        .expect("it is there")
        .value
        .image()
        .expect("on the host");
    match &job.request {
        Request::Nearest(request) => {
            assert_eq!((&request.to, request.count), (&NearestTo::Image(image), 3));
        }
        other => panic!("{other:?}"),
    }
    assert!(Channel::Nearest > Channel::Frame, "a frame is more urgent");
    // A slider moves: the frame is asked for at once, and its neighbours only when it is there.
    window.get_by_label(&slider(1)).set_value_accesskit(1.5);
    window.run();
    let jobs = window.state_mut().take_jobs();
    assert!(jobs.iter().any(|job| job.channel == Channel::Frame));
    assert!(jobs.iter().all(|job| job.channel != Channel::Nearest));
}

#[test]
fn the_nearest_are_shown_with_class_and_distance_and_a_click_opens_one() {
    let mut window = shown();
    window.get_by_label_contains("Looked for among the 1,000 test images that came with the model");
    window.get_by_label("Nearest in pixels 1: test image 121 of class 1, distance 0.05");
    window.get_by_label("Nearest to the judge 3: test image 353 of class 3, distance 6.00");
    window.get_by_label("Usual between real images: 0.20");
    click(
        &mut window,
        "Nearest in pixels 2: test image 122 of class 1, distance 0.10",
    );
    let scene = scene(&window);
    assert_eq!(scene.sample, 121);
    assert!(matches!(&scene.start, Start::Image(image) if image.name == "Test image 122"));
    click(&mut window, "Is it copied?");
    assert!(
        window
            .query_by_label_contains("Nearest in pixels 1")
            .is_none()
    );
}

#[test]
fn pixels_come_first_and_the_judge_when_it_has_seen_the_sample() {
    let mut window = window(Space::Explore, None);
    window.get_by_label("Is it copied?").click();
    window.run();
    let job = last_job(&mut window, Channel::Nearest);
    let Reply::Nearest(whole) = answer(&job.request, &manifest(None)) else {
        panic!("it was asked for the nearest")
    };
    let mut first = whole.clone();
    (first.in_features, first.goes_on) = (None, true);
    window
        .state_mut()
        .receive(published(job.clone(), Ok(Reply::Nearest(first))));
    window.run();
    window.get_by_label_contains("Nearest in pixels 1");
    window.get_by_label("The judge looks at the sample, once a model…");
    window
        .state_mut()
        .receive(published(job, Ok(Reply::Nearest(whole))));
    window.run();
    window.get_by_label_contains("Nearest to the judge 1");
}

#[test]
fn without_a_judge_or_a_way_to_an_image_it_says_so() {
    let mut window = window_of(Space::Explore, &unlabelled());
    window.get_by_label("Is it copied?").click();
    serve(&mut window, &unlabelled());
    window.get_by_label("Nobody judges these images, so only their pixels are compared.");
    let mut window = window_of(Space::Explore, &diffusion());
    window.get_by_label("Is it copied?").click();
    serve(&mut window, &diffusion());
    let before = scene(&window);
    window.get_by_label_contains("Nearest in pixels 1").click();
    serve(&mut window, &diffusion());
    assert_eq!(
        scene(&window),
        before,
        "a diffusion finds no latent of an image"
    );
}

#[test]
fn it_is_found_by_what_a_person_would_call_it() {
    let mut window = window(Space::Map, None);
    open_palette(&mut window, "copied");
    window.key_press(Key::Enter);
    serve(&mut window, &manifest(None));
    assert!(window.state().controls().nearest);
    assert_eq!(window.state().controls().space, Space::Explore);
    window.get_by_label_contains("Nearest in pixels 1");
}
