//! Models that are no VAE: a diffusion draws in steps from noise, and a GAN searches for an image.

use dashboard::state::{
    channel::{Channel, Job},
    controls::Space,
    scene::Start,
};
use datasets::Seed;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use studio::{Encoded, ModelSource, Reply, Request, Sampler, SearchProgress};

use crate::support::{
    DIMS, Window, answer, asked, diffusion, gan, last_job, published, scene, serve, window_of,
    window_on,
};

fn sampler(steps: usize, guidance: f32, seed: u64) -> Sampler {
    Sampler {
        steps,
        guidance,
        seed: Seed(seed),
    }
}

/// How the pictures of the jobs are drawn, frame and strip alike.
fn drawn(window: &mut Window) -> Vec<(Channel, Sampler)> {
    let of_job = |job: Job| match job.request {
        Request::Frame(frame) => Some((job.channel, frame.sampler)),
        Request::Gallery(gallery) => Some((job.channel, gallery.sampler)),
        Request::Path(path) => Some((job.channel, path.sampler)),
        _ => None,
    };
    asked(window).into_iter().filter_map(of_job).collect()
}

fn all_drawn_with(window: &mut Window, expected: Sampler) {
    let drawn = drawn(window);
    assert!(
        drawn.iter().any(|(channel, _)| *channel == Channel::Frame),
        "{drawn:?}"
    );
    assert!(
        drawn.iter().all(|(_, sampler)| *sampler == expected),
        "{drawn:?}"
    );
}

#[test]
fn a_diffusion_draws_with_the_steps_guidance_and_noise_that_are_set() {
    let manifest = diffusion();
    let mut window = window_of(Space::Explore, &manifest);
    assert_eq!(scene(&window).sampler, sampler(10, 1.5, 0));
    window.get_by_label("20").click();
    all_drawn_with(&mut window, sampler(20, 1.5, 0));
    serve(&mut window, &manifest);
    window.get_by_label("guidance").set_value_accesskit(3.0);
    all_drawn_with(&mut window, sampler(20, 3.0, 0));
    serve(&mut window, &manifest);
    window.get_by_label("Other noise").click();
    all_drawn_with(&mut window, sampler(20, 3.0, 1));
    serve(&mut window, &manifest);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    all_drawn_with(&mut window, sampler(20, 3.0, 0));
}

#[test]
fn the_strip_shows_the_way_from_noise_with_the_judges_opinion() {
    let manifest = diffusion();
    let mut window = window_of(Space::Explore, &manifest);
    window.get_by_label("From noise").click();
    window.run();
    let job = last_job(&mut window, Channel::Path);
    let Request::Path(request) = &job.request else {
        panic!("{job:?}");
    };
    assert_eq!(
        (&request.latent, request.sampler),
        (&scene(&window).latent, sampler(10, 1.5, 0))
    );
    let reply = answer(&job.request, &manifest);
    hear(&mut window, &job, reply);
    window.get_by_label_contains("step 0 of 10: ");
    window.get_by_label_contains("step 10 of 10: ");
    // A drag asks for the way of the new latent. Nobody knows how much a wave of noise matters.
    window.get_by_label("z1").set_value_accesskit(1.0);
    let channels: Vec<Channel> = drawn(&mut window).into_iter().map(|(c, _)| c).collect();
    assert!(
        channels.contains(&Channel::Path) && !channels.contains(&Channel::Strip),
        "{channels:?}"
    );
}

#[test]
fn a_diffusion_offers_no_image_to_start_from_and_maps_its_own() {
    let window = window_of(Space::Explore, &diffusion());
    window.get_by_label_contains("A diffusion has no encoder");
    for offer in ["Draw", "Open image…", "encode this test image"] {
        assert!(window.query_by_label(offer).is_none(), "{offer}");
    }
    let folder = ModelSource::Folder("/models/of/the/test".into());
    let mut window = window_on(folder, Space::Map);
    let opening = asked(&mut window).remove(0);
    let opened = answer(&opening.request, &diffusion());
    window.state_mut().receive(published(opening, Ok(opened)));
    let jobs = asked(&mut window);
    let map: Vec<&Job> = jobs
        .iter()
        .filter(|job| job.channel == Channel::Map)
        .collect();
    assert!(
        matches!(
            map[..],
            [Job {
                request: Request::Gallery(_),
                ..
            }]
        ),
        "{map:?}"
    );
    serve(&mut window, &diffusion());
    window.get_by_label_contains("this model has no encoder");
}

/// The answer to a search at some step of ten.
fn found(step: usize, value: f32) -> Reply {
    Reply::Encoded(Encoded {
        mean: vec![value; DIMS],
        log_var: Vec::new(),
        search: Some(SearchProgress {
            step,
            steps: 10,
            squared_error: 0.25 / step as f32,
        }),
    })
}

/// A window on a GAN that was asked for a test image, and the question.
fn searching() -> (Window, Job) {
    let mut window = window_of(Space::Explore, &gan());
    window.get_by_label_contains("it searches for a latent");
    window.get_by_label("encode this test image").click();
    window.run();
    let job = last_job(&mut window, Channel::Encode);
    (window, job)
}

fn hear(window: &mut Window, job: &Job, reply: Reply) {
    window
        .state_mut()
        .receive(published(job.clone(), Ok(reply)));
    window.run();
}

#[test]
fn a_gan_searches_for_an_image_and_the_sliders_follow() {
    let (mut window, job) = searching();
    hear(&mut window, &job, found(1, 0.5));
    assert_eq!(scene(&window).latent, vec![0.5; DIMS]);
    window.get_by_label("Mean squared error 0.2500");
    window.get_by_label("stop the search");
    hear(&mut window, &job, found(5, 0.75));
    assert_eq!(scene(&window).latent, vec![0.75; DIMS]);
    hear(&mut window, &job, found(10, 1.0));
    assert_eq!(scene(&window).latent, vec![1.0; DIMS]);
    window.get_by_label("Mean squared error 0.0250");
    assert!(window.query_by_label("stop the search").is_none());
    assert!(matches!(scene(&window).start, Start::Image(_)));
    window.get_by_label("Searched for");
    assert!(window.query_by_label_contains("encoded as").is_none());
    // The whole search is one step of undo.
    serve(&mut window, &gan());
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    window.run();
    assert_eq!(scene(&window).latent, vec![0.0; DIMS]);
    // The picture of before was searched for by nobody.
    assert!(
        window
            .query_by_label_contains("Mean squared error")
            .is_none()
    );
}

#[test]
fn whoever_moves_a_slider_ends_the_search_and_keeps_what_was_set() {
    let (mut window, job) = searching();
    hear(&mut window, &job, found(1, 0.5));
    window
        .get_by_label("z1, 10.0 % of the variance")
        .set_value_accesskit(2.0);
    window.run();
    let set = scene(&window).latent;
    window.state_mut().take_jobs();
    hear(&mut window, &job, found(5, 0.75));
    assert_eq!(scene(&window).latent, set);
    // Its channel is asked for something that is done at once, which takes the place of the search.
    let stop = last_job(&mut window, Channel::Encode);
    assert_eq!(stop.request, Request::Close(Vec::new()));
    hear(&mut window, &job, found(10, 1.0));
    assert_eq!(scene(&window).latent, set);
}

#[test]
fn a_search_can_be_stopped_and_what_it_found_stays() {
    let (mut window, job) = searching();
    hear(&mut window, &job, found(5, 0.75));
    window.get_by_label("stop the search").click();
    window.run();
    let stop = last_job(&mut window, Channel::Encode);
    assert_eq!(stop.request, Request::Close(Vec::new()));
    hear(&mut window, &job, found(10, 1.0));
    assert_eq!(scene(&window).latent, vec![0.75; DIMS]);
    window.get_by_label("Mean squared error 0.0500");
    assert!(window.query_by_label("stop the search").is_none());
}
