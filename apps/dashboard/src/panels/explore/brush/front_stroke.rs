//! The stroke that is seen: it stays on the picture until the model has answered it.

use datasets::Image;
use studio::ModelSource;

use crate::{
    panels::Context,
    state::{brush::PictureStroke, channel::Channel, scene::Start},
};

/// A stroke on the picture of the model that was in front when it began.
pub(super) struct FrontStroke {
    pub(super) model: ModelSource,
    pub(super) stroke: PictureStroke,
    /// The picture that was encoded last.
    pub(super) sent: Option<Image>,
    /// Whether nobody was told yet that it began.
    pub(super) is_new: bool,
}

impl FrontStroke {
    /// Whether nobody has to see it any more: the model has answered it, or another model is in front.
    pub(super) fn is_done(&self, context: &Context<'_>) -> bool {
        if self.model != context.controls.model {
            return true;
        }
        let is_drawn = !self.stroke.is_going_on() && !self.stroke.waits();
        is_drawn && self.is_answered(context)
    }

    /// Whether the picture in front is what the model made of it, or nothing came of it.
    fn is_answered(&self, context: &Context<'_>) -> bool {
        let frame = context.answers().frame.as_ref();
        let (Some(frame), Some(scene)) = (frame, context.controls.scene()) else {
            return false;
        };
        let of_it = match &frame.scene.start {
            Start::Image(image) => self.sent.as_ref() == Some(&image.image),
            _ => false,
        };
        let waits = context.session.pending(Channel::Encode);
        of_it || (!waits && frame.scene.looks_like(scene))
    }
}
