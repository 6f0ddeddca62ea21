//! Grad-CAM (Selvaraju et al., 2017) before the `ReLU`: raw evidence maps, positive and negative.
//!
//! With features `A` of shape `[channels, h, w]` and the logit `y_c` of class `c`, equations 1 and 2 of the paper are
//!
//! ```text
//! alpha_kc = 1/(h w) * sum_ij  d y_c / d A_kij          map_c = ReLU(sum_k alpha_kc A_k)
//! ```
//!
//! The functions here stop before the `ReLU`; [`heatmaps`](crate::heatmaps) applies it and keeps what it hides.

use burn::tensor::{Tensor, TensorData, assert_shape};

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

/// Grad-CAM by automatic differentiation, for any differentiable head.
///
/// The features are cut from whatever computed them, lifted onto the autodiff device as a leaf and sent through
/// `head`; one backward pass of the chosen logits, added up over the batch, gives every image's gradient. That sum
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
/// - `classes`: the logit to explain, one an image, or a single one for all images
/// - `head`: `[n, channels, h, w]` to logits `[n, classes]`
/// - output: `[n, h, w]`, not on an autodiff device. `.unsqueeze_dim(1)` makes it what
///   [`heatmaps`](crate::heatmaps) takes.
///
/// # Panics
/// If `classes` has neither one nor `n` entries or names a class that `head` does not have, or if the output of `head`
/// does not depend differentiably on its input or has another batch size.
#[must_use]
pub fn grad_cam(
    features: Tensor<4>,
    classes: &[usize],
    head: impl Fn(Tensor<4>) -> Tensor<2>,
) -> Tensor<3> {
    let [n, _, height, width] = features.dims();
    let features = features.inner();
    let leaf = features.clone().autodiff().require_grad();

    let logits = head(leaf.clone());
    let [_, class_count] = logits.dims();
    assert_shape!(logits, [n, class_count]);
    // A mask on the same device as the logits, but outside autodiff: a constant.
    let device = logits.device().inner();
    let mask = Tensor::from_data(one_hot(classes, n, class_count), (&device, logits.dtype()));
    let gradient = leaf
        .grad_remove(&mut (logits * mask).sum().backward())
        .expect("the head's logits must depend on its input");

    let alpha = gradient.mean_dims(&[2, 3]); // [n, channels, 1, 1]
    (features * alpha).sum_dim(1).reshape([n, height, width])
}

/// `[n, class_count]` with a one at each image's class.
fn one_hot(classes: &[usize], n: usize, class_count: usize) -> TensorData {
    assert!(
        classes.len() == 1 || classes.len() == n,
        "{} classes for {n} images: name one for all, or one an image",
        classes.len()
    );
    let mut mask = vec![0.0_f32; n * class_count];
    for (row, &class) in classes.iter().cycle().take(n).enumerate() {
        assert!(
            class < class_count,
            "class {class} asked for, but the head has {class_count}"
        );
        mask[row * class_count + class] = 1.0;
    }
    TensorData::new(mask, [n, class_count])
}
