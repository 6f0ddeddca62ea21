//! How unusual the latent and its image are: whether the person is still where the VAE has seen images.

use eframe::egui::Ui;
use studio::Realistic;

use crate::widgets::{self, Gauge, gauge, word_for};

/// Two gauges, `width` points wide.
pub(in crate::panels) fn ui(ui: &mut Ui, width: f32, realism: Realistic) {
    let Realistic {
        density_percentile,
        drift_sigmas,
        drift_percentile,
        ..
    } = realism;
    widgets::title(ui, "How unusual");
    let rarer = 100.0 - density_percentile;
    let place = Gauge {
        name: "Rarity",
        word: word_for(rarer, ["usual", "rare", "never seen"]),
        figure: &format!("{rarer:3.0} %"),
        strangeness: rarer,
    };
    gauge(ui, width, place).on_hover_text(format!(
        "This latent lies where images are rarer than for {rarer:.0} % of the training images. At 100 % none of them lies \
         so far out: the VAE draws something that it has never seen."
    ));
    let drift = Gauge {
        name: "Round trip",
        word: word_for(drift_percentile, ["comes back", "drifts", "lost"]),
        figure: &format!("{drift_percentile:3.0} %"),
        strangeness: drift_percentile,
    };
    gauge(ui, width, drift).on_hover_text(format!(
        "Encoding this image again moves the latent by {drift_sigmas:.2} sigma a dimension, more than \
         {drift_percentile:.0} % of the training images do. Far from them the image no longer says which latent drew it."
    ));
}
