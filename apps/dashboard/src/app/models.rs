//! Which model is in front, and where the models run.

use studio::ModelSource;

use super::App;
use crate::{
    panels::path_prompt::PathPrompt,
    state::{
        command::{ModelCommand, Purpose},
        device::{ChosenDevice, DeviceChange},
        notices::{Tone, Topic},
        sources::lasting,
    },
};

impl App {
    pub(super) fn model_command(&mut self, command: ModelCommand) {
        match command {
            ModelCommand::Open(model) => self.controls.model = lasting(model),
            ModelCommand::Retry => self.session.retry(&self.controls.model),
            ModelCommand::Judge(judge) => self.choose_judge(judge),
            ModelCommand::AskForFolder => {
                let prompt = PathPrompt::new(Purpose::OpenModel, String::new());
                self.dialogs.path = Some(prompt);
            }
        }
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
