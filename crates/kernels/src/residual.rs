//! A residual block without normalisation as one operation: its `ReLU`s, its sum and both convolutions are done for one
//! image at a time, while its maps lie in the cache. One after the other for a whole batch they would each carry every map
//! to memory and back, which took longer than the convolutions.

use rayon::prelude::*;

use crate::batch::CHUNK;
use crate::weight_sums::{Sums, WeightSums};
use crate::{Finish, Geometry, Layer, Maps};

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
    /// `[n, channels, side, side]`
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

    fn maps(&self) -> Maps {
        Maps::zeros(self.channels, self.side)
    }

    /// `input + conv2(relu(conv1(relu(input))))`
    pub fn forward(&self, input: &[f32], biases: [&[f32]; 2]) -> Forward {
        let layer =
            |at: usize| Layer::new(self.geometry(), self.channels, self.weights[at], biases[at]);
        let [first, second] = [layer(0), layer(1)];
        let (values, inner) = (self.values(), self.maps().inner_len());
        let mut output = vec![0.0; input.len()];
        let mut hidden = vec![0.0; input.len() / values * inner];
        output
            .par_chunks_mut(CHUNK * values)
            .zip(hidden.par_chunks_mut(CHUNK * inner))
            .zip(input.par_chunks(CHUNK * values))
            .for_each(|((output, hidden), input)| {
                let [mut from, mut positive, mut between, mut to] = [(); 4].map(|()| self.maps());
                let images = input.chunks_exact(values);
                let images = images.zip(hidden.chunks_exact_mut(inner));
                for ((input, hidden), output) in images.zip(output.chunks_exact_mut(values)) {
                    from.load(input);
                    positive.load_relu(&from);
                    first.run(&positive, &mut between, Finish::Relu);
                    between.store_inner(hidden);
                    let finish = if self.relu {
                        Finish::AddRelu(&from)
                    } else {
                        Finish::Add(&from)
                    };
                    second.run(&between, &mut to, finish);
                    to.store(output);
                }
            });
        Forward { output, hidden }
    }

    pub fn gradients(&self, passed: Passed<'_>) -> BlockGradients {
        let sums = WeightSums::new(self.geometry(), [self.channels; 2]);
        let no_bias = vec![0.0; self.channels];
        let adjoint = |at: usize| {
            let (geometry, weights) = (self.geometry().adjoint(), self.weights[at]);
            Layer::new(geometry, self.channels, weights, &no_bias)
        };
        let way = Way {
            block: *self,
            sums: &sums,
            adjoints: [adjoint(0), adjoint(1)],
        };
        let chunk = CHUNK * self.values();
        let mut input = vec![0.0; passed.input.len()];
        let parts: Vec<[Sums; 2]> = input
            .par_chunks_mut(chunk)
            .zip(passed.input.par_chunks(chunk))
            .zip(passed.output.par_chunks(chunk))
            .zip(passed.gradient.par_chunks(chunk))
            .zip(passed.hidden.par_chunks(CHUNK * self.maps().inner_len()))
            .map(|((((back, input), output), gradient), hidden)| {
                let passed = Passed {
                    input,
                    hidden,
                    output,
                    gradient,
                };
                way.chunk(passed, back)
            })
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

/// The way back through a block.
struct Way<'a> {
    block: Block<'a>,
    sums: &'a WeightSums,
    adjoints: [Layer; 2],
}

impl Way<'_> {
    fn chunk(&self, passed: Passed<'_>, back: &mut [f32]) -> [Sums; 2] {
        let block = &self.block;
        let (values, inner) = (block.values(), block.maps().inner_len());
        let [mut from, mut positive, mut between] = [(); 3].map(|()| block.maps());
        let [mut outer, mut middle, mut inmost] = [(); 3].map(|()| block.maps());
        let mut masked = vec![0.0; values];
        let [mut first, mut second] = [self.sums.empty(), self.sums.empty()];
        for (i, back) in back.chunks_exact_mut(values).enumerate() {
            let at = i * values..(i + 1) * values;
            let mut gradient = &passed.gradient[at.clone()];
            if block.relu {
                let output = &passed.output[at.clone()];
                for ((to, value), output) in masked.iter_mut().zip(gradient).zip(output) {
                    *to = if *output > 0.0 { *value } else { 0.0 };
                }
                gradient = &masked;
            }
            from.load(&passed.input[at]);
            positive.load_relu(&from);
            between.load_inner(&passed.hidden[i * inner..(i + 1) * inner]);
            outer.load(gradient);

            self.sums.add(&between, &outer, &mut second);
            self.adjoints[1].run(&outer, &mut middle, Finish::Plain);
            middle.keep_where_positive(&between);
            self.sums.add(&positive, &middle, &mut first);
            self.adjoints[0].run(&middle, &mut inmost, Finish::Plain);
            inmost.keep_where_positive(&from);
            inmost.add(&outer);
            inmost.store(back);
        }
        [first, second]
    }
}
