//! Labelled 28x28 images in, seeded batches out.
//!
//! The sources of images are the known data sets as IDX files ([`load()`], with [`fetch()`] to get them), a folder of
//! images per class ([`load_folder`]), a small sample inside the program ([`sample()`]), and single pictures of the
//! user's own ([`user_image()`]). All become grey images of 28x28 pixels with 0 for the background, and
//! [`image_tensor`] hands them to the models with values in [0, 1].
//!
//! Nothing that comes from outside is trusted: contents are checked against their SHA-256, lengths against their
//! headers, and no file decompresses to more than belongs in it.

mod batches;
mod error;
pub mod fetch;
pub mod folder;
pub mod idx;
mod images;
mod known;
mod load;
mod sample;
mod types;
pub mod user_image;

pub use batches::{
    binarised, image_data, image_tensor, label_data, label_tensor, permutation, shuffled_batches,
};
pub use error::{DatasetError, MirrorFailure};
pub use fetch::{
    FetchOptions, FetchOutcome, FetchProgress, FetchReport, FetchedFile, RemoteFile, fetch,
    fetch_files,
};
pub use folder::{FolderDataset, load_folder};
pub use idx::{Idx, IdxError, parse_idx, read_idx};
pub use images::LabelledImages;
pub use known::{FileRole, KnownDataset, KnownFile};
pub use load::{HELD_OUT, SPLIT_SEED, Splits, load, load_idx_pair, load_test, split_indices};
pub use sample::sample;
pub use types::{ClassId, PIXELS, SIDE, Seed};
pub use user_image::{
    Fit, GreyImage28, MAX_IMAGE_PIXELS, MAX_IMAGE_SIDE, drawing28, grey28, user_image,
};
