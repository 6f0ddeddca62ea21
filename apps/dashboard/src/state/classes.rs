//! Classes by their number.

use datasets::ClassId;

/// The number of a class, if there are that many.
#[must_use]
pub fn class_id(index: usize) -> Option<ClassId> {
    u8::try_from(index).ok().map(ClassId)
}
