//! The pictures that `predict --out` writes, three for each picture that was read.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use datasets::Image;
use explain::{ColorMap, overlay};
use recipe::{Latent, Picture};
use studio::{Sampler, Studio};

use super::answer::Read;
use crate::{
    commands::render::recipe,
    picture::{self, Tile, image_tile},
};

/// Pixels of a file a pixel of the image.
const SCALE: u32 = 8;

/// How much of the colours lies over the image.
const OPACITY: f32 = 0.6;

/// A folder, and the names that were given in it.
pub struct Pictures {
    folder: PathBuf,
    sampler: Sampler,
    taken: BTreeSet<String>,
}

impl Pictures {
    /// Writes into `folder`, which is made if it is not there, what was drawn so.
    ///
    /// # Errors
    ///
    /// If there is no such folder and none can be made.
    pub fn in_folder(folder: &Path, sampler: Sampler) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder).with_context(|| {
            let folder = folder.display();
            format!("{folder} cannot be made: name a folder that you may write to with --out")
        })?;
        Ok(Self {
            folder: folder.to_owned(),
            sampler,
            taken: BTreeSet::new(),
        })
    }

    /// Writes the picture as the model takes it, its reconstruction, and the evidence for its class if a classifier judges it.
    ///
    /// # Errors
    ///
    /// If a file cannot be written.
    pub fn write(&mut self, studio: &Studio, path: &Path, read: &Read) -> anyhow::Result<()> {
        let stem = self.stem(path);
        let (prepared, frame) = (&read.prepared.image, &read.reconstruction.frame);
        self.save(
            studio,
            &format!("{stem}.prepared.png"),
            tile(prepared),
            None,
        )?;
        let latent = Latent {
            start: None,
            latent: read.reconstruction.encoded.mean.clone(),
            condition: read.condition,
        };
        let name = format!("{stem}.reconstruction.png");
        self.save(studio, &name, tile(&frame.image), Some(latent))?;
        let Some(verdict) = &frame.verdict else {
            return Ok(());
        };
        let map = verdict.predicted_map.over_image(studio.shape(), 1);
        let painted = overlay(frame.image.values(), &map, ColorMap::Inferno, OPACITY);
        self.save(studio, &format!("{stem}.evidence.png"), painted, None)
    }

    fn save(
        &self,
        studio: &Studio,
        name: &str,
        tile: Tile,
        latent: Option<Latent>,
    ) -> anyhow::Result<()> {
        let sheet = picture::sheet(&[tile], studio.shape(), 1, SCALE)?;
        let recipe = latent
            .map(|latent| recipe(studio, Picture::Latent(latent), self.sampler, SCALE).to_json());
        picture::save(&sheet, recipe.as_ref(), &self.folder.join(name))
    }

    /// The picture's name without its ending, with a number behind it where an earlier picture has the same.
    fn stem(&mut self, path: &Path) -> String {
        let stem = path.file_stem().unwrap_or(path.as_os_str());
        let stem = stem.to_string_lossy().into_owned();
        let numbered = (2..).map(|number| format!("{stem}-{number}"));
        let mut names = std::iter::once(stem.clone()).chain(numbered);
        let free = names.find(|name| self.taken.insert(name.clone()));
        free.unwrap_or(stem)
    }
}

fn tile(image: &Image) -> Tile {
    image_tile(image.shape(), image.values())
}
