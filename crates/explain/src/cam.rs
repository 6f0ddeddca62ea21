//! Raw evidence maps, positive and negative, from features, a head and what is to be explained.
//!
//! With features `A` of shape `[channels, h, w]` and the logit `y_c` of class `c`, Grad-CAM (Selvaraju et al. 2017,
//! equations 1 and 2) is
//!
//! ```text
//! alpha_kc = 1/(h w) * sum_ij  d y_c / d A_kij          map_c = ReLU(sum_k alpha_kc A_k)
//! ```
//!
//! [`Method`] has its relatives. The functions here stop before the `ReLU`; [`heatmaps`](crate::heatmaps) applies it
//! and keeps what it hides.

use burn::tensor::{Tensor, TensorData, assert_shape};

use crate::Method;

/// Grad-CAM in closed form for a head that is a global average pool and one linear layer, for every class at once.
///
/// Such a head computes `y_c = b_c + sum_k w_kc * 1/(h w) * sum_ij A_kij`. Its derivative
/// `d y_c / d A_kij = w_kc / (h w)` is the same in every cell, so its spatial mean is `alpha_kc = w_kc / (h w)` too,
/// and all maps are one matrix product without any backward pass. It follows that the cells of a map add up to the
/// logit less its bias: a map says where the logit comes from.
///
/// Gradients are not recorded; the result is never on an autodiff device.
///
/// # Shapes
/// - `features`: `[n, channels, h, w]`, what the pool would see
/// - `weight`: `[channels, classes]`, as in Burn's `Linear`
/// - output: `[n, classes, h, w]`
///
/// # Panics
/// If `weight` does not have `channels` rows.
#[must_use]
pub fn pooled_linear_cam(features: Tensor<4>, weight: Tensor<2>) -> Tensor<4> {
    let [n, channels, height, width] = features.dims();
    let [_, classes] = weight.dims();
    assert_shape!(weight, [channels, classes]);

    let cells = height * width;
    let alpha = (weight.inner() / cells as f32).transpose().unsqueeze::<3>(); // [1, classes, channels]
    let features = features.inner().reshape([n, channels, cells]);
    alpha.matmul(features).reshape([n, classes, height, width])
}

/// What a map is evidence for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Score {
    /// The class whose logit is explained.
    pub class: usize,
    /// Explain instead how far that logit lies above this class's, for a contrastive map: what speaks for both classes
    /// cancels.
    pub against: Option<usize>,
}

impl From<usize> for Score {
    fn from(class: usize) -> Self {
        Self {
            class,
            against: None,
        }
    }
}

/// The gradient of each image's score with respect to its features, by automatic differentiation, for any
/// differentiable head.
///
/// The features are cut from whatever computed them, lifted onto the autodiff device as a leaf and sent through
/// `head`; one backward pass of the chosen scores, added up over the batch, gives every image's gradient. That sum
/// separates only if `head` treats the images of a batch independently, as every head does in inference.
///
/// # What the head must look like
/// - Its parameters may live on the plain device: an operation that mixes them with the lifted features takes them as
///   constants, so nothing is spent on their gradients.
/// - **A `BatchNorm` must not be in training mode.** Burn's takes its training path, and writes its running statistics,
///   whenever its input is on an autodiff device and its `training` flag is on, and the flag is on in every fresh or
///   loaded module, also on a plain device. Build `head` from `module.valid()`, which switches the flag off.
///
/// # Shapes
/// - `features`: `[n, channels, h, w]`
/// - `scores`: one an image, or a single one for all images
/// - `head`: `[n, channels, h, w]` to logits `[n, classes]`
/// - output: as `features`, not on an autodiff device
///
/// # Panics
/// If `scores` has neither one nor `n` entries or names a class that `head` does not have, or if the output of `head`
/// does not depend differentiably on its input or has another batch size.
#[must_use]
pub fn gradient(
    features: Tensor<4>,
    scores: &[Score],
    head: impl Fn(Tensor<4>) -> Tensor<2>,
) -> Tensor<4> {
    let n = features.dims()[0];
    let leaf = features.inner().autodiff().require_grad();
    let logits = head(leaf.clone());
    let [_, class_count] = logits.dims();
    assert_shape!(logits, [n, class_count]);
    // Signs on the same device as the logits, but outside autodiff: a constant.
    let device = logits.device().inner();
    let signs = Tensor::from_data(signs(scores, n, class_count), (&device, logits.dtype()));
    leaf.grad_remove(&mut (logits * signs).sum().backward())
        .expect("the head's logits must depend on its input")
}

/// The raw evidence maps of a batch by one [`Method`], before the `ReLU`.
///
/// # Shapes
/// - `features`, `scores`, `head`: as for [`gradient`]
/// - output: `[n, h, w]`, not on an autodiff device. `.unsqueeze_dim(1)` makes it what
///   [`heatmaps`](crate::heatmaps) takes.
///
/// # Panics
/// As [`gradient`].
#[must_use]
pub fn evidence(
    method: Method,
    features: Tensor<4>,
    scores: &[Score],
    head: impl Fn(Tensor<4>) -> Tensor<2>,
) -> Tensor<3> {
    let features = features.inner();
    let gradient = gradient(features.clone(), scores, head);
    method.map(features, gradient)
}

/// `[n, class_count]` with a 1 at each image's class and a -1 at the one that it is held against.
fn signs(scores: &[Score], n: usize, class_count: usize) -> TensorData {
    assert!(
        scores.len() == 1 || scores.len() == n,
        "{} scores for {n} images: name one for all, or one an image",
        scores.len()
    );
    let mut signs = vec![0.0_f32; n * class_count];
    for (row, score) in signs
        .chunks_exact_mut(class_count)
        .zip(scores.iter().cycle())
    {
        for (class, sign) in [(Some(score.class), 1.0), (score.against, -1.0)] {
            let Some(class) = class else { continue };
            assert!(
                class < class_count,
                "class {class} asked for, but the head has {class_count}"
            );
            row[class] += sign;
        }
    }
    TensorData::new(signs, [n, class_count])
}
