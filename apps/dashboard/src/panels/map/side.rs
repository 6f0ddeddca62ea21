//! Beside the map: the image at the cursor and what the classifier says, and the group that a line was drawn around.

use eframe::egui::{
    Align, Align2, Button, Layout, Rect, Role, Sense, Stroke, StrokeKind, TextStyle, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};

use super::MapPanel;
use crate::{
    panels::{
        self, Context, Open,
        common::{realism, verdict},
    },
    state::{
        answers::judged, classes::class_id, command::MapCommand, map::Group, model::OpenModel,
        origin::start_in_words, scene::Start,
    },
    theme,
    widgets::{canvas, caption, elided, percent},
};

/// Side of the image, and of two beside each other.
const LARGE: f32 = 196.0;
const HALF: f32 = 112.0;
const ROW: f32 = 19.0;
const COUNT: f32 = 34.0;
const NAME: f32 = 88.0;
/// Classes of a group that have a bar.
const MOST_COUNTS: usize = 10;

impl MapPanel {
    pub(super) fn side(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let group = self.view.group.clone();
        let side = if group.is_some() { HALF } else { LARGE };
        let Some(shape) = panels::shape(context) else {
            return;
        };
        let side = canvas::crisp_side(shape, side, ui.pixels_per_point());
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.set_width(side);
                if group.is_some() {
                    caption(ui, "At the cursor");
                }
                self.image(ui, context, side);
            });
            if let Some(group) = &group {
                ui.vertical(|ui| {
                    ui.set_width(side);
                    caption(ui, format!("Mean of {}", group.members.len()));
                    self.mean(ui, context, side);
                });
            }
        });
        if let Some(group) = group {
            ui.add_space(4.0);
            self.group_words(ui, context, &group);
            ui.separator();
        } else if let Some(open) = panels::open(context.controls, context.session) {
            caption(ui, start_in_words(open.scene, open.model));
        }
        self.groups(ui, context);
        ui.add_space(4.0);
        verdict::ui(ui, context);
        if let Some(answer) = &context.answers().realism {
            ui.add_space(theme::GAP);
            let width = ui.available_width();
            realism::ui(ui, width, answer.value);
        }
        self.pins(ui, context);
    }

    fn image(&mut self, ui: &mut Ui, context: &Context<'_>, side: f32) {
        let rect = picture(ui, side, "decoded image");
        if let Some(answer) = &context.answers().frame {
            let view = context.controls.view;
            self.canvas.show(ui, rect, answer, None, view);
        }
    }

    fn mean(&mut self, ui: &mut Ui, context: &Context<'_>, side: f32) {
        let rect = picture(ui, side, "decoded mean of the group");
        if let Some(answer) = &context.answers().group
            && let Some(image) = answer.value.images.first()
        {
            self.mean.paint(ui, rect, answer.revision, image, None);
        }
    }

    fn group_words(&mut self, ui: &mut Ui, context: &mut Context<'_>, group: &Group) {
        let Some(Open {
            model,
            answers,
            scene,
            ..
        }) = panels::open(context.controls, context.session)
        else {
            return;
        };
        let answer = answers.group.as_ref();
        let said = answer.and_then(|answer| judged(&answer.value)?.first());
        if let Some(prediction) = said {
            let name = model.judged_name(prediction.class);
            let confidence = percent(prediction.confidence.into());
            caption(
                ui,
                format!("The mean is taken for {name}, {}", confidence.trim()),
            );
        }
        if model.info().has_classes() {
            ui.scope(|ui| counts(ui, group, model));
        }
        ui.add_space(4.0);
        let mut keep = false;
        ui.horizontal(|ui| {
            if ui.button("Go to the mean").clicked() {
                let count = group.members.len();
                scene.go(group.mean.clone(), Start::Group { count });
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let clear = ui.add(Button::new("Clear").frame_when_inactive(false));
                let clear = clear.on_hover_text("Take the group away (Esc)");
                if clear.accessible_name("Clear the group").clicked() {
                    self.view.clear_group();
                }
                let hint = "Keep these points with the model. Two groups make a direction: a slider from one to the other";
                keep = ui.button("Keep").on_hover_text(hint).accessible_name("Keep the group").clicked();
            });
        });
        if keep {
            context.send(MapCommand::KeepGroup);
        }
    }
}

/// Room for a picture, with a thin frame.
fn picture(ui: &mut Ui, side: f32, label: &str) -> Rect {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, label));
    ui.painter().rect_filled(rect, 0.0, theme::palette(ui).well);
    let stroke = Stroke::new(1.0, theme::palette(ui).line);
    ui.painter()
        .rect_stroke(rect, 0.0, stroke, StrokeKind::Outside);
    rect
}

/// How many points of the group are of each class, the most frequent first.
fn counts(ui: &mut Ui, group: &Group, model: &OpenModel) {
    let palette = theme::palette(ui);
    let mut counts: Vec<(usize, usize)> = group.counts.iter().copied().enumerate().collect();
    counts.retain(|(_, count)| *count > 0);
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    ui.spacing_mut().item_spacing.y = 0.0;
    let rest = counts.split_off(counts.len().min(MOST_COUNTS));
    for (index, count) in counts {
        let Some(class) = class_id(index) else {
            continue;
        };
        let name = model.info().class_name(class);
        let size = vec2(ui.available_width(), ROW);
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        response.widget_info(|| {
            WidgetInfo::labeled(Role::Meter, true, format!("{count} of {name} in the group"))
        });
        let font = TextStyle::Body.resolve(ui.style());
        let text = elided(ui.painter(), &name, font, palette.text, NAME - 4.0);
        if text.elided {
            response.on_hover_text(name);
        }
        let at = Align2::LEFT_CENTER.anchor_size(rect.left_center(), text.size());
        ui.painter().galley(at.min, text, palette.text);
        let share = count as f32 / group.members.len() as f32;
        let room = rect.width() - NAME - COUNT;
        let bar = Rect::from_min_size(
            pos2(rect.left() + NAME, rect.center().y - 4.0),
            vec2((room * share).max(2.0), 8.0),
        );
        ui.painter().rect_filled(bar, 2.0, palette.class(class));
        ui.painter().text(
            rect.right_center(),
            Align2::RIGHT_CENTER,
            count.to_string(),
            TextStyle::Monospace.resolve(ui.style()),
            palette.text_weak,
        );
    }
    if !rest.is_empty() {
        let points: usize = rest.iter().map(|(_, count)| count).sum();
        caption(ui, format!("and {points} of {} more classes", rest.len()));
    }
}
