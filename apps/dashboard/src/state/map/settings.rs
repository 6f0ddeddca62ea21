//! What a person sets for the map, whichever model is in front.

use serde::{Deserialize, Serialize};

use crate::state::model::OpenModel;

/// How the points are laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Projection {
    /// Seen along the two directions in which the class regions spread most.
    #[default]
    Principal,
    /// By t-SNE.
    Tsne,
}

/// What the colour of a point says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Coloring {
    /// Its class.
    #[default]
    Class,
    /// How sure the judge is of its prediction.
    Confidence,
    /// How far what the model draws again is from the image.
    Error,
    /// How rare the place is.
    Rarity,
}

/// What can lie over the points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapLayer {
    /// Names of classes.
    Labels,
    /// Where the latent has been.
    Trail,
    /// Pictures of the person's own.
    Pins,
}

/// What a map is saved as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapFile {
    /// Its points as comma-separated values.
    Table,
    /// A drawing.
    Drawing,
}

/// What is set for the map.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a box that is ticked or not"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MapSettings {
    /// How the points are laid out.
    pub projection: Projection,
    /// What their colours say.
    pub coloring: Coloring,
    /// Whether names stand at the middles of the classes.
    pub labels: bool,
    /// Whether the way of the latent is shown.
    pub trail: bool,
    /// Whether pins are shown.
    pub pins: bool,
    /// Whether each picture that the person opens is pinned.
    pub pin_opened: bool,
}

impl Default for MapSettings {
    fn default() -> Self {
        Self {
            projection: Projection::default(),
            coloring: Coloring::default(),
            labels: true,
            trail: true,
            pins: true,
            pin_opened: false,
        }
    }
}

impl MapSettings {
    /// Whether a layer is shown.
    #[must_use]
    pub fn shows(&self, layer: MapLayer) -> bool {
        match layer {
            MapLayer::Labels => self.labels,
            MapLayer::Trail => self.trail,
            MapLayer::Pins => self.pins,
        }
    }

    /// Shows a layer, or no longer.
    pub fn toggle(&mut self, layer: MapLayer) {
        let shown = match layer {
            MapLayer::Labels => &mut self.labels,
            MapLayer::Trail => &mut self.trail,
            MapLayer::Pins => &mut self.pins,
        };
        *shown = !*shown;
    }
}

impl MapLayer {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Labels, Self::Trail, Self::Pins];

    /// What to call it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Labels => "Class names",
            Self::Trail => "Trail",
            Self::Pins => "Pins",
        }
    }

    /// What it shows.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Labels => "The name of each class, at the median of its points",
            Self::Trail => "Where the latent has been: its last 50 places, the older the fainter",
            Self::Pins => "Pictures of your own that you pinned",
        }
    }
}

impl Coloring {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Class, Self::Confidence, Self::Error, Self::Rarity];

    /// What to call it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Class => "Class",
            Self::Confidence => "Confidence",
            Self::Error => "Error",
            Self::Rarity => "Rarity",
        }
    }

    /// What the colours say, and in which unit.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Class => "A colour and a mark for each class",
            Self::Confidence => {
                "How sure the judge is of what it takes the image for, in percent. Low: worth a look"
            }
            Self::Error => {
                "How far what the model draws again is from the image: mean squared difference of a pixel in 0..1. Low is \
                 better"
            }
            Self::Rarity => {
                "How many training images lie in more usual places, in percent. At 100 % none of them lies so far out"
            }
        }
    }

    /// Whether the images have to be looked at first.
    #[must_use]
    pub fn is_measured(self) -> bool {
        self != Self::Class
    }

    /// Why this model's points cannot be coloured so; `None` if they can.
    #[must_use]
    pub fn missing(self, model: &OpenModel) -> Option<&'static str> {
        match self {
            Self::Confidence if model.judge.is_none() => Some("Nobody judges these images"),
            Self::Error if !model.manifest.has_encoder() => {
                Some("This model has no encoder, so it draws no image again")
            }
            Self::Error if model.mapped_sample().is_none() => {
                Some("This model came without a sample of its images")
            }
            Self::Rarity if model.space.realism.is_none() => {
                Some("This model does not say which places are usual")
            }
            _ => None,
        }
    }
}
