//! The command line itself: its help, and what it does not take.

use crate::{latent_lens, stderr, stdout, succeed};

#[test]
fn help_names_every_command() {
    let help = stdout(&succeed(&["--help"]));
    for name in [
        "fetch", "train", "evaluate", "render", "generate", "doctor", "bench",
    ] {
        assert!(help.contains(name), "{help}");
    }
    let version = stdout(&succeed(&["--version"]));
    assert!(version.contains(env!("CARGO_PKG_VERSION")), "{version}");
}

#[test]
fn a_wrong_command_line_is_told_apart_from_a_failure() {
    for args in [
        &["paint"][..],
        &["fetch"],
        &["render", "latent", "--model", "mnist"],
    ] {
        let output = latent_lens(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).contains("Usage"), "{args:?}");
    }
}
