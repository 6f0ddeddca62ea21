//! What prepared images are called: a checksum over all that they follow from.

use std::{fmt, path::Path};

use rayon::prelude::*;

use super::PREPARATION_VERSION;
use crate::{Fit, ImageShape, Preparation, user_image::MAX_FILE_BYTES};

/// The name of what was made from some pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key(String);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The checksum of the content of some files, in their order. A file that cannot be read counts as what no file holds.
pub(crate) fn content(paths: &[&Path]) -> String {
    let checksum = |path: &&Path| {
        let bytes = files::read(path, MAX_FILE_BYTES);
        bytes.map_or_else(
            |_| "unreadable".to_owned(),
            |bytes| files::sha256_hex(&bytes),
        )
    };
    // Checksums of checksums, so that the files can be read side by side.
    let checksums: Vec<String> = paths.par_iter().map(checksum).collect();
    let mut all = files::Checksum::default();
    for checksum in checksums {
        all.update(checksum.as_bytes());
        all.update(b"\n");
    }
    all.hex()
}

impl Key {
    /// Of what is known about pictures of this content.
    pub fn of_survey(content: &str) -> Self {
        Self::of(&["survey", content])
    }

    /// Of images that were prepared from pictures of this content.
    pub fn of_images(content: &str, preparation: Preparation, shape: ImageShape) -> Self {
        Self::of(&["images", content, name(preparation), &shape.to_string()])
    }

    fn of(parts: &[&str]) -> Self {
        let mut checksum = files::Checksum::default();
        checksum.update(format!("prepared pictures, version {PREPARATION_VERSION}").as_bytes());
        for part in parts {
            checksum.update(b"\n");
            checksum.update(part.as_bytes());
        }
        Self(checksum.hex())
    }
}

fn name(preparation: Preparation) -> &'static str {
    match preparation {
        Preparation::Digit => "digit",
        Preparation::Object => "object",
        Preparation::Picture { fit: Fit::Crop } => "picture, cropped",
        Preparation::Picture { fit: Fit::Stretch } => "picture, stretched",
        Preparation::Picture { fit: Fit::Pad } => "picture, padded",
        Preparation::Picture { fit: Fit::Object } => "picture, cut to the object",
    }
}
