//! The classifier that judges a model's images: its own, or another model's that was chosen.

use burn::tensor::Device;
use classifier::{Prediction, ResNet18};

use crate::{Bundle, ClassifierPart, FileRecord, FileRole, Manifest, ModelSource, StudioError};

/// A classifier and what calibrates it.
#[derive(Debug)]
pub struct Judge {
    /// The network.
    pub network: ResNet18,
    /// How it was made, and its temperature.
    pub part: ClassifierPart,
    /// What its classes are called, in class order.
    pub class_names: Vec<String>,
}

impl Judge {
    /// The calibrated opinion that follows from a row of logits.
    #[must_use]
    pub fn predict(&self, logits: &[f32]) -> Prediction {
        Prediction::from_logits(logits, self.part.temperature)
    }

    /// How many classes it tells apart.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.network.classes()
    }
}

/// Another model's classifier, as far as a manifest tells of it.
pub(crate) struct Chosen {
    pub judge: Judge,
    pub record: Option<FileRecord>,
}

impl Chosen {
    /// Takes the classifier of a model to judge the images of another one. Images without classes of their own may be judged
    /// by any.
    ///
    /// # Errors
    /// [`StudioError::Judge`] if it has none, or one for other images or other classes.
    pub fn open(
        source: &ModelSource,
        model: &ModelSource,
        manifest: &Manifest,
        device: &Device,
    ) -> Result<Self, StudioError> {
        let refuse = |reason: String| StudioError::Judge {
            judge: source.to_string(),
            model: model.to_string(),
            reason,
        };
        let bundle = Bundle::open(source, device)?;
        let (own, other) = (&manifest.dataset, &bundle.manifest.dataset);
        if own.shape != other.shape {
            return Err(refuse(format!(
                "it takes images of {}, and these are {}",
                other.shape, own.shape
            )));
        }
        if own.has_classes() && own.class_names != other.class_names {
            return Err(refuse(format!(
                "it tells {} apart, and these are {}",
                in_words(&other.class_names),
                in_words(&own.class_names)
            )));
        }
        let (Some(network), Some(part)) = (bundle.classifier, bundle.manifest.classifier) else {
            return Err(refuse("it has none".to_owned()));
        };
        Ok(Self {
            judge: Judge {
                network,
                part,
                class_names: bundle.manifest.dataset.class_names,
            },
            record: bundle.manifest.files.get(&FileRole::Classifier).cloned(),
        })
    }
}

/// How many classes there are, and what the first few are called.
fn in_words(class_names: &[String]) -> String {
    const FEW: usize = 3;
    match class_names {
        [] => "without classes".to_owned(),
        names if names.len() <= FEW => names.join(", "),
        names => format!("{} and {} more", names[..FEW].join(", "), names.len() - FEW),
    }
}
