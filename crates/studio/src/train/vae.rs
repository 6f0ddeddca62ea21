//! Training a VAE, and describing its latent space.

use std::path::{Path, PathBuf};

use burn::module::Module;
use burn::tensor::Device;
use datasets::{DatasetInfo, LabelledImages, Seed};
use latent_space::{RegionConfig, Typical};
use training::{Checkpoints, Outcome};
use vae_core::{
    Beginning, Likelihood, Vae, VaeConfig, VaeError, fit_latent, region_log_likelihood,
};

use super::snapshot::{Fixed, Snapshot, save_live};
use super::{TrainingRun, finish, refuse_early};
use crate::folder::{lock_run, lock_saves};
use crate::{
    Architecture, Bundle, FileRole, Generator, GeneratorPart, ModelSource, StudioError,
    TrainingRecord, VaeArchitecture,
};

/// How the latent space of a VAE that is still trained is described: quickly.
const LIVE_REGIONS: RegionConfig = RegionConfig {
    components: 1,
    typical: Typical::AtLeast(0.0),
};
const SEED_OF_LIVE: Seed = Seed(0);

/// Trains a VAE and saves it in the bundle's folder, beside a classifier that may be there already. With `from` it goes on
/// from that model's VAE, whose architecture `config` has to be.
///
/// Checkpoints live in `checkpoint-vae` in that folder until the run has finished.
///
/// # Errors
/// [`StudioError`] if settings, data, folder or numbers do not allow it.
pub fn train_vae(
    config: &VaeConfig,
    from: Option<&ModelSource>,
    settings: &vae_core::TrainConfig,
    run: &mut TrainingRun<'_>,
) -> Result<Outcome, StudioError> {
    let before = from.map(|source| vae_of(config, source, run)).transpose()?;
    let _lock = lock_run(run.out, "checkpoint-vae")?;
    refuse_early(run)?;
    let begun = before.as_ref().map_or("fresh", |begun| &begun.sha256);
    let checkpoints = Checkpoints::new(run.out.join("checkpoint-vae"))
        .depending_on("the weights that it began with", begun);
    let classes = run.dataset.classes();
    let beginning = Beginning {
        config,
        weights: before.as_ref().map(|begun| &begun.vae),
    };
    let ([train, held_out], device) = ([run.train, run.held_out], run.device);
    let unfinished = Unfinished {
        fixed: Fixed::of(run),
        config: config.clone(),
        dataset: run.dataset,
        device,
        record: run.record(
            format!("{settings:?}"),
            (settings.seed, settings.epochs),
            0,
            Vec::new(),
        ),
    };
    let draw = |vae: &Vae, step, live: Option<PathBuf>| unfinished.snapshot(vae, step, live);
    let fit = run.fit(&checkpoints, draw);
    let trained = vae_core::train(beginning, settings, train, held_out, classes, device, fit)?;
    let Some(trained) = trained else {
        return Ok(Outcome::Cancelled);
    };
    let training = run.record(
        format!("{settings:?}"),
        (settings.seed, settings.epochs),
        trained.vae.num_params(),
        trained.history,
    );
    let is_gaussian = config.likelihood == Likelihood::Gaussian;
    let part = GeneratorPart {
        architecture: Architecture::Vae(VaeArchitecture {
            config: config.resolved(run.dataset.shape),
            sigma: is_gaussian.then_some(trained.latent.pixel_sigma),
        }),
        labels_used: config.uses_labels(),
        training: match before {
            Some(begun) => begun.training.followed_by(training),
            None => training,
        },
        latent: trained.latent.space,
    };
    finish(run, &checkpoints, |bundle| {
        bundle.set_generator(Generator::Vae(trained.vae), part);
    })
}

/// What is known of a VAE before it is trained, for whoever looks at it meanwhile.
struct Unfinished<'a> {
    fixed: Fixed,
    config: VaeConfig,
    dataset: &'a DatasetInfo,
    device: &'a Device,
    record: TrainingRecord,
}

impl Unfinished<'_> {
    fn snapshot(&self, vae: &Vae, step: usize, live: Option<PathBuf>) -> Snapshot {
        let generator = Generator::Vae(vae.clone());
        let mut snapshot = self.fixed.draw(&generator, step);
        snapshot.live = live.map(|dir| {
            let saved = self.save(&dir, vae, generator);
            saved.map_err(|error| error.to_string())
        });
        snapshot
    }

    /// Saves the VAE as a model whose latent space is described from a few hundred images.
    fn save(&self, dir: &Path, vae: &Vae, generator: Generator) -> Result<PathBuf, StudioError> {
        let (images, classes) = self.fixed.mapped();
        let latent = fit_latent(vae, [images; 2], classes, LIVE_REGIONS, SEED_OF_LIVE)?;
        let is_gaussian = self.config.likelihood == Likelihood::Gaussian;
        let part = GeneratorPart {
            architecture: Architecture::Vae(VaeArchitecture {
                config: self.config.resolved(self.dataset.shape),
                sigma: is_gaussian.then_some(latent.pixel_sigma),
            }),
            labels_used: self.config.uses_labels(),
            training: TrainingRecord {
                parameters: vae.num_params(),
                ..self.record.clone()
            },
            latent: latent.space,
        };
        save_live(dir, (self.dataset, images, self.device), generator, part)
    }
}

/// A VAE to go on from.
struct Begun {
    vae: Vae,
    /// How it was trained.
    training: TrainingRecord,
    /// The checksum of its weights.
    sha256: String,
}

/// The VAE of a model, to go on from.
fn vae_of(
    config: &VaeConfig,
    source: &ModelSource,
    run: &TrainingRun<'_>,
) -> Result<Begun, StudioError> {
    let bundle = Bundle::open(source, run.device)?;
    let sha256 = vae_sha256(&bundle).unwrap_or_default().to_owned();
    let (Some(Generator::Vae(vae)), Some(part)) = (bundle.generator, bundle.manifest.generator)
    else {
        return Err(missing_vae(source.to_string()));
    };
    let (own, other) = (run.dataset, &bundle.manifest.dataset);
    let same_images = own.shape == other.shape && own.class_names == other.class_names;
    let same_network = part
        .vae()
        .is_some_and(|before| before.config.resolved(own.shape) == config.resolved(own.shape));
    if !same_images || !same_network {
        return Err(StudioError::OtherArchitecture(source.to_string()));
    }
    Ok(Begun {
        vae,
        training: part.training,
        sha256,
    })
}

/// Describes the latent space of a trained VAE anew: its statistics and class regions are fitted again, and the bundle in
/// `dir` saved with them. The weights stay, and so does what was saved there in the meantime; a report about the old
/// regions is dropped.
///
/// Gives how well the regions describe `held_out` images, in nats; see [`region_log_likelihood`].
///
/// # Errors
/// [`StudioError`] if the bundle is damaged, has no VAE or cannot be written, the images do not fit it, or its VAE was
/// replaced in the meantime.
pub fn fit_regions(
    dir: &Path,
    [images, held_out]: [&LabelledImages; 2],
    config: RegionConfig,
    seed: Seed,
    device: &Device,
) -> Result<f64, StudioError> {
    config.check().map_err(VaeError::from)?;
    let source = ModelSource::Folder(dir.to_owned());
    let mut before = Bundle::open(&source, device)?;
    let (generator, part) = (before.generator.take(), before.manifest.generator.take());
    let (Some(Generator::Vae(vae)), Some(mut part)) = (generator, part) else {
        return Err(missing_vae(source.to_string()));
    };
    let classes = before.manifest.dataset.classes();
    let latent = fit_latent(&vae, [images, held_out], classes, config, seed)?;
    let regions = &latent.space.regions;
    let held_out_nats = region_log_likelihood(&vae, held_out, regions, classes, seed)?;
    // Fitting takes minutes, in which another run may have saved something here.
    let _lock = lock_saves(dir)?;
    let mut bundle = Bundle::open(&source, device)?;
    if vae_sha256(&bundle) != vae_sha256(&before) {
        return Err(StudioError::WeightsReplaced {
            model: source.to_string(),
            result: "the new description of the latent space",
            remedy: "Fit the regions again",
        });
    }
    if let Architecture::Vae(vae) = &mut part.architecture {
        vae.sigma = vae.sigma.map(|_| latent.pixel_sigma);
    }
    part.latent = latent.space;
    bundle.describe_generator(part);
    bundle.save_locked(dir)?;
    Ok(held_out_nats)
}

/// The checksum of the VAE's weights.
pub(super) fn vae_sha256(bundle: &Bundle) -> Option<&str> {
    let record = bundle.manifest.files.get(&FileRole::Vae);
    record.map(|record| record.sha256.as_str())
}

/// What to say of a model without a VAE.
pub(super) fn missing_vae(model: String) -> StudioError {
    StudioError::MissingPart { model, part: "vae" }
}
