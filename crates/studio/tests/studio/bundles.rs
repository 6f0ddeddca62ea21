use std::fs;
use std::path::Path;

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, Tensor};
use datasets::{DatasetInfo, ImageShape};
use safetensors::SafeTensors;
use studio::{
    Bundle, FileRole, FrameRequest, Generator, Manifest, ModelSource, Studio, StudioError,
};

use crate::support::{LATENT_DIM, bundle, info, saved};

/// How the names of the files begin.
const FILES: [&str; 5] = ["manifest", "vae", "classifier", "latent-space", "sample"];

/// The only file whose name begins like this.
pub fn file(dir: &Path, stem: &str) -> std::path::PathBuf {
    let entries = fs::read_dir(dir).expect("the bundle's folder");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a file").path()).collect();
    paths.retain(|path| {
        path.file_name()
            .unwrap()
            .to_string_lossy()
            .starts_with(stem)
    });
    assert_eq!(paths.len(), 1, "{paths:?}");
    paths.remove(0)
}

pub fn open(dir: &Path) -> Result<Studio, StudioError> {
    Studio::open(&ModelSource::Folder(dir.to_owned()), &Device::flex())
}

/// The message of the error that opening gives; it has to name the file.
fn complaint(dir: &Path, file: &str) -> String {
    let text = open(dir).expect_err("the bundle is damaged").to_string();
    assert!(text.contains(file), "{text} does not name {file}");
    text
}

#[test]
fn what_was_saved_comes_back() {
    let (dir, source) = saved();
    let first = open(dir.path()).expect("opening");
    let second = tempfile::tempdir().expect("a folder");
    Bundle::open(&source, &Device::flex())
        .expect("opening")
        .save(second.path())
        .expect("saving");
    let again = open(second.path()).expect("opening again");
    assert_eq!(first.manifest(), again.manifest());
    assert_eq!(first.model_sha256(), again.model_sha256());
    let request = FrameRequest::new(vec![0.3; LATENT_DIM]);
    let (a, b) = (
        first.frame(&request).unwrap(),
        again.frame(&request).unwrap(),
    );
    assert_eq!(a.image, b.image);
    assert_eq!(a.verdict, b.verdict);
    assert_eq!(first.sample(), again.sample());
}

#[test]
fn every_missing_file_is_named() {
    for file in FILES {
        let (dir, _) = saved();
        fs::remove_file(self::file(dir.path(), file)).unwrap();
        assert!(complaint(dir.path(), file).contains("missing"));
    }
}

#[test]
fn a_flipped_bit_anywhere_is_noticed() {
    for file in FILES {
        let (dir, _) = saved();
        let path = self::file(dir.path(), file);
        let original = fs::read(&path).unwrap();
        // The first byte, the last, and some between.
        for part in 0..=8 {
            let at = (original.len() - 1) * part / 8;
            let mut damaged = original.clone();
            damaged[at] ^= 1;
            fs::write(&path, damaged).unwrap();
            complaint(dir.path(), file);
        }
        fs::write(&path, &original).unwrap();
        open(dir.path()).expect("the original is sound");
    }
}

/// A clone on Windows may have other line ends than what was committed.
#[test]
fn a_manifest_with_the_line_ends_of_windows_opens() {
    let (dir, _) = saved();
    let before = open(dir.path()).unwrap().manifest().clone();
    let path = file(dir.path(), "manifest");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace('\n', "\r\n")).unwrap();
    assert_eq!(*open(dir.path()).unwrap().manifest(), before);
    // One line alone is not what Git does.
    fs::write(
        &path,
        text.replacen('\n', "\r\n", 3).replacen("\r\n", "\n", 2),
    )
    .unwrap();
    complaint(dir.path(), "manifest");
}

#[test]
fn a_truncated_file_is_noticed() {
    for file in FILES {
        let (dir, _) = saved();
        let path = self::file(dir.path(), file);
        let original = fs::read(&path).unwrap();
        for length in [0, 1, original.len() / 2, original.len() - 1] {
            fs::write(&path, &original[..length]).unwrap();
            complaint(dir.path(), file);
        }
    }
}

/// Writes a manifest with a valid checksum line but other content.
pub fn rewrite(dir: &Path, from: &str, to: &str) {
    let path = dir.join("manifest.ron");
    let text = fs::read_to_string(&path).unwrap();
    let (_, body) = text.split_once('\n').unwrap();
    assert!(body.contains(from), "{from} is not in the manifest");
    let body = body.replacen(from, to, 1);
    let digest = files::sha256_hex(body.as_bytes());
    fs::write(path, format!("// sha256 of what follows: {digest}\n{body}")).unwrap();
}

#[test]
fn a_manifest_that_contradicts_itself_is_refused() {
    for (from, to, reason) in [
        ("format_version: 2", "format_version: 3", "newer version"),
        ("format_version: 2", "format_version: 0", "format version 0"),
        ("latent_dim: 4", "latent_dim: 0", "latent_dim is 0"),
        ("latent_dim: 4", "latent_dim: 5", "5 was expected"),
        ("temperature: 1.5", "temperature: -1.5", "temperature"),
        ("classes: 3", "classes: 4", "3 classes apart"),
        ("classes: 3", "classes: 0", "classes is 0"),
        ("\"green\"", "\"red\"", "two of its classes"),
        ("height: 20", "height: 129", "8 to 128 pixels"),
        ("height: 20", "height: 0", "8 to 128 pixels"),
        ("channels: 3", "channels: 2", "1 or 3 channels"),
        ("name: \"vae-", "name: \"../vae-", "no name of a file"),
        ("width: 4", "width: 0", "width is 0"),
        ("width: 4", "depth: 4", "depth"),
        (
            "format_version: 2",
            "format_version: 2, surprise: 3",
            "surprise",
        ),
    ] {
        let (dir, _) = saved();
        rewrite(dir.path(), from, to);
        let text = complaint(dir.path(), "manifest.ron");
        assert!(text.contains(reason), "{text} does not say {reason}");
    }
}

#[test]
fn weights_of_another_shape_are_refused() {
    let (dir, _) = saved();
    rewrite(dir.path(), "channels: [8, 16, 16]", "channels: [8, 8, 16]");
    complaint(dir.path(), "vae-");
}

#[test]
fn a_network_too_large_for_its_file_is_refused() {
    for (from, to, file) in [
        (
            "channels: [8, 16, 16]",
            "channels: [1024, 1024, 1024]",
            "vae-",
        ),
        ("width: 4", "width: 256", "classifier-"),
    ] {
        let (dir, _) = saved();
        rewrite(dir.path(), from, to);
        let text = complaint(dir.path(), file);
        assert!(text.contains("too few"), "{text}");
    }
}

#[test]
fn weights_that_are_no_numbers_are_refused() {
    struct Poison;
    impl ModuleMapper for Poison {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            param.map(|value| value * f32::NAN)
        }
    }
    let mut bundle = bundle();
    bundle.generator = bundle.generator.map(|generator| match generator {
        Generator::Vae(vae) => Generator::Vae(vae.map(&mut Poison)),
        other => other,
    });
    let dir = tempfile::tempdir().unwrap();
    let error = bundle
        .save(dir.path())
        .expect_err("it would not open again");
    let text = error.to_string();
    assert!(
        text.contains("vae-") && text.contains("not a number"),
        "{text}"
    );
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn a_running_variance_below_zero_is_refused() {
    let (dir, model) = saved();
    let path = file(dir.path(), "classifier");
    let mut bytes = fs::read(&path).unwrap();
    let (header, metadata) = SafeTensors::read_metadata(&bytes).unwrap();
    let tensors = metadata.tensors();
    let (_, variance) = tensors
        .iter()
        .find(|(name, _)| name.ends_with("running_var"))
        .expect("a batch normalisation has one");
    // After the length of the header, eight bytes, and the header itself.
    let first = 8 + header + variance.data_offsets.0;
    bytes[first..first + 4].copy_from_slice(&(-1.0_f32).to_le_bytes());
    let record = Manifest::read(&model).unwrap().files[&FileRole::Classifier].clone();
    rewrite(dir.path(), &record.sha256, &files::sha256_hex(&bytes));
    fs::write(&path, bytes).unwrap();
    let text = complaint(dir.path(), "classifier-");
    assert!(
        text.contains("running_var") && text.contains("variance below 0"),
        "{text}"
    );
}

#[test]
fn a_failed_save_leaves_what_was_there() {
    let (dir, _) = saved();
    let target = dir.path().join("bundle");
    fs::write(&target, "a file where a folder is wanted").unwrap();
    let error = bundle()
        .save(&target)
        .expect_err("no folder can be made there");
    assert!(error.to_string().contains("choose a folder"));
    assert_eq!(
        fs::read_to_string(&target).unwrap(),
        "a file where a folder is wanted"
    );
}

#[test]
fn a_bundle_of_another_data_set_is_not_mixed_with() {
    let (dir, _) = saved();
    let others = [
        DatasetInfo {
            name: "pictures".to_owned(),
            ..info()
        },
        DatasetInfo {
            class_names: vec!["round".to_owned(), "square".to_owned()],
            ..info()
        },
        DatasetInfo {
            shape: ImageShape::new(3, 32, 32).expect("within the bounds"),
            ..info()
        },
    ];
    for other in others {
        let error = Bundle::open_or_empty(dir.path(), &other, &Device::flex())
            .expect_err("the folder holds another bundle")
            .to_string();
        assert!(
            error.contains("flags") && error.contains("another output folder"),
            "{error}"
        );
    }
    Bundle::open_or_empty(dir.path(), &info(), &Device::flex()).expect("the same data set");
}
