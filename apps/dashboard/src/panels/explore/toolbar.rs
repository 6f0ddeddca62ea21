//! Over the image: the heatmap, what it is scaled to, and what is done with the image.

use eframe::egui::{Align, Button, Label, Layout, RichText, Ui};

use crate::{
    panels::{
        Context,
        common::{evidence_in_figures, evidence_in_short, heatmap_look, heatmap_toggle},
    },
    state::{
        command::{ClipboardCommand, FileCommand, WindowCommand},
        recipe::PictureKind,
        shown::Evidence,
    },
    theme,
    widgets::{overflow_row, text_width},
};

/// A narrower toolbar puts its last tools under a button.
const WIDE: f32 = 540.0;
/// A narrower one says in figures what the heatmap is scaled to.
const TIGHT: f32 = 340.0;

/// What there is.
#[derive(Clone, Copy)]
enum Tool {
    Heatmap,
    /// What the heatmap is scaled to, in words or, where these have no room, in figures.
    Scale {
        in_words: bool,
    },
    Brush,
    Save,
    Copy,
    Look,
}

/// What stands over the image.
pub(super) fn toolbar(ui: &mut Ui, context: &mut Context<'_>, has_brush: bool) {
    let open = context.session.open(&context.controls.model);
    let judged = open.is_some_and(|open| open.judge.is_some());
    ui.horizontal_centered(|ui| {
        if theme::is_narrow(ui) || ui.available_width() < WIDE {
            let in_words = ui.available_width() >= TIGHT;
            let mut tools = [
                Tool::Heatmap,
                Tool::Scale { in_words },
                Tool::Brush,
                Tool::Save,
                Tool::Copy,
                Tool::Look,
            ];
            if !in_words {
                // H does the same; what the colours mean stands nowhere else.
                tools.swap(0, 1);
            }
            let tools = if judged { &tools[..] } else { &tools[2..5] };
            overflow_row(ui, "the tools", tools, 0.0, |ui, tool| {
                show_tool(ui, context, tool, has_brush);
            });
            return;
        }
        if judged {
            const TOOLS: [Tool; 3] = [Tool::Heatmap, Tool::Scale { in_words: true }, Tool::Look];
            let keep = text_width(ui, "BrushSave…Copy") + 9.0 * theme::GAP;
            overflow_row(ui, "the heatmap", &TOOLS, keep, |ui, tool| {
                show_tool(ui, context, tool, has_brush);
            });
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            copy(ui, context);
            save(ui, context);
            brush(ui, context, has_brush);
        });
    });
}

fn show_tool(ui: &mut Ui, context: &mut Context<'_>, tool: Tool, has_brush: bool) {
    let view = &mut context.controls.view;
    match tool {
        Tool::Heatmap => heatmap_toggle(ui, view),
        Tool::Look => heatmap_look(ui, view, view.overlay),
        Tool::Scale { in_words } => scale(ui, context, in_words),
        Tool::Brush => brush(ui, context, has_brush),
        Tool::Save => save(ui, context),
        Tool::Copy => copy(ui, context),
    }
}

/// What the heatmap on the picture is scaled to, while there is one.
fn scale(ui: &mut Ui, context: &Context<'_>, in_words: bool) {
    let answer = context.answers().frame.as_ref();
    let answer = answer.filter(|_| context.controls.view.overlay);
    let Some((raw_max, method)) = answer.and_then(|answer| {
        let raw_max = answer.value.strength(Evidence::Predicted)?;
        Some((raw_max, answer.scene.method))
    }) else {
        return;
    };
    let words = evidence_in_short(raw_max, method);
    let text = if in_words {
        words.clone()
    } else {
        evidence_in_figures(raw_max, method)
    };
    let color = theme::palette(ui).text_weak;
    let label = Label::new(RichText::new(text).small().color(color)).extend();
    let label = ui.add(label).on_hover_text(format!(
        "{words}: so much the strongest colour stands for, as a change of the class's score. Compare heatmaps by it."
    ));
    label.accessible_name(words);
}

fn brush(ui: &mut Ui, context: &mut Context<'_>, is_out: bool) {
    let brush = ui.add(Button::new("Brush").selected(is_out));
    let brush = brush.on_hover_text("Draw on the picture (Shift+D)");
    if brush.accessible_name("Draw on the picture").clicked() {
        context.send(WindowCommand::ToggleBrush);
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
