//! The manifest as text: a line with the SHA-256 of all that follows, then RON. Every format that was ever written is read.

use std::borrow::Cow;

use crate::bundle_files::RESTORE;
use crate::cause::Fault;
use crate::manifest::format_1::ManifestOfFormat1;
use crate::manifest::format_2::ManifestOfFormat2;
use crate::{FORMAT_VERSION, Manifest};

/// What a manifest's text says.
pub enum Contents {
    /// Everything.
    Whole(Box<Manifest>),
    /// All but the numbers of the latent space, which lie in a file of their own.
    WithoutLatentSpace(Box<ManifestOfFormat2>),
}

/// Why a text is no manifest, and what to do about it.
#[derive(Debug)]
pub struct Refusal {
    pub fault: Fault,
    pub remedy: &'static str,
}

/// The text of a manifest in the newest format.
pub fn of(manifest: &Manifest) -> Result<String, ron::Error> {
    let style = ron::ser::PrettyConfig::default()
        .depth_limit(6)
        .compact_arrays(true);
    let body = ron::ser::to_string_pretty(&ManifestOfFormat2::of(manifest), style)?;
    Ok(files::checked_text(&body))
}

/// Reads a manifest's text.
pub fn parse(bytes: &[u8]) -> Result<Contents, Refusal> {
    let damaged = |fault: Fault| Refusal {
        fault,
        remedy: RESTORE,
    };
    let no_text = |e: std::str::Utf8Error| damaged(Fault::because("it is no text", e));
    let text = std::str::from_utf8(bytes).map_err(no_text)?;
    let text = &*as_written(text);
    // The version comes first: a newer program may have changed everything else, the checksum line included.
    let version = format_version(text);
    if let Some(version) = version.filter(|version| !(1..=FORMAT_VERSION).contains(version)) {
        if version == 0 {
            let reason = "it has format version 0, which no version of this program writes";
            return Err(damaged(Fault::new(reason)));
        }
        return Err(Refusal {
            fault: Fault::new(format!(
                "it has format version {version}, and this program reads up to {FORMAT_VERSION}"
            )),
            remedy: "Use a newer version of Latent Lens",
        });
    }
    let body = files::checked_body(text).map_err(|error| damaged(error.into()))?;
    let unreadable =
        |e: ron::error::SpannedError| damaged(Fault::because(format!("it cannot be read: {e}"), e));
    Ok(if version == Some(1) {
        let manifest: ManifestOfFormat1 = ron::from_str(body).map_err(unreadable)?;
        Contents::Whole(Box::new(manifest.into_manifest().map_err(damaged)?))
    } else {
        let manifest: ManifestOfFormat2 = ron::from_str(body).map_err(unreadable)?;
        Contents::WithoutLatentSpace(Box::new(manifest))
    })
}

/// The text with the line ends that it was written with: Git may have given it those of Windows.
fn as_written(text: &str) -> Cow<'_, str> {
    if text.lines().count() > 1
        && text
            .split_inclusive('\n')
            .all(|line| line.ends_with("\r\n"))
    {
        text.replace("\r\n", "\n").into()
    } else {
        text.into()
    }
}

/// Whether the text is that of a manifest of a newer version.
pub fn is_newer(bytes: &[u8]) -> bool {
    let version = std::str::from_utf8(bytes).ok().and_then(format_version);
    version.is_some_and(|version| version > FORMAT_VERSION)
}

fn format_version(text: &str) -> Option<u32> {
    let (_, rest) = text.split_once("format_version:")?;
    rest.split(',').next()?.trim().parse().ok()
}
