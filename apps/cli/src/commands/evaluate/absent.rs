//! What was not measured of a model, and why: told, so that nobody takes it for forgotten.

use serde_json::{Value, json};

/// A figure that this model cannot have, or for which there was nothing or too little to measure.
pub struct Absent {
    /// Its name.
    pub name: &'static str,
    /// Why not.
    pub reason: String,
}

impl Absent {
    /// For scripts.
    pub fn to_json(&self) -> Value {
        json!({ "name": self.name, "reason": self.reason })
    }

    /// One line a reason.
    pub fn in_words(absent: &[Self]) -> Vec<String> {
        let mut reasons: Vec<&str> = absent.iter().map(|absent| &*absent.reason).collect();
        let line = |reason: &&str| {
            let of_reason = absent.iter().filter(|absent| absent.reason == *reason);
            let names: Vec<&str> = of_reason.map(|absent| absent.name).collect();
            format!("not measured, because {reason}: {}", names.join(", "))
        };
        reasons.sort_unstable();
        reasons.dedup();
        reasons.iter().map(line).collect()
    }
}
