//! Five hints for a person who opens the window for the first time.

use eframe::egui::{
    Align, Align2, Area, Button, Context, Frame, Id, Key, Layout, Order, Stroke, Vec2,
};

use crate::{
    state::command::{Command, LessonCommand, WindowCommand},
    theme,
    widgets::{self, caption},
};

const WIDTH: f32 = 300.0;
/// Around the text, and the largest height of a hint with it.
const MARGIN: f32 = 40.0;
const HEIGHT: f32 = 170.0;

/// One hint, and where it hangs.
struct Hint {
    title: &'static str,
    text: &'static str,
    anchor: Align2,
    offset: [f32; 2],
}

const HINTS: [Hint; 5] = [
    Hint {
        title: "Drag a slider",
        text: "Each moves the picture along one direction that the model has learned. Those at the top change most. A \
               double-click puts one back, the padlock holds it.",
        anchor: Align2::LEFT_TOP,
        offset: [theme::LEFT_PANEL + 12.0, 130.0],
    },
    Hint {
        title: "Start anywhere",
        text: "From a class, a test image, a file, the clipboard, or your own drawing: press D and draw.",
        anchor: Align2::RIGHT_BOTTOM,
        offset: [-theme::RIGHT_PANEL - 12.0, -120.0],
    },
    Hint {
        title: "See what the judge sees",
        text: "A second network, trained apart, says what the picture is. The heatmap shows where it found its evidence.",
        anchor: Align2::RIGHT_TOP,
        offset: [-theme::RIGHT_PANEL - 12.0, 100.0],
    },
    Hint {
        title: "Seven spaces",
        text: "Explore one latent, draw many of a class in Anchors, see the evidence in Explain and where images lie on the \
               Map, hold latents, models and whole families against each other in Compare, read what was measured in Evaluate, and train a model of your own in Train.",
        anchor: Align2::LEFT_TOP,
        offset: [130.0, theme::TOP_BAR + 10.0],
    },
    Hint {
        title: "Find everything",
        text: "Ctrl+K finds every command and answers questions such as “What is KL?”. The question mark lists the keys, and lessons of three minutes show what a model has learned.",
        anchor: Align2::RIGHT_TOP,
        offset: [-14.0, theme::TOP_BAR + 10.0],
    },
];

/// Shows hint `step`, if there is one.
pub fn ui(ctx: &Context, step: usize, commands: &mut Vec<Command>) {
    let Some(hint) = HINTS.get(step) else { return };
    // While something is typed, Escape is meant for that.
    if !ctx.text_edit_focused() && ctx.input(|input| input.key_pressed(Key::Escape)) {
        commands.push(WindowCommand::Tour(None).into());
    }
    // In a small window a hint hangs at the edge, and covers what it speaks of.
    let room = ctx.content_rect().size() - Vec2::new(WIDTH + MARGIN, HEIGHT);
    let offset = Vec2::from(hint.offset).clamp(-room.max(Vec2::ZERO), room.max(Vec2::ZERO));
    let area = Area::new(Id::unique("tour"))
        .order(Order::Foreground)
        .anchor(hint.anchor, offset);
    area.show(ctx, |ui| {
        let palette = theme::palette(ui);
        let frame = Frame::popup(ui.style())
            .fill(palette.surface)
            .stroke(Stroke::new(1.5, palette.accent))
            .inner_margin(14);
        frame.show(ui, |ui| {
            ui.set_width(theme::at_most(ctx, WIDTH));
            widgets::title(ui, hint.title);
            ui.label(hint.text);
            ui.add_space(theme::GAP);
            ui.horizontal(|ui| {
                caption(ui, format!("{} of {}", step + 1, HINTS.len()));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let last = step + 1 == HINTS.len();
                    let next = if last { "Done" } else { "Next" };
                    if ui.button(next).clicked() {
                        commands.push(WindowCommand::Tour((!last).then_some(step + 1)).into());
                    }
                    if last && ui.button("Lessons").clicked() {
                        commands.push(WindowCommand::Tour(None).into());
                        commands.push(LessonCommand::ToggleList.into());
                    }
                    if !last {
                        let skip = Button::new("Skip").frame_when_inactive(false);
                        if ui
                            .add(skip)
                            .on_hover_text("Do not show these again (Esc)")
                            .clicked()
                        {
                            commands.push(WindowCommand::Tour(None).into());
                        }
                    }
                });
            });
        });
    });
}
