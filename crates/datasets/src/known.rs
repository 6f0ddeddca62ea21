//! The data sets that this project knows by name: their files, checksums, classes and public mirrors.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{DatasetError, PIXELS};

/// A data set with fixed files and class names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KnownDataset {
    /// Handwritten digits: 60,000 for training, 10,000 for testing.
    Mnist,
    /// Photographs of clothing in MNIST's format and numbers.
    FashionMnist,
}

/// What one of the four files of a data set holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileRole {
    /// The images for training.
    TrainImages,
    /// The labels for training.
    TrainLabels,
    /// The images for testing.
    TestImages,
    /// The labels for testing.
    TestLabels,
}

/// One file of a data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownFile {
    /// The decompressed file's name; mirrors serve it with `.gz` at the end.
    pub name: &'static str,
    /// What the file holds.
    pub role: FileRole,
    /// SHA-256 of the decompressed bytes as lower-case hexadecimal digits, so that any mirror's gzip verifies.
    pub sha256: &'static str,
    /// How many images or labels the file holds.
    pub items: usize,
}

impl KnownFile {
    /// The length of the decompressed file in bytes: the IDX header, then the items.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match self.role {
            FileRole::TrainImages | FileRole::TestImages => 16 + self.items * PIXELS,
            FileRole::TrainLabels | FileRole::TestLabels => 8 + self.items,
        }
    }
}

impl KnownDataset {
    /// Every known data set.
    pub const ALL: [Self; 2] = [Self::Mnist, Self::FashionMnist];

    /// The number of classes in each known data set.
    pub const CLASSES: usize = 10;

    /// The name in commands and paths: `mnist` or `fashion-mnist`.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Mnist => "mnist",
            Self::FashionMnist => "fashion-mnist",
        }
    }

    /// The name in prose and on screen.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Mnist => "MNIST",
            Self::FashionMnist => "Fashion-MNIST",
        }
    }

    /// What each class shows, by class number.
    #[must_use]
    pub fn class_names(self) -> &'static [&'static str; 10] {
        match self {
            Self::Mnist => &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
            Self::FashionMnist => &[
                "T-shirt/top",
                "Trouser",
                "Pullover",
                "Dress",
                "Coat",
                "Sandal",
                "Shirt",
                "Sneaker",
                "Bag",
                "Ankle boot",
            ],
        }
    }

    /// The four files: training images and labels, then test images and labels.
    #[must_use]
    pub fn files(self) -> &'static [KnownFile; 4] {
        match self {
            Self::Mnist => &MNIST_FILES,
            Self::FashionMnist => &FASHION_MNIST_FILES,
        }
    }

    /// The file in one role.
    #[must_use]
    pub fn file(self, role: FileRole) -> &'static KnownFile {
        let [train_images, train_labels, test_images, test_labels] = self.files();
        match role {
            FileRole::TrainImages => train_images,
            FileRole::TrainLabels => train_labels,
            FileRole::TestImages => test_images,
            FileRole::TestLabels => test_labels,
        }
    }

    /// Addresses of folders that serve the gzipped files, in the order in which to try them.
    #[must_use]
    pub fn mirrors(self) -> &'static [&'static str] {
        match self {
            Self::Mnist => &[
                "https://ossci-datasets.s3.amazonaws.com/mnist/",
                "https://storage.googleapis.com/cvdf-datasets/mnist/",
            ],
            Self::FashionMnist => &["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"],
        }
    }
}

impl fmt::Display for KnownDataset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.slug())
    }
}

impl FromStr for KnownDataset {
    type Err = DatasetError;

    /// Reads a slug, in capital or small letters.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL
            .into_iter()
            .find(|known| known.slug().eq_ignore_ascii_case(text));
        found.ok_or_else(|| DatasetError::UnknownDataset {
            given: text.to_owned(),
        })
    }
}

const fn file(name: &'static str, role: FileRole, sha256: &'static str, items: usize) -> KnownFile {
    KnownFile {
        name,
        role,
        sha256,
        items,
    }
}

const MNIST_FILES: [KnownFile; 4] = [
    file(
        "train-images-idx3-ubyte",
        FileRole::TrainImages,
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        60_000,
    ),
    file(
        "train-labels-idx1-ubyte",
        FileRole::TrainLabels,
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        60_000,
    ),
    file(
        "t10k-images-idx3-ubyte",
        FileRole::TestImages,
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        10_000,
    ),
    file(
        "t10k-labels-idx1-ubyte",
        FileRole::TestLabels,
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        10_000,
    ),
];

const FASHION_MNIST_FILES: [KnownFile; 4] = [
    file(
        "train-images-idx3-ubyte",
        FileRole::TrainImages,
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        60_000,
    ),
    file(
        "train-labels-idx1-ubyte",
        FileRole::TrainLabels,
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        60_000,
    ),
    file(
        "t10k-images-idx3-ubyte",
        FileRole::TestImages,
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        10_000,
    ),
    file(
        "t10k-labels-idx1-ubyte",
        FileRole::TestLabels,
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        10_000,
    ),
];
