//! Saves what a plot shows: its numbers as CSV, or its picture as PNG or SVG.

use eframe::egui::{Align, Context, Layout, Rect, RichText, Ui, UiBuilder, vec2};

use crate::{
    render::draw,
    state::sheet::{Contents, Sheet},
    theme,
};

const WIDTH: f32 = 44.0;
const HEIGHT: f32 = 20.0;
/// Screen pixels a point of pictures: as on most screens, as on dense ones, and as for print.
const SCALES: [u8; 3] = [1, 2, 4];

/// What a card is to be saved as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::panels) enum SaveAs {
    /// Its numbers.
    Table,
    /// Its picture, with so many pixels a point.
    Picture(u8),
    /// Its picture, as shapes.
    Drawing,
}

/// A small menu in the corner of a card. `title` says which card; only some have numbers.
pub(in crate::panels) fn menu(
    ui: &mut Ui,
    card: Rect,
    title: &str,
    has_numbers: bool,
) -> Option<SaveAs> {
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
        if has_numbers && ui.button("Numbers as CSV…").clicked() {
            chosen = Some(SaveAs::Table);
        }
        for scale in SCALES {
            let text = match scale {
                1 => "Picture as PNG…".to_owned(),
                scale => format!("Picture as PNG, {scale} times as large…"),
            };
            if ui.button(text).clicked() {
                chosen = Some(SaveAs::Picture(scale));
            }
        }
        let drawing = ui.button("Picture as SVG…");
        if drawing
            .on_hover_text("Sharp at every size; a drawing program can change it")
            .clicked()
        {
            chosen = Some(SaveAs::Drawing);
        }
    });
    response.response.accessible_name(format!("save {title}"));
    chosen
}

/// The picture of a card that is laid out anew, as wide as it is on the screen: whatever lay over it, and the pointer, are not on it.
pub(in crate::panels) fn picture(
    ctx: &Context,
    width: f32,
    title: &str,
    save: SaveAs,
    card: impl FnMut(&mut Ui),
) -> Sheet {
    let scale = match save {
        SaveAs::Picture(scale) => f32::from(scale),
        SaveAs::Table | SaveAs::Drawing => 1.0,
    };
    let drawing = draw(ctx, width, scale, card);
    let contents = match save {
        SaveAs::Drawing => Contents::Drawing(drawing.svg(title)),
        SaveAs::Table | SaveAs::Picture(_) => Contents::Picture(drawing.pixels().into()),
    };
    let name = title.to_lowercase().replace(' ', "-");
    Sheet { name, contents }
}
