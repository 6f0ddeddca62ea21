//! Small and zoomed windows: nothing that can be used lies on anything else, or leaves the window.

use dashboard::state::{
    controls::{CompareWith, Space},
    zoom::{Zoom, ZoomCommand},
};
use datasets::KnownDataset;
use eframe::egui::{Order, Rect, Vec2, accesskit::Role, vec2};
use egui_kittest::kittest::Queryable as _;
use studio::Manifest;

use crate::{
    compare::serve_as,
    families::{add, clothes, compared},
    support::{Window, conditional_of, manifest_of, serve, window_sized},
};

/// Width and height of windows, in points of the screen: the smallest that a person works in, a small one, the usual one, and one
/// of 3840 x 2160.
const WINDOWS: [[f32; 2]; 4] = [
    [640.0, 400.0],
    [1280.0, 720.0],
    [1920.0, 1080.0],
    [3840.0, 2160.0],
];

/// What the person wants, in percent.
const ZOOMS: [f32; 3] = [100.0, 200.0, 300.0];

/// Each of these windows at each zoom: the size of the content in points, and screen pixels a point.
pub fn combinations() -> impl Iterator<Item = ([f32; 2], f32)> {
    let each = |window| ZOOMS.map(move |percent| (Vec2::from(window), percent));
    WINDOWS.into_iter().flat_map(each).map(|(window, percent)| {
        let factor = zoomed(percent).factor(window);
        ((window / factor).into(), factor)
    })
}

/// The zoom that so many percent are, as a person comes there.
fn zoomed(percent: f32) -> Zoom {
    let mut zoom = Zoom::default();
    while zoom.percent() < percent - 1.0 {
        zoom = zoom.after(ZoomCommand::In);
    }
    zoom
}

/// Sizes of the content in points, and screen pixels a point: the window of the first day, two smaller ones, one of them zoomed
/// to 150 %, and a yet smaller one, zoomed as much.
const SIZES: [([f32; 2], f32); 5] = [
    ([1440.0, 900.0], 1.0),
    ([1280.0, 720.0], 1.0),
    ([1024.0, 640.0], 1.0),
    ([853.0, 480.0], 1.5),
    ([733.0, 427.0], 1.5),
];

/// Where the controls, the texts and the pictures are seen that hold nothing else. What is scrolled out of sight is left out.
fn parts(window: &Window) -> Vec<Rect> {
    let all: Vec<Rect> = window.ctx.viewport(|viewport| {
        let layers = viewport.prev_pass.widgets.layers();
        let behind = layers.filter(|(layer, _)| layer.order == Order::Background);
        let widgets = behind.flat_map(|(_, widgets)| widgets);
        widgets.map(|widget| widget.interact_rect).collect()
    });
    let seen = || all.iter().filter(|rect| rect.is_positive());
    // Less than half a point is rounding.
    let around = |rect: &Rect, other: &Rect| rect.expand(0.5).contains_rect(*other);
    let holds = |rect: &Rect| seen().any(|other| around(rect, other) && rect.area() > other.area());
    seen().filter(|rect| !holds(rect)).copied().collect()
}

/// Fails if anything lies on anything else or leaves the window; `place` says where.
pub fn check(window: &Window, place: &str) {
    let screen = window.ctx.content_rect().expand(0.5);
    let parts = parts(window);
    assert!(parts.len() >= 8, "{place}: only {} parts", parts.len());
    for (index, rect) in parts.iter().enumerate() {
        assert!(
            screen.contains_rect(*rect),
            "{place}: {rect} leaves the window"
        );
        for other in &parts[index + 1..] {
            // The edge of a panel that can be dragged reaches over it.
            let common = rect.shrink(4.0).intersect(other.shrink(4.0));
            assert!(
                rect == other || !common.is_positive(),
                "{place}: {rect} lies on {other}"
            );
        }
    }
}

#[test]
fn nothing_lies_on_anything_else_in_a_small_or_zoomed_window() {
    for dataset in [KnownDataset::Mnist, KnownDataset::Avatars] {
        let manifest = manifest_of(dataset.info());
        in_every_space(&format!("{dataset:?}"), &manifest, SIZES);
    }
}

/// From 640 x 400 to 3840 x 2160, at 100, 200 and 300 %.
#[test]
fn nothing_lies_on_anything_else_in_any_window_at_any_zoom() {
    assert_eq!(combinations().count(), 12);
    let manifest = manifest_of(KnownDataset::Mnist.info());
    in_every_space("digits", &manifest, combinations());
}

/// Also where a person unfolds a panel that was folded for want of room.
#[test]
fn the_picture_keeps_its_least_side_in_any_window_at_any_zoom() {
    for dataset in [KnownDataset::Mnist, KnownDataset::Avatars] {
        let manifest = manifest_of(dataset.info());
        for (size, pixels_per_point) in combinations() {
            let mut window = window_sized(Space::Explore, size, pixels_per_point);
            serve(&mut window, &manifest);
            let place = format!("{dataset:?}, {size:?}");
            picture_is_large(&window, &place);
            for panel in ["the sliders", "the prediction"] {
                let unfold = format!("Unfold {panel}");
                if window.query_by_label(&unfold).is_none() {
                    continue;
                }
                window.get_by_label(&unfold).click();
                serve(&mut window, &manifest);
                window.get_by_label(&format!("Fold {panel}"));
                picture_is_large(&window, &format!("{place} beside {panel}"));
                check(&window, &format!("{place} beside {panel}"));
            }
        }
    }
}

fn picture_is_large(window: &Window, place: &str) {
    let picture = window.get_by_role_and_label(Role::Image, "decoded image");
    let picture = picture.rect();
    assert!(picture.width() >= 160.0, "{place}: {picture}");
    assert!(picture.height() >= 160.0, "{place}: {picture}");
}

/// In the smallest window, whatever has no room in a row is under a button, and works there.
#[test]
fn what_has_no_room_in_a_row_is_under_its_button() {
    let manifest = manifest_of(KnownDataset::Mnist.info());
    let mut window = window_sized(Space::Explain, [640.0, 400.0], 1.0);
    serve(&mut window, &manifest);
    assert!(window.query_by_label("Contrast").is_none());
    window.get_by_label("more of Explain's row").click();
    window.run();
    window.get_by_label("Contrast").click();
    serve(&mut window, &manifest);
    let scene = |window: &Window| window.state().controls().scene().expect("open").clone();
    assert!(scene(&window).contrast);
    // A list opens over it, and a choice in that leaves it open.
    window.get_by_label("heatmap colours").click();
    window.run();
    window.get_by_label("Viridis").click();
    window.run();
    let view = window.state().controls().view;
    assert_eq!(view.color_map, explain::ColorMap::Viridis);
    window.get_by_label("Contrast");
    // A click elsewhere closes it.
    window.get_by_label("Evidence").click();
    window.run();
    assert!(window.query_by_label("Contrast").is_none());
}

/// With the row of classes, and with the strip of classes in place of the walk.
#[test]
fn nothing_lies_on_anything_else_where_a_class_is_given() {
    for classes in [3, 37] {
        let manifest = conditional_of(classes);
        let name = format!("{classes} classes");
        in_every_space(&name, &manifest, SIZES);
        for (size, pixels_per_point) in SIZES {
            let mut window = window_sized(Space::Explore, size, pixels_per_point);
            serve(&mut window, &manifest);
            window.get_by_label("Classes").click();
            serve(&mut window, &manifest);
            let tiles = window.query_all_by_label_contains("this latent as");
            assert!(tiles.count() >= 3, "{name}, {size:?}");
            check(&window, &format!("{name} in the strip, {size:?}"));
        }
    }
}

fn in_every_space(
    name: &str,
    manifest: &Manifest,
    sizes: impl IntoIterator<Item = ([f32; 2], f32)>,
) {
    for (size, pixels_per_point) in sizes {
        for space in Space::ALL {
            let mut window = window_sized(space, size, pixels_per_point);
            serve(&mut window, manifest);
            let place = format!("{name}, {}, {size:?}", space.title());
            check(&window, &place);
        }
    }
}

/// With two models, and with seven. In the smallest window the top bar has no room for the list of a domain's models.
#[test]
fn nothing_lies_on_anything_else_where_models_of_a_domain_are_compared() {
    for with in [CompareWith::Families, CompareWith::Reconstructions] {
        for (size, pixels_per_point) in SIZES.into_iter().take(4) {
            let mut window = compared(with, size, pixels_per_point);
            serve_as(&mut window, clothes);
            check(&window, &format!("{with:?}, {size:?}"));
            for folder in ["one", "two", "three", "four", "five"] {
                add(&mut window, &format!("/models/{folder}"));
                serve_as(&mut window, clothes);
            }
            check(&window, &format!("{with:?} of seven, {size:?}"));
        }
    }
}

#[test]
fn seven_models_stand_beside_each_other() {
    let mut window = compared(CompareWith::Families, [1280.0, 720.0], 1.0);
    serve_as(&mut window, clothes);
    for folder in ["one", "two", "three", "four", "five"] {
        add(&mut window, &format!("/models/{folder}"));
        serve_as(&mut window, clothes);
    }
    let mut right = 0.0;
    // Folders stand in the order of their names.
    for name in [
        "VAE",
        "VAE with class centres",
        "five",
        "four",
        "one",
        "three",
        "two",
    ] {
        let sample = |number| {
            let label = format!("sample {number} by {name}");
            window.get_by_label(&label).rect()
        };
        let (first, last) = (sample(1), sample(3));
        assert!(first.left() > right, "{name} at {first}");
        assert!(last.right() <= 1264.0, "{name} at {last}");
        assert!(first.width() >= 56.0, "{name} at {first}");
        right = last.right();
    }
}

#[test]
fn pictures_of_a_zoomed_window_are_large_enough_to_look_at() {
    let manifest = manifest_of(KnownDataset::Avatars.info());
    for (space, name) in [
        (Space::Explore, "decoded image"),
        (Space::Explain, "Evidence for the target"),
        (Space::Compare, "left image"),
    ] {
        let mut window = window_sized(space, [853.0, 480.0], 1.5);
        serve(&mut window, &manifest);
        let picture = window.get_by_role_and_label(Role::Image, name).rect();
        // Twice its 64 pixels on the screen, which is 85 points.
        assert!(picture.width() >= 85.0, "{name} at {picture}");
    }
}

/// Every size at which the pictures of a grid come in: some of them once made the window stand still.
#[test]
fn samples_are_laid_out_at_every_zoom() {
    let manifest = manifest_of(KnownDataset::Avatars.info());
    for percent in (50..=300).step_by(5) {
        let zoom = percent as f32 / 100.0;
        let size = vec2(1280.0, 720.0) / zoom;
        let mut window = window_sized(Space::Anchors, size.into(), zoom);
        serve(&mut window, &manifest);
        let tile = window.get_by_label_contains("sample 1:").rect();
        let pixels = tile.width() * window.ctx.pixels_per_point();
        let times = pixels / 64.0;
        assert!((times - times.round()).abs() < 0.01, "{pixels} at {zoom}");
    }
}

#[test]
fn what_a_narrow_window_leaves_out_is_in_the_file_menu() {
    let mut window = window_sized(Space::Explore, [853.0, 480.0], 1.5);
    serve(&mut window, &manifest_of(KnownDataset::Avatars.info()));
    assert!(window.query_by_label("Theme").is_none());
    window.get_by_label("File").click();
    window.run();
    for name in ["Open model folder…", "Theme"] {
        assert!(window.query_by_label(name).is_some(), "{name}");
    }
}
