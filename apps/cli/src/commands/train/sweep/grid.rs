//! `--grid`: an option, and the values that a sweep gives it.

use std::str::FromStr;

use anyhow::{bail, ensure};
use clap::CommandFactory as _;
use runs::Network;

use crate::{command_line, commands::Cli};

/// Options that say where and how the whole sweep is done, and not what a run is.
const OF_THE_SWEEP: [&str; 6] = ["out", "grid", "force", "resume", "json", "help"];

/// An option of a training, and its values in a sweep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// Its name, without `--`.
    pub option: String,
    /// One at least, and each once.
    pub values: Vec<String>,
}

impl FromStr for Grid {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (option, values) = text
            .split_once('=')
            .ok_or("name an option and its values, as in latent-dim=8,16")?;
        let option = option.trim().trim_start_matches("--").to_owned();
        let values: Vec<String> = values
            .split(',')
            .map(|value| value.trim().to_owned())
            .collect();
        if option.is_empty() || values.iter().any(String::is_empty) {
            return Err(
                "name an option and its values, with one between any two commas".to_owned(),
            );
        }
        let twin = values.iter().enumerate();
        let mut twin = twin.filter(|(at, value)| values[..*at].contains(value));
        match twin.next() {
            Some((_, value)) => Err(format!("the value {value} is there twice: leave one out")),
            None => Ok(Self { option, values }),
        }
    }
}

/// Refuses grids of options that a training of this network does not have, or not once for each run.
///
/// # Errors
///
/// The first of them, with what can be done.
pub fn check(grids: &[Grid], network: Network) -> anyhow::Result<()> {
    let program = Cli::command();
    let command = program.find_subcommand("train");
    let command = command.and_then(|train| train.find_subcommand(network.command_name()));
    let Some(command) = command else {
        bail!("there is no command that trains a {}", network.name());
    };
    for (at, Grid { option, .. }) in grids.iter().enumerate() {
        let found = command
            .get_opts()
            .find(|known| known.get_long() == Some(option));
        let usable = |known: &&clap::Arg| {
            let name = known.get_long().unwrap_or_default();
            known.get_action().takes_values() && !OF_THE_SWEEP.contains(&name)
        };
        if !found.as_ref().is_some_and(usable) {
            let names = command
                .get_opts()
                .filter(usable)
                .filter_map(clap::Arg::get_long);
            let names = names.collect::<Vec<_>>().join(", ");
            bail!("--grid {option}: a sweep cannot vary that; it can vary {names}");
        }
        ensure!(
            grids[..at].iter().all(|other| other.option != *option),
            "there are two --grid {option}: give all its values in one, as in --grid {option}=A,B"
        );
        ensure!(
            !command_line::has_option(&format!("--{option}")),
            "--{option} is given besides --grid {option}: leave one of them out"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Grid;

    #[test]
    fn a_grid_is_an_option_with_values_each_of_which_is_there_once() {
        let grid: Grid = "latent-dim=8, 16".parse().expect("a grid");
        assert_eq!(grid.option, "latent-dim");
        assert_eq!(grid.values, ["8", "16"]);
        let same: Grid = "--latent-dim=8,16".parse().expect("a grid");
        assert_eq!(same, grid);
        for wrong in ["", "latent-dim", "latent-dim=", "=8", "a=1,,2", "a=1,2,1"] {
            wrong.parse::<Grid>().expect_err(wrong);
        }
    }
}
