//! The image, what the chosen dimension changes, and the traversal under it.

use datasets::ImageShape;
use eframe::egui::{
    Align, Button, Layout, Rect, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2, WidgetInfo,
    pos2, vec2,
};

use super::ExplorePanel;
use crate::{
    panels::{
        self, Context,
        common::{heatmap_controls, realism},
    },
    state::{
        command::{ClipboardCommand, FileCommand},
        controls::{RANGE_SIGMAS, STRIP_STEPS},
        jobs::EFFECT_SIGMAS,
        recipe::PictureKind,
        scene::Start,
        shown::Evidence,
    },
    theme,
    widgets::{self, Tile, canvas, image_tile},
};

const TOOLBAR: f32 = 30.0;
const STRIP_GAP: f32 = 4.0;
/// Where the pictures of the strip would be narrower, every other one is left out.
const LEAST_TILE: f32 = 36.0;
const STRIP_TITLE: f32 = 20.0 + theme::GAP;
/// Width of the column beside the image.
const SIDE: f32 = 168.0;
/// Side of the image that was put in.
const INPUT: f32 = 84.0;
const SIDE_GAP: f32 = 20.0;

impl ExplorePanel {
    pub(super) fn stage(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let whole = ui.available_rect_before_wrap();
        let ppp = ui.pixels_per_point();
        let Some(shape) = panels::shape(context) else {
            return;
        };
        let steps = strip_steps(whole.width());
        let count = steps.clone().count() as f32;
        let room = (whole.width() - STRIP_GAP * (count - 1.0)) / count;
        // The strip yields to the image where the window is low.
        let tile = canvas::crisp_side(shape, room.min(whole.height() / 7.0), ppp);
        let strip_height = STRIP_TITLE + Tile::size(tile, true).y;
        let lines = if theme::is_narrow(ui) { 2.0 } else { 1.0 };
        let top = Rect::from_min_size(whole.min, vec2(whole.width(), lines * TOOLBAR));
        let bottom =
            Rect::from_min_max(pos2(whole.left(), whole.bottom() - strip_height), whole.max);
        let middle = Rect::from_min_max(
            top.left_bottom() + vec2(0.0, 10.0),
            bottom.right_top() - vec2(0.0, 12.0),
        );
        ui.scope_builder(UiBuilder::new().max_rect(top), |ui| toolbar(ui, context));
        ui.scope_builder(UiBuilder::new().max_rect(middle), |ui| {
            self.pictures(ui, context, shape, middle);
        });
        ui.scope_builder(UiBuilder::new().max_rect(bottom), |ui| {
            self.traversal(ui, context, tile, steps);
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
            pos2(left, room.center().y - side / 2.0).round(),
            Vec2::splat(side),
        );
        self.image(ui, context, image);
        if narrow {
            return;
        }
        let beside = Rect::from_min_max(
            pos2(image.right() + SIDE_GAP, image.top()),
            pos2(image.right() + SIDE_GAP + SIDE, room.bottom()),
        );
        ui.scope_builder(UiBuilder::new().max_rect(beside), |ui| {
            self.beside(ui, context);
        });
    }

    fn image(&mut self, ui: &mut Ui, context: &Context<'_>, rect: Rect) {
        let palette = theme::palette(ui);
        let response = ui.interact(rect, ui.scope_id().with("image"), Sense::click());
        ui.painter().rect_filled(rect, 0.0, palette.well);
        let view = context.controls.view;
        if let Some(answer) = &context.answers().frame {
            let evidence = view.overlay.then_some(Evidence::Predicted);
            self.canvas.show(ui, rect, answer, evidence, view);
        }
        let stroke = Stroke::new(1.0, palette.line);
        ui.painter()
            .rect_stroke(rect, 0.0, stroke, StrokeKind::Outside);
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "decoded image"));
    }

    /// The effect map of the dimension under the pointer, or else of the selected one, and the image that was put in.
    pub(super) fn beside(&mut self, ui: &mut Ui, context: &Context<'_>) {
        let (Some(scene), Some(shape)) = (context.controls.scene(), panels::shape(context)) else {
            return;
        };
        let dim = self.hovered.unwrap_or(scene.selected);
        widgets::title(ui, &format!("What z{dim} changes"));
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
            widgets::title(ui, "Encoded from");
            let side = canvas::crisp_side(shape, INPUT, ui.pixels_per_point());
            let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::hover());
            let revision = canvas::fingerprint(&image.image);
            self.input.paint(ui, rect, revision, &image.image, None);
            response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "input image"));
            widgets::caption(ui, image.name.clone());
        }
    }

    fn traversal(
        &mut self,
        ui: &mut Ui,
        context: &mut Context<'_>,
        side: f32,
        steps: impl Iterator<Item = usize> + Clone,
    ) {
        let Some(open) = panels::open(context.controls, context.session) else {
            return;
        };
        let (scene, stats) = (open.scene, &open.model.space.statistics);
        let Some(answer) = &open.answers.strip else {
            return;
        };
        let dim = answer.scene.selected;
        let images = answer.value.images.iter();
        self.strip.show_images(ui.ctx(), answer.revision, images);
        let width = steps.clone().count() as f32 * (side + STRIP_GAP) - STRIP_GAP;
        let indent = ((ui.available_width() - width) / 2.0).max(0.0).floor();
        ui.spacing_mut().item_spacing = vec2(STRIP_GAP, 0.0);
        ui.horizontal(|ui| {
            ui.set_height(STRIP_TITLE - 2.0);
            ui.add_space(indent);
            widgets::title(ui, &format!("Walk along z{dim}"));
            if !theme::is_narrow(ui) {
                ui.add_space(theme::GAP);
                widgets::caption(ui, "in sigma; click one to go there");
            }
        });
        let now = stats.to_sigmas(dim, scene.latent[dim]);
        let step = 2.0 * RANGE_SIGMAS / (STRIP_STEPS - 1) as f32;
        let mut chosen = None;
        ui.horizontal(|ui| {
            ui.add_space(indent);
            for index in steps.filter(|&index| index < self.strip.len()) {
                let sigmas = index as f32 * step - RANGE_SIGMAS;
                let tile = Tile {
                    atlas: &self.strip,
                    index,
                    side,
                    name: &format!("z{dim} at {sigmas:+.1} sigma"),
                    caption: &in_sigma(sigmas),
                    right: None,
                    selected: (now - sigmas).abs() < step / 2.0,
                };
                if image_tile(ui, tile).clicked() {
                    chosen = Some(sigmas);
                }
            }
        });
        if let Some(sigmas) = chosen {
            scene.selected = dim;
            scene.latent[dim] = stats.from_sigmas(dim, sigmas);
        }
    }
}

/// Which pictures of the strip are shown in so much room: all, or those of which one is in the middle, too.
fn strip_steps(width: f32) -> impl Iterator<Item = usize> + Clone {
    let all = STRIP_STEPS as f32;
    let every = if (width + STRIP_GAP) / all - STRIP_GAP < LEAST_TILE {
        2
    } else {
        1
    };
    (every - 1..STRIP_STEPS).step_by(every)
}

fn in_sigma(sigmas: f32) -> String {
    if sigmas.abs() < 0.05 {
        "0".to_owned()
    } else {
        format!("{sigmas:+.1}")
    }
}

fn toolbar(ui: &mut Ui, context: &mut Context<'_>) {
    if !theme::is_narrow(ui) {
        ui.horizontal_centered(|ui| {
            heatmap(ui, context);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                copy(ui, context);
                save(ui, context);
            });
        });
        return;
    }
    ui.horizontal(|ui| heatmap(ui, context));
    ui.horizontal(|ui| {
        save(ui, context);
        copy(ui, context);
    });
}

fn heatmap(ui: &mut Ui, context: &mut Context<'_>) {
    let open = context.session.open(&context.controls.model);
    if open.is_some_and(|open| open.judge.is_some()) {
        heatmap_controls(ui, &mut context.controls.view, true);
    }
}

fn copy(ui: &mut Ui, context: &mut Context<'_>) {
    let copy = ui.add_enabled(context.answers().frame.is_some(), Button::new("Copy"));
    if copy
        .on_hover_text("Copy the image (Ctrl+C)")
        .accessible_name("Copy image")
        .clicked()
    {
        context.send(ClipboardCommand::CopyImage);
    }
}

fn save(ui: &mut Ui, context: &mut Context<'_>) {
    let save = ui.add_enabled(context.answers().frame.is_some(), Button::new("Save…"));
    if save
        .on_hover_text("Save the image as PNG (Ctrl+S)")
        .accessible_name("Save image")
        .clicked()
    {
        context.send(FileCommand::AskWhereToSave(PictureKind::Image));
    }
}
