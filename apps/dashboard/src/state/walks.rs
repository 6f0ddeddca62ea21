//! What films show, frame by frame.

use datasets::ClassId;

use super::{
    conditioned::ConditionedLatent,
    controls::RANGE_SIGMAS,
    jobs,
    model::OpenModel,
    pad::PadPlane,
    scene::Scene,
    timeline::{STEPS, Stop, Timeline},
};

/// Images of a walk along a dimension, one way.
const TRAVERSAL: usize = 41;
/// Hundredths of a second that a frame of a walk there and back is seen.
const DELAY: u16 = 6;
/// Frames of a film from stop to stop of a show.
const FRAMES: usize = 20;
/// Hundredths of a second: programs that show GIF files slow shorter frames down.
const SHORTEST: f32 = 2.0;

/// What a film shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Walk {
    /// One a frame.
    pub frames: Vec<ConditionedLatent>,
    /// How long each is seen, in hundredths of a second.
    pub delay: u16,
}

/// From one anchor to the other and back.
#[must_use]
pub fn morph(scene: &Scene, open: &OpenModel) -> Walk {
    there_and_back(jobs::morph(scene, open), scene.condition)
}

/// Along the selected dimension and back.
#[must_use]
pub fn traversal(scene: &Scene, open: &OpenModel) -> Walk {
    let (latent, stats) = (&scene.latent, &open.space.statistics);
    let there = latent_space::traversal(latent, scene.selected, stats, RANGE_SIGMAS, TRAVERSAL);
    there_and_back(there, scene.condition)
}

/// The places of a sheet with so many images a side, from the lowest to the highest.
#[must_use]
pub fn pad_steps(side: usize) -> impl DoubleEndedIterator<Item = f32> {
    let last = side.saturating_sub(1).max(1) as f32;
    (0..side).map(move |step| (2.0 * step as f32 / last - 1.0) * RANGE_SIGMAS)
}

/// The plane of the pad, row after row from the highest to the lowest; nothing where the pad cannot move. It stands still.
#[must_use]
pub fn pad(scene: &Scene, open: &OpenModel) -> Walk {
    let stats = &open.space.statistics;
    let plane = scene.pad.axes(stats);
    let plane = plane.map(|axes| PadPlane::new(&axes, stats, &scene.locked));
    let side = scene.pad.side;
    let rows = pad_steps(side).rev();
    let places = rows.flat_map(|up| pad_steps(side).map(move |across| [across, up]));
    let latent = |place| plane.as_ref()?.moved(&scene.latent, place);
    let frames = places.filter_map(latent);
    Walk {
        frames: frames
            .map(|latent| ConditionedLatent::new(latent, scene.condition))
            .collect(),
        delay: DELAY,
    }
}

/// The show, at its own speed. In a loop the last frame is the one before the first.
#[must_use]
pub fn show(timeline: &Timeline, stops: &[Stop]) -> Walk {
    let last = timeline.last_step(stops.len());
    let end = if timeline.looping && last > 0 {
        last
    } else {
        last + 1
    };
    let steps = (0..end).step_by(STEPS / FRAMES);
    let frames = steps.filter_map(|step| timeline.at(stops, step));
    let delay = timeline.seconds * 100.0 / FRAMES as f32;
    Walk {
        frames: frames.map(|(drawn, _)| drawn).collect(),
        delay: delay.round().max(SHORTEST) as u16,
    }
}

fn there_and_back(there: Vec<Vec<f32>>, condition: Option<ClassId>) -> Walk {
    let back = there.iter().skip(1).rev().skip(1).cloned();
    let back: Vec<_> = back.collect();
    let latents = there.into_iter().chain(back);
    Walk {
        frames: latents
            .map(|latent| ConditionedLatent::new(latent, condition))
            .collect(),
        delay: DELAY,
    }
}

/// The different pictures of a film, and for each frame which of them it shows.
#[must_use]
pub fn distinct(frames: Vec<ConditionedLatent>) -> (Vec<ConditionedLatent>, Vec<usize>) {
    let mut pictures: Vec<ConditionedLatent> = Vec::new();
    let mut order = Vec::new();
    for frame in frames {
        let known = pictures.iter().position(|known| *known == frame);
        order.push(known.unwrap_or(pictures.len()));
        if known.is_none() {
            pictures.push(frame);
        }
    }
    (pictures, order)
}
