//! The data sets that this project can fetch: their files, checksums and public mirrors, and what they are. Nothing but
//! fetching and verifying looks a data set up here: a model carries its own [`DatasetInfo`].

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Augmentation, DatasetError, DatasetInfo, Fit, ImageShape, Preparation};

/// A data set whose files are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KnownDataset {
    /// Handwritten digits: 60,000 for training, 10,000 for testing.
    Mnist,
    /// Photographs of clothing in MNIST's format and numbers.
    FashionMnist,
    /// Drawn faces in ten styles, in colour.
    Avatars,
}

/// What one of the files of a data set holds.
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
    /// A tar archive of pictures, a folder a class.
    Archive,
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
    /// The length of the decompressed file in bytes.
    pub bytes: usize,
}

impl KnownDataset {
    /// Every known data set.
    pub const ALL: [Self; 3] = [Self::Mnist, Self::FashionMnist, Self::Avatars];

    /// The name in commands and paths: `mnist`, `fashion-mnist` or `avatars`.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Mnist => "mnist",
            Self::FashionMnist => "fashion-mnist",
            Self::Avatars => "avatars",
        }
    }

    /// Where torchvision keeps its files, below the folder that it was given.
    pub(crate) fn torchvision_folder(self) -> &'static str {
        match self {
            Self::Mnist => "MNIST/raw",
            Self::FashionMnist => "FashionMNIST/raw",
            Self::Avatars => "Avatars/raw",
        }
    }

    /// The name in prose and on screen.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Mnist => "MNIST",
            Self::FashionMnist => "Fashion-MNIST",
            Self::Avatars => "Avatars",
        }
    }

    /// What each class shows, by class number.
    #[must_use]
    pub fn class_names(self) -> &'static [&'static str] {
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
            Self::Avatars => &[
                "adventurer",
                "big-ears",
                "big-smile",
                "lorelei",
                "micah",
                "miniavs",
                "open-peeps",
                "personas",
                "pixel-art",
                "toon-head",
            ],
        }
    }

    /// The size of its images.
    #[must_use]
    pub fn shape(self) -> ImageShape {
        match self {
            Self::Mnist | Self::FashionMnist => const { ImageShape::known(1, 28) },
            Self::Avatars => const { ImageShape::known(3, 64) },
        }
    }

    /// What it is, for a model to carry.
    #[must_use]
    pub fn info(self) -> DatasetInfo {
        let (preparation, augmentation, origin) = match self {
            Self::Mnist => (Preparation::Digit, Augmentation::digits(), MNIST_ORIGIN),
            Self::FashionMnist => (Preparation::Object, Augmentation::clothes(), FASHION_ORIGIN),
            Self::Avatars => (
                Preparation::Picture { fit: Fit::Crop },
                Augmentation::pictures(),
                AVATARS_ORIGIN,
            ),
        };
        DatasetInfo {
            name: self.slug().to_owned(),
            title: self.title().to_owned(),
            shape: self.shape(),
            class_names: self
                .class_names()
                .iter()
                .map(|&name| name.to_owned())
                .collect(),
            preparation,
            augmentation,
            origin: Some(origin.to_owned()),
            known: Some(self),
            source: None,
        }
    }

    /// Its files: training images and labels, then test images and labels; or one archive.
    #[must_use]
    pub fn files(self) -> &'static [KnownFile] {
        match self {
            Self::Mnist => &MNIST_FILES,
            Self::FashionMnist => &FASHION_MNIST_FILES,
            Self::Avatars => &AVATARS_FILES,
        }
    }

    /// The file in one role, if the data set has one.
    #[must_use]
    pub fn file(self, role: FileRole) -> Option<&'static KnownFile> {
        self.files().iter().find(|file| file.role == role)
    }

    /// Addresses of folders that serve the gzipped files, in the order in which to try them; none if nobody serves them.
    #[must_use]
    pub fn mirrors(self) -> &'static [&'static str] {
        match self {
            Self::Mnist => &[
                "https://ossci-datasets.s3.amazonaws.com/mnist/",
                "https://storage.googleapis.com/cvdf-datasets/mnist/",
            ],
            Self::FashionMnist => &["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"],
            Self::Avatars => &[],
        }
    }

    /// What to do where a file is missing: what nobody serves has to be taken from where it is.
    pub(crate) fn fetch_it(self) -> &'static str {
        if self.mirrors().is_empty() {
            "nobody serves it, so take it from where you have it"
        } else {
            "fetch it"
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

const MNIST_ORIGIN: &str =
    "MNIST by Yann LeCun, Corinna Cortes and Christopher J. C. Burges; CC BY-SA 3.0";

const FASHION_ORIGIN: &str = "Fashion-MNIST by Zalando SE; MIT licence";

/// The licences ask for these names.
const AVATARS_ORIGIN: &str = "Drawn by DiceBear, remixes of the originals. CC0 1.0: lorelei by Lisa Wischofsky, \
    open-peeps by Pablo Stanley, pixel-art by DiceBear. CC BY 4.0: adventurer by Lisa Wischofsky, big-ears by The Visual \
    Team, big-smile by Ashley Seo, micah by Micah Lanier, miniavs by Webpixels, personas by Draftbit, toon-head by Johan \
    Melin";

/// A file of grey images of 28x28 pixels behind the 16 bytes of an IDX header.
const fn images(
    role: FileRole,
    name: &'static str,
    sha256: &'static str,
    items: usize,
) -> KnownFile {
    KnownFile {
        name,
        role,
        sha256,
        items,
        bytes: 16 + items * 28 * 28,
    }
}

/// A file of labels behind the 8 bytes of an IDX header.
const fn labels(
    role: FileRole,
    name: &'static str,
    sha256: &'static str,
    items: usize,
) -> KnownFile {
    KnownFile {
        name,
        role,
        sha256,
        items,
        bytes: 8 + items,
    }
}

const MNIST_FILES: [KnownFile; 4] = [
    images(
        FileRole::TrainImages,
        "train-images-idx3-ubyte",
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        60_000,
    ),
    labels(
        FileRole::TrainLabels,
        "train-labels-idx1-ubyte",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        60_000,
    ),
    images(
        FileRole::TestImages,
        "t10k-images-idx3-ubyte",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        10_000,
    ),
    labels(
        FileRole::TestLabels,
        "t10k-labels-idx1-ubyte",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        10_000,
    ),
];

const FASHION_MNIST_FILES: [KnownFile; 4] = [
    images(
        FileRole::TrainImages,
        "train-images-idx3-ubyte",
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        60_000,
    ),
    labels(
        FileRole::TrainLabels,
        "train-labels-idx1-ubyte",
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        60_000,
    ),
    images(
        FileRole::TestImages,
        "t10k-images-idx3-ubyte",
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        10_000,
    ),
    labels(
        FileRole::TestLabels,
        "t10k-labels-idx1-ubyte",
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        10_000,
    ),
];

const AVATARS_FILES: [KnownFile; 1] = [KnownFile {
    name: "avatars-64.tar",
    role: FileRole::Archive,
    sha256: "edebed71229726d47778e177b67a542c6dbb65063eb46a97379bee2cb31e81ab",
    items: 20_000,
    bytes: 68_976_640,
}];
