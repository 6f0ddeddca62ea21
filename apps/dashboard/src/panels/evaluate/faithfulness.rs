//! How the probability rises and falls with the pixels that a heatmap names, beside another order.

use eframe::egui::{ComboBox, Ui};
use egui_plot::{Line, LineStyle};
use evaluation::{Measure, measures};
use studio::{Detail, FaithfulnessCurves, Figure, Report};

use super::words;
use crate::{
    panels::common::{
        figure_text::{protocol, value_text},
        plot::plot,
    },
    theme,
    widgets::{self, KeyLine, caption, line_key, thousands},
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

/// Both curves of the heatmap, and those of what is beside it.
fn lines(
    ui: &Ui,
    own: &FaithfulnessCurves,
    other: Option<&FaithfulnessCurves>,
) -> Vec<(KeyLine, Vec<[f64; 2]>)> {
    let palette = theme::palette(ui);
    let beside = other.map(|curves| (curves, palette.second, "other"));
    let both = std::iter::once((own, palette.accent, "heatmap")).chain(beside);
    let lines = both.flat_map(|(curves, color, name)| {
        let line = |label: &str, scores: &[f64], style| {
            let points = curves.fractions.iter().zip(scores);
            let points = points.map(|(x, y)| [*x, *y]).collect();
            (
                KeyLine::new(format!("{name}, {label}"), color, style),
                points,
            )
        };
        [
            line("put in", &curves.insertion, LineStyle::Solid),
            line("taken away", &curves.deletion, LineStyle::dashed_loose()),
        ]
    });
    lines.collect()
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
        let lines = lines(ui, own, other.and_then(curves));
        let key: Vec<KeyLine> = lines.iter().map(|(line, _)| line.clone()).collect();
        line_key(ui, &key);
        plot(ui, "faithfulness", "share of the pixels", "probability")
            .include_y(0.0)
            .include_y(1.0)
            .show(ui, |plot| {
                for (line, points) in lines {
                    let shown = Line::new(line.name, points).color(line.color);
                    plot.line(shown.style(line.style).width(1.8));
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
