//! What the command line says about a person's own data.

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::ValueEnum;
use datasets::{
    Cache, DataFormat, DataSource, DatasetInfo, Fit, ImageShape, LabelSource, Preparation,
    TableLabels,
};
use runs::OwnImages;

use super::Source;
use crate::command_line::quoted;

/// How a person's own pictures or arrays become images.
#[derive(Clone, Debug, Default, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub struct OwnDataArgs {
    /// For data of your own: sides of the images in pixels, 8 to 128 [default: the size of the pictures if all have the
    /// same and it is in that range, else 64]
    #[arg(long, value_name = "PIXELS", value_parser = sides())]
    size: Option<u64>,

    /// For pictures of your own: make the images grey
    #[arg(long, conflicts_with = "colour")]
    grey: bool,

    /// For pictures of your own: keep colours even if no picture shows any
    #[arg(long)]
    colour: bool,

    /// For pictures of your own: leave out those that cannot be read, and name them
    #[arg(long)]
    skip_broken: bool,

    /// For pictures of your own: what happens to those of other proportions
    #[arg(long, alias = "fit", value_enum, default_value_t)]
    crop: CropChoice,

    /// For pictures of your own: take them as they are, or prepare each as MNIST's digits or Fashion-MNIST's clothes
    /// were: light on black, and digits in the middle; for --dataset arrays, how a person's own picture is prepared [default: picture,
    /// and for arrays what the images look like]
    #[arg(long, value_enum)]
    prepare: Option<PrepareChoice>,

    /// For data of your own: take at most so many images, of each class as many as of any other as far as there are; which ones a
    /// fixed seed decides [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,

    /// For --dataset folder: a table (CSV) with a row for each picture, whatever folder it is in [default: the folders are the classes]
    #[arg(long, value_name = "FILE.csv", requires = "label_column")]
    labels: Option<PathBuf>,

    /// For --labels: the column whose values are the classes, or up to nine columns of 0 and 1 (or -1 and 1), separated by commas, of which
    /// each combination is a class [default: none]
    #[arg(
        long,
        value_name = "NAME,...",
        value_delimiter = ',',
        requires = "labels"
    )]
    label_column: Vec<String>,

    /// For --labels: the column that names the picture [default: one that is called file, path, `image_id` or the like, or else the first]
    #[arg(long, value_name = "NAME", requires = "labels")]
    file_column: Option<String>,

    /// For --dataset celeba: up to nine attributes, separated by commas, of which each combination is a class [default: none, so the
    /// pictures have no classes]
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    attributes: Vec<String>,

    /// For --labels and --dataset celeba: leave out pictures without a label and rows without a picture
    #[arg(long)]
    skip_unmatched: bool,

    /// For pictures of your own: do not keep the prepared pictures for the next time; they take memory then
    #[arg(long)]
    no_cache: bool,
}

/// `--crop`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum CropChoice {
    /// Cut off what reaches over on the longer side
    #[default]
    #[value(alias = "crop")]
    Centre,
    /// Keep all of it, with bars in the colour of the edge
    #[value(alias = "pad")]
    Fit,
    /// Stretch it
    Stretch,
    /// Tell the object from a plain background and cut to it; keep all of it where none stands out
    Object,
}

/// `--prepare`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PrepareChoice {
    /// As they are
    Picture,
    /// As MNIST's digits
    Digit,
    /// As Fashion-MNIST's clothes
    Object,
}

/// The sides that images may have.
fn sides() -> clap::builder::RangedU64ValueParser {
    let sides = ImageShape::MIN_SIDE as u64..=ImageShape::MAX_SIDE as u64;
    clap::value_parser!(u64).range(sides)
}

/// Where this person's prepared pictures are kept: `~/.cache/latent-lens/prepared` on Linux, or in `$XDG_CACHE_HOME`. `None` where there
/// is no such place.
pub fn cache() -> Option<Cache> {
    let folder = dirs::cache_dir()?.join("latent-lens").join("prepared");
    Some(Cache::new(folder))
}

impl OwnDataArgs {
    fn fit(&self) -> Fit {
        match self.crop {
            CropChoice::Centre => Fit::Crop,
            CropChoice::Fit => Fit::Pad,
            CropChoice::Stretch => Fit::Stretch,
            CropChoice::Object => Fit::Object,
        }
    }

    /// The preparation that was asked for.
    fn preparation(&self) -> Option<Preparation> {
        self.prepare.map(|prepare| match prepare {
            PrepareChoice::Picture => Preparation::Picture { fit: self.fit() },
            PrepareChoice::Digit => Preparation::Digit,
            PrepareChoice::Object => Preparation::Object,
        })
    }

    /// Which images of `source` are taken, and what tells their classes.
    fn source(&self, source: Source) -> DataSource {
        let labels = match (source, &self.labels) {
            (Source::Celeba, _) => LabelSource::CelebA {
                attributes: self.attributes.clone(),
            },
            (_, Some(file)) => LabelSource::Table(TableLabels {
                file: file.clone(),
                columns: self.label_column.clone(),
                file_column: self.file_column.clone(),
            }),
            (_, None) => LabelSource::Folders,
        };
        DataSource {
            format: if source == Source::Arrays {
                DataFormat::Arrays
            } else {
                DataFormat::Pictures
            },
            labels,
            limit: self.limit.map(|limit| limit as usize),
            skip_broken: self.skip_broken,
            skip_unmatched: self.skip_unmatched,
        }
    }

    /// The images in `dir` that were asked for.
    pub(super) fn images(&self, source: Source, dir: &Path) -> OwnImages {
        let as_they_are = Preparation::Picture { fit: self.fit() };
        let prepared = self.preparation();
        OwnImages {
            folder: dir.to_owned(),
            side: self.size.map(|size| size as usize),
            colour: (self.grey || self.colour).then_some(self.colour),
            preparation: match source {
                Source::Arrays => prepared,
                _ => Some(prepared.unwrap_or(as_they_are)),
            },
            source: self.source(source),
        }
    }

    /// Where prepared pictures are kept, if they are.
    pub fn cache(&self) -> Option<Cache> {
        cache().filter(|_| !self.no_cache)
    }

    /// How the table of labels is named to a command that measures the model later; nothing where it is found in the folder `data`.
    pub fn labels_again(&self, info: &DatasetInfo, data: &Path) -> String {
        let source = info.source.as_ref().map(|source| &source.labels);
        match (source, &self.labels) {
            (Some(LabelSource::Table(table)), Some(file)) if !data.join(&table.file).is_file() => {
                format!(" --labels {}", quoted(file))
            }
            _ => String::new(),
        }
    }

    /// Refuses options that would do nothing, because they are for other data.
    pub(super) fn refuse_others(&self, source: Source) -> anyhow::Result<()> {
        let is_own = matches!(source, Source::Folder | Source::Celeba | Source::Arrays);
        if self.limit.is_some() && !is_own {
            bail!("--limit is for data of your own: --dataset folder, celeba or arrays");
        }
        if self.labels.is_some() && source != Source::Folder {
            bail!("--labels is for pictures of your own: --dataset folder");
        }
        if !self.attributes.is_empty() && source != Source::Celeba {
            bail!(
                "--attributes is for --dataset celeba; the columns of another table are named by --labels and --label-column"
            );
        }
        Ok(())
    }
}
