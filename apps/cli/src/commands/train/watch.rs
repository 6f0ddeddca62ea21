//! What a person sees of a training run.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use runs::Network;
use training::{EpochRecord, Event};

use crate::progress::{Progress, Unit, duration_text};

/// Shows a run's progress: a bar with the time left, and a line that stays for each epoch.
pub struct Watch {
    progress: Progress,
    /// Epochs of the whole run, as far as is known.
    epochs: usize,
    /// What follows the last epoch.
    afterwards: &'static str,
    /// The sweep that the run is part of.
    sweep: Option<Place>,
}

/// Where a run is in its sweep.
pub struct Place {
    /// In words, such as "run 2 of 9".
    pub text: String,
    /// The runs that follow it.
    pub later: usize,
    /// How long a run takes, if one has ended.
    pub each: Option<Duration>,
    /// When this one began.
    pub began: Instant,
}

impl Place {
    /// How long the sweep will take still, with so much left of this run.
    fn left(&self, of_this: Duration) -> Duration {
        let whole = || self.began.elapsed().saturating_add(of_this);
        let each = self.each.unwrap_or_else(whole);
        let later = u32::try_from(self.later).unwrap_or(u32::MAX);
        of_this.saturating_add(each.saturating_mul(later))
    }
}

impl Watch {
    /// Starts to watch the training of a network.
    pub fn new(network: Network) -> Self {
        Self {
            progress: Progress::new(network.name(), Unit::Items),
            epochs: 0,
            sweep: None,
            afterwards: match network {
                Network::Vae | Network::Joint => {
                    "describing the latent space: where each class lives"
                }
                Network::Conditional => "describing the latent space: where the images lie",
                Network::Refiner => "saving the refiner beside its VAE",
                Network::Gan => "finding the principal axes of its latent space",
                Network::Diffusion => "saving the diffusion",
                Network::Classifier | Network::Judge => {
                    "calibrating the confidence on the held-out images"
                }
            },
        }
    }

    /// The same of a run that is part of a sweep.
    pub fn of_sweep(network: Network, place: Place) -> Self {
        Self {
            sweep: Some(place),
            ..Self::new(network)
        }
    }

    /// Takes in what the run tells.
    pub fn see(&mut self, event: &Event<'_>) {
        match event {
            Event::Step(step) => {
                self.epochs = step.epochs;
                let done = (step.epoch - 1) * step.steps + step.step;
                let total = step.epochs * step.steps;
                let mut note = format!(
                    "epoch {}/{}, loss {:.4}, {:.0} images/s, {} left",
                    step.epoch,
                    step.epochs,
                    step.loss,
                    step.images_per_second,
                    duration_text(step.eta)
                );
                if let Some(sweep) = &self.sweep {
                    let left = duration_text(sweep.left(step.eta));
                    let _ = write!(note, " ({}, {left} left of the sweep)", sweep.text);
                }
                self.progress.set(done as u64, total as u64, &note);
            }
            Event::Resumed { step, changes } => {
                let mut text = format!("resumed after {step} steps");
                for change in *changes {
                    let _ = write!(text, "; {change}");
                }
                self.progress.line(&text);
            }
            Event::Epoch(record) => {
                self.progress.line(&epoch_text(record, self.epochs));
                if record.epoch == self.epochs {
                    self.progress.line(self.afterwards);
                }
            }
            // Nobody has a run wait here.
            Event::Paused => {}
        }
    }
}

fn epoch_text(record: &EpochRecord, epochs: usize) -> String {
    let mut text = format!(
        "epoch {}/{epochs} done in {:.1} s:",
        record.epoch, record.seconds
    );
    for (index, (name, value)) in record.metrics.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        // Writing to a String cannot fail.
        let _ = write!(text, "{comma} {name} {value:.5}");
    }
    text
}
