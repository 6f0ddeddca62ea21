//! What to call the places that models come from, and how to name them so that the name lasts.

use std::path::absolute;

use studio::ModelSource;

/// What to call a model: its data set's name, or its folder's.
#[must_use]
pub fn model_title(source: &ModelSource) -> String {
    match source {
        ModelSource::Shipped(dataset) => dataset.title().to_owned(),
        ModelSource::Folder(folder) => {
            let name = folder.file_name().unwrap_or(folder.as_os_str());
            format!("{}/", name.to_string_lossy())
        }
    }
}

/// The model under a name that also holds when the program is started from another folder.
#[must_use]
pub fn lasting(model: ModelSource) -> ModelSource {
    match model {
        ModelSource::Folder(path) => ModelSource::Folder(absolute(&path).unwrap_or(path)),
        shipped @ ModelSource::Shipped(_) => shipped,
    }
}
