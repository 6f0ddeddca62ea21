//! Principal axes, against a generator whose axes are known.

use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};
use datasets::Seed;
use gan::{GanConfig, Generator, principal_axes};

use crate::{CLASSES, assert_close, floats, gan, latents, odd, tiny};

/// A generator whose smallest maps are linear in two latents: along (0.6, 0.8) they grow by 2 in the first of its 96 values, and
/// along (-0.8, 0.6) by 1 in the second. So its projection is 2 (0.6, 0.8) and (-0.8, 0.6) in the first two columns.
fn known() -> Generator {
    let config = GanConfig {
        latent_dim: 2,
        blocks: 0,
        ..tiny()
    };
    let mut generator = gan(&config, odd(), 0, 1).generator;
    let [_, outputs] = generator.project.weight.dims();
    let mut weight = vec![0.0; 2 * outputs];
    (weight[0], weight[1]) = (1.2, -0.8);
    (weight[outputs], weight[outputs + 1]) = (1.6, 0.6);
    let weight = TensorData::new(weight, [2, outputs]);
    generator.project.weight = Param::from_data(weight, &Device::flex());
    generator
}

/// A share is that of the variance: 4 of 5, and 1 of 5. Each direction points to where its largest coordinate, 0.8 of both, grows.
#[test]
fn the_axes_are_the_directions_with_the_largest_effect() {
    /// 256 latents are a sample.
    const TOLERANCE: f32 = 0.1;
    let axes = principal_axes(&known(), Seed(3)).unwrap();
    assert_eq!(axes.dims(), 2);
    assert_close(&axes.directions[0], &[0.6, 0.8], TOLERANCE);
    assert_close(&axes.directions[1], &[0.8, -0.6], TOLERANCE);
    assert_close(&axes.shares, &[0.8, 0.2], TOLERANCE);
    let direction = axes.direction(1).unwrap();
    assert_eq!(direction.origin, [0.0, 0.0]);
    assert_eq!(direction.step, axes.directions[1]);
    assert!(axes.direction(2).is_none());
}

#[test]
fn axes_are_orthonormal_and_shares_fall() {
    const TOLERANCE: f32 = 1e-5;
    let axes = principal_axes(&gan(&tiny(), odd(), CLASSES, 2).generator, Seed(0)).unwrap();
    for (i, a) in axes.directions.iter().enumerate() {
        for (j, b) in axes.directions.iter().enumerate() {
            let dot: f32 = a.iter().zip(b).map(|(a, b)| a * b).sum();
            let expected = if i == j { 1.0 } else { 0.0 };
            assert!((dot - expected).abs() < TOLERANCE, "{i} {j}: {dot}");
        }
    }
    assert!(axes.shares.is_sorted_by(|a, b| a >= b), "{:?}", axes.shares);
    assert!((axes.shares.iter().sum::<f32>() - 1.0).abs() < TOLERANCE);
    let again = principal_axes(&gan(&tiny(), odd(), CLASSES, 2).generator, Seed(0)).unwrap();
    assert_eq!(axes, again);
}

/// What was the latent `sum u_i d_i` is the latent `u` of the turned generator.
#[test]
fn a_turned_generator_draws_the_same_images_along_its_own_dimensions() {
    const TOLERANCE: f32 = 1e-5;
    for classes in [0, CLASSES] {
        let generator = gan(&tiny(), odd(), classes, 5).generator;
        let axes = principal_axes(&generator, Seed(0)).unwrap();
        let turned = generator.clone().turned(&axes);
        let u = latents(4, 3, 6);
        let rows = TensorData::new(axes.directions.concat(), [4, 4]);
        let z = u.clone().matmul(Tensor::from_data(rows, &Device::flex()));
        let class = (classes > 0).then(|| crate::classes(&[0, 1, 3]));
        let expected = floats(generator.decode(z, class.clone()));
        assert_close(&floats(turned.decode(u, class)), &expected, TOLERANCE);
    }
}

#[test]
fn the_axes_of_a_turned_generator_are_its_dimensions() {
    const TOLERANCE: f32 = 0.1;
    let axes = principal_axes(&known(), Seed(3)).unwrap();
    let own = principal_axes(&known().turned(&axes), Seed(1)).unwrap();
    assert_close(&own.directions.concat(), &[1.0, 0.0, 0.0, 1.0], TOLERANCE);
    assert_close(&own.shares, &[0.8, 0.2], TOLERANCE);
}

#[test]
fn weights_that_are_not_numbers_are_an_error() {
    let mut generator = known();
    generator.project.weight = generator.project.weight.map(|weight| weight * f32::NAN);
    let error = principal_axes(&generator, Seed(0)).unwrap_err();
    assert!(error.to_string().contains("not finite"), "{error}");
}
