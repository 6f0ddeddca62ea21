//! Pictures that were brought, side by side: which is in front, which are used, and which cannot be read.

use std::{path::PathBuf, sync::Arc};

use datasets::Adjustments;
use eframe::egui::ColorImage;

/// Where a picture comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A file.
    File(PathBuf),
    /// The clipboard.
    Clipboard(Arc<ColorImage>),
}

impl Source {
    /// What to call the picture: the file's name.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => {
                let name = path.file_name().unwrap_or(path.as_os_str());
                name.to_string_lossy().into_owned()
            }
            Self::Clipboard(_) => "Pasted image".to_owned(),
        }
    }
}

/// What is known of a picture in the tray.
#[derive(Clone, Debug)]
pub enum Tile {
    /// Nothing yet.
    Unread,
    /// What it looks like, in a small picture.
    Thumbnail(Arc<ColorImage>),
    /// It carries a scene of this program, which opening it brings back.
    Scene,
    /// Why it cannot be read.
    Unreadable(String),
}

/// A picture in the tray.
#[derive(Clone, Debug)]
pub struct TrayPicture {
    /// Its number, which no other picture ever has.
    pub number: u64,
    /// Where it comes from.
    pub source: Source,
    /// What is known of it.
    pub tile: Tile,
    /// What the person decided about it so far.
    pub adjustments: Adjustments,
    /// Whether it was used.
    pub used: bool,
}

impl TrayPicture {
    /// Whether it may be shown in the card.
    #[must_use]
    pub fn can_be_shown(&self) -> bool {
        matches!(self.tile, Tile::Unread | Tile::Thumbnail(_))
    }
}

/// The pictures that were brought last.
#[derive(Clone, Debug, Default)]
pub struct Tray {
    pictures: Vec<TrayPicture>,
    front: usize,
    brought: u64,
}

impl Tray {
    /// Adds pictures, in place of those that lie there unless they are kept. The first of them comes to the front.
    pub fn bring(&mut self, sources: Vec<Source>, keep: bool) {
        if !keep {
            self.pictures.clear();
        }
        self.front = self.pictures.len();
        for source in sources {
            self.brought += 1;
            self.pictures.push(TrayPicture {
                number: self.brought,
                source,
                tile: Tile::Unread,
                adjustments: Adjustments::default(),
                used: false,
            });
        }
    }

    /// The pictures, in the order in which they were brought.
    #[must_use]
    pub fn pictures(&self) -> &[TrayPicture] {
        &self.pictures
    }

    /// The picture in front.
    #[must_use]
    pub fn front(&self) -> Option<&TrayPicture> {
        self.pictures.get(self.front)
    }

    /// A picture by its number.
    pub fn get_mut(&mut self, number: u64) -> Option<&mut TrayPicture> {
        let mut pictures = self.pictures.iter_mut();
        pictures.find(|picture| picture.number == number)
    }

    /// Brings a picture to the front; nothing happens if it is not there.
    pub fn choose(&mut self, number: u64) {
        let mut pictures = self.pictures.iter();
        if let Some(at) = pictures.position(|picture| picture.number == number) {
            self.front = at;
        }
    }

    /// Brings the next picture to the front that can be shown and was not used; false if there is none.
    pub fn go_on(&mut self) -> bool {
        let count = self.pictures.len();
        let mut after = (0..count).map(|step| (self.front + step) % count);
        let fits = |at: &usize| self.pictures[*at].can_be_shown() && !self.pictures[*at].used;
        let next = after.find(fits);
        self.front = next.unwrap_or(self.front);
        next.is_some()
    }

    /// How many pictures can still be used.
    #[must_use]
    pub fn left(&self) -> usize {
        let pictures = self.pictures.iter();
        pictures
            .filter(|picture| picture.can_be_shown() && !picture.used)
            .count()
    }
}
