//! The pictures that were brought together, in a row.

use eframe::egui::{
    Color32, FontId, Rect, Response, Role, ScrollArea, Sense, Stroke, StrokeKind, TextStyle,
    TextureOptions, Ui, Vec2, WidgetInfo, pos2, text::LayoutJob, vec2,
};

use super::ImportPanel;
use crate::{
    state::{
        command::{Command, ImportCommand},
        import::{Import, Source, Tile, TrayPicture},
    },
    theme,
    widgets::{check_mark, elided},
};

/// The side of a picture.
const SIDE: f32 = 56.0;
/// Width of a tile that says why its file cannot be read.
const REASON: f32 = 190.0;
/// Height of the name below a picture.
const LINE: f32 = 16.0;

impl ImportPanel {
    pub(super) fn tray(&mut self, ui: &mut Ui, import: &Import, commands: &mut Vec<Command>) {
        let front = import.tray.front().map(|front| front.number);
        let pictures = import.tray.pictures();
        self.tiles
            .retain(|number, _| pictures.iter().any(|picture| picture.number == *number));
        let area = ScrollArea::horizontal().auto_shrink(false).id_salt("tray");
        area.show(ui, |ui| {
            ui.horizontal(|ui| {
                for (index, picture) in pictures.iter().enumerate() {
                    let place = (index + 1, pictures.len());
                    let in_front = front == Some(picture.number);
                    let tile = self.tile(ui, picture, place, in_front);
                    if in_front && self.in_front != front {
                        tile.scroll_to_me(None);
                    }
                    if tile.clicked() {
                        commands.push(ImportCommand::Show(picture.number).into());
                    }
                }
            });
        });
        self.in_front = front;
    }

    fn tile(
        &mut self,
        ui: &mut Ui,
        picture: &TrayPicture,
        (index, count): (usize, usize),
        in_front: bool,
    ) -> Response {
        let name = picture.source.name();
        let width = match picture.tile {
            Tile::Unreadable(_) => REASON,
            _ => SIDE,
        };
        let (rect, response) = ui.allocate_exact_size(vec2(width, SIDE + LINE), Sense::click());
        let (more, hint) = words(picture);
        response.widget_info(|| {
            let label = format!("picture {index} of {count}: {name}{more}");
            WidgetInfo::selected(Role::Button, true, in_front, label)
        });
        let palette = theme::palette(ui);
        let card = Rect::from_min_size(rect.min, vec2(width, SIDE));
        ui.painter().rect_filled(card, 3.0, palette.well);
        match &picture.tile {
            Tile::Thumbnail(thumbnail) => {
                let texture = self.tiles.entry(picture.number).or_insert_with(|| {
                    let options = TextureOptions::LINEAR;
                    ui.ctx()
                        .load_texture("picture in the tray", thumbnail.clone(), options)
                });
                let size = texture.size_vec2();
                let size = size * (SIDE / size.max_elem());
                let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
                let place = Rect::from_center_size(card.center(), size);
                ui.painter()
                    .image(texture.id(), place, whole, Color32::WHITE);
            }
            Tile::Unreadable(reason) => say(ui, card, &named(picture, reason), palette.bad),
            Tile::Scene => say(ui, card, "A scene", palette.text_weak),
            Tile::Unread => say(ui, card, "…", palette.text_weak),
        }
        if picture.used {
            let corner =
                Rect::from_min_size(card.right_top() + vec2(-20.0, 4.0), Vec2::splat(16.0));
            ui.painter().rect_filled(corner, 8.0, palette.panel);
            check_mark(ui.painter(), corner.shrink(4.0), palette.good);
        }
        let frame = if in_front || response.has_focus() {
            Stroke::new(2.0, palette.accent)
        } else if response.hovered() {
            Stroke::new(2.0, palette.text)
        } else {
            Stroke::new(1.0, palette.line)
        };
        ui.painter()
            .rect_stroke(card, 3.0, frame, StrokeKind::Inside);
        let font = FontId::proportional(12.0);
        let line = elided(ui.painter(), &name, font, palette.text_weak, width);
        let below = pos2(rect.left(), card.bottom() + 1.0);
        ui.painter().galley(below, line, palette.text_weak);
        response.on_hover_text(format!("{name}{hint}"))
    }
}

/// A reason with the file's name in place of its whole path, for which a tile has no room.
fn named(picture: &TrayPicture, reason: &str) -> String {
    match &picture.source {
        Source::File(path) => reason.replace(&*path.to_string_lossy(), &picture.source.name()),
        Source::Clipboard(_) => reason.to_owned(),
    }
}

/// What there is to say about a picture, for a screen reader and under the pointer.
fn words(picture: &TrayPicture) -> (String, String) {
    match &picture.tile {
        Tile::Unreadable(reason) => (
            format!(", cannot be read: {reason}"),
            format!(": {reason}\nClick to try again."),
        ),
        Tile::Scene => (
            ", carries a scene".to_owned(),
            ": click to bring its scene back".to_owned(),
        ),
        _ if picture.used => (", used".to_owned(), ": used".to_owned()),
        _ => (String::new(), String::new()),
    }
}

/// A few words in place of a picture, as many as there is room for.
fn say(ui: &Ui, place: Rect, text: &str, color: Color32) {
    let inside = place.shrink(4.0);
    let font = TextStyle::Small.resolve(ui.style());
    let line = ui.fonts_mut(|fonts| fonts.row_height(&font));
    let mut job = LayoutJob::simple(text.to_owned(), font, color, inside.width());
    job.wrap.max_rows = (inside.height() / line).floor().max(1.0) as usize;
    let galley = ui.painter().layout_job(job);
    ui.painter().galley(inside.min, galley, color);
}
