//! Evidence maps of the classifier, by any method at any layer.

use burn::tensor::Tensor;
use classifier::{ClassifierConfig, LAST_LAYER, Prediction, ResNet18};
use datasets::{ClassId, Layer};
use explain::{Method, Score, at_pixels, evidence, fuse};

use crate::FrameRequest;

/// What to explain of some images, and how.
#[derive(Debug)]
pub struct Explained {
    /// `[n, channels, height, width]` in `[0, 1]`
    pub images: Tensor<4>,
    /// Their feature maps at `layer`.
    pub features: Tensor<4>,
    /// Which layer that is.
    pub layer: Layer,
    /// What to explain of each image.
    pub scores: Vec<Score>,
}

/// Height and width of a method's map at a layer of a classifier: that of the layer's feature maps, which cover the square
/// around the image, or of the image itself.
#[must_use]
pub fn map_size(config: &ClassifierConfig, method: Method, layer: Layer) -> [usize; 2] {
    if method == Method::Pixels {
        return [config.shape.height(), config.shape.width()];
    }
    let side = config.stage_sides().get(layer.index()).copied();
    [side.unwrap_or(0); 2]
}

/// Whether a request is answered without a backward pass: one matrix product gives the maps of all classes.
pub(crate) fn has_closed_form(request: &FrameRequest) -> bool {
    request.method == Method::GradCam && request.layer == LAST_LAYER && !request.contrast
}

/// The scores that a frame explains: the predicted class, and the target if there is one. In a contrast each is held
/// against the other, and against the runner-up where both are the same class or there is no target.
pub(crate) fn scores(prediction: &Prediction, request: &FrameRequest) -> Vec<Score> {
    let predicted = prediction.class;
    let runner_up = prediction.runner_up();
    let target = match request.target {
        None if request.runner_up => runner_up,
        target => target,
    };
    let score = |class: ClassId, other: Option<ClassId>| Score {
        class: class.index(),
        against: request.contrast.then(|| {
            let other = other.filter(|other| *other != class);
            other.or(runner_up).map_or(0, ClassId::index)
        }),
    };
    std::iter::once(score(predicted, target))
        .chain(target.map(|target| score(target, Some(predicted))))
        .collect()
}

/// The scores without repetitions, and for each of `scores` the row of its map among those of the rest.
pub(crate) fn distinct(scores: Vec<Score>) -> (Vec<Score>, Vec<usize>) {
    let mut found = Vec::new();
    let rows = scores.into_iter().map(|score| {
        let known = found.iter().position(|other| *other == score);
        known.unwrap_or_else(|| {
            found.push(score);
            found.len() - 1
        })
    });
    let rows = rows.collect();
    (found, rows)
}

/// Raw maps, `[n, height, width]` with [`map_size`], before the `ReLU`.
#[must_use]
pub fn raw_maps(network: &ResNet18, method: Method, explained: Explained) -> Tensor<3> {
    let Explained {
        images,
        features,
        layer,
        scores,
    } = explained;
    match method {
        Method::Fused => fused(network, features, layer, &scores),
        Method::Pixels => {
            let maps = evidence(method, features, &scores, |x| network.head_at(x, layer));
            at_pixels(maps, images)
        }
        Method::GradCam | Method::GradCamPlusPlus | Method::LayerCam => {
            evidence(method, features, &scores, |x| network.head_at(x, layer))
        }
    }
}

fn fused(network: &ResNet18, features: Tensor<4>, from: Layer, scores: &[Score]) -> Tensor<3> {
    let mut features = features;
    let mut maps = Vec::new();
    for layer in network.layers().into_iter().skip(from.index()) {
        if layer != from {
            features = network.next_features(features, Layer(layer.index() - 1));
        }
        let head = |x| network.head_at(x, layer);
        maps.push(evidence(Method::Fused, features.clone(), scores, head));
    }
    fuse(&maps)
}
