//! Many points at once: what is known of each for a map, and the images of the sample that are most like an image.

use burn::tensor::Device;
use datasets::{Image, LabelledImages};
use studio::{
    Conditions, EncodeManyRequest, FrameRequest, Job, Nearest, NearestRequest, NearestTo,
    RealismRequest, Reply, Request, Studio, StudioError, SurveyRequest,
};

use crate::support::{LATENT_DIM, saved, shape, some_image, studio, studio_of, unlabelled_bundle};
use crate::workers::{Channel, start, until};

fn sample(studio: &Studio) -> &LabelledImages {
    studio.sample().expect("it carries one")
}

fn means(studio: &Studio) -> Vec<Vec<f32>> {
    let sample = sample(studio);
    let images = (0..sample.len()).map(|at| sample.image(at)).collect();
    let request = EncodeManyRequest::new(images);
    studio.encode_many(&request).expect("they fit")
}

fn near(a: f32, b: f32) -> bool {
    (a - b).abs() <= 1e-4 * (1.0 + a.abs())
}

#[test]
fn a_survey_says_of_each_image_what_is_said_of_it_alone() {
    let studio = studio();
    let latents = means(&studio);
    let request = SurveyRequest {
        latents: latents.clone(),
        of_sample: true,
        conditions: Conditions::default(),
    };
    let survey = studio.survey(&request).expect("it fits");
    let counts = [
        survey.predictions.len(),
        survey.squared_errors.len(),
        survey.density_percentiles.len(),
    ];
    assert_eq!(counts, [latents.len(); 3]);
    for at in [0, 7, latents.len() - 1] {
        let image = sample(&studio).image(at);
        let said = studio
            .judge_image(&image)
            .expect("it fits")
            .expect("there is a judge");
        assert_eq!(survey.predictions[at], said, "image {at}");
        let again = studio
            .decode(&latents[at..=at], &Conditions::default())
            .expect("it fits");
        let squares = image.values().iter().zip(&again);
        let mean = squares.map(|(x, y)| (x - y).powi(2)).sum::<f32>() / again.len() as f32;
        assert!(near(survey.squared_errors[at], mean), "image {at}");
        let usual = studio.realism(&RealismRequest::new(latents[at].clone()));
        let usual = usual.expect("it fits").expect("it says what is usual");
        assert!(near(
            survey.density_percentiles[at],
            usual.density_percentile
        ));
    }
}

#[test]
fn a_survey_of_other_latents_knows_how_rare_they_are() {
    let studio = studio();
    let request = SurveyRequest {
        latents: vec![vec![0.0; LATENT_DIM], vec![50.0; LATENT_DIM]],
        of_sample: false,
        conditions: Conditions::default(),
    };
    let survey = studio.survey(&request).expect("it fits");
    assert!(survey.predictions.is_empty() && survey.squared_errors.is_empty());
    assert_eq!(survey.density_percentiles.len(), 2);
    assert!(
        survey.density_percentiles[1] <= 0.0,
        "nothing lies out there"
    );
    let too_many = SurveyRequest {
        latents: vec![vec![0.0; LATENT_DIM]; sample(&studio).len() + 1],
        of_sample: true,
        ..request
    };
    assert!(matches!(
        studio.survey(&too_many),
        Err(StudioError::Request(_))
    ));
}

fn nearest(studio: &Studio, to: Image) -> Nearest {
    let request = NearestRequest {
        to: NearestTo::Image(to),
        count: 3,
    };
    studio.nearest(&request).expect("it fits")
}

#[test]
fn an_image_of_the_sample_is_its_own_nearest() {
    let studio = studio();
    let sample = sample(&studio);
    let found = nearest(&studio, sample.image(5));
    assert_eq!(found.among, sample.len());
    assert!(!found.goes_on);
    let in_features = found.in_features.expect("there is a judge");
    for near in [&found.in_pixels, &in_features] {
        assert_eq!(near.nearest.len(), 3);
        assert_eq!((near.nearest[0].index, near.nearest[0].distance), (5, 0.0));
        let distances: Vec<f32> = near.nearest.iter().map(|near| near.distance).collect();
        assert!(distances.is_sorted() && distances[1] > 0.0, "{distances:?}");
        assert!(near.usual.expect("all is known") > 0.0);
    }
    // By hand: the root of the mean of the squares.
    let second = found.in_pixels.nearest[1];
    let (a, b) = (sample.image(5), sample.image(second.index));
    let squares = a
        .values()
        .iter()
        .zip(b.values())
        .map(|(x, y)| (x - y).powi(2));
    let expected = (squares.sum::<f32>() / shape().values() as f32).sqrt();
    assert!(near(second.distance, expected), "{second:?}, {expected}");
}

#[test]
fn a_latent_has_the_nearest_of_the_image_that_it_draws() {
    let studio = studio();
    let latent = vec![0.4; LATENT_DIM];
    let frame = studio
        .frame(&FrameRequest::new(latent.clone()))
        .expect("it fits");
    // The features of the image that was judged last are not computed again; those of any other are.
    let at_once = nearest(&studio, frame.image.clone());
    nearest(&studio, some_image());
    assert_eq!(nearest(&studio, frame.image), at_once);
    let drawn = NearestRequest {
        to: NearestTo::Drawn {
            latent,
            condition: None,
            sampler: studio.manifest().usual_sampler(),
        },
        count: 3,
    };
    assert_eq!(studio.nearest(&drawn).expect("it fits"), at_once);
}

#[test]
fn without_a_judge_only_pixels_are_compared() {
    let studio = studio_of(unlabelled_bundle());
    let found = nearest(&studio, sample(&studio).image(2));
    assert_eq!(found.in_pixels.nearest[0].index, 2);
    assert!(found.in_features.is_none() && !found.goes_on);
    let request = SurveyRequest {
        latents: means(&studio),
        of_sample: true,
        conditions: Conditions::default(),
    };
    let survey = studio.survey(&request).expect("it fits");
    assert!(survey.predictions.is_empty() && !survey.squared_errors.is_empty());
}

#[test]
fn the_worker_tells_pixels_at_once_and_features_when_they_are_known() {
    let (_dir, model) = saved();
    let (worker, woken) = start();
    let request = NearestRequest {
        to: NearestTo::Image(some_image()),
        count: 2,
    };
    let job = |channel, request| Job {
        model: model.clone(),
        judge: None,
        channel,
        request,
    };
    let asked = job(Channel::Left, Request::Nearest(request.clone()));
    worker.submit(asked.clone());
    let mut told = Vec::new();
    while told.last().is_none_or(|nearest: &Nearest| nearest.goes_on) {
        for published in until(&worker, &woken, &asked) {
            match published.result {
                Ok(Reply::Nearest(nearest)) => told.push(nearest),
                other => panic!("{other:?}"),
            }
        }
    }
    let studio = Studio::open(&model, &Device::flex()).expect("a sound bundle");
    let expected = studio.nearest(&request).expect("it fits");
    assert_eq!(told.last(), Some(&expected));
    for so_far in &told {
        assert_eq!(so_far.in_pixels.nearest, expected.in_pixels.nearest);
    }
    let survey = SurveyRequest {
        latents: means(&studio),
        of_sample: true,
        conditions: Conditions::default(),
    };
    let asked = job(Channel::Right, Request::Survey(survey.clone()));
    worker.submit(asked.clone());
    let all = until(&worker, &woken, &asked);
    let answered = all.into_iter().find(|published| published.job == asked);
    match answered.expect("it is answered").result {
        Ok(Reply::Survey(found)) => assert_eq!(found, studio.survey(&survey).expect("it fits")),
        other => panic!("{other:?}"),
    }
}
