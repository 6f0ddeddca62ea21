//! What packages rely on: the program's other name, and the files that it writes about itself.

use std::fs;
use std::process::Command;

use crate::support::{latent_lens, stderr, stdout};

#[test]
#[cfg(unix)]
fn by_its_other_name_it_is_the_window() {
    let folder = tempfile::tempdir().expect("a folder");
    let link = folder.path().join("latent-lens-dashboard");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_latent-lens"), &link).expect("a link");
    let output = Command::new(link).arg("--version").output();
    let told = stdout(&output.expect("it runs"));
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(told, format!("latent-lens-dashboard {version}\n"));
}

#[test]
fn the_window_is_a_command_that_takes_what_its_program_takes() {
    let help = stdout(&latent_lens(&["dashboard", "--help"]));
    for option in [
        "--model", "--device", "--seed", "--space", "--theme", "--fresh",
    ] {
        assert!(help.contains(option), "{option}: {help}");
    }
    let output = latent_lens(&["dashboard", "no-such-model"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("there is no model 'no-such-model'"));
}

#[test]
fn a_package_gets_manual_pages_and_completions() {
    let folder = tempfile::tempdir().expect("a folder");
    let share = folder.path().to_str().expect("Unicode");
    let output = latent_lens(&["desktop-files", share]);
    assert!(output.status.success(), "{}", stderr(&output));
    let read = |name: &str| {
        let text = fs::read_to_string(folder.path().join(name));
        text.unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let page = read("man/man1/latent-lens-train-vae.1");
    assert!(page.contains("\\-\\-latent\\-dim"), "{page}");
    assert!(read("man/man1/latent-lens-dashboard.1").contains("latent\\-lens\\-dashboard"));
    for program in ["latent-lens", "latent-lens-dashboard"] {
        let bash = read(&format!("bash-completion/completions/{program}"));
        assert!(bash.contains("--device"), "{bash}");
        let zsh = read(&format!("zsh/site-functions/_{program}"));
        assert!(zsh.starts_with("#compdef"), "{zsh}");
        read(&format!("fish/vendor_completions.d/{program}.fish"));
    }
    // What only packages use is for nobody to see.
    let help = stdout(&latent_lens(&["--help"]));
    assert!(!help.contains("desktop-files"), "{help}");
}
