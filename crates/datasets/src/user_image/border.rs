//! Borders and frames around a picture: bands of one level along its edges, behind which another level begins.

use super::{
    Region,
    grey::{Plane, quantile, whole},
};

/// How far levels of one band may lie apart.
const SAME: f32 = 0.05;

/// How far the levels of two bands lie apart at least.
const STEP: f32 = 0.07;

/// The share of a line that has one level: what is drawn covers less of the lines beside a border.
const LEVEL_SHARE: f32 = 0.85;

/// The share of a line that lies between the borders at its ends. No stroke of a digit is as long.
const INNER_SHARE: f32 = 0.75;

/// How much of the picture a border may take on one side.
const WIDEST: f32 = 0.25;

/// Cuts away borders and frames, one after the other.
///
/// A border runs along two sides at least: the upper stroke of a seven that fills its picture is none.
pub(super) fn without_borders(levels: &Plane) -> Region {
    let mut part = whole(levels);
    loop {
        let bands = Side::ALL.map(|side| band(levels, part, side));
        let mut cut = false;
        let before = part;
        for (index, side) in Side::ALL.into_iter().enumerate() {
            let Some(Band { level, lines }) = bands[index] else {
                continue;
            };
            let alike = bands.iter().flatten();
            let alike = alike.filter(|other| (other.level - level).abs() < STEP);
            if alike.count() >= 2 && lines < side.lines(part) {
                side.cut(&mut part, lines);
                cut = true;
            }
        }
        if !cut {
            return before;
        }
    }
}

/// Lines of one level along a side.
struct Band {
    level: f32,
    lines: u32,
}

#[derive(Clone, Copy)]
enum Side {
    Left,
    Top,
    Right,
    Bottom,
}

impl Side {
    const ALL: [Self; 4] = [Self::Left, Self::Top, Self::Right, Self::Bottom];

    fn cut(self, part: &mut Region, lines: u32) {
        match self {
            Self::Left => part.left += lines,
            Self::Top => part.top += lines,
            Self::Right | Self::Bottom => (),
        }
        match self {
            Self::Left | Self::Right => part.width -= lines,
            Self::Top | Self::Bottom => part.height -= lines,
        }
    }

    /// How many lines there are from this side to the opposite one.
    fn lines(self, part: Region) -> u32 {
        match self {
            Self::Left | Self::Right => part.width,
            Self::Top | Self::Bottom => part.height,
        }
    }

    /// The levels of line `at`, counted from this side.
    fn line(self, levels: &Plane, part: Region, at: u32) -> Vec<f32> {
        let Region {
            left,
            top,
            width,
            height,
        } = part;
        let level = |x: u32, y: u32| levels.get_pixel(left + x, top + y)[0];
        match self {
            Self::Left => (0..height).map(|y| level(at, y)).collect(),
            Self::Right => (0..height).map(|y| level(width - 1 - at, y)).collect(),
            Self::Top => (0..width).map(|x| level(x, at)).collect(),
            Self::Bottom => (0..width).map(|x| level(x, height - 1 - at)).collect(),
        }
    }
}

/// The band along a side, if another level follows it.
fn band(levels: &Plane, part: Region, side: Side) -> Option<Band> {
    let most = (side.lines(part) as f32 * WIDEST) as u32;
    let border = level(&side.line(levels, part, 0))?;
    // Behind a ruled line, the paper goes on.
    let behind = most / 10 + 2;
    let mut mixed = 0;
    for at in 1..most.saturating_sub(behind) {
        let line = side.line(levels, part, at);
        if level(&line).is_some_and(|here| (here - border).abs() < STEP) {
            mixed = 0;
            continue;
        }
        let differs = |at: u32| {
            let line = side.line(levels, part, at);
            level(between(&line, border)).is_some_and(|here| (here - border).abs() >= STEP)
        };
        if differs(at) && differs(at + behind) {
            let level = border;
            return Some(Band { level, lines: at });
        }
        // A line or two of a mixture may stand between two bands.
        mixed += 1;
        if mixed > 2 {
            return None;
        }
    }
    None
}

/// A line without what has the border's level at both of its ends; nothing if that is most of it.
fn between(line: &[f32], border: f32) -> &[f32] {
    let other = |level: &f32| (level - border).abs() > SAME;
    let (Some(first), Some(last)) = (line.iter().position(other), line.iter().rposition(other))
    else {
        return &[];
    };
    let inner = &line[first..=last];
    if (inner.len() as f32) < line.len() as f32 * INNER_SHARE {
        return &[];
    }
    inner
}

/// The level of a line, if nearly all of it has one.
fn level(line: &[f32]) -> Option<f32> {
    if line.is_empty() {
        return None;
    }
    let middle = quantile(line.to_vec(), 0.5);
    let same = line.iter().filter(|level| (*level - middle).abs() <= SAME);
    (same.count() as f32 >= line.len() as f32 * LEVEL_SHARE).then_some(middle)
}
