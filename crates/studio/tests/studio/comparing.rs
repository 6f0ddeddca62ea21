//! What a comparison of several models asks of each: samples with their times, many reconstructions, and to be closed again.

use burn::tensor::Device;
use datasets::{ClassId, Image, Seed};
use studio::{
    ClassSample, Conditions, EncodeManyRequest, Job, ReconstructRequest, Reply, Request,
    SampleRequest, Sampler, Samples, Studio,
};

use crate::support::{conditional_bundle, images, saved, shape, some_image, studio, studio_of};
use crate::workers::{Channel, start, until};

fn job(model: &studio::ModelSource, request: Request) -> Job<Channel> {
    Job {
        model: model.clone(),
        judge: None,
        channel: Channel::Grid,
        request,
    }
}

#[test]
fn the_worker_draws_the_samples_one_by_one_and_times_each() {
    let (_dir, model) = saved();
    let (worker, woken) = start();
    let sample = |index| ClassSample {
        class: ClassId(1),
        index,
    };
    let request = SampleRequest {
        samples: (3..8).map(sample).collect(),
        noise: 0.5,
        seed: Seed(2),
        sampler: Sampler::default(),
    };
    let asked = job(&model, Request::Samples(request.clone()));
    worker.submit(asked.clone());
    let answer = until(&worker, &woken, &asked).pop().expect("it came");
    let Ok(Reply::Samples(Samples {
        images,
        times,
        batch,
    })) = answer.result
    else {
        panic!("samples were asked for")
    };
    let studio = Studio::open(&model, &Device::flex()).expect("a sound bundle");
    assert_eq!(images, studio.sample_images(&request).expect("they fit"));
    assert_eq!((times.len(), batch), (5, 1));
}

#[test]
fn many_reconstructions_are_those_of_each_image_alone() {
    let studio = studio();
    // More than go through the networks at a time.
    let sample = images();
    let image = |index: usize| sample.image(index % sample.len());
    let many: Vec<Image> = (0..70).map(image).collect();
    let request = EncodeManyRequest::new(many.clone().into());
    let all = studio.reconstruct_many(&request).expect("they fit");
    assert_eq!(all.len(), 70);
    for index in [0, 7, 63, 64, 69] {
        let alone = ReconstructRequest::new(many[index].clone());
        let alone = studio.reconstruct(&alone).expect("it fits");
        assert_eq!(all[index], alone.frame.image, "at {index}");
    }
    let strange = Image::black(datasets::ImageShape::new(1, 20, 32).expect("within the bounds"));
    let refused = EncodeManyRequest::new(vec![some_image(), strange].into());
    assert!(studio.reconstruct_many(&refused).is_err());
}

#[test]
fn a_conditional_model_reconstructs_each_image_as_its_class() {
    let studio = studio_of(conditional_bundle());
    let classes = [Some(ClassId(2)), None];
    let request = EncodeManyRequest {
        images: vec![some_image(), some_image()].into(),
        conditions: Conditions::Each(classes.to_vec()),
    };
    let all = studio.reconstruct_many(&request).expect("they fit");
    for (image, condition) in all.iter().zip(classes) {
        let alone = ReconstructRequest {
            condition,
            ..ReconstructRequest::new(some_image())
        };
        let alone = studio.reconstruct(&alone).expect("it fits");
        assert_eq!(*image, alone.frame.image, "as {condition:?}");
    }
    assert_ne!(all[0], all[1]);
    assert_eq!(all[0].shape(), shape());
}

#[test]
fn a_closed_model_is_opened_again_when_it_is_asked() {
    let (dir, model) = saved();
    let (worker, woken) = start();
    let draw = |index: u64| {
        let class = ClassId(0);
        job(
            &model,
            Request::Samples(SampleRequest {
                samples: vec![ClassSample { class, index }],
                noise: 1.0,
                seed: Seed(0),
                sampler: Sampler::default(),
            }),
        )
    };
    let ask = |job: &Job<Channel>| {
        worker.submit(job.clone());
        until(&worker, &woken, job).pop().expect("it came").result
    };
    ask(&draw(0)).expect("a sound bundle");
    dir.close().expect("the folder can be removed");
    ask(&draw(1)).expect("it is open, whatever became of its folder");
    let closed = ask(&job(&model, Request::Close(vec![model.clone()])));
    assert_eq!(closed.expect("closing does not fail"), Reply::Closed);
    ask(&draw(2)).expect_err("its folder is gone, so it cannot be opened again");
}
