//! The bar at the bottom: device, model, frame time, and the last message.

use std::time::Duration;

use eframe::egui::{Align, Label, Layout, Panel, RichText, Ui};
use studio::FileRole;

use super::Context;
use crate::{
    state::{
        notices::{Notices, Tone},
        shown::Shown,
        sources::model_title,
    },
    theme,
};

/// Least room for a text: where there is less, it is left out.
const LEAST_TEXT: f32 = 40.0;

/// Shows the bar, where there is room for it.
pub fn ui(ui: &mut Ui, context: &Context<'_>, notices: &Notices) {
    if !theme::has_status_bar(ui) {
        return;
    }
    Panel::bottom("status bar")
        .exact_size(theme::STATUS_BAR)
        .resizable(false)
        .frame(theme::panel_frame(ui, 14, 3))
        .show(ui, |ui| {
            // What is on the right has its room first; what is on the left is cut where it ends.
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = theme::GROUP_GAP;
                timings(ui, context);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    quiet(ui, &context.device.name, &context.device.reason);
                    let (name, files) = model(context);
                    quiet(ui, &name, &files);
                    last_notice(ui, notices);
                });
            });
        });
}

/// The name of the model in front with the first digits of its weights' checksums, and all checksums of its files.
fn model(context: &Context<'_>) -> (String, String) {
    let source = &context.controls.model;
    let title = model_title(source);
    let Some(manifest) = context.session.manifest(source) else {
        return (title, String::new());
    };
    let weights = [FileRole::Vae, FileRole::Classifier];
    let weights = weights.iter().filter_map(|role| manifest.files.get(role));
    let hash = short_hash(weights.map(|record| &record.sha256));
    let files: Vec<String> = manifest
        .files
        .values()
        .map(|record| format!("{}\n    {}", record.name, record.sha256))
        .collect();
    let files = format!("SHA-256 of the model's files\n{}", files.join("\n"));
    (format!("{title}  {hash}"), files)
}

/// The first digits of the weights' checksums.
fn short_hash<'a>(hashes: impl Iterator<Item = &'a String>) -> String {
    let starts: Vec<&str> = hashes.map(|hash| hash.get(..6).unwrap_or(hash)).collect();
    starts.join(" ")
}

fn last_notice(ui: &mut Ui, notices: &Notices) {
    if let Some((tone, text)) = notices.last() {
        let palette = theme::palette(ui);
        let color = if tone == Tone::Bad {
            palette.bad
        } else {
            palette.text_weak
        };
        let line = text.lines().next().unwrap_or_default();
        line_of(ui, RichText::new(line).small().color(color), text);
    }
}

/// Right to left, and of one width whatever the figures are, so that nothing moves.
fn timings(ui: &mut Ui, context: &Context<'_>) {
    let (whole, total) = match context.answers().frame.as_ref().map(|answer| &answer.value) {
        // Its stages cannot be told apart without making the device wait between them.
        Some(Shown::Live(frame)) => (None, format!("frame {} ms", ms(frame.elapsed))),
        Some(Shown::Host(frame)) => {
            let timings = frame.timings;
            let [decode, classify, explain] =
                [timings.decode, timings.classify, timings.explain].map(ms);
            let total = ms(timings.decode + timings.classify + timings.explain);
            let total = format!("frame {total} ms");
            let parts = format!("decode {decode}  classify {classify}  explain {explain}");
            (Some(format!("{parts}  {total}")), total)
        }
        None => (None, "no frame yet".to_owned()),
    };
    let hint = "What the last frame took on the worker's thread, in milliseconds";
    let color = theme::palette(ui).text_weak;
    let figures = |text: String| RichText::new(text).monospace().size(11.5).color(color);
    let shown = match whole {
        Some(whole) if !theme::is_narrow(ui) => whole,
        _ => total,
    };
    ui.add(Label::new(figures(shown)).extend())
        .on_hover_text(hint);
    if context.session.working() {
        quiet(ui, "working…", "");
    }
}

fn ms(duration: Duration) -> String {
    format!("{:5.1}", duration.as_secs_f64() * 1e3)
}

fn quiet(ui: &mut Ui, text: &str, hint: &str) {
    let color = theme::palette(ui).text_weak;
    line_of(ui, RichText::new(text).small().color(color), hint);
}

/// A line, cut where the room ends.
fn line_of(ui: &mut Ui, text: RichText, hint: &str) {
    if ui.available_width() < LEAST_TEXT {
        return;
    }
    let response = ui.add(Label::new(text).truncate());
    if !hint.is_empty() {
        response.on_hover_text(hint);
    }
}
