//! Numbers that are none, or hardly: in files, in latents, in images, and within networks. Each ends in sound numbers or in an
//! error, never in a prediction that nothing stands behind.

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, Tensor};
use datasets::{Image, Seed};
use studio::{
    Bundle, EncodeRequest, Frame, FrameRequest, Gallery, GalleryRequest, Generator, RealismRequest,
    Studio, StudioError,
};

use crate::support::{
    LATENT_DIM, bundle, conditional_bundle, diffusion_bundle, gan_bundle, joint_bundle, judge,
    refined, shape, studio_of, unlabelled_bundle,
};

/// Finite numbers at the edges: both zeros, the smallest there is, the smallest in full precision, and far too large ones.
const EDGES: [f32; 8] = [
    0.0,
    -0.0,
    1e-45,
    f32::MIN_POSITIVE,
    1e4,
    -1e30,
    f32::MAX,
    f32::MIN,
];

const NO_NUMBERS: [f32; 3] = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY];

fn kinds() -> Vec<(&'static str, Bundle)> {
    vec![
        ("class centres", bundle()),
        ("conditional", conditional_bundle()),
        ("joint", joint_bundle()),
        ("refined", refined(bundle())),
        ("GAN", gan_bundle()),
        ("diffusion", diffusion_bundle()),
        ("unlabelled", unlabelled_bundle()),
    ]
}

/// Multiplies every weight.
struct Scale(f32);

impl ModuleMapper for Scale {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.map(|weights| weights * self.0)
    }
}

fn assert_sound(frame: &Frame, what: &str) {
    let values = frame.image.values();
    assert!(
        values.iter().all(|value| (0.0..=1.0).contains(value)),
        "{what}: {values:?}"
    );
    let Some(verdict) = &frame.verdict else {
        return;
    };
    let sum: f32 = verdict.prediction.probabilities.iter().sum();
    assert!((sum - 1.0).abs() < 1e-3, "{what}: {:?}", verdict.prediction);
    let map = &verdict.predicted_map;
    assert!(
        map.values.iter().all(|value| (0.0..=1.0).contains(value)),
        "{what}"
    );
    assert!(map.raw_max.is_finite() && map.raw_min.is_finite(), "{what}");
}

/// As the model usually draws: a diffusion needs steps.
fn frame_of(studio: &Studio, latent: &[f32]) -> Result<Frame, StudioError> {
    let sampler = studio.manifest().usual_sampler();
    studio.frame(&FrameRequest {
        sampler,
        ..FrameRequest::new(latent.to_vec())
    })
}

fn gallery_of(studio: &Studio, latents: Vec<Vec<f32>>) -> Result<Gallery, StudioError> {
    let sampler = studio.manifest().usual_sampler();
    studio.gallery(&GalleryRequest {
        sampler,
        ..GalleryRequest::new(latents)
    })
}

/// The result, unless there is none because numbers overflowed.
fn unless_overflown<T>(result: Result<T, StudioError>, what: &str) -> Option<T> {
    match result {
        Ok(found) => Some(found),
        Err(StudioError::NotFinite { .. }) => None,
        Err(other) => panic!("{what}: {other}"),
    }
}

#[test]
fn latents_at_the_edges_give_sound_frames_or_an_error() {
    for (kind, bundle) in kinds() {
        let studio = studio_of(bundle);
        for edge in EDGES {
            let what = format!("{kind}, {edge:e}");
            let latent = vec![edge; LATENT_DIM];
            if let Some(frame) = unless_overflown(frame_of(&studio, &latent), &what) {
                assert_sound(&frame, &what);
            }
            let gallery = gallery_of(&studio, vec![latent.clone(); 3]);
            if let Some(gallery) = unless_overflown(gallery, &what) {
                let mut values = gallery.images.iter().flat_map(Image::values);
                assert!(values.all(|value| (0.0..=1.0).contains(value)), "{what}");
            }
            // Without an encoder there is no round trip; that has an error of its own.
            if let Ok(Some(found)) = studio.realism(&RealismRequest::new(latent)) {
                let percent = 0.0..=100.0;
                assert!(
                    percent.contains(&found.density_percentile),
                    "{what}: {found:?}"
                );
                assert!(
                    percent.contains(&found.drift_percentile),
                    "{what}: {found:?}"
                );
            }
        }
    }
}

#[test]
fn latents_that_are_no_numbers_are_refused() {
    for (kind, bundle) in kinds() {
        let studio = studio_of(bundle);
        for value in NO_NUMBERS {
            let mut latent = vec![0.5; LATENT_DIM];
            latent[LATENT_DIM - 1] = value;
            let refused = |error: StudioError| matches!(error, StudioError::Request(_));
            let frame = frame_of(&studio, &latent);
            assert!(frame.is_err_and(refused), "{kind}, {value}: frame");
            let gallery = gallery_of(&studio, vec![latent.clone()]);
            assert!(gallery.is_err_and(refused), "{kind}, {value}: gallery");
            let realism = studio.realism(&RealismRequest::new(latent));
            assert!(realism.is_err(), "{kind}, {value}: realism");
        }
    }
}

#[test]
fn images_of_one_level_are_found_at_a_place_that_is_a_number() {
    for (kind, bundle) in kinds() {
        let studio = studio_of(bundle);
        for level in [0.0, 1e-45, 1.0] {
            let image = Image::new(shape(), vec![level; shape().values()]).expect("an image");
            // A GAN and a diffusion have no encoder.
            let Ok(found) = studio.encode(&EncodeRequest::new(image)) else {
                continue;
            };
            assert!(
                found.mean.iter().all(|value| value.is_finite()),
                "{kind}, {level}"
            );
        }
    }
}

#[test]
fn images_hold_no_other_numbers_than_those_of_pixels() {
    for value in NO_NUMBERS.into_iter().chain([-0.1, 1.1, f32::MAX]) {
        let mut values = vec![0.5; shape().values()];
        values[3] = value;
        assert!(Image::new(shape(), values).is_err(), "{value}");
    }
}

/// What overflows within a network is no prediction: a `max` in the place of a `ReLU` would turn what is not a number into 0, and
/// the network would name a class all the same.
#[test]
fn a_judge_that_overflows_gives_no_prediction() {
    for factor in [3e4, 1e5] {
        let mut bundle = bundle();
        let (network, part) = judge(Seed(3));
        let network: classifier::ResNet18 = network;
        bundle.set_classifier(network.map(&mut Scale(factor)), part);
        let found = opened(bundle).and_then(|studio| frame_of(&studio, &[0.5; LATENT_DIM]));
        assert!(
            found.is_err(),
            "{factor}: {:?}",
            found.map(|frame| frame.verdict)
        );
    }
}

#[test]
fn generators_with_weights_at_the_edges_draw_sound_images_or_none() {
    for factor in [1e-6, 1e3, 1e5] {
        for (kind, mut scaled) in kinds() {
            let what = format!("{kind}, weights times {factor:e}");
            let part = scaled.manifest.generator.clone().expect("a generator");
            let generator = match scaled.generator.take().expect("a generator") {
                Generator::Vae(network) => Generator::Vae(network.map(&mut Scale(factor))),
                Generator::Gan(network) => Generator::Gan(network.map(&mut Scale(factor))),
                Generator::Diffusion(network) => Generator::Diffusion(network),
            };
            scaled.set_generator(generator, part);
            // Weights that half precision cannot hold are refused when they are saved.
            let Ok(studio) = opened(scaled) else { continue };
            let frame = frame_of(&studio, &[0.5; LATENT_DIM]);
            if let Some(frame) = unless_overflown(frame, &what) {
                assert_sound(&frame, &what);
            }
        }
    }
}

fn opened(mut bundle: Bundle) -> Result<Studio, StudioError> {
    let dir = tempfile::tempdir().expect("a folder");
    bundle.save(dir.path())?;
    Studio::open(
        &studio::ModelSource::Folder(dir.path().to_owned()),
        &Device::flex(),
    )
}
