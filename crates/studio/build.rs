//! Puts the shipped models into the program: writes a table of their files, which `src/shipped.rs` includes.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

/// The models that are part of the program, in the order in which to offer them: folders of `assets/models`, and what they
/// are called on the screen. The one place that lists them.
const SHIPPED: [(&str, &str); 3] = [
    ("mnist", "MNIST"),
    ("fashion-mnist", "Fashion-MNIST"),
    ("avatars", "Avatars"),
];

/// What a bundle consists of; a folder may hold a page about it, too.
const EXTENSIONS: [&str; 3] = ["ron", "safetensors", "gz"];

fn main() {
    let models = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("Cargo sets it"))
        .join("../../assets/models");
    println!("cargo::rerun-if-changed=build.rs");
    let (names, titles): (Vec<_>, Vec<_>) = SHIPPED.into_iter().unzip();
    let mut table = format!("static NAMES: &[&str] = &{names:?};\n");
    writeln!(table, "static TITLES: &[&str] = &{titles:?};").expect("a string takes all");
    table.push_str("static FILES: &[&[(&str, &[u8])]] = &[\n");
    for name in names {
        let folder = models.join(name);
        println!("cargo::rerun-if-changed={}", folder.display());
        let entries = fs::read_dir(&folder).expect("the folder of a shipped model");
        let mut paths: Vec<_> = entries
            .map(|entry| entry.expect("a file of a shipped model").path())
            .filter(|path| {
                let extension = path.extension().and_then(|extension| extension.to_str());
                extension.is_some_and(|extension| EXTENSIONS.contains(&extension))
            })
            .collect();
        paths.sort();
        table.push_str("    &[\n");
        for path in paths {
            let file = path.file_name().expect("a file").to_string_lossy();
            let path = path.to_str().expect("a path in Unicode");
            let line = format!("        ({file:?}, include_bytes!({path:?})),");
            writeln!(table, "{line}").expect("a string takes all");
        }
        table.push_str("    ],\n");
    }
    table.push_str("];\n");
    let out = env::var("OUT_DIR").expect("Cargo sets it");
    fs::write(Path::new(&out).join("shipped.rs"), table).expect("Cargo made the folder");
}
