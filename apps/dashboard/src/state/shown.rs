//! The image under the sliders as the models answered it: numbers on the host, or pictures on the window's own device.

use classifier::Prediction;
use datasets::Image;
use explain::Heatmap;
use studio::{Frame, LiveFrame, LiveMap};

/// An answered frame.
#[derive(Clone, Debug)]
pub enum Shown {
    /// All of it is on the host.
    Host(Box<Frame>),
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
    /// The judge's opinion; `None` if nobody judges.
    #[must_use]
    pub fn prediction(&self) -> Option<&Prediction> {
        match self {
            Self::Host(frame) => Some(&frame.verdict.as_ref()?.prediction),
            Self::Live(frame) => Some(&frame.verdict.as_ref()?.prediction),
        }
    }

    /// What the model's own head takes the image for, if it has one.
    #[must_use]
    pub fn own_head(&self) -> Option<&Prediction> {
        match self {
            Self::Host(frame) => frame.own_head.as_ref(),
            Self::Live(frame) => frame.own_head.as_ref(),
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

    /// An evidence map on the host; `None` if there is no such map. Waits for the device if it is there.
    ///
    /// # Errors
    /// If the device does not give it; the message says why.
    pub fn map(&self, which: Evidence) -> Option<Result<Heatmap, String>> {
        match self {
            Self::Host(frame) => heatmap(frame, which).cloned().map(Ok),
            Self::Live(frame) => live_map(frame, which)
                .map(|map| frame.heatmap(map).map_err(|error| error.to_string())),
        }
    }

    /// The image on the host. Waits for the device if it is there.
    ///
    /// # Errors
    /// If the device does not give it; the message says why.
    pub fn image(&self) -> Result<Image, String> {
        match self {
            Self::Host(frame) => Ok(frame.image.clone()),
            Self::Live(frame) => frame.to_image().map_err(|error| error.to_string()),
        }
    }
}

/// An evidence map of a frame on the host.
#[must_use]
pub fn heatmap(frame: &Frame, which: Evidence) -> Option<&Heatmap> {
    let verdict = frame.verdict.as_ref()?;
    match which {
        Evidence::Predicted => Some(&verdict.predicted_map),
        Evidence::Target => verdict.target_map.as_ref(),
    }
}

/// An evidence map of a frame on the device.
#[must_use]
pub fn live_map(frame: &LiveFrame, which: Evidence) -> Option<LiveMap> {
    let verdict = frame.verdict.as_ref()?;
    match which {
        Evidence::Predicted => Some(verdict.predicted_map),
        Evidence::Target => verdict.target_map,
    }
}
