//! Classes by their number.

use datasets::ClassId;

/// Classes that a key of their own leads to: as many as there are digits.
pub const DIGITS: usize = 10;

/// The class that a model shows first.
const FIRST_CLASS: ClassId = ClassId(3);
/// From the first class to the one that the morph goes to at first.
const MORPH_DISTANCE: usize = 5;

/// The number of a class, if there can be that many.
#[must_use]
pub fn class_id(index: usize) -> Option<ClassId> {
    u16::try_from(index).ok().map(ClassId)
}

/// The class that is shown first, and the one that the morph goes to: another one, where there is one.
#[must_use]
pub fn first_two(count: usize) -> (ClassId, ClassId) {
    let last = count.saturating_sub(1);
    let first = FIRST_CLASS.index().min(last);
    let next = (first + MORPH_DISTANCE) % count.max(1);
    let next = if next == first {
        (first + 1) % count.max(1)
    } else {
        next
    };
    let class = |index| class_id(index).unwrap_or(ClassId(0));
    (class(first), class(next))
}
