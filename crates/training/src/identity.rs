//! What a run is: which checkpoint it may take up, and what may be another when it does.

use std::collections::BTreeMap;
use std::fmt;

use datasets::LabelledImages;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::TrainingError;

/// All that shapes the weights of a run, by name: architecture, settings, and the images themselves.
///
/// Values are JSON, so that what identifies a run does not change with the way that a program prints its types. Settings that may be
/// others when a run is resumed stand apart from those that may not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunIdentity {
    fixed: BTreeMap<String, String>,
    changeable: BTreeMap<String, String>,
}

/// The settings that all trainings have and that may be others when a run is resumed: a lower rate after a loss that was no number,
/// and more epochs.
const CHANGEABLE: [&str; 2] = ["training.learning_rate", "training.epochs"];

/// All that a run follows from, as far as it is settings.
#[derive(Serialize)]
struct Settings<'a, M, T> {
    model: &'a M,
    training: &'a T,
    classes: usize,
}

/// A setting that differs between a checkpoint and the run that takes it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingChange {
    /// Its name.
    pub name: String,
    /// What the checkpoint was made with; nothing if it knows no such setting.
    pub from: String,
    /// What this run has; nothing if it knows no such setting.
    pub to: String,
}

impl fmt::Display for SettingChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, from, to } = self;
        let shown = |value: &str| {
            if value.is_empty() {
                "nothing".to_owned()
            } else {
                value.to_owned()
            }
        };
        write!(f, "{name} was {} and is {}", shown(from), shown(to))
    }
}

impl RunIdentity {
    /// A run that trains such a model by such settings on `images` of so many classes, measured on `held_out`. The settings' fields
    /// `learning_rate` and `epochs` may be others when it is resumed.
    ///
    /// # Errors
    /// [`TrainingError::Plan`] if a setting has no form in JSON, and [`TrainingError::Images`] if images cannot be read.
    pub fn of(
        model: &impl Serialize,
        training: &impl Serialize,
        [images, held_out]: [&LabelledImages; 2],
        classes: usize,
    ) -> Result<Self, TrainingError> {
        let settings = Settings {
            model,
            training,
            classes,
        };
        let value = serde_json::to_value(settings)
            .map_err(|error| TrainingError::Plan(format!("a setting cannot be kept: {error}")))?;
        let mut fixed = BTreeMap::new();
        flatten(String::new(), &value, &mut fixed);
        let changeable = CHANGEABLE.map(|name| fixed.remove_entry(name));
        let identity = Self {
            fixed,
            changeable: changeable.into_iter().flatten().collect(),
        };
        identity
            .with_images("training images", images)?
            .with_images("held-out images", held_out)
    }

    /// Adds one thing that may not be another when the run is resumed.
    #[must_use]
    pub fn with_fixed(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.fixed.insert(name.to_owned(), value.to_string());
        self
    }

    /// Adds images: their pixels and labels.
    fn with_images(self, name: &str, images: &LabelledImages) -> Result<Self, TrainingError> {
        let (count, shape, sha256) = (images.len(), images.shape(), images.sha256()?);
        Ok(self.with_fixed(name, format_args!("{count} of {shape}, {sha256}")))
    }

    /// What may not differ from another run and does.
    #[must_use]
    pub fn differences(&self, now: &Self) -> Vec<SettingChange> {
        changes(&self.fixed, &now.fixed)
    }

    /// What may differ from another run and does.
    #[must_use]
    pub fn changes(&self, now: &Self) -> Vec<SettingChange> {
        changes(&self.changeable, &now.changeable)
    }
}

fn changes(
    before: &BTreeMap<String, String>,
    now: &BTreeMap<String, String>,
) -> Vec<SettingChange> {
    let mut names: Vec<&String> = before.keys().chain(now.keys()).collect();
    names.sort();
    names.dedup();
    let value =
        |map: &BTreeMap<String, String>, name: &String| map.get(name).cloned().unwrap_or_default();
    let changes = names.into_iter().map(|name| SettingChange {
        name: name.clone(),
        from: value(before, name),
        to: value(now, name),
    });
    changes.filter(|change| change.from != change.to).collect()
}

/// The leaves of nested settings, with the names that lead to them joined by dots.
fn flatten(name: String, value: &Value, fields: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let name = if name.is_empty() {
                    key.clone()
                } else {
                    format!("{name}.{key}")
                };
                flatten(name, value, fields);
            }
        }
        leaf => {
            fields.insert(name, leaf.to_string());
        }
    }
}
