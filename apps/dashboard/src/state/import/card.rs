//! The picture in the import card, what the person decided about it, and what comes of that.
//!
//! Making a picture ready takes a thread some tens of milliseconds. At most one thread is at it: whatever is decided meanwhile is asked
//! for when it is done, so the card follows a drag and no queue forms.

use std::sync::Arc;

use classifier::Prediction;
use datasets::{Adjustments, Image, ImageShape, Preparation, Prepared, Region};
use eframe::egui::ColorImage;
use image::DynamicImage;

/// How a picture becomes an image of the model in front, and of which shape.
pub type Wanted = (Preparation, ImageShape);

/// A picture as it was turned, whole and in a size for the screen.
#[derive(Clone, Debug)]
pub struct Turned {
    /// Of which turn.
    pub quarter_turns: u8,
    /// Of which tilt, in degrees.
    pub tilt: f32,
    /// All of it.
    pub picture: Arc<DynamicImage>,
    /// What the screen shows.
    pub view: Arc<ColorImage>,
}

impl Turned {
    /// Whether these adjustments turn it so.
    #[must_use]
    pub fn is_of(&self, adjustments: &Adjustments) -> bool {
        self.quarter_turns == adjustments.quarter_turns
            && self.tilt.to_bits() == adjustments.tilt.to_bits()
    }

    /// Width and height in pixels.
    #[must_use]
    pub fn size(&self) -> [u32; 2] {
        [self.picture.width(), self.picture.height()]
    }

    /// All of it.
    #[must_use]
    pub fn whole(&self) -> Region {
        Region::whole(self.picture.width(), self.picture.height())
    }
}

/// What a thread is asked: to make a picture ready.
#[derive(Clone, Debug)]
pub struct Question {
    /// The number of the picture in the tray.
    pub number: u64,
    /// The picture as it came.
    pub picture: Arc<DynamicImage>,
    /// As it was turned last.
    pub turned: Option<Turned>,
    /// What the person decided.
    pub adjustments: Adjustments,
    /// What the model takes.
    pub wanted: Wanted,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The number of the picture in the tray.
    pub number: u64,
    /// The picture, turned.
    pub turned: Turned,
    /// What the person had decided.
    pub adjustments: Adjustments,
    /// What the model takes.
    pub wanted: Wanted,
    /// The image, or why there is none.
    pub prepared: Result<Prepared, String>,
}

/// The newest answer.
#[derive(Clone, Debug)]
pub struct MadeReady {
    /// The adjustments that it is of.
    pub adjustments: Adjustments,
    /// The model that it is for.
    wanted: Wanted,
    /// The image, or why there is none.
    pub prepared: Result<Prepared, String>,
}

/// A picture in the card.
#[derive(Clone, Debug)]
pub struct Card {
    /// The number of the picture in the tray.
    pub number: u64,
    /// What to call it.
    pub name: String,
    /// What the person decided about it.
    pub adjustments: Adjustments,
    /// The judge's opinion of the newest image that it has one of.
    pub prediction: Option<Prediction>,
    /// Whether the person wants to use it, and only waits for it to be made ready.
    pub to_be_used: bool,
    picture: Arc<DynamicImage>,
    turned: Option<Turned>,
    ready: Option<MadeReady>,
    /// What a thread is asked at the moment.
    asked: Option<(Adjustments, Wanted)>,
}

impl Card {
    /// A picture that was read.
    #[must_use]
    pub fn new(number: u64, name: String, adjustments: Adjustments, picture: DynamicImage) -> Self {
        Self {
            number,
            name,
            adjustments,
            prediction: None,
            to_be_used: false,
            picture: Arc::new(picture),
            turned: None,
            ready: None,
            asked: None,
        }
    }

    /// The picture as it was turned last.
    #[must_use]
    pub fn turned(&self) -> Option<&Turned> {
        self.turned.as_ref()
    }

    /// The newest image, or why there is none, of whichever adjustments.
    #[must_use]
    pub fn ready(&self) -> Option<&MadeReady> {
        self.ready.as_ref()
    }

    /// The newest image.
    #[must_use]
    pub fn image(&self) -> Option<&Image> {
        Some(&self.ready.as_ref()?.prepared.as_ref().ok()?.image)
    }

    /// The objects that can be told apart in the picture as it is turned and cropped now.
    #[must_use]
    pub fn objects(&self) -> &[Region] {
        let prepared = self.ready.as_ref().map(|ready| ready.prepared.as_ref());
        match prepared {
            Some(Ok(prepared)) => &prepared.objects,
            _ => &[],
        }
    }

    /// The part that counts: the crop, or all of the picture.
    #[must_use]
    pub fn crop(&self) -> Option<Region> {
        let whole = self.turned.as_ref()?.whole();
        let crop = self.adjustments.crop;
        let crop = crop.and_then(|crop| crop.within(whole.width, whole.height));
        Some(crop.unwrap_or(whole))
    }

    /// Whether the newest image is of what the person decided and of what the model takes.
    #[must_use]
    pub fn is_fresh(&self, wanted: Wanted) -> bool {
        let ready = self.ready.as_ref();
        ready.is_some_and(|ready| ready.adjustments == self.adjustments && ready.wanted == wanted)
    }

    /// What a thread has to be asked now, if there is anything.
    pub fn ask(&mut self, wanted: Wanted) -> Option<Question> {
        if self.asked.is_some() || self.is_fresh(wanted) {
            return None;
        }
        self.asked = Some((self.adjustments, wanted));
        Some(Question {
            number: self.number,
            picture: Arc::clone(&self.picture),
            turned: self.turned.clone(),
            adjustments: self.adjustments,
            wanted,
        })
    }

    /// Takes an answer. One about another picture says nothing here.
    pub fn receive(&mut self, answer: Answer) {
        if answer.number != self.number {
            return;
        }
        self.asked = None;
        self.turned = Some(answer.turned);
        self.ready = Some(MadeReady {
            adjustments: answer.adjustments,
            wanted: answer.wanted,
            prepared: answer.prepared,
        });
    }

    /// Keeps a message in place of the answer, if the thread that was asked broke down.
    pub fn give_up(&mut self, message: &str) {
        if let Some((adjustments, wanted)) = self.asked.take() {
            self.ready = Some(MadeReady {
                adjustments,
                wanted,
                prepared: Err(message.to_owned()),
            });
        }
    }

    /// Forgets which object was chosen: after any other change there may be others.
    pub fn forget_object(&mut self) {
        self.adjustments.object = None;
    }

    /// Turns the picture by quarters clockwise, and the crop with it.
    pub fn turn(&mut self, quarters: u8) {
        for _ in 0..quarters % 4 {
            if let (Some(crop), Some(turned)) = (self.adjustments.crop, &self.turned) {
                // After an odd number of turns since the picture was turned last, its sides are exchanged.
                let odd = (self.adjustments.quarter_turns + turned.quarter_turns) % 2 == 1;
                let [width, height] = turned.size();
                let height = if odd { width } else { height };
                self.adjustments.crop = Some(Region {
                    left: height.saturating_sub(crop.top + crop.height),
                    top: crop.left,
                    width: crop.height,
                    height: crop.width,
                });
            }
            self.adjustments.quarter_turns = (self.adjustments.quarter_turns + 1) % 4;
        }
        self.forget_object();
    }
}
