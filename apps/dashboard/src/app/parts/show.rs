//! The show under way.

use crate::state::timeline::Player;

/// Whether a show plays, and whether the picture fills the screen.
#[derive(Default)]
pub(in crate::app) struct ShowState {
    pub player: Option<Player>,
    pub presenting: bool,
}
