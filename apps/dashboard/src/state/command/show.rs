//! Commands about bookmarks and the show.

use crate::state::timeline::Stops;

/// What becomes of the bookmarks. They are named by their place in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BookmarkCommand {
    /// Keep the scene as a bookmark.
    Add,
    /// Go to a bookmark.
    JumpTo(usize),
    /// Go so many bookmarks on, or back.
    Step(isize),
    /// Give a bookmark a name.
    Rename(usize, String),
    /// Take a bookmark away.
    Delete(usize),
}

/// How the show goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShowCommand {
    /// Play the show, or pause it.
    TogglePlay,
    /// Let the show go through these stops.
    Through(Stops),
    /// Go to a step of the show.
    Seek(usize),
    /// Go so many stops of the show on, or back.
    StepStop(isize),
}
