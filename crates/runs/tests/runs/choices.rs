//! What follows from what a person decides.

use std::path::{Path, PathBuf};

use datasets::{DataFormat, KnownDataset};
use runs::{Choice, ImageSource, Network, NetworkSettings, OwnImages, Preset};
use vae_core::{Likelihood, Prior};

fn of_mnist(network: Network, preset: Preset) -> Choice {
    let images = ImageSource::Known {
        dataset: KnownDataset::Mnist,
        folder: PathBuf::from("data"),
    };
    Choice::new(images, network, preset, PathBuf::from("my model"))
}

#[test]
fn a_good_run_is_that_of_the_command_line_without_options() {
    let choice = of_mnist(Network::Vae, Preset::Good);
    let command = "latent-lens train vae --dataset mnist --data data --out 'my model'";
    assert_eq!(choice.command(), command);
    let NetworkSettings::Vae(vae) = choice.network_settings() else {
        panic!("a VAE")
    };
    assert_eq!(vae, runs::VaeSettings::default());
}

#[test]
fn a_quick_look_passes_over_few_images_more_often() {
    let mut choice = of_mnist(Network::Vae, Preset::QuickLook);
    choice.count = Some(55_000);
    let command = choice.command();
    assert!(command.contains("--epochs 1 --batch-size 64"), "{command}");
    assert!(command.contains("--kl-warmup 0.25"), "{command}");
    // 1,400 of 2,000 pictures: 55,000 / 1,400 is 39.3.
    choice.count = Some(1_400);
    assert_eq!(choice.figures().epochs, 40);
    // What a person sets wins.
    choice.changed.epochs = Some(3);
    assert_eq!(choice.figures().epochs, 3);
    assert!(choice.command().contains("--kl-warmup 0.75"));
}

#[test]
fn every_decision_is_in_the_command() {
    let mut own = OwnImages::all(PathBuf::from("my pictures"), DataFormat::Pictures);
    own.side = Some(32);
    own.colour = Some(false);
    own.source.limit = Some(500);
    own.source.skip_broken = true;
    let mut choice = Choice::new(
        ImageSource::Own(own),
        Network::Vae,
        Preset::Good,
        Path::new("out").to_owned(),
    );
    choice.changed.learning_rate = Some(0.001);
    choice.changed.likelihood = Some(Likelihood::Gaussian);
    choice.changed.prior = Some(Prior::Normal);
    choice.changed.seed = Some(datasets::Seed(7));
    assert_eq!(
        choice.command(),
        "latent-lens train vae --dataset folder --data 'my pictures' --size 32 --grey --limit 500 --skip-broken --out out \
         --learning-rate 0.001 --likelihood gaussian --prior normal --seed 7"
    );
}
