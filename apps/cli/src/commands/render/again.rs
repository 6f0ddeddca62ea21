//! `latent-lens render again`: a picture drawn again from the recipe in its file.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use recipe::{Picture, Recipe};
use studio::{ModelSource, Sampler};

use super::{Drawn, Output, refuse_early, scales, write};
use crate::model;

/// Earlier versions of the window wrote another text under this keyword.
const EARLIER_KEYWORD: &str = "latent-lens scene";

/// The recipe lies at the start of a file; a picture of the largest size is not read whole.
const WITHIN_BYTES: u64 = 4 << 20;

/// Screen pixels a pixel where the recipe does not say.
const USUAL_SCALE: u32 = 8;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The PNG file with the recipe
    #[arg(value_name = "PICTURE.png")]
    picture: PathBuf,

    /// Which model [default: the one that the recipe names]
    #[arg(long, value_name = "NAME|DIR", value_parser = crate::model::parser())]
    model: Option<ModelSource>,

    /// Whose classifier judges [default: the one that the recipe names]
    #[arg(long, value_name = "NAME|DIR", value_parser = crate::model::parser())]
    judge: Option<ModelSource>,

    /// Screen pixels a pixel of the image [default: as in the recipe, else 8]
    #[arg(long, value_name = "N", value_parser = scales())]
    scale: Option<u32>,

    #[command(flatten)]
    output: Output,
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    refuse_early(&args.output.out)?;
    let recipe = read(&args.picture)?;
    refuse_undrawable(&recipe.picture, &args.picture)?;
    let source = chosen(args.model.as_ref(), &recipe.model, "model", "--model")?;
    let judge = match (&args.judge, &recipe.judge) {
        (None, None) => None,
        (given, named) => {
            let named = named.as_deref().unwrap_or_default();
            Some(chosen(given.as_ref(), named, "classifier of", "--judge")?)
        }
    };
    let opened = model::open(&source, judge.as_ref(), args.output.device)?;
    let (found, made) = (opened.studio.model_sha256(), &recipe.model_sha256);
    ensure!(
        found == made,
        "{} was made by another model than {source}: by `{}` with the SHA-256 {made}; pass the folder of that one with --model",
        args.picture.display(),
        recipe.model
    );
    let scale = args.scale.or(recipe.scale).unwrap_or(USUAL_SCALE);
    let sampler = recipe
        .sampler
        .map_or_else(Sampler::default, |made| Sampler {
            steps: made.steps,
            guidance: made.guidance,
            seed: made.seed,
        });
    let drawn = Drawn {
        picture: recipe.picture,
        sampler,
        scale,
    };
    write(&opened.studio, drawn, &args.output)
}

/// The recipe in a picture's file.
fn read(path: &Path) -> anyhow::Result<Recipe> {
    let failed = || format!("{} cannot be read: name a PNG file", path.display());
    let start = files::read_start(path, WITHIN_BYTES).with_context(failed)?;
    let Some(text) = recipe::png_text(&start, recipe::KEYWORD) else {
        if recipe::png_text(&start, EARLIER_KEYWORD).is_some() {
            bail!(
                "{} was saved by an earlier version of the window: open it there, and save it again",
                path.display()
            );
        }
        bail!(
            "{} carries no recipe: name a PNG file that `latent-lens render` or the window wrote",
            path.display()
        );
    };
    Recipe::parse(&text).with_context(|| {
        format!(
            "the recipe in {} cannot be used: take the file as it was written, or a newer version of Latent Lens",
            path.display()
        )
    })
}

/// What only the window draws is refused before a model is opened.
fn refuse_undrawable(picture: &Picture, path: &Path) -> anyhow::Result<()> {
    let what = match picture {
        Picture::Latent(_) | Picture::Anchors(_) | Picture::Traversal(_) | Picture::Cam(_) => {
            return Ok(());
        }
        Picture::Window => "the whole window",
        Picture::Pad => "the sheet of a pad",
        Picture::Morph | Picture::Walk | Picture::Show => "a film",
    };
    bail!(
        "{} shows {what}, which only the window can draw: open the file there",
        path.display()
    )
}

/// The model that was given, or else the one of a name: a shipped one, or a folder that lies here.
fn chosen(
    given: Option<&ModelSource>,
    name: &str,
    what: &str,
    option: &str,
) -> anyhow::Result<ModelSource> {
    if let Some(given) = given {
        return Ok(given.clone());
    }
    let found = name.parse::<ModelSource>();
    found.ok().with_context(|| {
        format!("the picture was made with the {what} `{name}`, which is not here: pass its folder with {option}")
    })
}
