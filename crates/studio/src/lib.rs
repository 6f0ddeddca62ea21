//! The one place where the models meet: a bundle on disk becomes a [`Studio`], a [`FrameRequest`] becomes a [`Frame`].
//!
//! The VAE, the classifier and the explanations do not know each other; this crate composes them. It has no window and
//! chooses no device, so it is what other programs embed:
//!
//! ```no_run
//! use studio::{FrameRequest, ModelSource, Studio};
//!
//! # fn main() -> Result<(), studio::StudioError> {
//! let device = studio::burn::tensor::Device::flex();
//! let studio = Studio::open(&"mnist".parse::<ModelSource>()?, &device)?;
//! let frame = studio.frame(&FrameRequest::new(vec![0.0; 32]))?;
//! if let Some(verdict) = frame.verdict {
//!     println!("{}", studio.manifest().class_name(verdict.prediction.class));
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A window must not wait for a model: [`Worker`] owns the studios on a thread of its own, where the newest request wins.
//!
//! This crate is the door to the others: [`burn`], [`datasets`] and whatever else its signatures name are here under their own names,
//! so one dependency is enough and Burn is the one that this crate was built with.
//!
//! | feature, all on by default | what it brings |
//! |---|---|
//! | `wgpu` | models on graphics cards, and with it wgpu and `CubeCL`: most of the build |
//! | `train` | training runs that end in a bundle |
//! | `fetch` | downloads of the known data sets, and with it TLS |
//! | `shipped-models` | the seven models that are part of the program, 34 MB |

mod anchoring;
mod arrays;
mod bundle;
mod bundle_files;
mod cause;
mod conditions;
mod counterfactual;
mod error;
mod explanation;
mod family;
mod folder;
mod generator;
mod judge;
mod live;
mod manifest;
mod model_worker;
mod nearest;
mod networks;
mod parity;
mod refining;
mod report;
mod request;
mod salvage;
mod sampler;
mod samples;
mod shipped;
mod source;
mod studio;
mod survey;
#[cfg(feature = "train")]
mod train;
mod tsne;
mod weights;

// What the signatures of this crate name.
pub use {
    burn, classifier, datasets, explain, flow, gan, latent_space, training, vae_core, worker,
};

pub use anchoring::Anchoring;
pub use bundle::{Bundle, sample_of, write_merged_report, write_report};
pub use bundle_files::{FileRecord, FileRole, MANIFEST};
pub use cause::Cause;
pub use classifier::{LAST_LAYER, Prediction};
pub use conditions::Conditions;
pub use counterfactual::{Counterfactual, CounterfactualRequest, way_to_class};
pub use error::{StudioError, error_texts};
pub use explain::{Evidence, Heatmap, Method};
pub use explanation::{Explained, map_size, raw_maps};
pub use family::Family;
pub use gan::SearchProgress;
pub use generator::{Diffusion, Generator};
pub use judge::{Judge, take_judges};
pub use latent_space::LatentSpace;
pub use live::{LiveFrame, LiveMap, LiveVerdict};
pub use manifest::{
    Architecture, ClassifierPart, DiffusionArchitecture, FORMAT_VERSION, GanArchitecture,
    GeneratorPart, Manifest, TrainingRecord, VaeArchitecture,
};
pub use model_worker::{Job, Opened, Published, Reply, Request, Worker};
pub use nearest::{Nearest, NearestRequest, NearestTo, Neighbour, Neighbours};
pub use parity::{Parity, compare, median_frame, median_live_frame};
pub use refining::RefinerPart;
pub use report::{
    ACTIVE_UNITS, Detail, FaithfulnessCurves, Figure, KL_PER_DIMENSION, ReliabilityBin, Report,
    SweepPoint,
};
pub use request::{
    Effects, EffectsRequest, EncodeManyRequest, EncodeRequest, Encoded, Frame, FrameRequest,
    Gallery, GalleryRequest, PathRequest, RealismRequest, Realistic, ReconstructRequest,
    Reconstruction, Timings, Verdict,
};
pub use sampler::{MOST_FLOW_STEPS, MOST_GUIDANCE, Sampler};
pub use samples::{ClassSample, SampleRequest, Samples, Turns};
pub use shipped::ShippedModel;
pub use source::ModelSource;
pub use studio::{Studio, detail_seed, finite};
pub use survey::{Survey, SurveyRequest};
#[cfg(feature = "train")]
pub use train::{
    SNAPSHOT_MAPPED, SNAPSHOT_ORIGINALS, SNAPSHOT_SAMPLES, Snapshot, Snapshots, TrainingRun,
    fit_regions, train_classifier, train_diffusion, train_gan, train_refiner, train_second_judge,
    train_vae,
};
pub use tsne::{Tsne, TsneSettings, tsne};
