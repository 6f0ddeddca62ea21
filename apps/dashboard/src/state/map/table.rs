//! The points of a map as comma-separated values.

use std::{collections::BTreeSet, fmt::Write as _};

use datasets::ClassId;

use super::{Cloud, Coloring, KeptGroup, MapPoint, MapSettings, PointFigures, Projection};
use crate::state::{
    model::OpenModel,
    sheet::{Contents, Sheet, append},
};

/// A map on its way to a file.
pub struct MapExport<'a> {
    /// Whose latent space it shows.
    pub model: &'a OpenModel,
    /// What to call the model,
    pub title: String,
    /// and the SHA-256 of its weights.
    pub weights: &'a str,
    /// The points,
    pub cloud: &'a Cloud,
    /// and where they lie.
    pub places: &'a [MapPoint],
    /// The share of the variance to the right and up, where they are principal directions.
    pub shares: [f32; 2],
    /// How the map is shown.
    pub settings: MapSettings,
    /// What was measured of the points.
    pub figures: PointFigures<'a>,
    /// Whether they are images of the sample.
    pub sampled: bool,
    /// Classes that are not shown.
    pub hidden: &'a BTreeSet<ClassId>,
    /// The groups that were kept.
    pub groups: Vec<&'a KeptGroup>,
    /// Where the latent in front lies.
    pub cursor: MapPoint,
}

impl MapExport<'_> {
    /// What the layout is called.
    #[must_use]
    pub fn projection(&self) -> &'static str {
        match self.settings.projection {
            Projection::Principal => "PCA",
            Projection::Tsne => "t-SNE",
        }
    }

    /// What a point is.
    #[must_use]
    pub fn name(&self, index: usize) -> String {
        if self.sampled {
            format!("Test image {}", index + 1)
        } else {
            format!("Sample {}", self.cloud.number_in_region(index) + 1)
        }
    }
}

const COLUMNS: [&str; 11] = [
    "number",
    "image",
    "x",
    "y",
    "class",
    "class_name",
    "predicted",
    "predicted_name",
    "confidence",
    "squared_error",
    "rarity_percent",
];

/// A row a point, after comment lines that say what it is. What is not known is left empty.
#[must_use]
pub fn table(map: &MapExport<'_>) -> Sheet {
    let mut text = String::new();
    let (title, weights, projection) = (&map.title, map.weights, map.projection());
    // Writing to a string does not fail.
    let _ = writeln!(
        text,
        "# {title}: {} points of its latent space by {projection}\n# images of {}, model {weights}",
        map.cloud.len(),
        map.model.info().title,
    );
    for coloring in Coloring::ALL.into_iter().filter(|one| one.is_measured()) {
        let _ = writeln!(text, "# {}: {}", coloring.title(), coloring.sentence());
    }
    let rows = (0..map.cloud.len().min(map.places.len())).map(|index| row(map, index));
    let head = COLUMNS.map(str::to_owned).to_vec();
    append(
        &mut text,
        &std::iter::once(head).chain(rows).collect::<Vec<_>>(),
    );
    Sheet {
        name: "map".to_owned(),
        contents: Contents::Table(text),
    }
}

fn row(map: &MapExport<'_>, index: usize) -> Vec<String> {
    let info = map.model.info();
    let class = Some(map.cloud.classes[index]).filter(|_| info.has_classes());
    let said = map.figures.predictions.get(index);
    let number = |value: Option<f32>| value.map_or_else(String::new, |value| value.to_string());
    let text = |text: Option<String>| text.unwrap_or_default();
    let [x, y] = map.places[index];
    vec![
        (index + 1).to_string(),
        map.name(index),
        x.to_string(),
        y.to_string(),
        text(class.map(|class| class.to_string())),
        text(class.map(|class| info.class_name(class))),
        text(said.map(|said| said.class.to_string())),
        text(said.map(|said| map.model.judged_name(said.class))),
        number(said.map(|said| said.confidence)),
        number(map.figures.value(Coloring::Error, index)),
        number(map.figures.value(Coloring::Rarity, index)),
    ]
}
