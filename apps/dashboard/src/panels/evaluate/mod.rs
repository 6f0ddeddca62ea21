//! Evaluate: what was measured, and how. Every curve here comes from the bundle's own records.

mod cards;
mod curves;
mod faithfulness;
mod figures;
mod plots;

use eframe::egui::{self, Align, CentralPanel, Frame, Layout, Panel, Rect, ScrollArea, Ui};
use evaluation::{Measure, measures};
use studio::{Detail, Report};

use self::{
    cards::{CARDS, Card, Matrix, has, numbers, title, training_title},
    curves::Curves,
    faithfulness::Faithfulness,
};
use super::{
    Context, Open,
    common::{
        figure_text::{protocol, value_text},
        save::{self, SaveAs},
    },
};
use crate::{
    state::{
        command::{FileCommand, SceneCommand},
        sheet::Sheet,
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
        let Some(mut open) = super::open(context.controls, context.session) else {
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
        let mut save: Option<(Card, SaveAs, f32)> = None;
        ui.columns(columns, |columns| {
            for card in shown {
                // The next card goes where there is most room, the left one of equals.
                let Some(ui) = columns
                    .iter_mut()
                    .min_by(|a, b| a.cursor().top().total_cmp(&b.cursor().top()))
                else {
                    return;
                };
                let rect = framed(ui, |ui| {
                    dimension = dimension.or(self.card(ui, card, &mut open));
                });
                let numbers = numbers(card, open.model.manifest.report.as_ref(), &open);
                let chosen = save::menu(ui, rect, title(card), numbers.is_some());
                save = save.or(chosen.map(|chosen| (card, chosen, rect.width())));
                ui.add_space(2.0);
            }
        });
        let sheet = save.and_then(|save| self.saved(ui.ctx(), save, &mut open));
        if let Some(sheet) = sheet {
            context.send(FileCommand::AskWhereToSaveSheet(sheet));
        }
        if let Some(dim) = dimension {
            context.send(SceneCommand::ShowDimension(dim));
        }
    }

    /// One card. Returns the dimension that was clicked.
    fn card(&mut self, ui: &mut Ui, card: Card, open: &mut Open<'_>) -> Option<usize> {
        let report = open.model.manifest.report.as_ref();
        match card {
            Card::Confusion(matrix) => confusion(ui, report, matrix, open),
            Card::NoiseSweep => plots::noise_sweep(ui, report, &mut open.scene.anchors.noise),
            Card::Faithfulness => self.faithfulness.ui(ui, report),
            Card::Reliability => plots::reliability(ui, report),
            Card::PriorHistogram => {
                plots::prior_histogram(ui, report, &open.model.info().class_names);
            }
            Card::KlPerDimension => {
                return plots::kl_per_dimension(ui, report, &open.model.space.statistics);
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
        }
        None
    }

    /// A card as it is to be saved; its width is the one that it has on the screen.
    fn saved(
        &mut self,
        ctx: &egui::Context,
        (card, save, width): (Card, SaveAs, f32),
        open: &mut Open<'_>,
    ) -> Option<Sheet> {
        if save == SaveAs::Table {
            let numbers = numbers(card, open.model.manifest.report.as_ref(), open)?;
            return Some(numbers.sheet(&open.model.info().class_names));
        }
        let sheet = save::picture(ctx, width, title(card), save, |ui| {
            framed(ui, |ui| {
                self.card(ui, card, open);
            });
        });
        Some(sheet)
    }
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
