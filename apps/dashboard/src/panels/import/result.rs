//! What comes of the picture: the image that the model gets, what the judge says of it, and what is in doubt.

use classifier::Prediction;
use datasets::{ImageShape, Prepared};
use eframe::egui::{Label, RichText, Role, Sense, Ui, WidgetInfo, vec2};

use crate::{
    state::{import::Card, model::OpenModel},
    theme,
    widgets::{
        self,
        canvas::{self, Canvas},
        caption, top_bars,
    },
    words::{CANNOT_FIND, NO_JUDGE, SEARCHES},
};

/// Room for the image, in parts of the column's width.
const IMAGE: f32 = 0.5;
/// Height of two lines of doubts.
const DOUBTS: f32 = 38.0;
/// How many classes have a bar.
const BARS: usize = 3;

/// Shows it; `input` keeps the image's texture.
pub(super) fn ui(ui: &mut Ui, card: &Card, model: Option<&OpenModel>, input: &mut Canvas) {
    let (Some(model), Some(ready)) = (model, card.ready()) else {
        caption(ui, "Looking at the picture…");
        return;
    };
    widgets::title(ui, "What the model gets");
    let prepared = ready.prepared.as_ref();
    ui.horizontal_top(|ui| {
        slot(ui, model.shape(), prepared.ok(), input);
        ui.vertical(|ui| match prepared {
            Ok(_) => prediction(ui, model, card.prediction.as_ref()),
            Err(reason) => sentence(ui, reason, theme::palette(ui).bad),
        });
    });
    // Room for two lines, so that what is below stays where it is while doubts come and go.
    ui.scope(|ui| {
        ui.set_min_height(DOUBTS);
        for doubt in prepared.map_or(&[][..], |prepared| &prepared.warnings) {
            sentence(ui, &doubt.to_string(), theme::palette(ui).warn);
        }
    });
    if !model.finds_images() {
        caption(ui, CANNOT_FIND);
    } else if model.searches() {
        caption(ui, SEARCHES);
    }
}

/// A message of the library as a sentence.
fn sentence(ui: &mut Ui, text: &str, color: eframe::egui::Color32) {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let text = format!("{}{}.", first.collect::<String>(), letters.as_str());
    ui.add(Label::new(RichText::new(text).color(color)).wrap());
}

/// The image, or an empty place of its size.
fn slot(ui: &mut Ui, shape: ImageShape, prepared: Option<&Prepared>, input: &mut Canvas) {
    let room = ui.available_width() * IMAGE;
    let side = canvas::crisp_side(shape, room, ui.pixels_per_point());
    let (rect, response) = ui.allocate_exact_size(vec2(side, side), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "what the model gets"));
    ui.painter().rect_filled(rect, 0.0, theme::palette(ui).well);
    if let Some(Prepared { image, .. }) = prepared {
        input.paint(ui, rect, canvas::fingerprint(image), image, None);
    }
    let colour = if shape.is_colour() {
        "in colour"
    } else {
        "grey"
    };
    let size = format!("{} × {} pixels, {colour}", shape.width(), shape.height());
    response.on_hover_text(size);
}

fn prediction(ui: &mut Ui, model: &OpenModel, prediction: Option<&Prediction>) {
    let Some(judge) = &model.judge else {
        caption(ui, NO_JUDGE);
        return;
    };
    let Some(prediction) = prediction else {
        caption(ui, "Asking the judge…");
        return;
    };
    let name = model.judged_name(prediction.class);
    let color = theme::palette(ui).text_strong;
    let text = RichText::new(&name).size(24.0).color(color);
    let hint = "What the judge says of this image, before the model encodes it";
    ui.add(Label::new(text).truncate())
        .on_hover_text(format!("{name}. {hint}"));
    ui.scope(|ui| top_bars(ui, &judge.class_names, prediction, BARS));
}
