//! Compare: two latents, two models with one image, or all models of a domain, side by side.

mod choose;
mod column;
mod families;
mod latents;
mod models;
mod reconstructions;
mod sentences;

use std::collections::BTreeMap;

use eframe::egui::{CentralPanel, Panel, Ui};

use super::{
    Context,
    common::{explanation, roomy},
};
use crate::{
    state::controls::CompareWith,
    theme,
    widgets::canvas::{Atlas, Canvas},
};

/// What Compare keeps between passes: textures.
#[derive(Default)]
pub struct ComparePanel {
    left: Canvas,
    right: Canvas,
    input: Canvas,
    difference: Atlas,
    /// The samples of each family, by its place.
    columns: BTreeMap<usize, Atlas>,
    originals: Atlas,
    /// The reconstructions of each family, by its place.
    rows: BTreeMap<usize, Atlas>,
}

impl ComparePanel {
    /// Shows the space.
    pub fn ui(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        Panel::top("compare controls")
            .exact_size(theme::CONTROL_BAR)
            .resizable(false)
            .frame(theme::panel_frame(ui, 16, 8))
            .show(ui, |ui| choose::ui(ui, context));
        let (text, remark) = sentences::of(context);
        explanation(ui, "compare words", 64.0, &text, &remark);
        let frame = theme::panel_frame(ui, 16, 12).fill(theme::palette(ui).background);
        CentralPanel::default()
            .frame(frame)
            .show(ui, |ui| match context.controls.compare.with {
                CompareWith::Latent => {
                    roomy(ui, column::least(ui, context), |ui| {
                        self.latents(ui, context);
                    });
                }
                CompareWith::Model => {
                    roomy(ui, column::least(ui, context), |ui| {
                        self.models(ui, context);
                    });
                }
                CompareWith::Families => self.families(ui, context),
                CompareWith::Reconstructions => self.reconstructions(ui, context),
            });
    }
}
