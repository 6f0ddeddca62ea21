//! The questions that follow from the controls. The same controls ask the same questions.

use datasets::{ClassId, LabelledImages};
use studio::{
    CounterfactualRequest, EffectsRequest, EncodeManyRequest, EncodeRequest, GalleryRequest,
    Manifest, ModelSource, Request,
};
use vae_core::{ClassRegions, LatentStats};

use super::{
    controls::{COUNTERFACTUAL_STEPS, Controls, RANGE_SIGMAS, STRIP_STEPS, Space},
    map::{Cloud, Group},
    scene::{InputImage, MORPH_STEPS, Scene},
};
use crate::state::channel::{Channel, Job};

/// How far the effect maps step to each side, in standard deviations of the aggregate posterior.
pub const EFFECT_SIGMAS: f32 = 1.0;

/// The question that opens a model.
#[must_use]
pub fn open(model: &ModelSource) -> Job {
    job(model, Channel::Open, Request::Open)
}

/// The question for the latent of an image.
#[must_use]
pub fn encode(model: &ModelSource, image: &InputImage) -> Job {
    let pixels = image.pixels.clone();
    job(
        model,
        Channel::Encode,
        Request::Encode(EncodeRequest { pixels }),
    )
}

/// Everything that the space in front needs an answer to.
///
/// The effect maps cost two decodings a dimension, so they wait until a `gesture` ends: the frame is what must keep up
/// with the hand.
#[must_use]
pub fn wanted(controls: &Controls, manifest: &Manifest, gesture: bool) -> Vec<Job> {
    let (Some(scene), Some(vae), Some(frame)) =
        (controls.scene(), &manifest.vae, controls.request())
    else {
        return Vec::new();
    };
    let model = &controls.model;
    let gallery =
        |channel, latents| job(model, channel, Request::Gallery(GalleryRequest { latents }));
    let mut jobs = vec![job(model, Channel::Frame, Request::Frame(frame))];
    if matches!(controls.space, Space::Explore | Space::Map) && vae.realism.is_some() {
        let request = Request::Realism(scene.latent.clone());
        jobs.push(job(model, Channel::Realism, request));
    }
    match controls.space {
        Space::Explore => {
            jobs.push(gallery(Channel::Strip, strip(scene, &vae.latent)));
            if !gesture {
                let request = EffectsRequest {
                    latent: scene.latent.clone(),
                    step_sigmas: EFFECT_SIGMAS,
                };
                jobs.push(job(model, Channel::Effects, Request::Effects(request)));
            }
        }
        Space::Anchors => {
            jobs.push(gallery(Channel::Grid, grid(scene, &vae.regions)));
            jobs.push(gallery(Channel::Morph, morph(scene, &vae.regions)));
        }
        Space::Explain if controls.counterfactual => {
            let request = CounterfactualRequest {
                latent: scene.latent.clone(),
                target: scene.target,
                steps: COUNTERFACTUAL_STEPS,
            };
            let request = Request::Counterfactual(request);
            jobs.push(job(model, Channel::Counterfactual, request));
        }
        // What Compare and Map ask follows from their answers, too: see `compare` and `app::map`.
        Space::Explain | Space::Map | Space::Compare | Space::Evaluate => {}
    }
    if controls.timeline.unfolded {
        let kept = controls.bookmarks_that_fit(vae);
        let latents: Vec<_> = kept.map(|(_, kept)| kept.scene.latent.clone()).collect();
        if !latents.is_empty() {
            jobs.push(gallery(Channel::Thumbnails, latents));
        }
    }
    jobs
}

/// The question for the points of the map: where the images of the sample lie.
#[must_use]
pub fn map_of_sample(model: &ModelSource, sample: &LabelledImages) -> Job {
    let images = (0..sample.len()).map(|index| sample.grey_image(index).pixels.to_vec());
    let request = EncodeManyRequest {
        images: images.collect(),
    };
    job(model, Channel::Map, Request::EncodeMany(request))
}

/// The question for the pictures of a map whose points are drawn from the class regions.
#[must_use]
pub fn map_of_regions(model: &ModelSource, regions: &ClassRegions) -> Job {
    let latents = Cloud::drawn(regions).latents;
    let request = Request::Gallery(GalleryRequest { latents });
    job(model, Channel::Map, request)
}

/// The question for the picture of a group's mean.
#[must_use]
pub fn group(model: &ModelSource, group: &Group) -> Job {
    let request = GalleryRequest {
        latents: vec![group.mean.clone()],
    };
    job(model, Channel::Group, Request::Gallery(request))
}

/// The latents of the traversal strip, from -3 to +3 sigma.
#[must_use]
pub fn strip(scene: &Scene, stats: &LatentStats) -> Vec<Vec<f32>> {
    vae_core::traversal(
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
        .map(|step| vae_core::interpolate(&from, &to, step as f32 / last, morph.path))
        .collect()
}

pub(crate) fn job(model: &ModelSource, channel: Channel, request: Request) -> Job {
    Job {
        model: model.clone(),
        channel,
        request,
    }
}
