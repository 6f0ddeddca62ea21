use std::time::Duration;

use burn::tensor::Device;
use datasets::{ClassId, Image, ImageShape, Layer, Seed};
use explain::ExplainError;
use latent_space::drift;
use studio::{
    Anchoring, EffectsRequest, EncodeRequest, Evidence, Family, FrameRequest, GalleryRequest,
    ModelSource, RealismRequest, Realistic, Sampler, ShippedModel, Studio, StudioError,
};

use crate::support::{LATENT_DIM, images, shape, some_image, studio};

fn realism(studio: &Studio, latent: &[f32]) -> Option<Realistic> {
    let request = RealismRequest::new(latent.to_vec());
    studio.realism(&request).expect("it fits")
}

fn latent(value: f32) -> Vec<f32> {
    vec![value; LATENT_DIM]
}

#[test]
fn the_same_request_gives_the_same_frame_at_every_stage() {
    let studio = studio();
    for layer in (0..4).map(Layer) {
        let request = FrameRequest {
            latent: latent(0.5),
            target: Some(ClassId(2)),
            layer,
            ..FrameRequest::new(Vec::new())
        };
        let (mut a, mut b) = (
            studio.frame(&request).unwrap(),
            studio.frame(&request).unwrap(),
        );
        assert!(a.timings.total() > Duration::ZERO);
        a.timings = studio::Timings::default();
        b.timings = studio::Timings::default();
        assert_eq!(a, b);
        assert_eq!(a.image.shape(), shape());
        let verdict = a.verdict.expect("there is a classifier");
        // The longer side has 32 pixels, which are halved down to 4.
        let side = [32, 16, 8, 4][layer.index()];
        let map = verdict.predicted_map;
        assert_eq!((map.height, map.width), (side, side));
        assert!(verdict.target_map.is_some());
    }
}

/// Fresh networks may be dead, and then these tests would tell nothing.
#[test]
fn the_fixture_is_alive() {
    let studio = studio();
    let seen = |value| studio.frame(&FrameRequest::new(latent(value))).unwrap();
    let (a, b) = (seen(-1.0), seen(1.0));
    let changed = a.image.values().iter().zip(b.image.values());
    let largest = changed.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(largest > 1e-3, "{largest}");
    let confidence = |frame: studio::Frame| frame.verdict.unwrap().prediction.confidence;
    assert!((confidence(a) - confidence(b)).abs() > 1e-6);
}

#[test]
fn a_target_that_is_the_prediction_has_the_same_map() {
    let studio = studio();
    for layer in (0..4).map(Layer) {
        let mut request = FrameRequest::new(latent(-0.2));
        request.layer = layer;
        let verdict = |request: &FrameRequest| studio.frame(request).unwrap().verdict.unwrap();
        request.target = Some(verdict(&request).prediction.class);
        let frame = verdict(&request);
        let target = frame.target_map.expect("asked for");
        // At the last layer both come from one product; at the others from one batch of two equal images.
        for (a, b) in frame.predicted_map.values.iter().zip(&target.values) {
            assert!((a - b).abs() < 1e-5, "{layer:?}: {a} and {b}");
        }
        let evidence = frame.predicted_map.evidence();
        assert_eq!(
            evidence == Evidence::Positive,
            frame.predicted_map.raw_max > 0.0
        );
    }
}

#[test]
fn explaining_changes_no_weight_and_no_running_statistic() {
    let studio = studio();
    let norms = || {
        let network = &studio.judge().expect("there is one").network;
        let mut values: Vec<Vec<f32>> = Vec::new();
        for block in &network.blocks {
            for norm in [&block.norm1, &block.norm2].into_iter().flatten() {
                for state in [norm.running_mean.value(), norm.running_var.value()] {
                    values.push(state.into_data().iter::<f32>().collect());
                }
            }
        }
        values
    };
    let before = norms();
    for layer in (0..4).map(Layer) {
        let mut request = FrameRequest::new(latent(1.0));
        request.layer = layer;
        studio.frame(&request).unwrap();
    }
    assert_eq!(before, norms());
}

#[test]
fn requests_that_do_not_fit_are_refused_in_words() {
    let studio = studio();
    let short = FrameRequest::new(vec![0.0; LATENT_DIM - 1]);
    let odd = FrameRequest::new(vec![f32::NAN; LATENT_DIM]);
    let mut class = FrameRequest::new(latent(0.0));
    class.target = Some(ClassId(3));
    let mut layer = FrameRequest::new(latent(0.0));
    layer.layer = Layer(4);
    for (request, words) in [
        (short, "coordinates"),
        (odd, "not a number"),
        (class, "the model knows 3"),
        (layer, "no layer 4"),
    ] {
        match studio.frame(&request) {
            Err(StudioError::Request(text)) => assert!(text.contains(words), "{text}"),
            other => panic!("{other:?}"),
        }
    }
    let small = ImageShape::new(1, 8, 8).expect("the smallest");
    let image = EncodeRequest::new(Image::black(small));
    assert!(matches!(
        studio.encode(&image),
        Err(StudioError::Request(_))
    ));
}

#[test]
fn a_gallery_shows_what_single_frames_show() {
    let studio = studio();
    let latents: Vec<Vec<f32>> = (0..70).map(|i| latent(i as f32 / 35.0 - 1.0)).collect();
    let gallery = studio
        .gallery(&GalleryRequest::new(latents.clone()))
        .unwrap();
    assert_eq!(gallery.images.len(), 70);
    // 64 is where one chunk ends and the next begins.
    for i in [0, 63, 64, 69] {
        let frame = studio
            .frame(&FrameRequest::new(latents[i].clone()))
            .unwrap();
        for (a, b) in frame.image.values().iter().zip(gallery.images[i].values()) {
            assert!((a - b).abs() < 1e-5);
        }
        let verdict = frame.verdict.expect("there is a classifier");
        assert_eq!(verdict.prediction.class, gallery.predictions[i].class);
    }
    let none = studio.gallery(&GalleryRequest::new(Vec::new())).unwrap();
    assert!(none.images.is_empty());
}

#[test]
fn an_image_is_encoded_as_the_vae_does_it() {
    let studio = studio();
    let image = some_image();
    let encoded = studio.encode(&EncodeRequest::new(image)).unwrap();
    let batch = datasets::image_tensor(&images(), &[4], studio.device()).unwrap();
    let posterior = studio.vae().expect("it is one").encode(batch);
    let mean: Vec<f32> = posterior.mean.into_data().iter::<f32>().collect();
    assert_eq!(encoded.mean.len(), mean.len());
    for (ours, theirs) in encoded.mean.iter().zip(&mean) {
        // The form for inference adds the same products in another order.
        assert!((ours - theirs).abs() < 1e-6, "{ours} and {theirs}");
    }
    assert_eq!(encoded.log_var.len(), LATENT_DIM);
}

#[test]
fn an_effect_is_the_step_up_less_the_step_down() {
    let studio = studio();
    let base = latent(0.1);
    let effects = studio
        .effects(&EffectsRequest {
            latent: base.clone(),
            condition: None,
            sampler: studio::Sampler::default(),
            step_sigmas: 2.0,
        })
        .unwrap();
    assert_eq!(effects.maps.len(), LATENT_DIM);
    let dim = 2;
    let stepped = |sign: f32| {
        let mut latent = base.clone();
        latent[dim] += sign * 2.0 * studio.generator_part().latent.statistics.std[dim];
        studio.frame(&FrameRequest::new(latent)).unwrap().image
    };
    let (up, down) = (stepped(1.0), stepped(-1.0));
    let (up, down) = (up.values(), down.values());
    for (i, value) in effects.maps[dim].iter().enumerate() {
        assert!((value - (up[i] - down[i])).abs() < 1e-5);
    }
}

/// Model, class, and what the anchor of that class is taken for instead: a VAE that never saw a label draws a coat without its zip,
/// which is a pullover to its judge (`docs/models.md` says so). The refined model's VAE is the same one.
const LOOK_ALIKES: [(&str, ClassId, ClassId); 2] = [
    ("fashion-mnist-plain", ClassId(4), ClassId(2)),
    ("fashion-mnist-refined", ClassId(4), ClassId(2)),
];

#[test]
fn anchors_of_the_shipped_models_look_like_their_classes_and_are_usual() {
    for model in ShippedModel::all() {
        let studio = Studio::open(&ModelSource::Shipped(model), &Device::flex()).unwrap();
        let regions = &studio.generator_part().latent.regions;
        // It draws in no fewer steps than it needs, and knows of no image where it lies in latent space.
        let is_diffusion = studio.manifest().family() == Some(Family::Diffusion);
        let sampler = if is_diffusion {
            studio.manifest().usual_sampler()
        } else {
            Sampler::default()
        };
        for class in (0..studio.sampled_classes() as u16).map(ClassId) {
            let Anchoring { region, condition } = studio.generator_part().anchoring(class);
            let anchor = regions.anchor(region);
            let request = FrameRequest {
                condition,
                sampler,
                ..FrameRequest::new(anchor.clone())
            };
            let frame = studio.frame(&request).unwrap();
            let verdict = frame.verdict.expect("there is a classifier");
            let look_alike = LOOK_ALIKES
                .into_iter()
                .find(|(name, of, _)| (*name, *of) == (model.name(), class));
            let expected = look_alike.map_or(class, |(_, _, taken_for)| taken_for);
            assert_eq!(verdict.prediction.class, expected, "{model}");
            if is_diffusion {
                continue;
            }
            let found = realism(&studio, &anchor).expect("a new bundle");
            // A sample of a Gaussian lies half a nat a dimension below its middle, so the middle of a group is denser than
            // nearly all of the group.
            let here = regions.log_density(&anchor);
            let group = regions.sample(region, 1.0, 100, Seed(3));
            let rarer = group.iter().filter(|z| regions.log_density(z) < here);
            let rarer = rarer.count();
            assert!(rarer >= 95, "{model}, {class}: {rarer}");
            // Other classes may lie closer together. Still the window calls the place usual: a tenth of all images is rarer.
            let percentile = found.density_percentile;
            assert!(percentile > 10.0, "{model}, {class}: {percentile}");
        }
    }
}

#[test]
fn realism_is_measured_on_the_image_that_the_latent_shows() {
    let studio = studio();
    let space = &studio.generator_part().latent;
    let usual = space.realism.as_ref().expect("a new bundle");
    let latent = space.regions.sample(ClassId(2), 1.0, 1, Seed(5)).remove(0);
    let found = realism(&studio, &latent).expect("a new bundle");
    let frame = studio.frame(&FrameRequest::new(latent.clone())).unwrap();
    let again = studio.encode(&EncodeRequest::new(frame.image));
    let drift = drift(&latent, &again.unwrap().mean, &space.statistics);
    assert!((found.drift_sigmas - drift).abs() < 1e-5);
    let close = |a: f32, b: f32| assert!((a - b).abs() < 1e-3, "{a} and {b}");
    close(
        found.drift_percentile,
        usual.drift_percentile(found.drift_sigmas),
    );
    close(
        found.density_percentile,
        usual.density_percentile(found.log_density),
    );
    assert!(found.density_percentile > 0.0);
    // Nothing that was encoded lies a hundred standard deviations out.
    let far: Vec<f32> = space
        .statistics
        .mean
        .iter()
        .zip(&space.statistics.std)
        .map(|(m, s)| m + 100.0 * s)
        .collect();
    close(realism(&studio, &far).unwrap().density_percentile, 0.0);
    assert!(matches!(
        studio.realism(&RealismRequest::new(vec![0.0])),
        Err(StudioError::Request(_))
    ));
}

#[test]
fn an_explanation_that_failed_keeps_its_reason() {
    let size = ExplainError::Size {
        height: 2,
        width: 3,
        values: 5,
    };
    let error = StudioError::from(size);
    assert!(matches!(error, StudioError::Explain(_)), "{error:?}");
    assert!(error.to_string().contains("2 x 3"), "{error}");
    let nan = ExplainError::NotFinite {
        row: 0,
        column: 1,
        value: f32::NAN,
    };
    let error = StudioError::from(nan);
    assert!(matches!(error, StudioError::NotFinite { .. }), "{error:?}");
}
