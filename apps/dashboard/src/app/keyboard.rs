//! Keys of a pass, turned into commands.

use std::sync::Arc;

use datasets::ClassId;
use eframe::egui::{Context, Event, Key, Modifiers, Popup, ThemePreference};

use crate::state::{
    classes::{DIGITS, class_id},
    command::{
        ClipboardCommand, Command, NotebookCommand, SceneCommand, ShowCommand, WindowCommand,
    },
    controls::{Controls, Space},
    model::OpenModel,
    shortcuts::{Action, Shortcut, shortcuts},
};

/// What the digits lead to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Digits {
    /// How many classes the model in front draws: digits beyond them do nothing.
    pub classes: usize,
    /// Whether the model is given the class, so that the latent stays; else it starts from the anchor of the class.
    pub given: bool,
}

impl Digits {
    /// Those of a model.
    #[must_use]
    pub fn of(model: &OpenModel) -> Self {
        Self {
            classes: model.drawn_names().len(),
            given: model.is_conditional(),
        }
    }
}

/// The keys into presenter mode and out of it, which work whatever else is open.
pub fn present_or_leave(ctx: &Context, presenting: bool, commands: &mut Vec<Command>) {
    for key in [Key::F11, Key::F5] {
        if ctx.input_mut(|input| input.consume_key(Modifiers::NONE, key)) {
            commands.push(WindowCommand::Present(!presenting).into());
        }
    }
}

/// Escape puts the brush for the picture away, unless it is meant for a list that is open or a field that is typed in.
pub fn put_brush_away(ctx: &Context, commands: &mut Vec<Command>) {
    let meant = !ctx.text_edit_focused() && !Popup::is_any_open(ctx);
    if meant && ctx.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
        commands.push(WindowCommand::ToggleBrush.into());
    }
}

/// Turns the keys of this pass into commands. While a person types, only those that cannot be meant as text count.
///
/// While a person presents, the other spaces are out of sight: digits choose a class of the picture.
pub fn handle(
    ctx: &Context,
    controls: &mut Controls,
    (presenting, digits): (bool, Digits),
    commands: &mut Vec<Command>,
) {
    let typing = ctx.text_edit_focused();
    for Shortcut { shortcut, action } in shortcuts() {
        let text = shortcut.conflicts_with_text_editing() || shortcut.modifiers == Modifiers::SHIFT;
        let editing = typing && (text || matches!(shortcut.logical_key, Key::Z | Key::Y));
        if editing || !ctx.input_mut(|input| input.consume_shortcut(&shortcut)) {
            continue;
        }
        if !presenting && text && !is_seen(&action, controls.space) {
            continue;
        }
        match action {
            Action::Send(Command::Window(WindowCommand::GoTo(_) | WindowCommand::ToggleHelp))
                if presenting => {}
            Action::Send(command) => commands.push(command),
            Action::Draw if presenting => commands.push(SceneCommand::Randomise.into()),
            Action::Draw => draw(controls, commands),
            Action::Name => {
                let selected = controls.scene().map(|scene| scene.selected);
                let ask = |dim| NotebookCommand::AskForName(dim).into();
                commands.extend(selected.map(ask));
            }
            Action::Theme => {
                let dark = ctx.theme() == eframe::egui::Theme::Dark;
                let next = if dark {
                    ThemePreference::Light
                } else {
                    ThemePreference::Dark
                };
                commands.push(WindowCommand::Theme(next).into());
            }
        }
    }
    if typing {
        return;
    }
    // A button in focus takes the space bar for itself.
    let free = ctx.memory(|memory| memory.focused().is_none());
    let seen = presenting || controls.space.shows_latent();
    if free && seen && ctx.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Space)) {
        commands.push(ShowCommand::TogglePlay.into());
    }
    if ctx.input(|input| {
        input
            .events
            .iter()
            .any(|event| matches!(event, Event::Copy))
    }) {
        commands.push(ClipboardCommand::CopyImage.into());
    }
    let pasted = ctx.input(|input| {
        input.events.iter().find_map(|event| match event {
            Event::Paste(text) => Some(Command::Clipboard(ClipboardCommand::Paste(text.clone()))),
            Event::PasteImage(picture) => Some(Command::Clipboard(ClipboardCommand::PasteImage(
                Arc::clone(picture),
            ))),
            _ => None,
        })
    });
    commands.extend(pasted);
    let pressed = pressed_digit(ctx).filter(|class| seen && class.index() < digits.classes);
    if let Some(class) = pressed {
        let shown = if digits.given {
            SceneCommand::DrawAs(Some(class))
        } else {
            SceneCommand::StartFromAnchor(class)
        };
        choose_class(class, controls, (presenting, shown), commands);
    }
}

/// Whether a key that is down is held, so that what it does goes on. Signs are left out: a plus that is typed with Shift comes up as
/// an equals sign if Shift comes up first, so that egui takes it to be down for ever.
#[must_use]
pub fn is_held(key: &Key) -> bool {
    let letter_or_digit = key.name().len() == 1 && key.name().as_bytes()[0].is_ascii_alphanumeric();
    letter_or_digit
        || matches!(
            key,
            Key::ArrowLeft
                | Key::ArrowRight
                | Key::ArrowUp
                | Key::ArrowDown
                | Key::PageUp
                | Key::PageDown
                | Key::Backspace
                | Key::Delete
                | Key::Space
        )
}

/// Whether the person sees what a single key does. Keys that change what is out of sight do nothing.
fn is_seen(action: &Action, space: Space) -> bool {
    match action {
        Action::Send(Command::Window(WindowCommand::ToggleHeatmap)) => space.shows_heatmap(),
        Action::Draw
        | Action::Name
        | Action::Send(
            Command::Window(WindowCommand::ToggleHistory)
            | Command::Scene(_)
            | Command::Bookmark(_)
            | Command::Show(_),
        ) => space.shows_latent(),
        Action::Send(_) | Action::Theme => true,
    }
}

fn draw(controls: &mut Controls, commands: &mut Vec<Command>) {
    match controls.samples_mut() {
        Some((_, seed)) => seed.0 = seed.0.wrapping_add(1),
        None => commands.push(SceneCommand::Randomise.into()),
    }
}

/// The class of the samples where samples are shown, elsewhere the class of the picture.
fn choose_class(
    class: ClassId,
    controls: &mut Controls,
    (presenting, shown): (bool, SceneCommand),
    commands: &mut Vec<Command>,
) {
    if presenting {
        commands.push(shown.into());
        return;
    }
    match controls.samples_mut() {
        Some((chosen, _)) => *chosen = class,
        None => commands.push(shown.into()),
    }
}

fn pressed_digit(ctx: &Context) -> Option<ClassId> {
    const KEYS: [Key; DIGITS] = [
        Key::Num0,
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
    let pressed = |key: &Key| ctx.input_mut(|input| input.consume_key(Modifiers::NONE, *key));
    class_id(KEYS.iter().position(pressed)?)
}
