//! The keyboard shortcuts, over everything else.

use eframe::egui::{
    Align2, Area, Context, Frame, Grid, Id, Key, Order, RichText, ScrollArea, Sense, TextStyle, Ui,
};

use crate::{
    state::{
        command::{Command, LessonCommand},
        shortcuts,
    },
    theme, widgets,
};

/// Height of what is around the list: title, button, margins.
const AROUND: f32 = 160.0;
/// Beside the list.
const SIDE: f32 = 40.0;

/// Shows the overlay; false once the person closed it.
#[must_use]
pub fn ui(ctx: &Context, commands: &mut Vec<Command>) -> bool {
    let screen = ctx.content_rect();
    let back = Area::new(Id::unique("help veil"))
        .order(Order::Foreground)
        .fixed_pos(screen.min)
        .show(ctx, |ui| {
            let palette = theme::palette(ui);
            let response = ui.allocate_rect(screen, Sense::click());
            ui.painter().rect_filled(screen, 0.0, palette.veil);
            response.clicked()
        });
    let card = Area::new(Id::unique("help"))
        .order(Order::Tooltip)
        .anchor(Align2::CENTER_CENTER, [0.0, 0.0]);
    let close = card.show(ctx, |ui| {
        Frame::window(ui.style())
            .inner_margin(24)
            .show(ui, |ui| {
                widgets::title(ui, "Keyboard shortcuts");
                ui.add_space(theme::GAP);
                // A low window scrolls.
                let height = screen.height() - AROUND;
                let width = screen.width() - 2.0 * SIDE;
                ScrollArea::both()
                    .max_height(height)
                    .max_width(width)
                    // At once, not a little more at every pass.
                    .min_scrolled_height(height)
                    .min_scrolled_width(width)
                    .show(ui, list);
                ui.add_space(theme::GAP);
                ui.horizontal(|ui| buttons(ui, commands)).inner
            })
            .inner
    });
    let escape = ctx.input(|input| input.key_pressed(Key::Escape));
    !(back.inner || close.inner || escape)
}

/// The button that closes the overlay, and one that shows the lessons in its place: true if either was clicked.
fn buttons(ui: &mut Ui, commands: &mut Vec<Command>) -> bool {
    let close = ui.button("Close").clicked();
    let lessons = ui.button("Lessons").on_hover_text("Learn by doing (F9)");
    if lessons.clicked() {
        commands.push(LessonCommand::ToggleList.into());
    }
    close || lessons.clicked()
}

/// The keys and what they do.
fn list(ui: &mut Ui) {
    let palette = theme::palette(ui);
    // Text alone: rows need no room for a button.
    ui.spacing_mut().interact_size.y = 0.0;
    Grid::new("shortcuts")
        .num_columns(2)
        .spacing([32.0, 3.0])
        .show(ui, |ui| {
            for (keys, what) in shortcuts::table() {
                ui.label(
                    RichText::new(keys)
                        .text_style(TextStyle::Monospace)
                        .color(palette.accent),
                );
                ui.label(what);
                ui.end_row();
            }
        });
}
