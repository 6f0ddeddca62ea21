//! What an error of this crate comes from, and the words for it.

use std::error::Error;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// The error that another one comes from. It is shared, so that whoever asked can have a copy.
#[derive(Debug, Clone)]
pub struct Cause(Arc<dyn Error + Send + Sync>);

impl Cause {
    pub(crate) fn new(error: impl Error + Send + Sync + 'static) -> Self {
        Self(Arc::new(error))
    }
}

impl Deref for Cause {
    type Target = dyn Error + Send + Sync;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is wrong with a file, in words, and the error that it comes from if there is one.
#[derive(Debug)]
pub(crate) struct Fault {
    pub reason: String,
    pub source: Option<Cause>,
}

impl Fault {
    /// One that comes from no other error.
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            source: None,
        }
    }

    /// One that comes from another error, in words of its own.
    pub fn because(reason: impl Into<String>, error: impl Error + Send + Sync + 'static) -> Self {
        Self {
            reason: reason.into(),
            source: Some(Cause::new(error)),
        }
    }
}

/// In the words of the error.
impl<E: Error + Send + Sync + 'static> From<E> for Fault {
    fn from(error: E) -> Self {
        Self::because(error.to_string(), error)
    }
}
