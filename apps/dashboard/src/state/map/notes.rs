//! What a person notes on the map of a model: groups of points, and pins of pictures of their own.

use latent_space::Direction;
use serde::{Deserialize, Serialize};

use super::{Cloud, Group};
use crate::state::input_image::InputImage;

/// Pins of a model at most; the oldest gives way. Each holds its picture.
pub const MOST_PINS: usize = 24;

/// A group of points that a person kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptGroup {
    /// What to call it: another name than those of the other groups.
    pub name: String,
    /// Which of the colours of classes it has.
    #[serde(default)]
    pub color: usize,
    /// The points.
    pub group: Group,
}

/// A picture of the person's own, where it lies on the map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pin {
    /// What to call it.
    pub name: String,
    /// Where its encoder put it.
    pub latent: Vec<f32>,
    /// The picture.
    pub image: InputImage,
}

/// What a person notes on the map of one model.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MapNotes {
    /// The groups, in the order in which they were kept.
    #[serde(default)]
    pub groups: Vec<KeptGroup>,
    /// The pins, the oldest first.
    #[serde(default)]
    pub pins: Vec<Pin>,
}

impl KeptGroup {
    /// Whether it is of these points.
    #[must_use]
    pub fn fits(&self, cloud: &Cloud) -> bool {
        let dims = cloud.latents.first().map_or(0, Vec::len);
        let last = self.group.members.last();
        self.group.mean.len() == dims
            && self.group.mean.iter().all(|value| value.is_finite())
            && self.group.members.is_sorted()
            && last.is_some_and(|last| *last < cloud.len())
    }
}

impl Pin {
    /// Whether it lies in a latent space of so many dimensions.
    #[must_use]
    pub fn fits(&self, dims: usize) -> bool {
        self.latent.len() == dims && self.latent.iter().all(|value| value.is_finite())
    }
}

impl MapNotes {
    /// Nothing.
    pub const NONE: Self = Self {
        groups: Vec::new(),
        pins: Vec::new(),
    };

    /// Whether nothing is noted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.pins.is_empty()
    }

    /// Keeps a group, under a name and in a colour that no other one has. The name.
    pub fn keep_group(&mut self, group: Group) -> String {
        let name = self.free_name("Group 1");
        let taken = |color: &usize| self.groups.iter().any(|kept| kept.color == *color);
        // One more than there are groups cannot all be taken.
        let color = (0..=self.groups.len()).find(|color| !taken(color));
        let color = color.unwrap_or_default();
        self.groups.push(KeptGroup {
            name: name.clone(),
            color,
            group,
        });
        name
    }

    /// Gives a group another name; one that another group has gets a number.
    pub fn rename_group(&mut self, name: &str, new: &str) {
        let new = new.trim();
        if new.is_empty() || new == name {
            return;
        }
        let free = self.free_name(new);
        if let Some(kept) = self.group_mut(name) {
            kept.name = free;
        }
    }

    /// Gives a group another of the colours of classes.
    pub fn recolour_group(&mut self, name: &str, color: usize) {
        if let Some(kept) = self.group_mut(name) {
            kept.color = color;
        }
    }

    /// Deletes a group.
    pub fn delete_group(&mut self, name: &str) {
        self.groups.retain(|kept| kept.name != name);
    }

    /// The group of that name.
    #[must_use]
    pub fn group(&self, name: &str) -> Option<&KeptGroup> {
        self.groups.iter().find(|kept| kept.name == name)
    }

    fn group_mut(&mut self, name: &str) -> Option<&mut KeptGroup> {
        self.groups.iter_mut().find(|kept| kept.name == name)
    }

    /// What one group has and another has not: the line from the mean of the other to its mean, with a name. `None` if there are no
    /// two such groups of one latent space.
    #[must_use]
    pub fn difference(&self, of: &str, minus: &str) -> Option<(String, Direction)> {
        let (one, other) = (self.group(of)?, self.group(minus)?);
        let fit = one.group.mean.len() == other.group.mean.len() && of != minus;
        let direction = Direction::between(&other.group.mean, &one.group.mean);
        fit.then(|| (format!("{of} minus {minus}"), direction))
    }

    /// Pins a picture; one of the same name gives way, and the oldest where there are too many.
    pub fn pin(&mut self, pin: Pin) {
        self.pins.retain(|old| old.name != pin.name);
        self.pins.push(pin);
        let over = self.pins.len().saturating_sub(MOST_PINS);
        self.pins.drain(..over);
    }

    /// Takes a pin away.
    pub fn delete_pin(&mut self, name: &str) {
        self.pins.retain(|pin| pin.name != name);
    }

    /// The name itself, or with the next number that no group has.
    fn free_name(&self, wanted: &str) -> String {
        if self.group(wanted).is_none() {
            return wanted.to_owned();
        }
        let (stem, number) = wanted.rsplit_once(' ').unwrap_or((wanted, ""));
        let (stem, first) = match number.parse::<usize>() {
            Ok(number) => (stem, number.saturating_add(1)),
            Err(_) => (wanted, 2),
        };
        let mut names = (first..).map(|number| format!("{stem} {number}"));
        let free = names.find(|name| self.group(name).is_none());
        free.unwrap_or_else(|| wanted.to_owned())
    }
}
