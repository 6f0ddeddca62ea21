//! One image: decoded, classified, and explained for all classes at the last stage.

use std::time::{Duration, Instant};

use datasets::Seed;
use studio::{FrameRequest, Studio};

use super::{Bench, figure::Figure};
use crate::progress::{Progress, Unit};

/// Frames before the clock starts: memory is taken and caches are filled.
const WARM_UP: usize = 20;

/// The stages of a frame and the whole. The whole is what a caller of [`Studio::frame`] waits for.
///
/// At the last stage the studio computes the heatmaps of all classes, by one matrix product, whichever are shown.
pub fn measure(bench: &Bench<'_>) -> anyhow::Result<Vec<Figure>> {
    let studio = Studio::open(&bench.args.model, &bench.chosen.device)?;
    let frames = bench.args.frames as usize;
    // Latents as people meet them: around every class.
    let latents = studio
        .generator_part()
        .latent
        .regions
        .sample_all(frames.min(1_000), Seed(0));
    let mut times = [const { Vec::new() }; 4];
    let mut progress = Progress::new("frame", Unit::Items);
    for (i, latent) in latents.iter().cycle().take(WARM_UP + frames).enumerate() {
        bench.check()?;
        let request = request(&studio, latent);
        let start = Instant::now();
        let stages = studio.frame(&request)?.timings;
        let total = start.elapsed();
        let Some(done) = i.checked_sub(WARM_UP) else {
            continue;
        };
        let of_frame = [stages.decode, stages.classify, stages.explain, total];
        for (times, time) in times.iter_mut().zip(of_frame) {
            times.push(time);
        }
        progress.set(done as u64 + 1, frames as u64, "");
    }
    drop(progress);
    let live = if bench.chosen.is_gpu {
        live(bench, &studio, &latents)?
    } else {
        Vec::new()
    };
    let names = ["decode", "classify", "explain", "total", "live"];
    let figures = names.iter().zip(times.iter().chain([&live]));
    Ok(figures
        .filter_map(|(name, times)| Figure::of_times(&format!("frame.{name}"), times))
        .collect())
}

/// A frame as the model usually draws it.
fn request(studio: &Studio, latent: &[f32]) -> FrameRequest {
    FrameRequest {
        sampler: studio.manifest().usual_sampler(),
        ..FrameRequest::new(latent.to_vec())
    }
}

/// Frames whose pictures stay on the graphics adapter, as the window asks for them there: until the verdict is known, and
/// the picture can be painted.
fn live(bench: &Bench<'_>, studio: &Studio, latents: &[Vec<f32>]) -> anyhow::Result<Vec<Duration>> {
    let frames = bench.args.frames as usize;
    let mut progress = Progress::new("live frame", Unit::Items);
    let mut times = Vec::new();
    for (i, latent) in latents.iter().cycle().take(WARM_UP + frames).enumerate() {
        bench.check()?;
        let time = studio.live_frame(&request(studio, latent))?.elapsed;
        if let Some(done) = i.checked_sub(WARM_UP) {
            times.push(time);
            progress.set(done as u64 + 1, frames as u64, "");
        }
    }
    Ok(times)
}
