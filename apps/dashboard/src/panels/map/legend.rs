//! Which colour is which class. Clicking a class hides it, pointing at it brings it out.

use std::ops::Range;

use datasets::ClassId;
use eframe::egui::{
    Align2, Color32, Response, Role, ScrollArea, Sense, TextStyle, Ui, WidgetInfo, pos2, vec2,
};

use super::MapPanel;
use crate::{
    panels::Context,
    state::{classes::class_id, model::OpenModel},
    theme,
    widgets::{caption, elided},
};

const HEIGHT: f32 = 22.0;
const DOT: f32 = 5.0;
const PADDING: f32 = 6.0;
const SPACING: f32 = 2.0;
/// More classes than this are in a list through which to scroll, of so many lines, in columns of this width.
const MOST_ENTRIES: usize = 24;
const LINES: f32 = 3.0;
const COLUMN: f32 = 112.0;
/// The widest name of an entry.
const LONGEST: f32 = 160.0;

impl MapPanel {
    pub(super) fn legend(&mut self, ui: &mut Ui, context: &Context<'_>) {
        let Some(model) = context.session.open(&context.controls.model) else {
            return;
        };
        self.view.lit = None;
        let info = model.info();
        if !info.has_classes() {
            caption(
                ui,
                "These images have no classes, so all points have one colour.",
            );
            return;
        }
        if info.classes() > MOST_ENTRIES {
            self.long_legend(ui, model);
            return;
        }
        let classes = 0..info.classes();
        self.entries(ui, model, classes);
    }

    /// Many classes take a few lines, through which the person scrolls.
    fn long_legend(&mut self, ui: &mut Ui, model: &OpenModel) {
        let rows = ScrollArea::vertical()
            .id_salt("map legend")
            .max_height(LINES * (HEIGHT + SPACING))
            .auto_shrink([false, true]);
        let columns = ((ui.available_width() / COLUMN) as usize).max(1);
        let classes = model.info().classes();
        let lines = classes.div_ceil(columns);
        rows.show_rows(ui, HEIGHT, lines, |ui, shown| {
            for line in shown {
                let end = classes.min((line + 1) * columns);
                ui.horizontal(|ui| self.entries_in_line(ui, model, line * columns..end));
            }
        });
    }

    fn entries_in_line(&mut self, ui: &mut Ui, model: &OpenModel, classes: Range<usize>) {
        ui.spacing_mut().item_spacing = vec2(SPACING, SPACING);
        for class in classes.filter_map(class_id) {
            self.one(ui, model, class, Some(COLUMN - SPACING));
        }
    }

    fn entries(&mut self, ui: &mut Ui, model: &OpenModel, classes: Range<usize>) {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(4.0, 2.0);
            for class in classes.filter_map(class_id) {
                self.one(ui, model, class, None);
            }
        });
    }

    fn one(&mut self, ui: &mut Ui, model: &OpenModel, class: ClassId, width: Option<f32>) {
        let name = model.info().class_name(class);
        let shown = self.view.shows(class);
        let response = entry(ui, class, (&name, width), shown);
        if response.hovered() {
            self.view.lit = Some(class).filter(|_| shown);
        }
        if response.clicked() && shown {
            self.view.hidden.insert(class);
        } else if response.clicked() {
            self.view.hidden.remove(&class);
        }
    }
}

/// `width` is that of the whole entry, where all have the same.
fn entry(ui: &mut Ui, class: ClassId, (name, width): (&str, Option<f32>), shown: bool) -> Response {
    let palette = theme::palette(ui);
    let font = TextStyle::Body.resolve(ui.style());
    let ink = if shown {
        palette.text
    } else {
        palette.text_weak
    };
    let around = PADDING * 3.0 + 2.0 * DOT;
    let room = width.map_or(LONGEST, |width| width - around);
    let text = elided(ui.painter(), name, font, ink, room);
    let width = width.unwrap_or(around + text.size().x);
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
