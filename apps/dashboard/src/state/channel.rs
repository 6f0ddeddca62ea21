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
    /// How usual the image under the sliders is.
    Realism,
    /// The image that both sides of a comparison are given.
    CompareInput,
    /// The left side of a comparison.
    CompareLeft,
    /// The right side of a comparison.
    CompareRight,
    /// The traversal under the image.
    Strip,
    /// The latent as each class, under the image.
    Classes,
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
    /// Small pictures of latents that were kept.
    Thumbnails,
    /// Pictures for a file.
    Export,
}

/// A question to the models.
pub type Job = studio::Job<Channel>;

/// An answered question.
pub type Published = studio::Published<Channel>;
