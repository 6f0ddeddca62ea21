//! The networks' four stages as layers: how large their feature maps are for images of a shape, and what to call them.
//!
//! It stands apart from the network because a window names the layers of a model from its description alone.

use datasets::{ImageShape, Layer, map_sides};

/// Stages of a classifier. Those of a [`ResNet18`](crate::ResNet18) are layers that can be explained.
pub const STAGES: usize = 4;

/// Channels of each stage in multiples of the first one's.
pub(crate) const GROWTH: [usize; STAGES] = [1, 2, 4, 8];

/// The last stage, whose feature maps the linear layer judges.
pub const LAST_LAYER: Layer = Layer(STAGES - 1);

/// The largest side of feature maps that a stage works on. A stage costs as many operations as its maps have cells, so
/// the stem halves larger images.
const LARGEST_SIDE: usize = 64;

/// Pixels from one position of the stem to the next.
pub(crate) fn stem_stride(shape: ImageShape) -> usize {
    if shape.square_side() > LARGEST_SIDE {
        2
    } else {
        1
    }
}

/// Height and width of each stage's feature maps: the pyramid of the square, from where the stem leaves it. Where the
/// pyramid ends early, the later stages keep its last side.
pub(crate) fn stage_sides(shape: ImageShape) -> Vec<usize> {
    let pyramid = map_sides(shape.square_side());
    let last = pyramid.len() - 1;
    let first = usize::from(stem_stride(shape) > 1);
    (first..first + STAGES)
        .map(|level| pyramid[level.min(last)])
        .collect()
}

/// All layers, first to last.
pub(crate) fn layers() -> Vec<Layer> {
    (0..STAGES).map(Layer).collect()
}

/// A layer's name, such as "stage 3 (7x7)".
pub(crate) fn layer_name(shape: ImageShape, layer: Layer) -> String {
    let number = layer.0 + 1;
    match stage_sides(shape).get(layer.0) {
        Some(side) => format!("stage {number} ({side}x{side})"),
        None => format!("stage {number}"),
    }
}
