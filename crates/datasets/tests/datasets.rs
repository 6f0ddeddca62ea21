//! One test binary for the crate, because each links the whole Burn stack.

#![expect(clippy::float_cmp, reason = "pixels that must be exactly 0 or 1")]

#[path = "datasets/adjustments.rs"]
mod adjustments;
#[path = "datasets/augment.rs"]
mod augment;
#[path = "datasets/batches.rs"]
mod batches;
// How it is told that a file was not written anew.
#[cfg(unix)]
#[path = "datasets/cache.rs"]
mod cache;
#[path = "datasets/celeba.rs"]
mod celeba;
#[path = "datasets/drawings.rs"]
mod drawings;
#[path = "datasets/fetch.rs"]
mod fetch;
#[path = "datasets/fetch_case.rs"]
mod fetch_case;
#[path = "datasets/fetch_copied.rs"]
mod fetch_copied;
#[path = "datasets/fetch_resumed.rs"]
mod fetch_resumed;
#[path = "datasets/fetch_wrong.rs"]
mod fetch_wrong;
#[path = "datasets/folder.rs"]
mod folder;
#[path = "datasets/idx.rs"]
mod idx;
#[path = "datasets/images.rs"]
mod images;
#[path = "datasets/info.rs"]
mod info;
#[path = "datasets/labels.rs"]
mod labels;
#[path = "datasets/limit.rs"]
mod limit;
#[path = "datasets/load.rs"]
mod load;
#[path = "datasets/pages.rs"]
mod pages;
#[path = "datasets/photographs.rs"]
mod photographs;
#[path = "datasets/picture_files.rs"]
mod picture_files;
#[path = "datasets/pictures.rs"]
mod pictures;
#[path = "datasets/recognised.rs"]
mod recognised;
#[path = "datasets/server.rs"]
mod server;
#[path = "datasets/square.rs"]
mod square;
#[path = "datasets/user_image.rs"]
mod user_image;

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};

/// The bytes of an IDX file of unsigned bytes.
fn idx_bytes(dims: &[u32], data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, u8::try_from(dims.len()).unwrap()];
    bytes.extend(dims.iter().flat_map(|dim| dim.to_be_bytes()));
    bytes.extend_from_slice(data);
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
