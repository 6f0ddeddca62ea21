//! The runs of a sweep: one for each combination of values, all of them known and checked before the first step.

use std::{ffi::OsString, path::PathBuf};

use anyhow::{Context as _, ensure};
use runs::{ImageSource, Loaded, Network, RunSettings, rehearse};

use super::grid::{self, Grid};
use crate::{
    command_line,
    commands::{
        Cli,
        train::{
            arguments::Common,
            run::{self, advised, computing},
        },
    },
    data,
};

/// The most runs of a sweep.
const MOST_RUNS: usize = 1_000;

/// The longest name of a run's folder, in bytes: systems take 255.
const LONGEST_NAME: usize = 200;

/// A run of a sweep.
pub struct Planned {
    /// Its values, in the order of the grids.
    pub values: Vec<String>,
    /// What it is called, as its folder.
    pub name: String,
    /// What it is.
    pub settings: RunSettings,
}

/// The runs, those of the last grid's values one after the other.
///
/// # Errors
///
/// If an option cannot be varied, there are too many runs, or two of them are the same. A value that its option does not take ends the program
/// as any wrong command line does.
pub fn plan(common: &Common, network: Network) -> anyhow::Result<Vec<Planned>> {
    let grids = &common.grid;
    grid::check(grids, network)?;
    let counts = grids.iter().map(|grid| grid.values.len());
    let count = counts.fold(1_usize, usize::saturating_mul);
    ensure!(
        count <= MOST_RUNS,
        "these grids make {count} runs, and {MOST_RUNS} is the most: leave values out"
    );
    let mut combinations: Vec<Vec<String>> = vec![Vec::new()];
    for grid in grids {
        let with_each = |row: &Vec<String>| {
            let rows = grid.values.iter();
            let rows = rows.map(|value| [row.as_slice(), std::slice::from_ref(value)].concat());
            rows.collect::<Vec<_>>()
        };
        combinations = combinations.iter().flat_map(with_each).collect();
    }
    let base =
        command_line::given_without(&["--force", "--resume", "--json"], &["--grid", "--out"]);
    let planned = combinations
        .into_iter()
        .map(|values| planned(common, &base, values));
    let planned: Vec<Planned> = planned.collect::<anyhow::Result<_>>()?;
    refuse_twins(&planned)?;
    Ok(planned)
}

fn planned(common: &Common, base: &[OsString], values: Vec<String>) -> anyhow::Result<Planned> {
    let pairs = common.grid.iter().zip(&values);
    let name = pairs.clone().map(|(grid, value)| name_of(grid, value));
    let name = name.collect::<Vec<_>>().join(",");
    ensure!(
        name.len() <= LONGEST_NAME,
        "the folder of a run would be called {name}, which is too long: use fewer grids, or shorter values"
    );
    let mut arguments = base.to_vec();
    arguments.extend(pairs.map(|(grid, value)| format!("--{}={value}", grid.option).into()));
    let out: PathBuf = common.out.join(&name);
    arguments.extend(["--out".into(), out.into_os_string()]);
    let parsed = Cli::training(&arguments).unwrap_or_else(|error| error.exit());
    let network = parsed.context("a sweep is of trainings")?;
    let command = command_line::text(arguments);
    let settings = run::settings(network.common(), network.settings()?, command)?;
    Ok(Planned {
        values,
        name,
        settings,
    })
}

/// A part of a folder's name. What file systems do not take in a name, or take for folders, becomes a dash.
fn name_of(grid: &Grid, value: &str) -> String {
    let plain = |c: char| {
        if c.is_control() || r#"/\<>:"|?*,"#.contains(c) {
            '-'
        } else {
            c
        }
    };
    let value: String = value.chars().map(plain).collect();
    format!("{}={value}", grid.option)
}

/// Two runs that are the same would say that they are two, such as those of 1 and 1.0.
fn refuse_twins(planned: &[Planned]) -> anyhow::Result<()> {
    for (at, run) in planned.iter().enumerate() {
        for before in &planned[..at] {
            let (a, b) = (&before.settings, &run.settings);
            let same = a.network == b.network && a.images == b.images;
            ensure!(
                !same && before.name != run.name,
                "{} and {} are the same run: leave one of the values out",
                before.values.join(", "),
                run.values.join(", ")
            );
        }
    }
    Ok(())
}

/// The images of the run before: most sweeps have the same for all runs.
#[derive(Default)]
pub struct Images(Option<(ImageSource, Loaded)>);

impl Images {
    /// The images of a run.
    ///
    /// # Errors
    ///
    /// If they cannot be read.
    pub fn of(&mut self, common: &Common, settings: &RunSettings) -> anyhow::Result<&Loaded> {
        let source = &settings.images;
        let kept = self.0.take().filter(|(kept, _)| kept == source);
        let images = if let Some(kept) = kept {
            kept
        } else {
            let loaded = source.load(common.own.cache());
            let loaded = loaded.map_err(|error| data::advised(error, source))?;
            (source.clone(), loaded)
        };
        let (_, loaded) = self.0.insert(images);
        Ok(loaded)
    }
}

/// Finds out before the first step what a run would be refused for.
///
/// # Errors
///
/// What it would be refused for, with its values.
pub fn check(common: &Common, run: &Planned, images: &mut Images) -> anyhow::Result<()> {
    let settings = &run.settings;
    let loaded = images.of(common, settings)?;
    let computing = computing(common).map_err(|error| anyhow::anyhow!(error))?;
    rehearse(settings, loaded, &computing)
        .map_err(|error| advised(error, settings))
        .with_context(|| format!("the run {} cannot be trained, so none was begun", run.name))
}
