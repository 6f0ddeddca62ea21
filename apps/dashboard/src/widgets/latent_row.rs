//! One latent dimension: what it changes, its name, its KL, a slider, its value and a lock.

use eframe::egui::{
    Align2, Color32, DragValue, EventFilter, Id, Key, Rect, Response, Role, Sense, Stroke,
    StrokeKind, TextStyle, Ui, UiBuilder, Vec2, WidgetInfo,
    accesskit::{Action, ActionData},
    pos2, vec2,
};

use super::marks;
use crate::{canvas::Atlas, controls::RANGE_SIGMAS, theme};

const HEIGHT: f32 = 30.0;
const MAP: f32 = 24.0;
const NAME: f32 = 26.0;
const KL: f32 = 26.0;
const VALUE: f32 = 54.0;
const LOCK: f32 = 18.0;
const SPACE: f32 = 6.0;
/// How far an arrow key moves a slider, in sigma; with Shift a tenth of it.
const KEY_STEP: f32 = 0.1;
/// How much slower a drag is with Shift held.
const FINE: f32 = 0.1;
/// Typed values may go beyond the slider, up to this many sigma.
const TYPED_SIGMAS: f32 = 9.0;

/// What a row shows.
#[derive(Clone, Copy)]
pub struct LatentRow<'a> {
    /// The dimension, from 0.
    pub dim: usize,
    /// Its mean divergence from the prior, in nats.
    pub kl_nats: f32,
    /// The largest such divergence of all dimensions, in nats: the full width of the bar.
    pub max_kl_nats: f32,
    /// Whether it is the selected one.
    pub selected: bool,
    /// The effect maps, if they are known.
    pub maps: Option<&'a Atlas>,
}

/// What happened to a row.
pub struct RowResponse {
    /// Whether the value was changed, in any way.
    pub changed: bool,
    /// Whether the person chose this dimension.
    pub chosen: bool,
    /// Whether the pointer is on the row.
    pub hovered: bool,
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
    paint_map(ui, column(MAP, MAP), row);
    let name_rect = column(NAME, HEIGHT);
    let kl_rect = column(KL, 5.0);
    let rail = rect.width() - (MAP + NAME + KL + VALUE + LOCK) - 6.5 * SPACE - 2.0;
    let slider_rect = column(rail, HEIGHT);
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
    let kl = kl_bar(ui, kl_rect, row);
    let label = format!("{name}, {:.2} nats", row.kl_nats);
    let slider = sigma_slider(ui, slider_rect, &label, sigmas);
    let value = value_field(ui, value_rect, &name, sigmas);
    let lock = lock_toggle(ui, lock_rect, &name, locked);
    let changed = slider.changed() || value.changed();
    RowResponse {
        changed,
        chosen: back.clicked()
            || kl.clicked()
            || changed
            || lock.changed()
            || slider.gained_focus(),
        hovered,
    }
}

fn paint_map(ui: &Ui, rect: Rect, row: LatentRow<'_>) {
    let palette = theme::palette(ui);
    ui.painter().rect_filled(rect, 2.0, palette.well);
    if let Some(maps) = row.maps {
        maps.paint(ui, rect, row.dim);
    }
}

fn kl_bar(ui: &Ui, rect: Rect, row: LatentRow<'_>) -> Response {
    let palette = theme::palette(ui);
    let id = ui.scope_id().with(("kl", row.dim));
    let response = ui.interact(rect.expand2(vec2(2.0, 10.0)), id, Sense::click());
    let share = (row.kl_nats / row.max_kl_nats.max(f32::EPSILON)).clamp(0.0, 1.0);
    let filled = Rect::from_min_size(
        rect.min,
        vec2((rect.width() * share).max(1.0), rect.height()),
    );
    ui.painter().rect_filled(rect, 2.0, palette.well);
    ui.painter().rect_filled(filled, 2.0, palette.text_weak);
    let text = format!("z{} carries {:.2} nats", row.dim, row.kl_nats);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &text));
    response.on_hover_text(format!(
        "{text}: its mean divergence (KL) from the prior over the training images. Dimensions that carry more change \
         the image more."
    ))
}

/// A rail from -3 to +3 sigma with its middle marked.
fn sigma_slider(ui: &Ui, rect: Rect, label: &str, sigmas: &mut f32) -> Response {
    let id = ui.scope_id().with(label);
    let mut response = ui.interact(rect, id, Sense::click_and_drag());
    let travel = rect.x_range().shrink(7.0);
    let per_point = 2.0 * RANGE_SIGMAS / travel.span();
    let before = *sigmas;
    if response.drag_started() || response.clicked() {
        response.request_focus();
    }
    let fine = ui.input(|input| input.modifiers.shift);
    if let Some(pointer) = response
        .interact_pointer_pos()
        .filter(|_| response.dragged() || response.clicked())
    {
        if fine {
            *sigmas = (*sigmas + response.drag_delta().x * per_point * FINE)
                .clamp(-RANGE_SIGMAS, RANGE_SIGMAS);
        } else {
            let at = (pointer.x - travel.center()) * per_point;
            *sigmas = at.clamp(-RANGE_SIGMAS, RANGE_SIGMAS);
        }
    }
    *sigmas = keyboard(ui, &response, id, fine, *sigmas);
    if response.double_clicked() {
        *sigmas = 0.0;
    }
    if sigmas.to_bits() != before.to_bits() {
        response.mark_changed();
    }
    let value = *sigmas;
    response.widget_info(|| WidgetInfo::slider(ui.is_enabled(), value.into(), label));
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_min_numeric_value((-RANGE_SIGMAS).into());
        node.set_max_numeric_value(RANGE_SIGMAS.into());
        node.set_numeric_value_step(KEY_STEP.into());
        node.add_action(Action::SetValue);
        node.add_action(Action::Increment);
        node.add_action(Action::Decrement);
    });
    paint_slider(ui, rect, &response, value);
    response
}

/// The value after what the keyboard and a screen reader asked for.
fn keyboard(ui: &Ui, response: &Response, id: Id, fine: bool, mut sigmas: f32) -> f32 {
    let step = if fine { KEY_STEP * FINE } else { KEY_STEP };
    let mut steps = 0;
    if response.has_focus() {
        let filter = EventFilter {
            horizontal_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        ui.input(|input| {
            steps += input.num_presses(Key::ArrowRight) as i64
                - input.num_presses(Key::ArrowLeft) as i64;
            if input.key_pressed(Key::Delete) {
                sigmas = 0.0;
            }
        });
    }
    ui.input(|input| {
        steps += input.num_accesskit_action_requests(id, Action::Increment) as i64;
        steps -= input.num_accesskit_action_requests(id, Action::Decrement) as i64;
        for request in input.accesskit_action_requests(id, Action::SetValue) {
            if let Some(ActionData::NumericValue(value)) = request.data {
                sigmas = (value as f32).clamp(-RANGE_SIGMAS, RANGE_SIGMAS);
            }
        }
    });
    if steps == 0 {
        sigmas
    } else {
        (sigmas + steps as f32 * step).clamp(-RANGE_SIGMAS, RANGE_SIGMAS)
    }
}

fn paint_slider(ui: &Ui, rect: Rect, response: &Response, sigmas: f32) {
    let palette = theme::palette(ui);
    let painter = ui.painter();
    let travel = rect.x_range().shrink(7.0);
    let y = rect.center().y;
    let x_of = |value: f32| travel.center() + value / RANGE_SIGMAS * travel.span() / 2.0;
    let rail = Rect::from_min_max(pos2(travel.min, y - 2.0), pos2(travel.max, y + 2.0));
    painter.rect_filled(rail, 2.0, palette.well);
    for tick in -2..=2 {
        let reach = if tick == 0 { 6.0 } else { 3.5 };
        let x = ui.painter().round_to_pixel_center(x_of(tick as f32));
        painter.vline(x, y - reach..=y + reach, Stroke::new(1.0, palette.line));
    }
    let x = x_of(sigmas.clamp(-RANGE_SIGMAS, RANGE_SIGMAS));
    let (from, to) = (x.min(travel.center()), x.max(travel.center()));
    painter.rect_filled(
        Rect::from_min_max(pos2(from, y - 2.0), pos2(to, y + 2.0)),
        2.0,
        palette.accent,
    );
    let live = response.hovered() || response.dragged() || response.has_focus();
    let radius = if live { 7.0 } else { 6.0 };
    let fill = if live {
        palette.text_strong
    } else {
        palette.text
    };
    painter.circle_filled(pos2(x, y), radius, fill);
    if response.has_focus() {
        painter.circle_stroke(pos2(x, y), radius + 2.0, Stroke::new(1.5, palette.accent));
    }
}

fn value_field(ui: &mut Ui, rect: Rect, name: &str, sigmas: &mut f32) -> Response {
    let mut ui = ui.new_child(UiBuilder::new().max_rect(rect));
    // Quiet until it is pointed at: a column of buttons would outshine the sliders.
    ui.visuals_mut().widgets.inactive.weak_bg_fill = Color32::TRANSPARENT;
    ui.spacing_mut().interact_size.y = rect.height();
    ui.spacing_mut().button_padding = vec2(4.0, 1.0);
    let field = DragValue::new(sigmas)
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
        (false, false) => palette.text_weak.gamma_multiply(0.5),
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
