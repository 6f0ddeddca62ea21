//! Reports that are measured in parts.

use studio::Report;

use crate::measures;

/// The report to store: figures of this model that were stored before and not measured now stay, unless there is no such
/// figure any more.
#[must_use]
pub fn merged(mut report: Report, stored: Option<Report>) -> Report {
    let Some(stored) = stored else {
        return report;
    };
    if (&stored.model_sha256, &stored.device) != (&report.model_sha256, &report.device) {
        return report;
    }
    let order: Vec<&str> = measures::all().iter().map(|measure| measure.name).collect();
    let kept = stored
        .figures
        .into_iter()
        .filter(|figure| report.figure(&figure.name).is_none())
        // Earlier versions stored a 0 where there was nothing to measure.
        .filter(|figure| figure.n > 0)
        .filter(|figure| order.contains(&figure.name.as_str()));
    let kept: Vec<_> = kept.collect();
    report.figures.extend(kept);
    report
        .figures
        .sort_by_key(|figure| order.iter().position(|&name| name == figure.name));
    report
}
