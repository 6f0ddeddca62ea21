//! What is the same whatever is in front.

use eframe::egui::ThemePreference;

use super::{Entry, entry, entry_also};
use crate::state::{
    command::{
        BookmarkCommand, ClipboardCommand, CompareCommand, FileCommand, ImportCommand, MapCommand,
        ModelCommand, SceneCommand, ShowCommand, WindowCommand,
    },
    controls::CompareWith,
    map::{Coloring, MapLayer},
    recipe::PictureKind,
    timeline::Stops,
    zoom::ZoomCommand,
};

/// What can be saved, and other words for it.
const SAVE: [(&str, &str, PictureKind); 7] = [
    ("Save the image…", "export png picture", PictureKind::Image),
    (
        "Save the grid…",
        "export png samples sheet",
        PictureKind::Grid,
    ),
    (
        "Save the window…",
        "screenshot export png",
        PictureKind::Window,
    ),
    (
        "Save the pad's sheet as PNG…",
        "export traversal two dimensions grid predictions",
        PictureKind::Pad,
    ),
    (
        "Save the morph as GIF…",
        "export film animation",
        PictureKind::Morph,
    ),
    (
        "Save the walk as GIF…",
        "export film animation traversal",
        PictureKind::Traversal,
    ),
    (
        "Save the show as GIF…",
        "export film animation",
        PictureKind::Show,
    ),
];

pub(super) fn entries() -> Vec<Entry> {
    let mut list = latent();
    list.extend(map());
    list.extend(files());
    list.extend(show());
    list.extend(compare());
    list.extend(window());
    list
}

fn latent() -> Vec<Entry> {
    vec![
        entry_also(
            "Randomise unlocked dimensions",
            "random draw sample dice",
            SceneCommand::Randomise,
        ),
        entry_also(
            "Reset unlocked dimensions",
            "mean zero sliders",
            SceneCommand::Reset,
        ),
        entry("Unlock every dimension", SceneCommand::UnlockAll),
        entry_also(
            "Back to start",
            "where the latent came from origin return",
            SceneCommand::BackToStart,
        ),
        entry("Undo", SceneCommand::Undo),
        entry("Redo", SceneCommand::Redo),
        entry_also(
            "Show or hide the history",
            "undo steps branches thumbnails",
            WindowCommand::ToggleHistory,
        ),
        entry("Stop searching for the latent", SceneCommand::StopSearch),
    ]
}

fn map() -> Vec<Entry> {
    let mut list = vec![
        entry_also(
            "Lay the map out by t-SNE",
            "unfold clusters embedding",
            MapCommand::Unfold,
        ),
        entry("Ask for the map again", MapCommand::Retry),
        entry_also(
            "Keep the group that is marked on the map",
            "lasso points save",
            MapCommand::KeepGroup,
        ),
        entry_also(
            "Pin this picture on the map",
            "keep own image place",
            MapCommand::Pin,
        ),
        entry_also(
            "Pin the pictures that I open, or no longer",
            "map own image keep",
            MapCommand::TogglePinOpened,
        ),
        entry_also(
            "Save the points of the map as CSV…",
            "export table numbers spreadsheet",
            MapCommand::SaveTable,
        ),
        entry_also(
            "Save the map as SVG…",
            "export drawing vector picture",
            MapCommand::SaveDrawing,
        ),
    ];
    list.extend(Coloring::ALL.map(|coloring| Entry {
        explanation: coloring.sentence(),
        ..entry_also(
            format!("Colour the map by {}", coloring.title().to_lowercase()),
            "colors points legend",
            MapCommand::ColourBy(coloring),
        )
    }));
    list.extend(MapLayer::ALL.map(|layer| Entry {
        explanation: layer.sentence(),
        ..entry_also(
            format!("Show or hide on the map: {}", layer.title().to_lowercase()),
            "labels path history own pictures",
            MapCommand::Toggle(layer),
        )
    }));
    list
}

fn files() -> Vec<Entry> {
    let save = |(title, also, shows)| entry_also(title, also, FileCommand::AskWhereToSave(shows));
    let mut list = vec![
        entry_also(
            "Draw an image by hand",
            "pen sketch paint sheet",
            WindowCommand::ToggleDrawing,
        ),
        entry_also(
            "Draw on the picture in front",
            "brush eraser paint retouch pen edit",
            WindowCommand::ToggleBrush,
        ),
        entry_also(
            "Open an image…",
            "picture photograph load encode",
            FileCommand::AskForImage,
        ),
        entry_also(
            "Adjust the picture",
            "crop turn invert threshold import",
            ImportCommand::Open,
        ),
        entry_also(
            "Open a model…",
            "load folder bundle",
            ModelCommand::AskForFolder,
        ),
        entry("Stop making the film", FileCommand::CancelFilm),
        entry_also("Copy the image", "clipboard", ClipboardCommand::CopyImage),
        entry_also(
            "Copy the scene",
            "clipboard text share",
            ClipboardCommand::CopyScene,
        ),
        entry_also(
            "Paste a picture or a scene",
            "clipboard insert",
            ClipboardCommand::AskForPaste,
        ),
    ];
    list.extend(SAVE.map(save));
    list
}

fn show() -> Vec<Entry> {
    vec![
        entry_also(
            "Keep this as a bookmark",
            "save remember favourite",
            BookmarkCommand::Add,
        ),
        entry("Next bookmark", BookmarkCommand::Step(1)),
        entry("Bookmark before", BookmarkCommand::Step(-1)),
        entry_also(
            "Play the show, or pause it",
            "animate slideshow",
            ShowCommand::TogglePlay,
        ),
        entry("Next stop of the show", ShowCommand::StepStop(1)),
        entry("Stop of the show before", ShowCommand::StepStop(-1)),
        entry("Show the bookmarks", ShowCommand::Through(Stops::Bookmarks)),
        entry("Show the classes", ShowCommand::Through(Stops::Classes)),
        entry("Show random draws", ShowCommand::Through(Stops::Draws)),
        entry_also(
            "Present on the full screen",
            "stage audience fullscreen beamer",
            WindowCommand::Present(true),
        ),
        entry_also(
            "Show black to the audience, or the picture again",
            "blank blackout stage presenter",
            WindowCommand::BlackOut,
        ),
    ]
}

fn compare() -> Vec<Entry> {
    vec![
        entry("Keep this latent for Compare", CompareCommand::KeepLatent),
        entry(
            "Compare with a latent",
            CompareCommand::Show(CompareWith::Latent),
        ),
        entry(
            "Compare with a model",
            CompareCommand::Show(CompareWith::Model),
        ),
        entry(
            "Compare the families of the domain",
            CompareCommand::Show(CompareWith::Families),
        ),
        entry(
            "Compare reconstructions",
            CompareCommand::Show(CompareWith::Reconstructions),
        ),
        entry("Compare with a model folder…", CompareCommand::AskForModel),
        entry("Swap the two sides of Compare", CompareCommand::Swap),
        entry("Go to the other side of Compare", CompareCommand::Explore),
    ]
}

fn window() -> Vec<Entry> {
    let theme = |title, theme| entry_also(title, "colours mode", WindowCommand::Theme(theme));
    let zoom =
        |title, zoom| entry_also(title, "size larger smaller text", WindowCommand::Zoom(zoom));
    vec![
        zoom("Zoom in", ZoomCommand::In),
        zoom("Zoom out", ZoomCommand::Out),
        zoom("Zoom to 100 %", ZoomCommand::Reset),
        theme("Dark theme", ThemePreference::Dark),
        theme("Light theme", ThemePreference::Light),
        theme("Theme of the system", ThemePreference::System),
        entry_also(
            "Show or hide the heatmap",
            "evidence overlay saliency",
            WindowCommand::ToggleHeatmap,
        ),
        entry_also(
            "Show or hide the nearest images",
            "is it copied memorised training neighbours",
            WindowCommand::ToggleNearest,
        ),
        entry_also(
            "Unfold or fold the pad",
            "two dimensions directions plane joystick",
            WindowCommand::TogglePad,
        ),
        entry_also(
            "Reset the layout",
            "panels default",
            WindowCommand::ResetLayout,
        ),
        entry_also(
            "Delete the session",
            "forget start over first day",
            WindowCommand::ForgetSession,
        ),
        entry_also("Keyboard shortcuts", "help keys", WindowCommand::ToggleHelp),
        entry_also(
            "Tour of the window",
            "help introduction",
            WindowCommand::Tour(Some(0)),
        ),
        entry_also("Quit", "close exit end", WindowCommand::Quit),
    ]
}
