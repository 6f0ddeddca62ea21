//! The bar at the bottom: device, model, frame time, and the last message.

use std::time::Duration;

use eframe::egui::{Align, Layout, Panel, RichText, Ui};
use studio::FileRole;

use super::Context;
use crate::{
    state::{
        device::ChosenDevice,
        notices::{Notices, Tone},
        shown::Shown,
        sources::model_title,
    },
    theme,
};

/// Shows the bar.
pub fn ui(ui: &mut Ui, context: &Context<'_>, device: &ChosenDevice, notices: &Notices) {
    Panel::bottom("status bar")
        .exact_size(theme::STATUS_BAR)
        .resizable(false)
        .frame(theme::panel_frame(ui, 14, 3))
        .show(ui, |ui| {
            ui.horizontal_centered(|ui| {
                ui.spacing_mut().item_spacing.x = theme::GROUP_GAP;
                quiet(ui, &device.name).on_hover_text(&device.reason);
                model(ui, context);
                last_notice(ui, notices);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    timings(ui, context);
                });
            });
        });
}

fn model(ui: &mut Ui, context: &Context<'_>) {
    let source = &context.controls.model;
    let title = model_title(source);
    let Some(manifest) = context.session.manifest(source) else {
        quiet(ui, title);
        return;
    };
    let weights = [FileRole::Vae, FileRole::Classifier];
    let weights = weights.iter().filter_map(|role| manifest.files.get(role));
    let hash = short_hash(weights.map(|record| &record.sha256));
    let files: Vec<String> = manifest
        .files
        .values()
        .map(|record| format!("{}\n    {}", record.name, record.sha256))
        .collect();
    quiet(ui, format!("{title}  {hash}")).on_hover_text(format!(
        "SHA-256 of the model's files\n{}",
        files.join("\n")
    ));
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
        let short: String = line.chars().take(60).collect();
        let more = if short.len() < text.len() { "…" } else { "" };
        ui.label(RichText::new(format!("{short}{more}")).small().color(color))
            .on_hover_text(text);
    }
}

/// Right to left, and of one width whatever the figures are, so that nothing moves.
fn timings(ui: &mut Ui, context: &Context<'_>) {
    let palette = theme::palette(ui);
    let text = match context.answers().frame.as_ref().map(|answer| &answer.value) {
        // Its stages cannot be told apart without making the device wait between them.
        Some(Shown::Live(frame)) => format!("frame {} ms", ms(frame.elapsed)),
        Some(Shown::Host(frame)) => {
            let timings = &frame.timings;
            let (decode, classify, explain) = (
                ms(timings.decode),
                ms(timings.classify),
                ms(timings.explain),
            );
            let total = ms(timings.decode + timings.classify + timings.explain);
            format!("decode {decode}  classify {classify}  explain {explain}  frame {total} ms")
        }
        None => "no frame yet".to_owned(),
    };
    ui.label(
        RichText::new(text)
            .monospace()
            .size(11.5)
            .color(palette.text_weak),
    )
    .on_hover_text("What the last frame took on the worker's thread, in milliseconds");
    if context.session.working() {
        quiet(ui, "working…");
    }
}

fn ms(duration: Duration) -> String {
    format!("{:5.1}", duration.as_secs_f64() * 1e3)
}

fn quiet(ui: &mut Ui, text: impl Into<String>) -> eframe::egui::Response {
    let color = theme::palette(ui).text_weak;
    ui.label(RichText::new(text).small().color(color))
}
