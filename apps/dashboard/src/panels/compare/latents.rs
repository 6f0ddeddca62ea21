//! Two latents of the model in front, and what is different.

use datasets::Image;
use eframe::egui::{Button, Color32, RichText, TextStyle, Ui};
use latent_space::{LatentStats, drift};

use super::{
    ComparePanel,
    column::{Columns, Header, columns},
};
use crate::{
    panels::{self, Context},
    state::{
        command::SceneCommand,
        compare,
        compared::{Compared, Side},
        origin::start_in_words,
    },
    theme,
    widgets::{self, canvas::Changes, caption, difference_bar},
    words::ONE_LATENT,
};

/// Width of the button of a dimension.
const DIMENSION: f32 = 88.0;
const MOST_DIMENSIONS: usize = 6;

impl ComparePanel {
    pub(super) fn latents(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let view = context.controls.view;
        let [left, right] = [Side::Left, Side::Right]
            .map(|side| compare::seen(context.controls, context.session, side));
        let Some(open) = panels::open(context.controls, context.session) else {
            return;
        };
        let model = open.model;
        let this = format!("This latent: {}", start_in_words(open.scene, model));
        let other = compare::other_latent(open.scene, model).name;
        let other = format!("The other: {other}");
        let (Some(left), Some(right)) = (left, right) else {
            caption(ui, "Drawing both…");
            return;
        };
        let columns = columns(ui, model.shape());
        let names = ["left image", "right image"];
        columns.side_of(
            ui,
            0,
            &mut self.left,
            (names[0], &this),
            (left, model),
            view,
        );
        columns.side_of(
            ui,
            2,
            &mut self.right,
            (names[1], &other),
            (right, model),
            view,
        );
        let stats = &model.space.statistics;
        let dim = self.between(ui, &columns, [left, right], stats);
        if let Some(dim) = dim {
            context.send(SceneCommand::ShowDimension(dim));
        }
    }

    /// The difference of the images and of the latents; the dimension that was clicked.
    fn between(
        &mut self,
        ui: &mut Ui,
        columns: &Columns,
        [left, right]: [&Compared; 2],
        stats: &LatentStats,
    ) -> Option<usize> {
        let (a, b) = (left.frame()?, right.frame()?);
        let change = less(&b.image, &a.image);
        let changes = Changes {
            // Either side's newest answer is newer than all before it.
            revision: left.revision.max(right.revision),
            shape: a.image.shape(),
            largest: 1.0,
            theme: (ui.visuals().dark_mode, theme::palette(ui)),
        };
        let pictures = std::iter::once(change.as_slice());
        self.difference.show_changes(ui.ctx(), changes, pictures);
        let header = Header {
            name: "difference",
            caption: "Difference",
            title: "The other minus this one",
            figure: "",
        };
        let mut clicked = None;
        let paint = |ui: &Ui, rect| self.difference.paint(ui, rect, 0);
        columns.show(ui, 1, &header, paint, |ui| {
            difference_bar(ui, columns.width() - 120.0, a.image.shape().is_colour());
            let (from, to) = (left.latent(), right.latent());
            let (from, to) = (from.unwrap_or_default(), to.unwrap_or_default());
            if from == to && left.condition() != right.condition() {
                caption(ui, ONE_LATENT);
                return;
            }
            distance(ui, drift(from, to, stats));
            if columns.is_low() {
                return;
            }
            caption(ui, "Dimensions that differ most, in sigma");
            let count = (columns.width() / (DIMENSION + theme::GAP)) as usize;
            clicked = dimensions(ui, &differences(from, to, stats), count);
        });
        clicked
    }
}

/// One image less another.
fn less(image: &Image, other: &Image) -> Vec<f32> {
    let both = image.values().iter().zip(other.values());
    both.map(|(value, other)| value - other).collect()
}

fn distance(ui: &mut Ui, sigmas: f32) {
    ui.horizontal(|ui| {
        ui.label("Distance");
        widgets::figure(ui, format!("{sigmas:5.2} sigma")).on_hover_text(
            "Root mean square over the dimensions of the difference between the latents, in standard deviations of the \
             aggregate posterior.",
        );
    });
}

/// How far the second latent lies from the first in each dimension, in standard deviations of the aggregate posterior,
/// the largest first.
fn differences(from: &[f32], to: &[f32], stats: &LatentStats) -> Vec<(usize, f32)> {
    let moved = from.iter().zip(to).zip(&stats.std).enumerate();
    let mut all: Vec<(usize, f32)> = moved
        .map(|(dim, ((from, to), std))| (dim, (to - from) / std))
        .collect();
    all.sort_by(|(_, a), (_, b)| b.abs().total_cmp(&a.abs()));
    all
}

fn dimensions(ui: &mut Ui, differences: &[(usize, f32)], count: usize) -> Option<usize> {
    let mut clicked = None;
    ui.horizontal(|ui| {
        for &(dim, sigmas) in differences.iter().take(count.clamp(1, MOST_DIMENSIONS)) {
            let name = format!("z{dim}");
            let text = RichText::new(format!("{name:<3} {sigmas:+6.2}"))
                .text_style(TextStyle::Monospace)
                .color(theme::palette(ui).text);
            let size = eframe::egui::vec2(DIMENSION, 22.0);
            let button = Button::new(text)
                .min_size(size)
                .stroke((0.0, Color32::TRANSPARENT));
            let button = ui.add(button);
            let button = button.on_hover_text(format!("Select {name} in Explore"));
            if button
                .accessible_name(format!("{name} differs by {sigmas:+.2} sigma"))
                .clicked()
            {
                clicked = Some(dim);
            }
        }
    });
    clicked
}
