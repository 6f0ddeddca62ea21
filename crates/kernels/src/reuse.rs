//! Maps that a thread uses again for its next task: to zero fresh ones each time would take a good part of a task's time.

use std::cell::RefCell;
use std::mem::replace;
use std::ops::{Deref, DerefMut};

use crate::Maps;

/// Maps of an earlier task on the same thread, if there are any of the same shape. What they hold is left over, but for the
/// border and the added channels, which stay 0.
#[derive(Debug)]
pub(crate) struct Reused(Maps);

/// The most maps that a thread keeps.
const MOST_KEPT: usize = 32;

thread_local! {
    static KEPT: RefCell<Vec<Maps>> = const { RefCell::new(Vec::new()) };
}

impl Reused {
    pub fn new([images, channels, side]: [usize; 3]) -> Self {
        KEPT.with_borrow_mut(|kept| {
            let found = kept
                .iter()
                .rposition(|maps| maps.shape() == [images, channels, side]);
            Self(found.map_or_else(
                || Maps::group(images, channels, side),
                |index| kept.remove(index),
            ))
        })
    }
}

impl Drop for Reused {
    fn drop(&mut self) {
        let maps = replace(&mut self.0, Maps::zeros(0, 0));
        KEPT.with_borrow_mut(|kept| {
            if kept.len() == MOST_KEPT {
                kept.remove(0);
            }
            kept.push(maps);
        });
    }
}

impl Deref for Reused {
    type Target = Maps;

    fn deref(&self) -> &Maps {
        &self.0
    }
}

impl DerefMut for Reused {
    fn deref_mut(&mut self) -> &mut Maps {
        &mut self.0
    }
}
