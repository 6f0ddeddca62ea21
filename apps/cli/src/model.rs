//! A model opened on the chosen device, and the check that earns a GPU its trust.

use anyhow::{Context as _, bail};
use datasets::ClassId;
use studio::{FrameRequest, Manifest, ModelSource, Studio};

use crate::device::{self, Chosen, DeviceChoice};

/// Largest difference of a pixel or probability between devices that is only rounding. Both lie in `[0, 1]`; kernels
/// that add up in another order differ by about 1e-6 here, wrong ones by 1e-1.
pub const PARITY_TOLERANCE: f32 = 1e-3;

/// A model and where it computes.
pub struct Opened {
    /// The model.
    pub studio: Studio,
    /// The device, and why this one.
    pub chosen: Chosen,
}

/// The largest differences between two devices over the same requests.
#[derive(Clone, Copy, Debug)]
pub struct Parity {
    /// Of a pixel in `[0, 1]`.
    pub pixel: f32,
    /// Of a probability.
    pub probability: f32,
}

impl Parity {
    /// Whether the devices agree up to rounding.
    pub fn holds(self) -> bool {
        // Written so that NaN fails.
        self.pixel <= PARITY_TOLERANCE && self.probability <= PARITY_TOLERANCE
    }
}

/// Opens a model on the device that `choice` gives. A GPU that `auto` picked must draw what the CPU draws, else the
/// CPU is used and a line on standard error says so.
///
/// # Errors
///
/// If the model is damaged, or a GPU was asked for and there is none.
pub fn open(source: &ModelSource, choice: DeviceChoice) -> anyhow::Result<Opened> {
    let chosen = device::open(choice)?;
    let studio = Studio::open(source, &chosen.device)?;
    if choice != DeviceChoice::Auto || !chosen.is_gpu {
        return Ok(Opened { studio, chosen });
    }
    let fallback = Chosen::cpu(format!("{} failed the self-check", chosen.label));
    let on_cpu = Studio::open(source, &fallback.device)?;
    let distrust = match parity(&studio, &on_cpu) {
        Ok(parity) if parity.holds() => return Ok(Opened { studio, chosen }),
        Ok(parity) => format!(
            "its pixels differ by up to {:.1e} and its probabilities by up to {:.1e} from the CPU's",
            parity.pixel, parity.probability
        ),
        Err(error) => format!("it failed: {error}"),
    };
    eprintln!("note: {} is not used, {distrust}; computing on the CPU", chosen.label);
    Ok(Opened {
        studio: on_cpu,
        chosen: fallback,
    })
}

/// Draws the same latents with both and compares.
///
/// # Errors
///
/// If either fails to draw.
pub fn parity(one: &Studio, other: &Studio) -> anyhow::Result<Parity> {
    let mut worst = Parity {
        pixel: 0.0,
        probability: 0.0,
    };
    for latent in probes(one.manifest())? {
        let request = FrameRequest {
            latent,
            target: None,
            layer: classifier::Stage::Stage4,
        };
        let (a, b) = (one.frame(&request)?, other.frame(&request)?);
        worst.pixel = worst.pixel.max(difference(&a.image, &b.image));
        let (a, b) = (&a.prediction.probabilities, &b.prediction.probabilities);
        worst.probability = worst.probability.max(difference(a, b));
    }
    Ok(worst)
}

/// The anchor of each class: latents that matter, and that any model with a VAE has.
fn probes(manifest: &Manifest) -> anyhow::Result<Vec<Vec<f32>>> {
    let regions = &vae_part(manifest)?.regions;
    Ok(class_ids(regions.classes()).map(|class| regions.anchor(class)).collect())
}

/// The largest absolute difference; infinite if a value is NaN or the lengths differ.
fn difference(a: &[f32], b: &[f32]) -> f32 {
    if a.len() != b.len() {
        return f32::INFINITY;
    }
    let differences = a.iter().zip(b).map(|(a, b)| (a - b).abs());
    differences.fold(0.0, |worst, d| if d.is_nan() { f32::INFINITY } else { worst.max(d) })
}

/// The VAE's part of a manifest.
///
/// # Errors
///
/// If the model has no VAE yet.
pub fn vae_part(manifest: &Manifest) -> anyhow::Result<&studio::VaePart> {
    manifest.vae.as_ref().context(
        "the model has no VAE yet: train one with `latent-lens train vae --out` and the model's folder",
    )
}

/// The class numbers `0..count`.
pub fn class_ids(count: usize) -> impl Iterator<Item = ClassId> {
    (0..count).map_while(|index| u8::try_from(index).ok()).map(ClassId)
}

/// The class that `text` names, by number or by name in capital or small letters.
///
/// # Errors
///
/// If the model has no such class; the message lists those that it has.
pub fn class_named(manifest: &Manifest, text: &str) -> anyhow::Result<ClassId> {
    let names = &manifest.class_names;
    let by_name = names.iter().position(|name| name.eq_ignore_ascii_case(text));
    let by_number = || text.parse::<usize>().ok().filter(|&number| number < names.len());
    let Some(index) = by_name.or_else(by_number) else {
        let known = names.iter().enumerate().map(|(index, name)| {
            let number = index.to_string();
            if *name == number { number } else { format!("{number} ({name})") }
        });
        bail!(
            "the model has no class `{text}`: choose one of {}",
            known.collect::<Vec<_>>().join(", ")
        );
    };
    Ok(ClassId(u8::try_from(index).context("a class number above 255")?))
}

#[cfg(test)]
mod tests {
    use super::{Parity, difference};

    #[test]
    fn nan_is_never_agreement() {
        assert!(difference(&[0.0, f32::NAN], &[0.0, 0.5]).is_infinite());
        assert!(difference(&[0.0], &[0.0, 0.0]).is_infinite());
        let parity = Parity {
            pixel: f32::NAN,
            probability: 0.0,
        };
        assert!(!parity.holds());
    }
}
