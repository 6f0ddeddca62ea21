//! Convolutions and transposed convolutions of all networks here, and of some that are in none.

use burn::tensor::{Device, TensorData};
use kernels::Geometry;

use crate::{assert_as_burn, random};

/// Stride, padding, kernel and side of every convolution in this project, and of some that are in none.
const CONVOLUTIONS: [(usize, usize, usize, usize); 10] = [
    (1, 1, 3, 28),
    (1, 1, 3, 7),
    (1, 1, 3, 4),
    (2, 1, 3, 28),
    (2, 1, 3, 7),
    (2, 1, 4, 28),
    (2, 0, 1, 14),
    (2, 0, 1, 7),
    // beyond the border of zeros: made of Burn's operations
    (1, 2, 5, 9),
    (2, 2, 5, 9),
];

/// The same for transposed convolutions.
const TRANSPOSED: [(usize, usize, usize, usize); 5] = [
    (2, 1, 3, 4),
    (2, 1, 4, 7),
    (2, 1, 4, 14),
    (1, 1, 3, 5),
    // beyond the border of zeros: made of Burn's operations
    (2, 2, 5, 5),
];

#[test]
fn a_convolution_and_its_gradients_are_those_of_burn() {
    for (stride, padding, kernel, side) in CONVOLUTIONS {
        let geometry = Geometry::convolution(side, kernel, stride, padding);
        // 18 images are more than one task's share; 3 and 20 channels are no multiples of 16, and 16 and 32 go over tiles
        for sizes in [
            [2, 1, 16],
            [18, 3, 20],
            [1, 32, 1],
            [17, 16, 48],
            [1, 64, 32],
        ] {
            assert_as_burn(geometry, sizes);
        }
    }
}

#[test]
fn a_transposed_convolution_and_its_gradients_are_those_of_burn() {
    for (stride, padding, kernel, side) in TRANSPOSED {
        let geometry = Geometry::transposed(side, kernel, stride, padding);
        for sizes in [[2, 16, 1], [17, 5, 33], [3, 32, 16]] {
            assert_as_burn(geometry, sizes);
        }
    }
}

#[test]
fn convolutions_from_and_to_images_and_their_gradients_are_those_of_burn() {
    // The sides of the pyramids of 20, 64 and 128 pixels that these layers meet, and images of one, three and four channels.
    // At 64 pixels 5 images are more than one task's share, at 5 pixels 9 are more than a group.
    for (images, side) in [(9, 5), (3, 10), (17, 20), (5, 64), (2, 128)] {
        for channels in [1, 3, 4] {
            let three = Geometry::convolution(side, 3, 1, 1);
            assert_as_burn(three, [images, channels, 16]);
            assert_as_burn(three, [images, 16, channels]);
            let four = Geometry::convolution(side, 4, 2, 1);
            assert_as_burn(four, [images, channels, 32]);
        }
    }
}

#[test]
fn convolutions_of_large_and_odd_maps_and_their_gradients_are_those_of_burn() {
    for (images, side, channels) in [
        (2, 64, 16),
        (1, 128, 16),
        (3, 20, 32),
        (5, 10, 64),
        (9, 5, 32),
    ] {
        assert_as_burn(
            Geometry::convolution(side, 3, 1, 1),
            [images, channels, channels],
        );
        assert_as_burn(
            Geometry::convolution(side, 4, 2, 1),
            [images, channels, 2 * channels],
        );
        assert_as_burn(
            Geometry::transposed(side / 2, 4, 2, 1),
            [images, channels, 16],
        );
    }
}

/// 25 taps, 16 channels and 128 x 128 pixels are 6.5 million numbers an image, of which 16 million are taken at a time: 5
/// images are two groups of two and one of one.
#[test]
fn a_gradient_that_is_summed_over_groups_of_images_is_that_of_burn() {
    assert_as_burn(Geometry::convolution(128, 5, 1, 2), [5, 16, 2]);
}

#[test]
fn constants_get_no_gradient_and_do_no_harm() {
    let device = Device::flex().autodiff();
    let x = random([2, 3, 7, 7], &device);
    let weight = random([4, 3, 3, 3], &device).require_grad();
    let output = kernels::conv2d(x.clone(), weight.clone(), None, 1, 1);
    let gradients = output.sum().backward();
    assert!(x.grad(&gradients).is_none());
    assert!(weight.grad(&gradients).is_some());
}

#[test]
fn the_number_of_threads_does_not_change_a_gradient() {
    let device = Device::flex().autodiff();
    for (images, side) in [(40, 7), (9, 64)] {
        let x = random([images, 2, side, side], &device);
        let weight = random([3, 2, 3, 3], &device).require_grad();
        let gradient = || -> TensorData {
            let output = kernels::conv2d(x.clone(), weight.clone(), None, 1, 1);
            let gradients = (output.clone() * output).sum().backward();
            weight.grad(&gradients).expect("a gradient").into_data()
        };
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(1)
            .build()
            .expect("a pool");
        assert_eq!(gradient(), pool.install(gradient));
    }
}
