//! The classes that a conditional model is given.

use datasets::ClassId;

/// The class that each of some latents is decoded with, or each of some images encoded with. Only a conditional model takes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conditions {
    /// The same for all; `None` for no class.
    Same(Option<ClassId>),
    /// One for each, in their order.
    Each(Vec<Option<ClassId>>),
}

impl Default for Conditions {
    /// No class.
    fn default() -> Self {
        Self::Same(None)
    }
}

impl From<Option<ClassId>> for Conditions {
    fn from(class: Option<ClassId>) -> Self {
        Self::Same(class)
    }
}

impl Conditions {
    /// One for each of `n`; `None` if there are not as many.
    #[must_use]
    pub fn of_each(&self, n: usize) -> Option<Vec<Option<ClassId>>> {
        match self {
            Self::Same(class) => Some(vec![*class; n]),
            Self::Each(classes) => Some(classes.clone()).filter(|classes| classes.len() == n),
        }
    }
}
