//! The generator as it runs on a CPU gives the network's own images.

use datasets::{ClassId, ImageShape};
use gan::{GanConfig, InferenceGenerator};

use crate::{CLASSES, assert_close, classes, digit, floats, gan, latents, odd, tiny};

/// The packed form adds the same products in another order.
const TOLERANCE: f32 = 1e-4;

#[test]
fn images_are_those_of_the_network() {
    let no_blocks = GanConfig {
        blocks: 0,
        ..tiny()
    };
    let odd_side = ImageShape::new(1, 33, 50).unwrap();
    let four = GanConfig {
        channels: vec![16, 17, 4, 3],
        ..tiny()
    };
    for (config, shape) in [(tiny(), odd()), (no_blocks, digit()), (four, odd_side)] {
        let generator = gan(&config, shape, CLASSES, 1).generator;
        let fast = InferenceGenerator::new(&generator);
        assert_eq!(
            (fast.shape(), fast.latent_dim(), fast.classes()),
            (shape, 4, CLASSES)
        );
        let (z, of) = (latents(4, 3, 2), [0, 2, CLASSES as i32]);
        let expected = floats(generator.decode(z.clone(), Some(classes(&of))));
        let named = [Some(ClassId(0)), Some(ClassId(2)), None];
        assert_close(
            &fast.decode_all_as(&floats(z.clone()), &named),
            &expected,
            TOLERANCE,
        );
        let mut scratch = fast.scratch();
        let images = floats(z).into_iter().collect::<Vec<_>>();
        let rows = images.chunks(4).zip(expected.chunks(shape.values()));
        for ((latent, expected), class) in rows.zip(named) {
            let image = fast.decode_as(latent, class, &mut scratch);
            assert_close(&image, expected, TOLERANCE);
        }
    }
}

#[test]
fn the_usual_network_without_classes_agrees() {
    let config = GanConfig::usual(digit());
    let generator = gan(&config, digit(), 0, 3).generator;
    let fast = InferenceGenerator::new(&generator);
    assert_eq!(fast.classes(), 0);
    let z = latents(64, 1, 4);
    let expected = floats(generator.decode(z.clone(), None));
    let image = fast.decode_as(&floats(z), Some(ClassId(7)), &mut fast.scratch());
    assert_close(&image, &expected, TOLERANCE);
}

#[test]
#[should_panic(expected = "class 3 of a generator for 3 classes")]
fn a_class_that_is_not_there_panics() {
    let fast = InferenceGenerator::new(&gan(&tiny(), odd(), CLASSES, 0).generator);
    let _ = fast.decode_as(&[0.0; 4], Some(ClassId(3)), &mut fast.scratch());
}

#[test]
#[should_panic(expected = "coordinates of the latent")]
fn a_latent_of_another_length_panics() {
    let fast = InferenceGenerator::new(&gan(&tiny(), odd(), CLASSES, 0).generator);
    let _ = fast.decode_as(&[0.0; 5], None, &mut fast.scratch());
}
