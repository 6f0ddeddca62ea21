//! A folder may hold another model when it is opened again: nothing of the one before is brought back or shown.

use dashboard::state::{
    controls::Space,
    map::{MapPoint, Plane, Viewport},
};
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use studio::Manifest;

use crate::{
    map::MAP,
    support::{Window, latent, means, odd, scene, serve, shipped, unjudged, window_of, with_dims},
};

/// The model of [`unjudged`], trained again with fewer dimensions.
const FEWER: usize = 4;

/// That model, with the judge that is chosen.
fn trained_again() -> Manifest {
    Manifest {
        judge: Some(shipped("fashion-mnist-plain")),
        ..with_dims(odd(3), FEWER)
    }
}

/// Chooses a judge: for that the model is opened again.
fn reopen(window: &mut Window, manifest: &Manifest) {
    window.get_by_label("judge").click();
    window.run();
    // The domain in the top bar is called the same.
    let entries = window.query_all_by_label("Fashion-MNIST");
    entries.last().expect("it is in the menu").click();
    serve(window, manifest);
}

#[test]
fn undo_does_not_bring_back_scenes_that_no_longer_fit() {
    let before = unjudged();
    let after = trained_again();
    let mut window = window_of(Space::Explore, &before);
    window.get_by_label("Randomise").click();
    serve(&mut window, &before);
    reopen(&mut window, &after);
    let anchor = latent(&window);
    assert_eq!(anchor.len(), FEWER);
    for key in [Key::Z, Key::Z, Key::Y] {
        window.key_press_modifiers(Modifiers::COMMAND, key);
        serve(&mut window, &after);
        assert_eq!(latent(&window), anchor);
    }
    // What is done from here on can be undone as ever.
    window.get_by_label("Randomise").click();
    serve(&mut window, &after);
    assert_ne!(latent(&window), anchor);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    serve(&mut window, &after);
    assert_eq!(latent(&window), anchor);
}

#[test]
fn directions_are_those_of_the_model_as_it_is_now() {
    let mut window = window_of(Space::Explore, &unjudged());
    window.get_by_label("Directions").click();
    window.run();
    window.get_by_label("direction 6");
    reopen(&mut window, &trained_again());
    window.get_by_label("direction 4");
    assert!(window.query_by_label("direction 5").is_none());
}

#[test]
fn the_map_shows_the_points_of_the_model_as_it_is_now() {
    let after = trained_again();
    let mut window = window_of(Space::Map, &unjudged());
    reopen(&mut window, &after);
    let vae = after.generator.as_ref().expect("it has one");
    let plane = Plane::new(&vae.latent.regions).expect("it has four dimensions");
    // Two images of each of three classes came with the model.
    let mut latents = means(6);
    for latent in &mut latents {
        latent.truncate(FEWER);
    }
    let places: Vec<MapPoint> = latents
        .iter()
        .map(|latent| plane.place_of(latent))
        .collect();
    let rect = window.get_by_label(MAP).rect();
    let at = Viewport::default()
        .camera(rect, &places)
        .to_screen(places[2]);
    window.hover_at(at);
    window.step();
    window.drag_at(at);
    window.drop_at(at);
    window.step();
    serve(&mut window, &after);
    assert_eq!(latent(&window), latents[scene(&window).sample]);
}
