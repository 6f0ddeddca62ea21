//! Feature maps in the layout that the loops read, and the ways from and to Burn's layout.

use aligned_vec::{AVec, ConstAlign, avec};

use crate::loops::relu;
use crate::planes;

/// Pixels of zeros around each map: as many as a 3x3 or a strided 4x4 kernel reads beyond the edge.
pub(crate) const BORDER: usize = 1;

/// Numbers that begin at a multiple of 64 bytes, so that no vector of 16 lies across two lines of the cache.
pub(crate) type Aligned = AVec<f32, ConstAlign<64>>;

/// So many zeros.
pub(crate) fn zeros(length: usize) -> Aligned {
    avec![[64]| 0.0; length]
}

/// Channels that the kernels write at a time.
pub(crate) const LANES: usize = 16;

/// Up to so many channels are few: those of an image. They lie without a gap, so that the pixels of one row of a kernel are
/// one run of values, and have loops of their own.
pub(crate) const FEW: usize = 4;

/// Values from one pixel to the next in maps of so many channels.
pub(crate) fn pitch(channels: usize) -> usize {
    if channels <= FEW {
        channels
    } else {
        channels.next_multiple_of(LANES)
    }
}

/// The feature maps of one image, in the layout that the loops read: pixel by pixel with the channels together, and a
/// border of zeros around: `[side + 2, side + 2, channels]`. More than four channels are rounded up to a multiple of 16, and
/// the added ones are 0.
///
/// Within the crate also those of a few images, one behind the other: small maps of one image alone would keep the loops
/// less busy than the reading of the weights.
#[derive(Debug, Clone)]
pub struct Maps {
    images: usize,
    side: usize,
    channels: usize,
    pub(crate) values: Aligned,
}

impl Maps {
    /// Maps of zeros, `[channels, side, side]`.
    #[must_use]
    pub fn zeros(channels: usize, side: usize) -> Self {
        Self::group(1, channels, side)
    }

    /// Maps of zeros of some images.
    pub(crate) fn group(images: usize, channels: usize, side: usize) -> Self {
        let row = side + 2 * BORDER;
        Self {
            images,
            side,
            channels,
            values: zeros(images * row * row * pitch(channels)),
        }
    }

    /// Images, channels and side.
    pub(crate) fn shape(&self) -> [usize; 3] {
        [self.images, self.channels, self.side]
    }

    /// Side of the maps, in pixels, without the border.
    #[must_use]
    pub fn side(&self) -> usize {
        self.side
    }

    /// Feature maps.
    #[must_use]
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Values from one pixel to the next.
    pub(crate) fn pitch(&self) -> usize {
        pitch(self.channels)
    }

    /// Takes values in Burn's order, `[channels, side, side]`.
    ///
    /// # Panics
    /// If there are not `channels * side * side` of them.
    pub fn load(&mut self, planes: &[f32]) {
        let (images, shape) = (self.check(planes.len()), self.plane_shape());
        let (image, length) = (self.image_len(), self.plane_len());
        let pairs = self.values.chunks_exact_mut(image.max(1));
        for (pixels, planes) in pairs.zip(planes.chunks_exact(length.max(1))) {
            planes::load(shape, planes, pixels);
        }
        // What is missing in the last group of a batch must not add to a gradient.
        self.values[images * image..].fill(0.0);
    }

    /// Gives the values in Burn's order, `[channels, side, side]`.
    ///
    /// # Panics
    /// If `planes` has not space for `channels * side * side` values.
    pub fn store(&self, planes: &mut [f32]) {
        self.check(planes.len());
        let (shape, image) = (self.plane_shape(), self.image_len());
        let pairs = self.values.chunks_exact(image.max(1));
        for (pixels, planes) in pairs.zip(planes.chunks_exact_mut(self.plane_len().max(1))) {
            planes::store(shape, pixels, planes);
        }
    }

    /// How many images so many values are: all of a single one, up to all of a group.
    fn check(&self, values: usize) -> usize {
        let length = self.plane_len();
        let images = values / length.max(1);
        let fits = values == images * length && images <= self.images;
        assert!(
            fits && (images > 0 || length == 0),
            "{values} values for {} maps of side {}",
            self.channels,
            self.side
        );
        images
    }

    /// Values of one image in Burn's order.
    fn plane_len(&self) -> usize {
        self.channels * self.side * self.side
    }

    /// Values of one image as they lie here, border included.
    fn image_len(&self) -> usize {
        let row = self.side + 2 * BORDER;
        row * row * self.pitch()
    }

    fn plane_shape(&self) -> planes::Shape {
        planes::Shape {
            channels: self.channels,
            pitch: self.pitch(),
            side: self.side,
        }
    }

    /// The same maps, with each pixel's channels rounded up to whole vectors.
    pub(crate) fn widened(&self) -> Aligned {
        let pitch = self.pitch();
        let mut wide = zeros(self.values.len() / pitch.max(1) * pitch.next_multiple_of(LANES));
        let pixels = wide.chunks_exact_mut(pitch.next_multiple_of(LANES).max(1));
        for (to, from) in pixels.zip(self.values.chunks_exact(pitch.max(1))) {
            to[..pitch].copy_from_slice(from);
        }
        wide
    }

    /// Gives the values as they lie here, without the border, of as many images as there is space for.
    pub(crate) fn store_inner(&self, values: &mut [f32]) {
        let length = self.side * self.pitch();
        for (row, values) in self.rows().zip(values.chunks_exact_mut(length)) {
            values.copy_from_slice(row);
        }
    }

    /// Takes values that [`store_inner`](Self::store_inner) gave.
    pub(crate) fn load_inner(&mut self, values: &[f32]) {
        let length = self.side * self.pitch();
        for (row, values) in self.rows_mut().zip(values.chunks_exact(length)) {
            row.copy_from_slice(values);
        }
    }

    /// The gradient of a `ReLU`: 0 where `output`, or the input, is not positive.
    pub(crate) fn keep_where_positive(&mut self, output: &Self) {
        for (value, output) in self.values.iter_mut().zip(output.values.iter()) {
            *value = if *output > 0.0 { *value } else { 0.0 };
        }
    }

    /// Adds other maps of the same shape.
    pub(crate) fn add(&mut self, other: &Self) {
        for (value, other) in self.values.iter_mut().zip(other.values.iter()) {
            *value += other;
        }
    }

    /// Takes the values of other maps of the same shape, with 0 for negative ones.
    ///
    /// # Panics
    /// If the shapes differ.
    pub fn load_relu(&mut self, from: &Self) {
        assert_eq!(self.shape(), from.shape(), "shape of the maps");
        for (to, from) in self.values.iter_mut().zip(from.values.iter()) {
            *to = relu(*from);
        }
    }

    /// Takes the channels of two maps of the same side, those of the second behind those of the first.
    ///
    /// # Panics
    /// If the sides differ, or there are not as many channels as both have.
    pub fn load_joined(&mut self, [first, second]: [&Self; 2]) {
        let channels = first.channels + second.channels;
        let found = [first, second].map(Self::shape);
        let expected = [first.channels, second.channels].map(|c| [self.images, c, self.side]);
        assert_eq!(found, expected, "shapes of the maps");
        assert_eq!(self.channels, channels, "channels of the maps");
        let (pitch, at) = (self.pitch().max(1), first.channels);
        for (row, (first_row, second_row)) in self.rows_mut().zip(first.rows().zip(second.rows())) {
            let pixels = row.chunks_exact_mut(pitch);
            let firsts = first_row.chunks_exact(first.pitch().max(1));
            let seconds = second_row.chunks_exact(second.pitch().max(1));
            for (pixel, (first_pixel, second_pixel)) in pixels.zip(firsts.zip(seconds)) {
                pixel[..at].copy_from_slice(&first_pixel[..at]);
                pixel[at..channels].copy_from_slice(&second_pixel[..channels - at]);
            }
        }
    }

    /// Multiplies every value of a map by the map's factor and adds the map's shift; the border stays 0.
    ///
    /// # Panics
    /// If there is not a factor and a shift for each map.
    pub fn scale_and_shift(&mut self, factors: &[f32], shifts: &[f32]) {
        let found = [factors.len(), shifts.len()];
        assert_eq!(found, [self.channels; 2], "factors and shifts of the maps");
        let pitch = self.pitch().max(1);
        for row in self.rows_mut() {
            for pixel in row.chunks_exact_mut(pitch) {
                let values = pixel.iter_mut().zip(factors).zip(shifts);
                values.for_each(|((value, factor), shift)| *value = *value * factor + shift);
            }
        }
    }

    /// The mean of each map.
    #[must_use]
    pub fn means(&self) -> Vec<f32> {
        let pixels = (self.side * self.side) as f32;
        self.sums().iter().map(|sum| sum / pixels).collect()
    }

    /// The sum of each map.
    pub(crate) fn sums(&self) -> Vec<f32> {
        let pitch = self.pitch().max(1);
        let mut sums = vec![0.0; pitch];
        // The border is 0 and adds nothing. Parts of a large map are summed apart, so that what is added is never much smaller
        // than what it is added to.
        for part in self.values.chunks(SUMMED_APART * pitch) {
            let mut of_part = vec![0.0; pitch];
            for pixel in part.chunks_exact(pitch) {
                add(&mut of_part, pixel);
            }
            add(&mut sums, &of_part);
        }
        sums.truncate(self.channels);
        sums
    }

    /// Where the channels of a pixel of the first image begin.
    pub(crate) fn pixel(&self, row: usize, column: usize) -> usize {
        ((row + BORDER) * (self.side + 2 * BORDER) + column + BORDER) * self.pitch()
    }

    /// The values of one image, border included.
    pub(crate) fn image(&self, image: usize) -> &[f32] {
        let length = self.image_len();
        &self.values[image * length..][..length]
    }

    /// The same, to be changed.
    pub(crate) fn image_mut(&mut self, image: usize) -> &mut [f32] {
        let length = self.image_len();
        &mut self.values[image * length..][..length]
    }

    /// The rows of all images without their border.
    fn rows(&self) -> impl Iterator<Item = &[f32]> {
        let (side, pitch) = (self.side, self.pitch());
        let images = self.values.chunks_exact(self.image_len().max(1));
        images.flat_map(move |image| {
            let rows = image.chunks_exact((side + 2 * BORDER) * pitch);
            rows.skip(BORDER)
                .take(side)
                .map(move |row| &row[BORDER * pitch..(side + BORDER) * pitch])
        })
    }

    /// The same, to be changed.
    fn rows_mut(&mut self) -> impl Iterator<Item = &mut [f32]> {
        let (side, pitch, image) = (self.side, self.pitch(), self.image_len());
        let images = self.values.chunks_exact_mut(image.max(1));
        images.flat_map(move |image| {
            let rows = image.chunks_exact_mut((side + 2 * BORDER) * pitch);
            rows.skip(BORDER)
                .take(side)
                .map(move |row| &mut row[BORDER * pitch..(side + BORDER) * pitch])
        })
    }
}

/// Pixels that are summed apart: those of maps of 14x14 with their border.
const SUMMED_APART: usize = 256;

fn add(sums: &mut [f32], values: &[f32]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value;
    }
}
