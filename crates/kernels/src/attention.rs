//! Attention between the pixels of small maps of one image (Vaswani et al. 2017, "Attention Is All You Need", section 3.2).

use crate::Maps;
use crate::exp::exp;
use crate::loops::vectorized;

/// Attention of every pixel to all: for each head `softmax(q kᵀ / sqrt(channels of the head)) v`.
///
/// # Shapes
/// - `projected`: queries, keys and values, `[3 * channels, side, side]`, each `[heads, channels of the head]`
/// - `to`: `[channels, side, side]`
///
/// # Panics
/// If the shapes do not fit, or the heads do not divide the channels.
pub fn attend(projected: &Maps, heads: usize, to: &mut Maps) {
    let (channels, side) = (to.channels(), to.side());
    let found = [projected.channels(), projected.side()];
    assert_eq!(found, [3 * channels, side], "queries, keys and values");
    let whole = heads > 0 && channels.is_multiple_of(heads);
    assert!(whole, "{heads} heads of {channels} channels");
    let (pixels, width) = (side * side, channels / heads);
    let pixel_at = |maps: &Maps, i: usize| maps.pixel(i / side, i % side);
    let mut keys = vec![0.0; width * pixels];
    let mut values = vec![0.0; pixels * width];
    let mut weights = vec![0.0; pixels];
    for head in 0..heads {
        for i in 0..pixels {
            let pixel = &projected.values[pixel_at(projected, i)..][..3 * channels];
            let part = |at: usize| &pixel[at * channels + head * width..][..width];
            for (c, key) in part(1).iter().enumerate() {
                keys[c * pixels + i] = *key;
            }
            values[i * width..][..width].copy_from_slice(part(2));
        }
        for i in 0..pixels {
            let at = pixel_at(projected, i) + head * width;
            let query = &projected.values[at..][..width];
            let at = pixel_at(to, i) + head * width;
            let output = &mut to.values[at..][..width];
            vectorized(
                #[inline(always)]
                || {
                    softmax(query, &keys, &mut weights);
                    output.fill(0.0);
                    for (weight, value) in weights.iter().zip(values.chunks_exact(width)) {
                        for (sum, value) in output.iter_mut().zip(value) {
                            *sum += weight * value;
                        }
                    }
                },
            );
        }
    }
}

/// `softmax(q kᵀ / sqrt(width))` of one query, with `keys` `[width, pixels]`.
#[inline(always)]
#[allow(clippy::inline_always, reason = "to become part of a vector loop")]
fn softmax(query: &[f32], keys: &[f32], weights: &mut [f32]) {
    let scale = 1.0 / (query.len() as f32).sqrt();
    weights.fill(0.0);
    for (q, keys) in query.iter().zip(keys.chunks_exact(weights.len())) {
        let q = q * scale;
        for (weight, key) in weights.iter_mut().zip(keys) {
            *weight += q * key;
        }
    }
    let largest = weights.iter().fold(f32::NEG_INFINITY, |a, b| a.max(*b));
    let mut sum = 0.0;
    for weight in weights.iter_mut() {
        *weight = exp(*weight - largest);
        sum += *weight;
    }
    for weight in weights.iter_mut() {
        *weight /= sum;
    }
}
