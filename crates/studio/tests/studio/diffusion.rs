//! A bundle whose images a diffusion makes: in steps, from noise of which the latent is the coarse part.

use burn::tensor::Device;
use datasets::{ClassId, Seed};
use studio::{
    Architecture, ClassSample, Conditions, EffectsRequest, EncodeRequest, Family, FrameRequest,
    GalleryRequest, Job, MOST_FLOW_STEPS, ModelSource, PathRequest, Reply, Request, SampleRequest,
    Sampler, Studio, StudioError, compare,
};
use tempfile::TempDir;

use crate::bundles::rewrite;
use crate::support::{
    CLASSES, LATENT_DIM, diffusion_architecture, diffusion_bundle, saved_bundle, some_image,
};
use crate::training_runs::{open, train};
use crate::workers::{Channel, start, until};

fn latent() -> Vec<f32> {
    vec![0.4, -0.3, 0.2, 1.1]
}

fn studio() -> (TempDir, Studio) {
    let (dir, source) = saved_bundle(diffusion_bundle());
    let studio = Studio::open(&source, &Device::flex()).expect("a sound bundle");
    (dir, studio)
}

fn sampler(steps: usize, guidance: f32, seed: u64) -> Sampler {
    Sampler {
        steps,
        guidance,
        seed: Seed(seed),
    }
}

fn frame(class: Option<ClassId>, sampler: Sampler) -> FrameRequest {
    FrameRequest {
        condition: class,
        sampler,
        ..FrameRequest::new(latent())
    }
}

#[test]
fn it_is_saved_and_opened_and_says_what_it_is() {
    let (_dir, studio) = studio();
    let manifest = studio.manifest();
    assert_eq!(manifest.family(), Some(Family::Diffusion));
    assert_eq!(Family::Diffusion.to_string(), "diffusion");
    assert!(manifest.is_conditional() && !manifest.has_encoder());
    assert_eq!(manifest.usual_sampler(), sampler(3, 2.0, 0));
    assert_eq!(studio.generator_part().latent.dims(), LATENT_DIM);
    assert!(compare(&studio, &studio, 2).expect("it works").holds());
}

/// The form for the CPU against Burn's own.
#[test]
fn its_images_are_those_of_the_network_each_in_its_class_and_from_its_noise() {
    let (_dir, studio) = studio();
    let conditions = vec![None, Some(ClassId(0)), Some(ClassId(2)), Some(ClassId(2))];
    let seeds = [Seed(0), Seed(0), Seed(0), Seed(1)];
    let latents = vec![latent(); 4];
    let given = studio.generator().classes(&conditions, studio.device());
    let tensor = studio.latents(&latents).expect("they fit");
    let how = sampler(3, 1.5, 0);
    let expected = studio.generator().draw(tensor, given, how, &seeds);
    let expected: Vec<f32> = expected.into_data().iter::<f32>().collect();
    let drawn = studio.draw(&latents, &Conditions::Each(conditions), how, &seeds);
    let drawn = drawn.expect("they fit");
    for (found, expected) in drawn.iter().zip(&expected) {
        assert!((found - expected).abs() < 1e-4, "{found} and {expected}");
    }
    let images: Vec<&[f32]> = drawn.chunks(studio.shape().values()).collect();
    for (i, a) in images.iter().enumerate() {
        for b in &images[i + 1..] {
            assert_ne!(a, b);
        }
    }
}

/// Steps, guidance and seed are part of the question, and the worker, which takes a step at a time, answers it as the studio does.
#[test]
fn the_worker_draws_in_steps_what_the_studio_draws_at_once() {
    let (dir, studio) = studio();
    let (worker, woken) = start();
    let model = ModelSource::Folder(dir.path().to_owned());
    let ask = |channel, request| {
        let job = Job {
            model: model.clone(),
            judge: None,
            channel,
            request,
        };
        worker.submit(job.clone());
        let published = until(&worker, &woken, &job);
        let last = published.into_iter().next_back().expect("an answer");
        last.result.expect("it fits")
    };
    let mut seen = Vec::new();
    for how in [
        sampler(3, 2.0, 0),
        sampler(2, 2.0, 0),
        sampler(3, 1.0, 0),
        sampler(3, 2.0, 1),
    ] {
        let request = frame(Some(ClassId(1)), how);
        let expected = studio.frame(&request).expect("it fits");
        let Reply::Frame(found) = ask(Channel::Frame, Request::Frame(request)) else {
            panic!("another answer");
        };
        assert_eq!(
            (&found.image, &found.verdict),
            (&expected.image, &expected.verdict)
        );
        assert!(!seen.contains(&found.image), "{how:?}");
        seen.push(found.image);
    }
    // Five images are drawn two at a time.
    let gallery = GalleryRequest {
        conditions: Some(ClassId(2)).into(),
        sampler: sampler(3, 2.0, 0),
        ..GalleryRequest::new(vec![latent(); 5])
    };
    let expected = studio.gallery(&gallery).expect("they fit");
    let Reply::Gallery(found) = ask(Channel::Grid, Request::Gallery(gallery)) else {
        panic!("another answer");
    };
    assert_eq!(found, expected);
    let effects = EffectsRequest {
        latent: latent(),
        condition: Some(ClassId(0)),
        sampler: sampler(3, 2.0, 0),
        step_sigmas: 1.0,
    };
    let expected = studio.effects(&effects).expect("they fit");
    let Reply::Effects(found) = ask(Channel::Effects, Request::Effects(effects)) else {
        panic!("another answer");
    };
    assert_eq!(found, expected);
    assert_eq!(found.maps.len(), LATENT_DIM);
}

/// The path begins with the noise and ends with the image of the frame.
#[test]
fn a_path_leads_from_noise_to_the_image() {
    let (dir, studio) = studio();
    let how = sampler(4, 1.0, 6);
    let request = PathRequest {
        latent: latent(),
        condition: Some(ClassId(0)),
        sampler: how,
    };
    let path = studio.path(&request).expect("it fits");
    assert_eq!((path.images.len(), path.predictions.len()), (5, 5));
    let frame = studio
        .frame(&frame(Some(ClassId(0)), how))
        .expect("it fits");
    assert_eq!(path.images[4], frame.image);
    assert_eq!(
        Some(&path.predictions[4]),
        frame.verdict.as_ref().map(|v| &v.prediction)
    );
    let noise = flow::CoarseNoise::new(studio.shape(), LATENT_DIM).noise(&latent(), Seed(6));
    for (shown, noise) in path.images[0].values().iter().zip(noise) {
        // A point of the flow in -1..1 as a pixel in 0..1.
        let expected = (noise * 0.5 + 0.5).clamp(0.0, 1.0);
        assert!((shown - expected).abs() < 1e-6);
    }
    let (worker, woken) = start();
    let job = Job {
        model: ModelSource::Folder(dir.path().to_owned()),
        judge: None,
        channel: Channel::Grid,
        request: Request::Path(request),
    };
    worker.submit(job.clone());
    let published = until(&worker, &woken, &job).pop().expect("an answer");
    let Reply::Gallery(found) = published.result.expect("it fits") else {
        panic!("another answer");
    };
    assert_eq!(found, path);
}

/// The law of [`Studio::sample_images`]: a sample follows from its place in the row alone, its fine noise as well.
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
        sampler: sampler(2, 1.0, 99),
    };
    assert_eq!(studio.sampled_classes(), CLASSES);
    let all = request(vec![sample(0, 0), sample(2, 1), sample(2, 0)]);
    let all = studio.sample_images(&all).expect("they fit");
    let one = studio
        .sample_images(&request(vec![sample(2, 1)]))
        .expect("it fits");
    assert_eq!(one[0], all[1]);
    assert_ne!(all[1], all[2]);
}

#[test]
fn what_it_cannot_do_is_refused() {
    let (_dir, studio) = studio();
    let refused = |how: Sampler, complaint: &str| {
        let error = studio
            .frame(&frame(None, how))
            .expect_err("it cannot")
            .to_string();
        assert!(error.contains(complaint), "{error}");
    };
    refused(sampler(0, 1.0, 0), "ask for 1 at least");
    refused(sampler(MOST_FLOW_STEPS + 1, 1.0, 0), "is the most");
    refused(sampler(2, 10.5, 0), "from 0 to 10");
    refused(sampler(2, f32::NAN, 0), "from 0 to 10");
    let error = studio.encode(&EncodeRequest::new(some_image()));
    assert!(matches!(error, Err(StudioError::NoEncoder)));
    let (_vae, source) = crate::support::saved();
    let vae = Studio::open(&source, &Device::flex()).expect("a sound bundle");
    let path = PathRequest {
        latent: vec![0.0; LATENT_DIM],
        condition: None,
        sampler: sampler(2, 1.0, 0),
    };
    assert!(vae.path(&path).is_err());
}

#[test]
fn a_run_puts_it_into_a_bundle_and_another_goes_on_from_it() {
    let (dir, source) = saved_bundle(crate::support::bundle());
    let architecture = diffusion_architecture();
    let settings = flow::TrainConfig {
        epochs: 1,
        batch_size: 10,
        ..flow::TrainConfig::default()
    };
    train(&dir, None, |run| {
        studio::train_diffusion(&architecture, None, &settings, run)
    });
    let first = open(&dir).manifest;
    assert_eq!(first.family(), Some(Family::Diffusion));
    assert!(first.classifier.is_some());
    let part = first.generator.expect("it was trained");
    assert_eq!(
        part.architecture,
        Architecture::Diffusion(architecture.clone())
    );
    assert!(part.labels_used);
    let second = tempfile::tempdir().expect("a folder");
    train(&second, None, |run| {
        studio::train_diffusion(&architecture, Some(&source), &settings, run)
    });
    let part = open(&second).manifest.generator.expect("it was trained");
    assert_eq!((part.training.epochs, part.training.history.len()), (2, 2));
}

#[test]
fn numbers_that_do_not_fit_are_refused() {
    for (from, to, complaint) in [
        ("latent_dim: 4", "latent_dim: 0", "latent dimensions"),
        ("steps: 3", "steps: 0", "number of steps"),
        ("guidance: 2.0", "guidance: 11.0", "guidance"),
        (
            "from_picture: false",
            "from_picture: true",
            "takes no class",
        ),
        ("embedding: 8", "embedding: 1024", "too few"),
    ] {
        let (dir, source) = saved_bundle(diffusion_bundle());
        rewrite(dir.path(), from, to);
        let error = Studio::open(&source, &Device::flex()).expect_err("it does not fit");
        assert!(error.to_string().contains(complaint), "{from}: {error}");
    }
}
