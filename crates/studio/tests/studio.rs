//! Tests of the studio through its public interface, on a bundle with small networks.

#[path = "studio/bundles.rs"]
mod bundles;
#[path = "studio/comparing.rs"]
mod comparing;
#[path = "studio/conditional.rs"]
mod conditional;
#[path = "studio/counterfactuals.rs"]
mod counterfactuals;
#[path = "studio/diffusion.rs"]
mod diffusion;
#[path = "studio/errors.rs"]
mod errors;
#[path = "studio/formats.rs"]
mod formats;
#[path = "studio/frames.rs"]
mod frames;
#[path = "studio/gan.rs"]
mod gan;
#[path = "studio/joint.rs"]
mod joint;
#[path = "studio/judges.rs"]
mod judges;
#[path = "studio/layouts.rs"]
mod layouts;
#[path = "studio/live.rs"]
mod live;
#[path = "studio/methods.rs"]
mod methods;
#[path = "studio/numbers.rs"]
mod numbers;
#[path = "studio/points.rs"]
mod points;
#[path = "studio/reconstructions.rs"]
mod reconstructions;
#[path = "studio/refined.rs"]
mod refined;
#[path = "studio/replacing.rs"]
mod replacing;
#[path = "studio/reports.rs"]
mod reports;
#[path = "studio/samples.rs"]
mod samples;
#[path = "studio/saving.rs"]
mod saving;
#[path = "studio/snapshots.rs"]
mod snapshots;
#[path = "studio/sources.rs"]
mod sources;
#[path = "studio/support.rs"]
mod support;
#[path = "studio/training_runs.rs"]
mod training_runs;
#[path = "studio/workers.rs"]
mod workers;
