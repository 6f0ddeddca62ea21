//! What to call the places that models come from, how to name them so that the name lasts, and which domain each is of.

use std::path::absolute;

use studio::{ModelSource, ShippedModel};

use super::session::Session;

/// The models that are part of the program, in the order of the menu.
#[must_use]
pub fn shipped() -> Vec<ModelSource> {
    ShippedModel::all().map(ModelSource::Shipped).collect()
}

/// The model that a window shows on its first day.
///
/// # Panics
/// Never: models are part of the program.
#[must_use]
pub fn first() -> ModelSource {
    let first = shipped().into_iter().next();
    first.expect("models are part of the program")
}

/// What to call a model: its data set's name, or its folder's.
#[must_use]
pub fn model_title(source: &ModelSource) -> String {
    match source {
        ModelSource::Shipped(model) => model.title().to_owned(),
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

/// What images of one kind show, and the models of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// What to call it.
    pub title: String,
    /// Its models, in the order in which to offer them.
    pub models: Vec<ModelSource>,
}

/// What a model's images show: as the model says itself once it is open.
#[must_use]
pub fn domain_title(source: &ModelSource, session: &Session) -> String {
    match (session.open(source), source) {
        (_, ModelSource::Shipped(model)) => model.title().to_owned(),
        (Some(model), _) => model.info().title.clone(),
        (None, _) => model_title(source),
    }
}

/// Every domain that is at hand: those of the program, and those of the folders that were opened, `front` among them.
#[must_use]
pub fn domains(session: &Session, front: &ModelSource) -> Vec<Domain> {
    let opened = session.sources().cloned();
    let mut domains: Vec<Domain> = Vec::new();
    for model in shipped().into_iter().chain(opened).chain([front.clone()]) {
        let title = domain_title(&model, session);
        match domains.iter_mut().find(|domain| domain.title == title) {
            Some(domain) if domain.models.contains(&model) => {}
            Some(domain) => domain.models.push(model),
            None => domains.push(Domain {
                title,
                models: vec![model],
            }),
        }
    }
    domains
}
