//! What the strip under the image shows; of a conditional model, the same latent drawn as each class, a page at a time.

use datasets::ClassId;
use serde::{Deserialize, Serialize};

use super::{classes::class_id, model::OpenModel};

/// What the strip can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum StripKind {
    /// The walk along the selected dimension.
    #[default]
    Walk,
    /// The latent as each class, by a conditional model.
    Classes,
    /// The way from noise to the image, by a diffusion.
    FromNoise,
}

impl StripKind {
    /// What can be chosen for a model.
    #[must_use]
    pub fn choices(model: &OpenModel) -> Vec<Self> {
        let mut choices = vec![Self::Walk];
        if model.is_conditional() {
            choices.push(Self::Classes);
        }
        if model.is_diffusion() {
            choices.push(Self::FromNoise);
        }
        choices
    }
}

/// What the strip shows, and which classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClassStrip {
    /// What the person chose, for models that can.
    pub chosen_kind: StripKind,
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
    /// What is shown of a model: what was chosen if it can be.
    #[must_use]
    pub fn kind(&self, model: &OpenModel) -> StripKind {
        let kind = self.chosen_kind;
        let can = StripKind::choices(model).contains(&kind);
        if can { kind } else { StripKind::Walk }
    }

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
