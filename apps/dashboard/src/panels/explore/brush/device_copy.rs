//! The picture in front, copied from the graphics device while nothing is drawn, so that a stroke can begin at once.

use datasets::Image;

use crate::{
    panels::Context,
    state::{command::WindowCommand, shown::Shown},
};

/// The last picture that was copied, and which one was asked for.
#[derive(Default)]
pub(super) struct DeviceCopy {
    /// The image of an answer.
    image: Option<(u64, Image)>,
    /// The answer whose image was asked for last.
    asked: Option<u64>,
    is_under_way: bool,
}

impl DeviceCopy {
    /// Has the picture in front copied to the host, if it is not there and no other is on its way.
    pub(super) fn ask(&mut self, context: &mut Context<'_>) {
        let Some(frame) = &context.answers().frame else {
            return;
        };
        let revision = frame.revision;
        let is_there = matches!(frame.value, Shown::Host(_)) || self.asked == Some(revision);
        if !is_there && !self.is_under_way {
            self.is_under_way = true;
            self.asked = Some(revision);
            context.send(WindowCommand::ReadPicture(revision));
        }
    }

    /// Takes the image of an answer; none came if that failed.
    pub(super) fn take(&mut self, revision: u64, image: Option<Image>) {
        self.is_under_way = false;
        self.image = image.map(|image| (revision, image));
    }

    /// The image of an answer, if it is here.
    pub(super) fn of(&self, revision: u64) -> Option<Image> {
        let (_, image) = self.image.as_ref().filter(|(of, _)| *of == revision)?;
        Some(image.clone())
    }
}
