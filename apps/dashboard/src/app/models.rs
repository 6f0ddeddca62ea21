//! Which model is in front, and where the models run.

use studio::ModelSource;

use super::App;
use crate::{
    panels::path_prompt::PathPrompt,
    state::{
        command::{ModelCommand, Purpose},
        device::{ChosenDevice, DeviceChange},
        jobs,
        notices::{Tone, Topic},
        session::Model,
        sources::{self, lasting, model_title},
    },
};

impl App {
    pub(super) fn model_command(&mut self, command: ModelCommand) {
        match command {
            ModelCommand::Open(model) => self.bring_to_front(lasting(model)),
            ModelCommand::Close(model) => self.close(&model),
            ModelCommand::Retry => self.session.retry(&self.controls.model),
            ModelCommand::Judge(judge) => self.choose_judge(judge),
            ModelCommand::AskForFolder => {
                let prompt = PathPrompt::new(Purpose::OpenModel, String::new());
                self.dialogs.path = Some(prompt);
            }
        }
    }

    fn bring_to_front(&mut self, model: ModelSource) {
        self.notices.clear(Topic::Model);
        if let Some(Model::Failed(_)) = self.session.model(&model) {
            // The folder may hold one by now.
            self.session.retry(&model);
        }
        if self.open_model().is_some() {
            self.before = Some(self.controls.model.clone());
        }
        self.controls.model = model;
    }

    /// Puts a model away. What was set for it is kept for when it is opened again.
    fn close(&mut self, model: &ModelSource) {
        let domains = sources::domains(&self.session, model);
        let mut domains = domains.into_iter();
        let domain = domains.find(|domain| domain.models.contains(model));
        let mut together = domain.into_iter().flat_map(|domain| domain.models);
        let next = together.find(|other| other != model);
        self.session.close(model);
        let compare = &mut self.controls.compare;
        compare.model = compare.model.take().filter(|other| other != model);
        if self.controls.model == *model {
            self.controls.model = next.unwrap_or_else(sources::first);
        }
        self.outbox.push(jobs::close(&self.controls, model));
    }

    /// A model did not open: the window shows the one before it, or one that works, and says why. A model of the program, and one
    /// that a judge kept from opening, stay in front: what to do stands in their place.
    pub(super) fn not_opened(&mut self, message: &str) {
        let model = self.controls.model.clone();
        let failed = matches!(self.session.model(&model), Some(Model::Failed(_)));
        let ModelSource::Folder(folder) = &model else {
            return;
        };
        if !failed || self.controls.judges.contains_key(&model) {
            return;
        }
        let before = self.before.take();
        let before = before.filter(|before| self.session.open(before).is_some());
        self.controls.model = before.unwrap_or_else(sources::first);
        self.session.close(&model);
        let shown = model_title(&self.controls.model);
        let text = format!(
            "{} could not be opened, so {shown} is shown.\n{message}\nFile, Open model folder… opens it again.",
            folder.display()
        );
        self.notices.say(Topic::Model, Tone::Bad, text);
    }

    /// The model is opened again, with another judge: nothing that the old one said is left.
    fn choose_judge(&mut self, judge: Option<ModelSource>) {
        let model = self.controls.model.clone();
        match judge {
            Some(judge) => self.controls.judges.insert(model.clone(), lasting(judge)),
            None => self.controls.judges.remove(&model),
        };
        self.session.retry(&model);
    }

    /// Says why the models are where they are from the start.
    pub fn explain_device(&mut self, chosen: ChosenDevice) {
        self.device = chosen;
    }

    /// Takes the news about where the models are. What was asked of them is asked again if they moved.
    pub fn change_device(&mut self, change: DeviceChange) {
        if change.moved {
            self.outbox = self.session.move_models();
        }
        if change.failed {
            let text = format!("{} The models run on the CPU.", change.chosen.reason);
            self.notices.say(Topic::Device, Tone::Bad, text);
        }
        self.device = change.chosen;
    }
}
