//! The map unfolded by t-SNE: worked out beside the window, kept, and given up.

use std::{thread::sleep, time::Duration};

use dashboard::state::controls::Space;
use eframe::egui::vec2;
use egui_kittest::kittest::Queryable as _;
use studio::Manifest;

use crate::{
    map::{MAP, map_window},
    support::{WITHOUT_SAMPLE, Window, closed_window, drag, latent, manifest, serve},
};

/// A model that came without a sample.
fn without_sample() -> Manifest {
    let mut manifest = manifest(None);
    WITHOUT_SAMPLE.clone_into(&mut manifest.dataset.title);
    manifest
}

/// Waits for the thread that works a layout out.
fn wait_for_layout(window: &mut Window) {
    for _ in 0..3_000 {
        window.run();
        if window.query_by_label("Cancel t-SNE").is_none() {
            return;
        }
        sleep(Duration::from_millis(20));
    }
    panic!("t-SNE never ends");
}

#[test]
fn a_model_without_a_sample_has_a_map_of_drawn_latents_which_unfolds() {
    let unknown = without_sample();
    let mut window = closed_window(Space::Map);
    serve(&mut window, &unknown);
    window.get_by_label_contains("40 latents drawn from each class region");
    window.get_by_label("t-SNE").click();
    window.run();
    window.get_by_label("progress of t-SNE");
    wait_for_layout(&mut window);
    window.get_by_label_contains("t-SNE lays points out so that neighbours stay together");

    // A place on the map is a mix of latents that lie near it, so it is no further out than they are.
    let rect = window.get_by_label(MAP).rect();
    let before = latent(&window);
    drag(
        &mut window,
        &[rect.center(), rect.center() + vec2(80.0, 50.0)],
    );
    let after = latent(&window);
    assert_ne!(after, before);
    assert!((-2.0..11.0).contains(&after[0]), "{after:?}");

    // It is kept: nothing is worked out again.
    for projection in ["PCA", "t-SNE"] {
        window.get_by_label(projection).click();
        window.run();
    }
    assert!(window.query_by_label("Cancel t-SNE").is_none());
}

#[test]
fn an_unfolding_map_can_be_given_up() {
    let mut window = map_window();
    window.get_by_label("t-SNE").click();
    window.run();
    window.get_by_label("Cancel t-SNE").click();
    window.run();
    assert!(window.query_by_label("progress of t-SNE").is_none());
    window.get_by_label_contains("On a map along two of them");
}
