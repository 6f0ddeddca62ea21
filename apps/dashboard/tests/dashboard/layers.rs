//! The modules of the window lie in layers. Read from the text of their imports, so that no arrow goes up unseen.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// From the top down; each knows only those below it. The last three know none of the others.
const LAYERS: [&str; 11] = [
    "program", "measure", "window", "app", "panels", "widgets", "state", "render", "theme",
    "words", "files",
];
const GROUND: [&str; 3] = ["theme", "words", "files"];

/// Paths of modules, without `crate`: who imports whom.
type Imports = BTreeMap<String, BTreeSet<String>>;

#[test]
fn no_layer_knows_one_above_it() {
    let level = |module: &str| {
        let top = module.split("::").next().unwrap_or_default();
        let at = LAYERS.iter().position(|layer| *layer == top);
        (
            top.to_owned(),
            at.unwrap_or_else(|| panic!("{top} is in no layer")),
        )
    };
    for (from, all) in imports() {
        let (from_top, from_level) = level(&from);
        for to in all {
            let (to_top, to_level) = level(&to);
            let ground = GROUND.contains(&from_top.as_str());
            let fine = from_top == to_top || (from_level < to_level && !ground);
            assert!(fine, "{from} imports {to}, which is no layer below it");
        }
    }
}

#[test]
fn no_modules_import_each_other_in_a_circle() {
    let imports = imports();
    // At every depth: the parts of the crate, the parts of those, and so on down to the files.
    let deepest = imports.keys().map(|module| depth(module)).max();
    for depth in 1..=deepest.unwrap_or(0) {
        let mut parts = Imports::new();
        for (from, all) in &imports {
            let (from, all) = (first(from, depth), all.iter().map(|to| first(to, depth)));
            let all =
                all.filter(|to| *to != from && !is_inside(to, &from) && !is_inside(&from, to));
            parts.entry(from.clone()).or_default().extend(all);
        }
        assert_eq!(circle(&parts), None, "in the order of the imports");
    }
}

#[test]
fn imports_are_read_as_rust_reads_them() {
    let text = "use crate::{\n    a::{self, B, c::D},\n    e::f as g,\n};\nuse super::h;\nlet x = crate::i::j();";
    let read: Vec<String> = paths_in(text, "k::l");
    assert_eq!(read, ["a", "a::B", "a::c::D", "e::f", "i::j", "k::h"]);
}

/// Every import of every file, of modules of this crate alone.
fn imports() -> Imports {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files: Vec<(String, PathBuf)> = files_in(&root)
        .into_iter()
        .filter_map(|path| Some((module_of(path.strip_prefix(&root).ok()?), path)))
        .filter(|(module, _)| !["lib", "main"].contains(&module.as_str()))
        .collect();
    let known: BTreeSet<&str> = files.iter().map(|(module, _)| module.as_str()).collect();
    let read = |(module, path): &(String, PathBuf)| {
        let text = fs::read_to_string(path).expect("a source file can be read");
        let paths = paths_in(&text, module).into_iter();
        // `a::b::Name` is something in the module `a::b`.
        let owners = paths.filter_map(|path| owner(&path, &known));
        (module.clone(), owners.filter(|to| to != module).collect())
    };
    files.iter().map(read).collect()
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("it can be read").path());
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(files_in(&path));
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            files.push(path);
        }
    }
    files
}

fn module_of(path: &Path) -> String {
    let path = path.with_extension("");
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    let module = parts.join("::");
    module.strip_suffix("::mod").unwrap_or(&module).to_owned()
}

fn owner(path: &str, known: &BTreeSet<&str>) -> Option<String> {
    let mut module = path;
    while !known.contains(module) {
        module = module.rsplit_once("::")?.0;
    }
    Some(module.to_owned())
}

/// The paths in `text` that begin with `crate::`, and the imports that begin with `super::`.
fn paths_in(text: &str, module: &str) -> Vec<String> {
    let code: Vec<&str> = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect();
    let code = code.join("\n");
    let parent = module.rsplit_once("::").map_or("", |(parent, _)| parent);
    let mut found = Vec::new();
    for start in ["crate::", "use super::"] {
        for (at, _) in code.match_indices(start) {
            // `pub(in crate::...)` is no import.
            if code[..at].ends_with("in ") {
                continue;
            }
            let tree = tree_at(&code[at + start.len()..]);
            let paths = expand(tree).into_iter();
            found.extend(paths.map(|path| match start {
                "crate::" => path,
                _ if parent.is_empty() => path,
                _ => format!("{parent}::{path}"),
            }));
        }
    }
    found
}

/// One path or tree of paths: up to the first character that belongs to none, outside all braces.
fn tree_at(code: &str) -> &str {
    let mut depth = 0;
    let end = code.find(|c: char| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        depth < 0 || (depth == 0 && !(c.is_alphanumeric() || "_:}".contains(c)))
    });
    &code[..end.unwrap_or(code.len())]
}

fn expand(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((prefix, rest)) = tree.split_once('{') else {
        let name = tree.split_whitespace().next().unwrap_or_default();
        return vec![name.to_owned()];
    };
    let (mut depth, mut start, mut paths) = (0, 0, Vec::new());
    let inner = rest.rsplit_once('}').map_or(rest, |(inner, _)| inner);
    for (at, c) in inner.char_indices().chain([(inner.len(), ',')]) {
        depth += i32::from(c == '{') - i32::from(c == '}');
        if c == ',' && depth == 0 {
            let part = inner[start..at].trim();
            start = at + 1;
            match part {
                "" => {}
                "self" => paths.push(prefix.trim_end_matches("::").to_owned()),
                part => paths.extend(expand(part).iter().map(|path| format!("{prefix}{path}"))),
            }
        }
    }
    paths
}

fn depth(module: &str) -> usize {
    module.split("::").count()
}

fn first(module: &str, depth: usize) -> String {
    module
        .split("::")
        .take(depth)
        .collect::<Vec<_>>()
        .join("::")
}

fn is_inside(module: &str, folder: &str) -> bool {
    module
        .strip_prefix(folder)
        .is_some_and(|rest| rest.starts_with("::"))
}

/// What is left once all is taken away that imports nothing of what is left, or that nothing of it imports.
fn circle(imports: &Imports) -> Option<Vec<&String>> {
    let mut left: BTreeSet<&String> = imports.keys().collect();
    loop {
        let imports_one = |from: &&String| imports[*from].iter().any(|to| left.contains(to));
        let is_imported = |to: &&String| left.iter().any(|from| imports[*from].contains(*to));
        let both = |module: &&String| imports_one(module) && is_imported(module);
        let rest: BTreeSet<&String> = left.iter().copied().filter(both).collect();
        if rest.is_empty() {
            return None;
        } else if rest.len() == left.len() {
            return Some(left.into_iter().collect());
        }
        left = rest;
    }
}
