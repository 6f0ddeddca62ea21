//! How the probability rises and falls with the pixels that a heatmap names, beside another order.

use eframe::egui::{ComboBox, Ui};
use egui_plot::{Corner, Line, LineStyle, PlotPoints};
use evaluation::{Measure, measures};
use studio::{Detail, FaithfulnessCurves, Figure, Report};

use super::words;
use crate::{
    panels::common::{
        figure_text::{protocol, value_text},
        plot::{legend, plot},
    },
    theme,
    widgets::{self, caption, thousands},
};

/// The figure of the recommended heatmap.
pub(super) const RECOMMENDED: Measure = measures::CAM_INSERTION_DELETION;
/// What it is compared with at first: the order that needs no heatmap and is hardest to beat.
const FIRST: Measure = measures::CAM_INTENSITY;

/// What the recommended heatmap is compared with.
#[derive(Default)]
pub(super) struct Faithfulness {
    other: Option<String>,
}

/// A figure with its curves, if it has any.
fn curves(figure: &Figure) -> Option<&FaithfulnessCurves> {
    match &figure.detail {
        Detail::Faithfulness(curves) => Some(curves),
        _ => None,
    }
}

impl Faithfulness {
    pub(super) fn ui(&mut self, ui: &mut Ui, report: Option<&Report>) {
        let Some(report) = report else { return };
        let Some(recommended) = RECOMMENDED.of(report) else {
            return;
        };
        let Some(own) = curves(recommended) else {
            return;
        };
        widgets::title(ui, "Heatmap faithfulness").on_hover_text(protocol(recommended));
        let others = report.figures.iter();
        let others: Vec<&Figure> = others
            .filter(|figure| figure.name != RECOMMENDED.name && curves(figure).is_some())
            .collect();
        let wanted = self.other.as_deref().unwrap_or(FIRST.name);
        let mut other = others.iter().find(|figure| figure.name == wanted).copied();
        ui.horizontal(|ui| {
            caption(
                ui,
                format!("Area between {}; beside", value_text(recommended)),
            );
            let name = other.map_or("nothing", |figure| words::title(&figure.name));
            let combo = ComboBox::from_id_salt("faithfulness beside")
                .selected_text(name)
                .width(150.0);
            let response = combo.show_ui(ui, |ui| {
                for figure in others {
                    ui.selectable_value(&mut other, Some(figure), words::title(&figure.name));
                }
            });
            response.response.accessible_name("compared order");
        });
        let palette = theme::palette(ui);
        plot(ui, "faithfulness", "share of the pixels", "probability")
            .include_y(0.0)
            .include_y(1.0)
            .legend(legend(Corner::RightBottom))
            .show(ui, |plot| {
                let beside = other
                    .and_then(curves)
                    .map(|curves| (curves, palette.second, "other"));
                for (curves, color, name) in
                    std::iter::once((own, palette.accent, "heatmap")).chain(beside)
                {
                    let line = |label: &str, scores: &[f64]| {
                        let points = curves.fractions.iter().zip(scores);
                        let points: PlotPoints<'_> = points.map(|(x, y)| [*x, *y]).collect();
                        Line::new(format!("{name}, {label}"), points)
                            .color(color)
                            .width(1.8)
                    };
                    plot.line(line("put in", &curves.insertion));
                    let taken = line("taken away", &curves.deletion);
                    plot.line(taken.style(LineStyle::dashed_loose()));
                }
            });
        let beside = other.map_or_else(String::new, |figure| {
            format!("; beside it {}", value_text(figure))
        });
        caption(
            ui,
            format!(
                "Mean over {} test images, most important pixels first{beside}",
                thousands(recommended.n)
            ),
        );
        self.other = other.map(|figure| figure.name.clone());
    }
}
