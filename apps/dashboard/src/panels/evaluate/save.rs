//! Saves what a card shows: its numbers as CSV, or its picture as PNG.

use eframe::egui::{Align, Layout, Rect, RichText, Ui, UiBuilder, vec2};

use crate::{
    state::{
        command::{Command, FileCommand},
        sheet::Sheet,
    },
    theme,
};

const WIDTH: f32 = 44.0;
const HEIGHT: f32 = 20.0;

/// A small menu in the corner of a card. `title` says which card; `sheet` makes a table of its numbers, if it has any, once
/// the person asks for that.
pub(super) fn menu(
    ui: &mut Ui,
    card: Rect,
    title: &str,
    sheet: Option<impl FnOnce() -> Sheet>,
) -> Option<Command> {
    let corner = card.right_top() + vec2(-WIDTH - theme::GAP, theme::GAP);
    let place = Rect::from_min_size(corner, vec2(WIDTH, HEIGHT));
    let builder = UiBuilder::new()
        .id_salt(("save", title))
        .max_rect(place)
        .layout(Layout::right_to_left(Align::Center));
    let mut chosen = None;
    // A child of its own: it lies over the card and takes no room beside it.
    let mut corner = ui.new_child(builder);
    let response = corner.menu_button(RichText::new("Save").small(), |ui| {
        if let Some(sheet) = sheet
            && ui.button("Numbers as CSV…").clicked()
        {
            chosen = Some(Command::File(FileCommand::AskWhereToSaveSheet(sheet())));
        }
        if ui.button("Picture as PNG…").clicked() {
            let name = title.to_lowercase().replace(' ', "-");
            chosen = Some(Command::File(FileCommand::Photograph { name, rect: card }));
        }
    });
    response.response.accessible_name(format!("save {title}"));
    chosen
}
