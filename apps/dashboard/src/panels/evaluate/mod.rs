//! Evaluate: what was measured, and how. Every curve here comes from the bundle's own records.

mod curves;
mod faithfulness;
mod figures;
mod plots;
mod save;

use eframe::egui::{Align, CentralPanel, Frame, Layout, Panel, Rect, ScrollArea, Ui};
use evaluation::{Measure, measures};
use studio::{Architecture, ClassifierPart, Detail, Figure, Report, TrainingRecord};

use self::{
    curves::Curves,
    faithfulness::{Faithfulness, RECOMMENDED},
};
use super::{
    Context, Open,
    common::figure_text::{protocol, value_text},
};
use crate::{
    state::{
        command::SceneCommand,
        sheet::{Sheet, figure_sheet, training_sheet},
    },
    theme,
    widgets::{self, Confusion, caption},
    words,
};

/// Width of the table of figures.
const TABLE: f32 = 496.0;
/// Narrower cards would crowd their plots.
const CARD: f32 = 340.0;

/// What Evaluate keeps between passes: which metric each training plot shows, and what heatmaps are compared with.
#[derive(Default)]
pub struct EvaluatePanel {
    generator: Curves,
    classifier: Curves,
    second_judge: Curves,
    faithfulness: Faithfulness,
}

/// A confusion matrix in the report, and what its rows are.
#[derive(Clone, Copy)]
struct Matrix {
    figure: Measure,
    title: &'static str,
    rows: &'static str,
    meant: &'static str,
}

/// The cards, in the order in which they are dealt to the columns.
#[derive(Clone, Copy)]
enum Card {
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

const CARDS: [Card; 12] = [
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

impl EvaluatePanel {
    /// Shows the space.
    pub fn ui(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        if ui.available_width() < TABLE + CARD {
            return self.in_one_column(ui, context);
        }
        Panel::left("evaluate figures")
            .exact_size(TABLE)
            .resizable(false)
            .frame(theme::panel_frame(ui, 14, 12))
            .show(ui, |ui| {
                ScrollArea::vertical()
                    .auto_shrink(false)
                    .show(ui, |ui| figures::ui(ui, context));
            });
        let frame = theme::panel_frame(ui, 14, 12).fill(theme::palette(ui).background);
        CentralPanel::default().frame(frame).show(ui, |ui| {
            ScrollArea::vertical()
                .auto_shrink(false)
                .show(ui, |ui| self.cards(ui, context));
        });
    }

    /// The table above the cards, where they have no room beside each other.
    fn in_one_column(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let frame = theme::panel_frame(ui, 14, 12).fill(theme::palette(ui).background);
        CentralPanel::default().frame(frame).show(ui, |ui| {
            let area = ScrollArea::vertical().auto_shrink(false);
            area.show(ui, |ui| {
                figures::ui(ui, context);
                ui.add_space(theme::GROUP_GAP);
                self.cards(ui, context);
            });
        });
    }

    fn cards(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let Some(open) = super::open(context.controls, context.session) else {
            return;
        };
        let report = open.model.manifest.report.as_ref();
        let shown: Vec<Card> = CARDS
            .into_iter()
            .filter(|card| has(*card, report, &open))
            .collect();
        // Room for the scroll bar, so that it covers nothing.
        ui.set_width(ui.available_width() - 8.0);
        let columns = ((ui.available_width() / CARD) as usize).clamp(1, 3);
        let mut dimension = None;
        let mut save = None;
        ui.columns(columns, |columns| {
            for card in shown {
                // The next card goes where there is most room, the left one of equals.
                let Some(ui) = columns
                    .iter_mut()
                    .min_by(|a, b| a.cursor().top().total_cmp(&b.cursor().top()))
                else {
                    return;
                };
                let rect = framed(ui, |ui| match card {
                    Card::Confusion(matrix) => confusion(ui, report, matrix, &open),
                    Card::NoiseSweep => {
                        plots::noise_sweep(ui, report, &mut open.scene.anchors.noise);
                    }
                    Card::Faithfulness => self.faithfulness.ui(ui, report),
                    Card::Reliability => plots::reliability(ui, report),
                    Card::PriorHistogram => {
                        plots::prior_histogram(ui, report, &open.model.info().class_names);
                    }
                    Card::KlPerDimension => {
                        dimension =
                            plots::kl_per_dimension(ui, report, &open.model.space.statistics);
                    }
                    Card::GeneratorTraining => {
                        let title = training_title(&open.generator.architecture);
                        self.generator.ui(ui, title, &open.generator.training);
                    }
                    Card::ClassifierTraining => {
                        if let Some(part) = &open.model.manifest.classifier {
                            self.classifier
                                .ui(ui, "Classifier training", &part.training);
                        }
                    }
                    Card::SecondJudgeTraining => {
                        if let Some(part) = &open.model.manifest.second_judge {
                            self.second_judge
                                .ui(ui, "Second judge's training", &part.training);
                        }
                    }
                });
                let names = &open.model.info().class_names;
                let sheet =
                    numbers(card, report, &open).map(|numbers| move || numbers.sheet(names));
                save = save::menu(ui, rect, title(card), sheet).or(save.take());
                ui.add_space(2.0);
            }
        });
        if let Some(command) = save {
            context.send(command);
        }
        if let Some(dim) = dimension {
            context.send(SceneCommand::ShowDimension(dim));
        }
    }
}

/// Whether there is something measured to show on a card.
fn has(card: Card, report: Option<&Report>, open: &Open<'_>) -> bool {
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
fn training_title(architecture: &Architecture) -> &'static str {
    match architecture {
        Architecture::Vae(_) => "VAE training",
        Architecture::Gan(_) => "GAN training",
        Architecture::Diffusion(_) => "Diffusion training",
    }
}

/// What a card is called where it is saved.
fn title(card: Card) -> &'static str {
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
enum Numbers<'a> {
    Figure(&'a Figure),
    /// What it is called, and what was recorded.
    Training(&'static str, &'a TrainingRecord),
}

impl Numbers<'_> {
    /// As a file holds them. Of many classes that is a long text.
    fn sheet(self, class_names: &[String]) -> Sheet {
        match self {
            Self::Figure(figure) => figure_sheet(figure, class_names),
            Self::Training(name, record) => training_sheet(name, record),
        }
    }
}

/// The numbers of a card, if they are of a figure in the report or of a training run.
fn numbers<'a>(card: Card, report: Option<&'a Report>, open: &Open<'a>) -> Option<Numbers<'a>> {
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

/// How far the agreements of the two judges are apart, in points, where this figure is the second one's.
fn gap_between_judges(report: Option<&Report>, shown: Measure) -> Option<f64> {
    let second = measures::SECOND_ANCHORED_AGREEMENT;
    let first = measures::ANCHORED_AGREEMENT.of(report?)?;
    let other = second.of(report?).filter(|_| shown == second)?;
    Some(100.0 * (first.value - other.value).abs())
}

/// How the model's own head does on the same samples, where this figure is the agreement on them.
fn beside_own_head(report: Option<&Report>, shown: Measure) -> Option<String> {
    let flattery = measures::SELF_FLATTERY.of(report?)?;
    let points = 100.0 * flattery.value;
    let how = if points < 0.0 { "less" } else { "more" };
    (shown == measures::ANCHORED_AGREEMENT).then(|| {
        format!(
            "The model's own head agrees {:.1} points {how} often than the better judge: it was trained with the model.",
            points.abs()
        )
    })
}

fn framed(ui: &mut Ui, add: impl FnOnce(&mut Ui)) -> Rect {
    let frame: Frame = theme::card_frame(ui);
    let shown = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        // The columns around it are justified, which would stretch the words of a caption apart.
        ui.with_layout(Layout::top_down(Align::Min), add);
    });
    shown.response.rect
}

fn confusion(ui: &mut Ui, report: Option<&Report>, matrix: Matrix, open: &Open<'_>) {
    let Some(figure) = report.and_then(|report| matrix.figure.of(report)) else {
        return;
    };
    let Detail::Confusion(counts) = &figure.detail else {
        return;
    };
    widgets::title(ui, matrix.title).on_hover_text(protocol(figure));
    caption(
        ui,
        format!(
            "{} {}",
            words::title(matrix.figure.name),
            value_text(figure)
        ),
    );
    if let Some(gap) = gap_between_judges(report, matrix.figure) {
        caption(ui, format!("The two judges differ by {gap:.1} points."));
    }
    if let Some(words) = beside_own_head(report, matrix.figure) {
        caption(ui, words);
    }
    let shown = Confusion {
        counts,
        names: &open.model.info().class_names,
        meant: matrix.meant,
    };
    shown.show(ui, 380.0);
    caption(
        ui,
        format!("Rows: {}. Columns: predicted. In % of a row.", matrix.rows),
    );
}
