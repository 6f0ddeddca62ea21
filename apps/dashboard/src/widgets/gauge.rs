//! How unusual something is: a rail from usual on the left to never seen on the right.

use eframe::egui::{
    Align2, Color32, Rect, Response, Role, Sense, Stroke, StrokeKind, TextStyle, Ui, WidgetInfo,
    pos2, vec2,
};

use crate::theme::{self, Palette};

const LINE: f32 = 18.0;
const RAIL: f32 = 5.0;
const HEIGHT: f32 = LINE + RAIL + 5.0;
/// Up to here, in percent of the training images, nothing is unusual.
const USUAL: f32 = 90.0;
/// From here on hardly any training image is like it.
const RARE: f32 = 99.0;

/// What a gauge shows.
#[derive(Clone, Copy, Debug)]
pub struct Gauge<'a> {
    /// What is measured.
    pub name: &'a str,
    /// One word for where it stands.
    pub word: &'a str,
    /// The figure, of fixed width.
    pub figure: &'a str,
    /// Training images, in percent, that are less unusual.
    pub strangeness: f32,
}

/// Which of three words fits a share of training images, in percent, that are less unusual.
#[must_use]
pub fn word_for(strangeness: f32, [usual, rare, never]: [&'static str; 3]) -> &'static str {
    if strangeness <= USUAL {
        usual
    } else if strangeness < RARE {
        rare
    } else {
        never
    }
}

/// A gauge `width` points wide.
pub fn gauge(ui: &mut Ui, width: f32, gauge: Gauge<'_>) -> Response {
    let palette = theme::palette(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::hover());
    let Gauge {
        name,
        word,
        figure,
        strangeness,
    } = gauge;
    response.widget_info(|| {
        // Without the spaces that keep figures in their place.
        let figure: Vec<&str> = figure.split_whitespace().collect();
        let label = format!("{name}: {word}, {}", figure.join(" "));
        let mut info = WidgetInfo::labeled(Role::Meter, true, label);
        info.value = Some(strangeness.into());
        info
    });
    let color = color(palette, strangeness);
    let painter = ui.painter();
    let line = Rect::from_min_size(rect.min, vec2(width, LINE));
    let ink = if strangeness > USUAL {
        color
    } else {
        palette.text
    };
    painter.text(
        line.left_center(),
        Align2::LEFT_CENTER,
        format!("{name}: {word}"),
        TextStyle::Small.resolve(ui.style()),
        ink,
    );
    painter.text(
        line.right_center(),
        Align2::RIGHT_CENTER,
        figure,
        TextStyle::Monospace.resolve(ui.style()),
        palette.text_weak,
    );
    let rail = Rect::from_min_size(pos2(rect.left(), line.bottom()), vec2(width, RAIL));
    painter.rect(
        rail,
        2.0,
        palette.well,
        Stroke::new(1.0, palette.mark),
        StrokeKind::Inside,
    );
    let share = (strangeness / 100.0).clamp(0.0, 1.0);
    let filled = Rect::from_min_size(rail.min, vec2((width * share).max(RAIL), RAIL));
    painter.rect_filled(filled, 2.0, color);
    response
}

/// Calm while it is usual, then more and more of a warning.
fn color(palette: &Palette, strangeness: f32) -> Color32 {
    let alarm = (strangeness - USUAL) / (RARE - USUAL);
    if alarm < 1.0 {
        palette
            .accent
            .lerp_to_gamma(palette.warn, alarm.clamp(0.0, 1.0))
    } else {
        palette.bad
    }
}
