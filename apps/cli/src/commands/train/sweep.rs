//! `latent-lens train ... --grid`: a run for each combination of values, each in a folder of its own, and a table of what they reached.
//!
//! A run of a sweep is an ordinary run, with a command that does it alone. The sweep keeps no state but the runs: what is finished or begun is seen
//! from their folders, so it goes on where it was, however it ended.

mod grid;
mod plan;
mod reached;
mod table;

use std::time::{Duration, Instant};

use anyhow::{anyhow, ensure};
use runs::{Network, RunControl, RunError, Start};
use training::{Outcome, TrainingError};

use self::{
    plan::{Images, Planned},
    reached::{Found, Reached},
    table::Row,
};
use super::{
    arguments::Common,
    run::{self},
    watch::{Place, Watch},
};
use crate::{
    command_line,
    failure::{Cancelled, in_one_line},
    output::{print, print_json},
};

pub use grid::Grid;

/// The table in the folder of a sweep.
const TABLE: &str = "sweep.csv";

/// Trains every run that is not finished, measures it, and prints the table.
///
/// # Errors
///
/// If a run cannot be trained, which is found out before the first step; if the folder holds runs already and neither `--resume` nor `--force`
/// is given; after the table, if numbers ran away in a run; and [`Cancelled`] after Ctrl-C.
pub fn run(common: &Common, network: Network) -> anyhow::Result<()> {
    let planned = plan::plan(common, network)?;
    let starts = starts(common, &planned)?;
    let mut images = Images::default();
    for (run, _) in planned
        .iter()
        .zip(&starts)
        .filter(|(_, start)| start.is_some())
    {
        plan::check(common, run, &mut images)?;
    }
    let control = run::control()?;
    let mut sweep = Sweep {
        common,
        control: &control,
        images,
        took: Vec::new(),
    };
    let (mut rows, waiting) = (Vec::new(), starts.iter().flatten().count());
    let mut done = 0;
    for (run, start) in planned.iter().zip(&starts) {
        let began = Instant::now();
        let mut result = Ok(());
        if let Some(start) = start {
            done += 1;
            let place = Place {
                text: format!("run {done} of {waiting}"),
                later: waiting - done,
                each: sweep.mean(),
                began,
            };
            tell!("run {done} of {waiting}: {}", run.name);
            result = sweep.train(run, *start, place)?;
        }
        let reached = match result {
            Ok(()) => sweep.measure(run).map(Ok),
            Err(reason) => Ok(Err(reason)),
        };
        let reached = reached.map_err(|error| {
            if reached::is_cancelled(&error) {
                sweep.stopped(&planned)
            } else {
                error
            }
        })?;
        if start.is_some() {
            sweep.took.push(began.elapsed());
        }
        rows.push(Row { run, reached });
        let path = common.out.join(TABLE);
        files::write(&path, table::csv(&common.grid, &rows).as_bytes())?;
    }
    finished(common, &rows)
}

/// How each run is to begin; `None` if it is finished.
fn starts(common: &Common, planned: &[Planned]) -> anyhow::Result<Vec<Option<Start>>> {
    if common.force {
        return Ok(vec![Some(Start::Replace); planned.len()]);
    }
    let found: Vec<Found> = planned
        .iter()
        .map(reached::find)
        .collect::<anyhow::Result<_>>()?;
    let count = |wanted| found.iter().filter(|found| **found == wanted).count();
    let (finished, unfinished) = (count(Found::Finished), count(Found::Unfinished));
    ensure!(
        common.resume || finished + unfinished == 0,
        "{} holds runs of this sweep: {finished} finished and {unfinished} unfinished: go on with --resume, or start anew with --force",
        common.out.display()
    );
    let start = |found: &Found| match found {
        Found::Finished => None,
        Found::Unfinished => Some(Start::GoOn),
        Found::Absent => Some(Start::New),
    };
    Ok(found.iter().map(start).collect())
}

/// What all runs share.
struct Sweep<'a> {
    common: &'a Common,
    control: &'a RunControl,
    images: Images,
    /// How long each run of this process took.
    took: Vec<Duration>,
}

impl Sweep<'_> {
    /// How long a run takes, if one has ended.
    fn mean(&self) -> Option<Duration> {
        let count = u32::try_from(self.took.len())
            .ok()
            .filter(|count| *count > 0)?;
        Some(self.took.iter().sum::<Duration>() / count)
    }

    /// Trains a run. Numbers that ran away are a result, too: the others go on, and the reason is given back.
    fn train(
        &self,
        run: &Planned,
        start: Start,
        place: Place,
    ) -> anyhow::Result<Result<(), String>> {
        let settings = &run.settings;
        let mut watch = Watch::of_sweep(settings.network.network(), place);
        let outcome = run::train(self.common, settings, start, self.control, &mut watch);
        drop(watch);
        match outcome {
            Ok(Outcome::Finished) => Ok(Ok(())),
            Ok(Outcome::Cancelled) => Err(stopped_in(run)),
            Err(error) if is_of_settings(&error) => {
                let reason = in_one_line(&anyhow!(error));
                tell!("{} failed: {reason}", run.name);
                Ok(Err(reason))
            }
            Err(error) => Err(run::advised(error, settings)),
        }
    }

    fn measure(&mut self, run: &Planned) -> anyhow::Result<Reached> {
        reached::reached(self.common, run, &mut self.images, &self.control.cancel)
    }

    /// The end of a sweep that was stopped while a run was measured.
    fn stopped(&self, planned: &[Planned]) -> anyhow::Error {
        let advice = format!(
            "{} of {} runs were trained; go on with:\n  {}",
            self.took.len() + 1,
            planned.len(),
            command_line::to_go_on()
        );
        Cancelled { advice }.into()
    }
}

/// The end of a sweep that was stopped while a run was trained.
fn stopped_in(run: &Planned) -> anyhow::Error {
    let advice = format!(
        "a checkpoint is in {}; go on with the sweep with:\n  {}",
        run.settings.checkpoint().display(),
        command_line::to_go_on()
    );
    Cancelled { advice }.into()
}

/// Whether a run failed for what it is, so that another run of the sweep may do better.
fn is_of_settings(error: &RunError) -> bool {
    let is_of_weights = matches!(error, RunError::Studio(error) if error.is_of_weights());
    is_of_weights || matches!(error.of_training(), Some(TrainingError::NotFinite { .. }))
}

fn finished(common: &Common, rows: &[Row<'_>]) -> anyhow::Result<()> {
    if common.json {
        print_json(&table::to_json(&common.grid, rows))?;
    } else {
        print(&table::text(&common.grid, rows))?;
        tell!("the runs and {TABLE} are in {}", common.out.display());
    }
    let failed: Vec<&str> = rows
        .iter()
        .filter(|row| row.reached.is_err())
        .map(|row| &*row.run.name)
        .collect();
    ensure!(
        failed.is_empty(),
        "{} of {} runs failed ({}): their numbers ran away, so leave these values out, or give a lower --learning-rate and --force",
        failed.len(),
        rows.len(),
        failed.join("; ")
    );
    Ok(())
}
