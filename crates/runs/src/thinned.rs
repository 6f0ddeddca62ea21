//! A row of things that grows without end in bounded memory: it gets coarser as it gets longer.

use serde::{Deserialize, Serialize};

/// Every so many-th thing of an endless row. When there are too many, every second one goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Thinned<T> {
    most: usize,
    /// Things of the row for each that is kept.
    stride: usize,
    /// Things of the row so far.
    seen: usize,
    kept: Vec<T>,
}

impl<T> Thinned<T> {
    /// An empty row of which at most so many are kept, at least 2.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self {
            most: most.max(2),
            stride: 1,
            seen: 0,
            kept: Vec::new(),
        }
    }

    /// Takes the next thing of the row, and gives what is not kept of it any more.
    pub fn push(&mut self, thing: T) -> Vec<T> {
        let wanted = self.seen.is_multiple_of(self.stride);
        self.seen += 1;
        if !wanted {
            return vec![thing];
        }
        self.kept.push(thing);
        if self.kept.len() <= self.most {
            return Vec::new();
        }
        self.stride *= 2;
        let (mut kept, mut gone) = (Vec::new(), Vec::new());
        for (index, thing) in self.kept.drain(..).enumerate() {
            let row = if index.is_multiple_of(2) {
                &mut kept
            } else {
                &mut gone
            };
            row.push(thing);
        }
        self.kept = kept;
        gone
    }

    /// What is kept, the oldest first.
    #[must_use]
    pub fn kept(&self) -> &[T] {
        &self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::Thinned;

    #[test]
    fn a_long_row_is_kept_evenly() {
        let mut row = Thinned::new(4);
        let gone: Vec<usize> = (0..9).flat_map(|thing| row.push(thing)).collect();
        // The fifth is too many, so 1 and 3 go, and of the later ones each second: then 2 and 6 go, and the row is every fourth.
        assert_eq!(row.kept(), [0, 4, 8]);
        assert_eq!(gone, [1, 3, 5, 7, 2, 6]);
    }
}
