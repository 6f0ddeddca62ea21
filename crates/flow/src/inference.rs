//! The flow as it runs on a CPU.

mod attention;
mod block;
mod embedding;
mod level;

use burn::nn::conv::Conv2d;
use burn::nn::{GroupNorm, Linear};
use burn::tensor::Tensor;
use datasets::{ClassId, ImageShape};
use kernels::{Dense, Epilogue, Geometry, Layer, Maps};
use rayon::prelude::*;

use crate::VelocityNet;
use crate::layers::form;
use crate::sampling::{exaggerates, time_of};
use embedding::EmbeddingForm;
use level::{LevelForm, MiddleForm, Sizes};

/// A [`VelocityNet`] for inference on a CPU: the weights are packed once, and nothing is kept for gradients. Gives the
/// network's own results within rounding.
#[derive(Debug, Clone)]
pub struct InferenceFlow {
    shape: ImageShape,
    noise: f32,
    is_refiner: bool,
    embedding: EmbeddingForm,
    /// Where each value of an image lies in the maps of patches.
    places: Vec<usize>,
    enter: Layer,
    levels: Vec<LevelForm>,
    middle: MiddleForm,
    norm: NormForm,
    leave: Layer,
}

/// Scratch buffers for one image at a time. Made once and used for image after image.
#[derive(Debug, Clone)]
pub struct Scratch {
    /// Two in a conditional network: guidance asks it with the class and without, on two cores.
    passes: Vec<Pass>,
}

/// The buffers of one pass through the network.
#[derive(Debug, Clone)]
struct Pass {
    /// Patches in Burn's order; those of a picture lie behind those of the point. What belongs to no pixel of the image stays 0.
    planes: Vec<f32>,
    patches: Maps,
    sizes: Vec<Sizes>,
    velocity: Maps,
}

/// A normalisation on the host.
#[derive(Debug, Clone)]
struct NormForm {
    norm: kernels::GroupNorm,
    scales: Vec<f32>,
    shifts: Vec<f32>,
}

impl NormForm {
    fn new(norm: &GroupNorm, silu: bool) -> Self {
        let [scales, shifts] = [&norm.gamma, &norm.beta].map(|row| {
            let row = row.as_ref().expect("a normalisation with weights");
            floats(row.val())
        });
        Self {
            norm: form(norm, silu),
            scales,
            shifts,
        }
    }

    fn run(&self, from: &Maps, to: &mut Maps) {
        self.norm.run(from, &self.scales, &self.shifts, to);
    }

    /// With scales, then shifts, behind it.
    fn run_with_film(&self, from: &Maps, film: &[f32], to: &mut Maps) {
        let (factors, summands) = film.split_at(self.scales.len());
        let scales = self.scales.iter().zip(factors);
        let scales: Vec<f32> = scales
            .map(|(scale, factor)| scale * (1.0 + factor))
            .collect();
        let shifts = self.shifts.iter().zip(factors.iter().zip(summands));
        let shifts: Vec<f32> = shifts
            .map(|(shift, (factor, summand))| shift * (1.0 + factor) + summand)
            .collect();
        self.norm.run(from, &scales, &shifts, to);
    }
}

impl InferenceFlow {
    /// Packs a network's weights.
    #[must_use]
    pub fn new(net: &VelocityNet) -> Self {
        let patches = net.patches();
        let mut side = patches.side;
        let mut levels = Vec::with_capacity(net.levels.len());
        for level in &net.levels {
            levels.push(LevelForm::new(level, side));
            side /= 2;
        }
        Self {
            shape: net.shape,
            noise: net.noise as f32,
            is_refiner: net.is_refiner(),
            embedding: EmbeddingForm::new(&net.embedding),
            places: patches.places(),
            enter: convolution(&net.enter, patches.side),
            levels,
            middle: MiddleForm::new(&net.middle, side),
            norm: NormForm::new(&net.norm, true),
            leave: convolution(&net.leave, patches.side),
        }
    }

    /// Shape of the images.
    #[must_use]
    pub fn shape(&self) -> ImageShape {
        self.shape
    }

    /// How many classes condition the network; `None` if it takes no class.
    #[must_use]
    pub fn classes(&self) -> Option<usize> {
        self.embedding.classes()
    }

    /// Whether the flow begins with a picture.
    #[must_use]
    pub fn is_refiner(&self) -> bool {
        self.is_refiner
    }

    /// Scratch buffers for one image at a time.
    #[must_use]
    pub fn scratch(&self) -> Scratch {
        let patches = self.enter.input();
        let levels = self.levels.iter().map(LevelForm::sizes);
        let pass = Pass {
            planes: vec![0.0; patches.channels() * patches.side() * patches.side()],
            sizes: levels.chain([self.middle.sizes()]).collect(),
            velocity: self.leave.output(),
            patches,
        };
        let count = if self.classes().is_some() { 2 } else { 1 };
        Scratch {
            passes: vec![pass; count],
        }
    }

    /// Refines a picture. With 0 steps the noisy picture stays as it is.
    ///
    /// `picture` is `[channels, height, width]` in `[0, 1]`, `noise` standard normal; the result is as `picture`.
    ///
    /// # Panics
    /// If picture or noise have another length than an image, or `scratch` was made by another network.
    #[must_use]
    pub fn refine(
        &self,
        picture: &[f32],
        noise: &[f32],
        steps: usize,
        scratch: &mut Scratch,
    ) -> Vec<f32> {
        let values = self.shape.values();
        assert_eq!([picture.len(), noise.len()], [values; 2], "picture, noise");
        let picture: Vec<f32> = picture.iter().map(|pixel| pixel * 2.0 - 1.0).collect();
        let pairs = picture.iter().zip(noise);
        let mut x: Vec<f32> = pairs.map(|(pixel, n)| pixel + n * self.noise).collect();
        for step in 0..steps {
            let time = time_of(step, steps);
            let velocity = self.velocity(&x, time, None, Some(&picture), scratch);
            go(&mut x, &velocity, steps);
        }
        to_pixels(x)
    }

    /// Refines many pictures on all cores, `[n, channels, height, width]` each.
    ///
    /// # Panics
    /// If the numbers do not make whole pictures, or as much noise.
    #[must_use]
    pub fn refine_all(&self, pictures: &[f32], noises: &[f32], steps: usize) -> Vec<f32> {
        assert_eq!(pictures.len(), noises.len(), "pictures and noise");
        let values = self.shape.values();
        self.each(pictures, |i, picture, scratch| {
            self.refine(picture, &noises[i * values..][..values], steps, scratch)
        })
    }

    /// Draws an image from noise, in a class or in none.
    ///
    /// `noise` is standard normal, `[channels, height, width]`; the result lies in `[0, 1]`. See
    /// [`VelocityNet::advance`] for `guidance`.
    ///
    /// # Panics
    /// If the noise has another length than an image, there is no such class, the network is a refiner, or `scratch` was made by
    /// another network.
    #[must_use]
    pub fn draw(
        &self,
        noise: &[f32],
        class: Option<ClassId>,
        steps: usize,
        guidance: f64,
        scratch: &mut Scratch,
    ) -> Vec<f32> {
        let mut x = noise.to_vec();
        for step in 0..steps {
            x = self.advance(&x, class, [step, steps], guidance, scratch);
        }
        to_pixels(x)
    }

    /// Draws many images on all cores, each in a class of its own: `[n, channels, height, width]` in and out.
    ///
    /// # Panics
    /// As [`draw`](Self::draw), and if there is not the noise of an image for each of the classes.
    #[must_use]
    pub fn draw_all(
        &self,
        noises: &[f32],
        classes: &[Option<ClassId>],
        steps: usize,
        guidance: f64,
    ) -> Vec<f32> {
        self.check_count(noises, classes);
        self.each(noises, |i, noise, scratch| {
            self.draw(noise, classes[i], steps, guidance, scratch)
        })
    }

    /// One step of [`draw`](Self::draw), as [`VelocityNet::advance`] takes it: step `step` of `steps`, counted from 0.
    /// [`to_pixels`](Self::to_pixels) shows a point on its way.
    ///
    /// # Panics
    /// As [`draw`](Self::draw).
    #[must_use]
    pub fn advance(
        &self,
        x: &[f32],
        class: Option<ClassId>,
        [step, steps]: [usize; 2],
        guidance: f64,
        scratch: &mut Scratch,
    ) -> Vec<f32> {
        let time = time_of(step, steps);
        let is_guided = exaggerates(guidance) && class.is_some();
        let velocity = match &mut scratch.passes[..] {
            [with, without] if is_guided => {
                let (with, without) = rayon::join(
                    || self.pass(x, time, class, None, with),
                    || self.pass(x, time, None, None, without),
                );
                let pairs = with.iter().zip(&without);
                let beyond =
                    |(with, without): (&f32, &f32)| without + (with - without) * guidance as f32;
                pairs.map(beyond).collect()
            }
            _ => self.velocity(x, time, class, None, scratch),
        };
        let mut x = x.to_vec();
        go(&mut x, &velocity, steps);
        x
    }

    /// One step of many images on all cores, `[n, channels, height, width]` in and out.
    ///
    /// # Panics
    /// As [`draw_all`](Self::draw_all).
    #[must_use]
    pub fn advance_all(
        &self,
        xs: &[f32],
        classes: &[Option<ClassId>],
        step: [usize; 2],
        guidance: f64,
    ) -> Vec<f32> {
        self.check_count(xs, classes);
        self.each(xs, |i, x, scratch| {
            self.advance(x, classes[i], step, guidance, scratch)
        })
    }

    /// A point of the flow as pixels in `[0, 1]`; what lies beyond is cut off.
    #[must_use]
    pub fn to_pixels(x: &[f32]) -> Vec<f32> {
        to_pixels(x.to_vec())
    }

    /// The velocity of a point, as [`VelocityNet::forward`] says; all values in `[-1, 1]` for pixels of images.
    ///
    /// # Panics
    /// If point or picture have another length than an image, there is no such class, a refiner is given no picture, or `scratch`
    /// was made by another network.
    #[must_use]
    pub fn velocity(
        &self,
        x: &[f32],
        time: f32,
        class: Option<ClassId>,
        picture: Option<&[f32]>,
        scratch: &mut Scratch,
    ) -> Vec<f32> {
        self.pass(x, time, class, picture, &mut scratch.passes[0])
    }

    fn pass(
        &self,
        x: &[f32],
        time: f32,
        class: Option<ClassId>,
        picture: Option<&[f32]>,
        pass: &mut Pass,
    ) -> Vec<f32> {
        let values = self.shape.values();
        assert_eq!(x.len(), values, "values of the point");
        let patches = pass.planes.len();
        if self.is_refiner {
            let picture = picture.expect("the picture that a refiner begins with");
            assert_eq!(picture.len(), values, "values of the picture");
            let (points, pictures) = pass.planes.split_at_mut(patches / 2);
            self.put(x, points);
            self.put(picture, pictures);
        } else {
            self.put(x, &mut pass.planes);
        }
        pass.patches.load(&pass.planes);
        let embedding = self.embedding.run(time, class);
        let sizes = &mut pass.sizes;
        let plain = Epilogue::Plain;
        self.enter.run(&pass.patches, sizes[0].input(), plain);
        level::run(&self.levels, &self.middle, &embedding, sizes);
        let [maps, normed] = sizes[0].output();
        self.norm.run(maps, normed);
        self.leave.run(normed, &mut pass.velocity, plain);
        let maps = &pass.velocity;
        let mut planes = vec![0.0; maps.channels() * maps.side() * maps.side()];
        maps.store(&mut planes);
        self.places.iter().map(|&place| planes[place]).collect()
    }

    fn put(&self, values: &[f32], planes: &mut [f32]) {
        for (&place, value) in self.places.iter().zip(values) {
            planes[place] = *value;
        }
    }

    fn check_count(&self, xs: &[f32], classes: &[Option<ClassId>]) {
        let expected = classes.len() * self.shape.values();
        assert_eq!(xs.len(), expected, "values of the images");
    }

    /// Does something with each image, on all cores.
    fn each(
        &self,
        images: &[f32],
        work: impl Fn(usize, &[f32], &mut Scratch) -> Vec<f32> + Sync,
    ) -> Vec<f32> {
        let values = self.shape.values();
        assert!(images.len().is_multiple_of(values), "values of the images");
        let mut done = vec![0.0; images.len()];
        let pairs = done.par_chunks_mut(values).zip(images.par_chunks(values));
        pairs.enumerate().for_each_init(
            || self.scratch(),
            |scratch, (i, (done, image))| done.copy_from_slice(&work(i, image, scratch)),
        );
        done
    }
}

/// One of so many steps.
fn go(x: &mut [f32], velocity: &[f32], steps: usize) {
    for (x, velocity) in x.iter_mut().zip(velocity) {
        *x += velocity / steps as f32;
    }
}

fn to_pixels(mut x: Vec<f32>) -> Vec<f32> {
    for value in &mut x {
        *value = (*value * 0.5 + 0.5).clamp(0.0, 1.0);
    }
    x
}

/// A convolution of maps of a side, with a padding of half its kernel.
fn convolution(conv: &Conv2d, side: usize) -> Layer {
    let [to, from, kernel, _] = conv.weight.dims();
    let geometry = Geometry::convolution(side, kernel, conv.stride[0], kernel / 2);
    let bias = biases(conv.bias.as_deref(), to);
    Layer::new(geometry, from, &floats(conv.weight.val()), &bias)
}

/// A 3x3 convolution of maps of a side that are enlarged to twice of it.
fn enlarged(conv: &Conv2d, side: usize) -> Layer {
    let [to, from, ..] = conv.weight.dims();
    let weight = kernels::enlarged_kernel(conv.weight.val());
    let bias = biases(conv.bias.as_deref(), to);
    Layer::new(
        Geometry::transposed(side, 4, 2, 1),
        from,
        &floats(weight),
        &bias,
    )
}

fn dense(linear: &Linear) -> Dense {
    let [_, to] = linear.weight.dims();
    let bias = biases(linear.bias.as_deref(), to);
    Dense::new(floats(linear.weight.val()), bias)
}

/// One value an output, 0 if the layer has no bias.
fn biases(bias: Option<&Tensor<1>>, outputs: usize) -> Vec<f32> {
    bias.map_or_else(|| vec![0.0; outputs], |bias| floats(bias.clone()))
}

fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}
