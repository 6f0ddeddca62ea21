//! The network as a whole.

use burn::module::Module;
use burn::nn::GroupNorm;
use burn::nn::conv::Conv2d;
use burn::tensor::{Device, Int, Tensor, assert_shape};
use datasets::ImageShape;

use crate::layers::{conv3, conv3_of_zeros, convolve, group_norm, normalise};
use crate::patches::Patches;
use crate::{Embedding, FlowConfig, Level, Middle, unet};

/// The velocity of a point on its straight path to an image: a U-Net on patches of the image, told the time, perhaps the class,
/// and in a refiner the picture that the path began with. Made by [`FlowConfig::init`].
///
/// Classes are a number for each image of a batch, below [`classes`](Self::classes), or that number itself for no class. No other
/// number is a class; a backend may panic on it or compute anything. A network that is not conditional does not look at classes.
#[derive(Module, Debug)]
pub struct VelocityNet {
    /// Time and class.
    pub embedding: Embedding,
    /// 3x3, from patches to the largest maps.
    pub enter: Conv2d,
    /// All sizes of maps but the smallest, the largest first.
    pub levels: Vec<Level>,
    /// The smallest maps.
    pub middle: Middle,
    /// In front of `leave`.
    pub norm: GroupNorm,
    /// 3x3, from the largest maps to patches; its first weights are zeros.
    pub leave: Conv2d,
    /// Shape of the images.
    #[module(skip)]
    pub shape: ImageShape,
    /// Standard deviation of the noise that is added to a refiner's picture, pixels in `[-1, 1]`.
    #[module(skip)]
    pub noise: f64,
    #[module(skip)]
    patch: usize,
    #[module(skip)]
    from_picture: bool,
}

impl VelocityNet {
    pub(crate) fn new(
        config: &FlowConfig,
        shape: ImageShape,
        classes: usize,
        device: &Device,
    ) -> Self {
        let (channels, width) = (&config.channels, config.embedding);
        let (first, smallest) = (channels[0], channels[channels.len() - 1]);
        let classes = config.conditional.then_some(classes);
        let level = |pair: &[usize]| Level::new([pair[0], pair[1]], width, device);
        Self {
            embedding: Embedding::new(width, classes, device),
            enter: conv3([config.channels_in(shape), first], device),
            levels: channels.windows(2).map(level).collect(),
            middle: Middle::new(smallest, config.attention, width, device),
            norm: group_norm(first, device),
            leave: conv3_of_zeros([first, config.channels_out(shape)], device),
            shape,
            noise: config.noise,
            patch: config.patch,
            from_picture: config.from_picture,
        }
    }

    /// The velocity of each point, in the direction of its image.
    ///
    /// # Shapes
    /// - `x`: the points, `[batch, channels, height, width]`, pixels of images in `[-1, 1]`
    /// - `times`: how far each is on its way, `[batch]` from 0 to 1
    /// - `classes`: `[batch]`; `None` for no class
    /// - `pictures`: what each path began with before noise was added, as `x`; looked at by a refiner only
    /// - output: as `x`
    ///
    /// # Panics
    /// If a shape differs, or a refiner is given no pictures.
    #[must_use]
    pub fn forward(
        &self,
        x: Tensor<4>,
        times: Tensor<1>,
        classes: Option<Tensor<1, Int>>,
        pictures: Option<Tensor<4>>,
    ) -> Tensor<4> {
        let [batch, channels, height, width] = self.shape.batch(x.dims()[0]);
        assert_shape!(x, [batch, channels, height, width]);
        assert_shape!(times, [batch]);
        let classes = self.checked(classes, batch);
        let patches = self.patches();
        let mut maps = patches.cut(x);
        if self.from_picture {
            let pictures = pictures.expect("the pictures that a refiner begins with");
            assert_shape!(pictures, [batch, channels, height, width]);
            maps = Tensor::cat(vec![maps, patches.cut(pictures)], 1);
        }
        let embedding = self.embedding.forward(times, classes.as_ref());
        let maps = convolve(&self.enter, maps);
        let maps = unet::forward(&self.levels, &self.middle, maps, &embedding);
        let maps = normalise(&self.norm, maps, true);
        patches.join(convolve(&self.leave, maps))
    }

    /// How many classes condition the network; `None` if it takes no class.
    #[must_use]
    pub fn classes(&self) -> Option<usize> {
        let rows = self.embedding.classes.as_ref()?;
        let [rows, _] = rows.dims();
        Some(rows - 1)
    }

    /// Whether the flow begins with a picture.
    #[must_use]
    pub fn is_refiner(&self) -> bool {
        self.from_picture
    }

    /// Classes of a batch, once they are known to be as many as its images; `None` if they are not looked at.
    fn checked(&self, classes: Option<Tensor<1, Int>>, batch: usize) -> Option<Tensor<1, Int>> {
        self.classes()?;
        let classes = classes?;
        assert_shape!(classes, [batch]);
        Some(classes)
    }

    pub(crate) fn patches(&self) -> Patches {
        Patches::new(self.shape, self.patch, self.levels.len() + 1)
    }
}
