//! Panels beside the picture: a header with buttons, an edge to drag, a strip where they are folded.

use eframe::egui::{
    Align, Color32, CursorIcon, Layout, Painter, Panel, Rect, Response, Role, ScrollArea, Sense,
    Shape, Stroke, TextStyle, Ui, Vec2, WidgetInfo, epaint::TextShape, pos2, vec2,
};

use super::Context;
use crate::{
    state::dock::{DockCommand, DockLayout, DockSide, Docked, FOLDED},
    theme,
    widgets::caption,
};

/// Width and height of a button in a panel's header.
const BUTTON: Vec2 = vec2(22.0, 20.0);
/// Beside the buttons of a folded panel.
const STRIP_MARGIN: i8 = 3;
/// Half the width of the edge that can be dragged.
const EDGE: f32 = 3.5;

/// Shows a panel where it is: its header, and `body` unless it is folded, which it is by itself where the picture needs the room.
pub fn show(
    ui: &mut Ui,
    context: &mut Context<'_>,
    docked: Docked,
    body: impl FnOnce(&mut Ui, &mut Context<'_>),
) {
    let layout = &context.controls.layout;
    let window = ui.ctx().content_rect().width();
    let (least, largest) = DockLayout::limits(docked, window);
    let place = layout.place(docked);
    let unfolded = layout.width(docked, window);
    let width = unfolded.unwrap_or(FOLDED);
    let frame = if unfolded.is_some() {
        theme::panel_frame(ui, 12, 8)
    } else {
        theme::panel_frame(ui, STRIP_MARGIN, 8)
    };
    let panel = match place.side {
        DockSide::Left => Panel::left(docked.title()),
        DockSide::Right => Panel::right(docked.title()),
    };
    let shown = panel
        .exact_size(width)
        .resizable(false)
        .frame(frame)
        .show(ui, |ui| {
            if unfolded.is_none() {
                strip(ui, context, docked, place.side);
            } else {
                header(ui, context, docked, place.side);
                if width >= least {
                    body(ui, context);
                    return;
                }
                // What is wider than a panel that had to yield is scrolled to.
                let area = ScrollArea::horizontal().auto_shrink(false);
                area.show(ui, |ui| body(ui, context));
            }
        });
    if width >= least {
        let rect = shown.response.rect;
        let over = rect.width() - width;
        edge(ui, context, docked, rect, (over, least, largest));
    }
}

/// The panel's name and its buttons.
fn header(ui: &mut Ui, context: &mut Context<'_>, docked: Docked, side: DockSide) {
    ui.horizontal(|ui| {
        ui.set_height(BUTTON.y);
        ui.spacing_mut().item_spacing.x = 2.0;
        caption(ui, docked.title());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let name = docked.name();
            let out = match side {
                DockSide::Left => Vec2::LEFT,
                DockSide::Right => Vec2::RIGHT,
            };
            if button(ui, &format!("Fold {name}"), |painter, rect, ink| {
                chevron(painter, rect, out, ink);
            })
            .clicked()
            {
                context.send(DockCommand::Fold(docked));
            }
            let hint = format!("Move {name} to the other side");
            if button(ui, &hint, arrows).clicked() {
                context.send(DockCommand::Move(docked));
            }
        });
    });
}

/// What is left of a folded panel.
fn strip(ui: &mut Ui, context: &mut Context<'_>, docked: Docked, side: DockSide) {
    let inwards = match side {
        DockSide::Left => Vec2::RIGHT,
        DockSide::Right => Vec2::LEFT,
    };
    let name = format!("Unfold {}", docked.name());
    if button(ui, &name, |painter, rect, ink| {
        chevron(painter, rect, inwards, ink);
    })
    .clicked()
    {
        context.send(DockCommand::Unfold(docked));
    }
    let color = theme::palette(ui).text_weak;
    let font = TextStyle::Small.resolve(ui.style());
    let galley = ui
        .painter()
        .layout_no_wrap(docked.title().to_owned(), font, color);
    let center = ui.max_rect().center_top() + vec2(0.0, BUTTON.y + 16.0);
    // Read from top to bottom.
    let at = center + vec2(galley.size().y / 2.0, 0.0);
    let text = TextShape::new(at, galley, color).with_angle(std::f32::consts::FRAC_PI_2);
    ui.painter().add(text);
}

/// The inner edge: dragging it makes the panel wider, a double-click as wide as on the first day.
fn edge(
    ui: &Ui,
    context: &mut Context<'_>,
    docked: Docked,
    panel: Rect,
    (over, least, largest): (f32, f32, f32),
) {
    let layout = &mut context.controls.layout;
    let side = layout.place(docked).side;
    let x = match side {
        DockSide::Left => panel.right(),
        DockSide::Right => panel.left(),
    };
    let rect = Rect::from_x_y_ranges(x - EDGE..=x + EDGE, panel.y_range());
    let id = ui.scope_id().with(("edge", docked.title()));
    let response = ui.interact(rect, id, Sense::click_and_drag());
    response.widget_info(|| {
        WidgetInfo::labeled(Role::Splitter, true, format!("edge of {}", docked.name()))
    });
    let response = response.on_hover_and_drag_cursor(CursorIcon::ResizeHorizontal);
    if response.hovered() || response.dragged() || response.has_focus() {
        let stroke = Stroke::new(2.0, theme::palette(ui).accent);
        ui.painter().vline(x, panel.y_range(), stroke);
    }
    if response.double_clicked() {
        layout.reset_width(docked);
    } else if let Some(pointer) = response
        .interact_pointer_pos()
        .filter(|_| response.dragged())
    {
        let width = match side {
            DockSide::Left => pointer.x - panel.left(),
            DockSide::Right => panel.right() - pointer.x,
        };
        // Less what the panel's content makes it wider by, so that the edge stays under the pointer.
        let width = width - over;
        layout.set_width(docked, width.clamp(least, largest).round());
    }
}

/// A small button without a frame, with a painted sign.
fn button(ui: &mut Ui, name: &str, paint: impl FnOnce(&Painter, Rect, Color32)) -> Response {
    let (rect, response) = ui.allocate_exact_size(BUTTON, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    if ui.is_rect_visible(rect) {
        let palette = theme::palette(ui);
        let active = response.hovered() || response.has_focus();
        let ink = if active {
            ui.painter()
                .rect_filled(rect, theme::RADIUS, palette.surface_hovered);
            palette.text_strong
        } else {
            palette.text_weak
        };
        paint(ui.painter(), rect, ink);
    }
    response.on_hover_text(name)
}

/// An angle that points in `direction`.
fn chevron(painter: &Painter, rect: Rect, direction: Vec2, ink: Color32) {
    let side = direction.rot90();
    let points = [
        side * 4.0 - direction * 2.0,
        direction * 2.0,
        -side * 4.0 - direction * 2.0,
    ];
    let points = points.map(|point| rect.center() + point).to_vec();
    painter.add(Shape::line(points, Stroke::new(1.5, ink)));
}

/// Two arrows, one to each side.
fn arrows(painter: &Painter, rect: Rect, ink: Color32) {
    let stroke = Stroke::new(1.2, ink);
    for (sign, y) in [(1.0, -2.5), (-1.0, 2.5)] {
        let middle = rect.center() + vec2(0.0, y);
        let tip = middle + vec2(5.0 * sign, 0.0);
        painter.line_segment([middle - vec2(5.0 * sign, 0.0), tip], stroke);
        for up in [-2.5, 2.5] {
            let end = pos2(tip.x - 2.5 * sign, tip.y + up);
            painter.line_segment([tip, end], stroke);
        }
    }
}
