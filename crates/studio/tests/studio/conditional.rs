//! A model that is given the class: every question takes one, and a model that takes none refuses it.

use burn::tensor::{Device, Int, Tensor, TensorData};
use datasets::{ClassId, Image, Seed};
use latent_space::drift;
use studio::{
    Anchoring, Conditions, CounterfactualRequest, EffectsRequest, EncodeManyRequest, EncodeRequest,
    Family, FrameRequest, GalleryRequest, Job, Manifest, ModelSource, RealismRequest,
    ReconstructRequest, Reply, Request, Studio, StudioError, compare, median_frame,
};

use crate::bundles::rewrite;
use crate::support::{
    CLASSES, LATENT_DIM, bundle, conditional_bundle, images, saved, saved_bundle, shape,
    some_image, studio, studio_of, unlabelled_bundle,
};
use crate::workers::{Channel, start, until};

/// The form for inference adds the same products in another order.
const TOLERANCE: f32 = 1e-5;

/// Each class, and none.
fn all_conditions() -> Vec<Option<ClassId>> {
    let classes = (0..CLASSES as u16).map(|class| Some(ClassId(class)));
    classes.chain([None]).collect()
}

fn latent() -> Vec<f32> {
    vec![0.3; LATENT_DIM]
}

fn frame_request(condition: Option<ClassId>) -> FrameRequest {
    FrameRequest {
        condition,
        ..FrameRequest::new(latent())
    }
}

fn assert_close(a: &[f32], b: &[f32]) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= TOLERANCE, "{a} and {b}");
    }
}

fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}

/// A class as the network takes it: the number of classes for none.
fn number(condition: Option<ClassId>) -> Tensor<1, Int> {
    let number = condition.map_or(CLASSES, ClassId::index) as i32;
    let data = TensorData::from([number]);
    Tensor::from_data(data, &Device::flex())
}

#[test]
fn every_question_is_answered_in_the_class_that_it_names() {
    let studio = studio_of(conditional_bundle());
    let (vae, image) = (studio.vae().expect("it is one"), some_image());
    let mut seen: Vec<Vec<f32>> = Vec::new();
    for condition in all_conditions() {
        let z = studio.latents(&[latent()]).expect("it fits");
        let expected = floats(vae.decode_as(z, Some(number(condition))));
        let request = frame_request(condition);
        let frame = studio.frame(&request).expect("it fits");
        assert_close(frame.image.values(), &expected);
        let live = studio.live_frame(&request).expect("it fits");
        assert_close(live.to_image().expect("finite").values(), &expected);
        let decoded = studio.decode(&[latent()], &condition.into());
        assert_close(&decoded.expect("it fits"), &expected);
        for other in &seen {
            assert_ne!(*other, expected, "classes act alike");
        }
        seen.push(expected);

        let batch = datasets::image_tensor(&images(), &[4], studio.device()).unwrap();
        let mean = floats(vae.encode_as(batch, Some(number(condition))).mean);
        let request = EncodeRequest {
            condition,
            ..EncodeRequest::new(image.clone())
        };
        let encoded = studio.encode(&request).expect("it fits");
        assert_close(&encoded.mean, &mean);
        let request = ReconstructRequest {
            condition,
            ..ReconstructRequest::new(image.clone())
        };
        let found = studio.reconstruct(&request).expect("it fits");
        assert_eq!(found.encoded, encoded);
        let again = FrameRequest {
            condition,
            ..FrameRequest::new(encoded.mean)
        };
        let again = studio.frame(&again).expect("it fits");
        assert_eq!(found.frame.image, again.image);
    }
}

#[test]
fn galleries_and_many_encodings_have_a_class_each_or_one_for_all() {
    let studio = studio_of(conditional_bundle());
    // 66 latents: 64 is where one chunk ends and the next begins.
    let conditions: Vec<_> = all_conditions().into_iter().cycle().take(66).collect();
    let of_each = GalleryRequest {
        conditions: Conditions::Each(conditions.clone()),
        ..GalleryRequest::new(vec![latent(); 66])
    };
    let gallery = studio.gallery(&of_each).expect("it fits");
    for i in [0, 1, 3, 62, 64, 65] {
        let frame = studio
            .frame(&frame_request(conditions[i]))
            .expect("it fits");
        assert_close(gallery.images[i].values(), frame.image.values());
    }
    let same = GalleryRequest {
        conditions: Some(ClassId(1)).into(),
        ..GalleryRequest::new(vec![latent(); 2])
    };
    let gallery = studio.gallery(&same).expect("it fits");
    let frame = studio.frame(&frame_request(Some(ClassId(1))));
    assert_close(
        gallery.images[1].values(),
        frame.expect("it fits").image.values(),
    );
    let pictures: Vec<Image> = vec![some_image(); 66];
    let many = EncodeManyRequest {
        conditions: Conditions::Each(conditions.clone()),
        ..EncodeManyRequest::new(pictures.into())
    };
    let means = studio.encode_many(&many).expect("it fits");
    let one = EncodeRequest {
        condition: conditions[65],
        ..EncodeRequest::new(some_image())
    };
    assert_eq!(means[65], studio.encode(&one).expect("it fits").mean);
    assert_ne!(means[65], means[64]);
}

#[test]
fn effects_and_realism_are_those_of_the_class() {
    let studio = studio_of(conditional_bundle());
    let condition = Some(ClassId(2));
    let effects = |condition| {
        let request = EffectsRequest {
            latent: latent(),
            condition,
            sampler: studio::Sampler::default(),
            step_sigmas: 1.0,
        };
        studio.effects(&request).expect("it fits")
    };
    assert_ne!(effects(condition), effects(None));
    let request = RealismRequest {
        condition,
        ..RealismRequest::new(latent())
    };
    let found = studio
        .realism(&request)
        .expect("it fits")
        .expect("a new bundle");
    let image = studio
        .frame(&frame_request(condition))
        .expect("it fits")
        .image;
    let again = EncodeRequest {
        condition,
        ..EncodeRequest::new(image)
    };
    let again = studio.encode(&again).expect("it fits").mean;
    let statistics = &studio.generator_part().latent.statistics;
    let expected = drift(&latent(), &again, statistics);
    assert!((found.drift_sigmas - expected).abs() < TOLERANCE);
}

#[test]
fn a_class_that_the_model_cannot_be_given_is_refused_in_words() {
    let (plain, conditional) = (studio(), studio_of(conditional_bundle()));
    let refused = |studio: &Studio, class, words: &str| {
        let condition = Some(ClassId(class));
        let gallery = GalleryRequest {
            conditions: condition.into(),
            ..GalleryRequest::new(vec![latent()])
        };
        let encode = EncodeRequest {
            condition,
            ..EncodeRequest::new(some_image())
        };
        let many = EncodeManyRequest {
            conditions: condition.into(),
            ..EncodeManyRequest::new(vec![some_image()].into())
        };
        let effects = EffectsRequest {
            latent: latent(),
            condition,
            sampler: studio::Sampler::default(),
            step_sigmas: 1.0,
        };
        let realism = RealismRequest {
            condition,
            ..RealismRequest::new(latent())
        };
        let reconstruct = ReconstructRequest {
            condition,
            ..ReconstructRequest::new(some_image())
        };
        for error in [
            studio.frame(&frame_request(condition)).err(),
            studio.live_frame(&frame_request(condition)).err(),
            studio.decode(&[latent()], &condition.into()).err(),
            studio.gallery(&gallery).err(),
            studio.encode(&encode).err(),
            studio.encode_many(&many).err(),
            studio.effects(&effects).err(),
            studio.realism(&realism).err(),
            studio.reconstruct(&reconstruct).err(),
        ] {
            match error {
                Some(StudioError::Request(text)) => assert!(text.contains(words), "{text}"),
                other => panic!("{other:?}"),
            }
        }
    };
    refused(&plain, 0, "not conditional");
    refused(&conditional, 3, "the model knows 3");
    let few = GalleryRequest {
        conditions: Conditions::Each(vec![None; 2]),
        ..GalleryRequest::new(vec![latent(); 3])
    };
    let error = conditional.gallery(&few).expect_err("one is missing");
    assert!(error.to_string().contains("each of 3"), "{error}");
    let walk = CounterfactualRequest {
        latent: latent(),
        target: ClassId(1),
        steps: 4,
    };
    let error = conditional.counterfactual(&walk).expect_err("no way");
    assert!(error.to_string().contains("hold no class"), "{error}");
}

#[test]
fn a_conditional_bundle_comes_back_as_what_it_was() {
    let (dir, source) = saved_bundle(conditional_bundle());
    let text = std::fs::read_to_string(dir.path().join("manifest.ron")).expect("it is there");
    assert!(text.contains("conditional: true"));
    let first = Studio::open(&source, &Device::flex()).expect("a sound bundle");
    let manifest = first.manifest();
    assert_eq!(manifest.family(), Some(Family::Conditional));
    let part = first.generator_part();
    assert!(part.labels_used && part.is_conditional());
    assert_eq!(part.latent.regions.classes(), 1);
    let class = ClassId(2);
    let expected = Anchoring {
        region: ClassId(0),
        condition: Some(class),
    };
    assert_eq!(part.anchoring(class), expected);
    // Classes share the region, and each has latents of its own.
    let seeds = [0, 1].map(|class| part.anchoring(ClassId(class)).seed(Seed(1)));
    assert_ne!(seeds[0], seeds[1]);

    let copy = tempfile::tempdir().expect("a folder");
    let mut bundle = studio::Bundle::open(&source, &Device::flex()).expect("a sound bundle");
    bundle.save(copy.path()).expect("it can be written");
    let again = ModelSource::Folder(copy.path().to_owned());
    let again = Studio::open(&again, &Device::flex()).expect("a sound bundle");
    let request = frame_request(Some(class));
    let (a, b) = (first.frame(&request), again.frame(&request));
    assert_eq!(a.expect("it fits").image, b.expect("it fits").image);
    assert!(compare(&first, &again, 4).expect("it works").holds());
    median_frame(&first, 1).expect("it works");
    assert_eq!(first.shape(), shape());
}

#[test]
fn families_are_told_apart_by_their_architecture() {
    let plain = bundle();
    assert_eq!(plain.manifest.family(), Some(Family::ClassCentres));
    let class = ClassId(2);
    let own = Anchoring {
        region: class,
        condition: None,
    };
    let part = plain.manifest.generator.as_ref().expect("it has one");
    assert_eq!(part.anchoring(class), own);
    assert_eq!(unlabelled_bundle().manifest.family(), Some(Family::Vae));
    let mut untrained = bundle().manifest;
    untrained.generator = None;
    assert_eq!(untrained.family(), None);
    for (family, name) in [
        (Family::Vae, "vae"),
        (Family::ClassCentres, "class-centres"),
        (Family::Conditional, "conditional"),
    ] {
        assert_eq!(family.to_string(), name);
        let written = serde_json::to_value(family).expect("plain data");
        assert_eq!(written, name);
    }
    // What earlier versions wrote says nothing of it, and neither does a plain model of today.
    let (dir, source) = saved();
    let text = std::fs::read_to_string(dir.path().join("manifest.ron")).expect("it is there");
    assert!(!text.contains("conditional"), "{text}");
    assert!(!Manifest::read(&source).expect("sound").is_conditional());
}

/// One region a class belongs to a model whose latents hold the class.
#[test]
fn regions_of_classes_contradict_a_conditional_model() {
    let (dir, source) = saved();
    let to = "prior: normal,\n            conditional: true";
    rewrite(dir.path(), "prior: class_centres", to);
    let error = Manifest::read(&source).expect_err("it contradicts itself");
    assert!(error.to_string().contains("number of regions"), "{error}");
}

#[test]
fn the_worker_gives_each_image_its_class_in_steps() {
    let (_dir, model) = saved_bundle(conditional_bundle());
    let (worker, woken) = start();
    let studio = Studio::open(&model, &Device::flex()).expect("a sound bundle");
    let conditions: Vec<_> = all_conditions().into_iter().cycle().take(19).collect();
    let gallery = GalleryRequest {
        conditions: Conditions::Each(conditions.clone()),
        ..GalleryRequest::new(vec![latent(); 19])
    };
    let many = EncodeManyRequest {
        conditions: Conditions::Each(conditions),
        ..EncodeManyRequest::new(vec![some_image(); 19].into())
    };
    let answer = |channel, request| {
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
    match answer(Channel::Grid, Request::Gallery(gallery.clone())) {
        Reply::Gallery(found) => {
            let expected = studio.gallery(&gallery).expect("it fits");
            assert_eq!(found.images, expected.images);
        }
        other => panic!("{other:?}"),
    }
    match answer(Channel::Map, Request::EncodeMany(many.clone())) {
        Reply::EncodedMany(found) => {
            assert_eq!(found, studio.encode_many(&many).expect("it fits"));
        }
        other => panic!("{other:?}"),
    }
}
