//! The way from one anchor to another: a strip, a scrubber, and the class at every step.

use classifier::Prediction;
use datasets::{ClassId, ImageShape};
use eframe::egui::{
    FontId, Label, Rect, Response, RichText, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2,
    WidgetInfo, accesskit::Action, pos2, vec2,
};
use latent_space::Path;

use super::AnchorsPanel;
use crate::{
    panels::{self, Context, common::class_combo},
    state::{
        answers::judged,
        command::SceneCommand,
        controls::STRIP_STEPS,
        jobs,
        model::OpenModel,
        scene::{MORPH_STEPS, MorphControls, Start},
    },
    theme,
    widgets::{self, Tile, canvas, caption, image_tile, overflow_row, percent, segments},
    words::no_morph,
};

const GAP: f32 = 4.0;
/// Width and height of the preview, and in a narrow window.
const PREVIEW: f32 = 128.0;
const SMALL_PREVIEW: f32 = 90.0;
/// Height of the panel where there is nothing to go between: for two lines.
const SENTENCE: f32 = 56.0;
/// Width of the words beside the preview.
const WORDS: f32 = 104.0;
const ROW: f32 = 30.0;
const SCRUBBER: f32 = 24.0;
/// Between the strip and the preview.
const BETWEEN: f32 = 20.0;
const LARGEST: f32 = 84.0;
/// Where the pictures of the strip would be narrower, every other one is left out.
const LEAST_TILE: f32 = 36.0;
/// In a narrower panel the preview stands under the strip.
const ROOM_BESIDE: f32 = 420.0;
/// Between the strip and a preview under it.
const UNDER: f32 = 14.0;

/// The pictures of the strip.
#[derive(Clone, Copy)]
struct Strip {
    /// Width and height of each.
    side: f32,
    count: usize,
}

impl Strip {
    /// Steps of the way between two pictures.
    fn stride(self) -> usize {
        (MORPH_STEPS - 1) / (self.count - 1)
    }
}

/// Height of the panel, margins included: the choice of classes, the strip and the scrubber.
pub(super) fn height(ui: &Ui, model: &OpenModel, width: f32) -> f32 {
    if model.region_names().len() < 2 {
        return SENTENCE;
    }
    let shape = model.shape();
    let strip = strip_of(ui, shape, width);
    let left = ROW + 8.0 + strip.side + 6.0 + SCRUBBER + 2.0;
    if width < ROOM_BESIDE {
        return 2.0 * 12.0 + left + UNDER + preview_side(ui, shape);
    }
    // Where the strip is narrow, the preview beside it is the higher one.
    let preview = preview_top(ui) + preview_side(ui, shape);
    2.0 * 12.0 + left.max(preview)
}

/// How far down the preview begins: in a narrow window the choice of classes takes the whole row.
fn preview_top(ui: &Ui) -> f32 {
    let row = if theme::is_narrow(ui) { ROW } else { 0.0 };
    row + 8.0
}

/// The strip in a panel with this much room.
fn strip_of(ui: &Ui, shape: ImageShape, width: f32) -> Strip {
    let beside = if width < ROOM_BESIDE {
        0.0
    } else {
        preview_side(ui, shape) + WORDS + BETWEEN
    };
    let side_of = |count: usize| (width - beside + GAP) / count as f32 - GAP;
    let mut count = STRIP_STEPS;
    if side_of(count) < LEAST_TILE {
        // The first and the last one stay.
        count = STRIP_STEPS.div_ceil(2);
    }
    let side = side_of(count).min(LARGEST);
    let side = canvas::crisp_side(shape, side, ui.pixels_per_point());
    Strip { side, count }
}

fn preview_side(ui: &Ui, shape: ImageShape) -> f32 {
    let largest = if theme::is_narrow(ui) {
        SMALL_PREVIEW
    } else {
        PREVIEW
    };
    canvas::crisp_side(shape, largest, ui.pixels_per_point())
}

impl AnchorsPanel {
    pub(super) fn morph(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let Some(open) = panels::open(context.controls, context.session) else {
            return;
        };
        if open.model.region_names().len() < 2 {
            caption(ui, no_morph(open.model.is_conditional()));
            return;
        }
        let morph = &mut open.scene.morph;
        let rect = ui.available_rect_before_wrap();
        let shape = open.model.shape();
        let preview = preview_side(ui, shape);
        let (left, right) = places(ui, rect, preview);
        let mut row = Rect::from_min_size(rect.min, vec2(rect.width(), ROW));
        if right.top() < row.bottom() {
            // The preview stands beside it, too.
            row.max.x = left.right();
        }
        ui.scope_builder(UiBuilder::new().max_rect(row), |ui| {
            way(ui, morph, open.model.region_names());
        });
        let Some(answer) = &open.answers.morph else {
            return;
        };
        let images = answer.value.images.iter();
        self.morph.show_images(ui.ctx(), answer.revision, images);
        let steps = answer.value.images.len();
        let predictions = judged(&answer.value);
        let strip = strip_of(ui, shape, rect.width());
        ui.scope_builder(UiBuilder::new().max_rect(left), |ui| {
            self.strip(ui, morph, strip);
            let name = |class| open.model.judged_name(class);
            scrubber(
                ui,
                morph,
                (steps, predictions.unwrap_or_default()),
                strip,
                name,
            );
        });
        let step = morph.step.min(steps.saturating_sub(1));
        let prediction = predictions.and_then(|predictions| predictions.get(step));
        let said = prediction.map(|prediction| {
            let name = open.model.judged_name(prediction.class);
            (name, percent(prediction.confidence.into()))
        });
        let explore = ui
            .scope_builder(UiBuilder::new().max_rect(right), |ui| {
                self.preview(ui, step, preview, said.as_ref())
            })
            .inner;
        if explore {
            let latents = jobs::morph(&answer.scene, open.model);
            let MorphControls { from, to, .. } = answer.scene.morph;
            let start = Start::Morph {
                from,
                to,
                t: morph.t(),
            };
            if let Some(latent) = latents.into_iter().nth(step) {
                context.send(SceneCommand::Explore {
                    latent,
                    condition: None,
                    start,
                });
            }
        }
    }

    fn strip(&self, ui: &mut Ui, morph: &mut MorphControls, strip: Strip) {
        ui.spacing_mut().item_spacing = vec2(GAP, 6.0);
        let stride = strip.stride();
        ui.horizontal(|ui| {
            for place in 0..strip.count {
                let step = place * stride;
                let tile = Tile {
                    atlas: &self.morph,
                    index: step,
                    side: strip.side,
                    name: &format!("morph step {} of {MORPH_STEPS}", step + 1),
                    caption: "",
                    right: None,
                    selected: morph.step.abs_diff(step) * 2 < stride,
                };
                if image_tile(ui, tile).clicked() {
                    morph.step = step;
                }
            }
        });
    }

    fn preview(
        &self,
        ui: &mut Ui,
        step: usize,
        side: f32,
        said: Option<&(String, String)>,
    ) -> bool {
        ui.horizontal_top(|ui| {
            let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::click());
            self.morph.paint(ui, rect, step);
            response.widget_info(|| {
                WidgetInfo::labeled(Role::Button, true, "open this step in Explore")
            });
            ui.vertical(|ui| {
                if let Some((name, confidence)) = said {
                    let color = theme::palette(ui).text_strong;
                    let text = RichText::new(name).color(color).size(15.0);
                    ui.add(Label::new(text).truncate()).on_hover_text(name);
                    widgets::figure(ui, confidence);
                }
                let open = ui
                    .button("Explore")
                    .on_hover_text("Open this step in Explore");
                open.clicked() || response.clicked()
            })
            .inner
        })
        .inner
    }
}

/// Where the strip is, and the preview: beside it, or under it where the panel is narrow.
fn places(ui: &Ui, rect: Rect, preview: f32) -> (Rect, Rect) {
    let top = rect.top() + ROW + 8.0;
    if rect.width() < ROOM_BESIDE {
        let border = rect.bottom() - preview;
        let left = Rect::from_min_max(pos2(rect.left(), top), pos2(rect.right(), border));
        return (left, rect.with_min_y(border));
    }
    let right = Rect::from_min_max(
        pos2(rect.right() - preview - WORDS, rect.top() + preview_top(ui)),
        rect.max,
    );
    let left = Rect::from_min_max(
        pos2(rect.left(), top),
        pos2(right.left() - BETWEEN, rect.bottom()),
    );
    (left, right)
}

/// What is set about the way.
#[derive(Clone, Copy)]
enum Setting {
    From,
    To,
    Path,
}

/// From where, to where, and on which path.
fn way(ui: &mut Ui, morph: &mut MorphControls, names: &[String]) {
    const SETTINGS: [Setting; 3] = [Setting::From, Setting::To, Setting::Path];
    ui.horizontal_centered(|ui| {
        widgets::title(ui, "Morph");
        ui.add_space(4.0);
        overflow_row(
            ui,
            "the morph",
            &SETTINGS,
            0.0,
            |ui, setting| match setting {
                Setting::From => class_combo(ui, "morph from", 110.0, &mut morph.from, names),
                Setting::To => {
                    ui.label("to");
                    class_combo(ui, "morph to", 110.0, &mut morph.to, names);
                    ui.add_space(4.0);
                }
                Setting::Path => {
                    let paths = [
                        (Path::Spherical, "Spherical".to_owned()),
                        (Path::Linear, "Linear".to_owned()),
                    ];
                    morph.path = segments(ui, morph.path, paths).unwrap_or(morph.path);
                }
            },
        );
    });
}

/// A rail along which the classes change: each stretch carries the name of what the judge sees there, if there is one.
fn scrubber(
    ui: &mut Ui,
    morph: &mut MorphControls,
    (count, predictions): (usize, &[Prediction]),
    Strip { side, count: tiles }: Strip,
    name: impl Fn(ClassId) -> String,
) -> Response {
    let palette = theme::palette(ui);
    let size = vec2(tiles as f32 * (side + GAP) - GAP, SCRUBBER);
    let (rect, mut response) = ui.allocate_exact_size(size, Sense::click_and_drag());
    let last = count.saturating_sub(1).max(1);
    // Each picture of the strip stands over its own place on the rail.
    let travel = rect.x_range().shrink(side / 2.0);
    let x_of = |step: f32| travel.min + step / last as f32 * travel.span();
    if let Some(pointer) = response.interact_pointer_pos() {
        let t = ((pointer.x - travel.min) / travel.span()).clamp(0.0, 1.0);
        morph.step = (t * last as f32).round() as usize;
        response.mark_changed();
    }
    let steps = ui.input(|input| {
        input.num_accesskit_action_requests(response.id, Action::Increment) as i64
            - input.num_accesskit_action_requests(response.id, Action::Decrement) as i64
    });
    morph.step = morph.step.saturating_add_signed(steps as isize).min(last);
    let t = f64::from(morph.t());
    response.widget_info(|| WidgetInfo::slider(true, t, "morph position"));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.add_action(Action::Increment);
        node.add_action(Action::Decrement);
    });
    let painter = ui.painter_at(rect.expand(8.0));
    painter.rect_filled(rect, 4.0, palette.well);
    let mut start = 0;
    for stretch in predictions.chunk_by(|a, b| a.class == b.class) {
        let end = start + stretch.len();
        let from = if start == 0 {
            rect.left()
        } else {
            x_of(start as f32 - 0.5)
        };
        let to = if end > last {
            rect.right()
        } else {
            x_of(end as f32 - 0.5)
        };
        let area = Rect::from_min_max(pos2(from, rect.top()), pos2(to, rect.bottom()));
        if start > 0 {
            painter.vline(from, rect.y_range(), Stroke::new(2.0, palette.panel));
        }
        let text = stretch
            .first()
            .map_or_else(String::new, |prediction| name(prediction.class));
        let galley = painter.layout_no_wrap(text, FontId::proportional(12.5), palette.text);
        // A name that does not fit would be cut on both sides; the preview says it anyway.
        if galley.size().x + 6.0 <= area.width() {
            let at = area.center() - galley.size() / 2.0;
            painter.galley(at, galley, palette.text);
        }
        start = end;
    }
    let x = x_of(morph.step as f32);
    let handle = Rect::from_center_size(pos2(x, rect.center().y), vec2(8.0, rect.height() + 6.0));
    painter.rect(
        handle,
        4.0,
        palette.accent,
        Stroke::new(1.0, palette.panel),
        StrokeKind::Inside,
    );
    response
}
