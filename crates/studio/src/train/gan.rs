//! Training a GAN.

use std::path::PathBuf;

use burn::module::Module;
use gan::{Gan, GanConfig};
use training::{Checkpoints, Outcome};

use super::snapshot::{Fixed, save_live};
use super::{TrainingRun, finish, refuse_early};
use crate::folder::lock_run;
use crate::{
    Architecture, GanArchitecture, Generator, GeneratorPart, LatentSpace, StudioError,
    TrainingRecord,
};

/// Trains a GAN and saves its generator in the bundle's folder, beside the judges that may be there already. It is given the classes
/// of the images if they have some.
///
/// Checkpoints live in `checkpoint-gan` in that folder until the run has finished.
///
/// # Errors
/// [`StudioError`] if settings, data, folder or numbers do not allow it.
pub fn train_gan(
    config: &GanConfig,
    settings: &gan::TrainConfig,
    run: &mut TrainingRun<'_>,
) -> Result<Outcome, StudioError> {
    let _lock = lock_run(run.out, "checkpoint-gan")?;
    refuse_early(run)?;
    let checkpoints = Checkpoints::new(run.out.join("checkpoint-gan"));
    let classes = run.dataset.classes();
    let (dataset, images, device) = (run.dataset, [run.train, run.held_out], run.device);
    let fixed = Fixed::of(run);
    let part = |shares: Vec<f32>, training: TrainingRecord| GeneratorPart {
        architecture: Architecture::Gan(GanArchitecture {
            config: config.clone(),
            conditional: classes > 0,
            shares,
        }),
        training,
        labels_used: classes > 0,
        latent: LatentSpace::standard_normal(config.latent_dim),
    };
    let unfinished = run.record(
        format!("{settings:?}"),
        (settings.seed, settings.epochs),
        0,
        Vec::new(),
    );
    let draw = |gan: &Gan, step, live: Option<PathBuf>| {
        let generator = Generator::Gan(gan.generator.clone());
        let mut snapshot = fixed.draw(&generator, step);
        snapshot.live = live.map(|dir| {
            // Its axes are found when it is finished.
            let shares = vec![1.0 / config.latent_dim as f32; config.latent_dim];
            let part = part(shares, unfinished.clone());
            let saved = save_live(&dir, (dataset, fixed.mapped().0, device), generator, part);
            saved.map_err(|error| error.to_string())
        });
        snapshot
    };
    let fit = run.fit(&checkpoints, draw);
    let trained = gan::train(
        config.into(),
        settings,
        images[0],
        images[1],
        classes,
        device,
        fit,
    )?;
    let Some(trained) = trained else {
        return Ok(Outcome::Cancelled);
    };
    let training = run.record(
        format!("{settings:?}"),
        (settings.seed, settings.epochs),
        trained.generator.num_params(),
        trained.history,
    );
    let part = part(trained.shares, training);
    finish(run, &checkpoints, |bundle| {
        bundle.set_generator(Generator::Gan(trained.generator), part);
    })
}
