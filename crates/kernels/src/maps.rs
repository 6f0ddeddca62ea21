use std::array::from_fn;

use aligned_vec::{AVec, ConstAlign, avec};

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

/// The feature maps of one image, in the layout that the kernels read: pixel by pixel with the channels together, and a
/// border of zeros around. Channels are rounded up to a multiple of 16, and the added ones are 0.
#[derive(Debug, Clone)]
pub struct Maps {
    side: usize,
    channels: usize,
    pub(crate) values: Aligned,
}

impl Maps {
    /// Maps of zeros with `side` x `side` pixels.
    #[must_use]
    pub fn zeros(channels: usize, side: usize) -> Self {
        let row = side + 2 * BORDER;
        Self {
            side,
            channels,
            values: zeros(row * row * channels.next_multiple_of(LANES)),
        }
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
        self.channels.next_multiple_of(LANES)
    }

    /// Takes values in Burn's order, `[channels, side, side]`.
    ///
    /// # Panics
    /// If there are not `channels * side * side` of them.
    pub fn load(&mut self, planes: &[f32]) {
        let (side, pitch, area) = (self.side, self.pitch(), self.side * self.side);
        assert_eq!(planes.len(), self.channels * area, "values of the maps");
        for (y, row) in self.rows_mut().enumerate() {
            for (block, planes) in planes.chunks(LANES * area).enumerate() {
                let first = block * LANES;
                if planes.len() == LANES * area {
                    // Known lengths, so that nothing is checked in the loop: each image of a batch comes through here.
                    let lines: [&[f32]; LANES] =
                        from_fn(|lane| &planes[lane * area + y * side..][..side]);
                    for (x, pixel) in row.chunks_exact_mut(pitch).enumerate() {
                        let pixel = &mut pixel[first..first + LANES];
                        for lane in 0..LANES {
                            pixel[lane] = lines[lane][x];
                        }
                    }
                } else {
                    for (lane, plane) in planes.chunks_exact(area).enumerate() {
                        let line = &plane[y * side..(y + 1) * side];
                        for (pixel, value) in row.chunks_exact_mut(pitch).zip(line) {
                            pixel[first + lane] = *value;
                        }
                    }
                }
            }
        }
    }

    /// Gives the values in Burn's order, `[channels, side, side]`.
    ///
    /// # Panics
    /// If `planes` has not room for `channels * side * side` values.
    pub fn store(&self, planes: &mut [f32]) {
        let (side, pitch, channels) = (self.side, self.pitch(), self.channels);
        assert_eq!(planes.len(), channels * side * side, "values of the maps");
        for (y, row) in self.rows().enumerate() {
            for (c, plane) in planes.chunks_exact_mut(side * side).enumerate() {
                let to = &mut plane[y * side..(y + 1) * side];
                for (to, pixel) in to.iter_mut().zip(row.chunks_exact(pitch)) {
                    *to = pixel[c];
                }
            }
        }
    }

    /// Values of the maps with the added channels, without the border.
    pub(crate) fn inner_len(&self) -> usize {
        self.side * self.side * self.pitch()
    }

    /// Gives the values as they lie here, without the border.
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
        assert_eq!(
            (self.side, self.channels),
            (from.side, from.channels),
            "shape of the maps"
        );
        for (to, from) in self.values.iter_mut().zip(from.values.iter()) {
            *to = from.max(0.0);
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
        let mut sums = vec![0.0; self.pitch()];
        // The border is 0 and adds nothing.
        for pixel in self.values.chunks_exact(self.pitch()) {
            for (sum, value) in sums.iter_mut().zip(pixel) {
                *sum += value;
            }
        }
        sums.truncate(self.channels);
        sums
    }

    /// The rows without their border.
    fn rows(&self) -> impl Iterator<Item = &[f32]> {
        let (side, pitch) = (self.side, self.pitch());
        self.values
            .chunks_exact((side + 2 * BORDER) * pitch)
            .skip(BORDER)
            .take(side)
            .map(move |row| &row[BORDER * pitch..(side + BORDER) * pitch])
    }

    /// The same, to be changed.
    fn rows_mut(&mut self) -> impl Iterator<Item = &mut [f32]> {
        let (side, pitch) = (self.side, self.pitch());
        self.values
            .chunks_exact_mut((side + 2 * BORDER) * pitch)
            .skip(BORDER)
            .take(side)
            .map(move |row| &mut row[BORDER * pitch..(side + BORDER) * pitch])
    }
}
