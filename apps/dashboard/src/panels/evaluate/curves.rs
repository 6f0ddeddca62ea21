//! What training recorded after each epoch.

use eframe::egui::{ComboBox, Ui};
use egui_plot::{Line, LineStyle, PlotPoints};
use studio::TrainingRecord;

use crate::{
    panels::common::plot::plot,
    theme,
    widgets::{self, KeyLine, caption, line_key, thousands},
};

/// Which metric a training plot shows.
#[derive(Default)]
pub(super) struct Curves {
    family: Option<String>,
}

/// On which images a metric was taken: the start of its name.
const PARTS: [&str; 5] = ["train", "held_out", "validation", "test", "averaged"];

impl Curves {
    pub(super) fn ui(&mut self, ui: &mut Ui, title: &str, record: &TrainingRecord) {
        let families = families(record);
        let chosen = self
            .family
            .clone()
            .filter(|family| families.contains(family));
        let Some(mut family) = chosen.or_else(|| families.first().cloned()) else {
            return;
        };
        ui.horizontal(|ui| {
            widgets::title(ui, title);
            let combo = ComboBox::from_id_salt(title)
                .selected_text(spaced(&family))
                .width(120.0);
            let response = combo.show_ui(ui, |ui| {
                for other in &families {
                    ui.selectable_value(&mut family, other.clone(), spaced(other));
                }
            });
            response.response.accessible_name(format!("{title} metric"));
        });
        let metrics = metric_names(record).into_iter();
        let metrics: Vec<String> = metrics.filter(|name| split(name).1 == family).collect();
        let lines = lines(ui, &metrics, &family);
        line_key(ui, &lines);
        plot(ui, title, "epoch", &spaced(&family)).show(ui, |plot| {
            for (name, line) in metrics.iter().zip(lines) {
                let points: PlotPoints<'_> = record
                    .history
                    .iter()
                    .filter_map(|epoch| Some([epoch.epoch as f64, *epoch.metrics.get(name)?]))
                    .collect();
                let shown = Line::new(line.name, points).color(line.color);
                plot.line(shown.style(line.style).width(1.8));
            }
        });
        let (images, parameters) = (thousands(record.images), thousands(record.parameters));
        let text = format!(
            "{} epochs over {images} images, seed {}, {parameters} parameters, on {}",
            record.epochs, record.seed, record.device
        );
        caption(ui, text).on_hover_text(format!("{}\n{}", record.command, record.settings));
        self.family = Some(family);
    }
}

/// How each metric is drawn: told apart by colour and by dashes.
fn lines(ui: &Ui, metrics: &[String], family: &str) -> Vec<KeyLine> {
    let palette = theme::palette(ui);
    let looks = [
        (palette.accent, LineStyle::Solid),
        (palette.second, LineStyle::dashed_dense()),
        (palette.good, LineStyle::dotted_dense()),
        (palette.text_weak, LineStyle::dashed_loose()),
    ];
    let looks = looks.into_iter().cycle();
    let lines = metrics.iter().zip(looks).map(|(name, (color, style))| {
        let part = split(name).0.map_or_else(|| spaced(family), spaced);
        KeyLine::new(part, color, style)
    });
    lines.collect()
}

fn metric_names(record: &TrainingRecord) -> Vec<String> {
    let mut names: Vec<String> = record
        .history
        .iter()
        .flat_map(|epoch| epoch.metrics.keys().cloned())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// What is measured, whichever images it was taken on; losses first.
fn families(record: &TrainingRecord) -> Vec<String> {
    let mut families: Vec<String> = metric_names(record)
        .iter()
        .map(|name| split(name).1.to_owned())
        .collect();
    families.sort_unstable_by_key(|family| (!family.contains("loss"), family.clone()));
    families.dedup();
    families
}

/// The part that a metric was taken on, if its name says so, and what it measures.
fn split(name: &str) -> (Option<&str>, &str) {
    PARTS
        .iter()
        .find_map(|part| {
            let rest = name.strip_prefix(part)?.strip_prefix('_')?;
            Some((Some(&name[..part.len()]), rest))
        })
        .unwrap_or((None, name))
}

fn spaced(name: &str) -> String {
    name.replace('_', " ")
}
