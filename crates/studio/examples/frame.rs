//! A latent becomes an image, an independent network's opinion of it, and the evidence for that opinion.
//!
//! `cargo run --release --example frame [MODEL]`, where `MODEL` is the name of a shipped model or the folder of one.

use std::{env, error::Error, ffi::OsString};

use studio::burn::tensor::Device;
use studio::{FrameRequest, ModelSource, Studio};

fn main() -> Result<(), Box<dyn Error>> {
    let model = env::args_os().nth(1).unwrap_or(OsString::from("mnist"));
    let studio = Studio::open(&ModelSource::named(&model)?, &Device::flex())?;
    let latent = vec![0.0; studio.generator_part().latent.dims()];
    let frame = studio.frame(&FrameRequest::new(latent))?;
    println!("an image of {}", frame.image.shape());
    if let Some(verdict) = frame.verdict {
        let class = studio.manifest().class_name(verdict.prediction.class);
        println!("{class}: {:.1} %", 100.0 * verdict.prediction.confidence);
        println!("evidence: {:?}", verdict.predicted_map.evidence());
    }
    Ok(())
}
