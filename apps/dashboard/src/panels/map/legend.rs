//! Which colour is which class. Clicking a class hides it, pointing at it brings it out.

use datasets::ClassId;
use eframe::egui::{Align2, Color32, Response, Role, Sense, TextStyle, Ui, WidgetInfo, pos2, vec2};

use super::MapPanel;
use crate::{panels::Context, state::classes::class_id, theme};

const HEIGHT: f32 = 22.0;
const DOT: f32 = 5.0;
const PADDING: f32 = 6.0;

impl MapPanel {
    pub(super) fn legend(&mut self, ui: &mut Ui, context: &Context<'_>) {
        let Some(manifest) = context.session.manifest(&context.controls.model) else {
            return;
        };
        self.view.lit = None;
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(4.0, 2.0);
            for (index, name) in manifest.class_names.iter().enumerate() {
                let Some(class) = class_id(index) else {
                    continue;
                };
                let shown = self.view.shows(class);
                let response = entry(ui, class, name, shown);
                if response.hovered() {
                    self.view.lit = Some(class).filter(|_| shown);
                }
                if response.clicked() && shown {
                    self.view.hidden.insert(class);
                } else if response.clicked() {
                    self.view.hidden.remove(&class);
                }
            }
        });
    }
}

fn entry(ui: &mut Ui, class: ClassId, name: &str, shown: bool) -> Response {
    let palette = theme::palette(ui);
    let font = TextStyle::Body.resolve(ui.style());
    let ink = if shown {
        palette.text
    } else {
        palette.text_weak
    };
    let text = ui.painter().layout_no_wrap(name.to_owned(), font, ink);
    let width = PADDING * 3.0 + 2.0 * DOT + text.size().x;
    let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::click());
    response.widget_info(|| {
        WidgetInfo::selected(Role::CheckBox, true, shown, format!("points of {name}"))
    });
    let live = response.hovered() || response.has_focus();
    let fill = if live {
        palette.surface_hovered
    } else {
        Color32::TRANSPARENT
    };
    let painter = ui.painter();
    painter.rect_filled(rect, theme::RADIUS, fill);
    let dot = pos2(rect.left() + PADDING + DOT, rect.center().y);
    if shown {
        painter.circle_filled(dot, DOT, palette.class(class));
    } else {
        painter.circle_stroke(dot, DOT - 0.75, (1.5, palette.class(class)));
    }
    let left = pos2(dot.x + DOT + PADDING, rect.center().y);
    painter.galley(
        Align2::LEFT_CENTER.anchor_size(left, text.size()).min,
        text,
        ink,
    );
    let hint = if shown { "hide" } else { "show" };
    response.on_hover_text(format!("{name}: click to {hint}"))
}
