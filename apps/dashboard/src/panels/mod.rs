//! The parts of the window. A panel is a plain state struct with a `ui` method; it changes [`Controls`] and sends
//! [`Command`]s, and never touches a tensor.

pub mod anchors;
pub mod command_palette;
mod common;
pub mod compare;
pub mod dock;
pub mod drop_target;
pub mod evaluate;
pub mod explain;
pub mod explore;
pub mod film;
pub mod help;
pub mod history;
pub mod import;
pub mod lessons;
pub mod map;
pub mod name_prompt;
pub mod notices;
pub mod opening;
pub mod path_prompt;
pub mod presenter;
pub mod status_bar;
pub mod strip;
pub mod top_bar;
pub mod tour;
pub mod train;

use datasets::ImageShape;
use studio::GeneratorPart;

use crate::state::{
    answers::Answers, command::Command, controls::Controls, device::ChosenDevice, memory::Recent,
    model::OpenModel, notebook::Notebook, scene::Scene, session::Session,
    step_pictures::StepPictures, undo::History,
};

/// What every panel may see and change.
pub struct Context<'a> {
    /// What the person sets.
    pub controls: &'a mut Controls,
    /// What came back.
    pub session: &'a Session,
    /// The device in use, in words.
    pub device: &'a ChosenDevice,
    /// What undo would take back, in words; `None` where there is nothing.
    pub undo: Option<String>,
    /// What redo would bring again.
    pub redo: Option<String>,
    /// What was opened last.
    pub recent: &'a Recent,
    /// Where to put what cannot be done by setting a control.
    pub commands: &'a mut Vec<Command>,
    /// What the person said about dimensions.
    pub notebook: &'a Notebook,
    /// The steps that undo goes through.
    pub history: &'a History,
    /// Their pictures.
    pub step_pictures: &'a StepPictures,
}

impl Context<'_> {
    /// Asks the app to do something after this pass.
    pub fn send(&mut self, command: impl Into<Command>) {
        self.commands.push(command.into());
    }

    /// The last good answers of the model in front.
    #[must_use]
    pub fn answers(&self) -> &Answers {
        self.session.answers(&self.controls.model)
    }
}

/// The shape of the images of the model in front, once it is open.
#[must_use]
pub fn shape(context: &Context<'_>) -> Option<ImageShape> {
    let open = context.session.open(&context.controls.model);
    open.map(OpenModel::shape)
}

/// The open model in front, what makes its images, and what is set for it.
pub struct Open<'a> {
    /// What it is.
    pub model: &'a OpenModel,
    /// What makes its images.
    pub generator: &'a GeneratorPart,
    /// The last good answers.
    pub answers: &'a Answers,
    /// What is set.
    pub scene: &'a mut Scene,
}

/// Splits the context into what a space shows. `None` until the model in front is open.
pub fn open<'a>(controls: &'a mut Controls, session: &'a Session) -> Option<Open<'a>> {
    let model = session.open(&controls.model)?;
    let generator = model.manifest.generator.as_ref()?;
    let answers = session.answers(&controls.model);
    let scene = controls.scene_mut()?;
    Some(Open {
        model,
        generator,
        answers,
        scene,
    })
}
