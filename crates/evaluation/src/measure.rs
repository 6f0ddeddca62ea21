//! What a figure is: its name, unit and direction, and what it cannot be measured without. [`crate::measures`] declares
//! them.

use studio::{Detail, Family, Figure, Manifest, Report, Sampler};

use crate::tasks::TASKS;

/// The declaration of a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure {
    /// Stable name, under which reports keep it.
    pub name: &'static str,
    /// How it is measured, in a sentence. Sizes and settings of a run are added to it in the report.
    pub protocol: &'static str,
    /// What its number is.
    pub unit: Unit,
    /// Which way it is better.
    pub better: Better,
    /// What it cannot be measured without.
    pub needs: Needs,
    /// What it looks at of all that a model makes.
    pub subject: Subject,
    /// The fewest real test images that it is measured from; 0 where it looks at none.
    pub least_images: usize,
}

/// Shares and averages have intervals, which say how little a few images tell. One image has none.
const LEAST_IMAGES: usize = 2;

/// What a figure looks at of all that a model makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Nothing: real images, or what the judges make of them.
    Real,
    /// Real images encoded, and decoded again.
    Encoded,
    /// Samples of each class.
    ClassSamples,
    /// Samples of the learned prior.
    LearnedPrior,
    /// Samples of N(0, I).
    NormalPrior,
    /// Images drawn again as other classes.
    Swaps,
}

impl Subject {
    /// Whether there is nothing to look at without an encoder.
    fn needs_encoder(self) -> bool {
        match self {
            Self::Encoded | Self::Swaps => true,
            Self::Real | Self::ClassSamples | Self::LearnedPrior | Self::NormalPrior => false,
        }
    }

    /// What the protocol adds for a model that is given the class; nothing where the model is not asked, or the protocol itself says
    /// which class it is given.
    fn class_given(self) -> Option<&'static str> {
        match self {
            Self::Encoded => Some("the model is given each image's class"),
            Self::ClassSamples => Some(
                "latents of every class are drawn from the one region over all images, and the model is given the class",
            ),
            Self::LearnedPrior => Some("the model is given all classes in turn"),
            Self::NormalPrior => Some("the model is given no class"),
            Self::Real | Self::Swaps => None,
        }
    }

    /// What it adds for a model that draws with a flow.
    fn flow(self, manifest: &Manifest) -> Option<String> {
        let Sampler {
            steps, guidance, ..
        } = manifest.usual_sampler();
        let draws = match self {
            Self::Real => return None,
            // Invented detail would only move a reconstruction away from the image that it is held against.
            Self::Encoded => return Some("of the VAE alone, not sharpened".to_owned()),
            Self::ClassSamples | Self::LearnedPrior | Self::NormalPrior | Self::Swaps => {
                manifest.family()?
            }
        };
        Some(match draws {
            Family::Diffusion => format!("drawn in {steps} steps with guidance {guidance}"),
            _ => format!("sharpened by the refiner in {steps} steps"),
        })
    }

    /// All that a protocol adds for this kind of model.
    pub(crate) fn notes(self, manifest: &Manifest) -> Vec<String> {
        let mut notes = Vec::new();
        if manifest.is_conditional() {
            notes.extend(self.class_given().map(str::to_owned));
        }
        if manifest.usual_sampler().steps > 0 {
            notes.extend(self.flow(manifest));
        }
        notes
    }
}

/// What a figure cannot be measured without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Images are enough.
    Images,
    /// Images of two classes at least.
    Labels,
    /// A classifier that judges the images, and so their classes, too.
    Judge,
    /// The same, and a conditional model of images of two classes at least.
    JudgeAndCondition,
    /// A judge of another architecture besides.
    SecondJudge,
    /// A joint model, which has a head of its own, and images of two classes at least.
    Head,
    /// The same, a classifier that judges and a second judge.
    HeadAndJudges,
}

impl Needs {
    /// Whether a classifier is among it.
    #[must_use]
    pub const fn judge(self) -> bool {
        matches!(
            self,
            Self::Judge | Self::JudgeAndCondition | Self::SecondJudge | Self::HeadAndJudges
        )
    }

    /// What to say where it is not there.
    pub(crate) const fn missing(self) -> &'static str {
        match self {
            Self::Images => "there are no images",
            Self::Labels => "the images have no classes",
            Self::Judge | Self::JudgeAndCondition => "no classifier judges the images",
            Self::SecondJudge => "there is no second judge",
            Self::Head => "the model has no head of its own",
            Self::HeadAndJudges => "there are not two judges",
        }
    }
}

/// What a figure's number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A share in 0..1, written as a percentage where people read it.
    Share,
    /// A plain number.
    Number,
    /// A squared difference of pixels in 0..1.
    PerPixel,
    /// Natural logarithms of probabilities.
    Nats,
    /// A count of latent dimensions.
    Dimensions,
}

/// Which way a figure is better.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Better {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// The nearer to this the better.
    Near(f64),
    /// It describes, and says nothing about how good a model is.
    Neither,
}

impl Unit {
    /// As reports write it: nothing for shares and plain numbers.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Share | Self::Number => "",
            Self::PerPixel => "per pixel",
            Self::Nats => "nats",
            Self::Dimensions => "dimensions",
        }
    }
}

impl Measure {
    pub(crate) const fn new(
        name: &'static str,
        unit: Unit,
        better: Better,
        protocol: &'static str,
    ) -> Self {
        Self {
            name,
            protocol,
            unit,
            better,
            needs: Needs::Judge,
            subject: Subject::Real,
            least_images: LEAST_IMAGES,
        }
    }

    pub(crate) const fn needing(self, needs: Needs) -> Self {
        Self { needs, ..self }
    }

    pub(crate) const fn about(self, subject: Subject) -> Self {
        Self { subject, ..self }
    }

    pub(crate) const fn of_at_least(self, least_images: usize) -> Self {
        Self {
            least_images,
            ..self
        }
    }

    /// Why this figure cannot be measured of a model, if it cannot.
    #[must_use]
    pub fn why_absent(self, manifest: &Manifest) -> Option<&'static str> {
        let first = manifest.classifier.is_some();
        let second = manifest.second_judge.is_some();
        if self.subject.needs_encoder() && !manifest.has_encoder() {
            return Some("the model has no encoder");
        }
        match (self.needs, manifest.dataset.classes()) {
            (Needs::Images, _) => None,
            (_, 0) => Some(Needs::Labels.missing()),
            (Needs::JudgeAndCondition, _) if !manifest.is_conditional() => {
                Some("the model is not conditional, so no class is given to it")
            }
            (Needs::Head | Needs::HeadAndJudges, _) if !manifest.has_head() => {
                Some(Needs::Head.missing())
            }
            (Needs::Labels | Needs::JudgeAndCondition | Needs::Head, 1) => {
                Some("the images have only one class")
            }
            (Needs::Labels | Needs::Head, _) => None,
            (Needs::Judge | Needs::JudgeAndCondition, _) if first => None,
            (Needs::SecondJudge, _) if second => None,
            (Needs::HeadAndJudges, _) if first && second => None,
            (needs, _) => Some(needs.missing()),
        }
    }

    /// Why so many real test images are not enough for it, if they are not.
    #[must_use]
    pub fn too_few(self, images: usize) -> Option<String> {
        let least = self.least_images;
        (images < least)
            .then(|| format!("there are too few real test images, {images} where it takes {least}"))
    }

    /// Whether it takes so long that it is measured only when it is asked for by name.
    #[must_use]
    pub fn is_slow(self) -> bool {
        let mut slow = TASKS.iter().filter(|task| task.slow);
        slow.any(|task| task.measures.contains(&self))
    }

    /// This figure in a report, if it was measured.
    #[must_use]
    pub fn of(self, report: &Report) -> Option<&Figure> {
        report.figure(self.name)
    }

    /// A measured value on the test split, without an interval, randomness or detail: what has one adds it.
    pub(crate) fn figure(self, value: f64, n: usize) -> Figure {
        Figure {
            name: self.name.to_owned(),
            value,
            unit: self.unit.text().to_owned(),
            low: None,
            high: None,
            n,
            seed: None,
            split: "test".to_owned(),
            protocol: self.protocol.to_owned(),
            second_judge: None,
            detail: Detail::None,
        }
    }

    /// The protocol with the sizes and settings of a run.
    pub(crate) fn protocol_with(self, settings: &str) -> String {
        format!("{}: {settings}", self.protocol)
    }
}
