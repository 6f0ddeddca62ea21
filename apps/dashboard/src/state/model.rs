//! A model that is open: what it is, where its latents lie, a few of its images, and who judges what it draws.
//!
//! Three things that look alike are kept apart here. A data set may have classes or none. Latent space is divided into
//! regions, one a class, or one for all images: then a conditional model is given the class to draw. And a judge has classes of its own: those of the model's data set, unless
//! the person chose another model's classifier.

use std::sync::Arc;

use classifier::ClassifierConfig;
use datasets::{ClassId, DatasetInfo, ImageShape, LabelledImages, Layer, class_name};
use latent_space::LatentSpace;
use studio::{Anchoring, Family, MOST_FLOW_STEPS, Manifest, ModelSource, Opened, Sampler};

use super::classes::class_id;

const NO_GENERATOR: &str = "This bundle holds nothing that makes images yet, so there is nothing to draw. Train a VAE into it with \
                            `latent-lens train vae`, or another model.";
/// What the only region of a model without classes is called.
const TYPICAL: &str = "typical image";

/// A model that is open.
#[derive(Clone, Debug)]
pub struct OpenModel {
    /// The bundle.
    pub manifest: Manifest,
    /// Where its latents lie.
    pub space: Arc<LatentSpace>,
    /// A few images of its data set.
    pub sample: Option<Arc<LabelledImages>>,
    /// Who judges its images; nobody where it came without a classifier and none was chosen.
    pub judge: Option<Judge>,
    /// What its regions are called.
    regions: Vec<String>,
}

/// A classifier that judges images.
#[derive(Clone, Debug, PartialEq)]
pub struct Judge {
    /// The model that it came with, where that is another one.
    pub borrowed: Option<ModelSource>,
    /// What it can say.
    pub class_names: Vec<String>,
    /// Its layers that can be explained, first to last, each with the side of its feature maps.
    pub layers: Vec<(Layer, usize)>,
}

impl OpenModel {
    /// A model as the worker opened it.
    ///
    /// # Errors
    /// If it has no latent space to explore; the message says what to do.
    pub fn new(opened: Opened) -> Result<Self, String> {
        let Opened {
            manifest,
            judge_names,
            sample,
        } = opened;
        let judge = manifest.classifier.as_ref().map(|part| Judge {
            borrowed: manifest.judge.clone(),
            class_names: judge_names,
            layers: layers(&part.config),
        });
        let generator = manifest.generator.as_ref().ok_or(NO_GENERATOR)?;
        let space = Arc::new(generator.latent.clone());
        Ok(Self {
            regions: regions(&space, &manifest.dataset),
            space,
            sample,
            judge,
            manifest,
        })
    }

    /// What its data set is.
    #[must_use]
    pub fn info(&self) -> &DatasetInfo {
        &self.manifest.dataset
    }

    /// The shape of its images.
    #[must_use]
    pub fn shape(&self) -> ImageShape {
        self.manifest.dataset.shape
    }

    /// Whether its regions are those of classes.
    #[must_use]
    pub fn has_classes(&self) -> bool {
        self.info().has_classes() && self.regions == self.info().class_names
    }

    /// What its regions are called, in their order: the classes, or one name for all images.
    #[must_use]
    pub fn region_names(&self) -> &[String] {
        &self.regions
    }

    /// What a region is called.
    #[must_use]
    pub fn region_name(&self, region: ClassId) -> String {
        let name = self.regions.get(region.index());
        name.map_or_else(|| region.to_string(), Clone::clone)
    }

    /// A region, if there are that many.
    #[must_use]
    pub fn region(&self, index: usize) -> Option<ClassId> {
        class_id(index).filter(|region| region.index() < self.space.regions.classes())
    }

    /// What the judge calls a class.
    #[must_use]
    pub fn judged_name(&self, class: ClassId) -> String {
        let names = self
            .judge
            .as_ref()
            .map(|judge| judge.class_names.as_slice());
        class_name(names.unwrap_or_default(), class)
    }

    /// Whether the judge knows the classes that latent space is divided into: only then does a way lead to one.
    #[must_use]
    pub fn judge_knows_regions(&self) -> bool {
        self.has_classes() && self.judge_knows(&self.regions)
    }

    /// Whether the judge knows the classes that are drawn: only then can it be right or wrong.
    #[must_use]
    pub fn judge_knows_drawn(&self) -> bool {
        self.draws_classes() && self.judge_knows(self.drawn_names())
    }

    fn judge_knows(&self, names: &[String]) -> bool {
        let judge = self.judge.as_ref();
        judge.is_some_and(|judge| judge.class_names == names)
    }
}

/// What can be drawn by its name: a class that a conditional model is given, or else a region.
impl OpenModel {
    /// Whether it is given a class to draw. Then its latent space has one region, of all images.
    #[must_use]
    pub fn is_conditional(&self) -> bool {
        self.manifest.is_conditional()
    }

    /// A class to give it: `class` if the model is conditional and has such a class.
    #[must_use]
    pub fn given(&self, class: Option<ClassId>) -> Option<ClassId> {
        class.filter(|class| self.is_conditional() && class.index() < self.info().classes())
    }

    /// Whether a refiner can sharpen its images.
    #[must_use]
    pub fn has_refiner(&self) -> bool {
        self.manifest.refiner.is_some()
    }

    /// Whether it is a diffusion, which draws in steps from noise.
    #[must_use]
    pub fn is_diffusion(&self) -> bool {
        self.manifest.family() == Some(Family::Diffusion)
    }

    /// Whether an image can be found in its latent space: at once by an encoder, or by the search of a GAN.
    #[must_use]
    pub fn finds_images(&self) -> bool {
        self.manifest.has_encoder() || self.searches()
    }

    /// The images of its data set that lie on the map: those of a model that encodes them.
    #[must_use]
    pub fn mapped_sample(&self) -> Option<&LabelledImages> {
        let sample = self.sample.as_deref();
        sample.filter(|_| self.manifest.has_encoder())
    }

    /// Whether it takes a search to find an image in its latent space.
    #[must_use]
    pub fn searches(&self) -> bool {
        self.manifest.family() == Some(Family::Gan)
    }

    /// How it draws unless the person wants it otherwise.
    #[must_use]
    pub fn usual_sampler(&self) -> Sampler {
        self.manifest.usual_sampler()
    }

    /// What the person wants as far as the model can: without a flow, images stay as they are decoded.
    #[must_use]
    pub fn sampler(&self, wanted: Sampler) -> Sampler {
        let (fewest, most) = match (self.is_diffusion(), self.has_refiner()) {
            (true, _) => (1, MOST_FLOW_STEPS),
            (false, true) => (0, MOST_FLOW_STEPS),
            (false, false) => (0, 0),
        };
        let usual = self.usual_sampler();
        let is_guided = self.is_diffusion() && Sampler::is_guidance(wanted.guidance);
        Sampler {
            // No steps are those of a scene that was made for another kind of model.
            steps: match wanted.steps {
                0 if fewest > 0 => usual.steps,
                steps => steps.clamp(fewest, most),
            },
            guidance: if is_guided {
                wanted.guidance
            } else {
                usual.guidance
            },
            ..wanted
        }
    }

    /// Whether classes are what it draws.
    #[must_use]
    pub fn draws_classes(&self) -> bool {
        self.is_conditional() || self.has_classes()
    }

    /// What there is to draw, in its order: the classes, or one name for all images.
    #[must_use]
    pub fn drawn_names(&self) -> &[String] {
        if self.is_conditional() {
            &self.info().class_names
        } else {
            &self.regions
        }
    }

    /// A class to draw, if there are that many.
    #[must_use]
    pub fn drawn(&self, index: usize) -> Option<ClassId> {
        class_id(index).filter(|class| class.index() < self.drawn_names().len())
    }

    /// What a class to draw is called.
    #[must_use]
    pub fn drawn_name(&self, class: ClassId) -> String {
        class_name(self.drawn_names(), class)
    }

    /// How a class is drawn: from which region, and given which class.
    #[must_use]
    pub fn anchoring(&self, class: ClassId) -> Anchoring {
        let own = Anchoring {
            region: class,
            condition: None,
        };
        let generator = self.manifest.generator.as_ref();
        generator.map_or(own, |part| part.anchoring(class))
    }

    /// The latent that a class begins at.
    ///
    /// # Panics
    /// If the model does not draw such a class.
    #[must_use]
    pub fn anchor(&self, class: ClassId) -> Vec<f32> {
        self.space.regions.anchor(self.anchoring(class).region)
    }
}

fn layers(config: &ClassifierConfig) -> Vec<(Layer, usize)> {
    let layers = config.layers().into_iter();
    layers.zip(config.stage_sides()).collect()
}

/// Regions are named after the classes where there are as many of both.
fn regions(space: &LatentSpace, info: &DatasetInfo) -> Vec<String> {
    let count = space.regions.classes();
    if info.has_classes() && info.classes() == count {
        return info.class_names.clone();
    }
    if count == 1 {
        return vec![TYPICAL.to_owned()];
    }
    (0..count).map(|index| format!("group {index}")).collect()
}
