//! What a person sees of a training run.

use std::fmt::Write as _;

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
}

impl Watch {
    /// Starts to watch the training of a network.
    pub fn new(network: Network) -> Self {
        Self {
            progress: Progress::new(network.name(), Unit::Items),
            epochs: 0,
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

    /// Takes in what the run tells.
    pub fn see(&mut self, event: &Event<'_>) {
        match event {
            Event::Step(step) => {
                self.epochs = step.epochs;
                let done = (step.epoch - 1) * step.steps + step.step;
                let total = step.epochs * step.steps;
                let note = format!(
                    "epoch {}/{}, loss {:.4}, {:.0} images/s, {} left",
                    step.epoch,
                    step.epochs,
                    step.loss,
                    step.images_per_second,
                    duration_text(step.eta)
                );
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
