//! Where the panels beside the picture are: each has a width and a side, and can be folded to a strip.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::theme;

/// A panel that can be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Docked {
    /// The sliders of Explore.
    Sliders,
    /// The verdict of Explore, and where to start from.
    Verdict,
    /// The settings of Anchors.
    Settings,
    /// What is at the cursor of Map.
    Cursor,
}

/// One of the sides of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DockSide {
    /// To the left of it.
    Left,
    /// To the right of it.
    Right,
}

/// Where a panel is and how wide.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DockPlace {
    /// On which side of the picture.
    pub side: DockSide,
    /// Width while it is not folded, in points.
    pub width: f32,
    /// Whether only a strip of it is there.
    pub folded: bool,
}

/// Width of a folded panel, in points.
pub const FOLDED: f32 = 29.0;
/// What is left to the picture, with its margins: panels that would take it are folded by themselves. It is a little more than
/// the least, so that pictures of any size have room in whole pixels.
const PICTURE: f32 = theme::LEAST_PICTURE + 72.0;
/// Width of a panel that a person unfolds where there is hardly room for it. The picture keeps its least side beside it.
const NARROWEST: f32 = 190.0;
/// A panel's largest share of the window's width.
const LARGEST_SHARE: f32 = 0.34;

/// Where the panels are that are not where they were on the first day, and the panel that was unfolded last: where there is
/// room for one of them it is that one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DockLayout(BTreeMap<Docked, DockPlace>, #[serde(skip)] Option<Docked>);

/// What a person asks of a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DockCommand {
    /// Fold it, or unfold it.
    Fold(Docked),
    /// Show it in full, in place of another where there is room for one.
    Unfold(Docked),
    /// Move it to the other side of the picture.
    Move(Docked),
}

impl Docked {
    /// Every panel that can be moved.
    pub const ALL: [Self; 4] = [Self::Sliders, Self::Verdict, Self::Settings, Self::Cursor];

    /// What to call it, in the middle of a sentence.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sliders => "the sliders",
            Self::Verdict => "the prediction",
            Self::Settings => "the settings",
            Self::Cursor => "what is at the cursor",
        }
    }

    /// The heading of the panel.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Sliders => "Sliders",
            Self::Verdict => "Prediction and start",
            Self::Settings => "Settings",
            Self::Cursor => "At the cursor",
        }
    }

    /// The panels that share a window with it, those first that are folded last.
    fn together(self) -> &'static [Self] {
        match self {
            Self::Sliders | Self::Verdict => &[Self::Sliders, Self::Verdict],
            Self::Settings => &[Self::Settings],
            Self::Cursor => &[Self::Cursor],
        }
    }

    fn first_place(self) -> DockPlace {
        let (side, width) = match self {
            Self::Sliders | Self::Settings => (DockSide::Left, theme::LEFT_PANEL),
            Self::Verdict | Self::Cursor => (DockSide::Right, theme::RIGHT_PANEL),
        };
        DockPlace {
            side,
            width,
            folded: false,
        }
    }

    /// Least and largest width, in points.
    #[must_use]
    pub fn limits(self) -> (f32, f32) {
        match self {
            Self::Sliders => (theme::LEFT_PANEL - 32.0, 520.0),
            Self::Settings => (theme::LEFT_PANEL, 520.0),
            Self::Verdict | Self::Cursor => (theme::RIGHT_PANEL - 20.0, 440.0),
        }
    }
}

impl DockLayout {
    /// Where a panel is.
    #[must_use]
    pub fn place(&self, docked: Docked) -> DockPlace {
        let place = self.0.get(&docked).copied();
        place.unwrap_or_else(|| docked.first_place())
    }

    /// Least and largest width of a panel in a window of this width.
    #[must_use]
    pub fn limits(docked: Docked, window: f32) -> (f32, f32) {
        let (least, largest) = docked.limits();
        (least, largest.min(LARGEST_SHARE * window).max(least))
    }

    /// A panel that nobody has changed grows with the window, and its sliders with it.
    fn wished(docked: Docked, place: DockPlace, window: f32) -> f32 {
        let first = docked.first_place().width;
        let changed = place.width.to_bits() != first.to_bits();
        let grown = (first / theme::FIRST_SIZE.0 * window).max(first);
        if changed { place.width } else { grown }
    }

    /// Width of a panel in a window of this width; `None` if it is folded, by the person or because the picture needs the room.
    #[must_use]
    pub fn width(&self, docked: Docked, window: f32) -> Option<f32> {
        let together = docked.together();
        let first = self.1.filter(|first| together.contains(first));
        let others = together.iter().copied().filter(|one| Some(*one) != first);
        let mut room = window - PICTURE - FOLDED * together.len() as f32;
        for one in first.into_iter().chain(others) {
            let place = self.place(one);
            let (least, largest) = Self::limits(one, window);
            let (least, free) = if Some(one) == first {
                (NARROWEST, (room + FOLDED).max(NARROWEST))
            } else {
                (least, room + FOLDED)
            };
            let width = (!place.folded && free >= least).then(|| {
                Self::wished(one, place, window)
                    .clamp(least, largest)
                    .min(free)
            });
            if one == docked {
                return width;
            }
            room -= width.map_or(0.0, |width| width - FOLDED);
        }
        None
    }

    /// Carries out what a person asks of a panel.
    pub fn carry_out(&mut self, command: DockCommand) {
        match command {
            DockCommand::Fold(docked) => self.change(docked, |place| place.folded = !place.folded),
            DockCommand::Unfold(docked) => self.unfold(docked),
            DockCommand::Move(docked) => self.change(docked, |place| {
                place.side = match place.side {
                    DockSide::Left => DockSide::Right,
                    DockSide::Right => DockSide::Left,
                };
            }),
        }
    }

    /// Shows a panel in full.
    pub fn unfold(&mut self, docked: Docked) {
        self.change(docked, |place| place.folded = false);
        self.1 = Some(docked);
    }

    /// Makes a panel so wide, as far as it may be.
    pub fn set_width(&mut self, docked: Docked, width: f32) {
        let (least, largest) = docked.limits();
        self.change(docked, |place| {
            place.width = width.clamp(least, largest);
        });
    }

    /// Makes a panel as wide as on the first day.
    pub fn reset_width(&mut self, docked: Docked) {
        self.change(docked, |place| place.width = docked.first_place().width);
    }

    /// Widths that somebody wrote into a file by hand are brought into range.
    #[must_use]
    pub fn sound(mut self) -> Self {
        self.0.retain(|_, place| place.width.is_finite());
        for (docked, place) in &mut self.0 {
            let (least, largest) = docked.limits();
            place.width = place.width.clamp(least, largest);
        }
        self
    }

    fn change(&mut self, docked: Docked, change: impl FnOnce(&mut DockPlace)) {
        let mut place = self.place(docked);
        change(&mut place);
        if place == docked.first_place() {
            self.0.remove(&docked);
        } else {
            self.0.insert(docked, place);
        }
    }
}
