//! A report put into the manifest of a bundle whose other files stay as they are.

use std::path::Path;

use super::read_sample;
use super::save::{numbers, put_in_force};
use crate::bundle_files::Files;
use crate::folder::lock_saves;
use crate::{FileRole, Manifest, ModelSource, Report, StudioError};

/// Puts a report into the manifest of the bundle in `dir`. Its weights stay as they are, whatever format they have.
///
/// # Errors
/// [`StudioError::WeightsReplaced`] if the report is about other weights than the bundle has now,
/// [`StudioError::Bundle`] if the bundle cannot be read, and [`StudioError::Write`] if it cannot be written.
pub fn write_report(dir: &Path, report: Report) -> Result<(), StudioError> {
    update_report(dir, report, |_| true, |report, _| report)
}

/// As [`write_report`], of what was `measured`: with `merge` the report takes up what somebody else stored meanwhile.
///
/// # Errors
/// As [`write_report`], and [`StudioError::WeightsReplaced`] also if the latent space was described anew.
pub fn write_merged_report(
    dir: &Path,
    measured: &Manifest,
    report: Report,
    merge: impl FnOnce(Report, Option<Report>) -> Report,
) -> Result<(), StudioError> {
    let same = |now: &Manifest| now.generator == measured.generator;
    update_report(dir, report, same, merge)
}

fn update_report(
    dir: &Path,
    report: Report,
    same: impl FnOnce(&Manifest) -> bool,
    merge: impl FnOnce(Report, Option<Report>) -> Report,
) -> Result<(), StudioError> {
    let source = ModelSource::Folder(dir.to_owned());
    Manifest::read(&source)?;
    let _lock = lock_saves(dir)?;
    let mut manifest = Manifest::read(&source)?;
    let second_judge = manifest.files.get(&FileRole::SecondJudge);
    let second_judge = second_judge.map(|record| record.sha256.as_str());
    let mut judges = report.figures.iter().map(|f| f.second_judge.as_deref());
    let outdated = judges.any(|judge| judge.is_some() && judge != second_judge);
    if outdated || report.model_sha256 != manifest.model_sha256() || !same(&manifest) {
        return Err(StudioError::WeightsReplaced {
            model: source.to_string(),
            result: "the report",
            remedy: "Evaluate the model again",
        });
    }
    let sample = read_sample(&Files::of(&source), &manifest)?;
    manifest.report = Some(merge(report, manifest.report.take()));
    let outputs = numbers(dir, &manifest, sample.as_ref())?;
    put_in_force(dir, &mut manifest, outputs)
}
