//! An opened model, and what it is. What can be asked of it is in the modules below, by subject.

mod checks;
mod encoding;
mod frames;
mod sampling;
mod steps;

pub use sampling::detail_seed;
pub(crate) use steps::Drawing;

use burn::tensor::{Device, Tensor};
use classifier::{ConvNet, Prediction};
use datasets::{Image, ImageShape, LabelledImages};
use vae_core::Vae;

use crate::judge::{Chosen, Judges};
use crate::nearest::SampleDistances;
use crate::networks::Networks;
use crate::{
    Bundle, FileRole, Generator, GeneratorPart, Judge, Manifest, ModelSource, StudioError,
    VaeArchitecture,
};

/// An opened model: a generator, the explanations, and the classifier that judges its images if there is one.
#[derive(Debug)]
pub struct Studio {
    name: String,
    manifest: Manifest,
    sha256: String,
    pub(crate) networks: Networks,
    second_judge: Option<Judge<ConvNet>>,
    generator_part: GeneratorPart,
    sample: Option<LabelledImages>,
    pub(crate) sample_distances: SampleDistances,
}

impl Studio {
    /// Opens a bundle on a device. Its images are judged by its own classifier, if it has one.
    ///
    /// # Errors
    /// [`StudioError`] if the bundle is damaged or holds nothing that makes images.
    pub fn open(source: &ModelSource, device: &Device) -> Result<Self, StudioError> {
        Self::open_judged(source, None, device)
    }

    /// As [`open`](Self::open), with the classifier of another model as the judge if one is chosen.
    ///
    /// # Errors
    /// As [`open`](Self::open), and [`StudioError::Judge`] if that classifier is for other images or other classes.
    pub fn open_judged(
        source: &ModelSource,
        judge: Option<&ModelSource>,
        device: &Device,
    ) -> Result<Self, StudioError> {
        let mut bundle = Bundle::open(source, device)?;
        let mut judges = Judges::of(&mut bundle);
        let Bundle {
            mut manifest,
            generator,
            refiner,
            sample,
            ..
        } = bundle;
        let missing = |part| StudioError::MissingPart {
            model: source.to_string(),
            part,
        };
        let generator = generator.ok_or_else(|| missing("model that makes images"))?;
        let part = manifest.generator.clone();
        let generator_part = part.ok_or_else(|| missing("model that makes images"))?;
        if let Some(chosen) = judge.filter(|chosen| *chosen != source) {
            let others = Chosen::open(chosen, source, &manifest, device)?;
            judges = others.judges;
            manifest.classifier = judges.first.as_ref().map(|judge| judge.part.clone());
            manifest.second_judge = judges.second.as_ref().map(|judge| judge.part.clone());
            manifest.judge = Some(chosen.clone());
            manifest.files.remove(&FileRole::SecondJudge);
            manifest.files.extend(others.records);
        }
        Ok(Self {
            name: source.short_name(),
            sha256: manifest.model_sha256(),
            manifest,
            networks: Networks::new(generator, refiner, judges.first, device),
            second_judge: judges.second,
            generator_part,
            sample,
            sample_distances: SampleDistances::default(),
        })
    }

    /// What to call the model in a report: a shipped model's name, or the last part of its folder's.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the bundle says about itself.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The part of the manifest that describes what makes the images.
    #[must_use]
    pub fn generator_part(&self) -> &GeneratorPart {
        &self.generator_part
    }

    /// The shape of its images.
    #[must_use]
    pub fn shape(&self) -> ImageShape {
        self.manifest.dataset.shape
    }

    /// A few images of its data set, if it carries any.
    #[must_use]
    pub fn sample(&self) -> Option<&LabelledImages> {
        self.sample.as_ref()
    }

    /// Identifies the weights: the SHA-256 over the SHA-256 of both weight files. A new report does not change it.
    #[must_use]
    pub fn model_sha256(&self) -> &str {
        &self.sha256
    }

    /// The device that the networks live on.
    #[must_use]
    pub fn device(&self) -> &Device {
        &self.networks.device
    }

    /// What makes the images.
    #[must_use]
    pub fn generator(&self) -> &Generator {
        &self.networks.generator
    }

    /// The VAE.
    ///
    /// # Errors
    /// [`StudioError::NoEncoder`] if the model is another one.
    pub fn vae(&self) -> Result<&Vae, StudioError> {
        self.generator().vae().ok_or(StudioError::NoEncoder)
    }

    /// How the VAE is built.
    ///
    /// # Errors
    /// As [`vae`](Self::vae).
    pub fn vae_architecture(&self) -> Result<&VaeArchitecture, StudioError> {
        self.generator_part.vae().ok_or(StudioError::NoEncoder)
    }

    /// The classifier that judges the images, if there is one.
    #[must_use]
    pub fn judge(&self) -> Option<&Judge> {
        self.networks.judge.as_ref()
    }

    /// The classifier that judges the images, for something that needs one.
    ///
    /// # Errors
    /// [`StudioError::NoJudge`] if there is none.
    pub fn judge_for(&self, asked: &'static str) -> Result<&Judge, StudioError> {
        self.judge().ok_or_else(|| StudioError::NoJudge {
            model: self.name.clone(),
            asked,
        })
    }

    /// The second judge, of another architecture and from another seed, if there is one. It has no part in frames.
    #[must_use]
    pub fn second_judge(&self) -> Option<&Judge<ConvNet>> {
        self.second_judge.as_ref()
    }

    /// SHA-256 of the second judge's weights, if there is one.
    #[must_use]
    pub fn second_judge_sha256(&self) -> Option<&str> {
        let record = self.manifest.files.get(&FileRole::SecondJudge);
        record.map(|record| record.sha256.as_str())
    }

    /// What the judge says of an image as it is, with no model in between; `None` if nobody judges.
    ///
    /// # Errors
    /// [`StudioError::Request`] if the image has another shape than the model's, [`StudioError::NotFinite`] if the judge overflows
    /// on it.
    pub fn judge_image(&self, image: &Image) -> Result<Option<Prediction>, StudioError> {
        self.check_image(image)?;
        let predict = |judge: &Judge| {
            let logits = self.networks.classify(judge, image.values())?;
            Ok(judge.predict(&logits))
        };
        self.judge().map(predict).transpose()
    }

    /// The logits of images, `[n, channels, height, width]` in `[0, 1]`, one row after the other.
    ///
    /// # Errors
    /// [`StudioError::NoJudge`] without a classifier, [`StudioError::NotFinite`] if it overflows on them.
    pub fn logits(&self, pixels: &[f32]) -> Result<Vec<f32>, StudioError> {
        self.networks.classify(self.judge_for("a logit")?, pixels)
    }
}

/// The values of a tensor on the host, if all are numbers.
///
/// # Errors
/// [`StudioError::NotFinite`] with `what` if one is not.
pub fn finite<const D: usize>(tensor: Tensor<D>, what: &str) -> Result<Vec<f32>, StudioError> {
    let values: Vec<f32> = tensor.into_data().iter::<f32>().collect();
    if values.iter().all(|v| v.is_finite()) {
        Ok(values)
    } else {
        Err(StudioError::not_finite(what))
    }
}
