//! What a package brings besides the program: manual pages, and completions for shells.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Command, CommandFactory as _};
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use super::Cli;

/// Where each shell looks for completions, below the folder of what is shared.
const SHELLS: [(Shell, &str, &str); 3] = [
    (Shell::Bash, "bash-completion/completions", ""),
    (Shell::Zsh, "zsh/site-functions", "_"),
    (Shell::Fish, "fish/vendor_completions.d", ""),
];

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder of what is shared, such as `/usr/share`
    #[arg(value_name = "DIR")]
    share: PathBuf,
}

/// Writes them.
///
/// # Errors
///
/// If a file cannot be written.
pub fn run(args: &Args) -> anyhow::Result<()> {
    for program in programs() {
        for (shell, folder, before) in SHELLS {
            let name = program.get_name().to_owned();
            let after = if shell == Shell::Fish { ".fish" } else { "" };
            let path = args.share.join(folder);
            let mut text = Vec::new();
            generate(shell, &mut program.clone(), &name, &mut text);
            write(&path.join(format!("{before}{name}{after}")), &text)?;
        }
        let mut program = program.disable_help_subcommand(true);
        program.build();
        write_pages(program, &args.share.join("man/man1"))?;
    }
    Ok(())
}

/// The programs that a package has, without what is hidden from people.
fn programs() -> Vec<Command> {
    Vec::from([
        Cli::command(),
        #[cfg(feature = "dashboard")]
        dashboard::program::Arguments::command(),
    ])
}

/// The page of a command and those of the commands below it.
fn write_pages(command: Command, folder: &Path) -> anyhow::Result<()> {
    for below in command.get_subcommands() {
        if !below.is_hide_set() {
            write_pages(below.clone(), folder)?;
        }
    }
    let page = Man::new(command);
    let mut text = Vec::new();
    page.render(&mut text)?;
    write(&folder.join(page.get_filename()), &text)
}

fn write(path: &Path, text: &[u8]) -> anyhow::Result<()> {
    let folder = path.parent().unwrap_or(path);
    let written = files::create_folder(folder).and_then(|()| files::write(path, text));
    written.with_context(|| format!("{} cannot be written", path.display()))
}
