//! Plots of the report's details.

use eframe::egui::{Color32, Ui};
use egui_plot::{
    Bar, BarChart, FilledArea, HLine, HoverPosition, Line, LineStyle, MarkerShape, PlotPoints,
    PlotUi, Points, VLine,
};
use evaluation::measures;
use latent_space::LatentStats;
use studio::{Detail, Figure, Report, SweepPoint};

use crate::{
    panels::common::{
        figure_text::{protocol, value_text},
        plot::{plot, whole},
    },
    theme,
    widgets::{self, caption, percent, slider, thousands},
    words,
};

/// Height of each half of the noise sweep.
const HALF: f32 = 130.0;

fn heading(ui: &mut Ui, title: &str, figure: &Figure) {
    widgets::title(ui, title).on_hover_text(protocol(figure));
}

/// Agreement and variety over the noise scale, with a handle at the noise of the samples in Anchors.
pub(super) fn noise_sweep(ui: &mut Ui, report: Option<&Report>, noise_set: &mut f32) {
    let Some(figure) = report.and_then(|report| measures::NOISE_SWEEP.of(report)) else {
        return;
    };
    let Detail::Sweep(points) = &figure.detail else {
        return;
    };
    heading(ui, "Noise sweep", figure);
    caption(
        ui,
        "Agreement falls and variety grows as samples spread out",
    );
    agreement_over_noise(ui, points, noise_set);
    variety_over_noise(ui, points, noise_set);
    ui.horizontal(|ui| {
        caption(ui, "Noise in Anchors");
        ui.spacing_mut().slider_width = 110.0;
        let slider = slider(noise_set, 0.0..=2.0).step_by(0.05).fixed_decimals(2);
        ui.add(slider)
            .accessible_name("noise in Anchors")
            .on_hover_text(
                "The upright line: drag it in the plot or here, and Anchors draws with it.",
            );
    });
    let n = points.iter().map(|point| point.n).max().unwrap_or(0);
    caption(
        ui,
        format!(
            "{} samples a point; the band is the 95 % interval",
            thousands(n)
        ),
    );
}

/// The upper half of the sweep. Each half has its own scale: on that of the variance, agreement would be a flat line.
fn agreement_over_noise(ui: &mut Ui, points: &[SweepPoint], noise_set: &mut f32) {
    let accent = theme::palette(ui).accent;
    over_noise(ui, "agreement", "agreement", noise_set, move |plot| {
        let noise: Vec<f64> = points.iter().map(|point| point.noise).collect();
        let low: Vec<f64> = points.iter().map(|point| point.low).collect();
        let high: Vec<f64> = points.iter().map(|point| point.high).collect();
        let band = FilledArea::new("", &noise, &low, &high).fill_color(accent.gamma_multiply(0.25));
        plot.add(band.allow_hover(false));
        let agreement = points.iter().map(|point| [point.noise, point.agreement]);
        let line = Line::new("agreement", agreement.collect::<PlotPoints<'_>>());
        plot.line(line.color(accent).width(2.0));
    });
}

fn variety_over_noise(ui: &mut Ui, points: &[SweepPoint], noise_set: &mut f32) {
    let palette = theme::palette(ui);
    over_noise(ui, "variety", "variance ratio", noise_set, move |plot| {
        let real = HLine::new("", 1.0).color(palette.line);
        plot.hline(real.allow_hover(false));
        let variety = points
            .iter()
            .map(|point| [point.noise, point.variance_ratio]);
        let line = Line::new("variance ratio", variety.collect::<PlotPoints<'_>>());
        plot.line(line.color(palette.second).width(2.0));
    });
}

/// One half of the sweep, with the handle of the noise in Anchors.
fn over_noise<'a>(
    ui: &mut Ui,
    id: &str,
    what: &str,
    noise_set: &mut f32,
    add: impl FnOnce(&mut PlotUi<'a>) + 'a,
) {
    let ink = theme::palette(ui).text_strong;
    let set = f64::from(*noise_set);
    let half = plot(ui, id, "noise", what).height(HALF);
    let shown = half.show(ui, move |plot| {
        add(plot);
        let handle = VLine::new("", set).color(ink).width(2.0);
        plot.vline(handle.allow_hover(false));
        plot.pointer_coordinate()
    });
    let held = shown.response.is_pointer_button_down_on();
    if let Some(at) = shown.inner.filter(|_| held) {
        *noise_set = ((at.x.clamp(0.0, 2.0) * 20.0).round() / 20.0) as f32;
    }
}

/// Accuracy over confidence: on the diagonal, confidence means what it says.
pub(super) fn reliability(ui: &mut Ui, report: Option<&Report>) {
    let Some(figure) = report.and_then(|report| measures::ECE.of(report)) else {
        return;
    };
    let Detail::Reliability(bins) = &figure.detail else {
        return;
    };
    heading(ui, "Reliability", figure);
    caption(ui, format!("Calibration error {}", value_text(figure)));
    let palette = theme::palette(ui);
    let filled: Vec<_> = bins.iter().filter(|bin| bin.count > 0).copied().collect();
    let counts: Vec<usize> = filled.iter().map(|bin| bin.count).collect();
    let plot =
        plot(ui, "reliability", "confidence", "accuracy").label_formatter(move |at| match at {
            HoverPosition::NearDataPoint {
                plot_name: "accuracy",
                position,
                index,
            } => Some(format!(
                "confidence {}\naccuracy {}\n{} images",
                percent(position.x).trim(),
                percent(position.y).trim(),
                thousands(counts.get(*index).copied().unwrap_or(0))
            )),
            _ => None,
        });
    plot.include_x(0.0)
        .include_x(1.0)
        .include_y(0.0)
        .include_y(1.0)
        .show(ui, |plot| {
            let diagonal = Line::new("", vec![[0.0, 0.0], [1.0, 1.0]]);
            plot.line(
                diagonal
                    .color(palette.text_weak)
                    .style(LineStyle::dashed_loose())
                    .allow_hover(false),
            );
            let points: Vec<[f64; 2]> = filled
                .iter()
                .map(|bin| [bin.confidence, bin.accuracy])
                .collect();
            plot.line(
                Line::new("", points.clone())
                    .color(palette.accent)
                    .width(1.5)
                    .allow_hover(false),
            );
            let marks = Points::new("accuracy", points)
                .shape(MarkerShape::Circle)
                .radius(3.5);
            plot.points(marks.color(palette.accent));
        });
    caption(ui, "On the dashed line, confidence means what it says");
}

/// The classes of prior samples.
pub(super) fn prior_histogram(ui: &mut Ui, report: Option<&Report>, names: &[String]) {
    let Some(figure) = report.and_then(|report| measures::PRIOR_HISTOGRAM_KL.of(report)) else {
        return;
    };
    let Detail::Series(shares) = &figure.detail else {
        return;
    };
    heading(ui, "Classes of prior samples", figure);
    caption(
        ui,
        format!("Divergence from an even spread {}", value_text(figure)),
    );
    let palette = theme::palette(ui);
    let total: f64 = shares.iter().sum();
    let shares: Vec<f64> = shares
        .iter()
        .map(|share| share / total.max(f64::EPSILON))
        .collect();
    let even = 1.0 / shares.len().max(1) as f64;
    let bars: Vec<Bar> = shares
        .iter()
        .enumerate()
        .map(|(class, &share)| {
            let name = names.get(class).map_or("?", String::as_str);
            Bar::new(class as f64, share)
                .width(0.72)
                .fill(palette.accent)
                .name(name)
        })
        .collect();
    let chart = BarChart::new("", bars).element_formatter(Box::new(|bar, _| {
        format!("{}: {}", bar.name, percent(bar.value).trim())
    }));
    plot(ui, "prior histogram", "class", "share")
        .include_y(0.0)
        .x_axis_formatter(|mark, _| whole(mark))
        .show(ui, |plot| {
            plot.bar_chart(chart);
            let line = HLine::new("", even)
                .color(palette.text_weak)
                .style(LineStyle::dashed_loose());
            plot.hline(line.allow_hover(false));
        });
    caption(
        ui,
        format!(
            "{} samples from the prior; the dashed line is an even spread",
            thousands(figure.n)
        ),
    );
}

/// The information in each dimension, most first. Returns the dimension that was clicked.
pub(super) fn kl_per_dimension(
    ui: &mut Ui,
    report: Option<&Report>,
    stats: &LatentStats,
) -> Option<usize> {
    let figure = report.and_then(|report| measures::KL_PER_DIMENSION.of(report));
    let measured = figure.and_then(|figure| match &figure.detail {
        Detail::Series(series) => Some((series.clone(), figure.n, figure.split.as_str())),
        _ => None,
    });
    let (kl, n, split) = measured.unwrap_or_else(|| {
        let kl = stats.kl_nats.iter().map(|&nats| f64::from(nats)).collect();
        (kl, stats.n, "train")
    });
    let title = widgets::title(ui, "Information per dimension");
    title.on_hover_text(figure.map_or_else(|| words::KL.sentence.to_owned(), protocol));
    let total: f64 = kl.iter().sum();
    caption(
        ui,
        format!("{total:.1} nats in all; click a bar to open its slider"),
    );
    let palette = theme::palette(ui);
    let mut order: Vec<usize> = (0..kl.len()).collect();
    order.sort_by(|&a, &b| kl[b].total_cmp(&kl[a]));
    let bar = |(place, &dim): (usize, &usize)| {
        let active = dim < stats.dims() && stats.is_active(dim);
        let color: Color32 = if active {
            palette.accent
        } else {
            palette.text_weak
        };
        Bar::new(place as f64, kl[dim])
            .width(0.76)
            .fill(color)
            .name(format!("z{dim}"))
    };
    let bars: Vec<Bar> = order.iter().enumerate().map(bar).collect();
    let chart = BarChart::new("", bars).element_formatter(Box::new(|bar, _| {
        format!("{}: {:.3} nats", bar.name, bar.value)
    }));
    let shown = plot(ui, "kl per dimension", "dimension, by information", "nats")
        .include_y(0.0)
        .x_axis_formatter(|mark, _| whole(mark))
        .show(ui, |plot| {
            plot.bar_chart(chart);
            plot.pointer_coordinate()
        });
    caption(
        ui,
        format!(
            "Mean divergence from the aggregate posterior's Gaussian, over {} images of the {split} split; grey ones are \
             quiet",
            thousands(n)
        ),
    );
    let at = shown.inner.filter(|_| shown.response.clicked())?;
    order.get(at.x.round().max(0.0) as usize).copied()
}
