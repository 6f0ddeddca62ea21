//! A model opened on the chosen device, and the check that earns a GPU its trust.

use anyhow::{Context as _, bail, ensure};
use clap::builder::{OsStringValueParser, TypedValueParser};
use datasets::ClassId;
use studio::{Manifest, ModelSource, Parity, Studio};

use crate::device::{self, Chosen, DeviceChoice};

/// Reads the name of a model or the path of its folder, which need not be Unicode.
pub fn parser() -> impl TypedValueParser<Value = ModelSource> {
    OsStringValueParser::new().try_map(|name| ModelSource::named(&name))
}

/// Latents that a GPU has to draw as the CPU does.
pub const PROBES: usize = 8;

/// A model and where it computes.
pub struct Opened {
    /// The model.
    pub studio: Studio,
    /// The device, and why this one.
    pub chosen: Chosen,
}

/// Opens a model on the device that `choice` gives, judged by the classifier of `judge` if one is chosen. A GPU that `auto` picked must draw what the CPU draws, else the
/// CPU is used and a line on standard error says so.
///
/// # Errors
///
/// If the model is damaged, the judge does not fit it, or a GPU was asked for and there is none.
pub fn open(
    source: &ModelSource,
    judge: Option<&ModelSource>,
    choice: DeviceChoice,
) -> anyhow::Result<Opened> {
    let chosen = device::open(choice)?;
    let studio = Studio::open_judged(source, judge, &chosen.device)?;
    if choice != DeviceChoice::Auto || !chosen.is_gpu {
        return Ok(Opened { studio, chosen });
    }
    let fallback = Chosen::cpu(format!("{} failed the self-check", chosen.label));
    let on_cpu = Studio::open_judged(source, judge, &fallback.device)?;
    let distrust = match studio::compare(&on_cpu, &studio, PROBES) {
        Ok(parity) if parity.holds() => return Ok(Opened { studio, chosen }),
        Ok(parity) => parity_text(&parity),
        Err(error) => format!("it failed: {error}"),
    };
    tell!(
        "note: {} is not used, {distrust}; computing on the CPU",
        chosen.label
    );
    Ok(Opened {
        studio: on_cpu,
        chosen: fallback,
    })
}

/// A comparison in words.
pub fn parity_text(parity: &Parity) -> String {
    format!(
        "its pixels differ from the CPU's by at most {:.1e}, its logits by {:.1e}, its heatmaps by {:.1e}",
        parity.image, parity.logits, parity.heatmap
    )
}

/// The class numbers `0..count`.
pub fn class_ids(count: usize) -> impl Iterator<Item = ClassId> {
    (0..count)
        .map_while(|index| u16::try_from(index).ok())
        .map(ClassId)
}

/// What a region of latent space is of: a class, or all images where there are no classes.
pub fn region_name(manifest: &Manifest, region: ClassId) -> String {
    if manifest.dataset.has_classes() {
        manifest.class_name(region)
    } else {
        "all images".to_owned()
    }
}

/// At most so many classes are listed in a message.
const LISTED: usize = 20;

/// The class of a model that `text` names; see [`class_among`].
///
/// # Errors
///
/// If the model has no such class, or none at all.
pub fn class_named(manifest: &Manifest, option: &str, text: &str) -> anyhow::Result<ClassId> {
    let names = &manifest.dataset.class_names;
    ensure!(
        !names.is_empty(),
        "{} has no classes, and {option} names one: leave {option} out",
        manifest.dataset.title
    );
    class_among(names, text)
}

/// The class that `text` names, by number or by name in capital or small letters.
///
/// # Errors
///
/// If there is no such class; the message lists the first ones.
pub fn class_among(names: &[String], text: &str) -> anyhow::Result<ClassId> {
    let by_name = names
        .iter()
        .position(|name| name.eq_ignore_ascii_case(text));
    let by_number = || {
        text.parse::<usize>()
            .ok()
            .filter(|&number| number < names.len())
    };
    let Some(index) = by_name.or_else(by_number) else {
        let known = names.iter().enumerate().take(LISTED).map(|(index, name)| {
            let number = index.to_string();
            if *name == number {
                number
            } else {
                format!("{number} ({name})")
            }
        });
        let known = known.collect::<Vec<_>>().join(", ");
        let rest = names.len().saturating_sub(LISTED);
        let rest = if rest > 0 {
            format!(" and {rest} more")
        } else {
            String::new()
        };
        bail!("there is no class `{text}`: choose one of {known}{rest}");
    };
    Ok(ClassId(
        u16::try_from(index).context("a class number above 65,535")?,
    ))
}
