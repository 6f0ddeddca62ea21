//! A side of the comparison, and the place of its three columns.

use datasets::ImageShape;
use eframe::egui::{
    Align, Label, Layout, Rect, RichText, Role, Sense, Stroke, StrokeKind, TextStyle, Ui,
    UiBuilder, Vec2, WidgetInfo,
};

use crate::{
    panels::{
        self, Context,
        common::{Three, evidence},
    },
    state::{compared::Compared, controls::View, model::OpenModel},
    theme,
    widgets::{
        self,
        canvas::{Canvas, Overlay},
        percent, probability_bars, top_bars,
    },
    words::NO_JUDGE,
};

const HEADER: f32 = 50.0;
const BAR: f32 = 21.0;
/// Height under a picture without its bars.
const LINES: f32 = 50.0;
/// From this height on there is room for the bars of all classes, and from the other one on for a few.
const ROOMY: f32 = 780.0;
const LOW: f32 = 360.0;
/// Bars of a side where there is little room, and where there is more.
const FEW_BARS: usize = 3;
const MORE_BARS: usize = 10;

/// Where the columns and their pictures are.
pub(super) struct Columns {
    places: Three,
    bars: usize,
}

/// The room that three columns need.
pub(super) fn least(ui: &Ui, context: &Context<'_>) -> Vec2 {
    Three::least(ui, panels::shape(context), HEADER + LINES)
}

/// Three columns in the middle of what is left.
pub(super) fn columns(ui: &Ui, shape: ImageShape) -> Columns {
    let room = ui.available_rect_before_wrap();
    let bars = match room.height() {
        height if height < LOW => 0,
        height if height < ROOMY => FEW_BARS,
        _ => MORE_BARS,
    };
    let footer = bars as f32 * BAR + LINES;
    let places = Three::new(ui, room, shape, HEADER, footer);
    Columns { places, bars }
}

/// What stands over a picture.
pub(super) struct Header<'a> {
    /// The picture, to a screen reader.
    pub name: &'a str,
    /// A quiet first line.
    pub caption: &'a str,
    /// The line that is read first.
    pub title: &'a str,
    /// A figure at its end; empty for none.
    pub figure: &'a str,
}

impl Columns {
    /// Width of a column.
    pub(super) fn width(&self) -> f32 {
        self.places.width()
    }

    /// Whether there is hardly a line under a picture.
    pub(super) fn is_low(&self) -> bool {
        self.bars == 0
    }

    /// A column: its header, what `paint` puts into the picture's place, and what `below` puts under it.
    pub(super) fn show(
        &self,
        ui: &mut Ui,
        place: usize,
        header: &Header<'_>,
        paint: impl FnOnce(&Ui, Rect),
        below: impl FnOnce(&mut Ui),
    ) {
        let (column, image) = (self.places.column(place), self.places.picture(place));
        ui.scope_builder(UiBuilder::new().max_rect(column).id_salt(place), |ui| {
            lines(ui, header);
            let response = ui.interact(image, ui.scope_id().with(header.name), Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(Role::Image, true, header.name));
            ui.painter()
                .rect_filled(image, 0.0, theme::palette(ui).well);
            paint(ui, image);
            let stroke = Stroke::new(1.0, theme::palette(ui).line);
            ui.painter()
                .rect_stroke(image, 0.0, stroke, StrokeKind::Outside);
            let under = UiBuilder::new().max_rect(self.places.under(place));
            ui.scope_builder(under, below);
        });
    }

    /// A side whose answer is here: picture, evidence and verdict.
    pub(super) fn side_of(
        &self,
        ui: &mut Ui,
        place: usize,
        canvas: &mut Canvas,
        (name, caption): (&str, &str),
        (compared, model): (&Compared, &OpenModel),
        view: View,
    ) {
        let Some(frame) = compared.frame() else {
            return;
        };
        let verdict = frame.verdict.as_ref();
        let said = verdict.map(|verdict| {
            let prediction = &verdict.prediction;
            let confidence = percent(prediction.confidence.into());
            (model.judged_name(prediction.class), confidence)
        });
        let (title, figure) = said
            .as_ref()
            .map_or(("", ""), |(title, figure)| (title, figure));
        let header = Header {
            name,
            caption,
            title,
            figure,
        };
        let overlay = verdict.filter(|_| view.overlay).map(|verdict| Overlay {
            heatmap: &verdict.predicted_map,
            color_map: view.color_map,
            opacity: view.opacity,
        });
        let paint = |ui: &Ui, rect: Rect| {
            canvas.paint(ui, rect, compared.revision, &frame.image, overlay);
        };
        self.show(ui, place, &header, paint, |ui| {
            if let (Some(verdict), Some(judge)) = (verdict, &model.judge) {
                let (names, prediction) = (&judge.class_names, &verdict.prediction);
                ui.scope(|ui| {
                    match self.bars {
                        // The class is over the picture already.
                        0 => {}
                        few if few < names.len() => top_bars(ui, names, prediction, few),
                        _ => probability_bars(ui, names, prediction),
                    }
                });
                ui.spacing_mut().item_spacing.y = 2.0;
                evidence(ui, verdict.predicted_map.raw_max, compared.method());
            } else {
                widgets::caption(ui, NO_JUDGE);
            }
            if let Some(found) = compared.reconstruction() {
                let error = format!("Squared error {:.5} a pixel", found.squared_error);
                let text = RichText::new(error).text_style(TextStyle::Monospace);
                ui.add(Label::new(text).truncate()).on_hover_text(
                    "Mean over the pixels of the squared difference between the input and this reconstruction.",
                );
            }
        });
    }

    /// A side that has nothing to show, and why.
    pub(super) fn empty(&self, ui: &mut Ui, place: usize, name: &str, caption: &str, why: &str) {
        let header = Header {
            name,
            caption,
            title: "",
            figure: "",
        };
        self.show(
            ui,
            place,
            &header,
            |_, _| {},
            |ui| {
                widgets::caption(ui, why);
            },
        );
    }
}

fn lines(ui: &mut Ui, header: &Header<'_>) {
    let palette = theme::palette(ui);
    let small = RichText::new(header.caption)
        .color(palette.text_weak)
        .text_style(TextStyle::Small);
    ui.add(Label::new(small).truncate());
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if !header.figure.is_empty() {
                widgets::figure(ui, header.figure)
                    .on_hover_text("Calibrated probability of this class");
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let title = RichText::new(header.title)
                    .size(17.0)
                    .color(palette.text_strong);
                ui.add(Label::new(title).truncate());
            });
        });
    });
}
