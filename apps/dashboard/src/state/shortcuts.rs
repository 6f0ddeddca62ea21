//! The keyboard, in one table: what a key does, and what the help says about it.

use eframe::egui::{Key, KeyboardShortcut, ModifierNames, Modifiers};

use super::{
    classes::DIGITS,
    command::{
        BookmarkCommand, ClipboardCommand, Command, FileCommand, ImportCommand, LessonCommand,
        NotebookCommand, SceneCommand, WindowCommand,
    },
    controls::Space,
    recipe::PictureKind,
    zoom::ZoomCommand,
};

/// What a key does, beyond the space that it is pressed in.
pub enum Action {
    /// Send a command.
    Send(Command),
    /// Draw new random numbers: a latent, or where samples are shown others.
    Draw,
    /// Change between dark and light.
    Theme,
    /// Name the selected dimension.
    Name,
}

/// A key, and what it does.
pub struct Shortcut {
    /// The key.
    pub shortcut: KeyboardShortcut,
    /// What it does.
    pub action: Action,
}

/// The keys and what they do, for the help.
#[must_use]
pub fn table() -> [(&'static str, &'static str); 30] {
    [
        (
            "Ctrl+1 … Ctrl+7, F1 … F4, F6 … F8",
            "Explore, Anchors, Explain, Map, Compare, Evaluate, Train",
        ),
        (
            "0 … 9",
            "Start from a class, or draw this latent as it; where samples are shown, draw that class",
        ),
        (
            "R",
            "Randomise; where samples are shown, draw with the next seed",
        ),
        ("Shift+R", "Reset the unlocked dimensions"),
        ("Backspace", "Back to where the latent came from"),
        ("H", "Heatmap on or off"),
        ("B", "Keep this as a bookmark"),
        ("PageUp, PageDown", "The bookmark before, the next one"),
        (
            "F11 or F5",
            "Present on the full screen; there B or a full stop shows black, Esc leaves",
        ),
        ("Space", "Play the show, or pause it"),
        ("← →", "Move the slider in focus; with Shift in small steps"),
        ("Delete", "Put the slider in focus on its mean"),
        ("N", "Name the selected dimension"),
        ("Shift+drag", "Fine drag"),
        ("L, scroll, right-drag", "On the map: lasso, zoom, move"),
        ("Ctrl+Z, Ctrl+Shift+Z", "Undo, redo"),
        ("U", "History: every step that was made, as pictures"),
        ("Ctrl+O", "Open an image"),
        (
            "Ctrl+V",
            "Encode the image on the clipboard, or show a scene copied as text",
        ),
        (
            "I",
            "Adjust the picture that was brought last: crop, turn, invert, threshold",
        ),
        (
            "D, Shift+D",
            "Draw an image; draw on the picture, until Esc puts the brush away",
        ),
        ("P", "The pad: two dimensions or directions at once"),
        ("Ctrl+S, Ctrl+C", "Save the image, copy it"),
        ("Ctrl+K", "Find a command or an explanation"),
        ("Ctrl+D", "Dark or light"),
        ("Ctrl+Plus, Ctrl+Minus, Ctrl+0", "Zoom in, out, back"),
        ("Ctrl+Q", "Quit; the next start goes on from here"),
        ("F9", "Lessons"),
        (
            "Ctrl+Enter, Ctrl+Shift+Enter",
            "In a lesson: the next step; show me how",
        ),
        ("?", "This list"),
    ]
}

/// All keys, in the order in which they are looked for.
#[must_use]
pub fn shortcuts() -> Vec<Shortcut> {
    let redo = Modifiers::COMMAND | Modifiers::SHIFT;
    let mut list = vec![
        // The one with more modifiers first: egui takes the first that fits.
        at(redo, Key::Z, send(SceneCommand::Redo)),
        at(Modifiers::COMMAND, Key::Y, send(SceneCommand::Redo)),
        at(Modifiers::COMMAND, Key::Z, send(SceneCommand::Undo)),
        at(Modifiers::COMMAND, Key::O, send(FileCommand::AskForImage)),
        at(
            Modifiers::COMMAND,
            Key::S,
            send(FileCommand::AskWhereToSave(PictureKind::Image)),
        ),
        at(Modifiers::COMMAND, Key::D, Action::Theme),
        at(Modifiers::COMMAND, Key::Q, send(WindowCommand::Quit)),
        at(Modifiers::COMMAND, Key::Plus, zoom(ZoomCommand::In)),
        // The plus of an English keyboard, without Shift.
        at(Modifiers::COMMAND, Key::Equals, zoom(ZoomCommand::In)),
        at(Modifiers::COMMAND, Key::Minus, zoom(ZoomCommand::Out)),
        at(Modifiers::COMMAND, Key::Num0, zoom(ZoomCommand::Reset)),
        at(
            Modifiers::COMMAND,
            Key::K,
            send(WindowCommand::TogglePalette),
        ),
        at(Modifiers::NONE, Key::F9, send(LessonCommand::ToggleList)),
        at(redo, Key::Enter, send(LessonCommand::ShowMe)),
        at(Modifiers::COMMAND, Key::Enter, send(LessonCommand::Next)),
        at(Modifiers::NONE, Key::N, Action::Name),
        at(Modifiers::SHIFT, Key::D, send(WindowCommand::ToggleBrush)),
        at(Modifiers::NONE, Key::D, send(WindowCommand::ToggleDrawing)),
        at(Modifiers::NONE, Key::P, send(WindowCommand::TogglePad)),
        at(Modifiers::NONE, Key::I, send(ImportCommand::Open)),
        at(Modifiers::SHIFT, Key::R, send(SceneCommand::Reset)),
        at(Modifiers::NONE, Key::R, Action::Draw),
        at(Modifiers::NONE, Key::H, send(WindowCommand::ToggleHeatmap)),
        at(Modifiers::NONE, Key::U, send(WindowCommand::ToggleHistory)),
        at(
            Modifiers::NONE,
            Key::Backspace,
            send(SceneCommand::BackToStart),
        ),
        at(
            Modifiers::NONE,
            Key::Questionmark,
            send(WindowCommand::ToggleHelp),
        ),
        at(
            Modifiers::SHIFT,
            Key::Questionmark,
            send(WindowCommand::ToggleHelp),
        ),
        at(
            Modifiers::SHIFT,
            Key::Slash,
            send(WindowCommand::ToggleHelp),
        ),
    ];
    for (key, command) in [
        (Key::B, Command::Bookmark(BookmarkCommand::Add)),
        (Key::PageUp, Command::Bookmark(BookmarkCommand::Step(-1))),
        (Key::PageDown, Command::Bookmark(BookmarkCommand::Step(1))),
    ] {
        list.push(at(Modifiers::NONE, key, Action::Send(command)));
    }
    // F5 presents, as in other programs.
    let function = [
        Key::F1,
        Key::F2,
        Key::F3,
        Key::F4,
        Key::F6,
        Key::F7,
        Key::F8,
    ];
    let digits = [
        Key::Num1,
        Key::Num2,
        Key::Num3,
        Key::Num4,
        Key::Num5,
        Key::Num6,
        Key::Num7,
    ];
    for ((space, function), digit) in Space::ALL.into_iter().zip(function).zip(digits) {
        list.push(at(
            Modifiers::NONE,
            function,
            send(WindowCommand::GoTo(space)),
        ));
        list.push(at(
            Modifiers::COMMAND,
            digit,
            send(WindowCommand::GoTo(space)),
        ));
    }
    list
}

/// The key that sends a command, in the platform's words, if there is one.
#[must_use]
pub fn keys(command: &Command) -> Option<String> {
    let sends = |entry: &Shortcut| match (&entry.action, command) {
        (Action::Send(sent), command) => sent == command,
        (Action::Draw, Command::Scene(SceneCommand::Randomise))
        | (Action::Name, Command::Notebook(NotebookCommand::AskForName(_))) => true,
        _ => false,
    };
    let mac = cfg!(target_os = "macos");
    match command {
        Command::Scene(
            SceneCommand::StartFromAnchor(class) | SceneCommand::DrawAs(Some(class)),
        ) if class.index() < DIGITS => Some(class.to_string()),
        Command::Clipboard(ClipboardCommand::CopyImage) => {
            Some(KeyboardShortcut::new(Modifiers::COMMAND, Key::C))
                .map(|shortcut| shortcut.format(&ModifierNames::NAMES, mac))
        }
        _ => shortcuts()
            .into_iter()
            .find(sends)
            .map(|entry| entry.shortcut.format(&ModifierNames::NAMES, mac)),
    }
}

fn send(command: impl Into<Command>) -> Action {
    Action::Send(command.into())
}

fn zoom(command: ZoomCommand) -> Action {
    send(WindowCommand::Zoom(command))
}

fn at(modifiers: Modifiers, key: Key, action: Action) -> Shortcut {
    Shortcut {
        shortcut: KeyboardShortcut::new(modifiers, key),
        action,
    }
}
