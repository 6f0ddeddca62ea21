//! What a person decides about all pictures of a run: the arguments behind [`Adjustments`].

use anyhow::ensure;
use clap::ValueEnum;
use datasets::{Adjustments, Preparation, Region};

#[derive(Debug, clap::Args)]
pub struct AdjustmentArgs {
    /// Turn each picture clockwise by so many degrees
    #[arg(
        long,
        value_name = "DEGREES",
        default_value_t = 0.0,
        allow_negative_numbers = true
    )]
    turn: f32,

    /// Look at this part only, in pixels of the turned picture [default: all of it]
    #[arg(long, value_name = "LEFT,TOP,WIDTH,HEIGHT", value_parser = region)]
    crop: Option<Region>,

    /// Exchange light and dark: on for dark ink on light paper, off for light ink on a dark ground
    #[arg(long, value_enum, default_value_t = Invert::Auto)]
    invert: Invert,

    /// How much darker or lighter than its background ink is at least, from 0 to 1 [default: as the picture's noise and ink suggest]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    threshold: Option<f32>,

    /// Which object, if there are several: 1 is the largest [default: the largest, with a warning]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    object: Option<u32>,
}

/// Whether light and dark are exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Invert {
    /// As the picture suggests
    Auto,
    /// Yes
    On,
    /// No
    Off,
}

impl AdjustmentArgs {
    /// The same as plain data, for a model whose images are prepared so.
    ///
    /// # Errors
    ///
    /// If there is no threshold in this preparation, or the turn is no number.
    pub fn of(&self, preparation: Preparation) -> anyhow::Result<Adjustments> {
        ensure!(
            self.turn.is_finite(),
            "--turn {} is no angle; give degrees, such as 90",
            self.turn
        );
        ensure!(
            self.threshold.is_none() || preparation.has_threshold(),
            "--threshold tells ink from paper, and this model takes pictures with their background; leave it out"
        );
        Ok(Adjustments {
            crop: self.crop,
            invert: match self.invert {
                Invert::Auto => None,
                Invert::On => Some(true),
                Invert::Off => Some(false),
            },
            threshold: self.threshold,
            object: self.object.map(|number| number as usize - 1),
            ..Adjustments::turned_by(self.turn)
        })
    }
}

fn region(text: &str) -> Result<Region, String> {
    let numbers: Result<Vec<u32>, _> = text.split(',').map(|part| part.trim().parse()).collect();
    match numbers.as_deref() {
        Ok(&[left, top, width, height]) if width > 0 && height > 0 => Ok(Region {
            left,
            top,
            width,
            height,
        }),
        _ => Err(
            "give four whole numbers, such as 100,40,200,200, of which the last two are above 0"
                .to_owned(),
        ),
    }
}

fn share(text: &str) -> Result<f32, String> {
    let share = text.parse().ok();
    let share = share.filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "give a number from 0 to 1, such as 0.2".to_owned())
}
