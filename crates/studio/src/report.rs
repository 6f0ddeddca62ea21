//! What was measured of a model, as the bundle keeps it. The `evaluation` crate measures; this is plain data.

use datasets::MAX_CLASSES;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The name of the figure whose series holds what each latent dimension tells.
pub const KL_PER_DIMENSION: &str = "kl_per_dimension";

/// The name of the figure whose series holds how much the posterior mean varies in each latent dimension.
pub const ACTIVE_UNITS: &str = "active_units";

/// What `latent-lens evaluate` measured of one model: nothing in it is written by hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// The model, as it was named.
    pub model: String,
    /// See [`Studio::model_sha256`](crate::Studio::model_sha256).
    pub model_sha256: String,
    /// The data set.
    pub dataset: String,
    /// The device it ran on.
    pub device: String,
    /// The figures, in the order in which they were measured.
    pub figures: Vec<Figure>,
}

/// One measured number, with the protocol that produced it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// Stable name, such as `anchored_agreement`.
    pub name: String,
    /// The number; proportions are in 0..1.
    pub value: f64,
    /// Unit, empty for a plain number.
    pub unit: String,
    /// Lower end of the 95 % interval, where there is one.
    pub low: Option<f64>,
    /// Upper end of the 95 % interval, where there is one.
    pub high: Option<f64>,
    /// Samples measured.
    pub n: usize,
    /// Seed of whatever was random.
    pub seed: Option<u64>,
    /// The part of the data it was measured on, or `generated`.
    pub split: String,
    /// How it was measured, in a sentence.
    pub protocol: String,
    /// SHA-256 of the weights of the second judge, if that is who gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_judge: Option<String>,
    /// What a plot of it shows.
    pub detail: Detail,
}

/// The numbers behind a figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Detail {
    /// The figure is all there is.
    None,
    /// One value a class, a latent dimension, a traversal or a draw.
    Series(Vec<f64>),
    /// Counts, `[true or anchor class][predicted class]`: as many rows as columns.
    Confusion(Vec<Vec<u32>>),
    /// The figure at several noise scales.
    Sweep(Vec<SweepPoint>),
    /// Confidence against accuracy.
    Reliability(Vec<ReliabilityBin>),
    /// How a score rises and falls with the pixels of a heatmap.
    Faithfulness(FaithfulnessCurves),
}

/// Mean insertion and deletion curve, equally long.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FaithfulnessCurves {
    /// Share of the pixels that were put in or taken away.
    pub fractions: Vec<f64>,
    /// Mean score with that share put into a blank image, the most important first.
    pub insertion: Vec<f64>,
    /// Mean score with that share taken away, the most important first.
    pub deletion: Vec<f64>,
}

/// Class-anchored sampling at one noise scale.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SweepPoint {
    /// The noise scale; 1 is the class region's own spread.
    pub noise: f64,
    /// Share classified as the anchor class.
    pub agreement: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end of its 95 % interval.
    pub high: f64,
    /// Within-class variance of the classifier's features, against that of real images.
    pub variance_ratio: f64,
    /// Samples.
    pub n: usize,
}

/// Predictions whose confidence fell into one interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ReliabilityBin {
    /// Their mean confidence.
    pub confidence: f64,
    /// The share that was right.
    pub accuracy: f64,
    /// How many there were.
    pub count: usize,
}

impl Report {
    /// The figure of that name.
    #[must_use]
    pub fn figure(&self, name: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.name == name)
    }

    /// Checks what a file may get wrong: the lists behind a figure have to fit each other, the `dims` latent dimensions of
    /// the VAE if there is one, and the classes of the images. Whoever draws them goes through several at once.
    ///
    /// # Errors
    /// What is wrong, and of which figure.
    pub(crate) fn check(&self, dims: Option<usize>, classes: usize) -> Result<(), String> {
        self.figures.iter().try_for_each(|figure| {
            let checked = figure.check(dims, classes);
            checked.map_err(|wrong| format!("the figure {:?} of its report {wrong}", figure.name))
        })
    }

    /// The report as `latent-lens evaluate --json` prints it. A sweep is its figure's `value`, a list.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "model": self.model,
            "model_sha256": self.model_sha256,
            "dataset": self.dataset,
            "device": self.device,
            "figures": self.figures.iter().map(Figure::to_json).collect::<Vec<_>>(),
        })
    }
}

impl Figure {
    fn check(&self, dims: Option<usize>, classes: usize) -> Result<(), String> {
        match &self.detail {
            Detail::None | Detail::Sweep(_) | Detail::Reliability(_) => Ok(()),
            Detail::Series(values) => {
                let per_dimension = [KL_PER_DIMENSION, ACTIVE_UNITS].contains(&self.name.as_str());
                let wrong = dims.filter(|dims| per_dimension && *dims != values.len());
                wrong.map_or(Ok(()), |dims| {
                    let values = values.len();
                    Err(format!("has {values} values for {dims} latent dimensions"))
                })
            }
            Detail::Confusion(counts) => check_confusion(counts, classes),
            Detail::Faithfulness(curves) => {
                let lists = [&curves.fractions, &curves.insertion, &curves.deletion];
                let [fractions, insertion, deletion] = lists.map(Vec::len);
                if (insertion, deletion) == (fractions, fractions) {
                    return Ok(());
                }
                Err(format!(
                    "has curves of {insertion} and {deletion} points for {fractions} shares of the pixels"
                ))
            }
        }
    }

    fn to_json(&self) -> Value {
        let mut object = json!({
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "low": self.low,
            "high": self.high,
            "n": self.n,
            "seed": self.seed,
            "split": self.split,
            "protocol": self.protocol,
        });
        if let Some(second_judge) = &self.second_judge {
            object["second_judge"] = json!(second_judge);
        }
        match &self.detail {
            Detail::None => {}
            Detail::Series(values) => object["series"] = json!(values),
            Detail::Confusion(counts) => object["confusion"] = json!(counts),
            Detail::Sweep(points) => object["value"] = json!(points),
            Detail::Reliability(bins) => object["bins"] = json!(bins),
            Detail::Faithfulness(curves) => object["curves"] = json!(curves),
        }
        object
    }
}

/// Whether a confusion matrix is square, has no more classes than the images, and rows that can be added up. Images without
/// classes of their own may have been judged by any classifier.
fn check_confusion(counts: &[Vec<u32>], classes: usize) -> Result<(), String> {
    let most = if classes == 0 { MAX_CLASSES } else { classes };
    let rows = counts.len();
    if rows > most {
        return Err(format!(
            "tells {rows} classes apart, and there are {most} at most"
        ));
    }
    if let Some(row) = counts.iter().find(|row| row.len() != rows) {
        let columns = row.len();
        return Err(format!(
            "has {rows} rows of counts and one of {columns} columns"
        ));
    }
    let total = |row: &Vec<u32>| row.iter().copied().map(u64::from).sum::<u64>();
    if counts.iter().any(|row| total(row) > u64::from(u32::MAX)) {
        return Err("counts more images than there can be".to_owned());
    }
    Ok(())
}
