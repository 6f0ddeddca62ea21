//! Finding an image by descent.

use std::ops::ControlFlow;

use datasets::{ClassId, Image, Seed};
use gan::{GanError, Generator, Search, SearchConfig, find};

use crate::{CLASSES, digit, floats, gan, latents, odd, tiny};

fn generator() -> Generator {
    gan(&tiny(), odd(), CLASSES, 1).generator
}

/// An image that the generator draws of a class.
fn own(generator: &Generator, class: i32) -> Image {
    let image = generator.decode(latents(4, 1, 8), Some(crate::classes(&[class])));
    Image::new(odd(), floats(image)).unwrap()
}

fn config() -> SearchConfig {
    SearchConfig {
        starts: 4,
        steps: 60,
        learning_rate: 0.2,
        prior_weight: 0.0,
        ..SearchConfig::default()
    }
}

fn to_the_end(_: gan::SearchProgress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// A hundredth of the error that the search begins with, where the best of four random latents is.
#[test]
fn an_image_of_its_own_is_found() {
    let generator = generator();
    let image = own(&generator, 2);
    let config = SearchConfig {
        steps: 150,
        ..config()
    };
    let class = Some(ClassId(2));
    let found = find(&generator, &image, class, &config, &mut to_the_end).unwrap();
    assert_eq!(found.error_history.len(), 150);
    assert!(found.error_history.is_sorted_by(|a, b| a >= b));
    assert_eq!(found.squared_error, found.error_history[149]);
    let first = found.error_history[0];
    assert!(
        found.squared_error < first / 100.0,
        "{first} to {}",
        found.squared_error
    );
    // The latent that is returned is the one whose error is.
    let latent = burn::tensor::TensorData::new(found.latent, [1, 4]);
    let latent = burn::tensor::Tensor::from_data(latent, &burn::tensor::Device::flex());
    let drawn = floats(generator.decode(latent, Some(crate::classes(&[2]))));
    let apart = drawn
        .iter()
        .zip(image.values())
        .map(|(a, b)| (a - b).powi(2));
    let error = apart.sum::<f32>() / drawn.len() as f32;
    assert!((error - found.squared_error).abs() < 1e-6, "{error}");
}

/// A strong pull keeps latents at the origin, whatever the image.
#[test]
fn the_prior_pulls() {
    let generator = generator();
    let image = own(&generator, 0);
    let size = |prior_weight: f64| {
        let config = SearchConfig {
            prior_weight,
            starts: 1,
            steps: 60,
            ..config()
        };
        let mut search = Search::new(&generator, &image, Some(ClassId(0)), &config).unwrap();
        while !search.is_done() {
            search.step().unwrap();
        }
        search.found().latent.iter().map(|v| v * v).sum::<f32>()
    };
    assert!(size(10.0) < size(0.0), "{} {}", size(10.0), size(0.0));
}

/// An output far below 0 is drawn as black. There is nothing to go down where black is wanted.
#[test]
fn blacker_than_black_is_black() {
    let mut generator = generator();
    let bias = generator.out.bias.take().unwrap();
    generator.out.bias = Some(bias.map(|bias| bias - 100.0));
    let config = SearchConfig {
        starts: 1,
        steps: 3,
        ..config()
    };
    let image = Image::black(odd());
    let found = find(&generator, &image, None, &config, &mut to_the_end).unwrap();
    assert_eq!(found.error_history, [0.0; 3]);
    assert_eq!(found.latent, floats(latents(4, 1, 0)), "the start");
}

#[test]
fn a_search_goes_step_by_step_and_stops_when_told() {
    let generator = generator();
    let image = own(&generator, 1);
    let mut search = Search::new(&generator, &image, None, &config()).unwrap();
    assert!(search.found().error_history.is_empty());
    for step in 1..=60 {
        assert!(!search.is_done());
        let progress = search.step().unwrap();
        assert_eq!((progress.step, progress.steps), (step, 60));
        assert_eq!(progress.squared_error, search.found().squared_error);
    }
    assert!(search.is_done());
    let found = search.found().clone();
    search.step().unwrap();
    assert_eq!(*search.found(), found, "a step after the last one");

    let whole = find(&generator, &image, None, &config(), &mut to_the_end).unwrap();
    assert_eq!(whole, found, "the seed decides");
    let mut calls = 0;
    let mut third = |_| {
        calls += 1;
        if calls == 3 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let stopped = find(&generator, &image, None, &config(), &mut third).unwrap();
    assert_eq!(stopped.error_history, found.error_history[..3]);
    let other = SearchConfig {
        seed: Seed(1),
        ..config()
    };
    assert_ne!(
        find(&generator, &image, None, &other, &mut to_the_end).unwrap(),
        found
    );
}

#[test]
fn what_cannot_be_searched_is_refused() {
    let generator = generator();
    let image = Image::black(odd());
    let refused = |image: &Image, class: Option<ClassId>, config: SearchConfig| {
        Search::new(&generator, image, class, &config)
            .map(|_| ())
            .unwrap_err()
    };
    let error = refused(&Image::black(digit()), None, config());
    assert!(matches!(error, GanError::Shape { .. }), "{error:?}");
    let error = refused(&image, Some(ClassId(3)), config());
    assert!(error.to_string().contains("class is 3"), "{error}");
    for (change, name) in [
        (
            (|config| config.starts = 0) as fn(&mut SearchConfig),
            "starts",
        ),
        (|config| config.steps = 0, "steps"),
        (|config| config.learning_rate = f64::NAN, "learning_rate"),
        (|config| config.prior_weight = -1.0, "prior_weight"),
    ] {
        let mut config = config();
        change(&mut config);
        let error = refused(&image, None, config);
        assert!(matches!(error, GanError::Config { field, .. } if field == name));
    }
}
