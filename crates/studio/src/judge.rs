//! The classifier that judges a model's images: its own, or another model's that was chosen.

use std::path::Path;

use burn::tensor::Device;
use classifier::{Classifier, ConvNet, Prediction, ResNet18};

use crate::folder::lock_saves;
use crate::{Bundle, ClassifierPart, FileRecord, FileRole, Manifest, ModelSource, StudioError};

/// A classifier and what calibrates it.
#[derive(Debug)]
pub struct Judge<N = ResNet18> {
    /// The network.
    pub network: N,
    /// How it was made, and its temperature.
    pub part: ClassifierPart,
    /// What its classes are called, in class order.
    pub class_names: Vec<String>,
}

impl<N: Classifier> Judge<N> {
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

/// What the head of a joint model makes of an image, from its logits. Nothing calibrates it.
pub(crate) fn opinion(logits: &[f32]) -> Prediction {
    Prediction::from_logits(logits, 1.0)
}

/// The judges of a model.
#[derive(Debug)]
pub(crate) struct Judges {
    /// Whose opinion is shown and explained.
    pub first: Option<Judge>,
    /// Of another architecture: who is asked as well when something is measured.
    pub second: Option<Judge<ConvNet>>,
}

impl Judges {
    /// Takes the judges out of a bundle.
    pub fn of(bundle: &mut Bundle) -> Self {
        let Bundle {
            manifest,
            classifier,
            second_judge,
            ..
        } = bundle;
        let names = &manifest.dataset.class_names;
        Self {
            first: judge(classifier.take(), manifest.classifier.as_ref(), names),
            second: judge(second_judge.take(), manifest.second_judge.as_ref(), names),
        }
    }
}

fn judge<N>(
    network: Option<N>,
    part: Option<&ClassifierPart>,
    names: &[String],
) -> Option<Judge<N>> {
    Some(Judge {
        network: network?,
        part: part?.clone(),
        class_names: names.to_vec(),
    })
}

/// Another model's judges, as far as a manifest tells of them.
pub(crate) struct Chosen {
    pub judges: Judges,
    pub records: Vec<(FileRole, FileRecord)>,
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
        let mut bundle = Bundle::open(source, device)?;
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
        let judges = Judges::of(&mut bundle);
        if judges.first.is_none() {
            return Err(refuse("it has none".to_owned()));
        }
        let roles = [FileRole::Classifier, FileRole::SecondJudge];
        let records = bundle.manifest.files.into_iter();
        Ok(Self {
            judges,
            records: records.filter(|(role, _)| roles.contains(role)).collect(),
        })
    }
}

/// Puts the judges of a model into the bundle in `dir`, so that models of one data set are judged alike. Judges that are there are
/// replaced, and what they measured goes with them; without a second one there, none stays here.
///
/// # Errors
/// [`StudioError::Judge`] if that model has no classifier, or one for other images or other classes, and [`StudioError`] if a bundle
/// cannot be read or written.
pub fn take_judges(dir: &Path, from: &ModelSource, device: &Device) -> Result<(), StudioError> {
    let model = ModelSource::Folder(dir.to_owned());
    Manifest::read(&model)?;
    let _lock = lock_saves(dir)?;
    let mut bundle = Bundle::open(&model, device)?;
    let Chosen { judges, .. } = Chosen::open(from, &model, &bundle.manifest, device)?;
    if !bundle.manifest.dataset.has_classes() {
        return Err(StudioError::Judge {
            judge: from.to_string(),
            model: model.to_string(),
            reason: "its images have no classes to be judged by".to_owned(),
        });
    }
    if let Some(first) = judges.first {
        bundle.set_classifier(first.network, first.part);
    }
    match judges.second {
        Some(second) => bundle.set_second_judge(second.network, second.part),
        None => bundle.remove_second_judge(),
    }
    bundle.save_locked(dir)
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
