//! Changed files of every kind that the programs read: none may end in a panic.
//!
//! Each target takes sound files, changes them at random, and has them read. In a test run a fixed number of changes is tried; with
//! `FUZZ_MINUTES` each target goes on for so long (`scripts/fuzz`), from another seed each time. What panics is kept in
//! `target/fuzz`, and belongs into the tests of the crate that read it.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use datasets::{Adjustments, DatasetInfo, ImageShape, KnownDataset, Preparation, Region};
use image::ImageFormat;
use studio::{Manifest, ModelSource};

/// Changes that each target tries in a test run.
const CHANGES: usize = 300;

/// The formats of pictures that are changed.
const FORMATS: [ImageFormat; 4] = [
    ImageFormat::Png,
    ImageFormat::Jpeg,
    ImageFormat::Bmp,
    ImageFormat::Gif,
];

/// Numbers that readers get wrong.
const NUMBERS: [&str; 12] = [
    "0",
    "-1",
    "NaN",
    "inf",
    "-0.0",
    "1e39",
    "255",
    "256",
    "65536",
    "4294967296",
    "18446744073709551615",
    "99999999999999999999",
];

/// Random numbers by xorshift (Marsaglia 2003, "Xorshift RNGs").
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// A changed file: one to four changes.
    fn changed(&mut self, seeds: &[Vec<u8>], text: bool) -> Vec<u8> {
        let mut bytes = seeds[self.below(seeds.len())].clone();
        for _ in 0..=self.below(4) {
            self.change(&mut bytes, seeds, text);
        }
        bytes
    }

    fn change(&mut self, bytes: &mut Vec<u8>, seeds: &[Vec<u8>], text: bool) {
        let at = self.below(bytes.len());
        match self.below(if text { 8 } else { 6 }) {
            0 => bytes.truncate(at),
            1 => bytes
                .iter_mut()
                .skip(at)
                .take(1)
                .for_each(|byte| *byte ^= 1 << (at % 8)),
            2 => bytes
                .iter_mut()
                .skip(at)
                .take(4)
                .for_each(|byte| *byte = 0xff),
            3 => {
                let end = (at + 1 + self.below(64)).min(bytes.len());
                drop(bytes.drain(at.min(end)..end));
            }
            4 => {
                let other = &seeds[self.below(seeds.len())];
                let from = self.below(other.len());
                let piece = &other[from..(from + 64).min(other.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
            5 => {
                let random = (self.next() & 0xff) as u8;
                bytes
                    .iter_mut()
                    .skip(at)
                    .take(1)
                    .for_each(|byte| *byte = random);
            }
            _ => self.change_number(bytes, at),
        }
    }

    /// Puts another number in the place of the first one from `at` on.
    fn change_number(&mut self, bytes: &mut Vec<u8>, at: usize) {
        let digit = |byte: &u8| byte.is_ascii_digit();
        let Some(start) = bytes[at..].iter().position(digit).map(|start| at + start) else {
            return;
        };
        let length = bytes[start..].iter().take_while(|byte| digit(byte)).count();
        let number = NUMBERS[self.below(NUMBERS.len())];
        bytes.splice(start..start + length, number.bytes());
    }
}

/// Tries changed files on `read` until the time or the count is up.
fn fuzz(target: &str, seeds: &[Vec<u8>], text: bool, mut read: impl FnMut(&[u8])) {
    let minutes = std::env::var("FUZZ_MINUTES").ok();
    let minutes = minutes.and_then(|minutes| minutes.parse::<f64>().ok());
    let until = minutes.map(|minutes| Instant::now() + Duration::from_secs_f64(60.0 * minutes));
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now = now.map_or(1, |now| now.as_nanos() as u64);
    let mut random = Random(if until.is_some() {
        now | 1
    } else {
        0x2545_f491_4f6c_dd1d
    });
    let (mut tried, mut found) = (0, Vec::new());
    while until.map_or(tried < CHANGES, |until| Instant::now() < until) {
        let bytes = random.changed(seeds, text);
        tried += 1;
        if catch_unwind(AssertUnwindSafe(|| read(&bytes))).is_err() {
            found.push(keep(target, &bytes));
        }
    }
    println!("{target}: {tried} changed files, {} panics", found.len());
    assert!(found.is_empty(), "{target} panics: {found:?}");
}

/// Keeps a file that panics.
fn keep(target: &str, bytes: &[u8]) -> PathBuf {
    let folder = root().join("target/fuzz");
    fs::create_dir_all(&folder).expect("the target folder");
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    let path = folder.join(format!("{target}-{:016x}", hasher.finish()));
    fs::write(&path, bytes).expect("the target folder");
    path
}

fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    root.expect("the workspace").to_owned()
}

/// A small IDX file.
fn idx() -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0, 4];
    bytes.extend(0..32);
    bytes
}

#[test]
fn idx_files() {
    let samples = root().join("assets/samples");
    let packed = fs::read(samples.join("mnist-labels.idx1-ubyte.gz")).expect("a sample");
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("file");
    fuzz("idx", &[idx(), packed], false, |bytes| {
        let _ = datasets::parse_idx(bytes);
        fs::write(&path, bytes).expect("a file");
        let _ = datasets::read_idx(&path);
    });
}

#[test]
fn pictures() {
    let picture =
        image::RgbImage::from_fn(24, 20, |x, y| image::Rgb([x as u8 * 9, y as u8 * 9, 40]));
    let seed = |format| {
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).expect("a picture");
        bytes.into_inner()
    };
    let seeds = FORMATS.map(seed);
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("picture");
    let shape = ImageShape::new(1, 28, 28).expect("a shape");
    fuzz("picture", &seeds, false, |bytes| {
        fs::write(&path, bytes).expect("a file");
        for preparation in [
            Preparation::Digit,
            Preparation::Object,
            Preparation::Picture {
                fit: datasets::Fit::Pad,
            },
        ] {
            let _ = datasets::user_image(&path, preparation, shape);
            let _ = datasets::adjusted_image(&path, &adjusted(bytes), preparation, shape);
        }
    });
}

/// Any adjustments, also some that no picture fits: they follow from the file's last bytes.
fn adjusted(bytes: &[u8]) -> Adjustments {
    let byte = |back: usize| bytes.iter().rev().nth(back).copied().unwrap_or(0);
    let side = |back: usize| u32::from(byte(back)) % 40;
    Adjustments {
        quarter_turns: byte(0),
        tilt: f32::from(byte(1)) - 100.0,
        crop: Some(Region {
            left: side(2),
            top: side(3),
            width: side(4),
            height: side(5),
        }),
        invert: [None, Some(true), Some(false)][usize::from(byte(6) % 3)],
        threshold: Some(f32::from(byte(7)) / 200.0),
        object: Some(usize::from(byte(8) % 3)),
    }
}

/// The folder of a model that is part of the program, without its weights.
fn model() -> (tempfile::TempDir, String) {
    let source = root().join("assets/models/mnist");
    let dir = tempfile::tempdir().expect("a folder");
    for entry in fs::read_dir(&source).expect("a model") {
        let path = entry.expect("a file").path();
        let name = path.file_name().expect("a name");
        fs::copy(&path, dir.path().join(name)).expect("a file");
    }
    let manifest = dir.path().join("manifest.ron");
    let text = fs::read_to_string(manifest).expect("a manifest");
    (dir, text)
}

/// The checksum is made right again: it finds every change, and whoever forges a model writes it as well.
#[test]
fn manifests() {
    let (dir, text) = model();
    let body = text.split_once('\n').expect("its checksum").1.to_owned();
    let source = ModelSource::Folder(dir.path().to_owned());
    let path = dir.path().join("manifest.ron");
    fuzz("manifest", &[body.into_bytes()], true, |bytes| {
        let body = String::from_utf8_lossy(bytes);
        fs::write(&path, files::checked_text(&body)).expect("a file");
        if let Ok(manifest) = Manifest::read(&source) {
            let _ = manifest.model_sha256();
        }
    });
}

/// The numbers of a latent space, with the checksums made right again.
#[test]
fn latent_spaces() {
    let (dir, text) = model();
    let source = ModelSource::Folder(dir.path().to_owned());
    let record = |role: studio::FileRole| {
        let manifest = Manifest::read(&source).expect("it is sound");
        manifest.files.get(&role).cloned()
    };
    let Some(record) = record(studio::FileRole::LatentSpace) else {
        return; // A model of format 1 keeps them in its manifest.
    };
    let file = dir.path().join(&record.name);
    let seed = fs::read(&file).expect("it is there");
    let body = text.split_once('\n').expect("its checksum").1;
    fuzz("latent-space", &[seed], false, |bytes| {
        fs::write(&file, bytes).expect("a file");
        let body = body.replace(&record.sha256, &files::sha256_hex(bytes));
        fs::write(dir.path().join("manifest.ron"), files::checked_text(&body)).expect("a file");
        let _ = Manifest::read(&source);
    });
}

#[test]
fn recipes() {
    let text = r#"{"recipe_version":1,"program":"p","model":"mnist","model_sha256":"ab","scale":3,
        "render":"anchors","latent":[0.5,1],"classes":[0,1],"noise":0.7,"count":4,"seed":3,
        "sharpening":{"steps":2,"seed":1},"anchor":1,"dims":[0,1],"sigmas":3.0,"steps":5,"layer":1}"#;
    let kinds = ["latent", "anchors", "traversal", "cam", "window", "show"];
    let seeds = kinds.map(|kind| text.replace("anchors", kind).into_bytes());
    fuzz("recipe", &seeds, true, |bytes| {
        let _ = recipe::Recipe::parse(&String::from_utf8_lossy(bytes));
        let _ = recipe::png_text(bytes, recipe::KEYWORD);
    });
}

#[test]
fn descriptions_of_data_sets() {
    let info = KnownDataset::Avatars.info();
    let seed = serde_json::to_vec(&info).expect("it has a form");
    fuzz("data set", &[seed], true, |bytes| {
        if let Ok(info) = serde_json::from_slice::<DatasetInfo>(bytes) {
            let _ = info.check();
        }
    });
}
