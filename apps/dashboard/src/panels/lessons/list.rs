//! The list of lessons, over everything else: what there is, and how far the person is.

use std::path::Path;

use eframe::egui::{
    Align, Align2, Area, Button, Context, Frame, Id, Key, Label, Layout, Order, RichText,
    ScrollArea, Sense, Ui,
};

use crate::{
    state::{
        command::{Command, LessonCommand},
        lesson::{Library, Listed},
        lesson_notes::{LessonNote, LessonNotes},
    },
    theme,
    widgets::{self, caption, tick},
};

/// Width of the card.
const WIDTH: f32 = 560.0;
/// Height of what is around the list: title, folder, button, margins.
const AROUND: f32 = 190.0;

/// What the list shows.
#[derive(Clone, Copy)]
pub struct LessonList<'a> {
    /// The lessons.
    pub library: &'a Library,
    /// How far the person is with each.
    pub notes: &'a LessonNotes,
    /// Where the person's own lessons are; `None` if nothing is kept of this window.
    pub folder: Option<&'a Path>,
}

/// Shows the list; false once the person closed it.
#[must_use]
pub fn ui(ctx: &Context, list: LessonList<'_>, commands: &mut Vec<Command>) -> bool {
    let screen = ctx.content_rect();
    let veil = Area::new(Id::unique("lessons veil"))
        .order(Order::Foreground)
        .fixed_pos(screen.min);
    let outside = veil.show(ctx, |ui| {
        let response = ui.allocate_rect(screen, Sense::click());
        let veil = theme::palette(ui).veil;
        ui.painter().rect_filled(screen, 0.0, veil);
        response.clicked()
    });
    let card = Area::new(Id::unique("lessons"))
        .order(Order::Tooltip)
        .anchor(Align2::CENTER_CENTER, [0.0, 0.0]);
    let closed = card.show(ctx, |ui| {
        let frame = Frame::window(ui.style()).inner_margin(18);
        frame.show(ui, |ui| contents(ui, list, commands)).inner
    });
    let escape = ctx.input(|input| input.key_pressed(Key::Escape));
    !(outside.inner || closed.inner || escape)
}

fn contents(ui: &mut Ui, list: LessonList<'_>, commands: &mut Vec<Command>) -> bool {
    let screen = ui.ctx().content_rect();
    ui.set_width(theme::at_most(ui.ctx(), WIDTH));
    widgets::title(ui, "Lessons");
    caption(
        ui,
        "Each takes about three minutes. The window measures what you do, and ticks a step once it is done.",
    );
    ui.add_space(theme::GAP);
    let height = (screen.height() - AROUND).max(60.0);
    let area = ScrollArea::vertical().max_height(height);
    // At once, not a little more at every pass.
    let area = area.min_scrolled_height(height);
    area.show(ui, |ui| {
        for (place, listed) in list.library.lessons.iter().enumerate() {
            lesson(
                ui,
                listed,
                list.notes.get(&listed.key),
                place == 0,
                commands,
            );
        }
        for damaged in &list.library.damaged {
            let text = format!("{}, {}.", damaged.file, damaged.reason);
            let color = theme::palette(ui).bad;
            ui.add(Label::new(RichText::new(text).color(color)).wrap());
            ui.add_space(theme::GAP);
        }
    });
    ui.separator();
    if let Some(folder) = list.folder {
        let text = format!("Your own lessons: text files in {}", folder.display());
        caption(ui, text);
    }
    let mut close = false;
    ui.horizontal(|ui| {
        close = ui.button("Close").clicked();
        let example = ui.add_enabled(list.folder.is_some(), Button::new("Save an example"));
        let hint = "A short lesson with remarks that say how to write one";
        if example.on_hover_text(hint).clicked() {
            commands.push(LessonCommand::SaveExample.into());
        }
    });
    close
}

/// A lesson: what it is about, and a button that begins it or goes on with it.
fn lesson(
    ui: &mut Ui,
    listed: &Listed,
    note: Option<&LessonNote>,
    first: bool,
    commands: &mut Vec<Command>,
) {
    let (lesson, steps) = (&listed.lesson, listed.lesson.steps.len());
    let begun = note.filter(|note| (1..steps).contains(&note.step));
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let name = if begun.is_some() { "Go on" } else { "Begin" };
            let button = ui.add(Button::new(name));
            // The keyboard is at once where it can begin.
            if first && ui.memory(|memory| memory.focused().is_none()) {
                button.request_focus();
            }
            let label = format!("{name}: {}", lesson.title);
            if button.accessible_name(label).clicked() {
                commands.push(LessonCommand::Begin(listed.key.clone()).into());
            }
            if begun.is_some() {
                let label = format!("Begin anew: {}", lesson.title);
                if ui.button("Anew").accessible_name(label).clicked() {
                    commands.push(LessonCommand::BeginAnew(listed.key.clone()).into());
                }
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                if note.is_some_and(|note| note.finished) {
                    tick(ui, &format!("finished: {}", lesson.title));
                }
                let color = theme::palette(ui).text_strong;
                let title = RichText::new(&lesson.title).color(color);
                ui.add(Label::new(title).truncate());
            });
        });
    });
    caption(ui, &lesson.goal);
    if let Some(text) = progress(note, begun, steps) {
        caption(ui, text);
    }
    ui.add_space(theme::GAP);
}

/// How far the person is, in words; nothing before the lesson was begun.
fn progress(note: Option<&LessonNote>, begun: Option<&LessonNote>, steps: usize) -> Option<String> {
    let note = note?;
    let done = note.done.len();
    match begun {
        Some(begun) => Some(format!(
            "At step {} of {steps}; {done} ticked.",
            begun.step + 1
        )),
        None if note.finished => Some(format!("Finished; {done} of {steps} steps were ticked.")),
        None => None,
    }
}
