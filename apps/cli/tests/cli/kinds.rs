//! The kinds of folders that tests train on, and a small model of each.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{arguments::train, stderr, succeed};

/// Pictures a class, or in all where there are no classes.
const PICTURES: u32 = 24;

/// A kind of folder.
#[derive(Debug)]
pub struct Kind {
    /// What the folder is called.
    pub name: &'static str,
    /// Width and height of its pictures.
    pub size: (u32, u32),
    /// What its classes are called, if it has any.
    pub classes: &'static [&'static str],
    /// Whether the pictures have colours.
    pub is_colour: bool,
}

pub const COLOUR: Kind = Kind {
    name: "signs",
    size: (32, 32),
    classes: &["circle", "cross", "square"],
    is_colour: true,
};

pub const ODD: Kind = Kind {
    name: "flags",
    size: (32, 20),
    ..COLOUR
};

pub const UNLABELLED: Kind = Kind {
    name: "holiday",
    classes: &[],
    ..COLOUR
};

/// A name that means something else elsewhere.
pub const CALLED_MNIST: Kind = Kind {
    name: "mnist",
    size: (28, 28),
    classes: &["circle", "cross"],
    is_colour: false,
};

pub const ONE_CLASS: Kind = Kind {
    name: "circles",
    size: (16, 16),
    classes: &["circle"],
    is_colour: false,
};

impl Kind {
    /// Whether a classifier can be trained.
    pub fn has_judge(&self) -> bool {
        self.classes.len() > 1
    }

    /// Channels, height, width.
    pub fn shape(&self) -> Value {
        let (width, height) = self.size;
        json!([if self.is_colour { 3 } else { 1 }, height, width])
    }

    /// Writes the pictures below `dir`, and gives their folder.
    pub fn write(&self, dir: &Path) -> PathBuf {
        let folder = dir.join(self.name);
        fs::create_dir_all(&folder).expect("a folder");
        let drawn = if self.classes.is_empty() {
            &COLOUR.classes[..1]
        } else {
            self.classes
        };
        for (class, name) in drawn.iter().enumerate() {
            let within = if self.classes.is_empty() {
                folder.clone()
            } else {
                folder.join(name)
            };
            fs::create_dir_all(&within).expect("a folder");
            for number in 0..PICTURES {
                let picture = self.picture(class, number);
                let path = within.join(format!("{number:03}.png"));
                picture.save(path).expect("a picture");
            }
        }
        folder
    }

    /// A circle, a cross or a square, nowhere twice the same. In colour it is orange on brown: more red than green and more
    /// green than blue.
    fn picture(&self, class: usize, number: u32) -> image::RgbImage {
        let (width, height) = self.size;
        let centre = (width / 2 + number % 5, height / 2 + number / 5 % 5);
        let reach = f64::from(height) * 0.3;
        image::RgbImage::from_fn(width, height, |x, y| {
            let dx = (f64::from(x) - f64::from(centre.0) + 2.0).abs();
            let dy = (f64::from(y) - f64::from(centre.1) + 2.0).abs();
            let inside = match class {
                0 => dx.hypot(dy) < reach,
                1 => dx.min(dy) < 2.0 && dx.max(dy) < reach,
                _ => dx.max(dy) < reach,
            };
            let bright = if inside { 250 } else { 90 + number as u8 };
            image::Rgb(if self.is_colour {
                [bright, bright / 2, bright / 8]
            } else {
                [bright; 3]
            })
        })
    }

    /// The arguments that train a network of a model of this kind.
    pub fn train<'a>(
        network: &'a str,
        data: &'a Path,
        out: &'a Path,
        more: &[&'a str],
    ) -> Vec<&'a str> {
        let width = if network == "classifier" { "2" } else { "4" };
        let small = ["--batch-size", "8", "--width", width];
        train(network, data, out, &[&small[..], more].concat())
    }
}

/// A folder of pictures, and a model that was trained on it.
pub struct Trained {
    _dir: TempDir,
    /// The pictures.
    pub data: PathBuf,
    /// The model.
    pub model: PathBuf,
}

/// The model of a kind, trained by the binary itself and shared by the tests that only read it.
pub fn trained(kind: &'static Kind) -> &'static Trained {
    static TRAINED: OnceLock<BTreeMap<&str, OnceLock<Trained>>> = OnceLock::new();
    let kinds = [&COLOUR, &ODD, &UNLABELLED, &CALLED_MNIST, &ONE_CLASS];
    let all = TRAINED.get_or_init(|| kinds.map(|kind| (kind.name, OnceLock::new())).into());
    all[kind.name].get_or_init(|| {
        let dir = tempfile::tempdir().expect("a folder");
        let data = kind.write(dir.path());
        let model = dir.path().join("models").join(kind.name);
        let vae = ["--latent-dim", "4", "--epochs", "30"];
        let output = succeed(&Kind::train("vae", &data, &model, &vae));
        let is_told = stderr(&output).contains("no classes, so the prior is normal");
        assert_eq!(is_told, kind.classes.is_empty(), "{}", stderr(&output));
        assert!(
            stderr(&output).contains("steps are few"),
            "thirty epochs of few pictures"
        );
        if kind.has_judge() {
            let epochs = ["--epochs", "2"];
            succeed(&Kind::train("classifier", &data, &model, &epochs));
        }
        Trained {
            _dir: dir,
            data,
            model,
        }
    })
}
