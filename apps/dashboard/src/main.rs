//! Opens the Latent Lens window.

use std::process::ExitCode;

fn main() -> ExitCode {
    dashboard::program::main()
}
