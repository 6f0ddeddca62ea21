//! Quality against time: a point a model.

use eframe::egui::{Align2, Color32, FontId, Pos2, Rect, Role, Ui, WidgetInfo, pos2};
use egui_plot::{GridMark, HLine, LineStyle, MarkerShape, PlotPoint, Points};

use super::figures::{distance, floor_of, milliseconds};
use crate::{
    panels::{
        Context,
        common::{plot::plot, save},
    },
    state::{
        command::FileCommand,
        draw_times::DrawTimes,
        families::{Column, ColumnState, sampler, state},
        family_controls::FeaturesOf,
        sources::kind_title,
    },
    theme,
    widgets::{self, caption, elided, hinted_segments},
    words::families::{QUALITY, TIMES},
};

const TITLE: &str = "Quality against time";
/// Height of a label, and between it and its point.
const LABEL: f32 = 15.0;
const BESIDE: f32 = 8.0;
/// The axis of times reaches so many times beyond the fastest and the slowest model.
const AROUND: f64 = 3.0;

/// A model with a distance and a time.
struct Point {
    name: String,
    /// Milliseconds an image.
    time: f64,
    distance: f64,
    color: Color32,
}

/// What there is to plot.
struct Quality {
    points: Vec<Point>,
    /// Models without a point.
    missing: Vec<String>,
    /// The distance of real training images.
    floor: Option<f64>,
}

pub(super) fn ui(ui: &mut Ui, context: &mut Context<'_>, columns: &[Column]) {
    let shown = ui.scope(|ui| plot_and_words(ui, context, columns));
    let rect = shown.response.rect;
    let chosen = shown
        .inner
        .then(|| save::menu(ui, rect, TITLE, false))
        .flatten();
    if let Some(chosen) = chosen {
        let sheet = save::picture(ui.ctx(), rect.width(), TITLE, chosen, |ui| {
            plot_and_words(ui, context, columns);
        });
        context.send(FileCommand::AskWhereToSaveSheet(sheet));
    }
}

/// Whether there is anything to plot.
fn plot_and_words(ui: &mut Ui, context: &mut Context<'_>, columns: &[Column]) -> bool {
    widgets::title(ui, TITLE);
    let features = &mut context.controls.compare.families.features;
    let choices = [
        (FeaturesOf::Classifier, "Classifier".to_owned()),
        (FeaturesOf::SecondJudge, "Second judge".to_owned()),
    ];
    ui.horizontal(|ui| {
        caption(ui, "Features of");
        let hint = |_| "Whose features the Frechet distance is measured in".to_owned();
        *features = hinted_segments(ui, *features, choices, hint).unwrap_or(*features);
    });
    let quality = quality(ui, context, columns);
    if quality.points.is_empty() {
        caption(
            ui,
            "No model here has both a distance in its report and a time yet.",
        );
        return false;
    }
    paint(ui, &quality);
    caption(ui, format!("{QUALITY} {TIMES}"));
    if !quality.missing.is_empty() {
        let names = quality.missing.join(", ");
        caption(
            ui,
            format!("Without a measured distance or a time: {names}."),
        );
    }
    true
}

fn quality(ui: &Ui, context: &Context<'_>, columns: &[Column]) -> Quality {
    let palette = theme::palette(ui);
    let measure = distance(context.controls.compare.families.features);
    let (mut points, mut missing, mut floor) = (Vec::new(), Vec::new(), None);
    for column in columns {
        let ColumnState::Open(model) = state(context.controls, context.session, &column.model)
        else {
            continue;
        };
        let report = model.manifest.report.as_ref();
        let measured = report.and_then(|report| measure.of(report));
        // A time in other steps than the distance was measured in has no place beside it.
        let sampler = sampler(context.controls, &column.model, model);
        let as_measured = sampler == model.usual_sampler();
        let times = context.session.draw_times(&column.model);
        let median = times.and_then(DrawTimes::median).filter(|_| as_measured);
        let name = kind_title(&column.model);
        let real = report.and_then(|report| floor_of(measure)?.of(report));
        floor = floor.or(real.map(|figure| figure.value));
        match (measured, median) {
            (Some(figure), Some(median)) if !median.is_zero() => points.push(Point {
                name,
                time: 1e3 * median.as_secs_f64(),
                distance: figure.value,
                color: palette.classes[column.place % palette.classes.len()],
            }),
            _ => missing.push(name),
        }
    }
    Quality {
        points,
        missing,
        floor,
    }
}

fn paint(ui: &mut Ui, quality: &Quality) {
    let palette = theme::palette(ui);
    let Quality { points, floor, .. } = quality;
    let times = || points.iter().map(|point| point.time);
    let fastest = times().fold(f64::INFINITY, f64::min) / AROUND;
    let slowest = times().fold(0.0, f64::max) * AROUND;
    let shown = plot(
        ui,
        "quality against time",
        "ms an image",
        "Frechet distance",
    )
    .include_x(fastest.log10())
    .include_x(slowest.log10())
    .include_y(0.0)
    .x_grid_spacer(|input| decades(input.bounds))
    .x_axis_formatter(|mark, _| time(10_f64.powf(mark.value)))
    .label_formatter(|_| None)
    .show(ui, |plot| {
        if let Some(floor) = floor {
            let line = HLine::new("", *floor).color(palette.text_weak);
            let line = line.style(LineStyle::dashed_loose());
            plot.hline(line.allow_hover(false));
        }
        for point in points {
            let place = vec![[point.time.log10(), point.distance]];
            let marks = Points::new(&point.name, place).radius(5.0);
            plot.points(marks.shape(MarkerShape::Circle).color(point.color));
        }
    });
    let place = |time: f64, distance: f64| {
        let place = PlotPoint::new(time.log10(), distance);
        shown.transform.position_from_point(&place)
    };
    let frame = *shown.transform.frame();
    names(ui, frame, points, |point| place(point.time, point.distance));
    if let Some(floor) = floor {
        let corner = pos2(frame.right() - 4.0, place(1.0, *floor).y - 2.0);
        let font = FontId::proportional(11.0);
        let (anchor, ink) = (Align2::RIGHT_BOTTOM, palette.text_weak);
        ui.painter().text(corner, anchor, "real images", font, ink);
    }
    let words = || WidgetInfo::labeled(Role::Image, true, in_words(points));
    shown.response.widget_info(words);
}

/// The names beside the points: on the right if there is room, and under each other where points lie close together.
fn names(ui: &Ui, frame: Rect, points: &[Point], at: impl Fn(&Point) -> Pos2) {
    let painter = ui.painter().with_clip_rect(frame);
    let ink = theme::palette(ui).text;
    let mut placed: Vec<(Pos2, &Point)> = points.iter().map(|point| (at(point), point)).collect();
    placed.sort_by(|(a, _), (b, _)| a.y.total_cmp(&b.y));
    let mut free = f32::NEG_INFINITY;
    for (place, point) in placed {
        let middle = place.y.max(free);
        free = middle + LABEL;
        let rooms = [frame.right() - place.x, place.x - frame.left()];
        let [right, left] = rooms.map(|room| room - BESIDE);
        let name = |room| elided(&painter, &point.name, FontId::proportional(12.0), ink, room);
        let whole = name(f32::INFINITY).size().x;
        let (text, x) = if whole <= right || right >= left {
            (name(right), place.x + BESIDE)
        } else {
            let text = name(left);
            let x = place.x - BESIDE - text.size().x;
            (text, x)
        };
        let corner = pos2(x, middle - text.size().y / 2.0);
        painter.galley(corner, text, ink);
    }
}

fn in_words(points: &[Point]) -> String {
    let words = points.iter().map(|point| {
        let (name, time) = (&point.name, milliseconds(point.time));
        format!("{name} {:.3} at {time} ms", point.distance)
    });
    let words: Vec<String> = words.collect();
    format!("Frechet distance against time: {}", words.join(", "))
}

/// Lines at 1, 2 and 5 times the powers of ten, on an axis of logarithms. None beyond its ends, where its number would stand in
/// whatever is beside the plot.
fn decades((low, high): (f64, f64)) -> Vec<GridMark> {
    if !(low.is_finite() && high.is_finite()) {
        return Vec::new();
    }
    let powers = low.floor() as i32..=high.ceil() as i32;
    let marks = powers.flat_map(|power| [1.0_f64, 2.0, 5.0].map(|digit| (power, digit)));
    marks
        .map(|(power, digit)| GridMark {
            value: f64::from(power) + digit.log10(),
            step_size: if digit > 1.0 { 0.3 } else { 1.0 },
        })
        .filter(|mark| (low..=high).contains(&mark.value))
        .collect()
}

fn time(milliseconds: f64) -> String {
    if milliseconds < 0.95 {
        let decimals = (-milliseconds.log10()).ceil().clamp(1.0, 4.0) as usize;
        return format!("{milliseconds:.decimals$}");
    }
    format!("{milliseconds:.0}")
}
