//! Any convolution that the kernels support is Burn's, and so are its gradients.

use kernels::{Geometry, Path};
use proptest::prelude::*;

use crate::assert_as_burn;

/// Few, whole vectors, and neither.
fn channels() -> impl Strategy<Value = usize> {
    prop_oneof![1..=5usize, Just(3), Just(16), Just(20), Just(32)]
}

fn geometry() -> impl Strategy<Value = Geometry> {
    let sizes = (
        1..=24usize,
        1..=4usize,
        1..=3usize,
        0..=2usize,
        any::<bool>(),
    );
    sizes.prop_filter_map(
        "is supported",
        |(side, kernel, stride, padding, transposed)| {
            let make = if transposed {
                Geometry::transposed
            } else {
                Geometry::convolution
            };
            let geometry = make(side, kernel, stride, padding);
            // A convolution of maps smaller than its kernel has no output, which `Geometry` cannot say.
            let fits = transposed || side + 2 * padding >= kernel;
            (fits && Path::of(geometry, 3, 16).is_some()).then_some(geometry)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn any_convolution_and_its_gradients_are_those_of_burn(
        geometry in geometry(),
        images in 1..=18usize,
        from in channels(),
        to in channels(),
    ) {
        assert_as_burn(geometry, [images, from, to]);
    }
}
