//! What lies over the points of the map: names at the medians of classes, the trail of the latent.

use dashboard::state::{
    controls::Space,
    map::{MapLayer, TRAIL, Trail, class_medians},
};
use datasets::ClassId;
use eframe::egui::{Key, accesskit::Role};
use egui_kittest::kittest::Queryable as _;

use crate::{
    find::open_palette,
    map::map_window,
    support::{manifest, model, serve, shipped},
};

#[test]
fn names_stand_at_the_medians_the_most_frequent_class_first() {
    let places = [[0.0, 5.0], [9.0, 1.0], [1.0, 6.0], [100.0, 7.0], [8.0, 2.0]];
    let classes = [1, 0, 1, 1, 0].map(ClassId);
    let all = class_medians(&places, &classes, |_| true);
    // Of class 1 the middle of 0, 1, 100 and of 5, 6, 7; of class 0 the higher of two.
    assert_eq!(all, [(ClassId(1), [1.0, 6.0]), (ClassId(0), [9.0, 2.0])]);
    let some = class_medians(&places, &classes, |class| class == ClassId(0));
    assert_eq!(some, [(ClassId(0), [9.0, 2.0])]);
    assert_eq!(class_medians(&[], &[], |_| true), []);
}

#[test]
fn the_trail_holds_the_last_places_and_belongs_to_one_model() {
    let mut trail = Trail::default();
    let std = [1.0, 1.0];
    for step in 0..80 {
        trail.follow(&model(), &[step as f32, 0.0], &std);
        // Where it hardly moved, nothing is added.
        trail.follow(&model(), &[step as f32 + 0.01, 0.0], &std);
    }
    let kept: Vec<Vec<f32>> = trail.latents(&model()).map(<[f32]>::to_vec).collect();
    assert_eq!(kept.len(), TRAIL);
    assert_eq!((kept[0][0], kept[TRAIL - 1][0]), (30.0, 79.0));
    let other = shipped("fashion-mnist");
    assert_eq!(trail.latents(&other).count(), 0);
    trail.follow(&other, &[5.0, 5.0], &std);
    assert_eq!(trail.latents(&other).count(), 1);
    assert_eq!(trail.latents(&model()).count(), 0);
}

#[test]
fn layers_are_shown_and_hidden_from_the_row_and_from_the_palette() {
    let mut window = map_window();
    for layer in MapLayer::ALL {
        assert!(window.state().controls().map.shows(layer), "{layer:?}");
        window.get_by_label("show on the map").click();
        window.run();
        window
            .get_by_role_and_label(Role::CheckBox, layer.title())
            .click();
        serve(&mut window, &manifest(None));
        assert!(!window.state().controls().map.shows(layer), "{layer:?}");
        window.key_press(Key::Escape);
        window.run();
        window.key_press(Key::F1);
        serve(&mut window, &manifest(None));
        open_palette(&mut window, &format!("show on the map {}", layer.title()));
        window.key_press(Key::Enter);
        serve(&mut window, &manifest(None));
        assert!(window.state().controls().map.shows(layer), "{layer:?}");
        assert_eq!(window.state().controls().space, Space::Map);
    }
}
