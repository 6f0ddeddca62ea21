//! What the window asks the models for, in the order of urgency: the keys of the thread that owns the models.

/// What a job is for. Jobs of one channel replace each other; channels are served in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// Opening a model.
    Open,
    /// The image under the sliders.
    Frame,
    /// An image that was dropped in.
    Encode,
    /// What the judge says of a picture in the import card.
    Import,
    /// How usual the image under the sliders is.
    Realism,
    /// Opening a model that Compare shows beside the one in front.
    CompareOpen,
    /// The image that both sides of a comparison are given.
    CompareInput,
    /// The left side of a comparison.
    CompareLeft,
    /// The right side of a comparison.
    CompareRight,
    /// Samples of one of the families that Compare shows, by its place among them.
    Family(usize),
    /// Reconstructions by one of those families.
    Reconstructions(usize),
    /// The traversal under the image.
    Strip,
    /// The latent as each class, under the image.
    Classes,
    /// The way from noise to the image.
    Path,
    /// The way between two anchors.
    Morph,
    /// Samples around an anchor.
    Grid,
    /// The walk to another class.
    Counterfactual,
    /// The effect maps.
    Effects,
    /// The mean of a group of points of the map.
    Group,
    /// The points of the map.
    Map,
    /// What is known of each point of the map.
    Survey,
    /// The images of the sample that are most like the image under the sliders.
    Nearest,
    /// Small pictures of latents that were kept.
    Thumbnails,
    /// Small pictures of the steps that undo goes through.
    History,
    /// Pictures for a file.
    Export,
    /// Closing models that nobody looks at any more.
    Close,
}

impl Channel {
    /// Whether its answers are kept for Compare, whichever model is in front.
    #[must_use]
    pub fn is_of_compare(self) -> bool {
        matches!(
            self,
            Self::CompareInput
                | Self::CompareLeft
                | Self::CompareRight
                | Self::Family(_)
                | Self::Reconstructions(_)
        )
    }

    /// Whether its answers are kept for when their model is in front again.
    #[must_use]
    pub fn is_of_map(self) -> bool {
        matches!(self, Self::Map | Self::Survey)
    }

    /// Whether it opens a model.
    #[must_use]
    pub fn opens(self) -> bool {
        matches!(self, Self::Open | Self::CompareOpen)
    }
}

/// A question to the models.
pub type Job = studio::Job<Channel>;

/// An answered question.
pub type Published = studio::Published<Channel>;
