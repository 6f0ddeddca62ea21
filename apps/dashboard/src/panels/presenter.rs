//! Presenter mode: the picture and the verdict, large, for an audience. All of it is done with the keyboard or a
//! clicker.

use eframe::egui::{
    Align, CentralPanel, Color32, Key, Label, Layout, Modifiers, Rect, RichText, Role, Sense,
    Stroke, StrokeKind, TextStyle, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2,
};

use super::{Context, common::evidence_in_short};
use crate::{
    state::{
        classes::DIGITS,
        command::{BookmarkCommand, Command, WindowCommand},
        model::OpenModel,
        origin::start_in_words,
        shown::Evidence,
    },
    theme,
    widgets::{
        canvas::{self, Canvas},
        percent, probability_bars,
    },
};

const MARGIN: f32 = 40.0;
/// Of them in a low or narrow window.
const SMALL_MARGIN: f32 = 12.0;
/// Share of the width that the verdict has, and its least width, which a narrow window cuts to half of its own.
const VERDICT: f32 = 0.3;
const LEAST_VERDICT: f32 = 260.0;
/// Height of the line at the bottom.
const LINE: f32 = 56.0;
const LOW_LINE: f32 = 27.0;
const NAME: f32 = 84.0;
const SMALLEST_NAME: f32 = 24.0;
const CONFIDENCE: f32 = 34.0;
const WORDS: f32 = 20.0;
const SCALE: f32 = 14.0;
/// Least width of the line with the keys in it.
const ROOM_FOR_KEYS: f32 = 620.0;

/// What presenter mode keeps between passes.
#[derive(Default)]
pub struct PresenterPanel {
    canvas: Canvas,
}

impl PresenterPanel {
    /// Fills the window.
    pub fn ui(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let frame = theme::panel_frame(ui, 0, 0).fill(theme::palette(ui).background);
        CentralPanel::default().frame(frame).show(ui, |ui| {
            let small = theme::is_low(ui) || theme::is_narrow(ui);
            let (margin, line) = if small {
                (SMALL_MARGIN, LOW_LINE)
            } else {
                (MARGIN, LINE)
            };
            let whole = ui.available_rect_before_wrap().shrink(margin);
            let Some(open) = context.session.open(&context.controls.model) else {
                return;
            };
            // Without a judge the picture has all of the room.
            let verdict = if open.judge.is_some() {
                let least = LEAST_VERDICT.min(whole.width() / 2.0 - margin);
                (whole.width() * VERDICT).max(least)
            } else {
                -margin
            };
            let room = vec2(whole.width() - verdict - margin, whole.height() - line);
            let side = canvas::crisp_side(open.shape(), room.min_elem(), ui.pixels_per_point());
            let left = (whole.left() + (room.x - side) / 2.0).round();
            let top = (whole.top() + (room.y - side) / 2.0).round();
            let image = Rect::from_min_size(pos2(left, top), Vec2::splat(side));
            self.image(ui, context, image);
            if open.judge.is_some() {
                let beside = Rect::from_min_max(
                    pos2(whole.right() - verdict, image.top()),
                    pos2(whole.right(), whole.bottom() - line),
                );
                ui.scope_builder(UiBuilder::new().max_rect(beside), |ui| said(ui, context));
            }
            let line = whole.with_min_y(whole.bottom() - line);
            bottom(ui, context, line);
        });
    }

    fn image(&mut self, ui: &mut Ui, context: &Context<'_>, rect: Rect) {
        let response = ui.interact(rect, ui.scope_id().with("presented"), Sense::hover());
        ui.painter().rect_filled(rect, 0.0, theme::palette(ui).well);
        let view = context.controls.view;
        if let Some(answer) = &context.answers().frame {
            let evidence = view.overlay.then_some(Evidence::Predicted);
            self.canvas.show(ui, rect, answer, evidence, view);
        }
        let stroke = Stroke::new(1.0, theme::palette(ui).line);
        ui.painter()
            .rect_stroke(rect, 0.0, stroke, StrokeKind::Outside);
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "presented image"));
    }
}

/// Nothing but black, so that an audience looks at who speaks.
pub fn black(ui: &mut Ui) {
    let screen = ui.ctx().content_rect();
    let response = ui.interact(screen, ui.scope_id().with("black"), Sense::hover());
    ui.painter_at(screen)
        .rect_filled(screen, 0.0, Color32::BLACK);
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "black screen"));
}

/// What the classifier says.
fn said(ui: &mut Ui, context: &Context<'_>) {
    let palette = theme::palette(ui);
    let open = context.session.open(&context.controls.model);
    let judge = open.and_then(|open| Some((open, open.judge.as_ref()?)));
    let answer = context.answers().frame.as_ref();
    let prediction = answer.and_then(|answer| answer.value.prediction());
    let (Some((open, judge)), Some(prediction)) = (judge, prediction) else {
        return;
    };
    let name = open.judged_name(prediction.class);
    // Long names, such as Ankle boot, get smaller type instead of a second line.
    let letters = name.chars().count().max(1) as f32;
    let size = NAME.min(1.8 * ui.available_width() / letters);
    ui.allocate_ui(vec2(ui.available_width(), NAME * 1.2), |ui| {
        ui.set_min_height(NAME * 1.2);
        let text = RichText::new(name).color(palette.text_strong);
        ui.add(Label::new(text.size(size.max(SMALLEST_NAME))).truncate());
    });
    let confidence = percent(prediction.confidence.into());
    ui.label(
        RichText::new(confidence.trim())
            .monospace()
            .size(CONFIDENCE)
            .color(palette.text),
    );
    ui.add_space(theme::GROUP_GAP);
    ui.scope(|ui| {
        let style = ui.style_mut();
        for (text, size) in [(TextStyle::Body, 16.0), (TextStyle::Monospace, 14.0)] {
            if let Some(font) = style.text_styles.get_mut(&text) {
                font.size = size;
            }
        }
        probability_bars(ui, &judge.class_names, prediction);
    });
}

/// What the heatmap on the picture is scaled to, while there is one.
fn scale(context: &Context<'_>) -> Option<String> {
    let answer = context.answers().frame.as_ref();
    let answer = answer.filter(|_| context.controls.view.overlay)?;
    let raw_max = answer.value.strength(Evidence::Predicted)?;
    Some(evidence_in_short(raw_max, answer.scene.method))
}

/// Where the picture came from, which bookmark it is, and the keys.
fn bottom(ui: &mut Ui, context: &Context<'_>, rect: Rect) {
    let palette = theme::palette(ui);
    let open = context.session.open(&context.controls.model);
    let (Some(open), Some(scene)) = (open, context.controls.scene()) else {
        return;
    };
    let shelf = context.controls.shelf();
    let current = context.controls.timeline.bookmark;
    let kept = current.and_then(|at| Some((at, shelf.get(at)?)));
    let kept = kept.filter(|(_, kept)| kept.scene.looks_like(scene));
    let words = match kept {
        Some((at, kept)) => format!("{}/{}  {}", at + 1, shelf.len(), kept.name),
        None => start_in_words(scene, open),
    };
    let keys = "PgUp PgDn bookmark   Space play   H heatmap   . black   Esc leave";
    let keys = match digits(open) {
        Some(digits) => format!("{digits}   {keys}"),
        None => keys.to_owned(),
    };
    let layout = Layout::right_to_left(Align::Center);
    ui.scope_builder(UiBuilder::new().max_rect(rect).layout(layout), |ui| {
        let keys = RichText::new(keys).size(12.5).color(palette.text_weak);
        // What the picture is comes first where there is no room for both.
        if ui.available_width() >= ROOM_FOR_KEYS {
            ui.add(Label::new(keys).extend());
            ui.add_space(theme::GROUP_GAP);
        }
        if let Some(scale) = scale(context) {
            let scale = RichText::new(scale).size(SCALE).color(palette.text_weak);
            ui.add(Label::new(scale).extend());
            ui.add_space(theme::GROUP_GAP);
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let words = RichText::new(words).size(WORDS).color(palette.text);
            ui.add(Label::new(words).truncate());
        });
    });
}

/// The digits that lead somewhere, and where.
fn digits(model: &OpenModel) -> Option<String> {
    let names = model.drawn_names();
    let last = names.len().min(DIGITS).checked_sub(1)?;
    let what = match names {
        _ if model.draws_classes() => "class",
        [only] => only.as_str(),
        _ => "group",
    };
    Some(if last == 0 {
        format!("0 {what}")
    } else {
        format!("0–{last} {what}")
    })
}

/// What the keys and the buttons of a clicker do here, beside those that mean the same everywhere.
pub fn keys(ui: &Ui, commands: &mut Vec<Command>) {
    let table = [
        (Key::Escape, Command::Window(WindowCommand::Present(false))),
        // Clickers send one or the other.
        (Key::B, Command::Window(WindowCommand::BlackOut)),
        (Key::Period, Command::Window(WindowCommand::BlackOut)),
        (Key::ArrowLeft, Command::Bookmark(BookmarkCommand::Step(-1))),
        (Key::ArrowRight, Command::Bookmark(BookmarkCommand::Step(1))),
    ];
    for (key, command) in table {
        if ui.input_mut(|input| input.consume_key(Modifiers::NONE, key)) {
            commands.push(command);
        }
    }
}
