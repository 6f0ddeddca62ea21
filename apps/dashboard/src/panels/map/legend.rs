//! What the colours say, and which mark is which class. Clicking a class hides it, pointing at it brings it out.

use std::ops::Range;

use datasets::ClassId;
use eframe::egui::{
    Align2, Color32, Response, Role, ScrollArea, Sense, TextStyle, Ui, WidgetInfo, pos2, vec2,
};

use super::MapPanel;
use crate::{
    panels::Context,
    state::{
        channel::Channel,
        classes::class_id,
        command::MapCommand,
        map::{Coloring, PointFigures},
        model::OpenModel,
    },
    theme::{self, PointMark},
    widgets::{caption, elided, graded_bar, hollow_mark, point_marks, thousands},
};

const HEIGHT: f32 = 22.0;
const DOT: f32 = 4.5;
/// Width of the bar of colours.
const BAR: f32 = 160.0;
const PADDING: f32 = 6.0;
const SPACING: f32 = 2.0;
/// More classes than this are in a list through which to scroll, of so many lines, in columns of this width.
const MOST_ENTRIES: usize = 24;
const LINES: f32 = 3.0;
const COLUMN: f32 = 112.0;
/// The widest name of an entry.
const LONGEST: f32 = 160.0;

impl MapPanel {
    pub(super) fn legend(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let session = context.session;
        let Some(model) = session.open(&context.controls.model) else {
            return;
        };
        let coloring = context.controls.map.coloring;
        self.in_color = !coloring.is_measured();
        if coloring.is_measured() {
            self.scale(ui, context, model, coloring);
        }
        self.view.lit = None;
        let info = model.info();
        if !info.has_classes() {
            if self.in_color {
                caption(
                    ui,
                    "These images have no classes, so all points have one colour.",
                );
            }
            return;
        }
        if info.classes() > MOST_ENTRIES {
            self.long_legend(ui, model);
            return;
        }
        let classes = 0..info.classes();
        self.entries(ui, model, classes);
    }

    /// The colours of what is measured, from the least to the most.
    fn scale(&self, ui: &mut Ui, context: &mut Context<'_>, model: &OpenModel, coloring: Coloring) {
        let points = self.points.as_ref().map_or(0, |points| points.cloud.len());
        let figures = PointFigures::of(context.answers());
        let scale = figures.scale(coloring, points);
        ui.horizontal_wrapped(|ui| {
            if let Some(missing) = coloring.missing(model) {
                caption(ui, format!("{missing}, so the points are grey."));
            } else if let Some(scale) = scale {
                let [low, high] = scale.ends();
                graded_bar(ui, BAR, coloring.title(), [&low, &high]);
                caption(ui, coloring.sentence());
            } else if context.session.pending(Channel::Survey) || points == 0 {
                caption(ui, format!("Measuring {} images…", thousands(points)));
            } else if ui
                .button("The images could not be measured. Try again")
                .clicked()
            {
                context.send(MapCommand::Retry);
            }
        });
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
        let palette = theme::palette(ui);
        let color = if self.in_color {
            palette.class(class)
        } else {
            palette.text_weak
        };
        let response = entry(ui, (class, color), (&name, width), shown);
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
fn entry(
    ui: &mut Ui,
    (class, color): (ClassId, Color32),
    (name, width): (&str, Option<f32>),
    shown: bool,
) -> Response {
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
    let mark = PointMark::of(class);
    if shown {
        point_marks(painter, DOT, [(dot, mark, color)]);
    } else {
        hollow_mark(painter, dot, DOT - 0.75, mark, color);
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
