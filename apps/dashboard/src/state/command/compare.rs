//! Commands to Compare.

use datasets::ClassId;
use studio::ModelSource;

use crate::state::controls::CompareWith;

/// What a person asks of Compare.
#[derive(Clone, Debug, PartialEq)]
pub enum CompareCommand {
    /// Put a copy of the current latent on the right.
    KeepLatent,
    /// Put the mean of a class region on the right.
    Anchor(ClassId),
    /// Put the current latent on the right, drawn as this class.
    DrawnAs(ClassId),
    /// Put the latent of a bookmark on the right, by its place in the list.
    Bookmark(usize),
    /// Put a model on the right, or among the others of its domain, and open it if it is not open.
    Model(ModelSource),
    /// Try again to open a model that could not be opened.
    Retry(ModelSource),
    /// Show this.
    Show(CompareWith),
    /// Ask for the folder of a model for the right, or to stand among the others of its domain.
    AskForModel,
    /// Change the sides.
    Swap,
    /// Change the sides, and show what was on the right in Explore.
    Explore,
}
