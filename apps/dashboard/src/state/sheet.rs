//! What a plot or a map is saved as: its numbers as CSV, or its picture as PNG or SVG.

use std::{fmt::Write as _, sync::Arc};

use eframe::egui::ColorImage;
use studio::{Detail, Figure, TrainingRecord};

/// A plot on its way to a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// What it shows, as the start of a file name.
    pub name: String,
    /// What will be in the file.
    pub contents: Contents,
}

/// What a file will hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Contents {
    /// Comma-separated values.
    Table(String),
    /// A picture, saved as PNG.
    Picture(Arc<ColorImage>),
    /// A drawing, saved as SVG.
    Drawing(String),
}

impl Sheet {
    /// The usual end of the file's name.
    #[must_use]
    pub fn extension(&self) -> &'static str {
        match self.contents {
            Contents::Table(_) => "csv",
            Contents::Picture(_) => "png",
            Contents::Drawing(_) => "svg",
        }
    }
}

/// The numbers behind a figure, after comment lines that say how they were measured.
#[must_use]
pub fn figure_sheet(figure: &Figure, class_names: &[String]) -> Sheet {
    let seed = figure
        .seed
        .map_or_else(|| "none".to_owned(), |seed| seed.to_string());
    let mut text = format!(
        "# {}: {}\n# n = {}, seed {seed}, split {}\n",
        figure.name,
        figure.protocol.replace('\n', " "),
        figure.n,
        figure.split
    );
    let rows: Vec<Vec<String>> = match &figure.detail {
        Detail::None => vec![
            strings(["value", "low", "high"]),
            vec![
                figure.value.to_string(),
                optional(figure.low),
                optional(figure.high),
            ],
        ],
        Detail::Series(values) => numbered(["index", "value"], values),
        Detail::Confusion(counts) => confusion(counts, class_names),
        Detail::Sweep(points) => {
            let head = strings(["noise", "agreement", "low", "high", "variance_ratio", "n"]);
            let rows = points.iter().map(|p| {
                let numbers = [p.noise, p.agreement, p.low, p.high, p.variance_ratio];
                let mut row: Vec<String> = numbers.iter().map(f64::to_string).collect();
                row.push(p.n.to_string());
                row
            });
            std::iter::once(head).chain(rows).collect()
        }
        Detail::Reliability(bins) => {
            let rows = bins.iter().map(|bin| {
                vec![
                    bin.confidence.to_string(),
                    bin.accuracy.to_string(),
                    bin.count.to_string(),
                ]
            });
            std::iter::once(strings(["confidence", "accuracy", "count"]))
                .chain(rows)
                .collect()
        }
        Detail::Faithfulness(curves) => {
            let rows = (0..curves.fractions.len()).map(|step| {
                let columns = [&curves.fractions, &curves.insertion, &curves.deletion];
                columns
                    .map(|column| optional(column.get(step).copied()))
                    .to_vec()
            });
            std::iter::once(strings(["share", "insertion", "deletion"]))
                .chain(rows)
                .collect()
        }
    };
    append(&mut text, &rows);
    Sheet {
        name: figure.name.clone(),
        contents: Contents::Table(text),
    }
}

/// What training recorded after each epoch.
#[must_use]
pub fn training_sheet(name: &str, record: &TrainingRecord) -> Sheet {
    let mut metrics: Vec<&String> = record
        .history
        .iter()
        .flat_map(|epoch| epoch.metrics.keys())
        .collect();
    metrics.sort_unstable();
    metrics.dedup();
    let mut text = format!(
        "# {name}: {}\n# {} images, seed {}, on {}\n",
        record.command, record.images, record.seed, record.device
    );
    let head = ["epoch", "seconds"]
        .into_iter()
        .chain(metrics.iter().map(|name| name.as_str()));
    let mut rows = vec![head.map(str::to_owned).collect()];
    rows.extend(record.history.iter().map(|epoch| {
        let values = metrics
            .iter()
            .map(|name| optional(epoch.metrics.get(*name).copied()));
        let first = [epoch.epoch.to_string(), epoch.seconds.to_string()];
        first.into_iter().chain(values).collect()
    }));
    append(&mut text, &rows);
    Sheet {
        name: name.to_owned(),
        contents: Contents::Table(text),
    }
}

fn strings<const N: usize>(names: [&str; N]) -> Vec<String> {
    names.map(str::to_owned).to_vec()
}

fn optional(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

fn numbered(head: [&str; 2], values: &[f64]) -> Vec<Vec<String>> {
    let rows = values.iter().enumerate();
    let rows = rows.map(|(index, value)| vec![index.to_string(), value.to_string()]);
    std::iter::once(strings(head)).chain(rows).collect()
}

/// A row a true or anchor class, a column a predicted one.
fn confusion(counts: &[Vec<u32>], class_names: &[String]) -> Vec<Vec<String>> {
    let name = |class: usize| {
        class_names
            .get(class)
            .cloned()
            .unwrap_or_else(|| class.to_string())
    };
    let head = (0..counts.len()).map(name);
    let head = std::iter::once("class".to_owned()).chain(head).collect();
    let rows = counts.iter().enumerate().map(|(class, row)| {
        let counts = row.iter().map(u32::to_string);
        std::iter::once(name(class)).chain(counts).collect()
    });
    std::iter::once(head).chain(rows).collect()
}

/// Adds rows of cells to a text, as RFC 4180 has them.
pub(crate) fn append(text: &mut String, rows: &[Vec<String>]) {
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
        // Writing to a string does not fail.
        let _ = writeln!(text, "{}", cells.join(","));
    }
}

/// A cell as RFC 4180 has it: in quotes where it would fall apart without.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
