//! Which class, how much noise, how many and from which seed; and how often the classifier agrees.

use datasets::Seed;
use eframe::egui::{Align, Grid, Layout, RichText, Ui, pos2};
use evaluation::wilson;

use super::grid::agreed;
use crate::{
    panels::{
        self, Context,
        common::{flow, judge, seed_field},
    },
    state::answers::judged,
    theme,
    widgets::{self, caption, class_buttons, percent, segments, slider, thousands},
    words::{CLASS_IS_GIVEN, NO_AGREEMENT, NO_CLASSES},
};

const COUNTS: [usize; 4] = [16, 36, 64, 100];

pub(super) fn ui(ui: &mut Ui, context: &mut Context<'_>) {
    let Some(open) = panels::open(context.controls, context.session) else {
        return;
    };
    let anchors = &mut open.scene.anchors;
    if open.model.draws_classes() {
        widgets::title(ui, "Class");
        let names = open.model.drawn_names();
        let picked = ui.scope(|ui| class_buttons(ui, names, Some(anchors.class)));
        anchors.class = picked.inner.unwrap_or(anchors.class);
        if open.model.is_conditional() {
            caption(ui, CLASS_IS_GIVEN);
        }
    } else {
        caption(ui, NO_CLASSES);
        caption(ui, "Samples are drawn from all of its images together.");
    }
    ui.add_space(theme::GROUP_GAP);

    widgets::title(ui, "Noise");
    noise_slider(ui, &mut anchors.noise);
    caption(
        ui,
        if open.model.has_classes() {
            "0 draws only the middles of the class's region, 1 its own spread, 2 twice as far out."
        } else {
            "0 draws only the middles of where images lie, 1 their own spread, 2 twice as far out."
        },
    );
    ui.add_space(theme::GROUP_GAP);

    Grid::new("anchor settings")
        .num_columns(2)
        .spacing([16.0, 8.0])
        .show(ui, |ui| {
            ui.label("Samples");
            let choices = COUNTS.map(|count| (count, count.to_string()));
            anchors.count = segments(ui, anchors.count, choices).unwrap_or(anchors.count);
            ui.end_row();
            ui.label("Seed");
            ui.horizontal(|ui| {
                seed_field(ui, &mut anchors.seed, "seed of the samples");
                if ui
                    .button("Another")
                    .on_hover_text("Draw with the next seed (R)")
                    .clicked()
                {
                    anchors.seed = Seed(anchors.seed.0.wrapping_add(1));
                }
            });
            ui.end_row();
        });
    ui.add_space(theme::GROUP_GAP);
    flow::ui(ui, context);
    agreement(ui, context);
}

fn noise_slider(ui: &mut Ui, noise: &mut f32) {
    ui.horizontal(|ui| {
        ui.spacing_mut().slider_width = ui.available_width() - 66.0;
        let slider = slider(noise, 0.0..=2.0).step_by(0.05).fixed_decimals(2);
        let response = ui.add(slider).accessible_name("noise");
        let radius = ui.spacing().interact_size.y / 2.5;
        let x = response.rect.left() + radius + (ui.spacing().slider_width - 2.0 * radius) / 2.0;
        let palette = theme::palette(ui);
        let stroke = eframe::egui::Stroke::new(1.0, palette.text_weak);
        let y = response.rect.bottom();
        ui.painter()
            .line_segment([pos2(x, y - 3.0), pos2(x, y + 2.0)], stroke);
        response.on_hover_text(
            "Share of the class region's own covariance. The mark in the middle, 1.0, is the \
             class's spread.",
        );
    });
}

fn agreement(ui: &mut Ui, context: &mut Context<'_>) {
    let palette = theme::palette(ui);
    widgets::title(ui, "Agreement");
    let session = context.session;
    let Some(model) = session.open(&context.controls.model) else {
        return;
    };
    if model.judge.is_none() {
        return judge::missing(ui, context);
    }
    if !model.judge_knows_drawn() {
        caption(ui, NO_AGREEMENT);
        return;
    }
    let answer = session.answers(&context.controls.model).grid.as_ref();
    let judged = answer.and_then(|answer| Some((answer, judged(&answer.value)?)));
    let Some((answer, predictions)) = judged else {
        caption(ui, "Waiting for the first samples…");
        return;
    };
    let class = answer.scene.anchors.class;
    let n = predictions.len();
    let k = predictions
        .iter()
        .filter(|prediction| agreed(prediction, class))
        .count();
    let share = k as f64 / n.max(1) as f64;
    let (low, high) = wilson(k, n);
    ui.horizontal(|ui| {
        let text = format!("{}/{}", thousands(k), thousands(n));
        ui.label(
            RichText::new(text)
                .monospace()
                .size(24.0)
                .color(palette.text_strong),
        );
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            widgets::figure(ui, percent(share))
                .on_hover_text("Share of the samples that the classifier takes for this class");
        });
    });
    let interval = format!(
        "95 % interval {} to {}",
        percent(low).trim(),
        percent(high).trim()
    );
    caption(ui, interval)
        .on_hover_text("Wilson's interval: where the share of many more samples would lie.");
    let name = model.drawn_name(class);
    let (noise, seed) = (answer.scene.anchors.noise, answer.scene.anchors.seed);
    caption(
        ui,
        format!(
            "Samples of {name} at noise {noise:.2}, seed {seed}, that an independent classifier also calls {name}. None \
             was left out."
        ),
    );
}
