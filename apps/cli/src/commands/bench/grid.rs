//! Many images at once, decoded and classified: what anchor grids, traversals and sheets cost as they grow.

use std::time::{Duration, Instant};

use datasets::Seed;
use studio::{GalleryRequest, Studio};

use super::{Bench, figure::Figure};
use crate::progress::{Progress, Unit};

/// Sizes of the grids, in images; 352 is a sheet of 32 dimensions in 11 steps.
const SIZES: [usize; 7] = [1, 4, 16, 64, 256, 352, 1_024];

/// Each size is drawn until it took this long, but within these counts.
const PATIENCE: Duration = Duration::from_secs(2);
const COUNTS: (usize, usize) = (5, 200);

pub fn measure(bench: &Bench<'_>) -> anyhow::Result<Vec<Figure>> {
    let studio = Studio::open(&bench.args.model, &bench.chosen.device)?;
    let largest = bench.args.images as usize;
    let sizes: Vec<usize> = SIZES.into_iter().filter(|&size| size <= largest).collect();
    let mut progress = Progress::new("grid", Unit::Items);
    let mut figures = Vec::new();
    for (done, &size) in sizes.iter().enumerate() {
        progress.set(done as u64, sizes.len() as u64, &format!("{size} images"));
        let mut latents = studio
            .generator_part()
            .latent
            .regions
            .sample_all(size, Seed(0));
        latents.truncate(size);
        let request = GalleryRequest::new(latents);
        studio.gallery(&request)?;
        let times = times(bench, &studio, &request)?;
        figures.extend(Figure::of_times(&format!("grid.{size}"), &times));
    }
    Ok(figures)
}

fn times(
    bench: &Bench<'_>,
    studio: &Studio,
    request: &GalleryRequest,
) -> anyhow::Result<Vec<Duration>> {
    let (fewest, most) = COUNTS;
    let begin = Instant::now();
    let mut times = Vec::new();
    while times.len() < fewest || (times.len() < most && begin.elapsed() < PATIENCE) {
        bench.check()?;
        let start = Instant::now();
        studio.gallery(request)?;
        times.push(start.elapsed());
    }
    Ok(times)
}
