//! Rules that no compiler keeps, read from the sources: what one module does for all is done nowhere else.

use std::fs;
use std::path::{Path, PathBuf};

/// A rule: what may not stand in a line of code, where it may all the same, and why.
struct Rule {
    forbidden: &'static [&'static str],
    allowed: &'static [&'static str],
    reason: &'static str,
}

const RULES: [Rule; 5] = [
    Rule {
        forbidden: &["eprintln!(", "eprint!(", "println!(", " print!(", "dbg!("],
        allowed: &[],
        reason: "these panic when nobody listens any more: use `tell!`, `output::print` or `window::tell_line`",
    },
    Rule {
        forbidden: &["env::args()"],
        allowed: &[],
        reason: "it panics at a path that is no Unicode: use `env::args_os`",
    },
    Rule {
        forbidden: &[
            "fs::read(",
            "fs::read_to_string(",
            "File::open(",
            "ImageReader::open(",
        ],
        allowed: &[
            "crates/files/src/",
            // The kernel's own files about this machine.
            "apps/cli/src/commands/bench/machine.rs",
        ],
        reason: "a pipe never answers and a device never ends: use the readers of `files`, with a budget",
    },
    Rule {
        forbidden: &[
            "fs::write(",
            "File::create(",
            "fs::copy(",
            "fs::remove_dir_all(",
        ],
        allowed: &["crates/files/src/"],
        reason: "a process that is killed leaves half of it: use `files`",
    },
    Rule {
        forbidden: &["fs::rename("],
        allowed: &[
            "crates/files/src/",
            // Sets a file aside that cannot be read; there is nothing to bring to the disk.
            "apps/dashboard/src/files/store.rs",
        ],
        reason: "a power cut may undo it: use `files::rename`",
    },
];

/// The sources of the libraries and programs; their tests, examples and build scripts do as they like.
fn sources() -> Vec<PathBuf> {
    let root = root();
    let mut files = Vec::new();
    for group in ["crates", "apps"] {
        for entry in fs::read_dir(root.join(group)).expect("the workspace") {
            add_rust_files(&entry.expect("a crate").path().join("src"), &mut files);
        }
    }
    assert!(files.len() > 300, "{} sources were found", files.len());
    files
}

fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    root.expect("the workspace").to_owned()
}

fn add_rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            add_rust_files(&path, files);
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
}

/// The lines of code before a file's own tests, without comments.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = text.lines().enumerate();
    let before_tests = numbered.take_while(|(_, line)| line.trim() != "#[cfg(test)]");
    before_tests.filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// What breaks a rule, with its place.
fn broken(rule: &Rule, name: &str, text: &str) -> Vec<String> {
    if rule.allowed.iter().any(|allowed| name.starts_with(allowed)) {
        return Vec::new();
    }
    // As a word of its own: `files::write(` is what the rule asks for.
    let breaks = |line: &str| {
        rule.forbidden.iter().any(|forbidden| {
            line.match_indices(forbidden).any(|(at, _)| {
                let before = line[..at].chars().next_back();
                !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
            })
        })
    };
    let lines = code(text).filter(|(_, line)| breaks(line));
    lines
        .map(|(at, line)| format!("{name}:{}: {}: {}", at + 1, line.trim(), rule.reason))
        .collect()
}

#[test]
fn nothing_is_done_where_one_module_does_it_for_all() {
    let root = root();
    let mut found = Vec::new();
    for path in sources() {
        let text = fs::read_to_string(&path).expect("a source");
        let name = path.strip_prefix(&root).expect("below the root");
        let name = name.to_string_lossy().replace('\\', "/");
        for rule in &RULES {
            found.extend(broken(rule, &name, &text));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_broken_rule_is_found() {
    let found = |text: &str| -> usize {
        RULES
            .iter()
            .map(|rule| broken(rule, "apps/cli/src/a.rs", text).len())
            .sum()
    };
    assert_eq!(found("    eprintln!(\"x\");"), 1);
    assert_eq!(found("let a = std::env::args().skip(1);"), 1);
    assert_eq!(found("let b = std::fs::read(path)?;"), 1);
    assert_eq!(found("files::write(path, b)?; files::read(path, 7)?;"), 0);
    assert_eq!(
        found("//! eprintln!(\"x\");\n#[cfg(test)]\nfs::write(a, b);"),
        0
    );
}

/// What is no unsafe code stays so.
#[test]
fn unsafe_code_is_forbidden() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the workspace");
    assert!(manifest.contains("unsafe_code = \"forbid\""));
}
