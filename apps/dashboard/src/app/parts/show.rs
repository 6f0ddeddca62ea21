//! The show under way.

use crate::state::timeline::Player;

/// Whether a show plays, and what fills the screen.
#[derive(Default)]
pub(in crate::app) struct ShowState {
    pub player: Option<Player>,
    pub presenting: bool,
    /// Whether the audience sees black in place of the picture.
    pub black: bool,
}
