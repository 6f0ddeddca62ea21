//! The latents of films, frame by frame.

use latent_space::LatentSpace;

use super::{
    controls::RANGE_SIGMAS,
    jobs,
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

/// The latents of a film.
#[derive(Clone, Debug, PartialEq)]
pub struct Walk {
    /// One a frame.
    pub latents: Vec<Vec<f32>>,
    /// How long each is seen, in hundredths of a second.
    pub delay: u16,
}

/// From one anchor to the other and back.
#[must_use]
pub fn morph(scene: &Scene, space: &LatentSpace) -> Walk {
    there_and_back(jobs::morph(scene, &space.regions))
}

/// Along the selected dimension and back.
#[must_use]
pub fn traversal(scene: &Scene, space: &LatentSpace) -> Walk {
    let (latent, stats) = (&scene.latent, &space.statistics);
    there_and_back(latent_space::traversal(
        latent,
        scene.selected,
        stats,
        RANGE_SIGMAS,
        TRAVERSAL,
    ))
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
    let latents = steps.filter_map(|step| timeline.at(stops, step));
    let delay = timeline.seconds * 100.0 / FRAMES as f32;
    Walk {
        latents: latents.map(|(latent, _)| latent).collect(),
        delay: delay.round().max(SHORTEST) as u16,
    }
}

fn there_and_back(there: Vec<Vec<f32>>) -> Walk {
    let back = there.iter().skip(1).rev().skip(1).cloned();
    let back: Vec<_> = back.collect();
    Walk {
        latents: there.into_iter().chain(back).collect(),
        delay: DELAY,
    }
}

/// The different latents of a walk, and for each frame which of them it shows.
#[must_use]
pub fn distinct(walk: Vec<Vec<f32>>) -> (Vec<Vec<f32>>, Vec<usize>) {
    let mut latents: Vec<Vec<f32>> = Vec::new();
    let mut order = Vec::new();
    for latent in walk {
        let known = latents.iter().position(|known| *known == latent);
        order.push(known.unwrap_or(latents.len()));
        if known.is_none() {
            latents.push(latent);
        }
    }
    (latents, order)
}
