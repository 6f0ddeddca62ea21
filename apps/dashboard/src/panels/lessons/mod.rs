//! Lessons: the list of them, and the guide, which stands under the spaces and so covers nothing that it points at.

mod list;
mod pointer;

use eframe::egui::{
    Align, Button, Label, Layout, Panel, RichText, ScrollArea, Stroke, TextStyle, Ui, accesskit,
};

use self::pointer::Pointer;
use crate::{
    state::{
        command::{Command, LessonCommand},
        lesson::{Running, Seen},
    },
    theme,
    widgets::{close_button, find_nothing, tick},
};

pub use list::{LessonList, ui as list_ui};

/// Height of the guide, in points.
pub const GUIDE: f32 = 116.0;
/// Longer lines are hard to read.
const LONGEST_LINE: f32 = 900.0;
/// Size of what a person is told.
const TEXT: f32 = 15.0;

/// What is shown of a lesson that is under way.
#[derive(Clone, Copy)]
pub struct Guided<'a> {
    /// The lesson.
    pub running: &'a Running,
    /// Whether the step in front is done.
    pub done: bool,
    /// Whether the model in front is one that the lesson works with.
    pub fits: bool,
    /// What is looked at to find what is pointed at.
    pub seen: Seen<'a>,
}

/// What the guide keeps between passes.
#[derive(Default)]
pub struct GuidePanel {
    pointer: Pointer,
}

impl GuidePanel {
    /// Shows the step in front. `points` says whether nothing lies over the spaces, so that what is pointed at is seen.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        guided: Guided<'_>,
        points: bool,
        commands: &mut Vec<Command>,
    ) {
        let margin = if theme::is_narrow(ui) { 8 } else { 16 };
        let palette = theme::palette(ui);
        let frame = theme::panel_frame(ui, margin, 8);
        let shown = Panel::bottom("lesson")
            .exact_size(GUIDE)
            .resizable(false)
            .frame(frame)
            .show(ui, |ui| {
                ui.horizontal(|ui| head(ui, guided, commands));
                ui.add_space(2.0);
                let room = ui.available_height();
                let area = ScrollArea::vertical().max_height(room).auto_shrink(false);
                // A long step begins with its first line again.
                let key = (&guided.running.listed.key, guided.running.step);
                area.id_salt(key).show(ui, |ui| {
                    ui.set_max_width(LONGEST_LINE.min(ui.available_width()));
                    body(ui, guided, commands);
                });
            });
        let rect = shown.response.rect;
        let edge = Stroke::new(2.0, palette.warn);
        ui.painter().hline(rect.x_range(), rect.top() + 1.0, edge);
        if points && guided.fits {
            self.pointer.point(ui.ctx(), guided);
        } else {
            find_nothing(ui.ctx());
        }
    }
}

/// Which step it is, whether it is done, and where to go.
fn head(ui: &mut Ui, guided: Guided<'_>, commands: &mut Vec<Command>) {
    let running = guided.running;
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let hint = "Leave the lesson; it goes on here next time";
        if close_button(ui, "Leave the lesson", hint) {
            commands.push(LessonCommand::Leave.into());
        }
        buttons(ui, guided, commands);
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let all = running.listed.lesson.steps.len();
            let place = format!("{}/{all}", running.step + 1);
            let said = format!("step {} of {all}", running.step + 1);
            let weak = theme::palette(ui).text_weak;
            let place = RichText::new(place)
                .color(weak)
                .text_style(TextStyle::Monospace);
            ui.label(place).accessible_name(said);
            if guided.done {
                tick(ui, "this step is done");
            }
            let title = RichText::new(&running.listed.lesson.title).strong();
            let title = title.color(theme::palette(ui).text_strong);
            ui.add(Label::new(title).truncate());
        });
    });
}

fn buttons(ui: &mut Ui, guided: Guided<'_>, commands: &mut Vec<Command>) {
    let step = guided.running.step();
    let to_read = step.is_none_or(|step| step.check.is_none());
    let name = match (guided.running.is_last(), guided.done || to_read) {
        (true, _) => "Finish",
        (false, true) => "Next",
        (false, false) => "Skip",
    };
    // The button to press next stands out once the step is done.
    let next = Button::new(name).selected(guided.done || to_read);
    let hint = match name {
        "Skip" => "Go on without this step (Ctrl+Enter)",
        "Finish" => "End the lesson (Ctrl+Enter)",
        _ => "Go to the next step (Ctrl+Enter)",
    };
    let next = ui.add(next).on_hover_text(hint);
    if next
        .accessible_name(format!("{name} in the lesson"))
        .clicked()
    {
        commands.push(LessonCommand::Next.into());
    }
    if step.is_some_and(|step| !step.show.is_empty()) {
        let show = ui.add_enabled(guided.fits, Button::new("Show me"));
        let hint = "Have the window do it (Ctrl+Shift+Enter)";
        if show.on_hover_text(hint).clicked() {
            commands.push(LessonCommand::ShowMe.into());
        }
    }
    let back = ui.add_enabled(guided.running.step > 0, Button::new("Back"));
    let back = back.on_hover_text("The step before, as it began");
    if back.accessible_name("Back in the lesson").clicked() {
        commands.push(LessonCommand::Back.into());
    }
}

/// What the person is told.
fn body(ui: &mut Ui, guided: Guided<'_>, commands: &mut Vec<Command>) {
    let lesson = &guided.running.listed.lesson;
    if !guided.fits {
        ui.label(format!(
            "This lesson is made for the model {}, and another one is in front.",
            lesson.model
        ));
        if ui.button("Open its model").clicked() {
            commands.push(LessonCommand::OpenModel.into());
        }
        return;
    }
    let Some(step) = guided.running.step() else {
        return;
    };
    let text = RichText::new(&step.text)
        .size(TEXT)
        .color(theme::palette(ui).text);
    let label = ui.add(Label::new(text).wrap());
    // A screen reader reads a new step out.
    let polite = |node: &mut accesskit::Node| node.set_live(accesskit::Live::Polite);
    ui.ctx().accesskit_node_builder(label.id, polite);
}
