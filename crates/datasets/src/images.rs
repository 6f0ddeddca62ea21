//! Labelled images in memory.

use crate::{ClassId, DatasetError, GreyImage28, PIXELS};

/// Grey images of 28x28 pixels with one class each.
///
/// Pixels are bytes as in the files: 0 is the background, 255 full ink. Every label is below [`Self::classes`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelledImages {
    pixels: Vec<u8>,
    labels: Vec<u8>,
    classes: usize,
}

impl LabelledImages {
    /// Takes `pixels` (784 bytes an image, row by row) and one label an image, each below `classes`.
    ///
    /// # Errors
    ///
    /// [`DatasetError::PixelCount`] if the pixels do not make one image a label, and [`DatasetError::LabelRange`]
    /// for the first label that is `classes` or more.
    pub fn new(pixels: Vec<u8>, labels: Vec<u8>, classes: usize) -> Result<Self, DatasetError> {
        if labels.len().checked_mul(PIXELS) != Some(pixels.len()) {
            return Err(DatasetError::PixelCount {
                pixels: pixels.len(),
                labels: labels.len(),
            });
        }
        let wrong = labels
            .iter()
            .position(|&label| usize::from(label) >= classes);
        if let Some(index) = wrong {
            return Err(DatasetError::LabelRange {
                index,
                label: labels[index],
                classes,
            });
        }
        Ok(Self {
            pixels,
            labels,
            classes,
        })
    }

    /// How many images there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no image.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// How many classes the labels are drawn from, whether or not each occurs.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The 784 pixels of image `index`, row by row.
    ///
    /// # Panics
    ///
    /// If `index` is not below [`Self::len`].
    #[must_use]
    pub fn image(&self, index: usize) -> &[u8] {
        &self.pixels[index * PIXELS..][..PIXELS]
    }

    /// Image `index` with values in [0, 1].
    ///
    /// # Panics
    ///
    /// If `index` is not below [`Self::len`].
    #[must_use]
    pub fn grey_image(&self, index: usize) -> GreyImage28 {
        let image = self.image(index);
        GreyImage28 {
            pixels: std::array::from_fn(|pixel| f32::from(image[pixel]) / 255.0),
        }
    }

    /// The class of image `index`.
    ///
    /// # Panics
    ///
    /// If `index` is not below [`Self::len`].
    #[must_use]
    pub fn label(&self, index: usize) -> ClassId {
        ClassId(self.labels[index])
    }

    /// The classes of all images, in order, as bytes.
    #[must_use]
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// The pixels of all images, one after the other.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
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

    /// The images at `indices`, in that order; an index may occur more than once.
    ///
    /// # Panics
    ///
    /// If an index is not below [`Self::len`].
    #[must_use]
    pub fn subset(&self, indices: &[usize]) -> Self {
        let mut pixels = Vec::with_capacity(indices.len() * PIXELS);
        for &index in indices {
            pixels.extend_from_slice(self.image(index));
        }
        Self {
            pixels,
            labels: indices.iter().map(|&index| self.labels[index]).collect(),
            classes: self.classes,
        }
    }

    /// These images followed by those of `other`. The larger number of classes holds for both.
    #[must_use]
    pub fn concat(&self, other: &Self) -> Self {
        Self {
            pixels: [self.pixels.as_slice(), &other.pixels].concat(),
            labels: [self.labels.as_slice(), &other.labels].concat(),
            classes: self.classes.max(other.classes),
        }
    }
}
