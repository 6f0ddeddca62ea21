//! What was measured of the points of a map, and on which scale colours show it.

use classifier::Prediction;

use super::Coloring;
use crate::state::answers::{Answers, judged};

/// What is known of each point, in their order. A list is empty where nothing is.
#[derive(Clone, Copy, Debug, Default)]
pub struct PointFigures<'a> {
    /// What the judge says of its image.
    pub predictions: &'a [Prediction],
    /// Mean squared difference between the image and what is drawn again, a pixel in 0..1.
    squared_errors: &'a [f32],
    /// Training images that lie in rarer places, in percent.
    density_percentiles: &'a [f32],
}

impl<'a> PointFigures<'a> {
    /// What the answers about a model say of the points of its map.
    #[must_use]
    pub fn of(answers: &'a Answers) -> Self {
        let survey = answers.survey.as_ref().map(|answer| &answer.value);
        let drawn = answers
            .drawn
            .as_ref()
            .and_then(|answer| judged(&answer.value));
        let predictions = survey.map(|survey| survey.predictions.as_slice());
        let predictions = predictions.filter(|list| !list.is_empty()).or(drawn);
        Self {
            predictions: predictions.unwrap_or_default(),
            squared_errors: survey.map_or(&[], |survey| &survey.squared_errors),
            density_percentiles: survey.map_or(&[], |survey| &survey.density_percentiles),
        }
    }

    /// What a colour shows of a point, in the unit of [`Coloring::sentence`]; `None` if that is not known.
    #[must_use]
    pub fn value(&self, coloring: Coloring, index: usize) -> Option<f32> {
        match coloring {
            Coloring::Class => None,
            Coloring::Confidence => Some(100.0 * self.predictions.get(index)?.confidence),
            Coloring::Error => self.squared_errors.get(index).copied(),
            Coloring::Rarity => Some(100.0 - self.density_percentiles.get(index)?),
        }
    }

    /// The scale of the colours of so many points; `None` if nothing is known of them.
    #[must_use]
    pub fn scale(&self, coloring: Coloring, points: usize) -> Option<ColorScale> {
        let values = (0..points).filter_map(|index| self.value(coloring, index));
        ColorScale::of(coloring, values.collect())
    }
}

/// From a value to a share of the colours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ColorScale {
    coloring: Coloring,
    low: f32,
    high: f32,
    /// Whether there are values beyond the ends, which have their colours.
    beyond: [bool; 2],
}

impl ColorScale {
    /// A few values far from all others would take the colours from the rest: so many at each end share one.
    const CUT: f32 = 0.02;

    /// The scale for these values: up to what there is, but for a few; confidence from what there is to 100 %.
    #[must_use]
    pub fn of(coloring: Coloring, mut values: Vec<f32>) -> Option<Self> {
        values.sort_by(f32::total_cmp);
        let (&least, &most) = (values.first()?, values.last()?);
        let cut = (values.len() as f32 * Self::CUT) as usize;
        let (low, high) = match coloring {
            // Its other end is what most images have.
            Coloring::Confidence => (values[cut], 100.0),
            Coloring::Error | Coloring::Rarity | Coloring::Class => {
                (0.0, values[values.len() - 1 - cut])
            }
        };
        Some(Self {
            coloring,
            low,
            high: high.max(low),
            beyond: [least < low, most > high],
        })
    }

    /// Where a value lies between the ends, in 0..1.
    #[must_use]
    pub fn share(&self, value: f32) -> f32 {
        let extent = self.high - self.low;
        if extent > 0.0 {
            ((value - self.low) / extent).clamp(0.0, 1.0)
        } else {
            1.0
        }
    }

    /// What stands at the two ends of the colours, with its unit.
    #[must_use]
    pub fn ends(&self) -> [String; 2] {
        let [less, more] = self.beyond;
        let [low, high] = [self.low, self.high].map(|value| self.coloring.in_words(value));
        [
            if less { format!("{low} or less") } else { low },
            if more {
                format!("{high} or more")
            } else {
                high
            },
        ]
    }
}

impl Coloring {
    /// A value with its unit.
    #[must_use]
    pub fn in_words(self, value: f32) -> String {
        match self {
            Self::Error | Self::Class => format!("{value:.4}"),
            Self::Confidence | Self::Rarity => format!("{value:.0} %"),
        }
    }
}
