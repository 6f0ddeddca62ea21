//! A bundle whose images a GAN makes: it has no encoder, so it searches for the latent of an image.

use burn::tensor::Device;
use datasets::{ClassId, Image, Seed};
use studio::{
    Architecture, Bundle, ClassSample, Conditions, EncodeManyRequest, EncodeRequest, Family,
    FrameRequest, GalleryRequest, Generator, Job, RealismRequest, ReconstructRequest, Reply,
    Request, SampleRequest, Sampler, Studio, StudioError,
};

use crate::bundles::rewrite;
use crate::support::{CLASSES, LATENT_DIM, gan_bundle, gan_config, saved_bundle, some_image};
use crate::training_runs::{open, train};
use crate::workers::{Channel, start};

fn latent() -> Vec<f32> {
    vec![0.4, -0.3, 0.2, 1.1]
}

fn studio() -> (tempfile::TempDir, Studio) {
    let (dir, source) = saved_bundle(gan_bundle());
    let studio = Studio::open(&source, &Device::flex()).expect("a sound bundle");
    (dir, studio)
}

fn of_class(class: Option<ClassId>) -> FrameRequest {
    FrameRequest {
        condition: class,
        ..FrameRequest::new(latent())
    }
}

#[test]
fn it_is_saved_and_opened_and_says_what_it_is() {
    let (_dir, studio) = studio();
    let manifest = studio.manifest();
    assert_eq!(manifest.family(), Some(Family::Gan));
    assert_eq!(Family::Gan.to_string(), "gan");
    assert!(manifest.is_conditional() && !manifest.has_encoder() && !manifest.has_head());
    assert_eq!(manifest.usual_sampler(), Sampler::default());
    // N(0, I) follows from the dimensions.
    let space = &studio.generator_part().latent;
    assert_eq!(
        *space,
        gan_bundle().manifest.generator.expect("it has one").latent
    );
    assert_eq!((space.dims(), space.regions.classes()), (LATENT_DIM, 1));
    assert!(
        space.regions.0[0].components[0]
            .mean
            .iter()
            .all(|mean| *mean == 0.0)
    );
}

/// The form for the CPU against Burn's own, through every entrance.
#[test]
fn its_images_are_those_of_the_network_each_in_its_class() {
    let (_dir, studio) = studio();
    let conditions: Vec<_> = [None, Some(ClassId(0)), Some(ClassId(2))].to_vec();
    let given = studio.generator().classes(&conditions, studio.device());
    let latents = vec![latent(); 3];
    let tensor = studio.latents(&latents).expect("they fit");
    let seeds = [Seed(0); 3];
    let expected = studio
        .generator()
        .draw(tensor, given, Sampler::default(), &seeds);
    let expected: Vec<f32> = expected.into_data().iter::<f32>().collect();
    let decoded = studio.decode(&latents, &Conditions::Each(conditions.clone()));
    for (found, expected) in decoded.expect("they fit").iter().zip(&expected) {
        assert!((found - expected).abs() < 1e-5, "{found} and {expected}");
    }
    let gallery = GalleryRequest {
        conditions: Conditions::Each(conditions.clone()),
        ..GalleryRequest::new(latents)
    };
    let gallery = studio.gallery(&gallery).expect("they fit");
    for (image, condition) in gallery.images.iter().zip(conditions) {
        let frame = studio.frame(&of_class(condition)).expect("it fits");
        assert_eq!(frame.image, *image);
    }
    assert_ne!(gallery.images[0], gallery.images[1]);
    assert_ne!(gallery.images[1], gallery.images[2]);
}

/// An image that the generator drew itself can be found again: the error falls to almost nothing, and the last answer of the worker is
/// that of the whole search.
#[test]
fn it_searches_for_the_latent_of_an_image_and_tells_how_far_it_is() {
    let (dir, studio) = studio();
    let class = Some(ClassId(1));
    let drawn = studio.frame(&of_class(class)).expect("it fits").image;
    let request = EncodeRequest {
        image: drawn.clone(),
        condition: class,
    };
    let found = studio.encode(&request).expect("it fits");
    let progress = found.search.expect("it has searched");
    assert_eq!(progress.step, progress.steps);
    assert!(found.log_var.is_empty());
    let again = studio.frame(&FrameRequest {
        condition: class,
        ..FrameRequest::new(found.mean.clone())
    });
    let error = squared_error(&drawn, &again.expect("it fits").image);
    assert!((error - progress.squared_error).abs() < 1e-6, "{error}");
    let middle = FrameRequest {
        condition: class,
        ..FrameRequest::new(vec![0.0; LATENT_DIM])
    };
    let of_middle = squared_error(&drawn, &studio.frame(&middle).expect("it fits").image);
    assert!(error < of_middle / 10.0, "{error} and {of_middle}");

    let (worker, woken) = start();
    let job = Job {
        model: studio::ModelSource::Folder(dir.path().to_owned()),
        judge: None,
        channel: Channel::Open,
        request: Request::Encode(request),
    };
    worker.submit(job);
    let mut steps = Vec::new();
    let last = loop {
        woken
            .recv_timeout(std::time::Duration::from_mins(1))
            .expect("an answer");
        let answers = worker.take_published().into_iter();
        let Some(Reply::Encoded(encoded)) = answers.map(|p| p.result.expect("it fits")).next()
        else {
            continue;
        };
        let at = encoded.search.expect("it searches");
        steps.push(at.step);
        if at.step == at.steps {
            break encoded;
        }
    };
    assert!(steps.len() > 2 && steps.is_sorted(), "{steps:?}");
    assert_eq!(last, found);
}

fn squared_error(a: &Image, b: &Image) -> f32 {
    let squares = a.values().iter().zip(b.values());
    let sum: f32 = squares.map(|(a, b)| (a - b).powi(2)).sum();
    sum / a.values().len() as f32
}

#[test]
fn a_reconstruction_is_the_frame_of_what_was_found() {
    let (_dir, studio) = studio();
    let request = ReconstructRequest {
        condition: Some(ClassId(0)),
        ..ReconstructRequest::new(some_image())
    };
    let found = studio.reconstruct(&request).expect("it fits");
    let progress = found.encoded.search.expect("it has searched");
    assert!((found.squared_error - progress.squared_error).abs() < 1e-6);
}

#[test]
fn what_needs_an_encoder_is_refused_or_absent() {
    let (_dir, studio) = studio();
    let many = EncodeManyRequest::new(vec![some_image()].into());
    let error = studio.encode_many(&many).expect_err("it has no encoder");
    assert!(matches!(error, StudioError::NoEncoder), "{error}");
    assert!(studio.vae().is_err());
    let realism = studio.realism(&RealismRequest::new(latent()));
    assert_eq!(realism.expect("it fits"), None);
    let steps = FrameRequest {
        sampler: Sampler {
            steps: 1,
            ..Sampler::default()
        },
        ..of_class(None)
    };
    let error = studio
        .frame(&steps)
        .expect_err("it takes no steps")
        .to_string();
    assert!(error.contains("ask for 0 steps"), "{error}");
}

#[test]
fn samples_are_the_same_in_whatever_order() {
    let (_dir, studio) = studio();
    let sample = |class, index| ClassSample {
        class: ClassId(class),
        index,
    };
    let request = |samples: Vec<ClassSample>| SampleRequest {
        samples,
        noise: 1.0,
        seed: Seed(4),
        sampler: Sampler::default(),
    };
    assert_eq!(studio.sampled_classes(), CLASSES);
    let all = request(vec![sample(0, 0), sample(2, 1), sample(1, 0)]);
    let all = studio.sample_images(&all).expect("they fit");
    let one = studio
        .sample_images(&request(vec![sample(2, 1)]))
        .expect("it fits");
    assert_eq!(one[0], all[1]);
}

/// A run leaves a generator whose latents are N(0, I), beside the judges that are there; and a VAE in its place takes its file away.
#[test]
fn a_run_puts_it_into_a_bundle_in_place_of_a_vae() {
    let (dir, _) = saved_bundle(crate::support::bundle_judged_twice());
    let settings = gan::TrainConfig {
        epochs: 1,
        batch_size: 10,
        ..gan::TrainConfig::default()
    };
    train(&dir, None, |run| {
        studio::train_gan(&gan_config(), &settings, run)
    });
    let bundle = open(&dir);
    assert_eq!(bundle.manifest.family(), Some(Family::Gan));
    assert!(bundle.classifier.is_some() && bundle.second_judge.is_some());
    let part = bundle.manifest.generator.as_ref().expect("it was trained");
    assert!(part.labels_used);
    let Architecture::Gan(gan) = &part.architecture else {
        panic!("{part:?}");
    };
    assert!(gan.conditional && gan.shares.is_sorted_by(|a, b| a >= b));
    let generator = bundle.generator.as_ref().expect("it was trained");
    assert_eq!(part.training.parameters, generator.parameters());
    assert_eq!(generator.conditional_classes(), Some(CLASSES));
    assert!(matches!(generator, Generator::Gan(_)));
    let names = || {
        let entries = std::fs::read_dir(dir.path()).expect("it is there");
        entries
            .map(|entry| entry.expect("it can be read").file_name())
            .map(|name| name.to_string_lossy().into_owned())
            .collect::<Vec<_>>()
    };
    let is_there = |stem: &str| names().iter().any(|name| name.starts_with(stem));
    assert!(
        is_there("gan-") && !is_there("vae-") && !is_there("latent-space"),
        "{:?}",
        names()
    );

    let mut again = crate::support::bundle();
    let (vae, part) = (again.generator.take(), again.manifest.generator.take());
    let mut bundle: Bundle = open(&dir);
    bundle.set_generator(vae.expect("it has one"), part.expect("it has one"));
    bundle.save(dir.path()).expect("it can be written");
    assert!(
        !is_there("gan-") && is_there("vae-") && is_there("latent-space"),
        "{:?}",
        names()
    );
}

#[test]
fn numbers_that_do_not_fit_are_refused() {
    for (from, to, complaint) in [
        (
            "shares: [0.25, 0.25, 0.25, 0.25]",
            "shares: [0.25, 0.25]",
            "share in 0..1",
        ),
        ("blocks: 1", "blocks: 17", "blocks"),
        (
            "channels: [4, 8, 8]",
            "channels: [512, 1024, 1024]",
            "too few",
        ),
    ] {
        let (dir, source) = saved_bundle(gan_bundle());
        rewrite(dir.path(), from, to);
        let error = Studio::open(&source, &Device::flex()).expect_err("it does not fit");
        assert!(error.to_string().contains(complaint), "{error}");
    }
}
