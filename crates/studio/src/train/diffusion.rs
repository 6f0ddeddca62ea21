//! Training a diffusion model.

use std::path::PathBuf;

use burn::module::Module;
use flow::{FlowConfig, VelocityNet};
use training::{Checkpoints, Outcome};

use super::snapshot::{Fixed, save_live};
use super::{TrainingRun, finish, refuse_early};
use crate::folder::lock_run;
use crate::{
    Architecture, Bundle, Diffusion, DiffusionArchitecture, FileRole, Generator, GeneratorPart,
    LatentSpace, ModelSource, StudioError, TrainingRecord,
};

/// Trains a flow from noise to images and saves it in the bundle's folder, beside the judges that may be there already. With `from` it
/// goes on from the flow of that model, which has to be of the same architecture.
///
/// Checkpoints live in `checkpoint-diffusion` in that folder until the run has finished.
///
/// # Errors
/// [`StudioError`] if settings, data, folder or numbers do not allow it.
pub fn train_diffusion(
    architecture: &DiffusionArchitecture,
    from: Option<&ModelSource>,
    settings: &flow::TrainConfig,
    run: &mut TrainingRun<'_>,
) -> Result<Outcome, StudioError> {
    let config = &architecture.config;
    let (shape, classes) = (run.dataset.shape, run.dataset.classes());
    let unsound = architecture.check(shape, classes);
    unsound.map_err(|fault| StudioError::Request(fault.reason))?;
    let before = from.map(|source| before(config, source, run)).transpose()?;
    let _lock = lock_run(run.out, "checkpoint-diffusion")?;
    refuse_early(run)?;
    let begun = before.as_ref().map_or("fresh", |begun| &begun.sha256);
    let checkpoints = Checkpoints::new(run.out.join("checkpoint-diffusion"))
        .depending_on("the weights that it began with", begun);
    let beginning = flow::Beginning {
        config,
        weights: before.as_ref().map(|begun| &begun.diffusion.network),
    };
    let (dataset, images, device) = (run.dataset, [run.train, run.held_out], run.device);
    let fixed = Fixed::of(run);
    let part = |training: TrainingRecord| GeneratorPart {
        training,
        labels_used: config.conditional,
        latent: LatentSpace::standard_normal(architecture.latent_dim),
        architecture: Architecture::Diffusion(architecture.clone()),
    };
    let unfinished = run.record(
        format!("{settings:?}"),
        (settings.seed, settings.epochs),
        0,
        Vec::new(),
    );
    let draw = |net: &VelocityNet, step, live: Option<PathBuf>| {
        let diffusion = Box::new(Diffusion::new(net.clone(), architecture));
        let generator = Generator::Diffusion(diffusion);
        let mut snapshot = fixed.draw(&generator, step);
        snapshot.live = live.map(|dir| {
            let part = part(unfinished.clone());
            let saved = save_live(&dir, (dataset, fixed.mapped().0, device), generator, part);
            saved.map_err(|error| error.to_string())
        });
        snapshot
    };
    let fit = run.fit(&checkpoints, draw);
    let trained = flow::train(
        beginning, settings, images[0], images[1], classes, None, device, fit,
    )?;
    let Some(trained) = trained else {
        return Ok(Outcome::Cancelled);
    };
    let training = run.record(
        format!("{settings:?}"),
        (settings.seed, settings.epochs),
        trained.net.num_params(),
        trained.history,
    );
    let part = part(match before {
        Some(begun) => begun.training.followed_by(training),
        None => training,
    });
    let diffusion = Box::new(Diffusion::new(trained.net, architecture));
    finish(run, &checkpoints, |bundle| {
        bundle.set_generator(Generator::Diffusion(diffusion), part);
    })
}

/// A flow to go on from.
struct Begun {
    diffusion: Box<Diffusion>,
    /// How it was trained.
    training: TrainingRecord,
    /// The checksum of its weights.
    sha256: String,
}

/// The flow of a model, to go on from.
fn before(
    config: &FlowConfig,
    source: &ModelSource,
    run: &TrainingRun<'_>,
) -> Result<Begun, StudioError> {
    let bundle = Bundle::open(source, run.device)?;
    let record = bundle.manifest.files.get(&FileRole::Diffusion);
    let sha256 = record.map(|record| record.sha256.clone());
    let (own, other) = (run.dataset, &bundle.manifest.dataset);
    let same_images = own.shape == other.shape && own.class_names == other.class_names;
    match (bundle.generator, bundle.manifest.generator) {
        (
            Some(Generator::Diffusion(diffusion)),
            Some(GeneratorPart {
                architecture: Architecture::Diffusion(before),
                training,
                ..
            }),
        ) if same_images && before.config == *config => Ok(Begun {
            diffusion,
            training,
            sha256: sha256.unwrap_or_default(),
        }),
        (Some(Generator::Diffusion(_)), _) => {
            Err(StudioError::OtherArchitecture(source.to_string()))
        }
        _ => Err(StudioError::MissingPart {
            model: source.to_string(),
            part: "diffusion",
        }),
    }
}
