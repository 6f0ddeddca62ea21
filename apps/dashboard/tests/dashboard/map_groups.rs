//! Groups on the map: a lasso, what is counted inside it, and its mean as a start.

use dashboard::state::{
    scene::{Scene, Start},
    validation::fits,
};
use eframe::egui::{Key, Pos2, vec2};
use egui_kittest::kittest::Queryable as _;

use crate::{
    map::{MAP, map_window},
    support::{Window, drag, manifest, means, open, scene, serve, slider},
};

/// Around everything on the map.
pub fn around(window: &Window) -> [Pos2; 5] {
    let rect = window.get_by_label(MAP).rect().shrink(4.0);
    [
        rect.left_top(),
        rect.right_top(),
        rect.right_bottom(),
        rect.left_bottom(),
        rect.left_top() + vec2(0.0, 8.0),
    ]
}

#[test]
fn a_lasso_counts_what_is_inside_and_leads_to_the_mean() {
    let mut window = map_window();
    window.key_press(Key::L);
    window.run();
    let line = around(&window);
    drag(&mut window, &line);
    window.get_by_label("100 of 3 in the group");
    window.get_by_label("decoded mean of the group");
    window.get_by_label("Go to the mean").click();
    serve(&mut window, &manifest(None));
    let scene = scene(&window);
    assert_eq!(scene.start, Start::Group { count: 1_000 });
    let all = means(1_000);
    let mean = all.iter().map(|latent| latent[0]).sum::<f32>() / 1_000.0;
    assert!((scene.latent[0] - mean).abs() < 1e-3);
    window.key_press(Key::Escape);
    window.run();
    assert!(window.query_by_label("Go to the mean").is_none());
    window.get_by_label("Mean of a group of 1000 on the map");
}

#[test]
fn a_class_that_is_hidden_is_left_out() {
    let mut window = map_window();
    window.get_by_label("points of 3").click();
    window.run();
    window.get_by_label("Lasso").click();
    window.run();
    let line = around(&window);
    drag(&mut window, &line);
    window.get_by_label("100 of 4 in the group");
    assert!(window.query_by_label("100 of 3 in the group").is_none());
    window.get_by_label("Clear the group").click();
    window.run();
    window.get_by_label("points of 3").click();
    window.run();
    drag(&mut window, &line);
    window.get_by_label("100 of 3 in the group");
}

#[test]
fn a_group_is_a_start_that_is_kept_and_named() {
    let mut window = map_window();
    window.key_press(Key::L);
    window.run();
    let line = around(&window);
    drag(&mut window, &line);
    window.get_by_label("Go to the mean").click();
    serve(&mut window, &manifest(None));
    let text = ron::to_string(&scene(&window)).expect("plain data");
    let back: Scene = ron::from_str(&text).expect("its own text");
    assert_eq!(back, scene(&window));
    let open = open(&manifest(None));
    assert!(fits(&back, &open));
    window.key_press(Key::F1);
    serve(&mut window, &manifest(None));
    window.get_by_label(&slider(1));
    window.get_by_label("Mean of a group of 1000 on the map");
}
