//! Which loop serves which shape: a shape that fell off its fast path would still give the right numbers.

use kernels::{Geometry, Layer, Path};

/// The sides of images that this project is for.
const SIDES: [usize; 6] = [8, 20, 28, 32, 64, 128];

fn path(geometry: Geometry, from: usize, to: usize) -> Path {
    let weights = vec![0.0; from * to * geometry.kernel * geometry.kernel];
    let layer = Layer::new(geometry, from, &weights, &vec![0.0; to]);
    // What training takes for the output and the weights' gradient is what the layer takes.
    assert_eq!(Path::of(geometry, from, to), Some(layer.path()));
    layer.path()
}

#[test]
fn what_reads_an_image_takes_the_path_for_few_inputs() {
    for side in SIDES {
        for channels in [1, 3] {
            let stem = Geometry::convolution(side, 3, 1, 1);
            assert_eq!(path(stem, channels, 16), Path::FewInputs);
            let encoder = Geometry::convolution(side, 4, 2, 1);
            assert_eq!(path(encoder, channels, 32), Path::FewInputs);
        }
    }
}

#[test]
fn what_gives_an_image_takes_the_path_for_few_outputs_and_its_gradient_that_for_few_inputs() {
    for side in SIDES {
        for channels in [1, 3] {
            let out = Geometry::convolution(side, 3, 1, 1);
            assert_eq!(path(out, 16, channels), Path::FewOutputs);
            assert_eq!(path(out.adjoint(), channels, 16), Path::FewInputs);
        }
    }
}

#[test]
fn blocks_take_the_path_of_winograd_at_every_size_and_so_do_their_gradients() {
    for (side, channels) in [
        (128, 16),
        (64, 16),
        (32, 32),
        (16, 64),
        (8, 128),
        (4, 192),
        (20, 16),
        (10, 32),
        (5, 64),
    ] {
        let block = Geometry::convolution(side, 3, 1, 1);
        assert_eq!(path(block, channels, channels), Path::Winograd);
        let gradient = block.adjoint();
        assert_eq!(path(gradient, channels, channels), Path::Winograd);
    }
}

#[test]
fn what_halves_or_doubles_maps_takes_the_direct_path() {
    for side in [64, 32, 16, 8] {
        let down = Geometry::convolution(side, 4, 2, 1);
        assert_eq!(path(down, 32, 64), Path::Direct);
        let up = Geometry::transposed(side / 2, 4, 2, 1);
        assert_eq!(up, down.adjoint());
        assert_eq!(path(up, 64, 32), Path::Direct);
        let projection = Geometry::convolution(side, 1, 2, 0);
        assert_eq!(path(projection, 16, 32), Path::Direct);
    }
}

#[test]
fn what_is_left_to_burn_has_no_path() {
    assert_eq!(Path::of(Geometry::convolution(64, 5, 1, 2), 3, 16), None);
}
