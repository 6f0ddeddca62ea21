//! The network cut into features and head, as explanations need it: the closed form of Grad-CAM is what gradients give.

use burn::tensor::{Device, Tensor};
use classifier::LAST_LAYER;
use explain::{Method, Score, at_pixels, evidence, heatmaps, pooled_linear_cam};

use crate::{assert_close, built, floats, images, odd};

/// Sums of a few hundred products of numbers below 10, in two orders.
const TOLERANCE: f32 = 1e-5;

#[test]
fn the_closed_form_is_what_the_gradient_gives_on_the_odd_fixture() {
    let network = built(&odd(), 4);
    let features = network.features(images(odd().shape, 2, &Device::flex()));
    let closed = pooled_linear_cam(features.clone(), network.fc.weight.val()); // [2, classes, 4, 4]
    assert_eq!(closed.dims(), [2, 3, 4, 4]);
    assert!(floats(closed.clone()).iter().any(|cell| cell.abs() > 1e-2));
    for class in 0..3 {
        let maps = evidence(Method::GradCam, features.clone(), &[class.into()], |x| {
            network.head(x)
        });
        let of_class: Tensor<3> = closed.clone().narrow(1, class, 1).squeeze_dim(1);
        assert_close(&floats(maps), &floats(of_class), TOLERANCE);
    }
}

#[test]
fn every_layer_of_the_odd_fixture_is_explained_over_its_images() {
    let network = built(&odd(), 4);
    let batch = images(odd().shape, 2, &Device::flex());
    let scores = [Score::from(2)];
    for layer in network.layers() {
        let features = network.features_at(batch.clone(), layer);
        let maps = evidence(Method::LayerCam, features, &scores, |x| {
            network.head_at(x, layer)
        });
        let side = network.stage_sides()[layer.index()];
        assert_eq!(maps.dims(), [2, side, side]);
        assert_eq!(at_pixels(maps.clone(), batch.clone()).dims(), [2, 20, 32]);
        for map in heatmaps(maps.unsqueeze_dim(1)).unwrap().concat() {
            let over = map.over_image(odd().shape, 1);
            assert_eq!((over.height, over.width), (20, 32), "{layer:?}");
        }
    }
    assert_eq!(network.stage_sides()[LAST_LAYER.index()], 4);
}
