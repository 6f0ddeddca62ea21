//! What is refused before hours of training, so that nothing is lost by them and nothing is found out after them.

use std::fs;
use std::path::Path;

use studio::{MANIFEST, Manifest, ModelSource};
use training::Checkpoints;

use crate::{Loaded, Network, RunError, RunSettings, Start};

/// Refuses work that would end in throwing something away. Whether there is a checkpoint to go on from.
pub fn refuse_losses(settings: &RunSettings, start: Start) -> Result<bool, RunError> {
    let checkpoint = settings.checkpoint();
    if start == Start::Replace {
        return Ok(false);
    }
    if Checkpoints::new(&checkpoint).exist() {
        return if start == Start::GoOn {
            Ok(true)
        } else {
            Err(RunError::Unfinished { checkpoint })
        };
    }
    let (out, network) = (&settings.out, settings.network.network());
    if out.join(MANIFEST).exists() {
        let manifest = Manifest::read(&ModelSource::Folder(out.clone()))?;
        if network.record(&manifest).is_some() {
            let what = match manifest.family() {
                Some(family) if network.makes_images() => {
                    format!("model that makes images ({family})")
                }
                _ => network.name().to_owned(),
            };
            let folder = out.clone();
            return Err(RunError::Finished { folder, what });
        }
    }
    Ok(false)
}

/// A judge learns to tell classes apart, and so does a joint model's head, so there have to be two of them at least; a conditional VAE
/// needs one.
pub fn refuse_unlabelled(network: Network, folder: &Path, loaded: &Loaded) -> Result<(), RunError> {
    let classes = loaded.info.classes();
    if classes >= network.fewest_classes() {
        return Ok(());
    }
    let folder = folder.to_owned();
    Err(RunError::Classes {
        network,
        folder,
        classes,
    })
}

/// Every class has to be there in the part that is learned from.
pub fn refuse_rare_classes(
    network: Network,
    folder: &Path,
    loaded: &Loaded,
) -> Result<(), RunError> {
    let fewest = network.fewest_of_a_class();
    let mut counts = vec![0_usize; loaded.info.classes()];
    for label in loaded.splits.train.labels() {
        counts[usize::from(*label)] += 1;
    }
    let Some(class) = counts.iter().position(|count| *count < fewest) else {
        return Ok(());
    };
    Err(RunError::RareClass {
        class: loaded.info.class_names[class].clone(),
        folder: folder.to_owned(),
        images: counts[class],
        fewest,
    })
}

/// Makes the folder if need be, and finds out now rather than after hours of training whether it takes files. Says whether the folder is
/// new.
pub fn ensure_writable(out: &Path) -> Result<bool, RunError> {
    let unwritable = |source| RunError::Unwritable {
        folder: out.to_owned(),
        source,
    };
    let fresh = !out.exists();
    fs::create_dir_all(out).map_err(unwritable)?;
    tempfile::tempfile_in(out).map_err(unwritable)?;
    Ok(fresh)
}
