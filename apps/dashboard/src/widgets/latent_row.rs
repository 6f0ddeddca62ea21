//! One latent dimension: what it changes, its name, how much it matters, a slider, its value and a lock.

use eframe::egui::{
    Align2, Color32, FontId, Rect, Response, Role, Sense, Stroke, StrokeKind, TextStyle, Ui,
    UiBuilder, Vec2, WidgetInfo, pos2, vec2,
};

use super::{canvas::Atlas, fields::number_field, marks, sigma_slider::sigma_slider};
use crate::{
    state::{importance::Importance, notebook::Note},
    theme, words,
};

const HEIGHT: f32 = 30.0;
const MAP: f32 = 24.0;
const NAME: f32 = 26.0;
const KL: f32 = 26.0;
const VALUE: f32 = 54.0;
const LOCK: f32 = 18.0;
const SPACE: f32 = 6.0;
/// In a narrower row there is no effect map, and in a yet narrower one no bar: the rail needs the room.
const WITH_MAP: f32 = 260.0;
const WITH_BAR: f32 = 220.0;
/// Typed values may go beyond the slider, up to this many sigma.
const TYPED_SIGMAS: f32 = 9.0;

/// What a row shows.
#[derive(Clone, Copy)]
pub struct LatentRow<'a> {
    /// The dimension, from 0.
    pub dim: usize,
    /// How much it matters.
    pub importance: Importance,
    /// Whether it is the selected one.
    pub selected: bool,
    /// The effect maps, if they are known.
    pub maps: Option<&'a Atlas>,
    /// What the person says about it.
    pub note: Option<&'a Note>,
}

/// What happened to a row.
#[expect(
    clippy::struct_excessive_bools,
    reason = "these can all be true at once, in any combination"
)]
pub struct RowResponse {
    /// Whether the value was changed, in any way.
    pub changed: bool,
    /// Whether the person chose this dimension.
    pub chosen: bool,
    /// Whether the pointer is on the row.
    pub hovered: bool,
    /// Where the slider is.
    pub slider: Rect,
    /// Whether the person wants to name this dimension.
    pub naming: bool,
}

/// A row for one dimension. `sigmas` is its value in standard deviations of the aggregate posterior.
pub fn latent_row(
    ui: &mut Ui,
    row: LatentRow<'_>,
    sigmas: &mut f32,
    locked: &mut bool,
) -> RowResponse {
    let palette = theme::palette(ui);
    let name = format!("z{}", row.dim);
    let (rect, back) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::click());
    back.widget_info(|| {
        WidgetInfo::selected(
            Role::ListBoxOption,
            true,
            row.selected,
            format!("select {name}"),
        )
    });
    let hovered = ui.rect_contains_pointer(rect);
    if row.selected || hovered {
        let fill = if row.selected {
            palette.surface
        } else {
            palette.surface.gamma_multiply(0.5)
        };
        ui.painter().rect_filled(rect, theme::RADIUS, fill);
    }
    if row.selected {
        let bar = Rect::from_min_size(rect.min, vec2(3.0, HEIGHT));
        ui.painter().rect_filled(bar, 1.5, palette.accent);
    }

    let mut x = rect.left() + SPACE + 1.0;
    let mut column = |width: f32, height: f32| {
        let cell =
            Rect::from_center_size(pos2(x + width / 2.0, rect.center().y), vec2(width, height));
        x += width + SPACE;
        cell
    };
    let map_rect = (rect.width() >= WITH_MAP).then(|| column(MAP, MAP));
    let name_rect = column(NAME, HEIGHT);
    let bar_rect = (rect.width() >= WITH_BAR).then(|| column(KL, 5.0));
    let taken = map_rect.map_or(0.0, |_| MAP + SPACE) + bar_rect.map_or(0.0, |_| KL + SPACE);
    let rail = rect.width() - taken - (NAME + VALUE + LOCK) - 4.5 * SPACE - 2.0;
    if let Some(rect) = map_rect {
        paint_map(ui, rect, row);
    }
    let mut slider_rect = column(rail, HEIGHT);
    let value_rect = column(VALUE, 22.0);
    let lock_rect = column(LOCK, LOCK);

    let name_color = if row.selected {
        palette.text_strong
    } else {
        palette.text
    };
    let font = TextStyle::Monospace.resolve(ui.style());
    ui.painter().text(
        name_rect.left_center(),
        Align2::LEFT_CENTER,
        &name,
        font,
        name_color,
    );
    let bar = bar_rect.and_then(|rect| importance_bar(ui, rect, row));
    let given = row.note.map_or("", |note| note.name.trim());
    if !given.is_empty() {
        paint_given_name(ui, slider_rect, given);
        slider_rect = slider_rect.translate(vec2(0.0, 5.0));
    }
    let mut label = name.clone();
    if !given.is_empty() {
        label = format!("{label} {given}");
    }
    if let Some(importance) = row.importance.text() {
        label = format!("{label}, {importance}");
    }
    let slider = sigma_slider(ui, slider_rect, &label, sigmas);
    let value = value_field(ui, value_rect, &name, sigmas);
    let lock = lock_toggle(ui, lock_rect, &name, locked);
    let changed = slider.changed() || value.changed();
    RowResponse {
        changed,
        chosen: back.clicked()
            || bar.is_some_and(|bar| bar.clicked())
            || changed
            || lock.changed()
            || slider.gained_focus(),
        hovered,
        slider: slider.rect,
        naming: naming(back, &name, row.note),
    }
}

/// A double click on the row asks for a name; what was noted shows under the pointer.
fn naming(back: Response, name: &str, note: Option<&Note>) -> bool {
    let naming = back.double_clicked();
    match note {
        None => back.on_hover_text(format!(
            "Click to walk along {name}, double-click to name it"
        )),
        Some(note) => back.on_hover_text(format!("{name}: {}\n{}", note.name, note.text)),
    };
    naming
}

/// Small and over the rail, cut where the rail ends.
fn paint_given_name(ui: &Ui, rail: Rect, given: &str) {
    let place = Rect::from_min_size(rail.min, vec2(rail.width(), 13.0));
    ui.painter_at(place).text(
        place.left_center() + vec2(2.0, 1.0),
        Align2::LEFT_CENTER,
        given,
        FontId::proportional(11.0),
        theme::palette(ui).text_weak,
    );
}

fn paint_map(ui: &Ui, rect: Rect, row: LatentRow<'_>) {
    let palette = theme::palette(ui);
    ui.painter().rect_filled(rect, 2.0, palette.well);
    if let Some(maps) = row.maps {
        maps.paint(ui, rect, row.dim);
    }
}

/// How much the dimension matters, against the one that matters most; nothing where that is not known.
fn importance_bar(ui: &Ui, rect: Rect, row: LatentRow<'_>) -> Option<Response> {
    let share = row.importance.of_the_most()?;
    let palette = theme::palette(ui);
    let id = ui.scope_id().with(("importance", row.dim));
    let response = ui.interact(rect.expand2(vec2(2.0, 10.0)), id, Sense::click());
    let filled = Rect::from_min_size(
        rect.min,
        vec2((rect.width() * share).max(1.0), rect.height()),
    );
    ui.painter().rect_filled(rect, 2.0, palette.well);
    ui.painter().rect_filled(filled, 2.0, palette.text_weak);
    let (text, hint) = importance_in_words(row);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &text));
    Some(response.on_hover_text(hint))
}

/// What the bar says, and what is behind it.
fn importance_in_words(row: LatentRow<'_>) -> (String, String) {
    let amount = row.importance.text().unwrap_or_default();
    match row.importance {
        Importance::Share { .. } => {
            let text = format!("z{} makes {amount}", row.dim);
            let hint = format!("{text}. {}", words::PRINCIPAL_AXES);
            (text, hint)
        }
        Importance::Nats { .. } | Importance::Unknown => {
            let text = format!("z{} carries {amount}", row.dim);
            let hint = format!(
                "{text} (KL). {} Dimensions that carry more change the image more.",
                words::KL.sentence
            );
            (text, hint)
        }
    }
}

fn value_field(ui: &mut Ui, rect: Rect, name: &str, sigmas: &mut f32) -> Response {
    let mut ui = ui.new_child(UiBuilder::new().max_rect(rect));
    // Quiet until it is pointed at: a column of buttons would outshine the sliders.
    ui.visuals_mut().widgets.inactive.weak_bg_fill = Color32::TRANSPARENT;
    ui.spacing_mut().interact_size.y = rect.height();
    ui.spacing_mut().button_padding = vec2(4.0, 1.0);
    let field = number_field(sigmas)
        .speed(0.01)
        .range(-TYPED_SIGMAS..=TYPED_SIGMAS)
        .clamp_existing_to_range(false)
        .min_size(rect.size())
        .custom_formatter(|value, _| format!("{value:+.2}"));
    ui.add(field)
        .on_hover_text(format!(
            "Value of {name} in sigma of the aggregate posterior. Click to type."
        ))
        .accessible_name(format!("value of {name}"))
}

fn lock_toggle(ui: &Ui, rect: Rect, name: &str, locked: &mut bool) -> Response {
    let palette = theme::palette(ui);
    let mut response = ui.interact(rect, ui.scope_id().with(("lock", name)), Sense::click());
    if response.clicked() {
        *locked = !*locked;
        response.mark_changed();
    }
    let shut = *locked;
    response
        .widget_info(|| WidgetInfo::selected(Role::CheckBox, true, shut, format!("lock {name}")));
    let color = match (shut, response.hovered() || response.has_focus()) {
        (true, _) => palette.accent,
        (false, true) => palette.text,
        (false, false) => palette.mark,
    };
    marks::padlock(
        ui.painter(),
        Rect::from_center_size(rect.center(), Vec2::splat(13.0)),
        color,
        shut,
    );
    if response.has_focus() {
        ui.painter().rect_stroke(
            rect,
            3.0,
            Stroke::new(1.0, palette.accent),
            StrokeKind::Inside,
        );
    }
    response.on_hover_text("Locked dimensions stay when you randomise or reset.")
}
