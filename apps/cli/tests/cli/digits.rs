//! A folder of digits in ten classes, and a small model of it.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use datasets::KnownDataset;
use tempfile::TempDir;

use crate::{arguments::train, succeed};

/// Pictures a class.
pub const PICTURES: usize = 20;

/// The folder, and the model that was trained on it.
pub struct Trained {
    _dir: TempDir,
    /// The pictures.
    pub data: PathBuf,
    /// The model.
    pub model: PathBuf,
}

/// The model, trained by the binary itself and shared by the tests that only read it.
pub fn trained() -> &'static Trained {
    static TRAINED: OnceLock<Trained> = OnceLock::new();
    TRAINED.get_or_init(|| {
        let dir = tempfile::tempdir().expect("a folder");
        let data = dir.path().join("digits");
        write_pictures(&data);
        let model = dir.path().join("model");
        succeed(&train_vae(&data, &model, &["--epochs", "2"]));
        succeed(&train_classifier(&data, &model, &["--epochs", "2"]));
        Trained {
            _dir: dir,
            data,
            model,
        }
    })
}

/// The first digits of the shipped sample as PNG files, one sub-folder a class.
fn write_pictures(dir: &Path) {
    let sample = datasets::sample(KnownDataset::Mnist);
    let (width, height) = (sample.shape().width(), sample.shape().height());
    let mut written = vec![0; sample.classes()];
    for index in 0..sample.len() {
        let class = sample.label(index).expect("a label").index();
        if written[class] == PICTURES {
            continue;
        }
        let folder = dir.join(class.to_string());
        fs::create_dir_all(&folder).expect("a folder");
        let pixels = sample.values(index).to_vec();
        let picture = image::GrayImage::from_raw(width as u32, height as u32, pixels);
        let path = folder.join(format!("{:03}.png", written[class]));
        picture
            .expect("as many pixels")
            .save(path)
            .expect("a picture");
        written[class] += 1;
    }
}

/// The arguments that train its VAE.
pub fn train_vae<'a>(data: &'a Path, out: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
    let small = ["--latent-dim", "4", "--width", "4", "--batch-size", "20"];
    train("vae", data, out, &[&small[..], more].concat())
}

/// The arguments that train its classifier.
pub fn train_classifier<'a>(data: &'a Path, out: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
    let small = ["--width", "2", "--batch-size", "20"];
    train("classifier", data, out, &[&small[..], more].concat())
}
