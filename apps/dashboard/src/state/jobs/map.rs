//! The questions about many images of the sample: where they lie, what is known of each, and which are most like the picture.

use datasets::LabelledImages;
use studio::{Conditions, EncodeManyRequest, NearestRequest, NearestTo, Request, SurveyRequest};

use super::{given, job};
use crate::state::{
    answers::Answer,
    channel::{Channel, Job},
    conditioned::{self, ConditionedLatent},
    controls::Controls,
    map::{Cloud, Group},
    model::OpenModel,
    shown::Shown,
};

/// Images of the sample that are shown beside the one in front, by each measure.
pub const NEIGHBOURS: usize = 3;

/// The question for the points of the map: where the images of the sample lie, each encoded as its own class.
#[must_use]
pub fn map_of_sample(controls: &Controls, sample: &LabelledImages, open: &OpenModel) -> Job {
    let images = (0..sample.len()).map(|index| sample.image(index));
    let class = |index| open.given(sample.label(index));
    let conditions = if open.is_conditional() {
        Conditions::Each((0..sample.len()).map(class).collect())
    } else {
        Conditions::default()
    };
    let request = Request::EncodeMany(EncodeManyRequest {
        images: images.collect(),
        conditions,
    });
    job(controls, &controls.model, Channel::Map, request)
}

/// The question for the pictures of a map whose points are drawn from the class regions.
#[must_use]
pub fn map_of_regions(controls: &Controls, open: &OpenModel) -> Job {
    let Cloud { latents, classes } = Cloud::drawn(open);
    let points = latents.into_iter().zip(classes);
    let points = points.map(|(latent, class)| ConditionedLatent::new(latent, Some(class)));
    let request = conditioned::gallery(points.map(|point| given(point, open)));
    let request = Request::Gallery(request);
    job(controls, &controls.model, Channel::Map, request)
}

/// The question what is known of each point of the map.
#[must_use]
pub fn survey(controls: &Controls, cloud: &Cloud, open: &OpenModel) -> Job {
    let classes = cloud.classes.iter();
    let request = SurveyRequest {
        latents: cloud.latents.clone(),
        of_sample: open.mapped_sample().is_some(),
        conditions: Conditions::Each(classes.map(|class| open.given(Some(*class))).collect()),
    };
    let request = Request::Survey(request);
    job(controls, &controls.model, Channel::Survey, request)
}

/// The question which images of the sample are most like the image in front, which was drawn for `answer`'s scene.
#[must_use]
pub fn nearest(controls: &Controls, answer: &Answer<Shown>, open: &OpenModel) -> Job {
    let to = match &answer.value {
        Shown::Host(frame) => NearestTo::Image(frame.image.clone()),
        // It is drawn again where it lies, because nothing waits for it here.
        Shown::Live(_) => NearestTo::Drawn {
            latent: answer.scene.latent.clone(),
            condition: open.given(answer.scene.condition),
            sampler: open.sampler(answer.scene.sampler),
        },
    };
    let request = Request::Nearest(NearestRequest {
        to,
        count: NEIGHBOURS,
    });
    job(controls, &controls.model, Channel::Nearest, request)
}

/// The question for the picture of a group's mean, drawn as the class in front.
#[must_use]
pub fn group(controls: &Controls, group: &Group, open: &OpenModel) -> Job {
    let condition = controls.scene().and_then(|scene| scene.condition);
    let mean = ConditionedLatent::new(group.mean.clone(), open.given(condition));
    let request = Request::Gallery(conditioned::gallery([mean]));
    job(controls, &controls.model, Channel::Group, request)
}
