//! The keyboard, in one table: what a key does, and what the help says about it.

use std::sync::Arc;

use datasets::ClassId;
use eframe::egui::{
    Context, Event, Key, KeyboardShortcut, ModifierNames, Modifiers, ThemePreference,
};

use crate::{
    command::Command,
    controls::{Controls, Space},
    recipe::Shows,
};

/// What a key does, beyond the space that it is pressed in.
enum Action {
    Send(Command),
    /// Draw new random numbers: a latent, or in Anchors a grid.
    Draw,
    /// Change between dark and light.
    Theme,
    /// Name the selected dimension.
    Name,
}

struct Shortcut {
    shortcut: KeyboardShortcut,
    action: Action,
}

/// The keys and what they do, for the help.
#[must_use]
pub fn table() -> [(&'static str, &'static str); 25] {
    [
        (
            "Ctrl+1 … Ctrl+6, F1 … F4, F6, F7",
            "Explore, Anchors, Explain, Map, Compare, Evaluate",
        ),
        ("0 … 9", "Start from a class; in Anchors, draw that class"),
        ("R", "Randomise; in Anchors, draw with the next seed"),
        ("Shift+R", "Reset the unlocked dimensions"),
        ("Backspace", "Back to where the latent came from"),
        ("H", "Heatmap on or off"),
        ("B", "Keep this as a bookmark"),
        ("PageUp, PageDown", "The bookmark before, the next one"),
        ("F11 or F5", "Present on the full screen; Esc leaves"),
        ("Space", "Play the show, or pause it"),
        ("← →", "Move the slider in focus; with Shift in small steps"),
        ("Delete", "Put the slider in focus on its mean"),
        ("N", "Name the selected dimension"),
        ("Shift+drag", "Fine drag"),
        ("L, scroll, right-drag", "On the map: lasso, zoom, move"),
        ("Ctrl+Z, Ctrl+Shift+Z", "Undo, redo"),
        ("Ctrl+O", "Open an image"),
        (
            "Ctrl+V",
            "Encode the image on the clipboard, or show a scene copied as text",
        ),
        ("D", "Draw an image"),
        ("Ctrl+S, Ctrl+C", "Save the image, copy it"),
        ("Ctrl+K", "Find a command or an explanation"),
        ("Ctrl+D", "Dark or light"),
        ("Ctrl+Plus, Ctrl+Minus, Ctrl+0", "Zoom in, out, back"),
        ("Ctrl+Q", "Quit; the next start goes on from here"),
        ("?", "This list"),
    ]
}

fn shortcuts() -> Vec<Shortcut> {
    let redo = Modifiers::COMMAND | Modifiers::SHIFT;
    let mut list = vec![
        // The one with more modifiers first: egui takes the first that fits.
        at(redo, Key::Z, Action::Send(Command::Redo)),
        at(Modifiers::COMMAND, Key::Y, Action::Send(Command::Redo)),
        at(Modifiers::COMMAND, Key::Z, Action::Send(Command::Undo)),
        at(
            Modifiers::COMMAND,
            Key::O,
            Action::Send(Command::AskForImage),
        ),
        at(
            Modifiers::COMMAND,
            Key::S,
            Action::Send(Command::AskWhereToSave(Shows::Image)),
        ),
        at(Modifiers::COMMAND, Key::D, Action::Theme),
        at(Modifiers::COMMAND, Key::Q, Action::Send(Command::Quit)),
        at(
            Modifiers::COMMAND,
            Key::K,
            Action::Send(Command::TogglePalette),
        ),
        at(Modifiers::NONE, Key::N, Action::Name),
        at(Modifiers::NONE, Key::D, Action::Send(Command::Draw)),
        at(Modifiers::SHIFT, Key::R, Action::Send(Command::Reset)),
        at(Modifiers::NONE, Key::R, Action::Draw),
        at(
            Modifiers::NONE,
            Key::H,
            Action::Send(Command::ToggleHeatmap),
        ),
        at(
            Modifiers::NONE,
            Key::Backspace,
            Action::Send(Command::BackToStart),
        ),
        at(
            Modifiers::NONE,
            Key::Questionmark,
            Action::Send(Command::ToggleHelp),
        ),
        at(
            Modifiers::SHIFT,
            Key::Questionmark,
            Action::Send(Command::ToggleHelp),
        ),
        at(
            Modifiers::SHIFT,
            Key::Slash,
            Action::Send(Command::ToggleHelp),
        ),
    ];
    for (key, command) in [
        (Key::B, Command::AddBookmark),
        (Key::PageUp, Command::StepBookmark(-1)),
        (Key::PageDown, Command::StepBookmark(1)),
    ] {
        list.push(at(Modifiers::NONE, key, Action::Send(command)));
    }
    // F5 presents, as in other programs.
    let function = [Key::F1, Key::F2, Key::F3, Key::F4, Key::F6, Key::F7];
    let digits = [
        Key::Num1,
        Key::Num2,
        Key::Num3,
        Key::Num4,
        Key::Num5,
        Key::Num6,
    ];
    for ((space, function), digit) in Space::ALL.into_iter().zip(function).zip(digits) {
        list.push(at(
            Modifiers::NONE,
            function,
            Action::Send(Command::Show(space)),
        ));
        list.push(at(
            Modifiers::COMMAND,
            digit,
            Action::Send(Command::Show(space)),
        ));
    }
    list
}

/// The key that sends a command, in the platform's words, if there is one.
#[must_use]
pub fn keys(command: &Command) -> Option<String> {
    let sends = |entry: &Shortcut| match (&entry.action, command) {
        (Action::Send(sent), command) => sent == command,
        (Action::Draw, Command::Randomise) | (Action::Name, Command::NameDimension(_)) => true,
        _ => false,
    };
    let mac = cfg!(target_os = "macos");
    match command {
        Command::StartFromAnchor(class) if class.index() < 10 => Some(class.to_string()),
        Command::CopyImage => Some(KeyboardShortcut::new(Modifiers::COMMAND, Key::C))
            .map(|shortcut| shortcut.format(&ModifierNames::NAMES, mac)),
        _ => shortcuts()
            .into_iter()
            .find(sends)
            .map(|entry| entry.shortcut.format(&ModifierNames::NAMES, mac)),
    }
}

fn at(modifiers: Modifiers, key: Key, action: Action) -> Shortcut {
    Shortcut {
        shortcut: KeyboardShortcut::new(modifiers, key),
        action,
    }
}

/// Turns the keys of this pass into commands. While a person types, only those that cannot be meant as text count.
///
/// While a person presents, the other spaces are out of sight: digits choose a class to start from.
pub fn handle(
    ctx: &Context,
    controls: &mut Controls,
    presenting: bool,
    commands: &mut Vec<Command>,
) {
    let typing = ctx.text_edit_focused();
    for key in [Key::F11, Key::F5] {
        if ctx.input_mut(|input| input.consume_key(Modifiers::NONE, key)) {
            commands.push(Command::Present(!presenting));
        }
    }
    for Shortcut { shortcut, action } in shortcuts() {
        let text = shortcut.conflicts_with_text_editing() || shortcut.modifiers == Modifiers::SHIFT;
        let editing = typing && (text || matches!(shortcut.logical_key, Key::Z | Key::Y));
        if editing || !ctx.input_mut(|input| input.consume_shortcut(&shortcut)) {
            continue;
        }
        match action {
            Action::Send(Command::Show(_) | Command::ToggleHelp) if presenting => {}
            Action::Send(command) => commands.push(command),
            Action::Draw if presenting => commands.push(Command::Randomise),
            Action::Draw => draw(controls, commands),
            Action::Name => {
                let selected = controls.scene().map(|scene| scene.selected);
                commands.extend(selected.map(Command::NameDimension));
            }
            Action::Theme => {
                let dark = ctx.theme() == eframe::egui::Theme::Dark;
                let next = if dark {
                    ThemePreference::Light
                } else {
                    ThemePreference::Dark
                };
                commands.push(Command::Theme(next));
            }
        }
    }
    if typing {
        return;
    }
    // A button in focus takes the space bar for itself.
    let free = ctx.memory(|memory| memory.focused().is_none());
    if free && ctx.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Space)) {
        commands.push(Command::TogglePlay);
    }
    if ctx.input(|input| {
        input
            .events
            .iter()
            .any(|event| matches!(event, Event::Copy))
    }) {
        commands.push(Command::CopyImage);
    }
    let pasted = ctx.input(|input| {
        input.events.iter().find_map(|event| match event {
            Event::Paste(text) => Some(Command::Paste(text.clone())),
            Event::PasteImage(picture) => Some(Command::PasteImage(Arc::clone(picture))),
            _ => None,
        })
    });
    commands.extend(pasted);
    if let Some(class) = pressed_digit(ctx) {
        if presenting {
            commands.push(Command::StartFromAnchor(class));
        } else {
            choose_class(class, controls, commands);
        }
    }
}

fn draw(controls: &mut Controls, commands: &mut Vec<Command>) {
    if controls.space != Space::Anchors {
        commands.push(Command::Randomise);
    } else if let Some(scene) = controls.scene_mut() {
        scene.anchors.seed.0 = scene.anchors.seed.0.wrapping_add(1);
    }
}

fn choose_class(class: ClassId, controls: &mut Controls, commands: &mut Vec<Command>) {
    if controls.space != Space::Anchors {
        commands.push(Command::StartFromAnchor(class));
    } else if let Some(scene) = controls.scene_mut() {
        scene.anchors.class = class;
    }
}

fn pressed_digit(ctx: &Context) -> Option<ClassId> {
    const DIGITS: [Key; 10] = [
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
    let index = DIGITS.iter().position(pressed)?;
    u8::try_from(index).ok().map(ClassId)
}
