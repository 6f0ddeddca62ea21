//! Which cards there are, what each is called, and the numbers behind it.

use evaluation::{Measure, measures};
use studio::{Architecture, ClassifierPart, Detail, Figure, Report, TrainingRecord};

use super::{Open, faithfulness::RECOMMENDED};
use crate::state::sheet::{Sheet, figure_sheet, training_sheet};

/// A confusion matrix in the report, and what its rows are.
#[derive(Clone, Copy)]
pub(super) struct Matrix {
    pub figure: Measure,
    pub title: &'static str,
    pub rows: &'static str,
    pub meant: &'static str,
}

/// The cards, in the order in which they are dealt to the columns.
#[derive(Clone, Copy)]
pub(super) enum Card {
    Confusion(Matrix),
    NoiseSweep,
    Faithfulness,
    Reliability,
    PriorHistogram,
    KlPerDimension,
    GeneratorTraining,
    ClassifierTraining,
    SecondJudgeTraining,
}

pub(super) const CARDS: [Card; 12] = [
    Card::Confusion(Matrix {
        figure: measures::ANCHORED_AGREEMENT,
        title: "Generated images",
        rows: "class drawn",
        meant: "drawn as",
    }),
    Card::Confusion(Matrix {
        figure: measures::SECOND_ANCHORED_AGREEMENT,
        title: "Generated images, second judge",
        rows: "class drawn",
        meant: "drawn as",
    }),
    Card::Confusion(Matrix {
        figure: measures::RECONSTRUCTION_ACCURACY,
        title: "Reconstructed images",
        rows: "true class",
        meant: "really",
    }),
    Card::Confusion(Matrix {
        figure: measures::REAL_ACCURACY,
        title: "Real images",
        rows: "true class",
        meant: "really",
    }),
    Card::NoiseSweep,
    Card::Faithfulness,
    Card::PriorHistogram,
    Card::Reliability,
    Card::KlPerDimension,
    Card::GeneratorTraining,
    Card::ClassifierTraining,
    Card::SecondJudgeTraining,
];

/// Whether there is something measured to show on a card.
pub(super) fn has(card: Card, report: Option<&Report>, open: &Open<'_>) -> bool {
    let detail = |measure: Measure| {
        report
            .and_then(|report| measure.of(report))
            .map(|figure| &figure.detail)
    };
    let trained = |record: &TrainingRecord| !record.history.is_empty();
    let judged =
        |part: &Option<ClassifierPart>| part.as_ref().is_some_and(|part| trained(&part.training));
    match card {
        Card::Confusion(matrix) => matches!(detail(matrix.figure), Some(Detail::Confusion(_))),
        Card::NoiseSweep => matches!(detail(measures::NOISE_SWEEP), Some(Detail::Sweep(_))),
        Card::Faithfulness => matches!(detail(RECOMMENDED), Some(Detail::Faithfulness(_))),
        Card::Reliability => matches!(detail(measures::ECE), Some(Detail::Reliability(_))),
        Card::PriorHistogram => matches!(
            detail(measures::PRIOR_HISTOGRAM_KL),
            Some(Detail::Series(_))
        ),
        // The latents of other models are drawn, and tell of no image.
        Card::KlPerDimension => open.model.manifest.has_encoder(),
        Card::GeneratorTraining => trained(&open.generator.training),
        Card::ClassifierTraining => judged(&open.model.manifest.classifier),
        Card::SecondJudgeTraining => judged(&open.model.manifest.second_judge),
    }
}

/// What the training of such a model is called.
pub(super) fn training_title(architecture: &Architecture) -> &'static str {
    match architecture {
        Architecture::Vae(_) => "VAE training",
        Architecture::Gan(_) => "GAN training",
        Architecture::Diffusion(_) => "Diffusion training",
    }
}

/// What a card is called where it is saved.
pub(super) fn title(card: Card) -> &'static str {
    match card {
        Card::Confusion(matrix) => matrix.title,
        Card::NoiseSweep => "Noise sweep",
        Card::Faithfulness => "Heatmap faithfulness",
        Card::Reliability => "Reliability",
        Card::PriorHistogram => "Classes of prior samples",
        Card::KlPerDimension => "Information per dimension",
        Card::GeneratorTraining => "Training of the model",
        Card::ClassifierTraining => "Classifier training",
        Card::SecondJudgeTraining => "Second judge's training",
    }
}

/// The numbers of a card.
#[derive(Clone, Copy)]
pub(super) enum Numbers<'a> {
    Figure(&'a Figure),
    /// What it is called, and what was recorded.
    Training(&'static str, &'a TrainingRecord),
}

impl Numbers<'_> {
    /// As a file holds them. Of many classes that is a long text.
    pub fn sheet(self, class_names: &[String]) -> Sheet {
        match self {
            Self::Figure(figure) => figure_sheet(figure, class_names),
            Self::Training(name, record) => training_sheet(name, record),
        }
    }
}

/// The numbers of a card, if they are of a figure in the report or of a training run.
pub(super) fn numbers<'a>(
    card: Card,
    report: Option<&'a Report>,
    open: &Open<'a>,
) -> Option<Numbers<'a>> {
    let figure = match card {
        Card::Confusion(matrix) => matrix.figure,
        Card::NoiseSweep => measures::NOISE_SWEEP,
        Card::Faithfulness => RECOMMENDED,
        Card::Reliability => measures::ECE,
        Card::PriorHistogram => measures::PRIOR_HISTOGRAM_KL,
        Card::KlPerDimension => measures::KL_PER_DIMENSION,
        Card::GeneratorTraining => {
            return Some(Numbers::Training(
                "model-training",
                &open.generator.training,
            ));
        }
        Card::ClassifierTraining => {
            let part = open.model.manifest.classifier.as_ref()?;
            return Some(Numbers::Training("classifier-training", &part.training));
        }
        Card::SecondJudgeTraining => {
            let part = open.model.manifest.second_judge.as_ref()?;
            return Some(Numbers::Training("second-judge-training", &part.training));
        }
    };
    Some(Numbers::Figure(figure.of(report?)?))
}
