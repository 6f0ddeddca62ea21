//! What is read and what is used stands out from what is behind it, by the theme and by the pixels that are painted; and everything is
//! painted in any window at any zoom.

use std::collections::BTreeSet;

use dashboard::{state::controls::Space, theme::Palette};
use datasets::KnownDataset;
use eframe::egui::{Color32, Rect, Theme, pos2};

use crate::{
    many::{contrast, luminance},
    small::combinations,
    support::{manifest, manifest_of, painted, slider},
};

fn between(one: Color32, other: Color32) -> f32 {
    contrast(luminance(one), luminance(other))
}

/// WCAG 2.1, 1.4.3 and 1.4.11: 4.5 for texts, 3 for what can be used.
#[test]
fn texts_and_marks_stand_out_in_both_themes() {
    for theme in [Theme::Dark, Theme::Light] {
        let palette = Palette::of(theme);
        let grounds = [palette.background, palette.panel, palette.surface];
        for ground in grounds {
            for (name, color) in [
                ("text", palette.text),
                ("weak text", palette.text_weak),
                ("strong text", palette.text_strong),
                ("good", palette.good),
                ("bad", palette.bad),
                ("warn", palette.warn),
            ] {
                let found = between(color, ground);
                assert!(found >= 4.5, "{theme:?}, {name} on {ground:?}: {found}");
            }
            for (name, color) in [("marks", palette.mark), ("accent", palette.accent)] {
                let found = between(color, ground);
                assert!(found >= 3.0, "{theme:?}, {name} on {ground:?}: {found}");
            }
        }
        let chosen = between(palette.on_accent_soft, palette.accent_soft);
        assert!(chosen >= 4.5, "{theme:?}, chosen: {chosen}");
    }
}

/// An open lock, the rail of a slider and a box to tick, as they are painted.
#[test]
fn what_can_be_used_is_seen() {
    for theme in [Theme::Dark, Theme::Light] {
        let size = [1440.0, 900.0];
        let window = painted(Space::Explore, theme, size, 1.0, &manifest(None));
        // Of the rail the end, where neither the handle nor the part that is filled is.
        let rail = window.place(&slider(3));
        let end = Rect::from_min_max(pos2(rail.right() - 12.0, rail.top()), rail.right_bottom());
        for (name, part) in [
            ("a lock", window.place("lock z1")),
            ("a rail", end),
            ("a box", window.place("Heatmap")),
        ] {
            let colors = window.colors(part);
            // The commonest is what is behind it.
            let behind = commonest(&colors);
            let best = colors.iter().map(|color| between(*color, behind));
            let best = best.fold(1.0, f32::max);
            assert!(best >= 3.0, "{theme:?}, {name}: {best} at {part}");
        }
    }
}

fn commonest(colors: &[Color32]) -> Color32 {
    let count = |color: &Color32| colors.iter().filter(|other| *other == color).count();
    let different: BTreeSet<[u8; 4]> = colors.iter().map(Color32::to_array).collect();
    let colors = different
        .into_iter()
        .map(|[r, g, b, _]| Color32::from_rgb(r, g, b));
    colors.max_by_key(count).expect("there are pixels")
}

/// By the processor; the snapshots of the acceptance tests compare it with a card's.
#[test]
fn every_window_is_painted_at_any_zoom() {
    let manifest = manifest_of(KnownDataset::Mnist.info());
    for (size, pixels_per_point) in combinations() {
        for space in Space::ALL {
            let window = painted(space, Theme::Dark, size, pixels_per_point, &manifest);
            let colors: BTreeSet<[u8; 4]> = window.all().iter().map(Color32::to_array).collect();
            let place = format!("{space:?}, {size:?}");
            assert!(colors.len() > 40, "{place}: {} colours", colors.len());
        }
    }
}
