//! Training in plain words.

use runs::{Network, Preset};

/// A setting: its name and what it does.
type Setting = (&'static str, &'static str);

/// Passes over the images.
pub const EPOCHS: Setting = (
    "Epochs",
    "How often every image is learned from. More make sharper pictures and take longer.",
);
/// Images a step.
pub const BATCH: Setting = (
    "Images a step",
    "The weights move once after so many images. Fewer make more, less certain steps.",
);
/// The highest learning rate.
pub const RATE: Setting = (
    "Learning rate",
    "How far the weights move in a step at most. Too high, and the numbers run away.",
);
/// Channels of the first maps.
pub const WIDTH: Setting = (
    "Width",
    "Channels of the first feature maps; the smaller maps have more. A wide network learns more and more slowly.",
);
/// Dimensions of the latent space.
pub const DIMS: Setting = (
    "Latent dimensions",
    "The number of sliders. A model leaves dimensions quiet that it does not need.",
);
/// What is random follows from it.
pub const SEED: Setting = (
    "Seed",
    "The same seed on the same machine gives the same model.",
);
/// The distribution of a pixel.
pub const LIKELIHOOD: Setting = (
    "Likelihood",
    "Bernoulli suits drawings in black and white, Gaussian suits photographs and colours. The default is bernoulli.",
);
/// The distribution of the latents.
pub const PRIOR: Setting = (
    "Prior",
    "With class centres every class has a place of its own; normal looks at no label. By default images with classes get centres.",
);
/// Sides of the images.
pub const SIDE: Setting = (
    "Side of the images",
    "In pixels. By default the size of the pictures if all have the same, and 64 otherwise.",
);
/// Grey images.
pub const GREY: Setting = (
    "Grey",
    "Without colours a model learns about three times as fast. By default colours are kept if there are any.",
);
/// The most images.
pub const LIMIT: Setting = (
    "At most so many images",
    "Of each class as many as of any other. By default all are taken.",
);

/// What the button that measures does.
pub const ESTIMATE: &str = "Reads the images and takes a few steps of this run on this machine";
/// What stopping does.
pub const STOP: &str = "Stop after this step. The run can go on later from here.";
/// What keeping does.
pub const KEEP: &str = "End now, and make a model of what was learned so far";
/// What is live.
pub const LIVE: &str =
    "Open the newest weights in Explore, and put newer ones in their place as they come";
/// What measuring does.
pub const MEASURE: &str = "Measures the model on images that it never saw, a few figures at a time; what is measured is kept if you stop";
/// What is there of a run that was stopped.
pub const STOPPED: &str =
    "It is kept as it is, and can go on now or at another start of the program.";
/// What putting an unfinished run off means.
pub const NOT_NOW: &str = "It stays on the disk, and is offered again at the next start";

/// What a network is called, and what it is.
#[must_use]
pub fn family(network: Network) -> (&'static str, &'static str) {
    match network {
        Network::Vae => (
            "VAE",
            "Encodes and decodes images through a few numbers. Learns fast, draws softly.",
        ),
        Network::Conditional => (
            "Conditional",
            "A VAE that is told the class: any latent can be drawn as any class. Needs classes.",
        ),
        Network::Joint => (
            "Joint",
            "A VAE with a head that learns to tell the classes. Needs two classes at least.",
        ),
        Network::Gan => (
            "GAN",
            "Two networks against each other. Draws sharply, learns for hours, and has no encoder.",
        ),
        Network::Diffusion => (
            "Diffusion",
            "Goes from noise to an image in steps. Draws best, learns for hours, and draws slowly.",
        ),
        Network::Refiner => ("Refiner", "Sharpens the images of a VAE."),
        Network::Classifier => (
            "Classifier",
            "Tells the classes of images apart, and says why.",
        ),
        Network::Judge => ("Second judge", "Another network for a second opinion."),
    }
}

/// What a preset is called, and what it does.
#[must_use]
pub fn preset(preset: Preset) -> (&'static str, &'static str) {
    match preset {
        Preset::QuickLook => (
            "Quick look",
            "A small network and few epochs: digits can be made out within a minute.",
        ),
        Preset::Good => (
            "Good",
            "The settings that the models of this program were trained with: minutes to hours.",
        ),
    }
}

/// A figure of a run in words.
#[must_use]
pub fn figure(name: &str) -> String {
    match name {
        "loss" => "loss".to_owned(),
        "reconstruction_nats" => "reconstruction, nats".to_owned(),
        "kl_nats" => "KL, nats".to_owned(),
        "mse" => "error of a pixel (MSE)".to_owned(),
        "head_error" => "error of its own head".to_owned(),
        other => other.replace('_', " "),
    }
}

/// What a figure of a run means.
#[must_use]
pub fn figure_sentence(name: &str) -> &'static str {
    match name {
        "loss" => {
            "What a step makes smaller. Of a VAE: the reconstruction and the weighted KL together."
        }
        "reconstruction_nats" => "How badly images that it never learned from are drawn again.",
        "kl_nats" => {
            "How much the latents tell of an image. It grows as the model learns to use them."
        }
        "mse" => {
            "The mean squared difference of a pixel between held-out images and their reconstructions."
        }
        "accuracy" => "How often the judge is right about images that it never learned from.",
        _ => "Measured after each epoch; held-out images are never learned from.",
    }
}
