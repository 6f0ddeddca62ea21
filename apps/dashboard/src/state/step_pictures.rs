//! Small pictures of the steps that undo goes through, drawn when there is time and kept as long as the steps.

use std::collections::{BTreeMap, BTreeSet};

use datasets::Image;
use studio::{Gallery, ModelSource, Request};

use super::{
    channel::{Channel, Job},
    conditioned,
    controls::Controls,
    jobs,
    model::OpenModel,
    undo::{History, PlacedStep, StepId},
    validation,
};

/// Pictures that are asked for at once: those nearest to the present step come first.
const AT_ONCE: usize = 16;

/// The pictures that were drawn, at most one a step.
#[derive(Clone, Debug, Default)]
pub struct StepPictures {
    pictures: BTreeMap<StepId, Image>,
    /// Counts up with each change: whoever keeps the pictures as a texture compares it.
    revision: u64,
}

impl StepPictures {
    /// The picture of a step, once it is drawn.
    #[must_use]
    pub fn get(&self, step: StepId) -> Option<&Image> {
        self.pictures.get(&step)
    }

    /// Counts up with each change.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The question for the pictures that are missing of the model in front: those of one way to draw, nearest to the present step first.
    #[must_use]
    pub fn wanted(&self, controls: &Controls, history: &History, open: &OpenModel) -> Option<Job> {
        let placed = history.placed();
        let present = placed.iter().find(|step| step.is_present)?.column;
        let mut missing: Vec<&PlacedStep<'_>> = placed
            .iter()
            .filter(|placed| placed.step.model == controls.model && self.get(placed.id).is_none())
            // A folder may hold another model now.
            .filter(|placed| validation::fits(&placed.step.scene, open))
            .collect();
        missing.sort_by_key(|placed| placed.column.abs_diff(present));
        let sampler = missing.first()?.step.scene.sampler;
        missing.retain(|placed| placed.step.scene.sampler == sampler);
        missing.truncate(AT_ONCE);
        let drawn = missing
            .iter()
            .map(|placed| jobs::given(placed.step.scene.decoded(), open));
        let request = Request::Gallery(conditioned::gallery(drawn));
        Some(Job {
            model: controls.model.clone(),
            judge: controls.judges.get(&controls.model).cloned(),
            channel: Channel::History,
            request: jobs::drawn_with(request, sampler),
        })
    }

    /// Takes pictures that were drawn: each belongs to every step that draws the same. Those of steps that are kept no more are dropped.
    pub fn take(&mut self, history: &History, job: &Job, gallery: Gallery) {
        let Request::Gallery(request) = &job.request else {
            return;
        };
        let Some(conditions) = request.conditions.of_each(request.latents.len()) else {
            return;
        };
        let placed = history.placed();
        let kept: BTreeSet<StepId> = placed.iter().map(|placed| placed.id).collect();
        self.pictures.retain(|step, _| kept.contains(step));
        let asked = request.latents.iter().zip(conditions);
        for ((latent, condition), image) in asked.zip(gallery.images) {
            let same = |placed: &&PlacedStep<'_>| {
                let scene = &placed.step.scene;
                placed.step.model == job.model
                    && scene.latent == *latent
                    && scene.sampler == request.sampler
                    && (scene.condition == condition || condition.is_none())
            };
            for placed in placed.iter().filter(same) {
                self.pictures.insert(placed.id, image.clone());
            }
        }
        self.revision += 1;
    }

    /// Forgets the pictures of a model's steps.
    pub fn forget_model(&mut self, history: &History, model: &ModelSource) {
        for placed in history.placed() {
            if placed.step.model == *model {
                self.pictures.remove(&placed.id);
            }
        }
        self.revision += 1;
    }
}
