//! Images in, seeded batches out.
//!
//! The sources of images are the data sets whose files are known ([`load()`], with [`fetch()`] to get them), a folder of
//! pictures ([`load_folder`]), stored arrays ([`load_arrays`]), a small sample inside the program ([`sample()`]), and single pictures of the user's own
//! ([`user_image()`]). All become images of one [`ImageShape`], with or without labels, and [`image_tensor`] hands them to
//! the models with values in `[0, 1]`. What a data set is stands in its [`DatasetInfo`], which a model carries with it.
//!
//! Nothing that comes from outside is trusted: contents are checked against their SHA-256, lengths against their
//! headers, and no file decompresses to more than belongs in it.

mod archive;
mod arrays;
mod augment;
mod batches;
mod cache;
mod error;
#[cfg(feature = "fetch")]
pub mod fetch;
pub mod folder;
mod format;
pub mod idx;
mod images;
mod info;
pub mod inspect;
mod known;
mod labels;
mod limit;
mod load;
mod one_image;
mod pixels;
mod pyramid;
mod sample;
mod shape;
mod source;
mod square;
mod types;
pub mod user_image;

pub use arrays::{ArrayDataset, ArrayOptions, load_arrays};
pub use augment::{Augmentation, Outside};
pub use batches::{
    binarised, drop_labels, image_data, image_tensor, label_data, label_tensor, permutation,
    shuffled_batches,
};
pub use cache::{Cache, CacheUsage};
pub use error::{DatasetError, MirrorFailure};
#[cfg(feature = "fetch")]
pub use fetch::{
    FetchOptions, FetchOutcome, FetchProgress, FetchReport, FetchedFile, RemoteFile, fetch,
    fetch_files,
};
pub use folder::{BrokenPicture, FolderDataset, FolderOptions, load_folder};
pub use format::data_format;
pub use idx::{Idx, IdxError, parse_idx, read_idx};
pub use images::LabelledImages;
pub use info::{DatasetInfo, Fit, MAX_CLASSES, Preparation, class_name};
pub use known::{FileRole, KnownDataset, KnownFile};
pub use limit::balanced;
pub use load::{
    HELD_OUT, SPLIT_SEED, Splits, has_files, load, load_idx_pair, load_test, split_indices,
};
pub use one_image::{Image, rgb};
pub use pyramid::{Layer, map_sides};
pub use sample::{sample, small_sample};
pub use shape::ImageShape;
pub use source::{DataFormat, DataSource, LabelSource, MAX_LABEL_COLUMNS, TableLabels};
pub use square::{crop_from_square, crop_values, pad_to_square, pad_values};
pub use types::{ClassId, Seed};
pub use user_image::{
    Adjustments, MAX_IMAGE_PIXELS, MAX_IMAGE_SIDE, MAX_TILT, PictureWarning, Prepared, Region,
    adjusted_image, drawing, prepare, prepare_turned, read_picture, user_image,
};
