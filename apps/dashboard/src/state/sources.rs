//! What to call the places that models come from, how to name them so that the name lasts, and which domain each is of.

use std::path::absolute;

use datasets::DatasetInfo;
use studio::{ModelSource, ShippedModel};

use super::{model::OpenModel, session::Session};

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
        ModelSource::Shipped(model) => model.title(),
        ModelSource::Folder(folder) => {
            let name = folder.file_name().unwrap_or(folder.as_os_str());
            format!("{}/", name.to_string_lossy())
        }
    }
}

/// What to call a model among those of its domain.
#[must_use]
pub fn kind_title(source: &ModelSource) -> String {
    match source {
        ModelSource::Shipped(model) => model.kind().to_owned(),
        ModelSource::Folder(_) => source.short_name(),
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

/// Whether two data sets can be the same, whatever they are called: folders of the same name may hold anything.
#[must_use]
pub fn same_images(one: &DatasetInfo, two: &DatasetInfo) -> bool {
    let known = |info: &DatasetInfo| (info.shape, info.known);
    known(one) == known(two) && one.class_names == two.class_names
}

/// Whether two models are of one domain.
fn are_alike(models: [&ModelSource; 2], session: &Session) -> bool {
    let [title, other] = models.map(|model| domain_title(model, session));
    let infos = models.map(|model| session.open(model).map(OpenModel::info));
    // Those of the program are of known data sets; what a folder holds it says once it is open.
    let shipped = |model: &ModelSource| matches!(model, ModelSource::Shipped(_));
    title == other
        && match infos {
            [Some(one), Some(two)] => same_images(one, two),
            [Some(info), None] => info.known.is_some() && shipped(models[1]),
            [None, Some(info)] => info.known.is_some() && shipped(models[0]),
            [None, None] => models.into_iter().all(shipped),
        }
}

/// What a model's images show: as the model says itself once it is open.
#[must_use]
pub fn domain_title(source: &ModelSource, session: &Session) -> String {
    match (session.open(source), source) {
        (_, ModelSource::Shipped(model)) => model.domain().to_owned(),
        (Some(model), _) => model.info().title.clone(),
        (None, _) => model_title(source),
    }
}

/// Every domain that is at hand: those of the program, and those of the folders that are open, `front` among them. A folder
/// that holds no model is none.
#[must_use]
pub fn domains(session: &Session, front: &ModelSource) -> Vec<Domain> {
    let opened = session
        .sources()
        .filter(|source| session.open(source).is_some());
    let opened = opened.cloned();
    let mut domains: Vec<Domain> = Vec::new();
    for model in shipped().into_iter().chain(opened).chain([front.clone()]) {
        if domains.iter().any(|domain| domain.models.contains(&model)) {
            continue;
        }
        let same = |domain: &&mut Domain| {
            let first = domain.models.first();
            first.is_some_and(|first| are_alike([first, &model], session))
        };
        if let Some(domain) = domains.iter_mut().find(same) {
            domain.models.push(model);
            continue;
        }
        let mut title = domain_title(&model, session);
        if domains.iter().any(|domain| domain.title == title) {
            // Other images under the same name.
            title = format!("{title}, {}", model_title(&model));
        }
        domains.push(Domain {
            title,
            models: vec![model],
        });
    }
    domains
}
