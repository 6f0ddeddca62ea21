//! The answer about one picture, for a person and for a script.

use datasets::{ClassId, Prepared, class_name};
use serde_json::{Value, json};
use studio::{Prediction, Realistic, Reconstruction, Studio};

use crate::table::number;

/// How many classes are listed.
const LISTED: usize = 5;

/// What became of one picture.
pub struct Answer {
    /// The picture's path, as it was given.
    pub file: String,
    /// What the model makes of it, or why the picture was refused.
    pub read: Result<Read, String>,
}

/// A picture that was read, and what the model makes of it.
pub struct Read {
    /// The class that a conditional model was given.
    pub condition: Option<ClassId>,
    /// The picture as the model takes it.
    pub prepared: Prepared,
    /// What the model makes of it, as the window shows it.
    pub reconstruction: Reconstruction,
    /// How usual its latent is; `None` if the model keeps no percentiles.
    pub realistic: Option<Realistic>,
    /// What the judge says of the prepared picture itself.
    pub itself: Option<Prediction>,
}

impl Read {
    /// What the judge says of the reconstruction.
    fn prediction(&self) -> Option<&Prediction> {
        let verdict = self.reconstruction.frame.verdict.as_ref();
        verdict.map(|verdict| &verdict.prediction)
    }

    fn warnings(&self) -> Vec<String> {
        self.prepared
            .warnings
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    /// The likeliest classes, the likeliest first.
    fn likeliest(&self) -> Vec<(ClassId, f32)> {
        let probabilities = self
            .prediction()
            .map(|prediction| &prediction.probabilities);
        let numbered = probabilities.into_iter().flatten().copied().enumerate();
        let mut classes: Vec<(ClassId, f32)> = numbered
            .map(|(class, probability)| (ClassId(class as u16), probability))
            .collect();
        classes.sort_by(|a, b| b.1.total_cmp(&a.1));
        classes.truncate(LISTED);
        classes
    }
}

impl Answer {
    /// One object with the same keys for every picture; what is not known is null.
    pub fn to_json(&self, studio: &Studio) -> Value {
        let name = |class: ClassId| class_name(names(studio), class);
        let read = self.read.as_ref();
        let prediction = read.ok().and_then(Read::prediction);
        let realistic = read.ok().and_then(|read| read.realistic);
        let itself = read.ok().and_then(|read| read.itself.as_ref());
        let likeliest = read.map_or_else(|_| Vec::new(), Read::likeliest);
        let top = likeliest.iter().map(|&(class, probability)| {
            json!({ "class": class, "class_name": name(class), "probability": probability })
        });
        let objects = read.map_or(&[][..], |read| &read.prepared.objects);
        let objects = objects
            .iter()
            .map(|object| json!([object.left, object.top, object.width, object.height]));
        json!({
            "file": self.file,
            "class": prediction.map(|prediction| prediction.class),
            "class_name": prediction.map(|prediction| name(prediction.class)),
            "confidence": prediction.map(|prediction| prediction.confidence),
            "top": top.collect::<Vec<_>>(),
            "image_class": itself.map(|itself| itself.class),
            "image_confidence": itself.map(|itself| itself.confidence),
            "refused": self.read.as_ref().err(),
            "warnings": read.map_or_else(|_| Vec::new(), Read::warnings),
            "objects": objects.collect::<Vec<_>>(),
            "latent": read.ok().map(|read| &read.reconstruction.encoded.mean),
            "density_percentile": realistic.map(|realistic| realistic.density_percentile),
            "drift_percentile": realistic.map(|realistic| realistic.drift_percentile),
            "squared_error": read.ok().map(|read| read.reconstruction.squared_error),
        })
    }

    /// A paragraph: the file, and what there is to say about it.
    pub fn to_text(&self, studio: &Studio) -> String {
        let read = match &self.read {
            Ok(read) => read,
            Err(reason) => return format!("{}\n  refused: {reason}", self.file),
        };
        let mut lines = vec![self.file.clone()];
        lines.extend(classes(studio, read));
        if let Some(realistic) = read.realistic {
            lines.push(format!(
                "  more usual than {:.0} % of training images; drifts more than {:.0} %",
                realistic.density_percentile, realistic.drift_percentile
            ));
        }
        let error = read.reconstruction.squared_error;
        lines.push(format!(
            "  squared error of the reconstruction {}",
            number(error.into())
        ));
        let latent = read.reconstruction.encoded.mean.iter();
        let latent: Vec<String> = latent.map(|value| format!("{value:.3}")).collect();
        lines.push(format!("  latent {}", latent.join(",")));
        lines.extend(
            read.warnings()
                .iter()
                .map(|warning| format!("  warning: {warning}")),
        );
        lines.join("\n")
    }
}

/// What the judge says of the reconstruction, and of the picture itself where that is something else.
fn classes(studio: &Studio, read: &Read) -> Option<String> {
    let said = |class, probability: f32| {
        let name = class_name(names(studio), class);
        format!("{name}, {:.1} %", f64::from(probability) * 100.0)
    };
    let likeliest = read.likeliest();
    let ((first, probability), others) = likeliest.split_first()?;
    let others = others
        .iter()
        .map(|&(class, probability)| said(class, probability));
    let others = others.collect::<Vec<_>>().join("; ");
    let first = said(*first, *probability);
    let mut lines = vec![if others.is_empty() {
        format!("  looks like {first}")
    } else {
        format!("  looks like {first}; then {others}")
    }];
    let itself = read.itself.as_ref();
    let itself = itself.filter(|itself| itself.class != likeliest[0].0);
    if let Some(itself) = itself {
        let itself = said(itself.class, itself.confidence);
        lines.push(format!(
            "  the picture itself, without the model in between: {itself}"
        ));
    }
    Some(lines.join("\n"))
}

/// The names of the judge's classes; none without a judge.
fn names(studio: &Studio) -> &[String] {
    studio.judge().map_or(&[], |judge| &judge.class_names)
}
