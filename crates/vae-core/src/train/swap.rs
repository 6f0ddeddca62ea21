//! What makes a conditional network draw the class that it is given, whatever the latent comes from.
//!
//! The bound alone does not: a latent that tells the class besides costs a few nats of some hundred, so encoder and decoder may as
//! well keep the class there and look past the one that is given. So a share of the objective asks for it: latents of a batch are decoded
//! as classes drawn at random, now and then their own, and a reader that learns to tell the classes of real images in the same run has to find them.
//! (After Odena et al. 2017, "Conditional Image Synthesis with Auxiliary Classifier GANs".) The reader is no judge: it is forgotten
//! when the run ends, and no judge has seen it.

use burn::module::Module;
use burn::nn::conv::Conv2d;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Int, Tensor, TensorData};
use datasets::{ImageShape, Seed, map_sides, pad_to_square};
use rand::RngExt as _;

use super::joint::cross_entropies;
use crate::Vae;
use crate::convolution::{convolve, halve};

/// Channels of the reader's maps after the first halving of the image; the smaller maps have twice as many each.
const WIDTH: usize = 16;
const MOST_CHANNELS: usize = 64;

/// Tells the classes of images apart, well enough to ask for one: strided convolutions and a linear layer.
#[derive(Module, Debug)]
pub struct Reader {
    convs: Vec<Conv2d>,
    classes: Linear,
}

impl Reader {
    pub fn new(shape: ImageShape, classes: usize, device: &Device) -> Self {
        let sides = map_sides(shape.square_side());
        let (mut from, mut to) = (shape.channels(), WIDTH);
        let mut convs = Vec::with_capacity(sides.len());
        for &side in &sides[..sides.len() - 1] {
            convs.push(halve([from, to], side, device));
            (from, to) = (to, (2 * to).min(MOST_CHANNELS));
        }
        let smallest = sides[sides.len() - 1];
        Self {
            convs,
            classes: LinearConfig::new(from * smallest * smallest, classes).init(device),
        }
    }

    /// `[batch, channels, height, width]` to the logits of the classes, `[batch, classes]`
    fn forward(&self, images: Tensor<4>) -> Tensor<2> {
        let start = pad_to_square(images);
        let maps = self.convs.iter();
        let maps = maps.fold(start, |x, conv| relu(convolve(conv, x)));
        self.classes.forward(maps.flatten(1, 3))
    }
}

/// A conditional VAE and the reader that learns beside it.
#[derive(Module, Debug)]
pub struct WithReader {
    pub vae: Vae,
    pub reader: Reader,
}

/// The classes of a step.
pub struct Classes {
    /// Those of the images, `[batch]`
    own: TensorData,
    /// Those that their latents are decoded as, `[batch]`
    asked: TensorData,
}

impl Classes {
    /// `own` are labels below `classes`; those asked for are drawn.
    pub fn new(own: TensorData, classes: usize, seed: Seed) -> Self {
        let mut rng = seed.rng();
        let n = own.num_elements();
        let asked: Vec<i32> = (0..n)
            .map(|_| rng.random_range(0..classes as i32))
            .collect();
        Self {
            own,
            asked: TensorData::new(asked, [n]),
        }
    }
}

/// The cross-entropy of what the reader says to latents drawn as the classes asked for, in nats an image times `weight`, and its own
/// to the real images.
pub fn loss(
    network: &WithReader,
    images: Tensor<4>,
    latents: Tensor<2>,
    classes: Classes,
    weight: f64,
    device: &Device,
) -> Tensor<1> {
    let [own, asked] =
        [classes.own, classes.asked].map(|classes| Tensor::<1, Int>::from_data(classes, device));
    let drawn = network.vae.decode_as(latents, Some(asked.clone()));
    // The reader learns from real images alone: it must not learn to find in drawn ones what is not there.
    let settled = network.reader.clone().no_grad();
    let shown = cross_entropies(settled.forward(drawn), asked).mean();
    let read = cross_entropies(network.reader.forward(images), own).mean();
    shown * weight + read
}
