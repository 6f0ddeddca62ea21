//! Pictures that a person brings: the tray that they lie in, the card that one of them is made ready in, and cropping by hand.

mod card;
pub mod crop;
mod tray;

use std::path::PathBuf;

use image::DynamicImage;

use super::recipe::Recipe;

pub use card::{Answer, Card, MadeReady, Question, Turned, Wanted};
pub use tray::{Source, Tile, Tray, TrayPicture};

/// The tray and the card. The card shows the picture in front of the tray.
#[derive(Debug, Default)]
pub struct Import {
    /// The pictures that were brought last.
    pub tray: Tray,
    /// Whether the card is open.
    pub is_open: bool,
    /// The picture in it; `None` while it is read, and where it cannot be.
    pub card: Option<Card>,
}

/// What a thread has done for the tray or the card.
#[derive(Debug)]
pub enum ImportDone {
    /// The picture of this number carries a scene of this program, in this file.
    Scene(u64, PathBuf, Box<Recipe>),
    /// The picture of this number was read, or why it was not.
    Read(u64, Result<Box<DynamicImage>, String>),
    /// It was looked at for its place in the tray.
    Looked(u64, Tile),
    /// It was made ready.
    Ready(Box<Answer>),
}

impl Import {
    /// Puts the card away, and lets go of the picture. What was set for it stays with the tray.
    pub fn close(&mut self) {
        self.put_back();
        self.is_open = false;
    }

    /// Takes the picture out of the card. What was set for it stays with the tray.
    pub fn put_back(&mut self) {
        if let Some(card) = self.card.take()
            && let Some(picture) = self.tray.get_mut(card.number)
        {
            picture.adjustments = card.adjustments;
        }
    }
}
