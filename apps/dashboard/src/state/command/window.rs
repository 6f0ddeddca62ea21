//! Commands to the window as a whole.

use eframe::egui::ThemePreference;

use crate::state::{controls::Space, zoom::ZoomCommand};

/// What is in front, how it looks, and whether it is there at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowCommand {
    /// Bring a space to the front.
    GoTo(Space),
    /// Change between dark, light and the system's choice.
    Theme(ThemePreference),
    /// Draw everything larger or smaller.
    Zoom(ZoomCommand),
    /// Present, or stop presenting.
    Present(bool),
    /// While presenting, show nothing but black, or the picture again.
    BlackOut,
    /// Show or hide the heatmap.
    ToggleHeatmap,
    /// Show the images of the sample that are most like the picture, or no longer.
    ToggleNearest,
    /// Take the sheet to draw on out, or put it away.
    ToggleDrawing,
    /// Take the brush for the picture in front out, or put it away.
    ToggleBrush,
    /// Copy the picture in front, which is this answer, from the graphics device for the brush.
    ReadPicture(u64),
    /// Unfold the pad over the sliders, or fold it.
    TogglePad,
    /// Show or hide the steps that undo goes through.
    ToggleHistory,
    /// Show or hide the keyboard shortcuts.
    ToggleHelp,
    /// Open the command palette, or close it.
    TogglePalette,
    /// Show a hint of the tour, counted from 0; `None` ends the tour for good.
    Tour(Option<usize>),
    /// Window, zoom and folded parts as they were on the first day.
    ResetLayout,
    /// Forget what was set and what was opened; bookmarks stay.
    ForgetSession,
    /// Take a notice away.
    Dismiss(u64),
    /// Show a page about a word in the person's browser.
    OpenPage(&'static str),
    /// Close the window.
    Quit,
}
