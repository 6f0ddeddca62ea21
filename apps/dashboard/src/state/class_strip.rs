//! The strip of classes under the image of a conditional model: the same latent drawn as each of them, a page at a time.

use datasets::ClassId;
use serde::{Deserialize, Serialize};

use super::classes::class_id;

/// Which classes the strip shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClassStrip {
    /// Whether it is there, in place of the walk along a dimension.
    pub shown: bool,
    /// The first class of the page.
    #[serde(skip)]
    first: usize,
    /// How many classes there is room for.
    #[serde(skip)]
    room: usize,
    /// The class that was chosen when the page was turned last.
    #[serde(skip)]
    chosen: Option<ClassId>,
}

impl ClassStrip {
    /// Makes room for so many classes. The page turns to the class in front when another one came there.
    pub fn fit(&mut self, room: usize, chosen: Option<ClassId>) {
        let room = room.max(1);
        if (room, chosen) != (self.room, self.chosen) {
            let front = chosen.map_or(self.first, ClassId::index);
            self.first = front / room * room;
        }
        (self.room, self.chosen) = (room, chosen);
    }

    /// Goes so many pages on, or back, of so many classes.
    pub fn turn(&mut self, by: isize, classes: usize) {
        let pages = classes.div_ceil(self.room.max(1));
        let page = (self.first / self.room.max(1)).saturating_add_signed(by);
        self.first = page.min(pages.saturating_sub(1)) * self.room;
    }

    /// The classes of the page, of so many: none before there is room.
    #[must_use]
    pub fn page(&self, classes: usize) -> Vec<ClassId> {
        let end = classes.min(self.first + self.room);
        (self.first..end).filter_map(class_id).collect()
    }
}
