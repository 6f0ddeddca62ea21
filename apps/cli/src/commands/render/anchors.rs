//! `latent-lens render anchors`: a grid of samples around class anchors, with the classifier's agreement.

use anyhow::ensure;
use datasets::{ClassId, Seed};
use recipe::{Anchors, Picture};
use serde_json::{Value, json};
use studio::{Anchoring, Conditions, Prediction, Sampler, Studio};

use super::{Common, Drawing, JudgeArgs, decode};
use crate::{
    command_line::noise,
    model::{class_ids, class_named, region_name},
    table::{Align, Table},
};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub common: Common,

    #[command(flatten)]
    pub judge: JudgeArgs,

    /// Only this class, by number or name [default: one row a class]. A conditional model decodes the same latents with each class
    #[arg(long, value_name = "CLASS")]
    class: Option<String>,

    /// How much of the class's own spread to sample: 0 is none, 1 all of it
    #[arg(long, value_name = "SCALE", default_value_t = 1.0, value_parser = noise)]
    noise: f32,

    /// Samples a class
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    count: u16,

    /// Seed of the samples
    #[arg(long, value_name = "N", default_value_t = Seed(0))]
    seed: Seed,
}

impl Args {
    /// What to draw of this model.
    pub fn picture(&self, studio: &Studio) -> anyhow::Result<Picture> {
        let part = studio.generator_part();
        let classes: Vec<ClassId> = match &self.class {
            Some(name) => vec![class_named(studio.manifest(), "--class", name)?],
            None => class_ids(studio.sampled_classes()).collect(),
        };
        let anchor = |&class: &ClassId| part.latent.regions.anchor(part.anchoring(class).region);
        let first = classes.first().map(anchor);
        Ok(Picture::Anchors(Anchors {
            latent: first.unwrap_or_default(),
            classes,
            noise: self.noise,
            count: usize::from(self.count),
            seed: self.seed,
        }))
    }
}

/// How many images there are, and how many of them stand side by side: one class fills a square, several get a row each.
pub fn arrangement(picture: &Anchors) -> (usize, usize) {
    let Anchors { classes, count, .. } = picture;
    let columns = if classes.len() > 1 {
        *count
    } else {
        square_side(*count)
    };
    (classes.len() * count, columns)
}

pub fn draw(picture: &Anchors, studio: &Studio, sampler: Sampler) -> anyhow::Result<Drawing> {
    let manifest = studio.manifest();
    let Anchors { classes, count, .. } = picture;
    let count = *count;
    ensure!(
        classes
            .iter()
            .all(|class| class.index() < studio.sampled_classes()),
        "the recipe names a class that the model does not have: take the file as it was written"
    );
    let (mut latents, mut conditions) = (Vec::new(), Vec::new());
    for &class in classes {
        let part = studio.generator_part();
        let Anchoring { region, condition } = part.anchoring(class);
        let regions = &part.latent.regions;
        latents.extend(regions.sample(region, picture.noise, count, picture.seed));
        conditions.extend(std::iter::repeat_n(condition, count));
    }
    let (tiles, predictions) = decode(studio, latents, Conditions::Each(conditions), sampler)?;
    let has_classes = manifest.dataset.has_classes();
    let judged = has_classes && studio.judge().is_some();
    let agreements = judged.then(|| agreements(classes, &predictions, count));

    let mut table = Table::new([
        ("anchor", Align::Left),
        ("agree", Align::Right),
        ("of", Align::Right),
    ]);
    for (row, &class) in classes.iter().enumerate() {
        let agree = agreements.as_ref().map(|agreements| agreements[row]);
        table.row([
            region_name(manifest, class),
            agree.map_or_else(|| "no classifier".to_owned(), |agree| agree.to_string()),
            count.to_string(),
        ]);
    }
    Ok(Drawing {
        tiles,
        text: table.render(),
        found: json!({
            "agree": agreements,
            "predictions": predictions.iter().map(brief).collect::<Vec<_>>(),
        }),
    })
}

/// For each class, how many of its samples the classifier takes for that class.
fn agreements(classes: &[ClassId], predictions: &[Prediction], count: usize) -> Vec<usize> {
    let rows = classes.iter().zip(predictions.chunks(count));
    rows.map(|(&class, row)| {
        row.iter()
            .filter(|prediction| prediction.class == class)
            .count()
    })
    .collect()
}

fn brief(prediction: &Prediction) -> Value {
    json!({ "class": prediction.class.0, "confidence": prediction.confidence })
}

/// The side of the smallest square that holds `count` images.
fn square_side(count: usize) -> usize {
    (1..count)
        .find(|side| side * side >= count)
        .unwrap_or(count)
}

#[cfg(test)]
mod tests {
    use super::square_side;

    #[test]
    fn squares_hold_their_images() {
        assert_eq!([1, 2, 4, 5, 10, 100].map(square_side), [1, 2, 2, 3, 4, 10]);
    }
}
