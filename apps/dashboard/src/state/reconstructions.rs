//! Real images, and what each model of a domain makes of them.

use std::sync::Arc;

use datasets::{ClassId, Image, LabelledImages};
use studio::{Conditions, EncodeManyRequest, Request};

use super::{
    channel::{Channel, Job},
    compared::Compared,
    controls::Controls,
    families::{self, Column, has_encoder},
    jobs::job,
    model::OpenModel,
    session::Session,
};

/// Images that are reconstructed at a time.
pub const IMAGES: usize = 10;

/// A real image, by its place in the sample of the model in front.
#[derive(Clone, Debug, PartialEq)]
pub struct Original {
    /// The image.
    pub image: Image,
    /// Its class, if it has one.
    pub label: Option<ClassId>,
}

/// The images of the page: one a class in turn, or in their order where there are no classes. None without a sample.
#[must_use]
pub fn originals(controls: &Controls, session: &Session) -> Vec<Original> {
    let open = session.open(&controls.model);
    let Some(sample) = open.and_then(|open| open.sample.as_ref()) else {
        return Vec::new();
    };
    let page = controls.compare.families.page % pages(sample);
    let order = in_turns(sample).into_iter();
    let of_page = order.skip(page * IMAGES).take(IMAGES);
    of_page
        .map(|index| Original {
            image: sample.image(index),
            label: sample.label(index),
        })
        .collect()
}

fn pages(sample: &LabelledImages) -> usize {
    sample.len().div_ceil(IMAGES).max(1)
}

/// The places of all images, one of each class in turn.
fn in_turns(sample: &LabelledImages) -> Vec<usize> {
    if !sample.is_labelled() {
        return (0..sample.len()).collect();
    }
    let mut seen = vec![0_usize; sample.classes()];
    let mut turns: Vec<(usize, usize)> = Vec::with_capacity(sample.len());
    for (index, &label) in sample.labels().iter().enumerate() {
        let turn = &mut seen[usize::from(label)];
        turns.push((*turn, index));
        *turn += 1;
    }
    // Within a turn by class: the sort is stable, and the sample need not be in the order of its classes.
    turns.sort_by_key(|&(turn, index)| (turn, sample.labels()[index]));
    turns.into_iter().map(|(_, index)| index).collect()
}

/// The last reconstructions by a model. Older ones stay until the newer ones come.
#[must_use]
pub fn seen<'a>(session: &'a Session, column: &Column) -> Option<&'a Compared> {
    let answer = session.compared(Channel::Reconstructions(column.place))?;
    (answer.job.model == column.model).then_some(answer)
}

/// The mean over all values of the squared difference between images and what became of them; `None` where there are none or
/// they do not fit each other.
#[must_use]
pub fn squared_error(images: &[Image], reconstructions: &[Image]) -> Option<f64> {
    let pairs = || images.iter().zip(reconstructions);
    let fit = images.len() == reconstructions.len()
        && pairs().all(|(image, again)| image.shape() == again.shape());
    let count: usize = images.iter().map(|image| image.shape().values()).sum();
    if !fit || count == 0 {
        return None;
    }
    let values = pairs().flat_map(|(image, again)| image.values().iter().zip(again.values()));
    let sum: f64 = values.map(|(x, y)| f64::from(x - y).powi(2)).sum();
    Some(sum / count as f64)
}

/// What the rows need an answer to: the images of the page by each model that has an encoder.
pub(super) fn wanted(controls: &Controls, session: &Session) -> Vec<Job> {
    let mut wanted: Vec<Job> = families::open_next(controls, session).into_iter().collect();
    let originals = originals(controls, session);
    if originals.is_empty() {
        return wanted;
    }
    let images: Arc<[Image]> = originals.iter().map(|one| one.image.clone()).collect();
    for (column, model) in families::open(controls, session) {
        if has_encoder(model) {
            let request = EncodeManyRequest {
                images: Arc::clone(&images),
                conditions: conditions(model, &originals),
            };
            let channel = Channel::Reconstructions(column.place);
            let request = Request::ReconstructMany(request);
            wanted.push(job(controls, &column.model, channel, request));
        }
    }
    wanted
}

/// A conditional model encodes and decodes each image as its class.
fn conditions(model: &OpenModel, originals: &[Original]) -> Conditions {
    if model.is_conditional() {
        let classes = originals.iter().map(|one| model.given(one.label));
        return Conditions::Each(classes.collect());
    }
    Conditions::default()
}
