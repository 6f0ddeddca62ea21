//! Any number of classes: colours, buttons, lists, bars, matrices.

use std::{collections::BTreeSet, sync::Arc};

use dashboard::{
    state::{controls::Space, scene::Start},
    theme::{self, Palette},
    widgets::Confusion,
};
use datasets::ClassId;
use eframe::egui::{Color32, Key, Pos2, Rect, Theme, Ui, accesskit::Role, vec2};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};

use crate::support::{Window, latent, odd, serve, window_of};

/// Where the nodes of a role are whose label starts like this.
fn rects(window: &Window, role: Role, start: &str) -> Vec<Rect> {
    let nodes = window.query_all_by_role(role);
    let named = nodes.filter(|node| {
        let label = node.accesskit_node().label();
        label.is_some_and(|label| label.starts_with(start))
    });
    named.map(|node| node.rect()).collect()
}

fn assert_apart(rects: &[Rect], window: Rect) {
    for (index, rect) in rects.iter().enumerate() {
        assert!(window.contains_rect(*rect), "{rect:?} leaves the window");
        for other in &rects[index + 1..] {
            let common = rect.shrink(0.5).intersect(other.shrink(0.5));
            assert!(!common.is_positive(), "{rect:?} lies on {other:?}");
        }
    }
}

fn screen() -> Rect {
    Rect::from_min_size(Pos2::ZERO, vec2(1280.0, 720.0))
}

#[test]
fn every_class_has_a_colour_of_its_own_that_stands_out() {
    for theme in [Theme::Dark, Theme::Light] {
        let palette = Palette::of(theme);
        let colors: Vec<_> = (0..1_000)
            .map(|class| palette.class(ClassId(class)))
            .collect();
        assert_eq!(colors[..10], palette.classes, "the first ten stay");
        let first: BTreeSet<_> = colors[..37].iter().map(Color32::to_array).collect();
        assert_eq!(first.len(), 37);
        let all: BTreeSet<_> = colors.iter().map(Color32::to_array).collect();
        assert!(all.len() > 800, "{} colours of a thousand", all.len());
        let background = luminance(palette.background);
        for (class, color) in colors.iter().enumerate() {
            let contrast = contrast(luminance(*color), background);
            assert!(contrast >= 2.5, "class {class} in {theme:?}: {contrast}");
        }
    }
}

/// WCAG 2.1: relative luminance, and the contrast of two.
pub fn luminance(color: Color32) -> f32 {
    let linear = |byte: u8| {
        let value = f32::from(byte) / 255.0;
        if value <= 0.03928 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * linear(color.r()) + 0.7152 * linear(color.g()) + 0.0722 * linear(color.b())
}

pub fn contrast(a: f32, b: f32) -> f32 {
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn every_space_copes_with_any_number_of_classes() {
    for classes in [1, 2, 3, 10, 12, 13, 37, 1_000] {
        for space in Space::ALL {
            let manifest = odd(classes);
            let mut window = window_of(space, &manifest);
            for rows in ["class ", "points of "] {
                let rects = rects(&window, Role::Button, rows);
                assert_apart(&rects, screen());
            }
            assert_apart(&rects(&window, Role::Meter, ""), screen());
            window.key_press(Key::F11);
            serve(&mut window, &manifest);
            window.get_by_label("presented image");
            assert_apart(&rects(&window, Role::Meter, ""), screen());
        }
    }
}

#[test]
fn three_classes_have_a_button_and_a_key_each() {
    let manifest = odd(3);
    let mut window = window_of(Space::Explore, &manifest);
    window.get_by_label("class x").click();
    serve(&mut window, &manifest);
    assert_eq!(latent(&window)[0], 2.0);
    window.key_press(Key::Num1);
    serve(&mut window, &manifest);
    assert_eq!(latent(&window)[0], 1.0);
    window.key_press(Key::Num7);
    serve(&mut window, &manifest);
    assert_eq!(latent(&window)[0], 1.0, "there is no such class");
    window.key_press(Key::F2);
    window.key_press(Key::Num9);
    serve(&mut window, &manifest);
    let scene = window.state().controls().scene().expect("it is open");
    assert_eq!(scene.anchors.class, ClassId(2), "nor in Anchors");
}

#[test]
fn many_classes_are_a_list_that_finds_them_by_some_letters() {
    for classes in [37, 1_000] {
        let manifest = odd(classes);
        let mut window = window_of(Space::Explore, &manifest);
        assert!(
            window.query_by_label("class x 35").is_none(),
            "further down"
        );
        window.get_by_label("search classes").focus();
        window.get_by_label("search classes").type_text("x 35");
        window.run();
        window.get_by_label("class x 35").click();
        serve(&mut window, &manifest);
        let scene = window.state().controls().scene().expect("it is open");
        assert_eq!(scene.start, Start::Anchor(ClassId(35)));
        assert_eq!(latent(&window)[0], 35.0);
        // Ten bars, the likeliest first, and how many more there are.
        assert_eq!(rects(&window, Role::Meter, "").len(), 10);
        window.get_by_label_contains(&format!("and {} more, ", classes - 10));
    }
}

#[test]
fn targets_and_ends_of_a_morph_are_found_in_a_list_too() {
    let manifest = odd(1_000);
    let mut window = window_of(Space::Anchors, &manifest);
    window.get_by_label("morph to").click();
    window.run();
    window.get_by_label("search morph to").focus();
    window.get_by_label("search morph to").type_text("x 998");
    window.run();
    let choices = window.query_all_by_label("class x 998");
    // The list of the class to draw is there, too, and was not searched.
    choices.last().expect("it was found").click();
    serve(&mut window, &manifest);
    let scene = window.state().controls().scene().expect("it is open");
    assert_eq!(scene.morph.to, ClassId(998));
    window.key_press(Key::F3);
    serve(&mut window, &manifest);
    window.get_by_label("target class").click();
    window.run();
    window.get_by_label("search target class");
}

/// A matrix of so many classes in which each is predicted right, but for the last, of which half are taken for the first.
fn matrix(classes: usize) -> Vec<Vec<u32>> {
    let row = |class: usize| {
        let mut row = vec![0; classes];
        row[class] = 8;
        row
    };
    let mut counts: Vec<Vec<u32>> = (0..classes).map(row).collect();
    if classes > 1 {
        counts[classes - 1][0] = 8;
    }
    counts
}

#[test]
fn a_matrix_of_any_size_says_what_is_under_the_pointer() {
    for classes in [1, 2, 10, 37, 41, 1_000] {
        let counts = Arc::new(matrix(classes));
        let names: Vec<String> = (0..classes).map(|class| format!("class-{class}")).collect();
        let mut window = Harness::builder()
            .with_size([560.0, 560.0])
            .with_context_setup(theme::install)
            .build_ui(move |ui: &mut Ui| {
                let shown = Confusion {
                    counts: &counts,
                    names: &names,
                    meant: "really",
                };
                shown.show(ui, 400.0);
            });
        window.run();
        let right = 8 * classes;
        let all = if classes > 1 { right + 8 } else { right };
        let label = format!("confusion matrix, {right} of {all} on the diagonal");
        let rect = window.get_by_label(&label).rect();
        assert!(
            rect.width() <= 400.0 + 90.0 && rect.height() <= 400.0 + 20.0,
            "{rect:?}"
        );
        // The lower right corner is the last class predicted right.
        window.hover_at(rect.right_bottom() - vec2(1.5, 1.5));
        // Until the tooltip's delay is over.
        window.run_steps(8);
        // Of a thousand classes four share a row of the picture: it is the first of their equal counts.
        let (class, of) = match classes {
            1 => (0, 8),
            1_000 => (996, 8),
            _ => (classes - 1, 16),
        };
        let said = format!("really class-{class}, predicted class-{class}: 8 of {of}");
        window.get_by_label_contains(&said);
    }
}
