//! The VAE as it runs on a CPU.

use burn::nn::Linear;
use burn::nn::conv::{Conv2d, ConvTranspose2d};
use datasets::{PIXELS, SIDE};
use kernels::{Dense, Epilogue, Geometry, Layer, Maps};
use rayon::prelude::*;

use crate::Vae;
use crate::convolution::ResidualBlock;
use crate::latent_fit::floats;

/// A [`Vae`] for inference on a CPU: the weights are packed once, and nothing is kept for gradients. Gives the network's
/// own results within rounding.
#[derive(Debug, Clone)]
pub struct InferenceVae {
    encoder: Vec<Stage>,
    mean: Dense,
    log_var: Dense,
    project: Dense,
    decoder: Vec<Stage>,
    /// From the last stage's maps to the logits.
    out: Layer,
    latent_dim: usize,
}

/// What happens at one size: perhaps a convolution that leads there, then residual blocks, then a `ReLU`.
#[derive(Debug, Clone)]
struct Stage {
    enter: Option<Layer>,
    blocks: Vec<[Layer; 2]>,
    maps: Maps,
}

/// The maps of one pass through the decoder or the encoder. Made once and used for image after image.
#[derive(Debug, Clone)]
pub struct Room {
    input: Maps,
    stages: Vec<[Maps; 3]>,
    logits: Maps,
}

impl Stage {
    fn new(enter: Option<Layer>, blocks: &[ResidualBlock], channels: usize, side: usize) -> Self {
        let layer = |conv: &Conv2d| convolution(conv, side);
        Self {
            enter,
            blocks: blocks
                .iter()
                .map(|block| [layer(&block.conv1), layer(&block.conv2)])
                .collect(),
            maps: Maps::zeros(channels, side),
        }
    }

    /// Leaves the result in the first of the three maps.
    fn run(&self, input: &Maps, [x, positive, inner]: &mut [Maps; 3]) {
        match &self.enter {
            Some(layer) => layer.run(input, x, Epilogue::Plain),
            None => x.clone_from(input),
        }
        for (b, [conv1, conv2]) in self.blocks.iter().enumerate() {
            positive.load_relu(x);
            conv1.run(positive, inner, Epilogue::Relu);
            let epilogue = if b + 1 == self.blocks.len() {
                Epilogue::AddRelu(x)
            } else {
                Epilogue::Add(x)
            };
            conv2.run(inner, positive, epilogue);
            std::mem::swap(x, positive);
        }
        if self.blocks.is_empty() {
            positive.load_relu(x);
            std::mem::swap(x, positive);
        }
    }
}

impl InferenceVae {
    /// Packs a network's weights.
    #[must_use]
    pub fn new(vae: &Vae) -> Self {
        let (from, to) = (&vae.encoder, &vae.decoder);
        let down = |conv: &Conv2d, side: usize, blocks: &[ResidualBlock]| {
            let layer = convolution(conv, side);
            let maps = layer.output();
            Stage::new(Some(layer), blocks, maps.channels(), maps.side())
        };
        let up = |conv: &ConvTranspose2d, side: usize, blocks: &[ResidualBlock]| {
            let layer = transposed(conv, side);
            let maps = layer.output();
            Stage::new(Some(layer), blocks, maps.channels(), maps.side())
        };
        let [channels, ..] = to.up1.weight.dims();
        Self {
            encoder: vec![
                down(&from.conv1, SIDE, &from.blocks1),
                down(&from.conv2, 14, &from.blocks2),
                down(&from.conv3, 7, &from.blocks3),
            ],
            mean: dense(&from.mean),
            log_var: dense(&from.log_var),
            project: dense(&to.project),
            decoder: vec![
                Stage::new(None, &to.blocks1, channels, 4),
                up(&to.up1, 4, &to.blocks2),
                up(&to.up2, 7, &to.blocks3),
                up(&to.up3, 14, &to.blocks4),
            ],
            out: convolution(&to.out, SIDE),
            latent_dim: vae.latent_dim(),
        }
    }

    /// Room for the maps of a pass through the decoder.
    #[must_use]
    pub fn room(&self) -> Room {
        Room::new(&self.decoder, self.decoder[0].maps.clone())
    }

    /// The image of a latent: 784 pixels in `[0, 1]`.
    ///
    /// # Panics
    /// If the latent has another length than the network's, or `room` was made by another network.
    #[must_use]
    pub fn decode(&self, latent: &[f32], room: &mut Room) -> Vec<f32> {
        room.input.load(&self.project.run(latent));
        self.out.run(
            run_stages(&self.decoder, &room.input, &mut room.stages),
            &mut room.logits,
            Epilogue::Plain,
        );
        let mut pixels = vec![0.0; PIXELS];
        room.logits.store(&mut pixels);
        for pixel in &mut pixels {
            *pixel = 1.0 / (1.0 + (-*pixel).exp());
        }
        pixels
    }

    /// The images of many latents, row after row, on all cores: 784 pixels each.
    ///
    /// # Panics
    /// If the numbers do not make whole latents.
    #[must_use]
    pub fn decode_all(&self, latents: &[f32]) -> Vec<f32> {
        assert!(
            latents.len().is_multiple_of(self.latent_dim),
            "coordinates of the latents"
        );
        let mut images = vec![0.0; latents.len() / self.latent_dim * PIXELS];
        images
            .par_chunks_mut(PIXELS)
            .zip(latents.par_chunks(self.latent_dim))
            .for_each_init(
                || self.room(),
                |room, (image, latent)| image.copy_from_slice(&self.decode(latent, room)),
            );
        images
    }

    /// Mean and log-variance of the posterior of an image of 784 pixels in `[0, 1]`.
    ///
    /// # Panics
    /// If the image has another size.
    #[must_use]
    pub fn encode(&self, image: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let mut room = Room::new(&self.encoder, Maps::zeros(1, SIDE));
        room.input.load(image);
        let maps = run_stages(&self.encoder, &room.input, &mut room.stages);
        let mut flat = vec![0.0; maps.channels() * maps.side() * maps.side()];
        maps.store(&mut flat);
        let (low, high) = crate::encoder::LOG_VAR;
        let log_var = self.log_var.run(&flat).into_iter();
        (
            self.mean.run(&flat),
            log_var.map(|v| v.clamp(low, high)).collect(),
        )
    }
}

impl Room {
    fn new(stages: &[Stage], input: Maps) -> Self {
        let three = |stage: &Stage| std::array::from_fn(|_| stage.maps.clone());
        Self {
            input,
            stages: stages.iter().map(three).collect(),
            logits: Maps::zeros(1, SIDE),
        }
    }
}

fn run_stages<'a>(stages: &[Stage], input: &'a Maps, maps: &'a mut [[Maps; 3]]) -> &'a Maps {
    let mut input = input;
    for (stage, maps) in stages.iter().zip(maps) {
        stage.run(input, maps);
        input = &maps[0];
    }
    input
}

fn convolution(conv: &Conv2d, side: usize) -> Layer {
    let [to, from, kernel, _] = conv.weight.dims();
    let geometry = Geometry::convolution(side, kernel, conv.stride[0], 1);
    let bias = conv
        .bias
        .as_ref()
        .map_or_else(|| vec![0.0; to], |bias| floats(bias.val()));
    Layer::new(geometry, from, &floats(conv.weight.val()), &bias)
}

fn transposed(conv: &ConvTranspose2d, side: usize) -> Layer {
    let [from, to, kernel, _] = conv.weight.dims();
    let geometry = Geometry::transposed(side, kernel, conv.stride[0], 1);
    let bias = conv
        .bias
        .as_ref()
        .map_or_else(|| vec![0.0; to], |bias| floats(bias.val()));
    Layer::new(geometry, from, &floats(conv.weight.val()), &bias)
}

fn dense(linear: &Linear) -> Dense {
    let [_, to] = linear.weight.dims();
    let bias = linear
        .bias
        .as_ref()
        .map_or_else(|| vec![0.0; to], |bias| floats::<1>(bias.val()));
    Dense::new(floats::<2>(linear.weight.val()), bias)
}
