//! How large the card is, and where its parts lie in it.

use eframe::egui::{Rect, Vec2, pos2, vec2};

use crate::theme::GAP;

/// Space around the parts of the card.
pub(super) const MARGIN: i8 = 14;

/// The largest card, in points.
const LARGEST: Vec2 = vec2(1_600.0, 1_100.0);
/// What stays free around the card, in parts of the window.
const AROUND: f32 = 0.03;
const HEADER: f32 = 26.0;
const FOOTER: f32 = 29.0;
const TRAY: f32 = 78.0;
/// A card that is narrower than this, and higher than wide, has what comes of the picture below it.
const STACKED: f32 = 520.0;
/// The share of a stacked card that the picture takes.
const PICTURE_SHARE: f32 = 0.5;
/// The column beside the picture: its share of the card, and its least and largest width, of which the least takes no more than a
/// share of a small card.
const SIDE_SHARE: f32 = 0.32;
const SIDE: [f32; 2] = [232.0, 400.0];
const MOST_SIDE: f32 = 0.55;

/// Room inside the card, in a window of this size.
pub(super) fn card(window: Vec2) -> Vec2 {
    let around =
        2.0 * (window * AROUND).max(Vec2::splat(GAP / 2.0)) + 2.0 * Vec2::splat(MARGIN.into());
    // A line around the card, on both sides.
    (window - around - Vec2::splat(2.0))
        .min(LARGEST)
        .max(Vec2::splat(1.0))
}

/// Where the parts of the card lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Places {
    pub header: Rect,
    pub picture: Rect,
    pub side: Rect,
    /// If there are several pictures.
    pub tray: Option<Rect>,
    pub footer: Rect,
}

impl Places {
    /// The parts of a card of this size.
    pub(super) fn of(inside: Rect, several: bool) -> Self {
        let (left, right) = (inside.left(), inside.right());
        let row = |top: f32, bottom: f32| {
            Rect::from_min_max(pos2(left, top), pos2(right, bottom.max(top)))
        };
        let header = row(inside.top(), inside.top() + HEADER);
        let footer = row(inside.bottom() - FOOTER, inside.bottom());
        let tray = several.then(|| row(footer.top() - GAP - TRAY, footer.top() - GAP));
        let end = tray.map_or(footer.top(), |tray| tray.top()) - GAP;
        let body = row(header.bottom() + GAP, end);
        let (picture, side) = if body.width() < STACKED.min(body.height()) {
            let middle = body.top() + body.height() * PICTURE_SHARE;
            (
                row(body.top(), middle - GAP / 2.0),
                row(middle + GAP / 2.0, body.bottom()),
            )
        } else {
            let least = SIDE[0].min(body.width() * MOST_SIDE);
            let width = (body.width() * SIDE_SHARE).clamp(least, SIDE[1]);
            beside(body, body.right() - width)
        };
        Self {
            header,
            picture,
            side,
            tray,
            footer,
        }
    }
}

/// Left and right of a line, with space between.
fn beside(body: Rect, middle: f32) -> (Rect, Rect) {
    (
        Rect::from_min_max(body.min, pos2(middle - 2.0 * GAP, body.bottom())),
        Rect::from_min_max(pos2(middle, body.top()), body.max),
    )
}
