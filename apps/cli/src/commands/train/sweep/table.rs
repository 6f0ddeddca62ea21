//! What the runs of a sweep have reached, as a table for people, as JSON for scripts, and as CSV in the sweep's folder.

use serde_json::{Value as Json, json};

use super::{grid::Grid, plan::Planned, reached::Reached};
use crate::table::{Align, Table, number};

/// A run and what it has reached, or why it failed.
pub struct Row<'a> {
    pub run: &'a Planned,
    pub reached: Result<Reached, String>,
}

/// The names of all figures, in the order in which runs have them.
fn figures(rows: &[Row<'_>]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let reached = rows.iter().filter_map(|row| row.reached.as_ref().ok());
    for value in reached.flat_map(|reached| &reached.values) {
        if !names.contains(&value.name) {
            names.push(value.name.clone());
        }
    }
    names
}

/// For people: a row a run, each figure with its interval.
pub fn text(grids: &[Grid], rows: &[Row<'_>]) -> String {
    let names = figures(rows);
    let options = grids.iter().map(|grid| (&*grid.option, Align::Right));
    let fixed = [("parameters", Align::Right), ("seconds", Align::Right)];
    let measured = names.iter().map(|name| (&**name, Align::Right));
    let mut table = Table::new(options.chain(fixed).chain(measured));
    for Row { run, reached } in rows {
        let (parameters, seconds) = match reached {
            Ok(reached) => (reached.parameters.to_string(), number(reached.seconds)),
            Err(_) => ("failed".to_owned(), String::new()),
        };
        let cell = |name: &String| {
            let values = &reached.as_ref().ok()?.values;
            let value = values.iter().find(|value| value.name == *name)?;
            let text = number(value.number);
            Some(match value.interval {
                Some([low, high]) => format!("{text} ({} .. {})", number(low), number(high)),
                None => text,
            })
        };
        let cells = names.iter().map(|name| cell(name).unwrap_or_default());
        let first = run.values.iter().cloned().chain([parameters, seconds]);
        table.row(first.chain(cells));
    }
    table.render()
}

/// For scripts.
pub fn to_json(grids: &[Grid], rows: &[Row<'_>]) -> Json {
    let run = |Row { run, reached }: &Row<'_>| {
        let values = grids.iter().zip(&run.values);
        let values: serde_json::Map<String, Json> = values
            .map(|(grid, value)| (grid.option.clone(), json!(value)))
            .collect();
        let model = run.settings.out.to_string_lossy();
        match reached {
            Ok(reached) => {
                let figures = reached.values.iter().map(|value| {
                    let [low, high] = value.interval.map_or([None; 2], |ends| ends.map(Some));
                    json!({ "name": value.name, "value": value.number, "low": low, "high": high })
                });
                json!({
                    "values": values, "model": model, "failure": null,
                    "parameters": reached.parameters, "seconds": reached.seconds,
                    "figures": figures.collect::<Vec<_>>(),
                })
            }
            Err(reason) => json!({ "values": values, "model": model, "failure": reason }),
        }
    };
    json!({ "runs": rows.iter().map(run).collect::<Vec<_>>() })
}

/// For spreadsheets: three columns a figure, the last two its interval.
pub fn csv(grids: &[Grid], rows: &[Row<'_>]) -> String {
    let names = figures(rows);
    let mut headings = vec!["run".to_owned()];
    headings.extend(grids.iter().map(|grid| grid.option.clone()));
    headings.extend(["parameters", "seconds", "failure"].map(str::to_owned));
    for name in &names {
        headings.extend(["", "_low", "_high"].map(|end| format!("{name}{end}")));
    }
    let mut lines = vec![line(&headings)];
    for Row { run, reached } in rows {
        let mut cells = vec![run.name.clone()];
        cells.extend(run.values.iter().cloned());
        match reached {
            Ok(reached) => {
                cells.extend([reached.parameters.to_string(), reached.seconds.to_string()]);
                cells.push(String::new());
            }
            Err(reason) => cells.extend([String::new(), String::new(), reason.clone()]),
        }
        for name in &names {
            let values = reached.as_ref().map_or(&[][..], |reached| &reached.values);
            let value = values.iter().find(|value| value.name == *name);
            let interval = value.and_then(|value| value.interval);
            let [low, high] = interval.map_or([None; 2], |ends| ends.map(Some));
            let numbers = [value.map(|value| value.number), low, high];
            let cell = |number: Option<f64>| number.map_or_else(String::new, |n| n.to_string());
            cells.extend(numbers.map(cell));
        }
        lines.push(line(&cells));
    }
    lines.join("\n") + "\n"
}

fn line(cells: &[String]) -> String {
    let quoted = |cell: &String| {
        if cell.contains([',', '"', '\n']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.clone()
        }
    };
    cells.iter().map(quoted).collect::<Vec<_>>().join(",")
}
