//! The one error of the crate.

use training::TrainingError;

/// What can go wrong with a flow.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FlowError {
    /// The architecture or training settings cannot work.
    #[error("flow settings: {field} is {value}, but {rule}")]
    Config {
        /// The setting concerned.
        field: &'static str,
        /// Its value.
        value: String,
        /// What it has to be.
        rule: String,
    },
    /// The training run failed.
    #[error(transparent)]
    Training(#[from] TrainingError),
}

impl FlowError {
    pub(crate) fn config(
        field: &'static str,
        value: impl std::fmt::Debug,
        rule: impl Into<String>,
    ) -> Self {
        Self::Config {
            field,
            value: format!("{value:?}"),
            rule: rule.into(),
        }
    }
}
