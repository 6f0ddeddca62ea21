//! The image under the sliders as the models answered it: numbers on the host, or pictures on the window's own device.

use classifier::Prediction;
use explain::Heatmap;
use studio::{Frame, LiveFrame, LiveMap};

/// An answered frame.
#[derive(Clone, Debug)]
pub enum Shown {
    /// All of it is on the host.
    Host(Frame),
    /// The pictures are on the device that paints the window.
    Live(Box<LiveFrame>),
}

/// One of the two classes that are explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// For the class that was predicted.
    Predicted,
    /// For the class that the image was meant to be of.
    Target,
}

impl Shown {
    /// The classifier's opinion.
    #[must_use]
    pub fn prediction(&self) -> &Prediction {
        match self {
            Self::Host(frame) => &frame.prediction,
            Self::Live(frame) => &frame.prediction,
        }
    }

    /// The largest value of an evidence map, in logits; `None` if there is no such map.
    #[must_use]
    pub fn strength(&self, which: Evidence) -> Option<f32> {
        match self {
            Self::Host(frame) => heatmap(frame, which).map(|map| map.raw_max),
            Self::Live(frame) => live_map(frame, which).map(|map| map.raw_max),
        }
    }

    /// The image on the host: 784 pixels in 0..1. Waits for the device if it is there.
    ///
    /// # Errors
    /// If the device does not give it; the message says why.
    pub fn pixels(&self) -> Result<Vec<f32>, String> {
        match self {
            Self::Host(frame) => Ok(frame.image.clone()),
            Self::Live(frame) => frame.pixels().map_err(|error| error.to_string()),
        }
    }
}

/// An evidence map of a frame on the host.
#[must_use]
pub fn heatmap(frame: &Frame, which: Evidence) -> Option<&Heatmap> {
    match which {
        Evidence::Predicted => Some(&frame.predicted_map),
        Evidence::Target => frame.target_map.as_ref(),
    }
}

/// An evidence map of a frame on the device.
#[must_use]
pub fn live_map(frame: &LiveFrame, which: Evidence) -> Option<LiveMap> {
    match which {
        Evidence::Predicted => Some(frame.predicted_map),
        Evidence::Target => frame.target_map,
    }
}
