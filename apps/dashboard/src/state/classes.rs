//! Classes by their number.

use datasets::ClassId;

/// Classes that a key of their own leads to: as many as there are digits.
pub const DIGITS: usize = 10;

/// The number of a class, if there can be that many.
#[must_use]
pub fn class_id(index: usize) -> Option<ClassId> {
    u16::try_from(index).ok().map(ClassId)
}
