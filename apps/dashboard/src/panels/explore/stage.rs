//! The image, what the chosen dimension changes, and the traversal under it.

use datasets::ImageShape;
use eframe::egui::{
    ProgressBar, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2,
    WidgetInfo, emath::GuiRounding as _, pos2, vec2,
};

use studio::SearchProgress;

use super::{ExplorePanel, brush, strip::Strip, toolbar::toolbar};
use crate::{
    panels::{
        self, Context,
        common::{SCROLL_BAR, realism, roomy},
    },
    state::{
        command::SceneCommand, jobs::EFFECT_SIGMAS, model::OpenModel, origin::image_in_words,
        scene::Start, session::Search, shown::Evidence,
    },
    theme,
    widgets::{self, canvas},
};

const TOOLBAR: f32 = 30.0;
/// Between the toolbar and the image, and between the image and the strip.
const UNDER_TOOLBAR: f32 = 10.0;
const OVER_STRIP: f32 = 12.0;
/// The strip is no higher than this where it has to be scrolled to.
const MOST_STRIP: f32 = 100.0;
/// Width of the column beside the image.
const SIDE: f32 = 168.0;
/// Side of the image that was put in.
const INPUT: f32 = 84.0;
const SIDE_GAP: f32 = 20.0;

impl ExplorePanel {
    pub(super) fn stage(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let session = context.session;
        let Some(model) = session.open(&context.controls.model) else {
            return;
        };
        let ppp = ui.pixels_per_point();
        let strip = |whole: Rect| Strip::new(whole, model, ppp);
        let least = canvas::least_side(model.shape(), ppp);
        let brush = if self.brush.is_out {
            brush::HEIGHT
        } else {
            0.0
        };
        let around = TOOLBAR + brush + UNDER_TOOLBAR + OVER_STRIP;
        // The strip is higher in a higher room: what it would be in all that is scrolled.
        let room = ui.available_rect_before_wrap();
        let height = room.height().max(around + least + MOST_STRIP);
        let strip_of = |width: f32| strip(Rect::from_min_size(room.min, vec2(width, height)));
        // It may be higher in a narrower room, and a bar to scroll with takes some of the width.
        let widths = [room.width(), room.width() - SCROLL_BAR];
        let [without, with] = widths.map(|width| strip_of(width.max(least)).height());
        let under = with.max(without);
        roomy(ui, vec2(least, around + least + under), |ui| {
            let whole = ui.available_rect_before_wrap();
            let strip = strip(whole);
            let top = Rect::from_min_size(whole.min, vec2(whole.width(), TOOLBAR));
            let row = Rect::from_min_size(top.left_bottom(), vec2(whole.width(), brush));
            let bottom = whole.with_min_y(whole.bottom() - strip.height());
            let middle = Rect::from_min_max(
                row.left_bottom() + vec2(0.0, UNDER_TOOLBAR),
                bottom.right_top() - vec2(0.0, OVER_STRIP),
            );
            ui.scope_builder(UiBuilder::new().max_rect(top), |ui| {
                toolbar(ui, context, self.brush.is_out);
            });
            if self.brush.is_out {
                ui.scope_builder(UiBuilder::new().max_rect(row), |ui| {
                    self.brush.row(ui, context);
                });
            }
            ui.scope_builder(UiBuilder::new().max_rect(middle), |ui| {
                self.pictures(ui, context, model.shape(), middle);
            });
            ui.scope_builder(UiBuilder::new().max_rect(bottom), |ui| {
                self.strip(ui, context, strip);
            });
        });
    }

    fn pictures(&mut self, ui: &mut Ui, context: &mut Context<'_>, shape: ImageShape, room: Rect) {
        // In a narrow window the other panel has what stands beside the image.
        let narrow = theme::is_narrow(ui);
        let beside = if narrow { 0.0 } else { SIDE_GAP + SIDE };
        let available = room.height().min(room.width() - beside);
        let side = canvas::crisp_side(shape, available, ui.pixels_per_point());
        let width = side + beside;
        let left = (room.center().x - width / 2.0).max(room.left());
        let image = Rect::from_min_size(
            pos2(left, room.center().y - side / 2.0).round_to_pixels(ui.pixels_per_point()),
            Vec2::splat(side),
        );
        self.image(ui, context, image);
        if narrow {
            return;
        }
        // Beside the image, or higher where it would end under the room.
        let highest = (room.bottom() - self.beside_height).max(room.top());
        let beside = Rect::from_min_max(
            pos2(image.right() + SIDE_GAP, image.top().min(highest)),
            pos2(image.right() + SIDE_GAP + SIDE, room.bottom()),
        );
        let area = ScrollArea::vertical().id_salt("beside the image");
        let shown = ui.scope_builder(UiBuilder::new().max_rect(beside), |ui| {
            area.show(ui, |ui| self.beside(ui, context))
        });
        let height = shown.inner.content_size.y;
        if (height - self.beside_height).abs() > 0.5 {
            self.beside_height = height;
            ui.ctx().request_repaint();
        }
    }

    fn image(&mut self, ui: &mut Ui, context: &mut Context<'_>, rect: Rect) {
        let palette = theme::palette(ui);
        ui.painter().rect_filled(rect, 0.0, palette.well);
        let Self { brush, canvas, .. } = self;
        let mut decoded = |ui: &Ui, context: &Context<'_>| {
            let view = context.controls.view;
            if let Some(answer) = &context.answers().frame {
                let evidence = view.overlay.then_some(Evidence::Predicted);
                canvas.show(ui, rect, answer, evidence, view);
            }
        };
        if brush.is_out {
            brush.picture(ui, context, rect, decoded);
        } else {
            decoded(ui, context);
            let response = ui.interact(rect, ui.scope_id().with("image"), Sense::click());
            response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "decoded image"));
        }
        let stroke = Stroke::new(1.0, palette.line);
        ui.painter()
            .rect_stroke(rect, 0.0, stroke, StrokeKind::Outside);
    }

    /// The effect map of the dimension under the pointer, or else of the selected one, and the image that was put in.
    pub(super) fn beside(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let (Some(scene), Some(shape)) = (context.controls.scene(), panels::shape(context)) else {
            return;
        };
        let dim = self.hovered.unwrap_or(scene.selected);
        ui.horizontal(|ui| {
            widgets::title(ui, &format!("What z{dim} changes"));
            if !self.effects.is_empty() {
                let full = self.effects_scale;
                widgets::caption(ui, format!("±{full:.2}")).on_hover_text(format!(
                    "The strongest colours stand for a change of {full:.2}, of a pixel whose values go from 0 to 1."
                ));
            }
        });
        let side = canvas::crisp_side(shape, SIDE, ui.pixels_per_point());
        let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::hover());
        ui.painter().rect_filled(rect, 0.0, theme::palette(ui).well);
        self.effects.paint(ui, rect, dim);
        response.widget_info(|| {
            WidgetInfo::labeled(Role::Image, true, format!("effect map of z{dim}"))
        });
        response.on_hover_text(format!(
            "The image at +{EFFECT_SIGMAS} sigma of z{dim} minus the image at -{EFFECT_SIGMAS} sigma, from here. All maps \
             share one scale."
        ));
        widgets::difference_bar(ui, SIDE - 100.0, shape.is_colour());
        if let Some(answer) = &context.answers().realism {
            ui.add_space(theme::GAP);
            realism::ui(ui, SIDE, answer.value);
        }
        if let Start::Image(image) = &scene.start {
            ui.add_space(theme::GAP);
            let model = context.session.open(&context.controls.model);
            let searches = model.is_some_and(OpenModel::searches);
            let title = if searches {
                "Searched for"
            } else {
                "Encoded from"
            };
            widgets::title(ui, title);
            let side = canvas::crisp_side(shape, INPUT, ui.pixels_per_point());
            let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::hover());
            let revision = canvas::fingerprint(&image.image);
            self.input.paint(ui, rect, revision, &image.image, None);
            response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "input image"));
            let name =
                model.map_or_else(|| image.name.clone(), |model| image_in_words(image, model));
            widgets::caption(ui, name);
            // A later search says nothing of an image that undo has brought back.
            let search = context.session.search(&context.controls.model);
            if let Some(search) = search.filter(|search| search.is_for(&image.image)) {
                searched(ui, context, search);
            }
        }
    }
}

/// How near a search has come to its image, and the way to end it.
fn searched(ui: &mut Ui, context: &mut Context<'_>, search: &Search) {
    let SearchProgress {
        step,
        steps,
        squared_error,
    } = search.progress;
    widgets::caption(ui, format!("Mean squared error {squared_error:.4}")).on_hover_text(
        "Of a pixel in 0..1, between the image and what the best latent so far draws.",
    );
    if search.goes_on() {
        let done = step as f32 / steps.max(1) as f32;
        ui.add(ProgressBar::new(done).desired_width(SIDE))
            .on_hover_text(format!("Step {step} of {steps}"));
        if ui
            .button("Stop")
            .accessible_name("stop the search")
            .clicked()
        {
            context.send(SceneCommand::StopSearch);
        }
    }
}
