//! What a person sees in the window and does with the pointer.

use dashboard::state::scene::Scene;
use eframe::egui::{Event, Modifiers, PointerButton, Pos2};

use super::{
    manifests::manifest,
    windows::{Window, serve},
};

pub fn latent(window: &Window) -> Vec<f32> {
    window
        .state()
        .controls()
        .scene()
        .expect("the model is open")
        .latent
        .clone()
}

pub fn scene(window: &Window) -> Scene {
    let controls = window.state().controls();
    controls.scene().expect("the model is open").clone()
}

/// The slider of a dimension; the model's KL stands in its label.
pub fn slider(dim: usize) -> String {
    let vae = manifest(None).generator.expect("it has one");
    let kl = vae.latent.statistics.kl_nats[dim];
    format!("z{dim}, {kl:.2} nats")
}

/// Drags along a way, and serves what that asks for.
pub fn drag(window: &mut Window, way: &[Pos2]) {
    let (first, last) = (way[0], way[way.len() - 1]);
    window.hover_at(first);
    window.step();
    window.drag_at(first);
    window.step();
    for &at in way {
        window.hover_at(at);
        window.step();
    }
    window.drop_at(last);
    window.step();
    serve(window, &manifest(None));
}

/// Clicks twice on a place of the window.
pub fn double_click(window: &mut Window, place: Pos2) {
    // A press and a release in each step: two steps are near enough in time.
    for _ in 0..2 {
        for pressed in [true, false] {
            window.input_mut().events.push(Event::PointerButton {
                pos: place,
                button: PointerButton::Primary,
                pressed,
                modifiers: Modifiers::NONE,
            });
        }
        window.step();
    }
}
