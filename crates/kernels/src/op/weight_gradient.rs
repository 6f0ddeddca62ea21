//! The gradient of a convolution's weights as matrix products.
//!
//! Burn computes it on a graphics card as a convolution whose kernel is as large as the image and whose output is as small
//! as the weights: a few thousand long sums, one a thread, which leaves nearly all of the card idle. Here each image's
//! patches become the columns of a matrix, so that the gradient is a matrix product for each image and a sum over them.

use burn::backend::Backend;
use burn::backend::TensorMetadata;
use burn::backend::tensor::FloatTensor;
use burn::tensor::Slice;

use super::Steps;

/// The most numbers in the matrix of patches, 64 MiB of them: small adapters bind no more than 128 MiB at once.
const MOST_NUMBERS: usize = 16 << 20;

/// The gradient of the weights.
///
/// - convolution: `x` is `[batch, in_channels, side, side]`, the result `[out_channels, in_channels, kernel, kernel]`
/// - transposed: the result is `[in_channels, out_channels, kernel, kernel]`
///
/// `gradient` is that of the output.
pub fn weight_gradient<B: Backend>(
    x: FloatTensor<B>,
    gradient: FloatTensor<B>,
    kernel: usize,
    steps: Steps,
) -> FloatTensor<B> {
    // A transposed convolution reads where a convolution writes: input and gradient change places.
    let (large, small) = if steps.transposed {
        (gradient, x)
    } else {
        (x, gradient)
    };
    let (large_shape, small_shape) = (large.shape(), small.shape());
    let (batch, from, to) = (large_shape[0], large_shape[1], small_shape[1]);
    let pixels = small_shape[2] * small_shape[3];
    let large = padded::<B>(large, steps.padding);
    let images = (MOST_NUMBERS / (kernel * kernel * from * pixels).max(1)).clamp(1, batch.max(1));
    let mut sum: Option<FloatTensor<B>> = None;
    for start in (0..batch).step_by(images) {
        let chunk = Slice::new(
            start as isize,
            Some((start + images).min(batch) as isize),
            1,
        );
        let part = |tensor: &FloatTensor<B>| B::float_slice(tensor.clone(), &[chunk]);
        let product = chunk_gradient::<B>(&part(&large), part(&small), kernel, steps.stride);
        sum = Some(match sum {
            Some(sum) => B::float_add(sum, product),
            None => product,
        });
    }
    let sum = sum.expect("a batch holds at least one image");
    // [to, kernel * kernel * from] -> [to, from, kernel, kernel]
    let sum = B::float_reshape(sum, [to, kernel, kernel, from].into());
    B::float_permute(sum, &[0, 3, 1, 2])
}

/// The gradient over some images, `[to, kernel * kernel * from]`.
fn chunk_gradient<B: Backend>(
    large: &FloatTensor<B>,
    small: FloatTensor<B>,
    kernel: usize,
    stride: usize,
) -> FloatTensor<B> {
    let (small_shape, from) = (small.shape(), large.shape()[1]);
    let (n, to, rows, columns) = (
        small_shape[0],
        small_shape[1],
        small_shape[2],
        small_shape[3],
    );
    let along = |first: usize, count: usize| {
        let end = first + (count - 1) * stride + 1;
        Slice::new(first as isize, Some(end as isize), stride as isize)
    };
    let all = Slice::new(0, None, 1);
    let mut patches = Vec::with_capacity(kernel * kernel);
    for row in 0..kernel {
        for column in 0..kernel {
            let seen = [all, all, along(row, rows), along(column, columns)];
            let seen = B::float_slice(large.clone(), &seen);
            patches.push(B::float_reshape(seen, [n, from, rows * columns].into()));
        }
    }
    let patches = B::float_cat(patches, 1); // [n, kernel * kernel * from, pixels]
    let small = B::float_reshape(small, [n, to, rows * columns].into());
    let products = B::float_matmul(small, B::float_swap_dims(patches, 1, 2));
    let sum = B::float_sum_dim(products, 0); // [1, to, kernel * kernel * from]
    B::float_reshape(sum, [to, kernel * kernel * from].into())
}

/// The maps with a border of zeros.
fn padded<B: Backend>(maps: FloatTensor<B>, padding: usize) -> FloatTensor<B> {
    if padding == 0 {
        return maps;
    }
    let shape = maps.shape();
    let (height, width) = (shape[2] + 2 * padding, shape[3] + 2 * padding);
    let (device, dtype) = (maps.device(), maps.dtype());
    let border = B::float_zeros(
        [shape[0], shape[1], height, width].into(),
        &device,
        dtype.into(),
    );
    let inner = |length: usize| Slice::new(padding as isize, Some((padding + length) as isize), 1);
    let all = Slice::new(0, None, 1);
    B::float_slice_assign(border, &[all, all, inner(shape[2]), inner(shape[3])], maps)
}
