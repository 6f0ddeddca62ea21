//! The one error of the crate.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use classifier::ClassifierError;
use datasets::DatasetError;
use explain::ExplainError;
use flow::FlowError;
use gan::GanError;
use latent_space::LatentSpaceError;
use training::TrainingError;
use vae_core::VaeError;

use crate::ShippedModel;
use crate::bundle_files::{REPLACE, RESTORE};
use crate::cause::{Cause, Fault};

/// What can go wrong between a bundle on disk and a frame.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum StudioError {
    /// A model name is neither a shipped model nor a folder.
    #[error(
        "there is no model '{0}': name {names}the folder of a bundle",
        names = shipped_names()
    )]
    UnknownModel(String),
    /// A file of a bundle is missing, damaged or does not fit the manifest.
    #[error("model {model}: {file}: {reason}. {remedy}")]
    Bundle {
        /// The model.
        model: String,
        /// The file concerned.
        file: String,
        /// What is wrong with it.
        reason: String,
        /// What to do about it.
        remedy: &'static str,
        /// The error that says so, if there is one; the reason tells it in words.
        source: Option<Cause>,
    },
    /// The bundle has no network of this kind.
    #[error("model {model} has no {part} yet: train one into the same folder")]
    MissingPart {
        /// The model.
        model: String,
        /// `vae` or `classifier`.
        part: &'static str,
    },
    /// Something was asked that only a classifier can answer.
    #[error(
        "model {model} has no classifier, and {asked} needs one: train one into the same folder, or choose another model's \
         as the judge"
    )]
    NoJudge {
        /// The model.
        model: String,
        /// What needs a classifier.
        asked: &'static str,
    },
    /// The classifier of another model cannot judge this one's images.
    #[error(
        "the classifier of {judge} cannot judge {model}: {reason}. Choose a model of the same data set"
    )]
    Judge {
        /// The model whose classifier was chosen.
        judge: String,
        /// The model whose images it should judge.
        model: String,
        /// What does not fit.
        reason: String,
    },
    /// A training run was to go on from weights that do not fit its settings.
    #[error(
        "{0} has another architecture, other images or other classes, so its weights do not fit: go on from one of the \
         same images and classes"
    )]
    OtherArchitecture(String),
    /// The weights of a model were replaced while something was found out about them.
    #[error(
        "{result} is about other weights than those that model {model} has now: they were replaced meanwhile. {remedy}"
    )]
    WeightsReplaced {
        /// The model.
        model: String,
        /// What was found out.
        result: &'static str,
        /// What to do about it.
        remedy: &'static str,
    },
    /// The latent of an image was asked of a model that has no encoder, and cannot search for it at once either.
    #[error(
        "this model has no encoder, so it cannot say at once which latent an image comes from: choose a VAE, or have a GAN search \
         for the image"
    )]
    NoEncoder,
    /// Another run trains the same network into the same folder.
    #[error(
        "another run is training into {checkpoint}: wait until it has ended, stop it there with Ctrl-C, or choose another output \
         folder"
    )]
    Busy {
        /// Where that run keeps its checkpoints.
        checkpoint: PathBuf,
    },
    /// What was trained cannot be kept: the bundle would not open with it. The one that is there stays in force.
    #[error(
        "the model was not saved in {path}, since it could not be opened again: {reason}. The model that was there before, if \
         any, is as it was, and so is the checkpoint of the run; if the weights are too large, train again with a lower learning rate"
    )]
    Unusable {
        /// The folder of the bundle.
        path: PathBuf,
        /// What is wrong.
        reason: String,
        /// The error that opening gave.
        source: Cause,
    },
    /// A request does not fit the model.
    #[error("this request does not fit the model: {0}")]
    Request(String),
    /// A model computed something that is not a number.
    #[error(
        "the model's answer is not a number ({what}): its weights or this latent are out of range; reset the latent"
    )]
    NotFinite {
        /// What is none.
        what: String,
        /// The error that says so, if there is one.
        source: Option<Cause>,
    },
    /// An explanation could not be computed or read from its device.
    #[error(transparent)]
    Explain(Arc<ExplainError>),
    /// A file or folder cannot be written.
    #[error(
        "cannot write {path}: {reason}. What was there before is as it was; make room, or choose a folder that you may write to"
    )]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        reason: String,
        /// The error in which it said so.
        source: Option<Cause>,
    },
    /// A VAE cannot be made or trained.
    #[error(transparent)]
    Vae(Arc<VaeError>),
    /// A refiner or a diffusion cannot be made or trained.
    #[error(transparent)]
    Flow(Arc<FlowError>),
    /// A GAN cannot be made or trained.
    #[error(transparent)]
    Gan(Arc<GanError>),
    /// A classifier cannot be made or trained.
    #[error(transparent)]
    Classifier(Arc<ClassifierError>),
    /// What a training run left behind cannot be removed.
    #[error(transparent)]
    Training(Arc<TrainingError>),
    /// Images or the description of a data set cannot be used.
    #[error(transparent)]
    Dataset(Arc<DatasetError>),
    /// The thread that owns the models is gone.
    #[error(
        "the model thread stopped ({0}): restart the program, and report this if it happens again"
    )]
    Worker(#[source] Cause),
}

impl StudioError {
    pub(crate) fn write(path: &std::path::Path, fault: impl Into<Fault>) -> Self {
        let Fault { reason, source } = fault.into();
        Self::Write {
            path: path.to_owned(),
            reason,
            source,
        }
    }

    pub(crate) fn not_finite(what: &str) -> Self {
        Self::NotFinite {
            what: what.to_owned(),
            source: None,
        }
    }

    /// Whether it is about a bundle that is damaged, which a run that replaces what is damaged gets past.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Bundle { remedy, .. } if [RESTORE, REPLACE].contains(remedy))
    }

    /// Whether weights were trained that are of no use, so that going on from them does not help: they are too large to be saved, or what
    /// follows from them is no number.
    #[must_use]
    pub fn is_of_weights(&self) -> bool {
        use LatentSpaceError::{Covariance, NotFinite};
        let too_far = matches!(
            self.of_training(),
            Some(TrainingError::NotFinite { too_far: true, .. })
        );
        let unusable = match self {
            Self::Unusable { .. } => true,
            Self::Gan(error) => matches!(**error, GanError::NotFinite(_)),
            Self::Vae(error) => matches!(
                **error,
                VaeError::NotFinite(_) | VaeError::LatentSpace(NotFinite | Covariance { .. })
            ),
            _ => false,
        };
        too_far || unusable
    }

    /// Whether settings of a network or of its training are out of range, or do not fit the images.
    #[must_use]
    pub fn is_of_settings(&self) -> bool {
        match self {
            Self::Vae(error) if matches!(**error, VaeError::Config { .. }) => true,
            Self::Flow(error) if matches!(**error, FlowError::Config { .. }) => true,
            Self::Gan(error) if matches!(**error, GanError::Config { .. }) => true,
            Self::Classifier(error) if matches!(**error, ClassifierError::Config { .. }) => true,
            _ => matches!(self.of_training(), Some(TrainingError::Plan(_))),
        }
    }

    /// What ended a training run, if that is what it is about.
    #[must_use]
    pub fn of_training(&self) -> Option<&TrainingError> {
        match self {
            Self::Training(error) => Some(error),
            Self::Vae(error) => match &**error {
                VaeError::Training(error) => Some(error),
                _ => None,
            },
            Self::Flow(error) => match &**error {
                FlowError::Training(error) => Some(error),
                _ => None,
            },
            Self::Gan(error) => match &**error {
                GanError::Training(error) => Some(error),
                _ => None,
            },
            Self::Classifier(error) => match &**error {
                ClassifierError::Training(error) => Some(error),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether the text tells what the error comes from, perhaps in words of its own.
    fn tells_its_source(&self) -> bool {
        matches!(
            self,
            Self::Bundle { .. }
                | Self::NotFinite { .. }
                | Self::Unusable { .. }
                | Self::Write { .. }
                | Self::Worker(_)
        )
    }
}

/// The texts of an error and of what it comes from, the outermost first. What an earlier text tells already is left out.
#[must_use]
pub fn error_texts(error: &(dyn Error + 'static)) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        if !texts.iter().any(|earlier| earlier.contains(&text)) {
            texts.push(text);
        }
        let told = error
            .downcast_ref()
            .is_some_and(StudioError::tells_its_source);
        next = error.source().filter(|_| !told);
    }
    texts
}

/// The shipped models, for a sentence that goes on with what else may be named.
fn shipped_names() -> String {
    let names: Vec<&str> = ShippedModel::all().map(ShippedModel::name).collect();
    if names.is_empty() {
        return String::new();
    }
    format!("a shipped one ({}) or ", names.join(", "))
}

macro_rules! from_shared {
    ($error:ident, $variant:ident) => {
        impl From<$error> for StudioError {
            fn from(error: $error) -> Self {
                Self::$variant(Arc::new(error))
            }
        }
    };
}

from_shared!(VaeError, Vae);
from_shared!(FlowError, Flow);
from_shared!(GanError, Gan);
from_shared!(ClassifierError, Classifier);
from_shared!(TrainingError, Training);
from_shared!(DatasetError, Dataset);

impl From<ExplainError> for StudioError {
    fn from(error: ExplainError) -> Self {
        match error {
            ExplainError::NotFinite { .. } | ExplainError::Map { .. } => Self::NotFinite {
                what: error.to_string(),
                source: Some(Cause::new(error)),
            },
            // A device that failed has computed no number at all.
            _ => Self::Explain(Arc::new(error)),
        }
    }
}
