//! What the map says of its points, and what it cannot say.

use eframe::egui::Ui;

use super::{MapPanel, is_too_narrow, sample};
use crate::{
    panels::Context,
    state::{map::drawn_a_region, model::OpenModel},
    widgets::{caption, thousands},
    words::{PRINCIPAL, T_SNE},
};

/// Height of two lines of small type.
const WORDS: f32 = 30.0;

impl MapPanel {
    pub(super) fn words(&self, ui: &mut Ui, context: &mut Context<'_>) {
        if is_too_narrow(context) {
            return;
        }
        let points = self.points_in_words(context);
        let unfolded = self
            .layout(context.controls.map.projection)
            .is_some_and(|layout| layout.unfolded.is_some());
        let (term, cursor) = if unfolded {
            (
                T_SNE,
                "No way leads from a place back to a latent: the cursor stands among the 8 nearest points of its latent, and \
                 dragging it mixes the latents of the 8 points that are nearest on the map.",
            )
        } else {
            (
                PRINCIPAL,
                "Dragging the cursor moves the latent along these two alone; locked dimensions stay.",
            )
        };
        // Two lines, so that the map keeps its size when a text is shorter.
        ui.scope(|ui| {
            ui.set_min_height(WORDS);
            caption(ui, format!("{points} {} {cursor}", term.sentence));
        });
    }

    fn points_in_words(&self, context: &Context<'_>) -> String {
        let open = context.session.open(&context.controls.model);
        let conditional = open.is_some_and(OpenModel::is_conditional);
        let count = self.points.as_ref().map_or(0, |points| points.cloud.len());
        if sample(context).is_some() {
            let posterior = if conditional {
                "each at the mean of its posterior, encoded as its own class"
            } else {
                "each at the mean of its posterior"
            };
            return format!("{} test images, {posterior}.", thousands(count));
        }
        let regions = open.map_or(0, |open| open.region_names().len());
        let each = drawn_a_region(regions);
        let why = match open {
            Some(open) if !open.manifest.has_encoder() => {
                "this model has no encoder, so real images have no place on its map"
            }
            _ => "this model came without a sample of its images",
        };
        if conditional {
            format!(
                "{} latents drawn from where images lie, the same number of each class: {why}.",
                thousands(count)
            )
        } else if regions == 1 {
            format!("{each} latents drawn from where images lie: {why}.")
        } else {
            format!("{each} latents drawn from each class region: {why}.")
        }
    }
}
