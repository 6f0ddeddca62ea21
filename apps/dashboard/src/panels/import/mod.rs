//! The import card: the picture that was brought, large, beside what the model gets of it. Nothing changes until *Use it*.

mod controls;
mod layout;
mod paint;
mod picture;
mod result;
mod tray;

use std::collections::BTreeMap;

use datasets::Adjustments;
use eframe::egui::{
    Align, Button, Context, Event, Frame, Id, Key, Label, Layout, Memory, Modal, Modifiers, Rect,
    RichText, ScrollArea, TextStyle, TextureHandle, Ui, UiBuilder,
};

use self::{layout::Places, picture::PicturePanel};
use crate::{
    state::{
        command::{ClipboardCommand, Command, ImportCommand},
        import::{Card, Import, Tile},
        model::OpenModel,
    },
    theme::{self, Palette},
    widgets::{self, canvas::Canvas, caption},
};

/// A footer at least this wide has room for a hint.
const WITH_HINT: f32 = 640.0;

/// What the card keeps between passes.
#[derive(Default)]
pub struct ImportPanel {
    picture: PicturePanel,
    input: Canvas,
    /// The small pictures in the tray, by the numbers of theirs.
    tiles: BTreeMap<u64, TextureHandle>,
    /// The picture that was in front of the tray.
    in_front: Option<u64>,
    keys: KeyTakers,
}

/// Who took the keys at the end of the last pass: a field that is left by Enter or Esc needs that key itself.
#[derive(Clone, Copy, Default)]
struct KeyTakers {
    /// A person types a number.
    typing: bool,
    /// A button or a slider is in focus.
    control: bool,
}

impl ImportPanel {
    /// Shows the card over the window.
    pub fn ui(
        &mut self,
        ctx: &Context,
        import: &mut Import,
        model: Option<&OpenModel>,
        commands: &mut Vec<Command>,
    ) {
        self.keyboard(ctx, import, model, commands);
        let card = layout::card(ctx.content_rect().size());
        let frame = Frame::window(&ctx.global_style()).inner_margin(layout::MARGIN);
        let modal = Modal::new(Id::unique("import card"))
            .backdrop_color(Palette::of(ctx.theme()).veil)
            .frame(frame);
        modal.show(ctx, |ui| {
            let (_, inside) = ui.allocate_space(card);
            let several = import.tray.pictures().len() > 1;
            let places = Places::of(inside, several);
            within(ui, places.header, |ui| header(ui, import));
            self.body(ui, &places, import, model);
            if let Some(place) = places.tray {
                within(ui, place, |ui| self.tray(ui, import, commands));
            }
            within(ui, places.footer, |ui| footer(ui, import, model, commands));
        });
        let focused = ctx.memory(Memory::focused);
        self.keys = KeyTakers {
            typing: ctx.text_edit_focused(),
            control: focused.is_some_and(|id| !self.picture.is(id)),
        };
    }

    /// Enter, Esc, the numbers of objects, and pasting.
    fn keyboard(
        &self,
        ctx: &Context,
        import: &mut Import,
        model: Option<&OpenModel>,
        commands: &mut Vec<Command>,
    ) {
        if self.keys.typing {
            return;
        }
        let pressed = |key: Key| ctx.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        if pressed(Key::Escape) {
            commands.push(ImportCommand::Cancel.into());
        }
        if !self.keys.control && can_be_used(import, model) && pressed(Key::Enter) {
            commands.push(ImportCommand::Use.into());
        }
        let digits = [
            Key::Num1,
            Key::Num2,
            Key::Num3,
            Key::Num4,
            Key::Num5,
            Key::Num6,
            Key::Num7,
            Key::Num8,
            Key::Num9,
        ];
        if let Some(card) = &mut import.card {
            let count = card.objects().len();
            let chosen = digits.into_iter().take(count).position(pressed);
            if chosen.is_some() {
                card.adjustments.object = chosen;
            }
        }
        let pasted = ctx.input(|input| {
            input.events.iter().find_map(|event| match event {
                Event::PasteImage(picture) => {
                    Some(ClipboardCommand::PasteImage(picture.clone()).into())
                }
                _ => None,
            })
        });
        commands.extend(pasted);
    }

    /// The picture, and beside or below it what comes of it and what can be decided.
    fn body(
        &mut self,
        ui: &mut Ui,
        places: &Places,
        import: &mut Import,
        model: Option<&OpenModel>,
    ) {
        let Some(card) = &mut import.card else {
            return within(ui, places.picture, |ui| without_picture(ui, import));
        };
        within(ui, places.picture, |ui| {
            self.picture.ui(ui, places.picture, card);
        });
        within(ui, places.side, |ui| {
            let area = ScrollArea::vertical()
                .auto_shrink(false)
                .id_salt(card.number);
            area.show(ui, |ui| {
                result::ui(ui, card, model, &mut self.input);
                ui.add_space(theme::GROUP_GAP);
                controls::ui(ui, card, model);
            });
        });
    }
}

/// Shows something in a place of its own.
fn within(ui: &mut Ui, place: Rect, add: impl FnOnce(&mut Ui)) {
    ui.scope_builder(UiBuilder::new().max_rect(place), add);
}

/// Whether there is an image, and a way to its latent.
fn can_be_used(import: &Import, model: Option<&OpenModel>) -> bool {
    let ready = import.card.as_ref().and_then(Card::image);
    ready.is_some() && model.is_some_and(OpenModel::finds_images)
}

fn header(ui: &mut Ui, import: &Import) {
    let Some(front) = import.tray.front() else {
        return;
    };
    let pictures = import.tray.pictures();
    let place = pictures
        .iter()
        .position(|picture| picture.number == front.number);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if let Some(place) = place.filter(|_| pictures.len() > 1) {
            caption(ui, format!("{} of {}", place + 1, pictures.len()));
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let name = RichText::new(front.source.name()).text_style(TextStyle::Heading);
            let name = name.color(theme::palette(ui).text_strong);
            ui.add(Label::new(name).truncate());
        });
    });
}

fn without_picture(ui: &mut Ui, import: &Import) {
    match import.tray.front().map(|front| &front.tile) {
        Some(Tile::Unreadable(reason)) => {
            let color = theme::palette(ui).bad;
            ui.add(Label::new(RichText::new(reason).color(color)).wrap());
        }
        Some(Tile::Scene) => {
            caption(
                ui,
                "This file carries a scene. Choose it to bring the scene back.",
            );
        }
        Some(Tile::Unread | Tile::Thumbnail(_)) | None => {
            caption(ui, "Reading the picture…");
        }
    }
}

fn footer(
    ui: &mut Ui,
    import: &mut Import,
    model: Option<&OpenModel>,
    commands: &mut Vec<Command>,
) {
    let wide = ui.max_rect().width() >= WITH_HINT;
    let usable = can_be_used(import, model);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let palette = theme::palette(ui);
        let label = RichText::new("Use it").color(palette.on_accent_soft);
        let button = Button::new(label).fill(palette.accent_soft);
        let button = ui.add_enabled(usable, button);
        if button.on_hover_text("Start from this image (Enter)").clicked() {
            commands.push(ImportCommand::Use.into());
        }
        let cancel = ui.button("Cancel").on_hover_text("Change nothing (Esc)");
        if cancel.clicked() {
            commands.push(ImportCommand::Cancel.into());
        }
        if let Some(card) = &mut import.card {
            let changed = card.adjustments != Adjustments::default();
            let reset = ui.add_enabled(changed, Button::new("Reset"));
            let reset = reset.on_hover_text("Leave everything to the program again");
            if reset.accessible_name("reset the adjustments").clicked() {
                card.adjustments = Adjustments::default();
            }
        }
        if wide {
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                widgets::caption(
                    ui,
                    "Drag on the picture to crop it. Arrow keys move the crop, with Shift they resize it.",
                );
            });
        }
    });
}
