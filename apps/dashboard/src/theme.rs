//! Every colour and distance of the window, in dark and light.

use std::f32::consts::TAU;

use datasets::ClassId;
use eframe::egui::{
    self, Color32, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, Style, TextStyle,
    Theme, Vec2, Visuals,
    style::{HandleShape, ScrollStyle, Selection, WidgetVisuals},
};
use eframe::epaint::ecolor::gamma_u8_from_linear_f32;

/// Width and height of the window the first time, in points.
pub const FIRST_SIZE: (f32, f32) = (1440.0, 900.0);
/// Space between things that belong together, in points.
pub const GAP: f32 = 8.0;
/// Space between groups.
pub const GROUP_GAP: f32 = 16.0;
/// Height of the top bar.
pub const TOP_BAR: f32 = 46.0;
/// Size of small type.
const SMALL: f32 = 12.0;
/// Height of the status bar: a line of small type with a gap above and below.
pub const STATUS_BAR: f32 = SMALL + 2.0 * GAP;
/// Width of the panel on the left of Explore and Anchors.
pub const LEFT_PANEL: f32 = 332.0;
/// Width of the panel on the right of Explore.
pub const RIGHT_PANEL: f32 = 260.0;
/// Height of a row of controls over a space.
pub const CONTROL_BAR: f32 = 48.0;
/// Height of the strip of bookmarks and shows when it is folded.
pub const STRIP_BAR: f32 = 38.0;
/// Height of the bookmarks in it when it is not.
pub const STRIP_SHELF: f32 = 88.0;
/// A lower or narrower content than this, which a zoom makes of any window, does without what can be had elsewhere.
const LOW: f32 = 560.0;
const NARROW: f32 = 1000.0;
/// Least width of a menu.
pub const MENU: f32 = 230.0;
/// Corner radius of cards, buttons and pictures.
pub const RADIUS: u8 = 5;

/// Whether the window is low, in points: small, or zoomed in.
#[must_use]
pub fn is_low(ui: &egui::Ui) -> bool {
    ui.ctx().content_rect().height() < LOW
}

/// Whether the window is narrow, in points: small, or zoomed in.
#[must_use]
pub fn is_narrow(ui: &egui::Ui) -> bool {
    ui.ctx().content_rect().width() < NARROW
}

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
    /// One a class, as far apart as ten colours can be, also for people who tell red and green apart badly.
    pub classes: [Color32; FIRST_CLASSES],
    /// The lightness of the classes after the first ones, in `OKLab`: each in its turn.
    class_lightness: [f32; 5],
    /// No change, in a picture of changes in colour: what is added is brighter, and what is taken away is darker.
    pub unchanged: u8,
    /// Behind the help overlay and a file that is being dropped.
    pub veil: Color32,
}

/// Classes whose colours were searched for, so that they are as far apart as can be. Those of the others are computed.
const FIRST_CLASSES: usize = 10;

// From a search for the largest least distance of any two in OKLab, as most people see them and with the red or the green
// cones missing, with a contrast of at least 3 to the background. Their order keeps classes that lie beside each other in
// the shipped models, such as 0 and 6 or 4 and 9, far apart.
const CLASSES_ON_DARK: [Color32; FIRST_CLASSES] = [
    Color32::from_rgb(0x9e, 0x84, 0x98),
    Color32::from_rgb(0x77, 0xca, 0xae),
    Color32::from_rgb(0xc1, 0xfd, 0x93),
    Color32::from_rgb(0x26, 0xa6, 0xff),
    Color32::from_rgb(0xf0, 0x62, 0x20),
    Color32::from_rgb(0xf4, 0xb2, 0x13),
    Color32::from_rgb(0x54, 0x5d, 0xe3),
    Color32::from_rgb(0x9f, 0x35, 0x93),
    Color32::from_rgb(0x9a, 0x4a, 0x21),
    Color32::from_rgb(0xe6, 0xe5, 0xff),
];
const CLASSES_ON_LIGHT: [Color32; FIRST_CLASSES] = [
    Color32::from_rgb(0x26, 0x8a, 0xb2),
    Color32::from_rgb(0x4c, 0x4a, 0x69),
    Color32::from_rgb(0x37, 0x2d, 0x00),
    Color32::from_rgb(0xb8, 0x5b, 0x6e),
    Color32::from_rgb(0x00, 0x19, 0x99),
    Color32::from_rgb(0x4e, 0x01, 0x51),
    Color32::from_rgb(0xb3, 0x83, 0x00),
    Color32::from_rgb(0x8f, 0x75, 0xff),
    Color32::from_rgb(0x49, 0x49, 0xce),
    Color32::from_rgb(0x01, 0x62, 0x01),
];

const DARK: Palette = Palette {
    background: Color32::from_rgb(0x11, 0x13, 0x17),
    panel: Color32::from_rgb(0x17, 0x1a, 0x20),
    surface: Color32::from_rgb(0x22, 0x26, 0x2e),
    surface_hovered: Color32::from_rgb(0x2c, 0x32, 0x3c),
    well: Color32::from_rgb(0x0c, 0x0e, 0x12),
    line: Color32::from_rgb(0x2c, 0x31, 0x3a),
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
    classes: CLASSES_ON_DARK,
    class_lightness: [0.78, 0.62, 0.86, 0.7, 0.56],
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
    classes: CLASSES_ON_LIGHT,
    class_lightness: [0.5, 0.62, 0.38, 0.56, 0.44],
    unchanged: 0xb0,
    veil: Color32::from_rgba_premultiplied(0xc8, 0xc9, 0xcb, 0xd2),
};

impl Palette {
    /// The colour of a class.
    #[must_use]
    pub fn class(&self, class: ClassId) -> Color32 {
        let index = class.index();
        let known = self.classes.get(index).copied();
        known.unwrap_or_else(|| self.later_class(index - FIRST_CLASSES))
    }

    /// Hues by the golden ratio, so that any number of neighbours lie far apart on the wheel, each a little lighter or
    /// darker and more or less strong than the one before.
    fn later_class(&self, index: usize) -> Color32 {
        const GOLDEN: f32 = 0.618_034;
        const CHROMA: [f32; 2] = [0.15, 0.1];
        const AROUND: [f32; 3] = [0.0, 0.02, -0.02];
        let steps = self.class_lightness.len();
        let chroma = CHROMA[index / steps % CHROMA.len()];
        let around = AROUND[index / (steps * CHROMA.len()) % AROUND.len()];
        let lightness = self.class_lightness[index % steps] + around;
        let (sin, cos) = (TAU * (index as f32 * GOLDEN).fract()).sin_cos();
        from_oklab([lightness, chroma * cos, chroma * sin])
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

    /// A colour for a share between 0 and 1, from the well to the accent.
    #[must_use]
    pub fn sequential(&self, share: f32) -> Color32 {
        self.well
            .lerp_to_gamma(self.accent, share.clamp(0.0, 1.0).sqrt())
    }
}

/// A colour from `OKLab` (Björn Ottosson, 2020), the nearest one that a screen has.
fn from_oklab([lightness, a, b]: [f32; 3]) -> Color32 {
    let cone = |a_part: f32, b_part: f32| (lightness + a_part * a + b_part * b).powi(3);
    let long = cone(0.396_337_78, 0.215_803_76);
    let middle = cone(-0.105_561_346, -0.063_854_17);
    let short = cone(-0.089_484_18, -1.291_485_5);
    let red = 4.076_741_7 * long - 3.307_711_6 * middle + 0.230_969_94 * short;
    let green = -1.268_438 * long + 2.609_757_4 * middle - 0.341_319_4 * short;
    let blue = -0.004_196_086_3 * long - 0.703_418_6 * middle + 1.707_614_7 * short;
    let byte = |linear: f32| gamma_u8_from_linear_f32(linear.clamp(0.0, 1.0));
    Color32::from_rgb(byte(red), byte(green), byte(blue))
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

/// Sets both themes up in `ctx`. Call it once, before the first pass.
pub fn install(ctx: &egui::Context) {
    for theme in [Theme::Dark, Theme::Light] {
        ctx.set_style_of(theme, style(theme));
    }
}

fn style(theme: Theme) -> Style {
    let mut style = theme.default_style();
    style.visuals = visuals(theme);
    style.text_styles = [
        (
            TextStyle::Small,
            FontId::new(SMALL, FontFamily::Proportional),
        ),
        (TextStyle::Body, FontId::new(14.0, FontFamily::Proportional)),
        (
            TextStyle::Button,
            FontId::new(14.0, FontFamily::Proportional),
        ),
        (
            TextStyle::Heading,
            FontId::new(18.0, FontFamily::Proportional),
        ),
        (
            TextStyle::Monospace,
            FontId::new(12.5, FontFamily::Monospace),
        ),
    ]
    .into();
    style.drag_value_text_style = TextStyle::Monospace;
    style.animation_time = 0.1;
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.35;
    let spacing = &mut style.spacing;
    spacing.item_spacing = Vec2::new(GAP, 6.0);
    spacing.button_padding = Vec2::new(10.0, 4.0);
    spacing.interact_size = Vec2::new(32.0, 26.0);
    spacing.window_margin = Margin::same(14);
    spacing.menu_margin = Margin::same(6);
    spacing.tooltip_width = 340.0;
    spacing.slider_rail_height = 4.0;
    spacing.scroll = ScrollStyle::thin();
    style
}

fn visuals(theme: Theme) -> Visuals {
    let palette = Palette::of(theme);
    let mut visuals = theme.default_visuals();
    visuals.panel_fill = palette.background;
    visuals.window_fill = palette.panel;
    visuals.window_stroke = Stroke::new(1.0, palette.line);
    visuals.window_corner_radius = CornerRadius::same(8);
    visuals.window_shadow = shadow(theme);
    visuals.popup_shadow = shadow(theme);
    visuals.menu_corner_radius = CornerRadius::same(6);
    visuals.faint_bg_color = palette.panel;
    visuals.extreme_bg_color = palette.well;
    visuals.code_bg_color = palette.surface;
    visuals.hyperlink_color = palette.accent;
    visuals.warn_fg_color = palette.warn;
    visuals.error_fg_color = palette.bad;
    visuals.weak_text_color = Some(palette.text_weak);
    visuals.slider_trailing_fill = true;
    visuals.handle_shape = HandleShape::Circle;
    visuals.selection = Selection {
        bg_fill: palette.accent_soft,
        stroke: Stroke::new(1.0, palette.on_accent_soft),
    };
    let widgets = &mut visuals.widgets;
    widgets.noninteractive = widget(palette.panel, palette.line, palette.text);
    widgets.inactive = widget(palette.surface, Color32::TRANSPARENT, palette.text);
    widgets.hovered = widget(palette.surface_hovered, palette.line, palette.text_strong);
    widgets.active = widget(palette.accent_soft, palette.accent, palette.text_strong);
    widgets.open = widget(palette.surface_hovered, palette.line, palette.text_strong);
    visuals
}

fn widget(fill: Color32, outline: Color32, text: Color32) -> WidgetVisuals {
    WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, outline),
        corner_radius: CornerRadius::same(RADIUS),
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    }
}

fn shadow(theme: Theme) -> Shadow {
    let alpha = if theme == Theme::Dark { 110 } else { 36 };
    Shadow {
        offset: [0, 6],
        blur: 18,
        spread: 0,
        color: Color32::from_black_alpha(alpha),
    }
}

/// The frame of a bar or a side panel.
pub fn panel_frame(ui: &egui::Ui, horizontal: i8, vertical: i8) -> egui::Frame {
    egui::Frame::new()
        .fill(palette(ui).panel)
        .inner_margin(Margin::symmetric(horizontal, vertical))
}

/// The frame of a card in the middle of the window.
pub fn card_frame(ui: &egui::Ui) -> egui::Frame {
    let palette = palette(ui);
    egui::Frame::new()
        .fill(palette.panel)
        .stroke(Stroke::new(1.0, palette.line))
        .corner_radius(8)
        .inner_margin(Margin::same(14))
}
