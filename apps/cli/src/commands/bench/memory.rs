//! Memory of the process with several models open, as in a window that has shown them all.

use std::collections::BTreeSet;

use datasets::ClassId;
use studio::{FrameRequest, ModelSource, ShippedModel, Studio};

use super::{Bench, figure::Figure, machine};

/// The shipped models, and the one that is measured if it is another.
pub fn measure(bench: &Bench<'_>) -> anyhow::Result<Vec<Figure>> {
    let mut sources: BTreeSet<ModelSource> =
        ShippedModel::all().map(ModelSource::Shipped).collect();
    sources.insert(bench.args.model.clone());
    let mut studios = Vec::new();
    for source in &sources {
        bench.check()?;
        tell!("memory: opening {}", source.short_name());
        let studio = Studio::open(source, &bench.chosen.device)?;
        // What is made on the first use counts, too.
        let anchor = studio.generator_part().latent.regions.anchor(ClassId(0));
        studio.frame(&FrameRequest {
            sampler: studio.manifest().usual_sampler(),
            ..FrameRequest::new(anchor)
        })?;
        studios.push(studio);
    }
    let Some(resident) = machine::resident_mb() else {
        tell!("note: this system does not tell how much memory a process uses; left out");
        return Ok(Vec::new());
    };
    Ok(vec![Figure::single(
        "memory.models_open_mb",
        resident,
        "MB",
        studios.len(),
    )])
}
