//! The questions that follow from the controls. The same controls ask the same questions.

use datasets::{ClassId, LabelledImages};
use latent_space::{ClassRegions, LatentStats};
use studio::{
    CounterfactualRequest, EffectsRequest, EncodeManyRequest, EncodeRequest, GalleryRequest,
    ModelSource, RealismRequest, Request,
};

use super::{
    controls::{COUNTERFACTUAL_STEPS, Controls, RANGE_SIGMAS, STRIP_STEPS, Space},
    map::{Cloud, Group},
    model::OpenModel,
    scene::{InputImage, MORPH_STEPS, Scene},
};
use crate::state::channel::{Channel, Job};

/// How far the effect maps step to each side, in standard deviations of the aggregate posterior.
pub const EFFECT_SIGMAS: f32 = 1.0;

/// The question that opens a model.
#[must_use]
pub fn open(controls: &Controls, model: &ModelSource) -> Job {
    job(controls, model, Channel::Open, Request::Open)
}

/// The question for the latent of an image.
#[must_use]
pub fn encode(controls: &Controls, image: &InputImage) -> Job {
    let image = image.image.clone();
    job(
        controls,
        &controls.model,
        Channel::Encode,
        Request::Encode(EncodeRequest::new(image)),
    )
}

/// Everything that the space in front needs an answer to.
///
/// The effect maps cost two decodings a dimension, so they wait until a `gesture` ends: the frame is what must keep up
/// with the hand.
#[must_use]
pub fn wanted(controls: &Controls, open: &OpenModel, gesture: bool) -> Vec<Job> {
    let (Some(scene), Some(frame)) = (controls.scene(), controls.request(open)) else {
        return Vec::new();
    };
    let space = &open.space;
    let job = |channel, request| job(controls, &controls.model, channel, request);
    let gallery = |channel, latents| job(channel, Request::Gallery(GalleryRequest::new(latents)));
    let mut jobs = vec![job(Channel::Frame, Request::Frame(frame))];
    if matches!(controls.space, Space::Explore | Space::Map) && space.realism.is_some() {
        let request = Request::Realism(RealismRequest::new(scene.latent.clone()));
        jobs.push(job(Channel::Realism, request));
    }
    match controls.space {
        Space::Explore => {
            jobs.push(gallery(Channel::Strip, strip(scene, &space.statistics)));
            if !gesture {
                let request = EffectsRequest {
                    latent: scene.latent.clone(),
                    condition: None,
                    step_sigmas: EFFECT_SIGMAS,
                };
                jobs.push(job(Channel::Effects, Request::Effects(request)));
            }
        }
        Space::Anchors => {
            jobs.push(gallery(Channel::Grid, grid(scene, &space.regions)));
            if space.regions.classes() > 1 {
                jobs.push(gallery(Channel::Morph, morph(scene, &space.regions)));
            }
        }
        Space::Explain if controls.counterfactual && open.judge_knows_regions() => {
            let request = CounterfactualRequest {
                latent: scene.latent.clone(),
                target: scene.target,
                steps: COUNTERFACTUAL_STEPS,
            };
            let request = Request::Counterfactual(request);
            jobs.push(job(Channel::Counterfactual, request));
        }
        // What Compare and Map ask follows from their answers, too: see `compare` and `app::map`.
        Space::Explain | Space::Map | Space::Compare | Space::Evaluate => {}
    }
    if controls.timeline.unfolded {
        let kept = controls.bookmarks_that_fit(open);
        let latents: Vec<_> = kept.map(|(_, kept)| kept.scene.latent.clone()).collect();
        if !latents.is_empty() {
            jobs.push(gallery(Channel::Thumbnails, latents));
        }
    }
    jobs
}

/// The question for the points of the map: where the images of the sample lie.
#[must_use]
pub fn map_of_sample(controls: &Controls, sample: &LabelledImages) -> Job {
    let images = (0..sample.len()).map(|index| sample.image(index));
    let request = EncodeManyRequest::new(images.collect());
    let request = Request::EncodeMany(request);
    job(controls, &controls.model, Channel::Map, request)
}

/// The question for the pictures of a map whose points are drawn from the class regions.
#[must_use]
pub fn map_of_regions(controls: &Controls, regions: &ClassRegions) -> Job {
    let latents = Cloud::drawn(regions).latents;
    let request = Request::Gallery(GalleryRequest::new(latents));
    job(controls, &controls.model, Channel::Map, request)
}

/// The question for the picture of a group's mean.
#[must_use]
pub fn group(controls: &Controls, group: &Group) -> Job {
    let request = GalleryRequest::new(vec![group.mean.clone()]);
    let request = Request::Gallery(request);
    job(controls, &controls.model, Channel::Group, request)
}

/// The latents of the traversal strip, from -3 to +3 sigma.
#[must_use]
pub fn strip(scene: &Scene, stats: &LatentStats) -> Vec<Vec<f32>> {
    latent_space::traversal(
        &scene.latent,
        scene.selected,
        stats,
        RANGE_SIGMAS,
        STRIP_STEPS,
    )
}

/// The latents of the grid of samples.
#[must_use]
pub fn grid(scene: &Scene, regions: &ClassRegions) -> Vec<Vec<f32>> {
    let anchors = &scene.anchors;
    regions.sample(anchors.class, anchors.noise, anchors.count, anchors.seed)
}

/// The latents of the walk between two anchors.
#[must_use]
pub fn morph(scene: &Scene, regions: &ClassRegions) -> Vec<Vec<f32>> {
    let morph = &scene.morph;
    let anchor = |class: ClassId| regions.anchor(class);
    let (from, to) = (anchor(morph.from), anchor(morph.to));
    let last = (MORPH_STEPS - 1) as f32;
    (0..MORPH_STEPS)
        .map(|step| latent_space::interpolate(&from, &to, step as f32 / last, morph.path))
        .collect()
}

/// A question to a model, whose images the judge of the person's choice looks at.
pub(crate) fn job(
    controls: &Controls,
    model: &ModelSource,
    channel: Channel,
    request: Request,
) -> Job {
    Job {
        model: model.clone(),
        judge: controls.judges.get(model).cloned(),
        channel,
        request,
    }
}
