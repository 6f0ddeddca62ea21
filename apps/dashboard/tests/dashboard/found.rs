//! The palette finds whatever a menu, a button or a key does, also by other words, and explains the words of the field.

use dashboard::{
    state::{
        command::{
            BookmarkCommand, ClipboardCommand, Command, CompareCommand, FileCommand, ImportCommand,
            LessonCommand, MapCommand, ModelCommand, NotebookCommand, SceneCommand, ShowCommand,
            TrainCommand, WindowCommand,
        },
        controls::{CompareWith, Space},
        dock::{DockCommand, Docked},
        map::{Coloring, MapLayer},
        recipe::PictureKind,
        shortcuts::{Action, shortcuts},
        timeline::Stops,
        zoom::ZoomCommand,
    },
    words::TERMS,
};
use datasets::ClassId;
use eframe::egui::{Event, Key, Modifiers, OutputCommand, ThemePreference};
use egui_kittest::kittest::Queryable as _;

use crate::find::open_palette;
use crate::support::{
    Window, conditional, latent, manifest, model, serve, shipped, slider, window, window_of,
};

/// A command of every kind that a person can send without giving anything besides. A kind that is new does not compile until it is
/// here, or among those that carry what a hand gives: a text, a stroke, a place.
#[expect(clippy::too_many_lines, reason = "a list of every command")]
fn one_of_each(command: &Command) -> bool {
    match command {
        Command::Window(command) => match command {
            WindowCommand::GoTo(_)
            | WindowCommand::Theme(_)
            | WindowCommand::Zoom(_)
            | WindowCommand::BlackOut
            | WindowCommand::ToggleHeatmap
            | WindowCommand::ToggleDrawing
            | WindowCommand::ToggleNearest
            | WindowCommand::ToggleBrush
            | WindowCommand::TogglePad
            | WindowCommand::ToggleHelp
            | WindowCommand::ToggleHistory
            | WindowCommand::ResetLayout
            | WindowCommand::ForgetSession
            | WindowCommand::OpenPage(_)
            | WindowCommand::Quit => true,
            WindowCommand::Present(on) => *on,
            WindowCommand::Tour(step) => step.is_some(),
            WindowCommand::TogglePalette
            | WindowCommand::Dismiss(_)
            | WindowCommand::ReadPicture(_) => false,
        },
        Command::Model(command) => match command {
            ModelCommand::Open(_)
            | ModelCommand::Close(_)
            | ModelCommand::Retry
            | ModelCommand::Judge(_)
            | ModelCommand::AskForFolder => true,
        },
        Command::File(command) => match command {
            FileCommand::AskForImage
            | FileCommand::OpenImage(_)
            | FileCommand::AskWhereToSave(_)
            | FileCommand::CancelFilm => true,
            FileCommand::Save(..)
            | FileCommand::AskWhereToSaveSheet(_)
            | FileCommand::SaveSheet(_) => false,
        },
        Command::Import(command) => match command {
            ImportCommand::Open => true,
            ImportCommand::Cancel | ImportCommand::Use | ImportCommand::Show(_) => false,
        },
        Command::Clipboard(command) => match command {
            ClipboardCommand::CopyImage
            | ClipboardCommand::CopyScene
            | ClipboardCommand::AskForPaste => true,
            ClipboardCommand::Paste(_) | ClipboardCommand::PasteImage(_) => false,
        },
        Command::Scene(command) => match command {
            SceneCommand::StartFromAnchor(_)
            | SceneCommand::DrawAs(_)
            | SceneCommand::StartFromSample(_)
            | SceneCommand::StopSearch
            | SceneCommand::BackToStart
            | SceneCommand::Randomise
            | SceneCommand::Reset
            | SceneCommand::UnlockAll
            | SceneCommand::ShowDimension(_)
            | SceneCommand::Undo
            | SceneCommand::Redo => true,
            SceneCommand::StartFromImage(_)
            | SceneCommand::Explore { .. }
            | SceneCommand::GoToStep(_) => false,
        },
        Command::Bookmark(command) => match command {
            BookmarkCommand::Add
            | BookmarkCommand::JumpTo(_)
            | BookmarkCommand::Step(_)
            | BookmarkCommand::Delete(_) => true,
            BookmarkCommand::Rename(..) => false,
        },
        Command::Show(command) => match command {
            ShowCommand::TogglePlay | ShowCommand::Through(_) | ShowCommand::StepStop(_) => true,
            ShowCommand::Seek(_) => false,
        },
        Command::Notebook(command) => match command {
            NotebookCommand::AskForName(_)
            | NotebookCommand::DeleteDirection(_)
            | NotebookCommand::DeleteGroup(_)
            | NotebookCommand::KeepDifference(..)
            | NotebookCommand::DeletePin(_) => true,
            NotebookCommand::SetNote(..)
            | NotebookCommand::RenameGroup(..)
            | NotebookCommand::RecolourGroup(..)
            | NotebookCommand::KeepDirection(_)
            | NotebookCommand::PutDirectionBack(..) => false,
        },
        Command::Map(command) => match command {
            MapCommand::Unfold
            | MapCommand::Retry
            | MapCommand::ColourBy(_)
            | MapCommand::Toggle(_)
            | MapCommand::KeepGroup
            | MapCommand::Pin
            | MapCommand::TogglePinOpened
            | MapCommand::SaveTable
            | MapCommand::SaveDrawing => true,
        },
        Command::Compare(command) => match command {
            CompareCommand::KeepLatent
            | CompareCommand::Bookmark(_)
            | CompareCommand::Model(_)
            | CompareCommand::Show(_)
            | CompareCommand::AskForModel
            | CompareCommand::Swap
            | CompareCommand::Explore => true,
            // Lists beside the picture that they are for.
            CompareCommand::Anchor(_) | CompareCommand::DrawnAs(_) | CompareCommand::Retry(_) => {
                false
            }
        },
        Command::Train(command) => match command {
            TrainCommand::AskForFolder
            | TrainCommand::Fetch
            | TrainCommand::CancelFetch
            | TrainCommand::Estimate
            | TrainCommand::Start
            | TrainCommand::Pause(_)
            | TrainCommand::Stop
            | TrainCommand::Keep
            | TrainCommand::PutAway
            | TrainCommand::Live(_)
            | TrainCommand::Measure
            | TrainCommand::CancelMeasure
            | TrainCommand::AskWhereToSaveFilm => true,
            // Cards name the run that they are about.
            TrainCommand::UseFolder(_)
            | TrainCommand::GoOn(..)
            | TrainCommand::Forget(_)
            | TrainCommand::SaveFilm(_)
            | TrainCommand::Watch(_) => false,
        },
        Command::Lesson(command) => match command {
            LessonCommand::ToggleList
            | LessonCommand::Begin(_)
            | LessonCommand::Next
            | LessonCommand::Back
            | LessonCommand::ShowMe
            | LessonCommand::OpenModel
            | LessonCommand::SaveExample
            | LessonCommand::Leave => true,
            // A button beside the lesson that it begins again.
            LessonCommand::BeginAnew(_) => false,
        },
        Command::Dock(command) => match command {
            DockCommand::Fold(_) | DockCommand::Move(_) => true,
            DockCommand::Unfold(_) => false,
        },
    }
}

/// What menus, buttons and keys send in this window.
fn wanted() -> Vec<Command> {
    let mut list: Vec<Command> = vec![
        ModelCommand::Open(shipped("fashion-mnist")).into(),
        ModelCommand::Retry.into(),
        ModelCommand::Judge(Some(shipped("mnist"))).into(),
        ModelCommand::Judge(None).into(),
        ModelCommand::AskForFolder.into(),
        FileCommand::CancelFilm.into(),
        ClipboardCommand::CopyImage.into(),
        ClipboardCommand::CopyScene.into(),
        ClipboardCommand::AskForPaste.into(),
        SceneCommand::StartFromAnchor(ClassId(3)).into(),
        SceneCommand::StartFromSample(1).into(),
        SceneCommand::StopSearch.into(),
        SceneCommand::Randomise.into(),
        SceneCommand::UnlockAll.into(),
        SceneCommand::ShowDimension(4).into(),
        BookmarkCommand::JumpTo(0).into(),
        BookmarkCommand::Delete(0).into(),
        ShowCommand::TogglePlay.into(),
        ShowCommand::StepStop(1).into(),
        NotebookCommand::AskForName(1).into(),
        TrainCommand::AskForFolder.into(),
        TrainCommand::Start.into(),
        TrainCommand::Pause(true).into(),
        TrainCommand::Stop.into(),
        TrainCommand::Keep.into(),
        TrainCommand::AskWhereToSaveFilm.into(),
        MapCommand::Unfold.into(),
        MapCommand::Retry.into(),
        MapCommand::KeepGroup.into(),
        MapCommand::Pin.into(),
        MapCommand::TogglePinOpened.into(),
        MapCommand::SaveTable.into(),
        MapCommand::SaveDrawing.into(),
        WindowCommand::ToggleNearest.into(),
        CompareCommand::KeepLatent.into(),
        CompareCommand::Bookmark(0).into(),
        CompareCommand::Model(shipped("fashion-mnist")).into(),
        CompareCommand::AskForModel.into(),
        CompareCommand::Swap.into(),
        CompareCommand::Explore.into(),
        WindowCommand::Tour(Some(0)).into(),
        WindowCommand::Present(true).into(),
        WindowCommand::ResetLayout.into(),
        WindowCommand::ForgetSession.into(),
        WindowCommand::ToggleHistory.into(),
        WindowCommand::BlackOut.into(),
        LessonCommand::ToggleList.into(),
        LessonCommand::Begin("why-blurry".to_owned()).into(),
        LessonCommand::Next.into(),
        LessonCommand::Back.into(),
        LessonCommand::ShowMe.into(),
        LessonCommand::OpenModel.into(),
        LessonCommand::SaveExample.into(),
        LessonCommand::Leave.into(),
    ];
    list.extend(Space::ALL.map(|space| WindowCommand::GoTo(space).into()));
    for theme in [
        ThemePreference::Dark,
        ThemePreference::Light,
        ThemePreference::System,
    ] {
        list.push(WindowCommand::Theme(theme).into());
    }
    for zoom in [ZoomCommand::In, ZoomCommand::Out, ZoomCommand::Reset] {
        list.push(WindowCommand::Zoom(zoom).into());
    }
    for kind in [
        PictureKind::Image,
        PictureKind::Grid,
        PictureKind::Window,
        PictureKind::Pad,
        PictureKind::Morph,
        PictureKind::Traversal,
        PictureKind::Show,
    ] {
        list.push(FileCommand::AskWhereToSave(kind).into());
    }
    list.extend(Coloring::ALL.map(|coloring| MapCommand::ColourBy(coloring).into()));
    list.extend(MapLayer::ALL.map(|layer| MapCommand::Toggle(layer).into()));
    for stops in [Stops::Bookmarks, Stops::Classes, Stops::Draws] {
        list.push(ShowCommand::Through(stops).into());
    }
    for with in [
        CompareWith::Latent,
        CompareWith::Model,
        CompareWith::Families,
        CompareWith::Reconstructions,
    ] {
        list.push(CompareCommand::Show(with).into());
    }
    for docked in Docked::ALL {
        list.push(DockCommand::Fold(docked).into());
        list.push(DockCommand::Move(docked).into());
    }
    // And every key.
    list.extend(shortcuts().into_iter().filter_map(|key| match key.action {
        Action::Send(command) => Some(command),
        Action::Draw | Action::Theme | Action::Name => None,
    }));
    list
}

fn bookmarked() -> Window {
    let mut window = window(Space::Explore, None);
    window.key_press(Key::B);
    serve(&mut window, &manifest(None));
    window
}

#[test]
fn whatever_a_menu_a_button_or_a_key_does_is_found() {
    let window = bookmarked();
    let entries = window.state().findable();
    let found: Vec<&Command> = entries.iter().filter_map(|e| e.command.as_ref()).collect();
    for command in wanted().iter().filter(|command| one_of_each(command)) {
        assert!(found.contains(&command), "{command:?} is not found");
    }
    // And nothing is there that the test does not know.
    for command in &found {
        assert!(one_of_each(command), "{command:?}");
    }
    let mut titles: Vec<&str> = entries.iter().map(|entry| entry.title.as_str()).collect();
    titles.sort_unstable();
    let all = titles.len();
    titles.dedup();
    assert_eq!(titles.len(), all, "two of one name");
}

#[test]
fn a_class_that_is_given_is_found() {
    let window = window_of(Space::Explore, &conditional());
    let entries = window.state().findable();
    for class in [Some(ClassId(2)), None] {
        let draw = Command::from(SceneCommand::DrawAs(class));
        assert!(entries.iter().any(|e| e.command.as_ref() == Some(&draw)));
    }
}

#[test]
fn other_words_and_names_that_a_person_gave_lead_there_too() {
    let mut window = bookmarked();
    // A dimension under the name that it was given.
    window.get_by_label("Name z1…").click();
    window.run();
    window
        .get_by_label("name of the dimension")
        .type_text("slant");
    window.run();
    window.get_by_label("Keep").click();
    serve(&mut window, &manifest(None));
    for (typed, title) in [
        ("slant", "Walk along z1 slant"),
        ("screenshot", "Save the window…"),
        ("dice", "Randomise unlocked dimensions"),
        ("eraser", "Draw on the picture in front"),
        ("joystick", "Unfold or fold the pad"),
        ("photograph", "Open an image…"),
        ("bookmark 1", "Go to bookmark 1: 3"),
        ("autoencoder", "What is a VAE?"),
        ("latent", "What is a latent?"),
        ("logit", "What is a logit?"),
        ("sigma", "What is sigma?"),
        ("fid", "What is a Frechet distance?"),
        (
            "anchored_agreement",
            "What does “Class-anchored agreement” say?",
        ),
    ] {
        open_palette(&mut window, typed);
        assert!(
            window.query_by_label(title).is_some(),
            "{typed} does not lead to {title}"
        );
        window.key_press(Key::Escape);
        window.run();
    }
}

#[test]
fn a_word_has_a_page() {
    let mut window = window(Space::Explore, None);
    open_palette(&mut window, "what is a vae");
    window.get_by_label_contains("Enter opens a page about it.");
    // Not as a press and a release, of which only what the last gives is kept.
    window.input_mut().events.push(Event::Key {
        key: Key::Enter,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    });
    window.step();
    let commands = &window.output().platform_output.commands;
    let opened = commands.iter().find_map(|command| match command {
        OutputCommand::OpenUrl(open) => Some(open.url.clone()),
        _ => None,
    });
    let term = TERMS.iter().find(|term| term.question == "What is a VAE?");
    assert_eq!(opened.as_deref(), term.and_then(|term| term.page));
    assert!(opened.is_some());
    for page in TERMS.iter().filter_map(|term| term.page) {
        assert!(page.starts_with("https://"), "{page}");
    }
}

#[test]
fn nothing_is_found_of_nonsense() {
    let mut window = window(Space::Explore, None);
    open_palette(&mut window, "qqqq");
    window.get_by_label("No command found.");
}

/// What a single key would change cannot be seen among the figures.
#[test]
fn single_keys_do_nothing_that_cannot_be_seen() {
    let mut window = window(Space::Explore, None);
    window.get_by_label(&slider(3)).set_value_accesskit(1.0);
    serve(&mut window, &manifest(None));
    window.get_by_label("Evaluate").click();
    serve(&mut window, &manifest(None));
    let before = window.state().controls().clone();
    for key in [
        Key::R,
        Key::H,
        Key::B,
        Key::N,
        Key::Backspace,
        Key::Num8,
        Key::Space,
        Key::PageDown,
    ] {
        window.key_press(key);
        serve(&mut window, &manifest(None));
        assert_eq!(*window.state().controls(), before, "{key:?}");
        // N would ask for a name.
        let asks = window.query_by_label("name of the dimension").is_some();
        assert!(!asks && !window.state().playing(), "{key:?}");
    }
    window.get_by_label("Explore").click();
    serve(&mut window, &manifest(None));
    window.key_press(Key::Num8);
    serve(&mut window, &manifest(None));
    assert_eq!(latent(&window)[0], 8.0);
    assert_eq!(window.state().controls().model, model());
}
