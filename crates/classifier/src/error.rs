use training::TrainingError;

/// What can go wrong with a classifier.
#[derive(Debug, thiserror::Error)]
pub enum ClassifierError {
    /// The architecture cannot work.
    #[error("classifier settings: {field} is {value}, but {rule}")]
    Config {
        /// The setting concerned.
        field: &'static str,
        /// Its value.
        value: String,
        /// What it has to be.
        rule: &'static str,
    },
    /// The training run failed.
    #[error(transparent)]
    Training(#[from] TrainingError),
}
