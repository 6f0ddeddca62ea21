//! The command palette: everything that can be done, found by typing some of it.

use eframe::egui::{
    Align2, Area, Button, Context, Frame, Id, Key, Modifiers, Order, Rect, RichText, ScrollArea,
    Sense, TextEdit, TextStyle, Ui, vec2,
};

use crate::{
    state::{
        catalogue::Entry,
        command::{Command, WindowCommand},
        finder,
    },
    theme,
    widgets::{caption, text_field},
};

const WIDTH: f32 = 520.0;
const LIST: f32 = 320.0;
/// How far below the top of the window it hangs, and in a low one.
const TOP: f32 = 70.0;
const LOW_TOP: f32 = 8.0;
/// Around the list: the field, the explanation and the margins.
const AROUND: f32 = 96.0 + EXPLANATION;
/// Height of three lines of an explanation.
const EXPLANATION: f32 = 51.0;

/// A palette that is open.
#[derive(Clone, Debug)]
pub struct CommandPalette {
    text: String,
    chosen: usize,
    fresh: bool,
}

/// What the person did with it.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// Nothing yet.
    Open,
    /// Put it away.
    Cancel,
    /// Chose something.
    Done(Command),
}

impl Default for CommandPalette {
    fn default() -> Self {
        Self {
            text: String::new(),
            chosen: 0,
            fresh: true,
        }
    }
}

impl CommandPalette {
    /// Shows the palette over the window.
    pub fn ui(&mut self, ctx: &Context, entries: &[Entry]) -> Choice {
        let screen = ctx.content_rect();
        let veil = Area::new(Id::unique("palette veil"))
            .order(Order::Foreground)
            .fixed_pos(screen.min)
            .show(ctx, |ui| {
                ui.painter()
                    .rect_filled(screen, 0.0, theme::palette(ui).veil);
                ui.allocate_rect(screen, Sense::click()).clicked()
            });
        let card = Area::new(Id::unique("palette"))
            .order(Order::Tooltip)
            .anchor(Align2::CENTER_TOP, [0.0, top(screen)]);
        let chosen = card.show(ctx, |ui| {
            let frame = Frame::window(ui.style()).inner_margin(12);
            frame.show(ui, |ui| self.card(ui, entries)).inner
        });
        let escape = ctx.input_mut(|input| {
            input.key_pressed(Key::Escape) || input.consume_key(Modifiers::COMMAND, Key::K)
        });
        match chosen.inner {
            Some(command) => Choice::Done(command),
            None if veil.inner || escape => Choice::Cancel,
            None => Choice::Open,
        }
    }

    fn card(&mut self, ui: &mut Ui, entries: &[Entry]) -> Option<Command> {
        let width = theme::at_most(ui.ctx(), WIDTH);
        ui.set_width(width);
        let texts = entries.iter().map(|entry| (&*entry.title, entry.also));
        let found = finder::find(&self.text, texts);
        let last = found.len().saturating_sub(1);
        // Before the field takes these keys to move its cursor.
        let (down, up) = ui.input_mut(|input| {
            (
                input.count_and_consume_key(Modifiers::NONE, Key::ArrowDown),
                input.count_and_consume_key(Modifiers::NONE, Key::ArrowUp),
            )
        });
        self.chosen = (self.chosen + down).min(last).saturating_sub(up);
        let field = TextEdit::singleline(&mut self.text)
            .hint_text("What would you like to do?")
            .desired_width(f32::INFINITY);
        let field = text_field(ui, field).accessible_name("search commands");
        if std::mem::take(&mut self.fresh) {
            field.request_focus();
        }
        if field.changed() {
            self.chosen = 0;
        }
        let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        ui.add_space(theme::GAP);
        let moved = down + up > 0;
        let clicked = self.list(ui, entries, &found, moved);
        let entry = found.get(self.chosen).map(|&index| &entries[index]);
        ui.add_space(theme::GAP);
        let explanation = match entry {
            None => "No command found.".to_owned(),
            Some(entry) if opens_page(entry) => {
                format!("{} Enter opens a page about it.", entry.explanation)
            }
            Some(entry) => entry.explanation.to_owned(),
        };
        // Room for the longest, so that the list stays where it is.
        ui.allocate_ui(vec2(width, EXPLANATION), |ui| {
            ui.set_min_height(EXPLANATION);
            caption(ui, explanation);
        });
        if entered {
            field.request_focus();
        }
        // A question has no command: its answer is on the screen already.
        entry
            .filter(|_| clicked || entered)
            .and_then(|entry| entry.command.clone())
    }

    /// What was found; whether one of these was clicked, which is the chosen one then.
    fn list(&mut self, ui: &mut Ui, entries: &[Entry], found: &[usize], moved: bool) -> bool {
        let palette = theme::palette(ui);
        let mut clicked = false;
        let screen = ui.ctx().content_rect();
        let height = LIST.min(screen.height() - top(screen) - AROUND).max(0.0);
        let area = ScrollArea::vertical().auto_shrink(false).max_height(height);
        area.show(ui, |ui| {
            ui.set_min_height(height);
            ui.spacing_mut().item_spacing.y = 1.0;
            for (place, &index) in found.iter().enumerate() {
                let entry = &entries[index];
                let selected = place == self.chosen;
                let color = if selected {
                    palette.on_accent_soft
                } else {
                    palette.text
                };
                let button = Button::new(RichText::new(&entry.title).color(color))
                    .selected(selected)
                    .frame_when_inactive(selected)
                    .min_size(vec2(ui.available_width(), 26.0));
                // Also where there are no keys: a text on the right keeps the title on the left.
                let keys = RichText::new(entry.keys.as_deref().unwrap_or_default())
                    .text_style(TextStyle::Small)
                    .color(palette.text_weak);
                let response = ui.add(button.right_text(keys));
                let response = response.accessible_name(&entry.title);
                if selected && moved {
                    response.scroll_to_me(None);
                }
                if response.clicked() {
                    self.chosen = place;
                    clicked = true;
                }
            }
        });
        clicked
    }
}

fn opens_page(entry: &Entry) -> bool {
    let command = entry.command.as_ref();
    matches!(command, Some(Command::Window(WindowCommand::OpenPage(_))))
}

fn top(screen: Rect) -> f32 {
    let room = screen.height() - LIST - AROUND;
    room.clamp(LOW_TOP, TOP)
}
