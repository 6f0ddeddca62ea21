//! Images as the classifier sees them: predictions and penultimate features.

use std::collections::BTreeSet;

use burn::tensor::Tensor;
use classifier::{Classifier, Prediction};
use datasets::{ClassId, LabelledImages, Seed, image_tensor};
use studio::{Detail, Figure, Judge, finite};

use crate::run::Run;
use crate::{EvaluationError, Measure, wilson};

/// Images passed through the networks at a time.
pub(crate) const CHUNK: usize = 100;

/// What the classifier makes of some images, each with the class that it should be.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    /// The true or anchor class of each image.
    pub classes: Vec<ClassId>,
    /// The opinion about each image.
    pub predictions: Vec<Prediction>,
    /// The pooled features of each image, one row after the other; none of a head that has no such features.
    pub features: Vec<f32>,
}

impl Judged {
    /// Adds a batch `[n, channels, height, width]`.
    pub fn add<N: Classifier>(
        &mut self,
        judge: &Judge<N>,
        images: Tensor<4>,
        classes: &[ClassId],
    ) -> Result<(), EvaluationError> {
        let (pooled, logits) = judge.network.judge(images); // [n, features], [n, classes]
        let logits = finite(logits, "logits")?;
        let rows = logits.chunks(judge.classes());
        self.predictions.extend(rows.map(|row| judge.predict(row)));
        self.features.extend(finite(pooled, "features")?);
        self.classes.extend_from_slice(classes);
        Ok(())
    }

    pub fn len(&self) -> usize {
        self.classes.len()
    }

    /// How many predictions equal the class.
    pub fn hits(&self) -> usize {
        self.is_right().filter(|right| *right).count()
    }

    /// Whether the prediction equals the class, for each image.
    pub fn is_right(&self) -> impl Iterator<Item = bool> {
        let pairs = self.classes.iter().zip(&self.predictions);
        pairs.map(|(class, prediction)| prediction.class == *class)
    }

    /// The share of hits as a figure, with its Wilson interval and the confusion matrix.
    pub fn agreement(&self, measure: Measure, classes: usize) -> Figure {
        let (hits, n) = (self.hits(), self.len());
        let (low, high) = wilson(hits, n);
        Figure {
            low: Some(low),
            high: Some(high),
            detail: Detail::Confusion(self.confusion(classes)),
            ..measure.figure(hits as f64 / n.max(1) as f64, n)
        }
    }

    fn confusion(&self, classes: usize) -> Vec<Vec<u32>> {
        let mut counts = vec![vec![0; classes]; classes];
        for (class, prediction) in self.classes.iter().zip(&self.predictions) {
            counts[class.index()][prediction.class.index()] += 1;
        }
        counts
    }

    /// Images beyond the first of each class: what a variance within classes is estimated from.
    pub fn degrees_of_freedom(&self) -> usize {
        let classes: BTreeSet<_> = self.classes.iter().collect();
        self.len() - classes.len()
    }

    /// The spread within classes: the variance of the features around their class's mean, summed over features and
    /// averaged over images.
    pub fn within_class_variance(&self) -> f64 {
        let width = self.features.len() / self.len().max(1);
        let rows: Vec<&[f32]> = self.features.chunks(width.max(1)).collect();
        let mut total = 0.0;
        let highest = self.classes.iter().map(|class| class.index()).max();
        for class in 0..=highest.unwrap_or(0) {
            let members: Vec<&[f32]> = rows
                .iter()
                .zip(&self.classes)
                .filter(|(_, c)| c.index() == class)
                .map(|(row, _)| *row)
                .collect();
            total += (0..width)
                .map(|i| squared_deviation(&members, i))
                .sum::<f64>();
        }
        total / self.len().max(1) as f64
    }
}

/// Sum over the rows of the squared distance of column `i` from its mean.
fn squared_deviation(rows: &[&[f32]], i: usize) -> f64 {
    let n = rows.len().max(1) as f64;
    let mean = rows.iter().map(|row| f64::from(row[i])).sum::<f64>() / n;
    rows.iter()
        .map(|row| (f64::from(row[i]) - mean).powi(2))
        .sum()
}

/// Real images.
pub(crate) fn judged_images<N: Classifier>(
    run: &mut Run<'_>,
    judge: &Judge<N>,
    images: &LabelledImages,
) -> Result<Judged, EvaluationError> {
    let mut judged = Judged::default();
    let all: Vec<usize> = (0..images.len()).collect();
    for chunk in all.chunks(CHUNK) {
        let classes: Vec<ClassId> = chunk.iter().filter_map(|&i| images.label(i)).collect();
        let batch = image_tensor(images, chunk, run.studio.device())?;
        judged.add(judge, batch, &classes)?;
        run.tick(chunk.len())?;
    }
    Ok(judged)
}

/// A latent to decode.
pub(crate) struct Drawn {
    /// The class that its image is meant to show.
    pub class: ClassId,
    /// The class that a conditional model is given.
    pub condition: Option<ClassId>,
    pub latent: Vec<f32>,
    /// The seed of the detail that a flow adds, another one for each.
    pub detail: Seed,
}

/// The images of latents as the model usually draws them, `[n, channels, height, width]`.
pub(crate) fn images_of(run: &mut Run<'_>, drawn: &[Drawn]) -> Result<Tensor<4>, EvaluationError> {
    let studio = run.studio;
    run.pictures.images_of(studio, drawn)
}

/// The images of latents, each meant to show a class.
pub(crate) fn generated_images<N: Classifier>(
    run: &mut Run<'_>,
    judge: &Judge<N>,
    drawn: &[Drawn],
) -> Result<Judged, EvaluationError> {
    let mut judged = Judged::default();
    for chunk in drawn.chunks(CHUNK) {
        let classes: Vec<ClassId> = chunk.iter().map(|drawn| drawn.class).collect();
        judged.add(judge, images_of(run, chunk)?, &classes)?;
        run.tick(chunk.len())?;
    }
    Ok(judged)
}
