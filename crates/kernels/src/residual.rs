//! A residual block without normalisation as one operation: its `ReLU`s, its sum and both convolutions are done for one
//! image at a time, while its maps lie in the cache. One after the other for a whole batch they would each carry every map
//! to memory and back, which took longer than the convolutions.

use rayon::prelude::*;

use crate::batch::Split;
use crate::maps::pitch;
use crate::reuse::Reused;
use crate::weight_sums::{Sums, WeightSums};
use crate::{Epilogue, Geometry, Layer};

/// A block: its sizes, and the weights of its two convolutions, `[channels, channels, 3, 3]` each.
#[derive(Clone, Copy)]
pub(crate) struct Block<'a> {
    pub channels: usize,
    pub side: usize,
    pub weights: [&'a [f32]; 2],
    /// Whether the block ends with a `ReLU`.
    pub relu: bool,
}

/// What a block gives.
pub(crate) struct Forward {
    /// `[batch, channels, side, side]`
    pub output: Vec<f32>,
    /// What the second convolution read, for the gradients: `inner_len` values an image, as [`Maps`] keeps them.
    pub hidden: Vec<f32>,
}

/// What the gradients of a block need to know besides its weights.
#[derive(Clone, Copy)]
pub(crate) struct Passed<'a> {
    pub input: &'a [f32],
    pub hidden: &'a [f32],
    pub output: &'a [f32],
    /// Of the output.
    pub gradient: &'a [f32],
}

/// The gradients of a block.
pub(crate) struct BlockGradients {
    pub input: Vec<f32>,
    pub weights: [Vec<f32>; 2],
    pub biases: [Vec<f32>; 2],
}

impl Block<'_> {
    fn values(&self) -> usize {
        self.channels * self.side * self.side
    }

    fn geometry(&self) -> Geometry {
        Geometry::convolution(self.side, 3, 1, 1)
    }

    /// How a batch of so many values is divided.
    fn split(&self, values: usize) -> Split {
        Split::new(self.geometry(), values / self.values().max(1))
    }

    /// Maps of a group of images.
    fn maps<const N: usize>(&self, split: Split) -> [Reused; N] {
        std::array::from_fn(|_| Reused::new([split.group, self.channels, self.side]))
    }

    /// `input + conv2(relu(conv1(relu(input))))`
    pub fn forward(&self, input: &[f32], biases: [&[f32]; 2]) -> Forward {
        let split = self.split(input.len());
        let layer = |at: usize| {
            let (geometry, weights) = (self.geometry(), self.weights[at]);
            Layer::for_group(split.group, geometry, self.channels, weights, biases[at])
        };
        let [first, second] = [layer(0), layer(1)];
        let (values, inner) = (self.values(), self.inner_len());
        let mut output = vec![0.0; input.len()];
        let mut hidden = vec![0.0; input.len() / values.max(1) * inner];
        output
            .par_chunks_mut(split.task * values)
            .zip(hidden.par_chunks_mut(split.task * inner))
            .zip(input.par_chunks(split.task * values))
            .for_each_init(
                || self.maps::<4>(split),
                |[from, positive, between, to], ((output, hidden), input)| {
                    let groups = input.chunks(split.group * values);
                    let groups = groups.zip(hidden.chunks_mut(split.group * inner));
                    let outputs = output.chunks_mut(split.group * values);
                    for ((input, hidden), output) in groups.zip(outputs) {
                        from.load(input);
                        positive.load_relu(from);
                        first.run(positive, between, Epilogue::Relu);
                        between.store_inner(hidden);
                        let epilogue = if self.relu {
                            Epilogue::AddRelu(from)
                        } else {
                            Epilogue::Add(from)
                        };
                        second.run(between, to, epilogue);
                        to.store(output);
                    }
                },
            );
        Forward { output, hidden }
    }

    /// Values that the second convolution reads, an image.
    fn inner_len(&self) -> usize {
        self.side * self.side * pitch(self.channels)
    }

    pub fn gradients(&self, passed: Passed<'_>) -> BlockGradients {
        let split = self.split(passed.input.len());
        let sums = WeightSums::new(self.geometry(), [self.channels; 2], split.group);
        let no_bias = vec![0.0; self.channels];
        let adjoint = |at: usize| {
            let (geometry, weights) = (self.geometry().adjoint(), self.weights[at]);
            Layer::for_group(split.group, geometry, self.channels, weights, &no_bias)
        };
        let backward = Backward {
            block: *self,
            split,
            sums: &sums,
            adjoints: [adjoint(0), adjoint(1)],
        };
        let task = split.task * self.values();
        let mut input = vec![0.0; passed.input.len()];
        let parts: Vec<[Sums; 2]> = input
            .par_chunks_mut(task)
            .zip(passed.input.par_chunks(task))
            .zip(passed.output.par_chunks(task))
            .zip(passed.gradient.par_chunks(task))
            .zip(passed.hidden.par_chunks(split.task * self.inner_len()))
            .map_init(
                || self.maps::<6>(split),
                |maps, ((((back, input), output), gradient), hidden)| {
                    let passed = Passed {
                        input,
                        hidden,
                        output,
                        gradient,
                    };
                    backward.task(passed, back, maps)
                },
            )
            .collect();
        let (first, second): (Vec<Sums>, Vec<Sums>) = parts.into_iter().map(Into::into).unzip();
        let [(w1, b1), (w2, b2)] = [sums.total(&first), sums.total(&second)];
        BlockGradients {
            input,
            weights: [w1, w2],
            biases: [b1, b2],
        }
    }
}

/// The gradients of a block, from its output to its input.
struct Backward<'a> {
    block: Block<'a>,
    split: Split,
    sums: &'a WeightSums,
    adjoints: [Layer; 2],
}

impl Backward<'_> {
    /// The images of one task: writes the gradients of their inputs, and gives the sums for the weights.
    fn task(&self, passed: Passed<'_>, back: &mut [f32], maps: &mut [Reused; 6]) -> [Sums; 2] {
        let [from, positive, between, outer, middle, inmost] = maps;
        let values = self.split.group * self.block.values();
        let inner = self.split.group * self.block.inner_len();
        let [mut first, mut second] = [self.sums.empty(), self.sums.empty()];
        for (i, back) in back.chunks_mut(values).enumerate() {
            let at = i * values..i * values + back.len();
            let hidden = passed.hidden.chunks(inner).nth(i).unwrap_or_default();
            from.load(&passed.input[at.clone()]);
            positive.load_relu(from);
            between.load_inner(hidden);
            outer.load(&passed.gradient[at.clone()]);
            if self.block.relu {
                middle.load(&passed.output[at]);
                outer.keep_where_positive(middle);
            }

            self.sums.add(between, outer, &mut second);
            self.adjoints[1].run(outer, middle, Epilogue::Plain);
            middle.keep_where_positive(between);
            self.sums.add(positive, middle, &mut first);
            self.adjoints[0].run(middle, inmost, Epilogue::Plain);
            inmost.keep_where_positive(from);
            inmost.add(outer);
            inmost.store(back);
        }
        [first, second]
    }
}
