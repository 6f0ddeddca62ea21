//! The crates in other people's programs: the examples run, a program for the processor alone takes neither graphics nor TLS with it,
//! and every library can be packaged.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    root.expect("the workspace").to_owned()
}

/// Runs an example of `studio`, which Cargo builds beside this test, in a folder.
fn example(name: &str, folder: &Path, arguments: &[&str]) -> String {
    let test = env::current_exe().expect("the path of this test");
    let target = test.ancestors().nth(2).expect("target/release");
    let program = target.join("examples").join(name);
    assert!(
        program.is_file(),
        "{} was not built: cargo build --release --workspace --examples",
        program.display()
    );
    let mut command = Command::new(program);
    printed(&command.current_dir(folder).args(arguments).output())
}

/// What a command printed that succeeded.
fn printed(output: &std::io::Result<Output>) -> String {
    let output = output.as_ref().expect("it starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn a_frame_in_ten_lines() {
    let printed = example("frame", folder().path(), &["mnist"]);
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines[0], "an image of 1x28x28");
    assert!(lines[1].ends_with(" %"), "{printed}");
    assert_eq!(lines[2], "evidence: Positive");
}

#[test]
fn a_grid_of_samples_is_a_picture() {
    let folder = folder();
    example("grid", folder.path(), &["grid.png", "mnist"]);
    let grid = image::open(folder.path().join("grid.png")).expect("a picture");
    // Ten classes, ten of each, of 28 pixels a side.
    assert_eq!((grid.width(), grid.height()), (280, 280));
    let bright = grid.to_luma8().pixels().filter(|p| p.0[0] > 127).count();
    // Ink covers about an eighth of a digit's image.
    assert!((3_000..25_000).contains(&bright), "{bright}");
}

#[test]
fn an_image_is_encoded_and_explained() {
    let folder = folder();
    let printed = example("explain_image", folder.path(), &["explained.png"]);
    // The first image that the model carries is a zero.
    assert!(printed.contains("\n0: 9"), "{printed}");
    let picture = image::open(folder.path().join("explained.png")).expect("a picture");
    assert_eq!((picture.width(), picture.height()), (3 * 28, 28));
}

#[test]
fn the_latest_question_wins() {
    let printed = example("latest_wins", folder().path(), &["mnist"]);
    assert!(printed.contains("the last one was among them"), "{printed}");
}

#[test]
fn a_model_is_trained_on_a_folder() {
    let folder = folder();
    let printed = example("train_on_folder", folder.path(), &["trained"]);
    let end = printed.lines().last().unwrap_or_default();
    assert!(
        end.ends_with("model opens: 1x16x16 in 8 dimensions"),
        "{printed}"
    );
}

/// The names of all crates that a program outside the workspace depends on, which opens models on the processor.
fn crates_outside() -> BTreeSet<String> {
    let folder = folder();
    let studio = root().join("crates/studio");
    let studio = studio.display();
    let manifest = format!(
        "[package]\nname = \"outside\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         latent-lens-studio = {{ path = \"{studio}\", default-features = false }}\n"
    );
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text);
    fs::create_dir(folder.path().join("src")).expect("a folder");
    write("Cargo.toml", &manifest).expect("it can be written");
    write("src/lib.rs", "").expect("it can be written");
    // With the versions of this workspace nothing has to be looked up.
    let lock = fs::read_to_string(root().join("Cargo.lock")).expect("the lock file");
    write("Cargo.lock", &lock).expect("it can be written");
    tree(folder.path(), &[])
}

/// Those that `studio` depends on with some of its features.
fn crates_with(features: &[&str]) -> BTreeSet<String> {
    let package = ["--locked", "--package", "latent-lens-studio"];
    tree(&root(), &[&package, features].concat())
}

fn tree(folder: &Path, arguments: &[&str]) -> BTreeSet<String> {
    let mut command = cargo();
    command
        .current_dir(folder)
        .args(["tree", "--offline", "--edges", "normal,build"])
        .args(["--prefix", "none"])
        .args(arguments);
    let tree = printed(&command.output());
    let names = tree.lines().filter_map(|line| line.split(' ').next());
    names.map(str::to_owned).collect()
}

fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or("cargo".into()))
}

/// What a graphics card needs, and what a download needs.
const OF_GRAPHICS: [&str; 6] = [
    "wgpu",
    "wgpu-core",
    "naga",
    "cubecl-wgpu",
    "cubecl-core",
    "cubek",
];
const OF_DOWNLOADS: [&str; 4] = ["ureq", "rustls", "ring", "webpki-roots"];

#[test]
fn a_program_for_the_processor_alone_takes_neither_graphics_nor_tls() {
    let (all, few) = (crates_with(&[]), crates_outside());
    for name in OF_GRAPHICS.iter().chain(&OF_DOWNLOADS) {
        assert!(all.contains(*name), "{name} is what the features bring");
        assert!(!few.contains(*name), "{name}");
    }
    assert!(few.contains("burn-flex"), "the processor computes");
}

#[test]
fn each_feature_brings_its_own() {
    let fetch = crates_with(&["--no-default-features", "--features", "fetch"]);
    assert!(OF_DOWNLOADS.iter().all(|name| fetch.contains(*name)));
    assert!(!OF_GRAPHICS.iter().any(|name| fetch.contains(*name)));
    let wgpu = crates_with(&["--no-default-features", "--features", "wgpu"]);
    assert!(OF_GRAPHICS.iter().all(|name| wgpu.contains(*name)));
    assert!(!OF_DOWNLOADS.iter().any(|name| wgpu.contains(*name)));
}

/// The packages of the libraries.
fn libraries() -> Vec<String> {
    let entries = fs::read_dir(root().join("crates")).expect("the libraries");
    let name = |entry: fs::DirEntry| format!("latent-lens-{}", entry.file_name().to_string_lossy());
    entries
        .map(|entry| name(entry.expect("a library")))
        .collect()
}

#[test]
fn every_library_can_be_packaged() {
    let (folder, libraries) = (folder(), libraries());
    assert!(libraries.len() >= 14, "{libraries:?}");
    let mut command = cargo();
    command
        .current_dir(root())
        .args([
            "package",
            "--quiet",
            "--offline",
            "--no-verify",
            "--allow-dirty",
        ])
        // They are not published, so a registry knows no versions of them to lock.
        .arg("--exclude-lockfile")
        .arg("--target-dir")
        .arg(folder.path())
        .args(libraries.iter().flat_map(|name| ["--package", name]));
    printed(&command.output());
    for name in libraries {
        let package = format!("package/{name}-{}.crate", env!("CARGO_PKG_VERSION"));
        let size = fs::metadata(folder.path().join(&package)).map_or(0, |file| file.len());
        // The largest that a registry takes has 10 MiB.
        assert!((1_000..10 << 20).contains(&size), "{package}: {size} bytes");
    }
}

#[test]
fn no_library_includes_what_lies_outside_its_folder() {
    for library in fs::read_dir(root().join("crates")).expect("the libraries") {
        let library = library.expect("a library").path();
        let mut folders = vec![library.join("src")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("sources") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension() == Some(OsStr::new("rs")) {
                    check_includes(&path, &library);
                }
            }
        }
    }
}

/// Every file that a source includes lies in its own library.
fn check_includes(source: &Path, library: &Path) {
    let text = fs::read_to_string(source).expect("a source");
    for macro_name in ["include_bytes!(", "include_str!("] {
        for (_, rest) in text
            .match_indices(macro_name)
            .map(|(at, name)| text.split_at(at + name.len()))
        {
            let quoted = rest.trim_start().strip_prefix('"');
            let Some((name, _)) = quoted.and_then(|rest| rest.split_once('"')) else {
                continue;
            };
            let folder = source.parent().expect("a folder");
            let file = fs::canonicalize(folder.join(name)).expect("an included file");
            let library = fs::canonicalize(library).expect("a library");
            assert!(file.starts_with(&library), "{}: {name}", source.display());
        }
    }
}
