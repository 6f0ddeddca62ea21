//! A model with a refiner: how sharply it draws is the person's choice, and every picture follows it.

use dashboard::state::{
    channel::{Channel, Job},
    controls::Space,
    recipe::{PictureKind, Recipe},
};
use datasets::Seed;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use studio::{Request, Sampler};

use crate::support::{
    Window, answer, asked, odd, published, refined, scene, serve, slider, window_of,
};

fn sharp(steps: usize, seed: u64) -> Sampler {
    Sampler {
        steps,
        seed: Seed(seed),
        ..Sampler::default()
    }
}

/// How sharply the pictures of a job are drawn; `None` of a job that draws none.
fn sharpening(job: &Job) -> Option<Sampler> {
    match &job.request {
        Request::Frame(frame) => Some(frame.sampler),
        Request::Gallery(gallery) => Some(gallery.sampler),
        _ => None,
    }
}

fn channels_drawn(window: &mut Window, expected: Sampler) -> Vec<Channel> {
    let jobs = asked(window);
    let drawn = jobs.iter().filter(|job| sharpening(job).is_some());
    let channels = drawn.map(|job| {
        assert_eq!(sharpening(job), Some(expected), "{:?}", job.channel);
        job.channel
    });
    channels.collect()
}

#[test]
fn it_begins_as_the_model_usually_draws_and_each_choice_redraws_every_picture() {
    let manifest = refined();
    let mut window = window_of(Space::Explore, &manifest);
    assert_eq!(scene(&window).sampler, sharp(2, 0));
    window
        .get_by_label("The added detail is invented: it follows from chance, not from the latent.");
    window.get_by_label("4").click();
    let channels = channels_drawn(&mut window, sharp(4, 0));
    assert!(channels.contains(&Channel::Frame), "{channels:?}");
    assert!(channels.contains(&Channel::Strip), "{channels:?}");
    serve(&mut window, &manifest);
    window.get_by_label("Other detail").click();
    channels_drawn(&mut window, sharp(4, 1));
    serve(&mut window, &manifest);
    window.get_by_label("Off").click();
    channels_drawn(&mut window, sharp(0, 1));
    assert!(
        window
            .query_by_label_contains("detail is invented")
            .is_none()
    );

    // It is a step of undo like any other.
    serve(&mut window, &manifest);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    channels_drawn(&mut window, sharp(4, 1));
}

#[test]
fn a_drag_keeps_the_noise() {
    let manifest = refined();
    let mut window = window_of(Space::Explore, &manifest);
    window.get_by_label(&slider(1)).set_value_accesskit(1.0);
    let channels = channels_drawn(&mut window, sharp(2, 0));
    assert!(channels.contains(&Channel::Frame), "{channels:?}");
}

#[test]
fn the_grid_of_samples_is_as_sharp() {
    let mut window = window_of(Space::Anchors, &refined());
    window.get_by_label("1").click();
    let channels = channels_drawn(&mut window, sharp(1, 0));
    assert!(channels.contains(&Channel::Grid), "{channels:?}");
}

/// Two models are held against the image itself, which invented detail would only lead away from.
#[test]
fn a_reconstruction_in_compare_is_the_vaes_alone() {
    let mut window = window_of(Space::Compare, &refined());
    window.get_by_label("Another model").click();
    let mut asked = Vec::new();
    for _ in 0..4 {
        window.run();
        for job in window.state_mut().take_jobs() {
            if let Request::Reconstruct(request) = &job.request {
                asked.push(request.sampler);
            }
            let reply = answer(&job.request, &refined());
            window.state_mut().receive(published(job, Ok(reply)));
        }
    }
    assert!(!asked.is_empty(), "both models are asked");
    assert!(asked.iter().all(|found| *found == sharp(0, 0)), "{asked:?}");
}

#[test]
fn a_model_without_a_refiner_offers_nothing() {
    for space in [Space::Explore, Space::Anchors] {
        let window = window_of(space, &odd(3));
        assert!(window.query_by_label("Other detail").is_none());
        assert_eq!(scene(&window).sampler, sharp(0, 0));
    }
}

#[test]
fn a_picture_says_how_it_was_sharpened_and_brings_it_back() {
    let window = window_of(Space::Explore, &refined());
    let controls = window.state().controls();
    let made = Recipe::of(controls, &refined(), PictureKind::Image, Vec::new());
    let text = made
        .expect("the model is open")
        .text()
        .expect("it has a form");
    let mut written = recipe::Recipe::parse(&text).expect("a recipe");
    let expected = recipe::Sampler {
        steps: 2,
        guidance: 1.0,
        seed: Seed(0),
    };
    assert_eq!(written.sampler, Some(expected));
    let read = Recipe::parse(&text).expect("a recipe");
    assert_eq!(read.scene.sampler, sharp(2, 0));

    // The command line writes no scene.
    written.window = None;
    written.sampler = Some(recipe::Sampler {
        steps: 4,
        guidance: 1.0,
        seed: Seed(3),
    });
    let read = Recipe::parse(&written.text()).expect("a recipe");
    assert_eq!(read.scene.sampler, sharp(4, 3));
}
