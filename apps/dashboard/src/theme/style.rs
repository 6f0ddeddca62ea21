//! egui's style in both themes.

use eframe::egui::{
    self, Color32, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, Style, TextStyle,
    Theme, Vec2, Visuals,
    style::{HandleShape, ScrollStyle, Selection, WidgetVisuals},
};

use super::{
    colors::Palette,
    sizes::{GAP, RADIUS, SMALL},
};

/// Sets both themes up in `ctx`. Call it once, before the first pass.
pub fn install(ctx: &egui::Context) {
    for theme in [Theme::Dark, Theme::Light] {
        ctx.set_style_of(theme, style(theme));
    }
    // The app zooms: it remembers what the person wants, and looks for what has room.
    ctx.options_mut(|options| options.zoom_with_keyboard = false);
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
    // The rails of sliders; buttons have the weak one.
    widgets.inactive.bg_fill = palette.mark;
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
