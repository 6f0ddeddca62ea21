//! Puts the shipped models into the program: writes a table of their files, which `src/shipped.rs` includes. Without the feature
//! `shipped-models` the table is empty, and nothing is looked for.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The models that are part of the program, in the order in which to offer them: folders of `assets/models`, what their images
/// show, and what kind of model it is. The one place that lists them. The first of a domain opens with it: the plain VAE, which
/// the others are held against.
const SHIPPED: [[&str; 3]; 9] = [
    ["mnist-plain", "MNIST", "VAE"],
    ["mnist", "MNIST", "VAE with class centres"],
    ["mnist-refined", "MNIST", "Refined VAE"],
    ["fashion-mnist-plain", "Fashion-MNIST", "VAE"],
    ["fashion-mnist", "Fashion-MNIST", "VAE with class centres"],
    [
        "fashion-mnist-conditional",
        "Fashion-MNIST",
        "Conditional VAE",
    ],
    ["fashion-mnist-refined", "Fashion-MNIST", "Refined VAE"],
    ["fashion-mnist-diffusion", "Fashion-MNIST", "Diffusion"],
    ["avatars", "Avatars", "VAE"],
];

/// What a bundle consists of; a folder may hold a page about it, too.
const EXTENSIONS: [&str; 3] = ["ron", "safetensors", "gz"];

/// Names the folder of the models where they do not lie beside the sources: they are too large for a package of a registry.
const FOLDER: &str = "LATENT_LENS_MODELS";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed={FOLDER}");
    let wanted = env::var_os("CARGO_FEATURE_SHIPPED_MODELS").is_some();
    let shipped: &[[&str; 3]] = if wanted { &SHIPPED } else { &[] };
    let models = folder();
    if wanted && !models.is_dir() {
        let models = models.display();
        println!(
            "cargo::error=The feature `shipped-models` puts models into the program, and there is no folder {models}. Set {FOLDER} to \
             the folder `assets/models` of a clone of Latent Lens, or build without the feature (`default-features = false`)."
        );
        return;
    }
    let [names, domains, kinds] = [0, 1, 2].map(|column| {
        let column = shipped.iter().map(|model| model[column]);
        column.collect::<Vec<_>>()
    });
    let (mut contents, mut lists) = (Vec::new(), String::new());
    for name in &names {
        let folder = models.join(name);
        println!("cargo::rerun-if-changed={}", folder.display());
        let files = files_of(&folder).into_iter().map(|path| {
            let file = path.file_name().expect("a file").to_string_lossy();
            format!("({file:?}, FILE_{})", place(&mut contents, &path))
        });
        let files = files.collect::<Vec<_>>().join(", ");
        writeln!(lists, "    &[{files}],").expect("a string takes all");
    }
    let mut table = String::new();
    let mut add = |line: String| writeln!(table, "{line}").expect("a string takes all");
    for (number, (path, _)) in contents.iter().enumerate() {
        let path = path.to_str().expect("a path in Unicode");
        add(format!(
            "static FILE_{number}: &[u8] = include_bytes!({path:?});"
        ));
    }
    add(format!("static NAMES: &[&str] = &{names:?};"));
    add(format!("static DOMAINS: &[&str] = &{domains:?};"));
    add(format!("static KINDS: &[&str] = &{kinds:?};"));
    add(format!("static FILES: &[&[(&str, &[u8])]] = &[\n{lists}];"));
    let out = env::var("OUT_DIR").expect("Cargo sets it");
    fs::write(Path::new(&out).join("shipped.rs"), table).expect("Cargo made the folder");
}

/// Where the models lie.
fn folder() -> PathBuf {
    env::var_os(FOLDER).map_or_else(
        || {
            let sources = env::var_os("CARGO_MANIFEST_DIR").expect("Cargo sets it");
            Path::new(&sources).join("../../assets/models")
        },
        PathBuf::from,
    )
}

/// The files of a bundle, by name.
fn files_of(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder of a shipped model");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("a file of a shipped model").path())
        .filter(|path| {
            let extension = path.extension().and_then(|extension| extension.to_str());
            extension.is_some_and(|extension| EXTENSIONS.contains(&extension))
        })
        .collect();
    paths.sort();
    paths
}

/// Where the content of a file stands in the program. Models of one domain share their judges and their sample, which are put
/// into the program once.
fn place(contents: &mut Vec<(PathBuf, Vec<u8>)>, path: &Path) -> usize {
    let content = fs::read(path).expect("a file of a shipped model");
    let same = contents.iter().position(|(_, other)| *other == content);
    same.unwrap_or_else(|| {
        contents.push((path.to_owned(), content));
        contents.len() - 1
    })
}
