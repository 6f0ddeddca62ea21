//! The networks of a bundle, read from their files.

use burn::module::Module;
use burn::tensor::Device;
use classifier::Classifier;
use flow::VelocityNet;
use vae_core::old_tensor_names;

use crate::bundle_files::{Files, MANIFEST, RESTORE};
use crate::cause::Fault;
use crate::{
    Architecture, ClassifierPart, Diffusion, FileRole, Generator, Manifest, RefinerPart,
    StudioError, VaeArchitecture, weights,
};

/// What makes the images, if the manifest has it.
pub fn generator(
    files: &Files,
    manifest: &Manifest,
    device: &Device,
) -> Result<Option<Generator>, StudioError> {
    let Some(part) = &manifest.generator else {
        return Ok(None);
    };
    let (shape, classes) = (manifest.dataset.shape, manifest.dataset.classes());
    let role = part.architecture.role();
    Ok(Some(match &part.architecture {
        Architecture::Vae(VaeArchitecture { config, .. }) => {
            let parameters = config.parameters(shape, classes)?;
            let fresh = || Ok(config.init(shape, classes, device)?);
            let names = old_tensor_names();
            Generator::Vae(network(files, manifest, role, parameters, fresh, names)?)
        }
        Architecture::Gan(gan) => {
            let classes = gan.classes(classes);
            let parameters = gan.config.parameters(shape, classes)?.generator;
            let fresh = || Ok(gan.config.init_generator(shape, classes, device)?);
            Generator::Gan(network(
                files,
                manifest,
                role,
                parameters,
                fresh,
                Vec::new(),
            )?)
        }
        Architecture::Diffusion(diffusion) => {
            let parameters = diffusion.config.parameters(shape, classes)?;
            let fresh = || Ok(diffusion.config.init(shape, classes, device)?);
            let flow = network(files, manifest, role, parameters, fresh, Vec::new())?;
            Generator::Diffusion(Box::new(Diffusion::new(flow, diffusion)))
        }
    }))
}

/// What gives the VAE's images detail, if the manifest has it.
pub fn refiner(
    files: &Files,
    manifest: &Manifest,
    device: &Device,
) -> Result<Option<VelocityNet>, StudioError> {
    let Some(RefinerPart { config, .. }) = &manifest.refiner else {
        return Ok(None);
    };
    let (shape, classes) = (manifest.dataset.shape, manifest.dataset.classes());
    let parameters = config.parameters(shape, classes)?;
    let fresh = || Ok(config.init(shape, classes, device)?);
    let role = FileRole::Refiner;
    network(files, manifest, role, parameters, fresh, Vec::new()).map(Some)
}

/// A network that judges, if the manifest has one in this role.
pub fn judge<N: Classifier>(
    files: &Files,
    manifest: &Manifest,
    role: FileRole,
    part: Option<&ClassifierPart>,
    device: &Device,
) -> Result<Option<N>, StudioError> {
    let Some(ClassifierPart { config, .. }) = part else {
        return Ok(None);
    };
    let fresh = || config.init(device).map_err(StudioError::from);
    let parameters = config.parameters::<N>()?;
    network(files, manifest, role, parameters, fresh, Vec::new()).map(Some)
}

/// A network with the weights of its file. It is made by `fresh` only if the file is long enough for its `parameters`: a
/// damaged manifest may describe one that takes more memory than there is.
fn network<M: Module>(
    files: &Files,
    manifest: &Manifest,
    role: FileRole,
    parameters: usize,
    fresh: impl FnOnce() -> Result<M, StudioError>,
    old_names: Vec<(&'static str, &'static str)>,
) -> Result<M, StudioError> {
    let record = manifest.files.get(&role).ok_or_else(|| {
        let reason = format!("it does not name the file of its {}", role.stem());
        files.damaged(MANIFEST, Fault::new(reason), RESTORE)
    })?;
    let bytes = files.read_checked(record)?;
    if bytes.len() / weights::FEWEST_BYTES < parameters {
        let reason = format!(
            "it has {} bytes, too few for the {parameters} numbers of the network that the manifest describes",
            bytes.len()
        );
        return Err(files.damaged(&record.name, Fault::new(reason), RESTORE));
    }
    weights::from_bytes(fresh()?, bytes.into_owned(), old_names)
        .map_err(|fault| files.damaged(&record.name, fault, RESTORE))
}
