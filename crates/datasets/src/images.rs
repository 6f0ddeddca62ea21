//! Images of one shape, with or without labels.

use std::borrow::Cow;

use crate::{ClassId, DatasetError, Image, ImageShape, MAX_CLASSES, pixels::Pixels};

/// Images of one shape, each with its class if they have any.
///
/// Pixels are bytes, 255 for 1, in the order `[images, channels, height, width]`. Every label is below
/// [`Self::classes`]; images without labels have 0 classes.
///
/// They lie in memory, or in a file that holds the prepared pictures of a folder (see [`crate::load_folder`]) and from which each is read
/// when it is asked for. Which of the two makes no difference but for [`Self::read`], which can fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelledImages {
    shape: ImageShape,
    pixels: Pixels,
    labels: Vec<u16>,
    classes: usize,
}

impl LabelledImages {
    /// Takes `pixels`, `[images, channels, height, width]`, and one label an image, each below `classes`.
    ///
    /// # Errors
    ///
    /// [`DatasetError::PixelCount`] if the pixels do not make one image a label, [`DatasetError::ClassCount`] unless there
    /// are 1 to [`MAX_CLASSES`] classes, and [`DatasetError::LabelRange`] for the first label that is `classes` or more.
    pub fn new(
        shape: ImageShape,
        pixels: Vec<u8>,
        labels: Vec<u16>,
        classes: usize,
    ) -> Result<Self, DatasetError> {
        if labels.len().checked_mul(shape.values()) != Some(pixels.len()) {
            return Err(DatasetError::PixelCount {
                pixels: pixels.len(),
                labels: labels.len(),
                shape,
            });
        }
        Self::with_labels(shape, Pixels::Memory(pixels), labels, classes)
    }

    /// Takes as many labels as there are images.
    pub(crate) fn with_labels(
        shape: ImageShape,
        pixels: Pixels,
        labels: Vec<u16>,
        classes: usize,
    ) -> Result<Self, DatasetError> {
        if !(1..=MAX_CLASSES).contains(&classes) {
            return Err(DatasetError::ClassCount { classes });
        }
        let mut numbered = labels.iter().enumerate();
        if let Some((index, &label)) = numbered.find(|(_, label)| usize::from(**label) >= classes) {
            return Err(DatasetError::LabelRange {
                index,
                label,
                classes,
            });
        }
        Ok(Self {
            shape,
            pixels,
            labels,
            classes,
        })
    }

    /// Takes `pixels`, `[images, channels, height, width]`, of images without labels.
    ///
    /// # Errors
    ///
    /// [`DatasetError::PixelCount`] if the pixels do not make whole images.
    pub fn unlabelled(shape: ImageShape, pixels: Vec<u8>) -> Result<Self, DatasetError> {
        if !pixels.len().is_multiple_of(shape.values()) {
            return Err(DatasetError::PixelCount {
                pixels: pixels.len(),
                labels: pixels.len() / shape.values(),
                shape,
            });
        }
        Ok(Self::without(shape, Pixels::Memory(pixels)))
    }

    /// Images without labels.
    pub(crate) fn without(shape: ImageShape, pixels: Pixels) -> Self {
        Self {
            shape,
            pixels,
            labels: Vec::new(),
            classes: 0,
        }
    }

    /// SHA-256 over shape, labels and pixels in hexadecimal: what tells these images from others.
    ///
    /// # Errors
    ///
    /// As [`Self::read`].
    pub fn sha256(&self) -> Result<String, DatasetError> {
        let numbers = [&[self.len(), self.classes], &self.shape.batch(0)[1..]].concat();
        let numbers = numbers.iter().flat_map(|n| (*n as u64).to_le_bytes());
        let labels = self.labels.iter().flat_map(|label| label.to_le_bytes());
        let head: Vec<u8> = numbers.chain(labels).collect();
        let mut checksum = files::Checksum::default();
        checksum.update(&head);
        for index in 0..self.len() {
            checksum.update(&self.read(index)?);
        }
        Ok(checksum.hex())
    }

    /// The size of each image.
    #[must_use]
    pub fn shape(&self) -> ImageShape {
        self.shape
    }

    /// How many images there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pixels.images(self.shape.values())
    }

    /// Whether there is no image.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many classes the labels are drawn from, whether or not each occurs; 0 for images without labels.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Whether every image has a label below `classes`.
    #[must_use]
    pub fn has_labels_below(&self, classes: usize) -> bool {
        let fits = |i| self.label(i).is_some_and(|label| label.index() < classes);
        (0..self.len()).all(fits)
    }

    /// Whether the images have classes.
    #[must_use]
    pub fn is_labelled(&self) -> bool {
        self.classes > 0
    }

    /// The bytes of image `index`, `[channels, height, width]`, wherever they lie.
    ///
    /// # Errors
    ///
    /// [`DatasetError::PreparedImages`] if they lie in a file that can no longer be read.
    ///
    /// # Panics
    ///
    /// If `index` is not below [`Self::len`].
    pub fn read(&self, index: usize) -> Result<Cow<'_, [u8]>, DatasetError> {
        self.pixels.read(index, self.shape.values())
    }

    /// [`Self::read`] of images that are known to lie in memory: those of a sample, of arrays, and what was made from bytes.
    ///
    /// # Panics
    ///
    /// If `index` is not below [`Self::len`], or the images lie in a file that can no longer be read.
    #[must_use]
    pub fn values(&self, index: usize) -> Cow<'_, [u8]> {
        self.read(index).expect("images in memory can be read")
    }

    /// Image `index` with values in `[0, 1]`, as [`Self::values`].
    ///
    /// # Panics
    ///
    /// As [`Self::values`].
    #[must_use]
    pub fn image(&self, index: usize) -> Image {
        Image::from_bytes(self.shape, &self.values(index)).expect("bytes of one image")
    }

    /// The class of image `index`; `None` if the images have no labels, or there is no such image.
    #[must_use]
    pub fn label(&self, index: usize) -> Option<ClassId> {
        self.labels.get(index).copied().map(ClassId)
    }

    /// The class numbers of all images, in order; empty if they have no labels.
    #[must_use]
    pub fn labels(&self) -> &[u16] {
        &self.labels
    }

    /// The bytes of all images, one after the other.
    ///
    /// # Errors
    ///
    /// As [`Self::read`].
    pub fn pixels(&self) -> Result<Cow<'_, [u8]>, DatasetError> {
        match &self.pixels {
            Pixels::Memory(bytes) => Ok(bytes.into()),
            Pixels::File { .. } => Ok(self.pixels.to_memory(self.shape.values())?.into()),
        }
    }

    /// The same images in memory: for a few of many.
    ///
    /// # Errors
    ///
    /// As [`Self::read`].
    pub fn in_memory(self) -> Result<Self, DatasetError> {
        if let Pixels::Memory(_) = self.pixels {
            return Ok(self);
        }
        let pixels = Pixels::Memory(self.pixels.to_memory(self.shape.values())?);
        Ok(Self { pixels, ..self })
    }

    /// The positions of the images of one class, ascending.
    #[must_use]
    pub fn indices_of(&self, class: ClassId) -> Vec<usize> {
        let labels = self.labels.iter().enumerate();
        labels
            .filter(|&(_, &label)| label == class.0)
            .map(|(index, _)| index)
            .collect()
    }

    /// The same images, one of each class in turn: the first ones then stand for all, also of a set that was ordered by
    /// class. Without labels, they stay as they are.
    #[must_use]
    pub fn by_turns(&self) -> Self {
        let mut seen = vec![0_usize; self.classes()];
        let turn = |&label: &u16| {
            let turn = &mut seen[usize::from(label)];
            *turn += 1;
            *turn
        };
        let turns: Vec<usize> = self.labels.iter().map(turn).collect();
        let mut order: Vec<usize> = (0..self.len()).collect();
        if self.is_labelled() {
            order.sort_by_key(|&index| (turns[index], self.labels[index]));
        }
        self.subset(&order)
    }

    /// The images at `indices`, in that order; an index may occur more than once. Images in a file stay there.
    ///
    /// # Panics
    ///
    /// If an index is not below [`Self::len`].
    #[must_use]
    pub fn subset(&self, indices: &[usize]) -> Self {
        let pixels = self.pixels.subset(indices, self.shape.values());
        let labels = if self.is_labelled() {
            indices.iter().map(|&index| self.labels[index]).collect()
        } else {
            Vec::new()
        };
        Self {
            shape: self.shape,
            pixels,
            labels,
            classes: self.classes,
        }
    }

    /// The same images without their labels.
    #[must_use]
    pub fn without_labels(self) -> Self {
        Self {
            labels: Vec::new(),
            classes: 0,
            ..self
        }
    }

    /// These images followed by those of `other`. The larger number of classes holds for both.
    ///
    /// # Errors
    ///
    /// [`DatasetError::Mixed`] if the shapes differ, or only one of the two has labels, and as [`Self::read`].
    pub fn concat(&self, other: &Self) -> Result<Self, DatasetError> {
        if self.shape != other.shape || self.is_labelled() != other.is_labelled() {
            return Err(DatasetError::Mixed {
                shapes: [self.shape, other.shape],
                labelled: [self.is_labelled(), other.is_labelled()],
            });
        }
        Ok(Self {
            shape: self.shape,
            pixels: self.pixels.concat(&other.pixels, self.shape.values())?,
            labels: [self.labels.as_slice(), &other.labels].concat(),
            classes: self.classes.max(other.classes),
        })
    }
}
