//! The questions that follow from the controls. The same controls ask the same questions.

mod map;

use datasets::{ClassId, Image};
use latent_space::LatentStats;
use studio::{
    Conditions, CounterfactualRequest, EffectsRequest, EncodeRequest, GalleryRequest, ModelSource,
    PathRequest, RealismRequest, Request, Sampler,
};

use super::{
    answers::Answers,
    class_strip::StripKind,
    conditioned::{self, ConditionedLatent},
    controls::{COUNTERFACTUAL_STEPS, Controls, RANGE_SIGMAS, STRIP_STEPS, Space},
    model::OpenModel,
    scene::{InputImage, MORPH_STEPS, Scene},
};
use crate::state::channel::{Channel, Job};

pub use self::map::{NEIGHBOURS, group, map_of_regions, map_of_sample, nearest, survey};

/// How far the effect maps step to each side, in standard deviations of the aggregate posterior.
pub const EFFECT_SIGMAS: f32 = 1.0;

/// The question that opens a model.
#[must_use]
pub fn open(controls: &Controls, model: &ModelSource) -> Job {
    job(controls, model, Channel::Open, Request::Open)
}

/// The question that opens a model which is to stand beside the one in front.
#[must_use]
pub fn open_beside(controls: &Controls, model: &ModelSource) -> Job {
    job(controls, model, Channel::CompareOpen, Request::Open)
}

/// What gives the memory of a model back that is put away.
#[must_use]
pub fn close(controls: &Controls, model: &ModelSource) -> Job {
    let request = Request::Close(vec![model.clone()]);
    job(controls, &controls.model, Channel::Close, request)
}

/// What stops the search for an image: its channel is asked for something that is done at once.
#[must_use]
pub fn stop_search(controls: &Controls) -> Job {
    job(
        controls,
        &controls.model,
        Channel::Encode,
        Request::Close(Vec::new()),
    )
}

/// The question for the latent of an image. A conditional model encodes it as the class that the image says it is.
#[must_use]
pub fn encode(controls: &Controls, image: &InputImage) -> Job {
    let request = EncodeRequest {
        image: image.image.clone(),
        condition: image.encoded_as,
    };
    let request = Request::Encode(request);
    job(controls, &controls.model, Channel::Encode, request)
}

/// The question what the judge says of an image that a person is about to use.
#[must_use]
pub fn judge(controls: &Controls, image: &Image) -> Job {
    let request = Request::Judge(image.clone());
    job(controls, &controls.model, Channel::Import, request)
}

/// Everything that the space in front needs an answer to.
///
/// The effect maps cost two decodings a dimension, so they wait until a `gesture` ends: the frame is what must keep up
/// with the hand.
#[must_use]
pub fn wanted(controls: &Controls, open: &OpenModel, gesture: bool) -> Vec<Job> {
    let (Some(scene), Some(frame)) = (controls.scene(), frame(controls, open)) else {
        return Vec::new();
    };
    let mut questions = Vec::new();
    let gauges = matches!(controls.space, Space::Explore | Space::Map);
    if gauges && open.space.realism.is_some() {
        let request = RealismRequest {
            latent: scene.latent.clone(),
            condition: open.given(scene.condition),
        };
        questions.push((Channel::Realism, Request::Realism(request)));
    }
    questions.extend(match controls.space {
        Space::Explore => explore(controls, scene, open, gesture),
        Space::Anchors => anchors(scene, open),
        // What these ask follows from their answers, too: see `counterfactual`, `compare` and `app::map`.
        Space::Explain | Space::Map | Space::Compare | Space::Evaluate | Space::Train => Vec::new(),
    });
    if controls.timeline.unfolded && controls.bookmarks_that_fit(open).next().is_some() {
        let request = Request::Gallery(thumbnails(controls, open));
        questions.push((Channel::Thumbnails, request));
    }
    let questions = questions.into_iter();
    let others =
        questions.map(|(channel, request)| job(controls, &controls.model, channel, request));
    std::iter::once(frame).chain(others).collect()
}

/// The question for the picture in front.
#[must_use]
pub fn frame(controls: &Controls, open: &OpenModel) -> Option<Job> {
    let request = Request::Frame(controls.request(open)?);
    Some(job(controls, &controls.model, Channel::Frame, request))
}

/// The question what would have to change for the image to be taken for another class: that which the person chose, or the runner-up
/// of the frame that was answered last.
#[must_use]
pub fn counterfactual(controls: &Controls, answers: &Answers, open: &OpenModel) -> Option<Job> {
    let shown = controls.space == Space::Explain && controls.counterfactual;
    let scene = controls
        .scene()
        .filter(|_| shown && open.judge_knows_regions())?;
    let frame = answers.frame.as_ref();
    let target = scene.explained(frame.and_then(|answer| answer.value.prediction()))?;
    let request = Request::Counterfactual(CounterfactualRequest {
        latent: scene.latent.clone(),
        target,
        steps: COUNTERFACTUAL_STEPS,
    });
    Some(job(
        controls,
        &controls.model,
        Channel::Counterfactual,
        request,
    ))
}

fn explore(
    controls: &Controls,
    scene: &Scene,
    open: &OpenModel,
    gesture: bool,
) -> Vec<(Channel, Request)> {
    let condition = open.given(scene.condition);
    let mut questions = Vec::new();
    match controls.class_strip.kind(open) {
        StripKind::Walk => {
            let latents = strip(scene, &open.space.statistics);
            questions.push((Channel::Strip, gallery(latents, condition)));
        }
        StripKind::Classes => {
            let request = classes(controls, scene, open).map(Request::Gallery);
            questions.extend(request.map(|request| (Channel::Classes, request)));
        }
        StripKind::FromNoise => {
            let request = PathRequest {
                latent: scene.latent.clone(),
                condition,
                sampler: scene.sampler,
            };
            questions.push((Channel::Path, Request::Path(request)));
        }
    }
    if !gesture {
        let request = EffectsRequest {
            latent: scene.latent.clone(),
            condition,
            sampler: scene.sampler,
            step_sigmas: EFFECT_SIGMAS,
        };
        questions.push((Channel::Effects, Request::Effects(request)));
    }
    questions
}

fn anchors(scene: &Scene, open: &OpenModel) -> Vec<(Channel, Request)> {
    let condition = open.anchoring(scene.anchors.class).condition;
    let mut questions = vec![(Channel::Grid, gallery(grid(scene, open), condition))];
    if open.space.regions.classes() > 1 {
        questions.push((Channel::Morph, gallery(morph(scene, open), None)));
    }
    questions
}

/// The images of latents, all drawn as one class.
fn gallery(latents: Vec<Vec<f32>>, condition: Option<ClassId>) -> Request {
    Request::Gallery(GalleryRequest {
        conditions: condition.into(),
        ..GalleryRequest::new(latents)
    })
}

/// The latent as each class of the page; `None` while there is no room for one.
fn classes(controls: &Controls, scene: &Scene, open: &OpenModel) -> Option<GalleryRequest> {
    let page = controls.class_strip.page(open.drawn_names().len());
    (!page.is_empty()).then(|| {
        let latents = vec![scene.latent.clone(); page.len()];
        GalleryRequest {
            conditions: Conditions::Each(page.into_iter().map(Some).collect()),
            ..GalleryRequest::new(latents)
        }
    })
}

/// The pictures of the bookmarks, each as its own class.
fn thumbnails(controls: &Controls, open: &OpenModel) -> GalleryRequest {
    let kept = controls.bookmarks_that_fit(open);
    conditioned::gallery(kept.map(|(_, kept)| given(kept.scene.decoded(), open)))
}

/// Without a class that the model does not have.
pub(crate) fn given(drawn: ConditionedLatent, open: &OpenModel) -> ConditionedLatent {
    let condition = open.given(drawn.condition);
    ConditionedLatent { condition, ..drawn }
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
pub fn grid(scene: &Scene, open: &OpenModel) -> Vec<Vec<f32>> {
    let anchors = &scene.anchors;
    let region = open.anchoring(anchors.class).region;
    let regions = &open.space.regions;
    regions.sample(region, anchors.noise, anchors.count, anchors.seed)
}

/// The latents of the walk between two anchors.
#[must_use]
pub fn morph(scene: &Scene, open: &OpenModel) -> Vec<Vec<f32>> {
    let morph = &scene.morph;
    let (from, to) = (open.anchor(morph.from), open.anchor(morph.to));
    let last = (MORPH_STEPS - 1) as f32;
    (0..MORPH_STEPS)
        .map(|step| latent_space::interpolate(&from, &to, step as f32 / last, morph.path))
        .collect()
}

/// A question to a model, which draws as its scene says, and whose images the judge of the person's choice looks at.
pub(crate) fn job(
    controls: &Controls,
    model: &ModelSource,
    channel: Channel,
    request: Request,
) -> Job {
    let scene = controls.scenes.get(model);
    let sampler = scene.map_or_else(Sampler::default, |scene| scene.sampler);
    Job {
        model: model.clone(),
        judge: controls.judges.get(model).cloned(),
        channel,
        request: drawn_with(request, sampler),
    }
}

/// A question whose images are drawn so by a flow. What is asked about a VAE itself stays as it is.
pub(crate) fn drawn_with(mut request: Request, sampler: Sampler) -> Request {
    match &mut request {
        Request::Frame(frame) | Request::LiveFrame(frame) => frame.sampler = sampler,
        Request::Gallery(gallery) => gallery.sampler = sampler,
        Request::Path(path) => path.sampler = sampler,
        Request::Open
        | Request::Judge(_)
        | Request::Encode(_)
        | Request::EncodeMany(_)
        | Request::Effects(_)
        | Request::Realism(_)
        | Request::Counterfactual(_)
        // The image that is on the screen, or the scene's own way of drawing it.
        | Request::Nearest(_)
        | Request::Survey(_)
        // Invented detail would only move them away from the image.
        | Request::Reconstruct(_)
        | Request::ReconstructMany(_)
        // As sharp as the model usually draws; see `families`.
        | Request::Samples(_)
        | Request::Close(_) => {}
    }
    request
}
