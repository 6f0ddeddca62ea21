//! A slider in standard deviations of the aggregate posterior.

use eframe::egui::{
    EventFilter, Id, Key, Rect, Response, Sense, Stroke, Ui, WidgetInfo,
    accesskit::{Action, ActionData},
    emath::GuiRounding as _,
    pos2,
};

use crate::{state::controls::RANGE_SIGMAS, theme};

/// How far an arrow key moves a slider, in sigma; with Shift a tenth of it.
pub(super) const KEY_STEP: f32 = 0.1;
/// How much slower a drag is with Shift held.
pub(super) const FINE: f32 = 0.1;

/// A rail from -3 to +3 sigma with its middle marked.
pub(super) fn sigma_slider(ui: &Ui, rect: Rect, label: &str, sigmas: &mut f32) -> Response {
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
    // On whole pixels: a rail that is spread over three is too faint to be seen.
    let y = rect.center().y.round_to_pixels(ui.pixels_per_point());
    let x_of = |value: f32| travel.center() + value / RANGE_SIGMAS * travel.span() / 2.0;
    let rail = Rect::from_min_max(pos2(travel.min, y - 1.0), pos2(travel.max, y + 1.0));
    painter.rect_filled(rail, 0.0, palette.mark);
    for tick in -2..=2 {
        let reach = if tick == 0 { 6.0 } else { 3.5 };
        let x = ui.painter().round_to_pixel_center(x_of(tick as f32));
        painter.vline(x, y - reach..=y + reach, Stroke::new(1.0, palette.mark));
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
