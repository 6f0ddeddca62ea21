//! Commands about pictures that a person brings.

/// What happens to the pictures in the tray.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportCommand {
    /// Open the card with the picture that was brought last, or with the next one of several.
    Open,
    /// Put the card away; nothing else changes.
    Cancel,
    /// Start from the picture in the card, as it was made ready.
    Use,
    /// Show the picture of this number in the card.
    Show(u64),
}
