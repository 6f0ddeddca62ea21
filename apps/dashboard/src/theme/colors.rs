//! The named colours of both themes.

use datasets::ClassId;
use eframe::egui::{self, Color32, Theme};

use super::{
    class_colors::{self, FIRST_CLASSES},
    oklab,
};

/// The named colours of one theme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Palette {
    /// Behind everything.
    pub background: Color32,
    /// Side panels and bars.
    pub panel: Color32,
    /// Cards and buttons at rest.
    pub surface: Color32,
    /// Cards and buttons under the pointer.
    pub surface_hovered: Color32,
    /// Fields to type in, rails and empty bars.
    pub well: Color32,
    /// Lines between panels and around cards.
    pub line: Color32,
    /// Edges and rails of what can be used: at least three times as bright as what is behind them, or a third.
    pub mark: Color32,
    /// Text that is read.
    pub text: Color32,
    /// Captions and units.
    pub text_weak: Color32,
    /// Titles and the figure that matters.
    pub text_strong: Color32,
    /// The one colour that means "this one" or "here".
    pub accent: Color32,
    /// The accent as a background for text.
    pub accent_soft: Color32,
    /// Text on `accent_soft`.
    pub on_accent_soft: Color32,
    /// Right, agreed.
    pub good: Color32,
    /// Wrong, failed.
    pub bad: Color32,
    /// Worth a look.
    pub warn: Color32,
    /// The second line of a plot.
    pub second: Color32,
    /// One a class, as far apart as ten colours can be, also for people who tell red and green apart badly. No two are equally light,
    /// and each has the hue that it has in the other theme.
    pub classes: [Color32; FIRST_CLASSES],
    /// The lightness of the classes after the first ones, in `OKLab`: each in its turn.
    class_lightness: [f32; 5],
    /// The lightness of the least and of the most of what is measured, in `OKLab`.
    graded_lightness: [f32; 2],
    /// No change, in a picture of changes in colour: what is added is brighter, and what is taken away is darker.
    pub unchanged: u8,
    /// Behind the help overlay and a file that is being dropped.
    pub veil: Color32,
}

const DARK: Palette = Palette {
    background: Color32::from_rgb(0x11, 0x13, 0x17),
    panel: Color32::from_rgb(0x17, 0x1a, 0x20),
    surface: Color32::from_rgb(0x22, 0x26, 0x2e),
    surface_hovered: Color32::from_rgb(0x2c, 0x32, 0x3c),
    well: Color32::from_rgb(0x0c, 0x0e, 0x12),
    line: Color32::from_rgb(0x2c, 0x31, 0x3a),
    mark: Color32::from_rgb(0x7a, 0x83, 0x92),
    text: Color32::from_rgb(0xd5, 0xd9, 0xe0),
    text_weak: Color32::from_rgb(0x96, 0x9f, 0xad),
    text_strong: Color32::from_rgb(0xf4, 0xf6, 0xf9),
    accent: Color32::from_rgb(0x5f, 0xb2, 0xf2),
    accent_soft: Color32::from_rgb(0x1f, 0x43, 0x61),
    on_accent_soft: Color32::from_rgb(0xe6, 0xf3, 0xff),
    good: Color32::from_rgb(0x4f, 0xbf, 0x8b),
    bad: Color32::from_rgb(0xf2, 0x77, 0x6b),
    warn: Color32::from_rgb(0xe6, 0xb4, 0x50),
    second: Color32::from_rgb(0xe6, 0x9f, 0x4a),
    classes: class_colors::ON_DARK,
    class_lightness: [0.78, 0.62, 0.86, 0.7, 0.56],
    graded_lightness: [0.54, 0.94],
    unchanged: 0x58,
    veil: Color32::from_rgba_premultiplied(0x08, 0x09, 0x0b, 0xc8),
};

const LIGHT: Palette = Palette {
    background: Color32::from_rgb(0xf3, 0xf4, 0xf7),
    panel: Color32::from_rgb(0xfb, 0xfc, 0xfd),
    surface: Color32::from_rgb(0xec, 0xef, 0xf3),
    surface_hovered: Color32::from_rgb(0xdf, 0xe4, 0xeb),
    well: Color32::from_rgb(0xe6, 0xe9, 0xee),
    line: Color32::from_rgb(0xd5, 0xda, 0xe2),
    mark: Color32::from_rgb(0x77, 0x80, 0x8e),
    text: Color32::from_rgb(0x2a, 0x30, 0x3a),
    text_weak: Color32::from_rgb(0x5c, 0x66, 0x75),
    text_strong: Color32::from_rgb(0x0d, 0x11, 0x18),
    accent: Color32::from_rgb(0x0f, 0x6c, 0xbd),
    accent_soft: Color32::from_rgb(0xd3, 0xe7, 0xf9),
    on_accent_soft: Color32::from_rgb(0x06, 0x3a, 0x6a),
    good: Color32::from_rgb(0x15, 0x7a, 0x4d),
    bad: Color32::from_rgb(0xbd, 0x2f, 0x22),
    warn: Color32::from_rgb(0x8f, 0x62, 0x00),
    second: Color32::from_rgb(0xb2, 0x5c, 0x00),
    classes: class_colors::ON_LIGHT,
    class_lightness: [0.5, 0.62, 0.38, 0.56, 0.44],
    graded_lightness: [0.6, 0.3],
    unchanged: 0xb0,
    veil: Color32::from_rgba_premultiplied(0xc8, 0xc9, 0xcb, 0xd2),
};

impl Palette {
    /// The colour of a class.
    #[must_use]
    pub fn class(&self, class: ClassId) -> Color32 {
        let index = class.index();
        let known = self.classes.get(index).copied();
        known.unwrap_or_else(|| class_colors::later(&self.class_lightness, index - FIRST_CLASSES))
    }

    /// The palette of a theme.
    #[must_use]
    pub const fn of(theme: Theme) -> &'static Self {
        match theme {
            Theme::Dark => &DARK,
            Theme::Light => &LIGHT,
        }
    }

    /// A colour for `value` between minus one (pixels that fall) and one (pixels that rise), 0 being the well.
    ///
    /// Orange and blue are told apart with every common colour blindness.
    #[must_use]
    pub fn diverging(&self, value: f32) -> Color32 {
        let strength = value.abs().min(1.0);
        let end = if value < 0.0 {
            self.second
        } else {
            self.accent
        };
        self.well.lerp_to_gamma(end, strength.sqrt())
    }

    /// A colour for a change of red, green and blue between minus one and one each: grey where there is none, and else in
    /// the colour that is added, as the change itself looks.
    #[must_use]
    pub fn change(&self, change: [f32; 3]) -> Color32 {
        let still = f32::from(self.unchanged);
        let [r, g, b] = change.map(|value| {
            let strength = value.abs().min(1.0).sqrt();
            let end = if value < 0.0 { 0.0 } else { 255.0 };
            (still + (end - still) * strength).round() as u8
        });
        Color32::from_rgb(r, g, b)
    }

    /// The colour of a group that a person kept on the map.
    #[must_use]
    pub fn group(&self, color: usize) -> Color32 {
        self.class(ClassId((color % FIRST_CLASSES) as u16))
    }

    /// A colour for a share between 0 and 1 of something that is measured: equal steps look equal, every one of them stands out
    /// from the background, and more stands out more. The hues are the same in both themes.
    #[must_use]
    pub fn graded(&self, share: f32) -> Color32 {
        /// From blue over red to yellow, in turns.
        const HUE: [f32; 2] = [0.76, 1.22];
        const CHROMA: f32 = 0.16;
        let share = share.clamp(0.0, 1.0);
        let [from, to] = self.graded_lightness;
        let hue = HUE[0] + (HUE[1] - HUE[0]) * share;
        oklab::color(from + (to - from) * share, CHROMA, hue)
    }

    /// A colour for a share between 0 and 1, from the well to the accent.
    #[must_use]
    pub fn sequential(&self, share: f32) -> Color32 {
        self.well
            .lerp_to_gamma(self.accent, share.clamp(0.0, 1.0).sqrt())
    }
}

/// The palette in force in `ui`.
#[must_use]
pub fn palette(ui: &egui::Ui) -> &'static Palette {
    if ui.visuals().dark_mode {
        &DARK
    } else {
        &LIGHT
    }
}
