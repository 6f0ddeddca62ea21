//! The command line: one file a command.

mod bench;
mod compare;
mod data;
mod desktop_files;
mod doctor;
mod evaluate;
mod fetch;
mod generate;
mod judges;
mod models;
mod predict;
mod render;
mod runs;
mod train;

use std::ffi::OsString;

use clap::{Parser, Subcommand};

/// Explore what a variational autoencoder has learned, without a window.
#[derive(Debug, Parser)]
#[command(name = "latent-lens", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Download a data set, or take its files from a folder, and verify them
    Fetch(fetch::Args),
    /// Look at data before anything is trained on it
    #[command(subcommand)]
    Data(data::Kind),
    /// List the models that can be opened
    Models(models::Args),
    /// Train the networks of a model: what makes its images, and who judges them
    #[command(subcommand)]
    Train(Box<train::Part>),
    /// List the training runs that there are, and how far they have come
    Runs(runs::Args),
    /// Give a model the judges of another one
    Judges(judges::Args),
    /// Measure a model on its test data
    Evaluate(evaluate::Args),
    /// Compare models of one data set by the same figures
    Compare(compare::Args),
    /// Say what a model makes of pictures of your own
    ///
    /// Each picture is prepared as the images of the model's data set were, encoded, decoded and judged. A picture that cannot be
    /// read is refused with the reason; the others go on, and the exit code is 1.
    Predict(predict::Args),
    /// Write what a model draws as a PNG file
    #[command(subcommand)]
    Render(render::Kind),
    /// Write any number of images that a model draws, as PNG or IDX files
    ///
    /// The images are samples around the anchors of the classes, the same number of each class. No classifier looks at them,
    /// and none is left out. Image number N of a class follows from the model, the seed and the noise alone, whatever the
    /// count. A run that was stopped goes on when the same command is given again, and ends with the same files.
    Generate(generate::Args),
    /// Check this machine, its devices and the shipped models
    Doctor(doctor::Args),
    /// Open the window
    ///
    /// The same as the program `latent-lens-dashboard`.
    #[cfg(feature = "dashboard")]
    Dashboard(dashboard::program::Arguments),
    /// Write manual pages and completions for shells, for a package
    #[command(hide = true)]
    DesktopFiles(desktop_files::Args),
    /// Measure how fast this program is on this machine
    ///
    /// The value of times is their median, that of a rate its throughput. Of 100 measurements, 95 are at least as good as
    /// p95, and 99 as p99.
    Bench(bench::Args),
}

impl Cli {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// Whatever went wrong, with the remedy; [`crate::failure::Cancelled`] if the user stopped it.
    pub fn run(&self) -> anyhow::Result<()> {
        match &self.command {
            Command::Fetch(args) => fetch::run(args),
            Command::Data(kind) => data::run(kind),
            Command::Models(args) => models::run(args),
            Command::Train(part) => train::run(part),
            Command::Runs(args) => runs::run(args),
            Command::Judges(args) => judges::run(args),
            Command::Evaluate(args) => evaluate::run(args),
            Command::Compare(args) => compare::run(args),
            Command::Predict(args) => predict::run(args),
            Command::Render(kind) => render::run(kind),
            Command::Generate(args) => generate::run(args),
            Command::Doctor(args) => doctor::run(args),
            #[cfg(feature = "dashboard")]
            Command::Dashboard(args) => args.run(),
            Command::DesktopFiles(args) => desktop_files::run(args),
            Command::Bench(args) => bench::run(args),
        }
    }

    /// The network that a command line trains; `None` if it does something else.
    ///
    /// # Errors
    ///
    /// If it is no command line of this program.
    fn training(arguments: &[OsString]) -> Result<Option<train::NetworkArgs>, clap::Error> {
        let program = std::iter::once(OsString::from("latent-lens"));
        let parsed = Self::try_parse_from(program.chain(arguments.iter().cloned()))?;
        let Command::Train(part) = parsed.command else {
            return Ok(None);
        };
        Ok(match *part {
            train::Part::Network(network) => Some(network),
            train::Part::Regions(_) => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use clap::{Command, CommandFactory as _};

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }

    /// Every command and every command of it.
    fn all(command: &Command) -> Vec<&Command> {
        let below = command.get_subcommands().flat_map(all);
        std::iter::once(command).chain(below).collect()
    }

    #[test]
    fn every_option_says_its_default() {
        let program = super::Cli::command();
        let mut silent = Vec::new();
        for command in all(&program) {
            for option in command.get_opts() {
                let help = option.get_help().map(ToString::to_string);
                let help = help.unwrap_or_default();
                let name = format!("{} --{}", command.get_name(), option.get_id());
                assert!(!help.contains("28x28"), "{name}: {help}");
                let said = !option.get_default_values().is_empty() || help.contains("[default: ");
                let asks = option.get_action().takes_values() && !option.is_required_set();
                if asks && !said && !option.is_hide_set() {
                    silent.push(name);
                }
            }
        }
        assert!(silent.is_empty(), "{silent:?}");
    }
}
