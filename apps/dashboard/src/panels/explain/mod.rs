//! Explain: where the classifier found its evidence, for the class that was meant beside the one that it predicted.

use datasets::{ClassId, Layer};
use eframe::egui::{
    Align, CentralPanel, ComboBox, Label, Layout, Panel, Rect, RichText, Role, Sense, Stroke,
    StrokeKind, Ui, UiBuilder, WidgetInfo,
};
use explain::Method;

mod choice;
mod counterfactual;

use self::{
    choice::{target_choice, view_choice},
    counterfactual::CounterfactualView,
};
use crate::{
    panels::{
        self, Context, Open,
        common::{Three, evidence, explanation, heatmap_controls, judge, roomy},
    },
    state::{
        answers::Answer,
        controls::View,
        model::OpenModel,
        scene::Scene,
        shown::{Evidence, Shown},
    },
    theme,
    widgets::{
        self, canvas::Canvas, caption, checkbox, color_bar, overflow_row, percent, segments,
    },
};

const HEADER: f32 = 50.0;
const FOOTER: f32 = 52.0;

/// Room for a probability.
const FIGURE: f32 = 66.0;
/// Width of the list of targets.
const TARGET: f32 = 120.0;

/// What Explain keeps between passes: textures.
#[derive(Default)]
pub struct ExplainPanel {
    original: Canvas,
    target: Canvas,
    predicted: Canvas,
    counterfactual: CounterfactualView,
}

/// One of the three pictures.
struct Picture {
    label: &'static str,
    evidence: Option<Evidence>,
    class: Option<ClassId>,
}

impl ExplainPanel {
    /// Shows the space.
    pub fn ui(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let open = context.session.open(&context.controls.model);
        if open.is_some_and(|open| open.judge.is_none()) {
            return unjudged(ui, context);
        }
        if context.controls.counterfactual {
            self.counterfactual.ui(ui, context);
            return;
        }
        Panel::top("explain controls")
            .exact_size(48.0)
            .resizable(false)
            .frame(theme::panel_frame(ui, 16, 8))
            .show(ui, |ui| controls(ui, context));
        explanation(ui, "explain words", 96.0, &words(context), LIMITS);
        let frame = theme::panel_frame(ui, 16, 12).fill(theme::palette(ui).background);
        CentralPanel::default().frame(frame).show(ui, |ui| {
            let least = Three::least(ui, panels::shape(context), HEADER + FOOTER);
            roomy(ui, least, |ui| self.pictures(ui, context));
        });
    }

    fn pictures(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let view = context.controls.view;
        let Some(Open {
            model,
            answers,
            scene,
            ..
        }) = panels::open(context.controls, context.session)
        else {
            return;
        };
        let Some(answer) = &answers.frame else { return };
        let room = ui.available_rect_before_wrap();
        let places = Three::new(ui, room, model.shape(), HEADER, FOOTER);
        let frame = &answer.value;
        let target = answer.scene.explained(frame.prediction());
        let pictures = [
            Picture {
                label: "Image",
                evidence: None,
                class: None,
            },
            Picture {
                label: "Evidence for the target",
                evidence: Some(Evidence::Target),
                class: target,
            },
            Picture {
                label: "Evidence for the prediction",
                evidence: Some(Evidence::Predicted),
                class: frame.prediction().map(|prediction| prediction.class),
            },
        ];
        for (index, picture) in pictures.iter().enumerate() {
            let column = places.column(index);
            ui.scope_builder(UiBuilder::new().max_rect(column).id_salt(index), |ui| {
                header(
                    ui,
                    picture,
                    model,
                    answer,
                    (index == 1).then_some(&mut *scene),
                );
                let canvas = match index {
                    0 => &mut self.original,
                    1 => &mut self.target,
                    _ => &mut self.predicted,
                };
                paint(ui, canvas, places.picture(index), picture, answer, view);
                let under = UiBuilder::new().max_rect(places.under(index));
                ui.scope_builder(under, |ui| {
                    footer(ui, picture, answer);
                });
            });
        }
    }
}

fn paint(
    ui: &Ui,
    canvas: &mut Canvas,
    rect: Rect,
    picture: &Picture,
    answer: &Answer<Shown>,
    view: View,
) {
    let response = ui.interact(rect, ui.scope_id().with(picture.label), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, picture.label));
    ui.painter().rect_filled(rect, 0.0, theme::palette(ui).well);
    canvas.show(ui, rect, answer, picture.evidence, view);
    let stroke = Stroke::new(1.0, theme::palette(ui).line);
    ui.painter()
        .rect_stroke(rect, 0.0, stroke, StrokeKind::Outside);
}

fn header(
    ui: &mut Ui,
    picture: &Picture,
    model: &OpenModel,
    answer: &Answer<Shown>,
    scene: Option<&mut Scene>,
) {
    let palette = theme::palette(ui);
    let follows = scene.as_ref().is_some_and(|scene| !scene.target_is_chosen);
    let heading = if follows {
        "Evidence for the runner-up"
    } else {
        picture.label
    };
    caption(ui, heading);
    ui.horizontal(|ui| {
        match (scene, picture.class) {
            (Some(scene), Some(target)) => {
                let judge = model.judge.as_ref();
                let names = judge.map(|judge| judge.class_names.as_slice());
                target_choice(ui, scene, target, names.unwrap_or_default(), TARGET);
            }
            (None, Some(class)) => {
                let name = model.judged_name(class);
                let text = RichText::new(&name).size(17.0).color(palette.text_strong);
                let room = (ui.available_width() - FIGURE).max(0.0);
                ui.scope(|ui| {
                    ui.set_max_width(room);
                    ui.add(Label::new(text).truncate()).on_hover_text(name);
                });
            }
            (Some(_), None) => {
                caption(ui, "There is no other class");
            }
            (None, None) => {
                ui.label(
                    RichText::new("as the model drew it")
                        .size(17.0)
                        .color(palette.text_strong),
                );
            }
        }
        let probability = picture
            .class
            .and_then(|class| answer.value.prediction()?.probabilities.get(class.index()));
        if let Some(&probability) = probability {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                widgets::figure(ui, percent(probability.into()))
                    .on_hover_text("Calibrated probability of this class");
            });
        }
    });
}

fn footer(ui: &mut Ui, picture: &Picture, answer: &Answer<Shown>) {
    let Some(which) = picture.evidence else {
        caption(ui, "Every pixel is the decoder's.");
        return;
    };
    if let Some(raw_max) = answer.value.strength(which) {
        evidence(ui, raw_max, answer.scene.method);
    } else {
        caption(ui, "Waiting for this heatmap…");
    }
}

/// What can be set in the row on top.
#[derive(Clone, Copy)]
enum Setting {
    Method,
    Layer,
    Contrast,
    Heatmap,
    Legend,
}

const SETTINGS: [Setting; 5] = [
    Setting::Method,
    Setting::Layer,
    Setting::Contrast,
    Setting::Heatmap,
    Setting::Legend,
];

fn controls(ui: &mut Ui, context: &mut Context<'_>) {
    ui.horizontal_centered(|ui| {
        view_choice(ui, context);
        let session = context.session;
        let open = session.open(&context.controls.model);
        let judge = open.and_then(|open| open.judge.as_ref());
        let layers = judge.map_or(&[][..], |judge| judge.layers.as_slice());
        overflow_row(ui, "Explain's row", &SETTINGS, 0.0, |ui, setting| {
            control(ui, context, layers, setting);
        });
    });
}

fn control(ui: &mut Ui, context: &mut Context<'_>, layers: &[(Layer, usize)], setting: Setting) {
    let narrow = theme::is_narrow(ui);
    let controls = &mut *context.controls;
    match setting {
        Setting::Heatmap => {
            if !narrow {
                ui.label("Opacity");
            }
            heatmap_controls(ui, &mut controls.view, false);
        }
        Setting::Legend => {
            color_bar(ui, controls.view.color_map, 120.0);
        }
        Setting::Method | Setting::Layer | Setting::Contrast => {
            let Some(scene) = controls.scene_mut() else {
                return;
            };
            match setting {
                Setting::Layer => {
                    ui.label("Layer").on_hover_text(STAGES);
                    layer(ui, scene, layers);
                }
                Setting::Contrast => {
                    checkbox(ui, &mut scene.contrast, "Contrast").on_hover_text(CONTRAST);
                }
                _ => {
                    if !narrow {
                        ui.label("Method");
                    }
                    method_combo(ui, scene);
                }
            }
        }
    }
    ui.add_space(theme::GAP);
}

/// The layers of the judge, first to last, by the sides of their maps.
fn layer(ui: &mut Ui, scene: &mut Scene, layers: &[(Layer, usize)]) {
    let Some((last, _)) = layers.last() else {
        return;
    };
    let chosen = scene.layer.min(*last);
    let narrow = theme::is_narrow(ui);
    let name = |side: usize| {
        if narrow {
            side.to_string()
        } else {
            format!("{side} × {side}")
        }
    };
    let choices = layers.iter().map(|(layer, side)| (*layer, name(*side)));
    scene.layer = segments(ui, chosen, choices).unwrap_or(scene.layer);
}

/// In place of the pictures where nobody judges.
fn unjudged(ui: &mut Ui, context: &mut Context<'_>) {
    let frame = theme::panel_frame(ui, 16, 16).fill(theme::palette(ui).background);
    CentralPanel::default().frame(frame).show(ui, |ui| {
        ui.vertical_centered(|ui| {
            ui.add_space(ui.available_height() * 0.36);
            widgets::title(ui, "There is no evidence without a judge");
            judge::missing(ui, context);
        });
    });
}

fn method_combo(ui: &mut Ui, scene: &mut Scene) {
    let combo = ComboBox::from_id_salt("method")
        .width(128.0)
        .selected_text(scene.method.name());
    let response = combo.show_ui(ui, |ui| {
        for method in Method::ALL {
            ui.selectable_value(&mut scene.method, method, method.name())
                .on_hover_text(in_words(method));
        }
    });
    response.response.accessible_name("method");
}

const STAGES: &str =
    "Early layers see fine detail and little meaning, late ones the other way round.";

const CONTRAST: &str = "Each map shows what speaks for its class and not for the other one, or not for the runner-up \
                        where both are the same class.";

/// What a method does, in a sentence.
fn in_words(method: Method) -> &'static str {
    match method {
        Method::GradCam => {
            "Grad-CAM weighs each feature map of the layer by how much its mean pushes the score up."
        }
        Method::GradCamPlusPlus => {
            "Grad-CAM++ counts only the cells that push the score up, and few of them as much as many: good for small or \
             repeated parts."
        }
        Method::LayerCam => {
            "LayerCAM weighs every cell of every feature map by its own push, which keeps early layers sharp."
        }
        Method::Fused => {
            "Fused LayerCAM lays this layer's map and those of all later ones over each other, each scaled to its own \
             maximum."
        }
        Method::Pixels => {
            "Pixel evidence carries Grad-CAM's map to the pixels and counts each only as much as it is bright: on digits and \
             clothes the most faithful of these at the last layer. Evaluate shows it for each model."
        }
    }
}

/// What the maps that are shown are.
fn words(context: &Context<'_>) -> String {
    let (method, contrast) = context
        .controls
        .scene()
        .map_or_else(Default::default, |scene| (scene.method, scene.contrast));
    let contrast = if contrast { CONTRAST } else { "" };
    let text = format!("{} {STAGES} {contrast}", in_words(method));
    text.trim_end().to_owned()
}

const LIMITS: &str = "No map shows what pushes the score down, whether the classifier is right, or why the model drew the picture so. Each is \
     scaled to its own maximum, which stands under it in logits: compare maps by that figure, not by their brightness.";
