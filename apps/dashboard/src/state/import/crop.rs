//! Cropping by hand: what a drag or an arrow key makes of a crop.
//!
//! Points are in pixels of the picture from its upper left corner, and may lie outside of it.

use datasets::Region;

/// The shortest side of a crop, in pixels, where the picture has as many.
pub const SHORTEST: u32 = 4;

/// A point of the picture.
pub type Point = [f32; 2];

/// The end of a side that a hand has hold of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Left or top.
    First,
    /// Right or bottom.
    Last,
}

/// What a drag has hold of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grip {
    /// Nothing: it draws a new crop.
    New,
    /// The whole crop.
    All,
    /// Edges: one across, one down, or both at a corner.
    Edges([Option<End>; 2]),
}

/// What a drag that begins at this point has hold of. `reach` says from how far an edge can be gripped.
#[must_use]
pub fn grip(crop: Region, at: Point, reach: f32, size: [u32; 2]) -> Grip {
    let sides = sides(crop);
    let along = |axis: usize| {
        let (start, end) = (
            sides[axis][0] as f32,
            (sides[axis][0] + sides[axis][1]) as f32,
        );
        if at[axis] < start - reach || at[axis] > end + reach {
            return None;
        }
        let (first, last) = ((at[axis] - start).abs(), (at[axis] - end).abs());
        Some(if first.min(last) > reach {
            None
        } else if first < last {
            Some(End::First)
        } else {
            Some(End::Last)
        })
    };
    match (along(0), along(1)) {
        (Some(None), Some(None)) if crop == Region::whole(size[0], size[1]) => Grip::New,
        (Some(None), Some(None)) => Grip::All,
        (Some(across), Some(down)) => Grip::Edges([across, down]),
        _ => Grip::New,
    }
}

/// The crop after a drag from one point to another.
#[must_use]
pub fn dragged(crop: Region, grip: Grip, [from, to]: [Point; 2], size: [u32; 2]) -> Region {
    let sides = sides(crop);
    let by = |axis: usize| (to[axis] - from[axis]).round() as i64;
    let along = |axis: usize| {
        let whole = i64::from(size[axis]);
        let [start, length] = sides[axis].map(i64::from);
        let shortest = i64::from(SHORTEST).min(whole);
        match grip {
            Grip::New => {
                let [a, b] = [from[axis], to[axis]].map(|at| at.clamp(0.0, whole as f32));
                let (first, last) = (a.min(b).floor() as i64, a.max(b).ceil() as i64);
                let first = first.min(whole - shortest);
                (first, last.max(first + shortest))
            }
            Grip::All => {
                let start = (start + by(axis)).clamp(0, whole - length);
                (start, start + length)
            }
            Grip::Edges(ends) => match ends[axis] {
                None => (start, start + length),
                Some(End::First) => {
                    let end = start + length;
                    ((start + by(axis)).clamp(0, (end - shortest).max(0)), end)
                }
                Some(End::Last) => {
                    let end = start + length + by(axis);
                    (start, end.clamp((start + shortest).min(whole), whole))
                }
            },
        }
    };
    region([along(0), along(1)])
}

/// The crop moved by so many pixels, as far as the picture reaches.
#[must_use]
pub fn moved(crop: Region, by: Point, size: [u32; 2]) -> Region {
    dragged(crop, Grip::All, [[0.0; 2], by], size)
}

/// The crop made larger by so many pixels to the right and downwards, or smaller.
#[must_use]
pub fn resized(crop: Region, by: Point, size: [u32; 2]) -> Region {
    let corner = Grip::Edges([Some(End::Last); 2]);
    dragged(crop, corner, [[0.0; 2], by], size)
}

/// Start and length across and down.
fn sides(crop: Region) -> [[u32; 2]; 2] {
    [[crop.left, crop.width], [crop.top, crop.height]]
}

/// The part from a first to a last pixel, across and down.
fn region([(left, right), (top, bottom)]: [(i64, i64); 2]) -> Region {
    Region {
        left: left as u32,
        top: top as u32,
        width: (right - left) as u32,
        height: (bottom - top) as u32,
    }
}

/// The smallest object that holds a point, by its number.
#[must_use]
pub fn object_at(objects: &[Region], at: Point) -> Option<usize> {
    let holds = |object: &Region| {
        let inside = |at: f32, start: u32, length: u32| {
            (start as f32..(start + length) as f32).contains(&at)
        };
        inside(at[0], object.left, object.width) && inside(at[1], object.top, object.height)
    };
    let area = |object: &Region| u64::from(object.width) * u64::from(object.height);
    let numbered = objects.iter().enumerate();
    let holding = numbered.filter(|(_, object)| holds(object));
    holding
        .min_by_key(|(_, object)| area(object))
        .map(|(number, _)| number)
}
