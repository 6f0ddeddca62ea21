//! Marks and colours tell classes apart: in shape, in lightness, and with one hue in both themes.

use std::collections::BTreeSet;

use dashboard::{
    state::controls::Space,
    theme::{Palette, PointMark},
};
use datasets::ClassId;
use eframe::egui::{Color32, Theme, vec2};

use crate::{
    many::{contrast, luminance},
    support::{manifest, painted},
};

/// `OKLab` (Björn Ottosson, 2020): lightness, chroma, and hue in degrees.
fn oklch(color: Color32) -> [f32; 3] {
    let linear = |byte: u8| {
        let value = f32::from(byte) / 255.0;
        if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    let [r, g, b] = [color.r(), color.g(), color.b()].map(linear);
    let long = (0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b).cbrt();
    let middle = (0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b).cbrt();
    let short = (0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b).cbrt();
    let lightness = 0.210_454_26 * long + 0.793_617_8 * middle - 0.004_072_047 * short;
    let a = 1.977_998_5 * long - 2.428_592_2 * middle + 0.450_593_7 * short;
    let b = 0.025_904_037 * long + 0.782_771_77 * middle - 0.808_675_77 * short;
    [lightness, a.hypot(b), b.atan2(a).to_degrees()]
}

/// Between two hues, in degrees.
fn turn(one: f32, other: f32) -> f32 {
    let apart = (one - other).rem_euclid(360.0);
    apart.min(360.0 - apart)
}

#[test]
fn a_class_keeps_its_hue_from_one_theme_to_the_other() {
    for class in 0..100 {
        let colors = [Theme::Dark, Theme::Light].map(|theme| {
            let color = Palette::of(theme).class(ClassId(class));
            oklch(color)
        });
        let [[_, dark, hue], [_, light, other]] = colors;
        assert!(
            dark > 0.05 && light > 0.05,
            "class {class} is grey: {colors:?}"
        );
        assert!(turn(hue, other) < 4.0, "class {class}: {colors:?}");
    }
}

#[test]
fn the_first_classes_differ_in_lightness_and_in_hue() {
    for theme in [Theme::Dark, Theme::Light] {
        let palette = Palette::of(theme);
        let found = palette.classes.map(oklch);
        for (class, [lightness, _, hue]) in found.iter().enumerate() {
            let stands_out = contrast(
                luminance(palette.classes[class]),
                luminance(palette.background),
            );
            assert!(stands_out >= 3.0, "{theme:?}, class {class}: {stands_out}");
            for (other, [other_lightness, _, other_hue]) in found.iter().enumerate().skip(class + 1)
            {
                let apart = (lightness - other_lightness).abs();
                assert!(apart >= 0.015, "{theme:?}, {class} and {other}: {apart}");
                assert!(
                    turn(*hue, *other_hue) >= 18.0,
                    "{theme:?}, {class} and {other}"
                );
            }
        }
    }
}

#[test]
fn the_colours_of_what_is_measured_get_stronger_in_even_steps() {
    for theme in [Theme::Dark, Theme::Light] {
        let palette = Palette::of(theme);
        let ground = luminance(palette.background);
        let steps: Vec<Color32> = (0..=20)
            .map(|step| palette.graded(step as f32 / 20.0))
            .collect();
        let contrasts: Vec<f32> = steps
            .iter()
            .map(|color| contrast(luminance(*color), ground))
            .collect();
        assert!(contrasts[0] >= 3.0, "{theme:?}: {contrasts:?}");
        assert!(contrasts.is_sorted(), "{theme:?}: {contrasts:?}");
        let lightness: Vec<f32> = steps.iter().map(|color| oklch(*color)[0]).collect();
        let whole = lightness[20] - lightness[0];
        for pair in lightness.windows(2) {
            let step = (pair[1] - pair[0]) / whole;
            assert!((step - 0.05).abs() < 0.02, "{theme:?}: {lightness:?}");
        }
        assert_eq!(palette.graded(-1.0), steps[0]);
        assert_eq!(palette.graded(f32::INFINITY), steps[20]);
    }
}

#[test]
fn ten_classes_have_ten_marks_of_about_one_size() {
    let marks: BTreeSet<PointMark> = (0..10).map(|class| PointMark::of(ClassId(class))).collect();
    assert_eq!(marks.len(), 10);
    assert_eq!(PointMark::of(ClassId(13)), PointMark::of(ClassId(3)));
    for mark in PointMark::ALL {
        let corners = mark.outline();
        // The area by Gauss; that of a disc of radius 1 is pi.
        let next = corners.iter().cycle().skip(1);
        let doubled = corners
            .iter()
            .zip(next)
            .map(|([ax, ay], [bx, by])| ax * by - bx * ay);
        let area = doubled.sum::<f32>() / 2.0;
        assert!((2.3..3.6).contains(&area), "{mark:?} has {area}");
    }
}

/// As the processor paints them, which a card paints alike: the legend of the map, one silhouette a class.
#[test]
fn the_marks_of_the_legend_look_different() {
    for theme in [Theme::Dark, Theme::Light] {
        let window = painted(Space::Map, theme, [1440.0, 900.0], 2.0, &manifest(None));
        let mut seen = BTreeSet::new();
        for class in 0..10 {
            let color = Palette::of(theme).class(ClassId(class));
            let entry = window.place(&format!("points of {class}"));
            // The mark stands before the name, on whole points.
            let mark = entry
                .with_max_x(entry.left() + 22.0)
                .translate(vec2(0.0, 0.0));
            let silhouette: Vec<bool> = window
                .colors(mark)
                .iter()
                .map(|found| *found == color)
                .collect();
            let inked = silhouette.iter().filter(|inked| **inked).count();
            assert!(inked > 60, "{theme:?}, class {class}: {inked} pixels");
            assert!(
                seen.insert(silhouette),
                "{theme:?}: class {class} looks like another"
            );
        }
    }
}
