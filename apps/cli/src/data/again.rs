//! The data that a model was made for, found again by what the model says of it.

use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use datasets::{
    DataFormat, DataSource, DatasetError, DatasetInfo, FolderOptions, LabelSource, Splits,
    data_format,
};

use runs::images::{ImagesError, arrays, parts, pictures};

use super::{arguments::cache, ensure_classes, with_fetch};

/// Where the data of a model is, for what its description does not say.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct AgainArgs {
    /// The table of labels of a model that was trained with --labels [default: the one of that name in the folder]
    #[arg(long, value_name = "FILE.csv")]
    labels: Option<PathBuf>,

    /// Do not keep prepared pictures for the next time; they take memory then
    #[arg(long)]
    no_cache: bool,
}

/// Reads the data that a model was made for from `dir`.
///
/// # Errors
///
/// If a file is missing, damaged or not what it should be, or there are other classes than the model's.
pub fn load_for(info: &DatasetInfo, dir: &Path, again: &AgainArgs) -> anyhow::Result<Splits> {
    if let Some(dataset) = info.known {
        let loaded = datasets::load(dataset, dir);
        return loaded.map_err(|error| with_fetch(error, dataset, dir));
    }
    let source = match &info.source {
        Some(source) => found_again(source, dir, again)?,
        // Of older models it is not known whether broken pictures were left out.
        None => DataSource {
            skip_broken: true,
            ..DataSource::all(data_format(dir)?)
        },
    };
    let limit = source.limit;
    let (class_names, found) = match source.format {
        DataFormat::Arrays => arrays::load_again(info, dir, limit)?,
        DataFormat::Pictures => {
            let options = FolderOptions {
                shape: Some(info.shape),
                preparation: info.preparation,
                source,
                cache: cache().filter(|_| !again.no_cache),
                ..FolderOptions::default()
            };
            let read = pictures::load_again(dir, &options).map_err(with_reason)?;
            let (class_names, found, notes) = read;
            for note in notes {
                tell!("note: {note}");
            }
            (class_names, found)
        }
    };
    ensure_classes(&class_names, info, dir)?;
    let splits = parts::splits(found, &info.class_names, dir);
    splits.map_err(|error| match limit.filter(|_| error.is_of_too_few()) {
        Some(limit) => anyhow!("{error}, or raise --limit above {limit}"),
        None => error.into(),
    })
}

/// An error with the reason why what it is about cannot be left out.
fn with_reason(error: ImagesError) -> anyhow::Error {
    let is_other = matches!(
        error,
        ImagesError::Dataset(DatasetError::BrokenPictures { .. } | DatasetError::Unmatched { .. })
    );
    let error = anyhow::Error::from(error);
    if is_other {
        return error.context(
            "the model was trained on all pictures, so what was kept from it for testing is not told without them: put the folder \
             back as it was",
        );
    }
    error
}

/// The source with its table where it is now.
fn found_again(source: &DataSource, dir: &Path, again: &AgainArgs) -> anyhow::Result<DataSource> {
    let mut source = source.clone();
    match (&mut source.labels, &again.labels) {
        (LabelSource::Table(table), Some(file)) => table.file.clone_from(file),
        (LabelSource::Table(table), None) => {
            let file = dir.join(&table.file);
            if !file.is_file() {
                bail!(
                    "the model's labels are from {}, which is not in {}: name the table with --labels",
                    table.file.display(),
                    dir.display()
                );
            }
            table.file = file;
        }
        (_, Some(_)) => bail!("the labels of this model are not from a table: leave --labels out"),
        (_, None) => (),
    }
    Ok(source)
}
