//! The sheet of the pad: what stands on it besides the images.

use classifier::Prediction;
use datasets::{Image, class_name};
use eframe::egui::{Context, Theme};

use super::lettering::letter;
use crate::{
    files::labelled_sheet::{LabelledSheet, SheetLabel},
    state::{controls::RANGE_SIGMAS, walks::pad_steps},
    theme::Palette,
};

/// Height of type, in pixels: a share of the height of an image, within limits.
const TYPE_SHARE: f32 = 1.0 / 8.0;
const SMALLEST_TYPE: f32 = 11.0;
const LARGEST_TYPE: f32 = 26.0;
/// A title is as long as it is.
const ANY_WIDTH: usize = 100_000;

/// What the sheet of a pad is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PadSheet {
    /// What changes across and what changes up.
    pub names: [String; 2],
    /// Images a side.
    pub side: usize,
    /// What the judge can say.
    pub classes: Vec<String>,
}

impl PadSheet {
    /// The sheet of these images, with so many screen pixels a pixel. There is a prediction for each of them, or none at all.
    pub fn lettered(
        &self,
        ctx: &Context,
        images: Vec<Image>,
        scale: usize,
        predictions: &[Prediction],
    ) -> LabelledSheet {
        let shape = images.first().map(Image::shape);
        let [height, width] = shape.map_or([0, 0], |shape| {
            [shape.height() * scale, shape.width() * scale]
        });
        let size = (height as f32 * TYPE_SHARE).clamp(SMALLEST_TYPE, LARGEST_TYPE);
        let size = size.round();
        let [across, up] = &self.names;
        let title = format!("Across: {across}. Up: {up}. From -{RANGE_SIGMAS} to +{RANGE_SIGMAS}.");
        let steps = pad_steps(self.side).map(|at| {
            let text = if at == 0.0 {
                "0".to_owned()
            } else {
                format!("{at:+.2}")
            };
            (text, ANY_WIDTH)
        });
        let steps: Vec<(String, usize)> = steps.collect();
        let mut lines = letter(
            ctx,
            size,
            &[&[(title, ANY_WIDTH)], steps.as_slice()].concat(),
        );
        let columns = lines.split_off(1);
        let title = lines.pop().unwrap_or_default();
        LabelledSheet {
            images,
            scale,
            title,
            // The highest is on top.
            rows: columns.iter().rev().cloned().collect(),
            columns,
            labels: self.labels(ctx, (size, width), predictions),
        }
    }

    /// The class, and where there is room how sure the judge is, beside a mark in the colour of the class; under an image of this
    /// width.
    fn labels(
        &self,
        ctx: &Context,
        (size, width): (f32, usize),
        predictions: &[Prediction],
    ) -> Vec<SheetLabel> {
        // Letters are a little higher than the size of their type.
        let beside = LabelledSheet::beside_text((size * 1.3) as usize);
        let room = width.saturating_sub(beside);
        let name = |said: &Prediction| class_name(&self.classes, said.class);
        let sure = |said: &Prediction| {
            let percent = f64::from(said.confidence) * 100.0;
            (format!("{}, {percent:.0} %", name(said)), ANY_WIDTH)
        };
        let whole: Vec<(String, usize)> = predictions.iter().map(sure).collect();
        let names: Vec<(String, usize)> =
            predictions.iter().map(|said| (name(said), room)).collect();
        let texts = letter(ctx, size, &whole).into_iter();
        let texts = texts.zip(letter(ctx, size, &names));
        let palette = Palette::of(Theme::Light);
        let pairs = predictions.iter().zip(texts);
        pairs
            .map(|(said, (whole, name))| SheetLabel {
                color: palette.class(said.class),
                // A part of a number would be another number.
                text: if whole.width <= room { whole } else { name },
            })
            .collect()
    }
}
