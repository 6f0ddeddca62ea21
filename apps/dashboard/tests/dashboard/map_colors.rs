//! What the colours of the map say, what has to be measured for it, and the scale that stands beside it.

use dashboard::state::{
    channel::Channel,
    controls::Space,
    map::{ColorScale, Coloring, MapLayer, Projection},
    memory::SESSION,
};
use eframe::egui::{Key, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use latent_space::Realism;
use studio::{Manifest, Request};

use crate::{
    find::open_palette,
    map::map_window,
    memory::window_in,
    support::{
        Window, answer, click, last_job, manifest, means, published, serve, some_error, unjudged,
        window_of,
    },
};

/// Says what the colours of the map are to say.
fn color_by(window: &mut Window, what: &str) {
    window.get_by_label("colours of the map").click();
    window.run();
    window.get_by_role_and_label(Role::Button, what).click();
    window.run();
}

#[test]
fn confidence_is_measured_once_and_has_a_scale_with_its_ends() {
    let mut window = map_window();
    color_by(&mut window, "Confidence");
    let job = last_job(&mut window, Channel::Survey);
    let Request::Survey(request) = &job.request else {
        panic!("{:?}", job.request)
    };
    assert!(request.of_sample);
    assert_eq!(request.latents, means(1_000));
    window.get_by_label("Measuring 1,000 images…");
    let reply = answer(&job.request, &manifest(None));
    window.state_mut().receive(published(job, Ok(reply)));
    serve(&mut window, &manifest(None));
    // 50 % to 99.95 % in a thousand steps, of which the first twenty share a colour.
    window.get_by_label("Confidence colours, from 51 % or less to 100 %");
    window.get_by_label_contains("How sure the judge is");
    // The legend of classes stays: marks still tell them apart.
    window.get_by_label("points of 3");
    for what in ["Error", "Class", "Confidence"] {
        color_by(&mut window, what);
        let jobs = window.state_mut().take_jobs();
        assert!(
            jobs.iter().all(|job| job.channel != Channel::Survey),
            "{what}"
        );
    }
    color_by(&mut window, "Error");
    // 0 to 0.0999, of which the last twenty share a colour.
    window.get_by_label("Error colours, from 0.0000 to 0.0979 or more");
}

#[test]
fn what_was_not_measured_is_asked_for_again() {
    let mut window = map_window();
    color_by(&mut window, "Error");
    let job = last_job(&mut window, Channel::Survey);
    window
        .state_mut()
        .receive(published(job, Err(some_error())));
    window.run();
    assert!(window.state_mut().take_jobs().is_empty(), "not by itself");
    window
        .get_by_label("The images could not be measured. Try again")
        .click();
    window.run();
    last_job(&mut window, Channel::Survey);
}

fn with_realism() -> Manifest {
    let mut manifest = manifest(None);
    let part = manifest.generator.as_mut().expect("it has one");
    let percentiles: Vec<f32> = (0..101).map(|at| at as f32).collect();
    part.latent.realism = Some(Realism {
        log_density: percentiles.clone(),
        drift: percentiles,
        n: 100,
    });
    manifest
}

#[test]
fn what_the_model_does_not_say_cannot_be_chosen() {
    let mut window = map_window();
    window.get_by_label("colours of the map").click();
    window.run();
    let rarity = window.get_by_role_and_label(Role::Button, "Rarity");
    assert!(
        rarity.accesskit_node().is_disabled(),
        "it does not say what is usual"
    );
    let mut window = window_of(Space::Map, &with_realism());
    color_by(&mut window, "Rarity");
    serve(&mut window, &with_realism());
    // 0.1 to 100 %, of which the last twenty share a colour.
    window.get_by_label("Rarity colours, from 0 % to 98 % or more");
    // From the palette it can be asked of any model, which says why not.
    let mut window = window_of(Space::Map, &unjudged());
    open_palette(&mut window, "colour the map by confidence");
    window.key_press(Key::Enter);
    serve(&mut window, &unjudged());
    window.get_by_label("Nobody judges these images, so the points are grey.");
}

#[test]
fn how_the_map_is_shown_is_remembered() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut first = window_in(folder.path());
    first.key_press(Key::F4);
    serve(&mut first, &manifest(None));
    color_by(&mut first, "Error");
    click(&mut first, "t-SNE");
    first.get_by_label("show on the map").click();
    first.run();
    first.get_by_label(MapLayer::Trail.title()).click();
    serve(&mut first, &manifest(None));
    drop(first);
    let second = window_in(folder.path());
    let map = second.state().controls().map;
    assert_eq!(
        (map.coloring, map.projection),
        (Coloring::Error, Projection::Tsne)
    );
    assert_eq!((map.trail, map.labels), (false, true));
    // A session from before there were such settings.
    let path = SESSION.path(folder.path());
    drop(second);
    let text = std::fs::read_to_string(&path).expect("it was written");
    let start = text
        .find("map:(")
        .or_else(|| text.find("map: ("))
        .expect("it is there");
    let end = start + text[start..].find(')').expect("it ends") + 1;
    let older = text.replace(text[start..=end].trim_end(), "");
    std::fs::write(&path, older).expect("it can be written");
    let third = window_in(folder.path());
    assert_eq!(
        third.state().controls().map,
        dashboard::state::map::MapSettings::default()
    );
    assert_eq!(third.state().controls().space, Space::Map);
}

#[test]
fn a_few_values_far_away_do_not_take_the_colours_from_the_rest() {
    let mut values: Vec<f32> = (0..100).map(|value| value as f32 / 100.0).collect();
    values.push(1_000.0);
    let scale = ColorScale::of(Coloring::Error, values).expect("there are some");
    // Two of a hundred and one are cut.
    assert_eq!(scale.share(0.98), 1.0);
    assert_eq!(scale.share(0.49), 0.5);
    assert_eq!(scale.ends(), ["0.0000", "0.9800 or more"]);
    assert_eq!(ColorScale::of(Coloring::Error, Vec::new()), None);
    let same = ColorScale::of(Coloring::Confidence, vec![100.0; 3]).expect("there are some");
    assert_eq!(same.share(100.0), 1.0);
}
