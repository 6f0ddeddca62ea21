//! The shipped samples.

use std::collections::{BTreeMap, BTreeSet};

use datasets::{KnownDataset, LabelledImages};

/// The shipped samples that are unpacked, and those that a thread was asked for.
#[derive(Default)]
pub(in crate::app) struct Samples {
    pub images: BTreeMap<KnownDataset, LabelledImages>,
    pub asked: BTreeSet<KnownDataset>,
}
