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

/// Where the panels are that are not where they were on the first day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DockLayout(BTreeMap<Docked, DockPlace>);

/// What a person asks of a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DockCommand {
    /// Fold it, or unfold it.
    Fold(Docked),
    /// Move it to the other side of the picture.
    Move(Docked),
}

impl Docked {
    /// Every panel that can be moved.
    pub const ALL: [Self; 3] = [Self::Sliders, Self::Verdict, Self::Settings];

    /// What to call it, in the middle of a sentence.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sliders => "the sliders",
            Self::Verdict => "the verdict",
            Self::Settings => "the settings",
        }
    }

    /// The heading of the panel.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Sliders => "Sliders",
            Self::Verdict => "Verdict and start",
            Self::Settings => "Settings",
        }
    }

    fn first_place(self) -> DockPlace {
        let (side, width) = match self {
            Self::Sliders | Self::Settings => (DockSide::Left, theme::LEFT_PANEL),
            Self::Verdict => (DockSide::Right, theme::RIGHT_PANEL),
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
            Self::Verdict => (theme::RIGHT_PANEL - 20.0, 440.0),
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

    /// Carries out what a person asks of a panel.
    pub fn carry_out(&mut self, command: DockCommand) {
        match command {
            DockCommand::Fold(docked) => self.change(docked, |place| place.folded = !place.folded),
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
