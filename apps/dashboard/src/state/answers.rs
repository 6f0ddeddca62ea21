//! The last good answers about one model, each with the scene that it was asked for.

use classifier::Prediction;
use datasets::{ClassId, Image};
use studio::{
    Conditions, Counterfactual, Effects, Gallery, Nearest, Realistic, Reply, Request, Survey,
};

use super::{
    channel::{Channel, Job},
    scene::Scene,
    shown::Shown,
};

/// An answer with what it was asked for.
#[derive(Clone, Debug)]
pub struct Answer<T> {
    /// The scene as it was when the question was asked.
    pub scene: Scene,
    /// What came back.
    pub value: T,
    /// Counts up with each answer: whoever keeps a picture of one compares it.
    pub revision: u64,
}

/// The last good answers of one model.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// Image, prediction and heatmaps.
    pub frame: Option<Answer<Shown>>,
    /// The traversal of the selected dimension.
    pub strip: Option<Answer<Gallery>>,
    /// The latent as each of some classes.
    pub classes: Option<Answer<ClassGallery>>,
    /// The way from noise to the image.
    pub path: Option<Answer<Gallery>>,
    /// The grid of samples.
    pub grid: Option<Answer<Gallery>>,
    /// The walk between two anchors.
    pub morph: Option<Answer<Gallery>>,
    /// What each dimension changes.
    pub effects: Option<Answer<Effects>>,
    /// The pictures of the bookmarks.
    pub thumbnails: Option<Answer<Gallery>>,
    /// The walk to another class.
    pub counterfactual: Option<Answer<Counterfactual>>,
    /// How usual the latent is.
    pub realism: Option<Answer<Realistic>>,
    /// What the judge says of a picture in the import card.
    pub judged: Option<Answer<JudgedImage>>,
    /// Where the images of the sample lie, for the map.
    pub encoded: Option<Answer<Vec<Vec<f32>>>>,
    /// The pictures of a map that was drawn from the class regions.
    pub drawn: Option<Answer<Gallery>>,
    /// The mean of a group of points of the map.
    pub group: Option<Answer<Gallery>>,
    /// What is known of each point of the map.
    pub survey: Option<Answer<Survey>>,
    /// The images of the sample that are most like the image in front.
    pub nearest: Option<Answer<Nearest>>,
}

/// One latent as each of some classes.
#[derive(Clone, Debug)]
pub struct ClassGallery {
    /// The classes.
    pub classes: Vec<Option<ClassId>>,
    /// An image a class.
    pub gallery: Gallery,
}

/// An image as it is, and what the judge says of it; nothing if nobody judges.
#[derive(Clone, Debug)]
pub struct JudgedImage {
    /// The image.
    pub image: Image,
    /// What the judge says.
    pub prediction: Option<Prediction>,
}

/// What the judge says of the images of a gallery; `None` where nobody judges.
#[must_use]
pub fn judged(gallery: &Gallery) -> Option<&[Prediction]> {
    Some(gallery.predictions.as_slice()).filter(|predictions| !predictions.is_empty())
}

impl Answers {
    /// Keeps an answer in place of the last one of its kind; false if nothing here is of this kind.
    pub(super) fn put(&mut self, job: &Job, scene: Scene, reply: Reply, revision: u64) -> bool {
        match reply {
            Reply::Frame(frame) => {
                self.frame = Some(Answer::new(scene, Shown::Host(Box::new(frame)), revision));
            }
            Reply::LiveFrame(frame) => {
                self.frame = Some(Answer::new(scene, Shown::Live(frame), revision));
            }
            Reply::Effects(value) => self.effects = Some(Answer::new(scene, value, revision)),
            Reply::EncodedMany(value) => self.encoded = Some(Answer::new(scene, value, revision)),
            Reply::Survey(value) => self.survey = Some(Answer::new(scene, value, revision)),
            Reply::Nearest(value) => self.nearest = Some(Answer::new(scene, value, revision)),
            Reply::Counterfactual(value) => {
                self.counterfactual = Some(Answer::new(scene, value, revision));
            }
            Reply::Realism(value) => {
                self.realism = value.map(|value| Answer::new(scene, value, revision));
            }
            Reply::Judged(prediction) => {
                let Request::Judge(image) = &job.request else {
                    return false;
                };
                let image = image.clone();
                let value = JudgedImage { image, prediction };
                self.judged = Some(Answer::new(scene, value, revision));
            }
            Reply::Gallery(gallery) if job.channel == Channel::Classes => {
                let classes = classes_of(job, gallery.images.len());
                let value = ClassGallery { classes, gallery };
                self.classes = Some(Answer::new(scene, value, revision));
            }
            Reply::Gallery(value) => {
                let Some(slot) = self.gallery(job.channel) else {
                    return false;
                };
                *slot = Some(Answer::new(scene, value, revision));
            }
            Reply::Encoded(_)
            | Reply::Opened(_)
            | Reply::Reconstructed(_)
            | Reply::ReconstructedMany(_)
            | Reply::Samples(_)
            | Reply::Closed => return false,
        }
        true
    }

    fn gallery(&mut self, channel: Channel) -> Option<&mut Option<Answer<Gallery>>> {
        match channel {
            Channel::Strip => Some(&mut self.strip),
            Channel::Path => Some(&mut self.path),
            Channel::Grid => Some(&mut self.grid),
            Channel::Morph => Some(&mut self.morph),
            Channel::Thumbnails => Some(&mut self.thumbnails),
            Channel::Map => Some(&mut self.drawn),
            Channel::Group => Some(&mut self.group),
            _ => None,
        }
    }
}

/// The class of each image that a job asked for.
fn classes_of(job: &Job, count: usize) -> Vec<Option<ClassId>> {
    let conditions = match &job.request {
        Request::Gallery(request) => request.conditions.clone(),
        _ => Conditions::default(),
    };
    conditions.of_each(count).unwrap_or_default()
}

impl<T> Answer<T> {
    fn new(scene: Scene, value: T, revision: u64) -> Self {
        Self {
            scene,
            value,
            revision,
        }
    }
}
