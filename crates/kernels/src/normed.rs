//! Residual blocks with group normalisation, as one operation each: two normalisations, the `SiLU`s behind them and both
//! convolutions are done for one image at a time, while its maps lie in the cache, and so are their gradients. One after the
//! other for a whole batch, each would carry every map to memory and back.

use rayon::prelude::*;

use crate::batch::Split;
use crate::maps::pitch;
use crate::reuse::Reused;
use crate::weight_sums::{Sums, WeightSums};
use crate::{Epilogue, Geometry, GroupNorm, Layer};

/// A normalisation with the 3x3 convolution behind it.
#[derive(Clone, Copy)]
pub(crate) struct Normed<'a> {
    /// `[batch, channels]` of what is read
    pub scales: &'a [f32],
    /// As `scales`
    pub shifts: &'a [f32],
    /// `[channels written, channels read, 3, 3]`
    pub weights: &'a [f32],
}

/// A block: `conv2(norm2(conv1(norm1(x))))`, and `x` added to it if `residual`.
#[derive(Clone, Copy)]
pub(crate) struct NormedBlock<'a> {
    pub norm: GroupNorm,
    /// Channels read, and channels of all maps behind the first convolution.
    pub channels: [usize; 2],
    pub side: usize,
    pub parts: [Normed<'a>; 2],
    pub residual: bool,
}

/// The gradients of a block.
pub(crate) struct NormedGradients {
    pub input: Vec<f32>,
    /// For each part those of the scales and of the shifts, `[batch, channels]`.
    pub rows: [[Vec<f32>; 2]; 2],
    pub weights: [Vec<f32>; 2],
    pub biases: [Vec<f32>; 2],
}

impl<'a> Normed<'a> {
    /// Scales and shifts of one image, of so many channels.
    fn rows(&self, image: usize, channels: usize) -> [&'a [f32]; 2] {
        [self.scales, self.shifts].map(|rows| &rows[image * channels..][..channels])
    }
}

impl NormedBlock<'_> {
    /// Values of one image, read and written.
    fn values(&self) -> [usize; 2] {
        self.channels
            .map(|channels| channels * self.side * self.side)
    }

    /// Values of one image between the convolutions, as [`crate::Maps`] keeps them.
    fn inner(&self) -> usize {
        self.side * self.side * pitch(self.channels[1])
    }

    fn geometry(&self) -> Geometry {
        Geometry::convolution(self.side, 3, 1, 1)
    }

    fn split(&self, input: &[f32]) -> Split {
        Split::new(self.geometry(), input.len() / self.values()[0].max(1))
    }

    fn maps(&self, split: Split, channels: usize) -> Reused {
        Reused::new([split.group, channels, self.side])
    }

    /// The output, and what the second normalisation reads, for the gradients.
    pub fn forward(&self, input: &[f32], biases: [&[f32]; 2]) -> (Vec<f32>, Vec<f32>) {
        let split = self.split(input);
        let [from, to] = self.channels;
        let layer = |part: usize, channels| {
            let weights = self.parts[part].weights;
            Layer::for_group(
                split.group,
                self.geometry(),
                channels,
                weights,
                biases[part],
            )
        };
        let (first, second) = (layer(0, from), layer(1, to));
        let ([read, written], inner) = (self.values(), self.inner());
        let images = input.len() / read.max(1);
        let mut output = vec![0.0; images * written];
        let mut hidden = vec![0.0; images * inner];
        let maps = |channels| self.maps(split, channels);
        output
            .par_chunks_mut(split.task * written)
            .zip(hidden.par_chunks_mut(split.task * inner))
            .zip(input.par_chunks(split.task * read))
            .enumerate()
            .for_each_init(
                || ([from; 2].map(maps), [to; 3].map(maps)),
                |(narrow, wide), (task, ((output, hidden), input))| {
                    let ([x, positive], [between, normed, result]) = (narrow, wide);
                    let groups = input.chunks(split.group * read);
                    let groups = groups.zip(hidden.chunks_mut(split.group * inner));
                    let outputs = output.chunks_mut(split.group * written);
                    for (i, ((input, hidden), output)) in groups.zip(outputs).enumerate() {
                        let image = task * split.task + i * split.group;
                        x.load(input);
                        self.normalise(0, image, input.len() / read, x, positive);
                        first.run(positive, between, Epilogue::Plain);
                        between.store_inner(hidden);
                        self.normalise(1, image, input.len() / read, between, normed);
                        let epilogue = if self.residual {
                            Epilogue::Add(x)
                        } else {
                            Epilogue::Plain
                        };
                        second.run(normed, result, epilogue);
                        result.store(output);
                    }
                },
            );
        (output, hidden)
    }

    /// A part's normalisation of so many images of a group, the first of which is `image` of the batch.
    fn normalise(&self, part: usize, image: usize, images: usize, from: &Reused, to: &mut Reused) {
        let channels = self.channels[part];
        for i in 0..images {
            let rows = self.parts[part].rows(image + i, channels);
            self.norm.forward(i, from, rows, to);
        }
    }

    /// The gradients, from that of the output.
    pub fn gradients(&self, input: &[f32], hidden: &[f32], gradient: &[f32]) -> NormedGradients {
        let split = self.split(input);
        let [from, to] = self.channels;
        let adjoint = |part: usize, channels: usize| {
            let (geometry, weights) = (self.geometry().adjoint(), self.parts[part].weights);
            Layer::for_group(split.group, geometry, to, weights, &vec![0.0; channels])
        };
        let sums = |channels| WeightSums::new(self.geometry(), [channels, to], split.group);
        let backward = Backward {
            block: *self,
            split,
            sums: [sums(from), sums(to)],
            adjoints: [adjoint(0, from), adjoint(1, to)],
        };
        let ([read, written], inner) = (self.values(), self.inner());
        let images = input.len() / read.max(1);
        let mut back = vec![0.0; input.len()];
        let mut rows = vec![0.0; images * backward.row()];
        let parts: Vec<[Sums; 2]> = back
            .par_chunks_mut(split.task * read)
            .zip(rows.par_chunks_mut(split.task * backward.row()))
            .zip(input.par_chunks(split.task * read))
            .zip(hidden.par_chunks(split.task * inner))
            .zip(gradient.par_chunks(split.task * written))
            .enumerate()
            .map(|(task, ((((back, rows), input), hidden), gradient))| {
                let passed = [input, hidden, gradient];
                backward.task(task * split.task, passed, back, rows)
            })
            .collect();
        let (first, second): (Vec<Sums>, Vec<Sums>) = parts.into_iter().map(Into::into).unzip();
        let [(w1, b1), (w2, b2)] = [
            backward.sums[0].total(&first),
            backward.sums[1].total(&second),
        ];
        NormedGradients {
            input: back,
            rows: backward.rows(&rows),
            weights: [w1, w2],
            biases: [b1, b2],
        }
    }
}

/// The gradients of a block, from its output to its input.
struct Backward<'a> {
    block: NormedBlock<'a>,
    split: Split,
    sums: [WeightSums; 2],
    adjoints: [Layer; 2],
}

impl Backward<'_> {
    /// Gradients of one image's scales and shifts, of both parts.
    fn row(&self) -> usize {
        let [from, to] = self.block.channels;
        2 * from + 2 * to
    }

    /// They were summed up image by image.
    fn rows(&self, rows: &[f32]) -> [[Vec<f32>; 2]; 2] {
        let [from, to] = self.block.channels;
        let part = |at: usize, channels: usize| -> Vec<f32> {
            let images = rows.chunks_exact(self.row());
            images
                .flat_map(|row| &row[at..at + channels])
                .copied()
                .collect()
        };
        [
            [part(0, from), part(from, from)],
            [part(2 * from, to), part(2 * from + to, to)],
        ]
    }

    /// The images of one task, the first of which is `first` of the batch: writes the gradients of their inputs, scales and
    /// shifts, and gives the sums for the weights.
    fn task(
        &self,
        first: usize,
        [input, hidden, gradient]: [&[f32]; 3],
        back: &mut [f32],
        rows: &mut [f32],
    ) -> [Sums; 2] {
        let (block, group) = (&self.block, self.split.group);
        let ([read, written], inner) = (block.values(), block.inner());
        let [from, to] = block.channels;
        let [mut x, mut positive, mut inmost] =
            [from; 3].map(|channels| block.maps(self.split, channels));
        let [mut between, mut normed, mut outer, mut middle] =
            [to; 4].map(|channels| block.maps(self.split, channels));
        let [mut first_sums, mut second_sums] = [self.sums[0].empty(), self.sums[1].empty()];
        let groups = input.chunks(group * read).zip(hidden.chunks(group * inner));
        let groups = groups.zip(gradient.chunks(group * written));
        let backs = back
            .chunks_mut(group * read)
            .zip(rows.chunks_mut(group * self.row()));
        for (i, (((input, hidden), gradient), (back, rows))) in groups.zip(backs).enumerate() {
            let (image, images) = (first + i * group, input.len() / read);
            x.load(input);
            between.load_inner(hidden);
            outer.load(gradient);

            block.normalise(1, image, images, &between, &mut normed);
            self.sums[1].add(&normed, &outer, &mut second_sums);
            self.adjoints[1].run(&outer, &mut middle, Epilogue::Plain);
            self.normalise_back(1, image, &between, &mut middle, rows);

            block.normalise(0, image, images, &x, &mut positive);
            self.sums[0].add(&positive, &middle, &mut first_sums);
            self.adjoints[0].run(&middle, &mut inmost, Epilogue::Plain);
            self.normalise_back(0, image, &x, &mut inmost, rows);
            if block.residual {
                inmost.add(&outer);
            }
            inmost.store(back);
        }
        [first_sums, second_sums]
    }

    /// The gradients of a part's normalisation, of as many images as there are rows for.
    fn normalise_back(
        &self,
        part: usize,
        image: usize,
        from: &Reused,
        gradient: &mut Reused,
        rows: &mut [f32],
    ) {
        let channels = self.block.channels[part];
        let at = part * 2 * self.block.channels[0];
        for (i, row) in rows.chunks_exact_mut(self.row()).enumerate() {
            let (scales, shifts) = row[at..at + 2 * channels].split_at_mut(channels);
            let of = self.block.parts[part].rows(image + i, channels);
            self.block
                .norm
                .backward(i, from, of, gradient, [scales, shifts]);
        }
    }
}

/// A normalisation of a batch alone, of `[channels, side]`: `rows` are its scales and its shifts, `[batch, channels]` each.
pub(crate) fn normalise(
    norm: GroupNorm,
    [channels, side]: [usize; 2],
    input: &[f32],
    rows: [&[f32]; 2],
) -> Vec<f32> {
    let values = channels * side * side;
    let mut output = vec![0.0; input.len()];
    output
        .par_chunks_mut(values)
        .zip(input.par_chunks(values))
        .enumerate()
        .for_each_init(
            || [(); 2].map(|()| Reused::new([1, channels, side])),
            |[from, to], (i, (output, input))| {
                from.load(input);
                norm.forward(
                    0,
                    from,
                    rows.map(|rows| &rows[i * channels..][..channels]),
                    to,
                );
                to.store(output);
            },
        );
    output
}

/// The gradients of [`normalise`]: of the input, the scales and the shifts.
pub(crate) fn normalise_gradients(
    norm: GroupNorm,
    [channels, side]: [usize; 2],
    input: &[f32],
    rows: [&[f32]; 2],
    gradient: &[f32],
) -> (Vec<f32>, [Vec<f32>; 2]) {
    let values = channels * side * side;
    let mut back = vec![0.0; input.len()];
    let mut row_gradients = rows.map(|rows| vec![0.0; rows.len()]);
    let [scales, shifts] = &mut row_gradients;
    back.par_chunks_mut(values)
        .zip(scales.par_chunks_mut(channels))
        .zip(shifts.par_chunks_mut(channels))
        .zip(input.par_chunks(values))
        .zip(gradient.par_chunks(values))
        .enumerate()
        .for_each_init(
            || [(); 2].map(|()| Reused::new([1, channels, side])),
            |[from, outer], (i, ((((back, scales), shifts), input), gradient))| {
                from.load(input);
                outer.load(gradient);
                let rows = rows.map(|rows| &rows[i * channels..][..channels]);
                norm.backward(0, from, rows, outer, [scales, shifts]);
                outer.store(back);
            },
        );
    (back, row_gradients)
}
