//! Training a GAN.

use burn::module::Module;
use gan::GanConfig;
use training::{Checkpoints, Outcome};

use super::{TrainingRun, finish, refuse_early};
use crate::folder::lock_run;
use crate::{Architecture, GanArchitecture, Generator, GeneratorPart, LatentSpace, StudioError};

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
    let trained = gan::train(
        config.into(),
        settings,
        run.train,
        run.held_out,
        classes,
        run.device,
        run.fit(&checkpoints),
    )?;
    let Some(trained) = trained else {
        return Ok(Outcome::Cancelled);
    };
    let conditional = classes > 0;
    let part = GeneratorPart {
        architecture: Architecture::Gan(GanArchitecture {
            config: config.clone(),
            conditional,
            shares: trained.shares,
        }),
        training: run.record(
            format!("{settings:?}"),
            (settings.seed, settings.epochs),
            trained.generator.num_params(),
            trained.history,
        ),
        labels_used: conditional,
        latent: LatentSpace::standard_normal(config.latent_dim),
    };
    finish(run, &checkpoints, |bundle| {
        bundle.set_generator(Generator::Gan(trained.generator), part);
    })
}
