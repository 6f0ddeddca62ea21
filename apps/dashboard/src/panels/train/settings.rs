//! Everything else that can be set of a run, each with its default and a sentence.

use datasets::{ImageShape, Seed};
use eframe::egui::{CollapsingHeader, Ui, emath::Numeric};
use runs::Network;
use vae_core::{Likelihood, Prior};

use crate::{
    state::train::{Changed, Images, TrainForm, WhatToTrain},
    theme,
    widgets::{caption, checkbox, number_field, segments},
    words::training as words,
};

/// What one setting is called, and what it does.
#[derive(Clone, Copy)]
struct Row<'a> {
    name: &'a str,
    sentence: &'a str,
}

pub(super) fn ui(ui: &mut Ui, form: &mut TrainForm) {
    let changed = form.changed != Changed::default();
    let title = if changed {
        "Settings (changed)"
    } else {
        "Settings"
    };
    let header = CollapsingHeader::new(title).id_salt("train settings");
    header.show(ui, |ui| {
        let [_, usual] = form.figures();
        let choice = form.first();
        let set = &mut form.changed;
        let row = |(name, sentence): (&'static str, &'static str)| Row { name, sentence };
        number(
            ui,
            row(words::EPOCHS),
            &mut set.run.epochs,
            usual.epochs,
            1..=10_000,
            0.1,
        );
        number(
            ui,
            row(words::BATCH),
            &mut set.run.batch_size,
            usual.batch_size,
            1..=4_096,
            1.0,
        );
        number(
            ui,
            row(words::RATE),
            &mut set.run.learning_rate,
            usual.learning_rate,
            1e-6..=1.0,
            1e-5,
        );
        if choice.has_width() {
            number(
                ui,
                row(words::WIDTH),
                &mut set.run.width,
                usual.width,
                1..=256,
                0.2,
            );
        }
        if choice.has_latent_dim() {
            let dims = &mut set.run.latent_dim;
            number(ui, row(words::DIMS), dims, usual.latent_dim, 2..=512, 0.2);
        }
        let mut seed = set.run.seed.map(|seed| seed.0);
        number(
            ui,
            row(words::SEED),
            &mut seed,
            usual.seed.0,
            0..=u64::MAX,
            0.1,
        );
        set.run.seed = seed.map(Seed);
        let is_generator = form.what != WhatToTrain::Judge;
        if is_generator && choice.is_vae() {
            likelihood(ui, set);
        }
        if is_generator && form.family == Network::Vae {
            prior(ui, set);
        }
        if form.images == Images::Folder {
            folder(ui, set);
        }
        if ui.button("All as usual").clicked() {
            *set = Changed::default();
        }
    });
}

/// A number that is as usual until it is dragged; a click on its default puts it back.
fn number<T: Numeric + PartialEq + std::fmt::Display>(
    ui: &mut Ui,
    row: Row<'_>,
    set: &mut Option<T>,
    usual: T,
    range: std::ops::RangeInclusive<T>,
    speed: f64,
) {
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.label(row.name);
        let mut value = set.unwrap_or(usual);
        let drag = number_field(&mut value).range(range).speed(speed);
        let drag = drag.max_decimals(if T::INTEGRAL { 0 } else { 6 });
        if ui.add(drag).accessible_name(row.name).changed() {
            *set = (value != usual).then_some(value);
        }
        back(ui, set, &usual.to_string());
    });
    caption(ui, row.sentence);
}

/// A button that puts a setting back, where it was changed.
fn back<T>(ui: &mut Ui, set: &mut Option<T>, usual: &str) {
    if set.is_none() {
        caption(ui, format!("default {usual}"));
    } else if ui.small_button(format!("back to {usual}")).clicked() {
        *set = None;
    }
}

fn likelihood(ui: &mut Ui, set: &mut Changed) {
    let (name, sentence) = words::LIKELIHOOD;
    ui.add_space(4.0);
    ui.label(name);
    let now = set.run.likelihood.unwrap_or(Likelihood::Bernoulli);
    let choices = [Likelihood::Bernoulli, Likelihood::Gaussian];
    if let Some(chosen) = segments(ui, now, choices.map(|choice| (choice, choice.to_string()))) {
        set.run.likelihood = (chosen != Likelihood::Bernoulli).then_some(chosen);
    }
    caption(ui, sentence);
}

fn prior(ui: &mut Ui, set: &mut Changed) {
    let (name, sentence) = words::PRIOR;
    ui.add_space(4.0);
    ui.label(name);
    let choices = [
        (None, "as the images are".to_owned()),
        (Some(Prior::Normal), "normal".to_owned()),
        (Some(Prior::ClassCentres), "class centres".to_owned()),
    ];
    if let Some(chosen) = segments(ui, set.run.prior, choices) {
        set.run.prior = chosen;
    }
    caption(ui, sentence);
}

/// How pictures of a folder become images.
fn folder(ui: &mut Ui, set: &mut Changed) {
    /// What pictures of different sizes are brought to.
    const SIDE: usize = 64;
    ui.add_space(theme::GAP);
    let (name, sentence) = words::SIDE;
    let mut has_side = set.side.is_some();
    ui.horizontal(|ui| {
        if checkbox(ui, &mut has_side, name).changed() {
            set.side = has_side.then_some(SIDE);
        }
        if let Some(side) = &mut set.side {
            let range = ImageShape::MIN_SIDE..=ImageShape::MAX_SIDE;
            ui.add(number_field(side).range(range))
                .accessible_name("side of the images");
        }
    });
    caption(ui, sentence);
    let (name, sentence) = words::GREY;
    checkbox(ui, &mut set.grey, name);
    caption(ui, sentence);
    let (name, sentence) = words::LIMIT;
    let mut limited = set.limit.is_some();
    ui.horizontal(|ui| {
        if checkbox(ui, &mut limited, name).changed() {
            set.limit = limited.then_some(2_000);
        }
        if let Some(limit) = &mut set.limit {
            ui.add(number_field(limit).range(20..=10_000_000_usize))
                .accessible_name("most images");
        }
    });
    caption(ui, sentence);
}
