//! What the worker is asked.

use std::borrow::Cow;

use studio::Request;

use super::{App, AtOnce};
use crate::state::{
    channel::{Channel, Job},
    compare,
    controls::Space,
    jobs,
    model::OpenModel,
    scene::Scene,
    session::Model,
};

impl App {
    /// The model in front, once it is open.
    pub(super) fn open_model(&self) -> Option<&OpenModel> {
        self.session.open(&self.controls.model)
    }

    /// Asks for the picture that the sliders of this pass have come to, and takes it if it is there in no time. Else the window would lay
    /// out and paint itself twice for each move of a hand: with the picture of before, and with this one.
    pub(super) fn ask_at_once(&mut self, at_once: &mut AtOnce<'_>) {
        let frame = self
            .open_model()
            .and_then(|open| jobs::frame(&self.controls, open));
        let Some(job) = frame else { return };
        if self.session.submit(&job, self.controls.scene())
            && let Some(answer) = at_once(job)
        {
            self.receive(answer);
        }
    }

    /// Asks the worker for what the controls now need. A job that was asked for already is not asked for again.
    pub(super) fn ask(&mut self, gesture: bool) {
        self.session.bring_to_front(&self.controls.model);
        let model = &self.controls.model;
        let jobs = match self.session.model(model) {
            None => vec![jobs::open(&self.controls, model)],
            Some(Model::Failed(_)) => Vec::new(),
            Some(Model::Open(open)) => {
                let mut jobs = jobs::wanted(&self.controls, open, gesture);
                let answers = self.session.answers(model);
                jobs.extend(jobs::counterfactual(&self.controls, answers, open));
                jobs.extend(self.nearest_job(open));
                jobs.extend(self.map_jobs(open));
                jobs.extend(compare::wanted(&self.controls, &self.session, gesture));
                if self.controls.history_unfolded {
                    let pictures = &self.step_pictures;
                    jobs.extend(pictures.wanted(&self.controls, &self.history, open));
                }
                jobs
            }
        };
        for job in jobs {
            // Nothing else is to be seen.
            if self.show.presenting && !matches!(job.channel, Channel::Open | Channel::Frame) {
                continue;
            }
            let scene = self.controls.scene().map(|scene| asked(scene, &job));
            if self.session.submit(&job, scene.as_deref()) {
                self.outbox.push(job);
            }
        }
    }

    /// Which images of the sample are most like the image in front, if that is shown: a question about the frame that was answered, so
    /// the frame is never later for it.
    fn nearest_job(&self, open: &OpenModel) -> Option<Job> {
        let shown = self.controls.space == Space::Explore && self.controls.nearest;
        let answers = self.session.answers(&self.controls.model);
        let frame = answers
            .frame
            .as_ref()
            .filter(|_| shown && open.sample.is_some());
        frame.map(|frame| jobs::nearest(&self.controls, frame, open))
    }
}

/// The scene as a question is about it. A walk to the runner-up is one to that class, whatever is predicted when it is answered.
fn asked<'a>(scene: &'a Scene, job: &Job) -> Cow<'a, Scene> {
    match &job.request {
        Request::Counterfactual(request) if scene.target != request.target => {
            let target = request.target;
            Cow::Owned(Scene {
                target,
                ..scene.clone()
            })
        }
        _ => Cow::Borrowed(scene),
    }
}
