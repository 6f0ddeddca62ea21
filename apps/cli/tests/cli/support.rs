//! Running the program, and reading what it printed and what it wrote.

use std::{
    fs,
    io::Cursor,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};

use serde_json::Value;
use tempfile::TempDir;

pub fn latent_lens(args: &[&str]) -> Output {
    command(args).output().expect("the binary runs")
}

pub fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_latent-lens"));
    command.args(args).env("XDG_CACHE_HOME", cache_home());
    command
}

/// Where the program keeps prepared pictures, instead of where it does so for the person who runs the tests. It is empty when the tests begin, so
/// that none passes by what was prepared before.
pub fn cache_home() -> &'static Path {
    static HOME: OnceLock<PathBuf> = OnceLock::new();
    HOME.get_or_init(|| {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache");
        let _ = fs::remove_dir_all(&home);
        home
    })
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

/// Runs a command that must succeed.
pub fn succeed(args: &[&str]) -> Output {
    let output = latent_lens(args);
    assert!(
        output.status.success(),
        "{args:?} failed: {}",
        stderr(&output)
    );
    output
}

/// Runs a command that must fail with exit code 1, one `error:`, each of `expected` in it, and no panic.
pub fn fail(args: &[&str], expected: &[&str]) -> String {
    let output = latent_lens(args);
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{args:?}: {message}");
    assert_eq!(message.matches("error: ").count(), 1, "{args:?}: {message}");
    assert!(!message.contains("panicked"), "{args:?}: {message}");
    for part in expected {
        assert!(
            message.contains(part),
            "{args:?} does not say `{part}`: {message}"
        );
    }
    message
}

pub fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("standard output is one JSON object")
}

pub fn text(path: &Path) -> &str {
    path.to_str().expect("a Unicode path")
}

/// Every file below `dir` with its bytes, to see that nothing changed.
pub fn contents(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(contents(&path));
        } else {
            let bytes = fs::read(&path).expect("a file");
            files.push((path, bytes));
        }
    }
    files.sort();
    files
}

/// Width and height of a PNG file, and the recipe in it.
pub fn read_png(path: &Path) -> ((u32, u32), Value) {
    let bytes = fs::read(path).expect("the picture was written");
    let decoder = png::Decoder::new(Cursor::new(&bytes));
    let mut reader = decoder.read_info().expect("a PNG file");
    let size = reader.output_buffer_size().expect("small");
    reader.next_frame(&mut vec![0; size]).expect("whole");
    let chunk = reader.info().utf8_text.first().expect("a text chunk");
    assert_eq!(chunk.keyword, "latent-lens recipe");
    let recipe = chunk.get_text().expect("text");
    (
        reader.info().size(),
        serde_json::from_str(&recipe).expect("JSON"),
    )
}

/// A copy of a model, in a folder of its own.
pub fn copy_of(model: &Path) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a folder");
    let copy = dir.path().join("model");
    fs::create_dir(&copy).expect("a folder");
    for (path, bytes) in contents(model) {
        let target = copy.join(path.strip_prefix(model).expect("below"));
        fs::create_dir_all(target.parent().expect("a parent")).expect("a folder");
        fs::write(target, bytes).expect("a file");
    }
    (dir, copy)
}

/// The one file of a model's folder whose name begins so: names end with a part of the content's checksum.
pub fn one_file(model: &Path, stem: &str) -> PathBuf {
    let files = contents(model).into_iter().map(|(path, _)| path);
    let named = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.starts_with(stem))
    };
    let found: Vec<PathBuf> = files.filter(named).collect();
    assert_eq!(found.len(), 1, "{stem}: {found:?}");
    found.into_iter().next().expect("one")
}
