//! The network as a whole: encoder, decoder and prior.

use burn::module::{Module, Param};
use burn::tensor::activation::sigmoid;
use burn::tensor::{Int, Tensor, assert_shape};
use datasets::{ImageShape, LabelledImages, crop_from_square, label_tensor, pad_to_square};

use crate::{Decoder, Encoder, Film, Head, Posterior};

/// The variational autoencoder: an [`Encoder`] and a [`Decoder`]. Made by [`VaeConfig::init`](crate::VaeConfig::init).
///
/// One whose encoder and decoder are given a class is conditional. Its functions with `_as` in their names take a class for each
/// image of a batch: a number below [`conditional_classes`](Self::conditional_classes), or that number itself for no class. No
/// other number is a class; a backend may panic on it or compute anything. The functions without `_as` mean no class. A VAE that is
/// not conditional does not look at classes.
#[derive(Module, Debug)]
pub struct Vae {
    /// Images to posteriors.
    pub encoder: Encoder,
    /// Latents to logits of pixels.
    pub decoder: Decoder,
    /// Where the prior of each class has its mean, `[classes, latent_dim]`; `None` for N(0, I).
    pub class_centres: Option<Param<Tensor<2>>>,
    /// Tells the class of an image from its latent, in a joint model.
    pub head: Option<Head>,
    /// Shape of the images. Encoder and decoder work on squares: images are padded on the way in and cropped on the way out.
    #[module(skip)]
    pub shape: ImageShape,
}

impl Vae {
    /// The posterior over latents for each image.
    ///
    /// # Shapes
    /// - `images`: `[batch, channels, height, width]` in `[0, 1]`
    /// - output: mean and log-variance `[batch, latent_dim]`
    ///
    /// # Panics
    /// If `images` has another shape.
    #[must_use]
    pub fn encode(&self, images: Tensor<4>) -> Posterior {
        self.encode_as(images, None)
    }

    /// The posterior over latents for each image, which is of a class.
    ///
    /// # Shapes
    /// - `images`: `[batch, channels, height, width]` in `[0, 1]`
    /// - `classes`: `[batch]`; `None` for no class
    /// - output: mean and log-variance `[batch, latent_dim]`
    ///
    /// # Panics
    /// If `images` or `classes` have another shape.
    #[must_use]
    pub fn encode_as(&self, images: Tensor<4>, classes: Option<Tensor<1, Int>>) -> Posterior {
        let [_, channels, height, width] = self.shape.batch(0);
        assert_shape!(images, [_, channels, height, width]);
        let classes = self.checked(classes, images.dims()[0]);
        self.encoder
            .forward(pad_to_square(images), classes.as_ref())
    }

    /// The image of each latent: the mean of the likelihood.
    ///
    /// # Shapes
    /// - `latents`: `[batch, latent_dim]`
    /// - output: `[batch, channels, height, width]` in `[0, 1]`
    ///
    /// # Panics
    /// If `latents` has another width.
    #[must_use]
    pub fn decode(&self, latents: Tensor<2>) -> Tensor<4> {
        self.decode_as(latents, None)
    }

    /// The image of each latent in a class.
    ///
    /// # Shapes
    /// - `latents`: `[batch, latent_dim]`
    /// - `classes`: `[batch]`; `None` for no class
    /// - output: `[batch, channels, height, width]` in `[0, 1]`
    ///
    /// # Panics
    /// If `latents` has another width or `classes` another length.
    #[must_use]
    pub fn decode_as(&self, latents: Tensor<2>, classes: Option<Tensor<1, Int>>) -> Tensor<4> {
        sigmoid(self.decode_logits_as(latents, classes))
    }

    /// The logits of [`decode`](Self::decode), for the Bernoulli likelihood.
    ///
    /// # Panics
    /// If `latents` has another width.
    #[must_use]
    pub fn decode_logits(&self, latents: Tensor<2>) -> Tensor<4> {
        self.decode_logits_as(latents, None)
    }

    /// The logits of [`decode_as`](Self::decode_as), for the Bernoulli likelihood.
    ///
    /// # Panics
    /// If `latents` has another width or `classes` another length.
    #[must_use]
    pub fn decode_logits_as(
        &self,
        latents: Tensor<2>,
        classes: Option<Tensor<1, Int>>,
    ) -> Tensor<4> {
        let latent_dim = self.latent_dim();
        assert_shape!(latents, [_, latent_dim]);
        let classes = self.checked(classes, latents.dims()[0]);
        let logits = self.decoder.forward(latents, classes.as_ref());
        crop_from_square(logits, self.shape)
    }

    /// How many classes condition the network; `None` if it takes no class.
    #[must_use]
    pub fn conditional_classes(&self) -> Option<usize> {
        let block = self.decoder.blocks.first()?;
        block.film.as_ref().map(Film::classes)
    }

    /// What the head of a joint model takes latents for: the logits of the classes. Its opinion about an image is that about the
    /// mean of the image's posterior. `None` if there is no head.
    ///
    /// # Shapes
    /// - `latents`: `[batch, latent_dim]`
    /// - output: `[batch, classes]`
    ///
    /// # Panics
    /// If `latents` has fewer dimensions than the head sees.
    #[must_use]
    pub fn class_logits(&self, latents: Tensor<2>) -> Option<Tensor<2>> {
        Some(self.head.as_ref()?.forward(latents))
    }

    /// The classes of the images at `indices`, `[indices.len()]`, for the functions that take them; `None` if the network takes
    /// no class.
    ///
    /// # Panics
    /// If an index is not below the number of images.
    #[must_use]
    pub fn classes_of(&self, images: &LabelledImages, indices: &[usize]) -> Option<Tensor<1, Int>> {
        let device = self.encoder.mean.weight.device();
        let labels = || label_tensor(images, indices, &device);
        self.conditional_classes().map(|_| labels())
    }

    /// Classes of a batch, once they are known to be as many as its images; `None` if they are not looked at.
    fn checked(&self, classes: Option<Tensor<1, Int>>, batch: usize) -> Option<Tensor<1, Int>> {
        self.conditional_classes()?;
        let classes = classes?;
        assert_shape!(classes, [batch]);
        Some(classes)
    }

    /// Divergence of each image's posterior from its prior, per dimension in nats: that of its class if there are centres.
    ///
    /// # Shapes
    /// - `labels`: `[batch]`; not looked at if there are no centres
    /// - output: `[batch, latent_dim]`
    ///
    /// # Panics
    /// If there are centres and no labels.
    #[must_use]
    pub fn kl_per_dimension(
        &self,
        posterior: &Posterior,
        labels: Option<Tensor<1, Int>>,
    ) -> Tensor<2> {
        let Some(centres) = &self.class_centres else {
            return posterior.kl_per_dimension();
        };
        let labels = labels.expect("a prior with class centres needs labels");
        let around = Posterior {
            mean: posterior.mean.clone() - centres.val().select(0, labels),
            log_var: posterior.log_var.clone(),
        };
        around.kl_per_dimension()
    }

    /// `ln p(z)` of each latent under the prior with its classes in equal parts, in nats.
    ///
    /// # Shapes
    /// - `latents`: `[batch, latent_dim]`
    /// - output: `[batch]`
    #[must_use]
    pub fn prior_log_density(&self, latents: Tensor<2>) -> Tensor<1> {
        let [_, dims] = latents.dims();
        let normaliser = dims as f64 / 2.0 * (2.0 * std::f64::consts::PI).ln();
        let Some(exponents) = self.class_exponents(latents.clone()) else {
            let squares: Tensor<1> = latents.powi_scalar(2).sum_dim(1).squeeze_dim(1);
            return squares * -0.5 - normaliser;
        };
        let classes = exponents.dims()[1] as f64;
        log_sum(exponents).squeeze_dim::<1>(1) - classes.ln() - normaliser
    }

    /// `ln p(class | z)` under the prior with its classes in equal parts: how far the centres tell a latent's class.
    /// 0 for every class if there are no centres.
    ///
    /// # Shapes
    /// - `latents`: `[batch, latent_dim]`
    /// - `labels`: `[batch]`
    /// - output: `[batch]`
    #[must_use]
    pub fn class_log_probability(&self, latents: Tensor<2>, labels: Tensor<1, Int>) -> Tensor<1> {
        let ([n, _], device) = (latents.dims(), latents.device());
        let Some(exponents) = self.class_exponents(latents) else {
            return Tensor::zeros([n], &device);
        };
        let of_label = exponents.clone().gather(1, labels.unsqueeze_dim::<2>(1)); // [batch, 1]
        (of_label - log_sum(exponents)).squeeze_dim::<1>(1)
    }

    /// `-|z - c|^2 / 2` for each latent and class centre, `[batch, classes]`.
    fn class_exponents(&self, latents: Tensor<2>) -> Option<Tensor<2>> {
        let centres = self.class_centres.as_ref()?.val();
        let from_centres: Tensor<3> = latents.unsqueeze_dim::<3>(1) - centres.unsqueeze_dim::<3>(0);
        let squares: Tensor<2> = from_centres.powi_scalar(2).sum_dim(2).squeeze_dim(2);
        Some(squares * -0.5)
    }

    /// Dimensions of the latent space.
    #[must_use]
    pub fn latent_dim(&self) -> usize {
        let [from, _] = self.decoder.project.weight.dims();
        from
    }
}

/// `ln sum exp` over each row, `[batch, n] -> [batch, 1]`.
fn log_sum(exponents: Tensor<2>) -> Tensor<2> {
    let largest = exponents.clone().max_dim(1);
    (exponents - largest.clone()).exp().sum_dim(1).log() + largest
}
